//! The client's side of OCPI, for any HTTP client.
//!
//! [`Peer::request`] and [`Peer::response`] are pure: an endpoint becomes an `http::Request<Bytes>`, an
//! `http::Response<Bytes>` becomes the endpoint's answer. [`Peer::send`] puts a [`Transport`] between them: a
//! closure, or with the feature `reqwest` a `Reqwest`.
//!
//! ```
//! use bytes::Bytes;
//! use ocpi_client::{RequestIds, Peer};
//! use ocpi_types::endpoint::List;
//! use ocpi_types::v2_3_0::locations::Location;
//! use ocpi_types::v2_3_0::versions::{EndpointInit, InterfaceRole, ModuleId};
//! use ocpi_types::Version;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let endpoint = EndpointInit {
//!     identifier: ModuleId::Locations,
//!     role: InterfaceRole::Sender,
//!     url: "https://cpo.example/ocpi/2.3.0/locations".parse()?,
//! };
//! let peer = Peer::new(Version::V2_3_0, vec![endpoint.into()], "secret".parse()?, RequestIds::new("run-1"));
//!
//! let request = peer.request(&List::<Location>::all())?;
//! assert_eq!(request.uri(), "https://cpo.example/ocpi/2.3.0/locations");
//!
//! let body = br#"{"data": [], "status_code": 1000, "timestamp": "2026-11-22T10:00:00Z"}"#;
//! let page = peer.response::<List<Location>>(http::Response::new(Bytes::from_static(body)))?.value;
//! assert!(page.items.is_empty());
//! # Ok(()) }
//! ```

mod crawl;
mod error;
mod handshake;
mod ids;
mod peer;
mod profile;
#[cfg(feature = "reqwest")]
mod reqwest;
mod transport;

pub use crawl::{Budget, Crawl};
pub use error::Error;
pub use handshake::{Discovered, Discovery, Next, Registered, Registration};
pub use ids::RequestIds;
pub use peer::{Answer, Peer};
pub use profile::PartnerProfile;
#[cfg(feature = "reqwest")]
pub use reqwest::Reqwest;
pub use transport::{Transport, TransportError};
