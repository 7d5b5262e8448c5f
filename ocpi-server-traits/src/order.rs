//! Order of updates: how a receiver handles PUTs, PATCHes and DELETEs that arrive late, twice, in another order, or
//! from a partner with a wrong clock. No I/O.
//!
//! A PATCH is a change, a PUT is a state, and a DELETE has no time. So the time of the object alone cannot order
//! updates: a late PATCH may still have members that no newer update changed. A [`StoredCopy`] stores, with the object,
//! the times of each part (Location, EVSE, Connector) and of each member changed since: its [`Stamps`].
//!
//! 1. The owner's time determines the order, unless it is in our future by more than [`OrderSettings::tolerance`]; then
//!    the time of arrival does. So a wrong clock blocks nothing.
//! 2. If the owner's time and the arrival disagree about a value, the object is in [`Doubt`], and should be looked up
//!    at its owner. No update is refused for this reason, and nothing is lost silently.
//! 3. An [answer](StoredCopy::answer) of the owner outweighs all updates that arrived before it was requested.
//! 4. Charging periods of a PATCH are always appended.
//!
//! ```
//! use ocpi_server_traits::order::{Arrival, OrderSettings, StoredCopy, Taken, Update};
//! use ocpi_types::endpoint::RootResource;
//! use ocpi_types::json;
//! use ocpi_types::v2_3_0::tokens::{Token, TokenPatch};
//!
//! let token: Token = json::from_str(r#"{"country_code":"DE","party_id":"EMP","uid":"K1","type":"RFID",
//!     "contract_id":"C1","issuer":"Emp","valid":true,"whitelist":"ALLOWED",
//!     "last_updated":"2026-11-22T10:00:00Z"}"#)?;
//! let at = token.identity();
//! let settings = OrderSettings::default();
//! let mut copy = StoredCopy::<Token>::default();
//! let mut take = |update: Update<Token>, came: &str| {
//!     let arrival = Arrival::of(&update, came.parse()?);
//!     Ok::<_, Box<dyn std::error::Error>>(copy.take(&at, update, arrival, &settings)?.taken)
//! };
//! assert_eq!(take(Update::put(token), "2026-11-22T10:00:01Z")?, Taken::Created);
//!
//! // The second change arrives first. Both are made.
//! let blocked: TokenPatch = json::from_str(r#"{"valid":false,"last_updated":"2026-11-22T10:05:00Z"}"#)?;
//! let asked: TokenPatch = json::from_str(r#"{"whitelist":"ALWAYS","last_updated":"2026-11-22T10:04:00Z"}"#)?;
//! assert_eq!(take(Update::patch(blocked), "2026-11-22T10:05:01Z")?, Taken::Updated);
//! assert_eq!(take(Update::patch(asked), "2026-11-22T10:05:02Z")?, Taken::Updated);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The rule is that of the model `order.py` (class `New`) in `models/`, whose schedules the tests replay.

mod answer;
mod arrival;
mod copy;
mod difference;
mod doubt;
mod encoding;
mod error;
mod finality;
mod layout;
mod members;
mod outcome;
mod pair;
mod parts;
mod periods;
mod push;
mod round;
mod rule;
mod settings;
mod stamps;

pub use arrival::{Arrival, Update};
pub(crate) use arrival::{each_object, is_plain};
pub use copy::StoredCopy;
pub(crate) use difference::changed_members;
pub use doubt::{Doubt, DoubtReason};
pub use error::OrderError;
pub use outcome::{OrderFinding, Taken, UpdateOutcome};
pub use settings::OrderSettings;
pub use stamps::Stamps;
