//! Tariffs: what charging costs.
//!
//! The CPO owns tariffs and shares them with the eMSP. How prices and restrictions work is the same as
//! in 2.2.1. New is that a tariff says whether its prices include tax, so that it also fits countries
//! where tax is added afterwards.
//!
//! Spec: 2.3.0 mod_tariffs

// The same as in 2.2.1.
pub use crate::v2_2_1::tariffs::{
    DayOfWeek, PriceComponent, PriceComponentInit, ReservationRestrictionType, TariffDimensionType,
    TariffElement, TariffElementInit, TariffRestrictions, TariffRestrictionsInit, TariffType,
};

use super::locations::EnergyMix;
use super::types::DisplayText;
use crate::macros::{object, open_enum};
use crate::{CiString, CountryCode, Currency, DateTime, Decimal, NonEmpty, PartyId, Url};

object! {
    /// A set of prices of one CPO.
    ///
    /// Charging for free needs a tariff too: one element without restrictions that has a flat price
    /// of zero. `PATCH` on tariffs exists in 2.1.1 only.
    ///
    /// Against 2.2.1 it says whether tax is in its prices (`tax_included`), and the two price limits
    /// have a form of their own.
    ///
    /// Spec: 2.3.0 mod_tariffs §tariff_object
    pub struct Tariff = "Tariff", init TariffInit, patch TariffPatch {
        /// Country of the CPO that owns the tariff.
        pub country_code: CountryCode,
        /// Party id of the CPO that owns the tariff.
        pub party_id: PartyId,
        /// Identifies the tariff in the platform of the CPO.
        pub id: CiString<36>,
        /// Currency of all prices in this tariff.
        pub currency: Currency,
        /// The sessions this tariff is for. Absent means all of them.
        pub r#type: Option<TariffType>,
        /// Further information for people, one entry per language. Not the prices that `elements` hold.
        pub tariff_alt_text: Vec<DisplayText>,
        /// Address of a page that explains the tariff.
        pub tariff_alt_url: Option<Url>,
        /// The least a session costs. The limits before and after taxes both apply. Not a start fee:
        /// it counts only if the session would cost less.
        pub min_price: Option<PriceLimit>,
        /// The most a session costs. The limits before and after taxes both apply.
        pub max_price: Option<PriceLimit>,
        /// The prices and when they apply. The order matters.
        pub elements: NonEmpty<TariffElement>,
        /// Whether the amounts in this tariff have tax in them.
        pub tax_included: TaxIncluded,
        /// When the tariff becomes valid. Absent means that it already is.
        pub start_date_time: Option<DateTime>,
        /// When the tariff stops being valid. Absent means no planned end.
        pub end_date_time: Option<DateTime>,
        /// Where the energy sold with this tariff comes from.
        pub energy_mix: Option<Box<EnergyMix>>,
        /// When the tariff was last changed, or created.
        pub last_updated: DateTime,
    }
}

object! {
    /// The least or the most a session costs.
    ///
    /// New in 2.3.0; 2.2.1 uses `Price` for this.
    ///
    /// Spec: 2.3.0 mod_tariffs §pricelimit_class
    pub struct PriceLimit = "PriceLimit", init PriceLimitInit {
        /// Limit on the cost without taxes, in the currency of the tariff.
        pub before_taxes: Decimal,
        /// Limit on the cost with taxes, in the currency of the tariff.
        pub after_taxes: Option<Decimal>,
    }
}

open_enum! {
    /// Whether the amounts in a tariff have tax in them.
    ///
    /// New in 2.3.0.
    ///
    /// Spec: 2.3.0 mod_tariffs §taxincluded_enum
    pub enum TaxIncluded = "TaxIncluded", open NEVER {
        /// Tax is in the prices.
        Yes = "YES",
        /// Tax comes on top of the prices.
        No = "NO",
        /// No tax applies.
        NotApplicable = "N/A",
    }
}
