//! Bounds on energy, power, current and duration, and restrictions for reservations.

use std::fmt::Display;

use ocpi_types::{Decimal, Version};

use super::scope::{Scope, restriction};
use super::{Fix, Rule};
use crate::tariff_model::{Element, Phase, Restrictions, TariffDimension};

pub(super) fn look(scope: &mut Scope<'_>) {
    for (index, element) in scope.elements() {
        ranges(scope, index, &element.restrictions);
        units(scope, index, &element.restrictions);
        reservation(scope, index, element);
        parking(scope, index, element);
    }
    expiry(scope);
}

fn ranges(scope: &mut Scope<'_>, index: usize, limits: &Restrictions) {
    let zero = Decimal::ZERO;
    range(scope, index, "kwh", (limits.min_kwh, limits.max_kwh), zero);
    range(scope, index, "power", (limits.min_power, limits.max_power), zero);
    range(scope, index, "current", (limits.min_current, limits.max_current), zero);
    range(scope, index, "duration", (limits.min_duration, limits.max_duration), 0);
}

fn range<T: Ord + Display>(
    scope: &mut Scope<'_>,
    index: usize,
    what: &str,
    (low, high): (Option<T>, Option<T>),
    zero: T,
) {
    let [lower, upper] = ["min", "max"].map(|end| restriction(index, &format!("{end}_{what}")));
    match (&low, &high) {
        (_, Some(high)) if *high <= zero => scope.find(Rule::ZeroMaximum, upper),
        (Some(low), Some(high)) if high <= low => {
            scope.find_with(Rule::EmptyRange, upper, format_args!("from {low} to {high}"));
        }
        _ => {}
    }
    if low.is_some_and(|low| low == zero) {
        // Power and current can be unknown: then a bound of 0 is in the way of a price, and the price changes.
        let is_always_known = matches!(what, "kwh" | "duration");
        let fix = Fix::remove(scope.document, &lower);
        scope.fix(Rule::IdleMinimum, lower, if is_always_known { fix } else { fix.map(Fix::of_prices) });
    }
}

fn units(scope: &mut Scope<'_>, index: usize, limits: &Restrictions) {
    const MOST_KILOWATTS: i64 = 1000;
    const MOST_AMPERES: i64 = 3000;
    for (member, power) in [("min_power", limits.min_power), ("max_power", limits.max_power)] {
        let Some(power) = power else { continue };
        let fuses = [16, 32, 63].map(Decimal::from);
        if power > Decimal::from(MOST_KILOWATTS) {
            scope.find_with(Rule::PowerScale, restriction(index, member), power);
        } else if scope.plan.version == Version::V2_1_1 && fuses.contains(&power) {
            scope.find_with(Rule::PowerAsCurrent, restriction(index, member), power);
        }
    }
    for (member, current) in [("min_current", limits.min_current), ("max_current", limits.max_current)] {
        if let Some(current) = current.filter(|it| *it > Decimal::from(MOST_AMPERES)) {
            scope.find_with(Rule::CurrentScale, restriction(index, member), current);
        }
    }
    for (member, duration) in [("min_duration", limits.min_duration), ("max_duration", limits.max_duration)] {
        if let Some(duration) = duration.filter(|it| (1..60).contains(it)) {
            scope.find_with(Rule::ShortDuration, restriction(index, member), format_args!("{duration} s"));
        }
    }
}

fn reservation(scope: &mut Scope<'_>, index: usize, element: &Element) {
    let limits = &element.restrictions;
    if limits.reservation.is_some() && limits.booking.is_some() {
        scope.find(Rule::ReservationAndBooking, restriction(index, "booking"));
    }
    // Overtime is charging.
    let is_before = |phase: &Phase| !matches!(phase, Phase::Charging | Phase::Overtime);
    if limits.reservation.is_some() || limits.booking.is_some() {
        for (at, component) in element.components.iter().enumerate() {
            if matches!(component.kind, TariffDimension::Energy | TariffDimension::ParkingTime) {
                scope.find(Rule::ReservationEnergy, format!("/elements/{index}/price_components/{at}"));
            }
        }
    }
    if limits.reservation.or(limits.booking).is_some_and(|phase| is_before(&phase)) {
        let minima = [
            ("min_kwh", limits.min_kwh),
            ("min_power", limits.min_power),
            ("min_current", limits.min_current),
        ];
        for (member, _) in minima.iter().filter(|(_, low)| low.is_some_and(|low| low > Decimal::ZERO)) {
            scope.find(Rule::ReservationBound, restriction(index, member));
        }
    }
}

fn parking(scope: &mut Scope<'_>, index: usize, element: &Element) {
    let limits = &element.restrictions;
    let needs_power =
        [limits.min_power, limits.min_current].into_iter().flatten().any(|low| low > Decimal::ZERO);
    for (at, component) in element.components.iter().enumerate() {
        if needs_power && component.kind == TariffDimension::ParkingTime && !limits.is_reservation() {
            scope.find(Rule::ParkingPower, format!("/elements/{index}/price_components/{at}"));
        }
    }
}

fn expiry(scope: &mut Scope<'_>) {
    let reservation = |limits: &Restrictions| limits.reservation;
    let booking = |limits: &Restrictions| limits.booking;
    expiry_of(scope, "reservation", reservation);
    expiry_of(scope, "booking", booking);
}

fn expiry_of(scope: &mut Scope<'_>, member: &str, phase: impl Fn(&Restrictions) -> Option<Phase>) {
    let first = |wanted| scope.elements().find(|(_, it)| phase(&it.restrictions) == Some(wanted));
    if let (Some((index, _)), None) = (first(Phase::Expired), first(Phase::Reservation)) {
        scope.find(Rule::ExpiryWithoutReservation, restriction(index, member));
    }
}
