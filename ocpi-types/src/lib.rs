//! OCPI (Open Charge Point Interface): every object and enum of the protocol, typed.
//!
//! Charge point operators (CPO), e-mobility providers (eMSP), navigation providers and hubs tell each other by
//! OCPI where the chargers are, whether they are free, what they cost, who may charge, and what was charged.
//!
//! **Read permissively, check explicitly, construct strictly, lose nothing.**
//!
//! ```
//! use ocpi_types::v2_3_0::locations::{Location, Status};
//! use ocpi_types::{Version, check, json};
//!
//! let feed = br#"[{
//!     "country_code": "NL", "party_id": "ALF", "id": "LOC1", "publish": true,
//!     "address": "Stationsplein 1", "city": "Utrecht", "country": "NLD",
//!     "coordinates": {"latitude": "52.08945", "longitude": 5.11027},
//!     "time_zone": "Europe/Amsterdam", "opening_times": null, "solar_roof": true,
//!     "evses": [{"uid": "1", "status": "HOVERING", "last_updated": "2026-01-01T00:00:00Z", "connectors": [
//!         {"id": "1", "standard": "IEC_62196_T2", "format": "SOCKET", "power_type": "AC_3_PHASE",
//!          "max_voltage": 230, "max_amperage": "32", "last_updated": "2026-01-01T00:00:00Z"}]}],
//!     "last_updated": "2026-01-01T00:00:00Z"
//! }]"#;
//!
//! // Reading takes what partners send, and says what was odd.
//! let list = json::read_list::<Location>(feed)?;
//! let location = &list.items[0];
//! assert_eq!(location.evses[0].connectors[0].max_amperage, 32);
//! assert_eq!(
//!     list.findings.iter().map(|finding| finding.pointer.as_str()).collect::<Vec<_>>(),
//!     ["/0/coordinates/longitude", "/0/opening_times", "/0/evses/0/connectors/0/max_amperage"],
//! );
//!
//! // Checking says what does not conform.
//! assert_eq!(check(location, Version::V2_3_0)[0].to_string(), "/evses/0/status: not a value of this enum [enum.unknown]");
//!
//! // Nothing is lost: unknown values and members are written back as they came.
//! assert!(matches!(location.evses[0].status, Status::Custom(_)));
//! assert!(json::to_string(location).contains(r#""solar_roof":true"#));
//! # Ok::<(), json::Error>(())
//! ```
//!
//! | Where to look | for |
//! |---|---|
//! | [`v2_1_1`], [`v2_2_1`], [`v2_3_0`] | the objects and enums, one module per chapter |
//! | [`json`] | reading and writing |
//! | [`check`](fn@check), [`Finding`], [`Rule`] | deviations from the specification, and their places |
//! | [`feed`] | contradictions in a feed: ids that stand twice, references that lead nowhere |
//! | [`endpoint`] | requests and their answers, for clients and servers |
//! | [`transport`] | envelope, status codes, headers |
//! | [`Change`], [`Patched`] | PATCH |
//! | [`convert`] | from one version to another, with a ledger of the losses |
//! | [`Priceable`], [`Obstacle`] | tariffs that can be priced, and the obstacles in others |
//! | `schema`, `strategies` | JSON Schema, and generators for tests: with the features `schema` and `proptest` |
//! | [`object!`], [`open_enum!`], [`Value`] | custom types |

mod access;
mod any;
mod change;
mod check;
pub mod convert;
#[cfg(feature = "http")]
pub mod endpoint;
mod extra;
pub mod feed;
mod finding;
pub mod json;
mod lists;
#[doc(hidden)]
pub mod macros;
mod non_empty;
mod patch;
mod pattern;
mod places;
mod power;
mod priceable;
pub mod protocol;
mod reflect;
mod rules;
mod ruleset;
mod scalars;
#[cfg(feature = "schema")]
pub mod schema;
mod standards;
#[cfg(feature = "proptest")]
pub mod strategies;
mod unknown_value;
pub mod v2_1_1;
pub mod v2_2_1;
pub mod v2_3_0;
mod value;
mod version;

pub use access::AccessError;
pub use any::{AnyList, AnyObject, AnyValue, Node, NodeMut};
pub use change::Change;
pub use check::{Check, check, check_ruleset};
#[cfg(feature = "http")]
pub use endpoint::{IdentityChange, apply_at};
pub use extra::Extra;
pub use finding::{Finding, Rule, Severity};
pub use non_empty::{EmptyList, NonEmpty};
pub use patch::Patched;
pub use pattern::Pattern;
pub use power::Power;
pub use priceable::{Concern, Obstacle, ObstacleCause, Priceable};
pub use reflect::{Cardinality, EnumInfo, Field, ObjectInfo, Type};
pub use ruleset::Ruleset;
pub use scalars::{
    CiString, CountryCode, CountryCode3, CredentialsToken, Currency, DateTime, DateTimeError, Decimal,
    DecimalError, Digits, FreeText, Language, Latitude, LocalDate, Longitude, PartyId, Private, Text,
    TextError, TimeOfDay, TimeZone, TooManyDigits, Url, UrlError,
};
pub use unknown_value::UnknownValue;
pub use value::{Object, Value};
pub use version::{UnknownVersion, Version, Versions};
