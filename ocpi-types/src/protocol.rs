//! Protocol of messages: the envelope, status codes, headers, pagination links.

mod envelope;
#[cfg(feature = "http")]
pub mod headers;
#[cfg(feature = "http")]
mod link;
mod partner;
mod party;
mod profile;
mod status;

pub use envelope::{Envelope, write_envelope};
#[cfg(feature = "http")]
pub(crate) use link::NextLink;
#[cfg(feature = "http")]
pub use link::{next_link, write_next_link};
pub use partner::{PartnerId, PartnerIdError};
pub use party::Party;
pub use profile::{EndpointUrl, ModuleTraffic, PartnerProfile, ProfileError, TokenForm, TokenScope};
pub use status::StatusCode;
