//! Numbers in a wrong unit. A recognized unit is corrected, so that the rest can be checked.

use ocpi_types::Decimal;
use ocpi_types::v2_2_1::cdrs::CdrDimensionType;

use super::Rule;
use super::claims::Dimension;
use super::scope::{Scope, hours};
use super::tolerance::{near, sum, times};

/// Factors between hours and the units that are found in their place.
pub(super) const FACTORS: [(i64, &str); 2] = [(60, "minutes"), (3600, "seconds")];

/// Factor between kWh and Wh.
const WH: i64 = 1000;

/// More than any car takes, in kW: lint has the same bound.
const MOST_POWER: i64 = 1000;

pub(super) fn look(scope: &mut Scope<'_>) {
    times_of_periods(scope);
    energy(scope);
}

fn energy(scope: &mut Scope<'_>) {
    let total = scope.energy;
    let energies = || scope.usage.periods.iter().filter_map(|period| period.energy);
    let count = energies().count();
    let Some(periods) = sum(energies()) else { return };
    let half = scope.energies.of_sum(count, total);
    if total == Decimal::ZERO || (count > 0 && periods == Decimal::ZERO) {
        return;
    }
    if count == 0 || near(periods, total, half) {
        // 100 kWh in an hour may be, 100,000 may not.
        if is_implausible(scope, total) {
            let right = kwh(total);
            let what = "too much for so short a time";
            scope.find_with(Rule::EnergyUnit, "/total_energy", right, total, what);
            scope.energy = right;
            divide_periods(scope);
        }
    } else if near(periods, times(total, WH), times(half, WH)) {
        let first = first(scope, |kind| *kind == CdrDimensionType::Energy);
        if let Some((pointer, volume)) = first {
            scope.find(Rule::EnergyUnit, pointer, kwh(volume), volume);
        }
        divide_periods(scope);
    } else if near(times(periods, WH), total, times(half, WH)) {
        scope.find(Rule::EnergyUnit, "/total_energy", periods, total);
        scope.energy = kwh(total);
    }
}

/// Whether so many kWh cannot have been charged in the time of charging, or from start to end if that is not known.
fn is_implausible(scope: &Scope<'_>, energy: Decimal) -> bool {
    let charging = sum(scope.usage.periods.iter().filter_map(|period| period.time));
    let span = scope.usage.start.zip(scope.usage.end).and_then(|(start, end)| length(start, end));
    let Some(hours) = charging.filter(|hours| *hours > Decimal::ZERO).or(span) else { return false };
    // Within less than ten minutes a mistake of the clock is as likely.
    let hours = hours.max(Decimal::new(1667, 4));
    hours.checked_mul(Decimal::from(MOST_POWER)).is_some_and(|most| energy > most)
}

fn divide_periods(scope: &mut Scope<'_>) {
    for period in &mut scope.usage.to_mut().periods {
        period.energy = period.energy.map(kwh);
    }
}

fn kwh(energy: Decimal) -> Decimal {
    energy.checked_div(Decimal::from(WH)).unwrap_or(energy).normalize()
}

/// All periods have minutes or seconds: their hours fit their lengths if they are divided.
fn times_of_periods(scope: &mut Scope<'_>) {
    let precision = scope.hours.periods;
    for (factor, name) in FACTORS {
        let allowed = times(scope.seconds, factor).checked_add(precision.halves(4));
        let Some(allowed) = allowed else { return };
        let mut is_some = false;
        for index in 0..scope.usage.periods.len() {
            let Some((hours, length)) = hours_and_length(scope, index) else { return };
            if hours == Decimal::ZERO {
                continue;
            }
            if !near(hours, times(length, factor), allowed) {
                is_some = false;
                break;
            }
            is_some |= length > scope.seconds;
        }
        if is_some {
            let is_hours = |kind: &CdrDimensionType| {
                use CdrDimensionType::{ParkingTime, ReservationExpires, ReservationTime, Time};
                matches!(kind, Time | ParkingTime | ReservationTime | ReservationExpires)
            };
            if let Some((pointer, volume)) = first(scope, is_hours) {
                let right = divided(volume, factor);
                scope.find_with(Rule::TimeUnit, pointer, right.round(4).normalize(), volume, name);
            }
            for period in &mut scope.usage.to_mut().periods {
                for volume in [
                    &mut period.time,
                    &mut period.parking_time,
                    &mut period.reservation_time,
                    &mut period.reservation_expires,
                    &mut period.reservation_overtime,
                ] {
                    *volume = volume.map(|volume| divided(volume, factor));
                }
            }
            return;
        }
    }
}

pub(super) fn divided(number: Decimal, factor: i64) -> Decimal {
    number.checked_div(Decimal::from(factor)).unwrap_or(number)
}

/// The hours that are in a period, and how many it lasts; `None`: the end is not known, or times run backwards.
pub(super) fn hours_and_length(scope: &Scope<'_>, index: usize) -> Option<(Decimal, Decimal)> {
    let period = scope.usage.periods.get(index)?;
    let end = scope.usage.period_end(index)?;
    Some((sum(hours(period))?, length(period.start, end)?))
}

/// From one moment to another, in hours.
pub(super) fn length(from: ocpi_types::DateTime, until: ocpi_types::DateTime) -> Option<Decimal> {
    let millis = (until.to_chrono() - from.to_chrono()).num_milliseconds();
    Decimal::from(millis).checked_div(Decimal::from(3_600_000))
}

/// The first volume of a kind that is not zero, and where it stands.
fn first(scope: &Scope<'_>, is_one: impl Fn(&CdrDimensionType) -> bool) -> Option<(String, Decimal)> {
    let periods = scope.cdr.stay.dimensions.periods().enumerate();
    let mut all = periods.flat_map(|(period, dimensions)| {
        dimensions.iter().enumerate().map(move |(index, dimension)| (period, index, dimension))
    });
    let is_first = |(_, _, dimension): &(usize, usize, &Dimension)| {
        is_one(&dimension.kind) && dimension.volume != Decimal::ZERO
    };
    let (period, index, dimension) = all.find(is_first)?;
    Some((format!("/charging_periods/{period}/dimensions/{index}/volume"), dimension.volume))
}
