//! Paging: the list of a partner read page by page, while objects in it come, change and go.
//!
//! [`Pages`] asks for the pages over a client with a transport: see [`Client::pages`](crate::Client::pages).
//!
//! [`Walk`] is the machine: it says which page to ask for, and takes what is known of the answer. It does no I/O and has
//! no clock. Its [`Cursor`] can be stored after each page, so that a walk goes on after a restart, not back.

mod budget;
mod collected;
mod cursor;
mod facts;
mod fetch;
mod link;
mod marks;
mod outcome;
mod pages;
mod registered;
mod request;
mod seen;
mod state;
mod stream;
mod take;
mod text;
mod walk;
mod watermark;

pub use budget::Budget;
pub use collected::Collected;
pub use cursor::Cursor;
pub use facts::{ItemFacts, LinkHeader, PageFacts, PageFailure};
pub use outcome::{Doubt, Outcome, Stop};
pub use pages::Pages;
pub use registered::Registered;
pub use request::{PageRequest, Range};
pub use stream::BlockingPages;
pub use take::PageTaken;
pub use text::CursorError;
pub use walk::Walk;
pub use watermark::Watermark;
