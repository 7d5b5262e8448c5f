//! Tariffs: the prices of charging.
//!
//! The CPO owns tariffs and shares them with the eMSP. A tariff is a list of elements. Each element
//! has prices and, if wanted, restrictions that say when those prices apply. For every dimension
//! (energy, time, parking time, flat fee) the first element that prices it and whose restrictions
//! hold at that moment counts. A dimension that no element prices costs nothing.
//! The specification leaves rounding of money to law and contract.
//!
//! Spec: 2.2.1 mod_tariffs

use super::locations::EnergyMix;
use super::types::{DisplayText, Price};
use crate::macros::{object, open_enum};
use crate::{
    Check, CiString, CountryCode, Currency, DateTime, Decimal, LocalDate, NonEmpty, Object, PartyId, Rule,
    TimeOfDay, Url, rules,
};

object! {
    /// A set of prices of one CPO.
    ///
    /// Charging for free needs a tariff too: one element without restrictions that has a flat price
    /// of zero. `PATCH` on tariffs exists in 2.1.1 only.
    ///
    /// Spec: 2.2.1 mod_tariffs §tariff_object
    pub struct Tariff = "Tariff", init TariffInit, patch TariffPatch, rules tariff_rules {
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
        /// The least a session costs. The limits with and without VAT both apply. Not a start fee:
        /// it counts only if the session would cost less.
        pub min_price: Option<Price>,
        /// The most a session costs. The limits with and without VAT both apply.
        pub max_price: Option<Price>,
        /// The prices and when they apply. The order matters.
        pub elements: NonEmpty<TariffElement>,
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

open_enum! {
    /// A day of the week.
    ///
    /// Spec: 2.2.1 mod_tariffs §dayofweek_enum
    pub enum DayOfWeek = "DayOfWeek", open NEVER {
        /// Monday.
        Monday = "MONDAY",
        /// Tuesday.
        Tuesday = "TUESDAY",
        /// Wednesday.
        Wednesday = "WEDNESDAY",
        /// Thursday.
        Thursday = "THURSDAY",
        /// Friday.
        Friday = "FRIDAY",
        /// Saturday.
        Saturday = "SATURDAY",
        /// Sunday.
        Sunday = "SUNDAY",
    }
}

object! {
    /// The price of one dimension.
    ///
    /// Spec: 2.2.1 mod_tariffs §pricecomponent_class
    pub struct PriceComponent = "PriceComponent", init PriceComponentInit, rules price_component_rules {
        /// Dimension that is priced.
        pub r#type: TariffDimensionType,
        /// Price per kWh, per hour, or once, depending on `type`. Without VAT in 2.2.1; in 2.3.0 the
        /// tariff's `tax_included` says whether tax is in it.
        pub price: Decimal,
        /// VAT in percent. Absent means that no VAT applies, which is not the same as 0 percent.
        /// In 2.3.0 it is also absent where tax is settled later, as in North America.
        pub vat: Option<Decimal>,
        /// The amount is rounded up to a multiple of this: in Wh for energy, in seconds for time and
        /// parking time; no meaning for a flat fee. Applied once per session to all energy and once
        /// to all time, not per period.
        pub step_size: i64,
    }
}

open_enum! {
    /// Part of a reservation that an element prices.
    ///
    /// If both kinds price time, an expired reservation pays the time of `RESERVATION_EXPIRES`.
    ///
    /// Spec: 2.2.1 mod_tariffs §reservation_restriction_type
    pub enum ReservationRestrictionType = "ReservationRestrictionType", open NEVER {
        /// The reservation itself.
        Reservation = "RESERVATION",
        /// A reservation that ran out because the driver did not start charging in time.
        ReservationExpires = "RESERVATION_EXPIRES",
    }
}

object! {
    /// Prices that share their restrictions.
    ///
    /// Each dimension is looked up on its own, so at one moment an element may supply the price of
    /// one dimension and not that of another.
    ///
    /// Spec: 2.2.1 mod_tariffs §tariffelement_class
    pub struct TariffElement = "TariffElement", init TariffElementInit, rules tariff_element_rules {
        /// The prices, one per dimension.
        pub price_components: NonEmpty<PriceComponent>,
        /// When the prices apply. Absent means always.
        pub restrictions: Option<Box<TariffRestrictions>>,
    }
}

open_enum! {
    /// Dimension that a price is for.
    ///
    /// Spec: 2.2.1 mod_tariffs §tariffdimensiontype_enum
    pub enum TariffDimensionType = "TariffDimensionType", open NEVER {
        /// Energy: priced per kWh, steps of 1 Wh.
        Energy = "ENERGY",
        /// A fixed fee, without a unit.
        Flat = "FLAT",
        /// Time spent connected without charging: priced per hour, steps of 1 second.
        ParkingTime = "PARKING_TIME",
        /// Time spent charging, or the time of a reservation in an element for reservations: priced
        /// per hour, steps of 1 second.
        Time = "TIME",
    }
}

object! {
    /// When an element of a tariff applies.
    ///
    /// All members that are set must hold. They switch the element on and off while the session runs;
    /// they do not decide for the whole session. Times and dates are local to the time zone of the
    /// location.
    ///
    /// Spec: 2.2.1 mod_tariffs §tariffrestrictions_class
    pub struct TariffRestrictions = "TariffRestrictions", init TariffRestrictionsInit,
        rules tariff_restrictions_rules {
        /// From this local time of day.
        pub start_time: Option<TimeOfDay>,
        /// Until this local time of day. Before `start_time` it means the next day. 00:00 is the end
        /// of the day.
        pub end_time: Option<TimeOfDay>,
        /// From this local date, that day included.
        pub start_date: Option<LocalDate>,
        /// Until this local date, that day not included.
        pub end_date: Option<LocalDate>,
        /// From this much energy in kWh on, that amount included.
        pub min_kwh: Option<Decimal>,
        /// Up to this much energy in kWh, that amount not included.
        pub max_kwh: Option<Decimal>,
        /// While the current, added up over all phases, is at least this many A.
        pub min_current: Option<Decimal>,
        /// While the current, added up over all phases, is less than this many A.
        pub max_current: Option<Decimal>,
        /// While the power is at least this many kW.
        pub min_power: Option<Decimal>,
        /// While the power is less than this many kW.
        pub max_power: Option<Decimal>,
        /// From this many seconds after the start of the session on, that second included.
        pub min_duration: Option<i64>,
        /// Up to this many seconds after the start of the session, that second not included.
        pub max_duration: Option<i64>,
        /// On these days of the week. Empty means every day.
        pub day_of_week: Vec<DayOfWeek>,
        /// If set, the element prices a reservation and may only have flat and time prices.
        pub reservation: Option<ReservationRestrictionType>,
    }
}

open_enum! {
    /// Sessions that a tariff is for.
    ///
    /// Spec: 2.2.1 mod_tariffs §tariff_type
    pub enum TariffType = "TariffType", open NEVER {
        /// Paid on the spot, such as with a bank card at the charge point.
        AdHocPayment = "AD_HOC_PAYMENT",
        /// The driver chose the profile `CHEAP`.
        ProfileCheap = "PROFILE_CHEAP",
        /// The driver chose the profile `FAST`.
        ProfileFast = "PROFILE_FAST",
        /// The driver chose the profile `GREEN`.
        ProfileGreen = "PROFILE_GREEN",
        /// Started with an RFID card, with no preference or with the profile `REGULAR`.
        Regular = "REGULAR",
    }
}

fn tariff_rules(tariff: &Tariff, check: &mut Check) {
    rules::leaves_room(check, tariff.start_date_time, "end_date_time", tariff.end_date_time);
    if let (Some(least), Some(greatest)) = (&tariff.min_price, &tariff.max_price) {
        check.member("max_price", |check| {
            check.expect_at("excl_vat", least.excl_vat <= greatest.excl_vat, Rule::PriceLimits);
            if let (Some(least), Some(greatest)) = (least.incl_vat, greatest.incl_vat) {
                check.expect_at("incl_vat", least <= greatest, Rule::PriceLimits);
            }
        });
    }
}

fn price_component_rules(component: &PriceComponent, check: &mut Check) {
    rules::not_negative(check, "vat", component.vat);
    if component.extra.has_read(PriceComponent::INFO, "step_size") {
        step_size(component.step_size, check);
    }
}

pub(crate) fn step_size(step_size: i64, check: &mut Check) {
    check.expect_at("step_size", step_size >= 0, Rule::Negative);
    check.expect_at("step_size", step_size != 0, Rule::StepZero);
}

fn tariff_element_rules(element: &TariffElement, check: &mut Check) {
    if element.restrictions.as_ref().is_some_and(|limits| limits.reservation.is_some()) {
        reservation_prices(&element.price_components, check);
    }
}

/// Checks that the prices of a reservation or booking are of the two dimensions that it has: flat and time.
pub(crate) fn reservation_prices(components: &[PriceComponent], check: &mut Check) {
    use TariffDimensionType::{Energy, ParkingTime};
    rules::each(check, "price_components", components, |component, check| {
        check.expect_at("type", !matches!(component.r#type, Energy | ParkingTime), Rule::ReservationPrice);
    });
}

fn tariff_restrictions_rules(limits: &TariffRestrictions, check: &mut Check) {
    rules::restrictions_known(check, &limits.extra);
    rules::times_differ(check, limits.start_time.as_ref(), limits.end_time.as_ref());
    rules::leaves_room(check, day(&limits.start_date), "end_date", day(&limits.end_date));
    rules::leaves_room(check, limits.min_kwh, "max_kwh", limits.max_kwh);
    rules::leaves_room(check, limits.min_current, "max_current", limits.max_current);
    rules::leaves_room(check, limits.min_power, "max_power", limits.max_power);
    limits_are_possible(check, [limits.min_power, limits.max_power], limits.min_kwh);
    rules::leaves_room(check, limits.min_duration, "max_duration", limits.max_duration);
    rules::unique(check, "day_of_week", &limits.day_of_week, |day| day, Rule::DuplicateDay);
}

/// Reports limits in watts and watt hours.
pub(crate) fn limits_are_possible(
    check: &mut Check,
    power: [Option<Decimal>; 2],
    least_energy: Option<Decimal>,
) {
    let watts = "more power than there is; perhaps W were written where kW are due";
    let watt_hours = "more energy than one session charges; perhaps Wh were written where kWh are due";
    let [least, greatest] = power;
    rules::limit_is_possible(check, "min_power", least, watts);
    rules::limit_is_possible(check, "max_power", greatest, watts);
    rules::limit_is_possible(check, "min_kwh", least_energy, watt_hours);
}

/// The day, if it is one: a date that is none is reported already.
pub(crate) fn day(date: &Option<LocalDate>) -> Option<chrono::NaiveDate> {
    date.as_ref().and_then(LocalDate::to_chrono)
}
