//! OCPI (Open Charge Point Interface): every object and enum of the protocol, typed.
//!
//! Charge point operators (CPO), e-mobility service providers (eMSP), navigation service providers and hubs use OCPI to tell
//! each other where the chargers are, whether they are free, what they cost, who may charge, and what was charged.
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
//! assert_eq!(
//!     check(location, Version::V2_3_0)[0].to_string(),
//!     "/evses/0/status: not a value of this enum [enum.unknown]",
//! );
//!
//! // Nothing is lost: unknown values and members are written back as they came.
//! assert!(matches!(location.evses[0].status, Status::Custom(_)));
//! assert!(json::to_string(location).contains(r#""solar_roof":true"#));
//! # Ok::<(), json::Error>(())
//! ```
//!
//! | Items | Purpose |
//! |---|---|
//! | [`v2_1_1`], [`v2_2_1`], [`v2_3_0`] | the objects and enums, one module per chapter |
//! | [`ModuleId`], [`InterfaceRole`], [`Role`], [`VersionNumber`] | the enums that every version uses |
//! | [`json`] | reading and writing |
//! | [`check`](fn@check), [`Finding`], [`Rule`] | deviations from the specification, and their places |
//! | [`feed`] | contradictions in a feed: duplicate ids, dangling references |
//! | [`endpoint`] | requests and their answers, for clients and servers |
//! | [`protocol`] | envelope, status codes, headers |
//! | [`Change`], [`Patched`] | PATCH |
//! | [`convert`] | from one version to another, with a ledger of the losses |
//! | [`Priceable`], [`Obstacle`] | tariffs that can be priced, and the obstacles in others |
//! | `schema`, `strategies` | JSON Schema, and generators for tests: with the features `schema` and `proptest` |
//! | `observe` | requests, failures and findings as they happen, for logs and metrics |
//! | [`Clock`], [`Timer`] | the current time and waiting, passed in as parameters |
//! | [`text!`] | texts and codes from literals, checked at compile time |
//! | [`object!`], [`open_enum!`], [`Value`] | custom types |
//!
//! # Features
//!
//! | Feature | Adds | Crates in the build with it alone |
//! |---|---|--:|
//! | (none) | objects, reading, checking, writing, converting | 21 |
//! | `http` (default) | endpoints, headers, the parts of URLs, waiting; `http`, `bytes`, `futures-timer` and `url`, and the 27 crates below them | 52 |
//! | `metrics` | `observe::Metrics`: counts and durations by partner and endpoint, for the facade crate `metrics`; with `http` | 55 |
//! | `tracing` | `observe::Tracing`: events and spans with partner, endpoint, template of the path and ids of messages, for the crate `tracing`; with `http` | 56 |
//! | `proptest` | `strategies`: conformant messages for tests of properties | 34 |
//! | `schema` | `schema`: a JSON Schema of every object | 25 |
//! | all five | | 76 |
//!
//! The crates are those of Linux on x86-64 with the versions in `Cargo.lock`, this one included. To count them:
//!
//! ```sh
//! cargo tree -p ocpi-types --no-default-features --features http -e normal --prefix none --no-dedupe \
//!     --target x86_64-unknown-linux-gnu | sort -u | wc -l
//! ```
//!
//! # Data
//!
//! - Reading accepts messages as partners send them and records each deviation: a rule id and a JSON pointer. One bad object
//!   does not cost the page, and one bad optional member does not cost the object. The text of an optional member that cannot
//!   be read is kept in [`Extra`]; it is written back as it came, and the check reports it.
//! - A value that was read is kept even if it does not conform: a `CiString<36>` that was read may be longer than 36,
//!   and a [`NonEmpty`] may be empty. In a value that the program constructs,
//!   neither is possible.
//! - Unknown members and unknown enum values survive reading and writing.
//! - Numbers are exact decimals. No public type holds a float.
//!
//! # Declaration of an object
//!
//! [`object!`] makes from one list of members: the struct, with `extra` for unknown members; its table,
//! [`Object::INFO`]; a slot for each row of the table, [`AnyObject`]; `XInit` with the required members, to construct
//! from; and, if asked for, `XPatch`, in which every member is a [`Change`]. The type of a member is its cardinality.
//! Reading and writing of the object are unrolled, one comparison and one call for each member. Everything else goes
//! over the table: the check, fitting to another version, serde, [`Patched::apply`] and [`Patched::diff`],
//! [`Object::get_at`], [`Object::set_at`] and [`Object::visit`], reading and writing of PATCHes. The census test
//! compares the tables with those of the specification.
//!
//! The reader fills a blank value in place and sets a bit for each member, which is faster than
//! `Option` slots and a move at the end. A blank never reaches the caller: an object without a required member becomes a
//! [`json::Partial`].
//!
//! Enums are shared between versions: a value that a version lacks is a finding of the check, not another Rust type. So
//! most objects of 2.3.0 are those of 2.2.1, re-exported. Payments and Bookings, the branches of 2.3.0, have no types
//! of their own for the objects that they extend: the object has the member, and a [`Ruleset`] without the branch
//! reports it.
//!
//! # Reading
//!
//! - *Tolerant* reading records a deviation and goes on. *Strict* reading stops at the first deviation that loses
//!   data; the table in `src/finding.rs` says which ones do. [`json::from_slice`], [`json::from_str`] and serde are
//!   strict.
//! - An object that lacks a required member is [`json::Partial`], and so is the object around a list with such an
//!   element. An optional member that lacks something is left out as a whole, and its text is kept. A missing list of
//!   cardinality `+` is read as an empty list. [`json::OnPartial`] decides about partial objects.
//! - Where an element of a list cannot be read, the text of the list is kept. Where a member occurs twice with different
//!   values, the second is kept too ([`Extra::repeated`]). So code that computes with the object sees that something is
//!   missing; [`Priceable`] lists the obstacles to a price.
//! - A member is read by its own name, by another spelling of it, or by the name that another version has for it. The
//!   better name wins wherever it stands; the other one is an unknown member.
//! - Ids, country codes, tokens and URLs that occur twice are refused, because different readers might pick different ones.
//! - Documents are read object by object, whole ([`json::read_document`]) or in pieces ([`json::Decoder`],
//!   [`json::Items`]). An object is recognized by members that identify its type, so an error is never taken for a page.
//! - [`json::Limits`] has the limits of the reader. Skipping a value does not recurse.
//!
//! [`json::write_for`] writes for one partner: nulls, the lengths of older editions, times, coordinates. The values
//! that were cut are listed.
//!
//! # Checking and converting
//!
//! Every value checks itself. Rules between members stand at the end of the file of their object. [`Rule`] is one
//! table: id, severity, message, source. A [`Ruleset`] is a version, an edition with narrower lengths, a branch, or the
//! requirements of a country.
//!
//! A conversion goes one version at a time, and each step has two halves. [`Value::downgrade`] gives up values that the other
//! version lacks: it is generic, and enough where the type is the same in both. Where the types differ, the macro
//! `convert_members!` lists each member as the same, converted, lost or made, for the object and its PATCH; a member that is not
//! listed does not compile. Three properties are tested on generated objects: every value is in the result or in the
//! ledger; up and down again gives the same object; an object that was converted down conforms.
//!
//! # Endpoints
//!
//! One type describes an endpoint for both client and server. [`List`](endpoint::List), [`Put`](endpoint::Put) and the like are
//! generic over the object; [`Resource`](endpoint::Resource) gives its key, its module, and the object that it is kept
//! in (an EVSE in its Location). The body of a command is its endpoint. A partner may speak another version than the
//! types of the application: [`Encoding`](endpoint::Encoding) converts bodies where they are read and written, so endpoints,
//! handlers and stores do not depend on the version of a partner. [`Relation`](convert::Relation) names the
//! parties on the two sides, because messages of 2.1.1 do not.
//!
//! # Observation
//!
//! Client, server and platform report what happens to one `observe::Observe`: requests and responses with partner, endpoint,
//! status and duration, failures with their cause, conversions, findings, and updates that came too late. Events name the
//! template of a path, never the path, and no event holds a body, a token or an id of a driver.

