//! Endpoints and keys that only 2.1.1 has.
//!
//! Objects of 2.1.1 do not name their owner, and its ids are case-sensitive. So the keys are separate types; the
//! regular endpoints are the same. `last_updated` is optional in a PATCH.

mod commands;
mod keys;
mod objects;
mod tokens;
mod versions;

pub use commands::PostCommandResult;
pub use keys::{CdrKey, ConnectorKey, EvseKey, LocationKey, SessionKey, TariffKey, TokenKey};
pub use tokens::Authorize;
pub use versions::GetVersionDetails;
