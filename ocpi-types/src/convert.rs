//! Converting between versions of OCPI: typed, one version at a time, and nothing is lost silently.
//!
//! [`convert`](convert()) takes an object of one version and gives its counterpart in another. A [`Ledger`] lists the
//! values that the other version has no member for, and those that it requires and that had to be assumed.
//!
//! ```
//! use ocpi_types::convert::{Context, Effect, Ledger, V2_1_1, V2_3_0, convert, kind};
//! use ocpi_types::protocol::Party;
//! use ocpi_types::{json, v2_1_1};
//!
//! let tariff: v2_1_1::tariffs::Tariff = json::from_str(r#"{"id": "T1", "currency": "EUR", "elements": [
//!     {"price_components": [{"type": "ENERGY", "price": 0.25, "step_size": 1}]}],
//!     "last_updated": "2026-01-01T00:00:00Z"}"#)?;
//!
//! // 2.1.1 does not name the owner, nor VAT: what was assumed of them is in the ledger.
//! let context = Context { cpo: Some(Party::new("NL", "ALF")?), ..Context::default() };
//! let mut ledger = Ledger::new();
//! let newer = convert::<kind::Tariff, V2_1_1, V2_3_0>(tariff.clone(), &context, &mut ledger)?;
//! assert_eq!(newer.party_id.as_str(), "ALF");
//! assert_eq!(newer.tax_included.as_str(), "NO");
//! assert_eq!(
//!     ledger.entries().iter().map(|entry| (entry.pointer(), entry.rule.id())).collect::<Vec<_>>(),
//!     [
//!         ("/country_code", "conv.owner_assumed"),
//!         ("/party_id", "conv.owner_assumed"),
//!         ("/elements", "conv.vat"),
//!     ],
//! );
//!
//! // And back: nothing is lost.
//! ledger.clear();
//! assert_eq!(convert::<kind::Tariff, V2_3_0, V2_1_1>(newer, &context, &mut ledger)?, tariff);
//! assert!(ledger.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! **Up**, every object with all its required members has a counterpart, if the [`Context`] supplies the values that
//! the older version lacks; a tariff must also be priceable. A value that the newer version has no member for is kept
//! among the unknown members under its old name, so that the way down restores it. An object that names its owner keeps
//! it; if the context names another owner, the object is refused. An unknown time zone is not made up.
//!
//! **Down**, the values that the older version lacks are lost, and listed in the ledger. An enum value that it lacks
//! removes the list element or the optional member that requires it: a Connector with an unknown plug is removed, and
//! so is an EVSE that is left without Connectors. If a required member cannot express a value, the object is refused:
//! [`ConversionError`].
//!
//! **A PATCH** becomes a PATCH: members that it does not mention stay unmentioned. A change that cannot be expressed is
//! left out and listed; a change of prices that cannot be expressed refuses the PATCH, because the partner would keep
//! using the old prices.
//!
//! **A conversion repairs nothing.** A value that does not conform to the source version is carried along, and does not
//! conform to the target version either.
//!
//! **Money.** A price with tax is never taken for one without. The prices of a 2.3.0 Tariff that include tax are
//! converted to prices without it by their VAT; if no VAT is known, the Tariff is refused. A Tariff is also refused if
//! it would cost something else because the version cannot express one of its conditions or price limits, or if no
//! price can be computed ([`Priceable`](crate::Priceable)). [`PriceChanges`] can relax this.

mod context;
mod conversion;
mod convert_to;
mod custom;
mod edition_2_2;
mod enums;
mod error;
mod kinds;
mod ledger;
mod members;
mod notes;
mod object;
mod owner;
mod priced;
mod relation;
mod rule;
mod spec_version;
mod status;
mod step;
mod unsupported;
mod v2_1_1_to_2_2_1;
mod v2_2_1_to_2_3_0;
mod zones;

pub use context::{Context, Lookup, PriceChanges};
pub use conversion::Conversion;
pub use custom::{Custom, CustomKind};
#[cfg(feature = "http")]
pub(crate) use edition_2_2::{complete, is_of_owner};
pub use error::ConversionError;
pub use kinds::{Absent, kind};
pub use ledger::{Entry, Ledger};
pub use relation::{Found, Relation};
pub use rule::{ConversionRule, Effect};
pub use spec_version::{AnyVersion, Embedded, Kind, OfKind, SpecVersion, V2_1_1, V2_2_1, V2_3_0, convert};
pub use status::status_for;
pub use step::Step;
pub use unsupported::Unsupported;

/// Placeholder in required texts that nobody can fill.
const NOT_AVAILABLE: &str = "#NA";
