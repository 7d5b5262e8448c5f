//! Traits that an application implements to speak OCPI as a server, and a router that does the rest.
//!
//! - [`Handle`] answers one endpoint; [`Objects`] answers all regular ones from a [`Store`].
//! - [`Router`] takes `http` requests and gives `http` answers. It knows who asks ([`PartnerDirectory`]), who owns what,
//!   the envelope, the headers, the versions and what is mounted. It is a `tower_service::Service`, so axum and
//!   hyper take it as it is.
//!
//! No sockets, clocks or random numbers in here: they come in as parameters.
//!
//! ```
//! use std::sync::Arc;
//! use ocpi_server_traits::{Clock, Connection, PartnerDirectory, Memory, Objects, Router, StoreError};
//! use ocpi_types::v2_3_0::locations::{Connector, Evse, Location};
//! use ocpi_types::{CredentialsToken, Version, transport::Party};
//!
//! /// One partner, whose token is known.
//! struct OnePartner(CredentialsToken, Connection);
//!
//! impl PartnerDirectory for OnePartner {
//!     async fn find(&self, tokens: &[CredentialsToken]) -> Result<Option<Connection>, StoreError> {
//!         Ok(tokens.contains(&self.0).then(|| self.1.clone()))
//!     }
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let emsp = Connection::new("emsp", vec![Party::new("DE", "EMP")?], true);
//! let objects = Arc::new(Objects::new(Memory::new(), vec![Party::new("NL", "ALF")?]));
//! let now = "2026-11-22T10:00:00Z".parse()?;
//! let router = Router::builder("https://cpo.example/ocpi".parse()?, Clock::new(move || now))
//!     .version(Version::V2_3_0, |routes| {
//!         routes
//!             .send::<Location, _>(&objects)
//!             .lookup::<Location, _>(&objects)
//!             .lookup::<Evse, _>(&objects)
//!             .lookup::<Connector, _>(&objects)
//!     })
//!     .build(OnePartner("secret".parse()?, emsp));
//! // axum::Router::new().fallback_service(router)
//! # Ok(()) }
//! ```

mod caller;
mod conversion_report;
mod error;
mod handle;
mod objects;
mod router;
mod store;

pub use caller::{Caller, Clock, Connection, PartnerDirectory};
pub use conversion_report::{ConversionReport, Locations};
pub use error::Error;
pub use handle::Handle;
pub use objects::{All, Broken, Objects};
pub use router::{Admitted, Router, RouterBuilder, Routes};
pub use store::{
    Address, Document, Listing, Memory, NewDocument, Precondition, PutOutcome, Query, Store, StoreError,
};

#[cfg(feature = "conformance")]
pub mod conformance;
