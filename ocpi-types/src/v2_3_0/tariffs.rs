//! Tariffs: the prices of charging.
//!
//! The CPO owns tariffs and shares them with the eMSP. Prices and restrictions work as in 2.2.1. New is
//! that a tariff says whether its prices include tax, so that it also fits countries where tax is added
//! afterwards.
//!
//! Spec: 2.3.0 mod_tariffs

// The same as in 2.2.1.
pub use crate::v2_2_1::tariffs::{
    DayOfWeek, PriceComponent, PriceComponentInit, ReservationRestrictionType, TariffDimensionType,
    TariffType,
};

use super::locations::EnergyMix;
use super::types::DisplayText;
use crate::macros::{object, open_enum};
use crate::v2_2_1::tariffs::{day, limits_are_possible, reservation_prices};
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
    /// Against 2.2.1 it says whether tax is in its prices (`tax_included`), and the two price limits
    /// have a form of their own. Payments adds `preauthorize_amount`.
    ///
    /// Spec: 2.3.0 mod_tariffs §tariff_object
    pub struct Tariff = "Tariff", init TariffInit, patch TariffPatch,
        branch PAYMENTS { preauthorize_amount }, rules tariff_rules {
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
        /// Amount to reserve on a driver's bank card before the session, in `currency`. Only with Payments.
        pub preauthorize_amount: Option<Decimal>,
        /// The prices and when they apply. The order matters.
        pub elements: NonEmpty<TariffElement>,
        /// Treatment of tax in the amounts of this tariff: included, added or none.
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
    pub struct PriceLimit = "PriceLimit", init PriceLimitInit, rules price_limit_rules {
        /// Limit on the cost without taxes, in the currency of the tariff.
        pub before_taxes: Decimal,
        /// Limit on the cost with taxes, in the currency of the tariff.
        pub after_taxes: Option<Decimal>,
    }
}

open_enum! {
    /// Part of a booking that an element prices.
    ///
    /// Only with Bookings.
    ///
    /// Spec: 2.3.0 mod_tariffs §booking_restriction_type
    pub enum BookingRestrictionType = "BookingRestrictionType", open NEVER {
        /// The booking itself.
        Booking = "BOOKING",
        /// A booking for which nobody came in time.
        BookingExpires = "BOOKING_EXPIRES",
        /// Cancelling the booking.
        BookingCancellationFees = "BOOKING_CANCELLATION_FEES",
        /// Charging on after the booked time.
        BookingOvertime = "BOOKING_OVERTIME",
    }
}

object! {
    /// Prices that share their restrictions.
    ///
    /// Each dimension is looked up on its own, so at one moment an element may supply the price of
    /// one dimension and not that of another. Against 2.2.1 the restrictions have one more member.
    ///
    /// Spec: 2.3.0 mod_tariffs §tariffelement_class
    pub struct TariffElement = "TariffElement", init TariffElementInit, rules tariff_element_rules {
        /// The prices, one per dimension.
        pub price_components: NonEmpty<PriceComponent>,
        /// When the prices apply. Absent means always.
        pub restrictions: Option<Box<TariffRestrictions>>,
    }
}

object! {
    /// When an element of a tariff applies.
    ///
    /// All members that are set must hold. They switch the element on and off while the session runs;
    /// they do not decide for the whole session. Times and dates are local to the time zone of the
    /// location. Against 2.2.1 only `booking` is new, and only with Bookings.
    ///
    /// Spec: 2.3.0 mod_tariffs §tariffrestrictions_class
    pub struct TariffRestrictions = "TariffRestrictions", init TariffRestrictionsInit,
        branch BOOKINGS { booking }, rules tariff_restrictions_rules {
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
        /// If set, the element prices a booking and may only have flat and time prices. Only with Bookings.
        pub booking: Option<BookingRestrictionType>,
    }
}

open_enum! {
    /// Treatment of tax in the amounts of a tariff.
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

fn tariff_rules(tariff: &Tariff, check: &mut Check) {
    rules::leaves_room(check, tariff.start_date_time, "end_date_time", tariff.end_date_time);
    if let (Some(least), Some(greatest)) = (&tariff.min_price, &tariff.max_price) {
        check.member("max_price", |check| {
            check.expect_at("before_taxes", least.before_taxes <= greatest.before_taxes, Rule::PriceLimits);
            if let (Some(least), Some(greatest)) = (least.after_taxes, greatest.after_taxes) {
                check.expect_at("after_taxes", least <= greatest, Rule::PriceLimits);
            }
        });
    }
}

fn price_limit_rules(limit: &PriceLimit, check: &mut Check) {
    if limit.extra.is_read(PriceLimit::INFO) {
        rules::tax_adds(check, "after_taxes", limit.before_taxes, limit.after_taxes);
    }
}

fn tariff_element_rules(element: &TariffElement, check: &mut Check) {
    if element.restrictions.as_ref().is_some_and(|r| r.reservation.is_some() || r.booking.is_some()) {
        reservation_prices(&element.price_components, check);
    }
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
    let both = limits.reservation.is_some() && limits.booking.is_some();
    check.expect_at("booking", !both, Rule::ReservationAndBooking);
}
