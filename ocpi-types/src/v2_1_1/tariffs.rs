//! Tariffs: the prices of charging.
//!
//! The CPO owns tariffs and shares them with the eMSP. A tariff is a list of elements. Each element
//! has prices and, if wanted, restrictions that say when those prices apply. The last element should have
//! no restrictions, so that there always is a price. All prices are without VAT.
//!
//! Spec: 2.1.1 mod_tariffs

// The same as in 2.2.1.
pub use crate::v2_2_1::tariffs::{DayOfWeek, TariffDimensionType};

use super::locations::EnergyMix;
use super::types::DisplayText;
use crate::macros::object;
use crate::v2_2_1::tariffs::{day, limits_are_possible, step_size};
use crate::{
    Check, Currency, DateTime, Decimal, LocalDate, NonEmpty, Object, Rule, Text, TimeOfDay, Url, rules,
};

object! {
    /// A set of prices of one CPO.
    ///
    /// Charging for free needs a tariff too: one with a flat price of zero. 2.2.1 names the owner, and adds
    /// a kind, price limits and a time of validity.
    ///
    /// Spec: 2.1.1 mod_tariffs §31-tariff-object
    pub struct Tariff = "Tariff", init TariffInit, patch TariffPatch {
        /// Identifies the tariff in the platform of the CPO.
        pub id: Text<36>,
        /// Currency of all prices in this tariff.
        pub currency: Currency,
        /// Information for people, one entry per language.
        pub tariff_alt_text: Vec<DisplayText>,
        /// Address of a page that explains the tariff.
        pub tariff_alt_url: Option<Url>,
        /// The prices and when they apply. The order matters.
        pub elements: NonEmpty<TariffElement>,
        /// Where the energy sold with this tariff comes from.
        pub energy_mix: Option<Box<EnergyMix>>,
        /// When the tariff was last changed, or created.
        pub last_updated: DateTime,
    }
}

object! {
    /// The price of one dimension.
    ///
    /// 2.2.1 adds `vat`.
    ///
    /// Spec: 2.1.1 mod_tariffs §42-pricecomponent-class
    pub struct PriceComponent = "PriceComponent", init PriceComponentInit, rules price_component_rules {
        /// Dimension that is priced.
        pub r#type: TariffDimensionType,
        /// Price per kWh, per hour, or once, depending on `type`, without VAT.
        pub price: Decimal,
        /// The amount is rounded up to a multiple of this: in Wh for energy, in seconds for time and
        /// parking time; no meaning for a flat fee.
        pub step_size: i64,
    }
}

object! {
    /// Prices that share their restrictions.
    ///
    /// Spec: 2.1.1 mod_tariffs §43-tariffelement-class
    pub struct TariffElement = "TariffElement", init TariffElementInit {
        /// The prices, one per dimension.
        pub price_components: NonEmpty<PriceComponent>,
        /// When the prices apply. Absent means always.
        pub restrictions: Option<Box<TariffRestrictions>>,
    }
}

object! {
    /// When an element of a tariff applies.
    ///
    /// All members that are set must hold. 2.2.1 adds limits on the current, and reservations.
    ///
    /// Spec: 2.1.1 mod_tariffs §45-tariffrestrictions-class
    pub struct TariffRestrictions = "TariffRestrictions", init TariffRestrictionsInit,
        rules tariff_restrictions_rules {
        /// From this time of day.
        pub start_time: Option<TimeOfDay>,
        /// Until this time of day.
        pub end_time: Option<TimeOfDay>,
        /// From this date, that day included.
        pub start_date: Option<LocalDate>,
        /// Until this date, that day not included.
        pub end_date: Option<LocalDate>,
        /// From this much energy in kWh on.
        pub min_kwh: Option<Decimal>,
        /// Up to this much energy in kWh.
        pub max_kwh: Option<Decimal>,
        /// While the power is at least this many kW.
        pub min_power: Option<Decimal>,
        /// While the power is at most this many kW. Some partners mean A here and in `min_power`, as an
        /// example of the specification does.
        pub max_power: Option<Decimal>,
        /// From this many seconds after the start of the session on.
        pub min_duration: Option<i64>,
        /// Up to this many seconds after the start of the session.
        pub max_duration: Option<i64>,
        /// On these days of the week. Empty means every day.
        pub day_of_week: Vec<DayOfWeek>,
    }
}

fn price_component_rules(component: &PriceComponent, check: &mut Check) {
    if component.extra.has_read(PriceComponent::INFO, "step_size") {
        step_size(component.step_size, check);
    }
}

fn tariff_restrictions_rules(limits: &TariffRestrictions, check: &mut Check) {
    rules::restrictions_known(check, &limits.extra);
    rules::times_differ(check, limits.start_time.as_ref(), limits.end_time.as_ref());
    rules::leaves_room(check, day(&limits.start_date), "end_date", day(&limits.end_date));
    rules::leaves_room(check, limits.min_kwh, "max_kwh", limits.max_kwh);
    rules::leaves_room(check, limits.min_power, "max_power", limits.max_power);
    limits_are_possible(check, [limits.min_power, limits.max_power], limits.min_kwh);
    rules::leaves_room(check, limits.min_duration, "max_duration", limits.max_duration);
    rules::unique(check, "day_of_week", &limits.day_of_week, |day| day, Rule::DuplicateDay);
}
