//! Prices of OCPI sessions and CDRs, exact to the last decimal, with the reason for every amount.
//!
//! ```
//! use ocpi_pricing::bill::Category;
//! use ocpi_pricing::rounding::Rounding;
//! use ocpi_pricing::{TariffModel, Pricer, Usage};
//! use ocpi_types::{json, v2_2_1::sessions::Session, v2_2_1::tariffs::Tariff};
//!
//! let tariff: Tariff = json::from_str(r#"{
//!     "country_code": "NL", "party_id": "ALF", "id": "DAY", "currency": "EUR", "elements": [
//!         {"price_components": [{"type": "ENERGY", "price": 0.20, "vat": 21, "step_size": 1}],
//!          "restrictions": {"start_time": "22:00", "end_time": "06:00"}},
//!         {"price_components": [{"type": "ENERGY", "price": 0.35, "vat": 21, "step_size": 1},
//!                               {"type": "PARKING_TIME", "price": 2.00, "vat": 21, "step_size": 900}]}],
//!     "last_updated": "2026-01-01T00:00:00Z"}"#)?;
//! let session: Session = json::from_str(r#"{
//!     "country_code": "NL", "party_id": "ALF", "id": "S1", "currency": "EUR", "kwh": 20, "status": "COMPLETED",
//!     "start_date_time": "2026-05-04T19:00:00Z", "end_date_time": "2026-05-04T20:40:00Z",
//!     "cdr_token": {"country_code": "NL", "party_id": "EMP", "uid": "1", "type": "RFID", "contract_id": "C1"},
//!     "auth_method": "WHITELIST", "location_id": "L1", "evse_uid": "E1", "connector_id": "1",
//!     "charging_periods": [
//!         {"start_date_time": "2026-05-04T19:00:00Z", "tariff_id": "DAY",
//!          "dimensions": [{"type": "ENERGY", "volume": 12.5}, {"type": "TIME", "volume": 1}]},
//!         {"start_date_time": "2026-05-04T20:00:00Z", "tariff_id": "DAY",
//!          "dimensions": [{"type": "ENERGY", "volume": 7.5}, {"type": "TIME", "volume": 0.6667}]}],
//!     "last_updated": "2026-05-04T20:40:00Z"}"#)?;
//!
//! // A tariff is made ready once, and shared between threads.
//! let pricer = Pricer::new([TariffModel::from(&tariff)]);
//! // 20:00 in UTC is 22:00 on the wall.
//! let usage = Usage::from(&session).with_time_zone("Europe/Amsterdam")?;
//! let bill = pricer.price(&usage)?;
//!
//! let total = bill.total().expect("nothing is missing");
//! assert_eq!(total.before_taxes, "5.875".parse().ok());
//! assert_eq!(total.after_taxes, "7.10875".parse().ok());
//! assert_eq!(bill.part(Category::Energy), total);
//! // Rounding is for the edge.
//! assert_eq!(Rounding::of(&usage.currency).apply("7.10875".parse()?).to_string(), "7.11");
//! // Why the first period costs what it costs.
//! assert_eq!(bill.why(0).unwrap().passed[0].restriction.as_str(), "start_time, end_time");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | Items | Purpose |
//! |---|---|
//! | [`TariffModel`], [`Usage`] | tariffs, sessions, CDRs and meter readings in one form for all versions |
//! | [`Pricer`], [`Bill`] | the price; as lines, JSON ([`Bill::record`]), a table and sentences |
//! | [`HeadlinePrice`] | the headline prices that drivers see first: of a kWh, of an hour and of a session |
//! | [`policy`] | answers to questions that the specification leaves open; [`Pricer::compare`] says where they matter |
//! | [`audit`] | audit of a CDR: by its tariffs, in itself and by its session |
//! | [`estimate`] | the cost of a planned charge, and the connector where it costs least |
//! | [`generate`] | made-up sessions and CDRs, for tests and simulations |
//! | [`lint`] | likely mistakes in valid tariffs, with fixes |
//! | [`rounding`] | rounding of money, which the engine never does |
//!
//! # How a price is found
//!
//! - **One form.** Tariffs become a [`TariffModel`]; sessions, CDRs and meter readings become a [`Usage`]. The engine knows no
//!   versions. A tariff model keeps the places of elements and components, so that each line of a bill points into its tariff,
//!   and the obstacles to a price stay with their element. A [`Pricer`] holds, for each phase and dimension, the
//!   elements that price it in order, and all bounds at which a price can change inside a period.
//! - **Three values.** A restriction holds, fails, or is not known: no reading, no time zone, not understood. One that
//!   fails is decisive, whatever else is not known. One that is not known makes the dimension a gap, and a bill with gaps
//!   has no total. Nothing is guessed and nothing is left out.
//! - **Exact sums.** Amounts have sixteen decimals, and 28 digits at most, as a `Decimal` has. A component is priced on
//!   all of its quantity so far, and a period pays the difference to the amount before. So the total does not depend on
//!   where a session is cut into periods. Before `min_price` and `max_price` it is the sum of its lines to the last
//!   digit. Taxes are summed in the same way. Time is in seconds; a volume in hours that is a rounding of whole seconds
//!   stands for those.
//! - **Splits.** A period in which a price changes is split there: by energy at bounds of energy, by time at bounds of
//!   clock and duration. The other quantity is divided in proportion, and the line says that it is an estimate.
//! - **Reasons on request.** [`Bill::why`] finds the restrictions that held, and the reasons why earlier elements did
//!   not apply, with the code that priced the line.
//!
//! # How lint, explain, audit and estimate work
//!
//! - **Lint** and **explain** cut the values of each quantity that restrictions look at where an element begins or ends
//!   to apply. In a cell of the resulting grid the same elements apply throughout, so unused elements and times without
//!   a price are found, not guessed. A fix replaces a few bytes and says whether a price changes.
//! - **Audit** brings CDRs and sessions of all versions into one form and compares their claims with a bill made from
//!   the periods. Mixed-up units are corrected first, so that one mistake is one finding. [`audit::Tolerance`] alone
//!   decides how far a number may be off.
//! - **Estimates** and **generated records** start from a `Usage` whose periods end at every bound of the tariff, at
//!   whole seconds and whole Wh, so that nothing is left to split. A generated record is priced from the CDR as it is
//!   written, with rounded hours, so its totals are those that its receiver computes.
//!
//! The tests compare the engine with worked examples, with tables of bounds and of nights in which clocks change, and
//! with a reference that counts minute by minute in fractions (`OCPI_CASES=1000000` for a long run).

pub mod audit;
pub mod bill;
mod compare;
mod engine;
mod error;
pub mod estimate;
pub mod explain;
mod fixed;
pub mod generate;
mod grid;
mod headline;
pub mod lint;
pub mod policy;
pub mod rounding;
pub mod tariff_model;
mod unclear;
pub mod usage;
mod zone;

pub use bill::Bill;
pub use compare::{Comparison, Difference};
pub use engine::Pricer;
pub use engine::moment::Restriction;
pub use error::PriceError;
pub use headline::HeadlinePrice;
pub use policy::Policy;
pub use tariff_model::TariffModel;
pub use usage::Usage;
pub use zone::{UnknownZone, Zone};
