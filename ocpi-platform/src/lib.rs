//! A running OCPI platform, put together from the client, the router and a store.
//!
//! A [`Platform`] knows its own parties and its partners. It registers with them and lets them register,
//! keeps what they push, pulls what they have, sends commands and matches the results.
//!
//! ```
//! use std::sync::Arc;
//! use ocpi_client::Transport;
//! use ocpi_platform::{Platform, Settings};
//! use ocpi_server_traits::{Memory, Router};
//! use ocpi_types::v2_3_0::locations::{Connector, Evse, Location};
//!
//! /// An eMSP that takes Locations at all three levels.
//! async fn emsp<T: Transport + 'static>(
//!     settings: Settings,
//!     http: T,
//! ) -> Result<Router, Box<dyn std::error::Error>> {
//!     let platform = Arc::new(Platform::open(settings, Memory::new(), http).await?);
//!     let objects = platform.objects();
//!     let router = platform.router(|routes| {
//!         routes
//!             .receive::<Location, _>(objects)
//!             .receive::<Evse, _>(objects)
//!             .receive::<Connector, _>(objects)
//!             .patch::<Location, _>(objects)
//!             .patch::<Evse, _>(objects)
//!             .patch::<Connector, _>(objects)
//!     });
//!     Ok(router)
//! }
//! ```

mod authorize;
mod commands;
mod error;
mod guard;
mod partner;
mod partners;
mod platform;
mod pull;
mod quirks;
mod registration;
mod secure_random;

pub use commands::{Command, CommandSent, Results};
pub use error::Error;
pub use guard::UrlPolicy;
pub use partner::Partner;
pub use platform::{Platform, Settings};
pub use pull::Pulled;
pub use quirks::{Quirks, QuirksInit};
pub use secure_random::SecureRandom;
