//! Endpoints and keys that only 2.1.1 has.
//!
//! Its objects do not name their owner and its ids are case-sensitive. So the keys are types of their own; the
//! regular endpoints are the same. PATCH need not say when the change was made.

mod commands;
mod keys;
mod objects;
mod tokens;
mod versions;

pub use commands::PostCommandResult;
pub use keys::{CdrKey, ConnectorKey, EvseKey, LocationKey, SessionKey, TariffKey, TokenKey};
pub use tokens::Authorize;
pub use versions::GetVersionDetails;