mod access;
mod any;
mod change;
mod check;
mod clock;
mod connector_tariffs;
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
#[cfg(feature = "http")]
pub mod observe;
mod patch;
mod pattern;
mod places;
mod pointer;
mod power;
mod priceable;
pub mod protocol;
mod rate;
mod reflect;
mod registry;
mod rules;
mod ruleset;
mod scalars;
#[cfg(feature = "schema")]
pub mod schema;
mod standards;
#[cfg(feature = "proptest")]
pub mod strategies;
#[cfg(feature = "http")]
mod timer;
mod unknown_value;
pub mod v2_1_1;
pub mod v2_2_1;
pub mod v2_3_0;
mod value;
mod version;

pub use access::AccessError;
#[doc(hidden)]
pub use any::Pick;
pub use any::{AnyList, AnyObject, AnyValue, Node, NodeMut};
pub use change::Change;
pub use check::{Check, check, check_ruleset};
pub use clock::Clock;
#[cfg(feature = "http")]
pub use endpoint::{IdentityChange, apply_at};
pub use extra::Extra;
pub use finding::{Finding, Rule, Severity};
pub use non_empty::{EmptyList, NonEmpty};
pub use patch::Patched;
pub use pattern::Pattern;
pub use power::Power;
pub use priceable::{Concern, Obstacle, ObstacleCause, Priceable};
pub use rate::Rate;
pub use reflect::{Cardinality, EnumInfo, Field, ObjectInfo, Type};
pub use ruleset::Ruleset;
pub use scalars::{
    CiString, CountryCode, CountryCode3, CredentialsToken, Currency, DateTime, DateTimeError, Decimal,
    DecimalError, Digits, FreeText, Language, Latitude, LocalDate, Longitude, PartyId, Private, Text,
    TextError, TimeOfDay, TimeZone, TooManyDigits, Url, UrlError,
};
#[cfg(feature = "http")]
pub use timer::Timer;
pub use unknown_value::UnknownValue;
#[doc(inline)]
pub use v2_2_1::{
    types::Role,
    versions::{InterfaceRole, ModuleId, VersionNumber},
};
pub use value::{Object, Value};
pub use version::{UnknownVersion, Version, Versions};
