//! A running OCPI platform, put together from the client, the router and a store.
//!
//! A [`Platform`] knows its own parties and its partners. It registers with them and lets them register, keeps the
//! objects that they push, pulls the objects that they have, sends commands and matches the results.
//!
//! ```
//! use std::sync::Arc;
//! use ocpi_client::Transport;
//! use ocpi_platform::{Platform, Settings};
//! use ocpi_server_traits::{Memory, Router};
//! use ocpi_types::v2_3_0::locations::Location;
//!
//! /// An eMSP that takes Locations at all three levels.
//! async fn emsp<T: Transport + 'static>(
//!     settings: Settings,
//!     http: T,
//! ) -> Result<Router, Box<dyn std::error::Error>> {
//!     let platform = Arc::new(Platform::open(settings, Memory::new(), http).await?);
//!     let objects = platform.objects();
//!     Ok(platform.router(|routes| routes.receiver::<Location>(objects))?)
//! }
//! ```
//!
//! # Registration
//!
//! The state machines of `ocpi-client` find and register; the platform stores their results. A change of tokens is
//! written to the store before it is answered or sent, and no lock is held while a partner is called; of two changes of
//! one partner at the same time one fails with [`Error::Conflict`]. A replaced token stays valid until the new one is
//! used, because the answer that carried the new one may have been lost. After registration token A opens versions and
//! credentials only, and only until the new token is used.
//!
//! A partner may not speak for our parties or for those of another partner. [`UrlPolicy`] says to which of its URLs
//! requests may go: by default only to https URLs, and to no address of a private or local network.
//!
//! # Clock and random numbers
//!
//! [`Settings::new`] takes the clock of the machine and the random numbers of the operating system; both are fields,
//! for tests.

mod authorize;
mod commands;
mod error;
mod partner;
mod partners;
mod platform;
mod pull;
mod quirks;
mod registration;
mod secure_random;
mod settings;
mod url_policy;

pub use commands::{Command, CommandSent, Results};
pub use error::Error;
pub use partner::Partner;
pub use platform::Platform;
pub use pull::Pulled;
pub use quirks::{Quirks, QuirksInit};
pub use secure_random::SecureRandom;
pub use settings::Settings;
pub use url_policy::UrlPolicy;
