//! Paging: reading of a partner's list page by page, while its objects change.
//!
//! [`Pages`] fetches the pages over a client with a transport: see [`Client::pages`](crate::Client::pages).
//!
//! [`Paging`] is the state machine: it returns the next page to request, and takes the facts of the answer. It does no
//! I/O and has no clock. Its [`Cursor`] can be stored after each page, so that paging can continue after a restart.

mod budget;
mod collected;
mod cursor;
mod facts;
mod fetch;
mod link;
mod list_urls;
mod machine;
mod marks;
mod outcome;
mod pages;
mod request;
mod seen;
mod state;
mod stream;
mod take;
mod text;
mod watermark;

pub use budget::Budget;
pub use collected::Collected;
pub use cursor::Cursor;
pub use facts::{ItemFacts, LinkHeader, PageFacts, PageFailure};
pub use list_urls::ListUrls;
pub use machine::Paging;
pub use outcome::{Doubt, ListOutcome, Stop};
pub use pages::Pages;
pub use request::{PageRequest, Range};
pub use stream::BlockingPages;
pub use take::PageTaken;
pub use text::CursorError;
pub use watermark::Watermark;
