//! Comparison of the totals of energy and time with the periods.

use ocpi_types::Decimal;

use super::Rule;
use super::periods::shown;
use super::scope::Scope;
use super::tolerance::{near, sum, times};
use super::units::{FACTORS, divided, length};
use crate::usage::Period;

pub(super) fn look(scope: &mut Scope<'_>) {
    energy(scope);
    if scope.has(Rule::DimensionNegative) {
        return;
    }
    let total = time(scope);
    parking(scope, total);
    // Where the unit is wrong, or the number, it is no wonder that a part is larger than the whole.
    let is_known = [Rule::TimeUnit, Rule::TotalTime, Rule::TotalParkingTime].map(|rule| scope.has(rule));
    if is_known.contains(&true) {
        scope.explained(|finding| finding.rule == Rule::ParkingTime);
    }
}

fn energy(scope: &mut Scope<'_>) {
    let energies = || scope.usage.periods.iter().filter_map(|period| period.energy);
    let count = energies().count();
    let half = scope.energies.of_sum(count, scope.energy);
    // Differences of units alone were reported and put right already.
    match sum(energies()) {
        Some(periods) if count > 0 && !near(periods, scope.energy, half) => {
            let found = scope.energy;
            scope.find(Rule::TotalEnergy, "/total_energy", periods.normalize(), found);
        }
        _ => {}
    }
}

/// Sum of volumes, and their number.
struct Total {
    sum: Decimal,
    count: usize,
}

impl Total {
    fn of(scope: &Scope<'_>, volume: fn(&Period) -> Option<Decimal>) -> Option<Self> {
        let volumes = || scope.usage.periods.iter().filter_map(volume);
        Some(Self { sum: sum(volumes())?, count: volumes().count() })
    }
}

/// Looks for errors of total_time. Returns the total in hours.
fn time(scope: &mut Scope<'_>) -> Decimal {
    let written = scope.cdr.total_time;
    let totals = [
        Total::of(scope, |period| period.time),
        Total::of(scope, |period| period.parking_time),
        Total::of(scope, |period| period.reservation_time.or(period.reservation_expires)),
    ];
    let [Some(charging), Some(parking), Some(reservation)] = totals else { return written };
    let count = charging.count + parking.count;
    let stay = sum([charging.sum, parking.sum]).filter(|_| count > 0);
    let with_reservation = stay.and_then(|stay| stay.checked_add(reservation.sum));
    let span = scope.usage.start.zip(scope.usage.end).and_then(|(start, end)| length(start, end));
    let span = span.filter(|span| !span.is_negative());
    let without_reservation = span.and_then(|span| span.checked_sub(reservation.sum));
    let sums = scope.hours.of_sum(count + reservation.count, written);
    let spans = scope.hours.of_sum(1, written).checked_add(scope.seconds).unwrap_or(sums);
    let right = [(stay, sums), (with_reservation, sums), (span, spans), (without_reservation, spans)];
    judge(scope, Rule::TotalTime, "/total_time", written, right)
}

fn parking(scope: &mut Scope<'_>, total_time: Decimal) {
    let Some(written) = scope.cdr.parking_time else { return };
    let totals = [Total::of(scope, |period| period.time), Total::of(scope, |period| period.parking_time)];
    let [Some(charging), Some(parking)] = totals else { return };
    // Without any times in the periods nobody can say.
    if charging.count + parking.count == 0 {
        return;
    }
    let sums = scope.hours.of_sum(parking.count, written);
    let rest = total_time.checked_sub(charging.sum).filter(|_| charging.count > 0);
    // Of the numbers that it is the rest of, the total may have the fewest decimals.
    let halves = [scope.hours.of_sum(charging.count, written), scope.hours.of_sum(0, scope.cdr.total_time)];
    let rests = sum(halves.into_iter().chain([scope.seconds])).unwrap_or(sums);
    let right = [(Some(parking.sum), sums), (rest, rests)];
    judge(scope, Rule::TotalParkingTime, "/total_parking_time", written, right);
}

/// Compares hours with all numbers that they may be; the first of these is the expected one. Returns the hours.
fn judge<const N: usize>(
    scope: &mut Scope<'_>,
    rule: Rule,
    pointer: &str,
    written: Decimal,
    right: [(Option<Decimal>, Decimal); N],
) -> Decimal {
    let right = || right.iter().filter_map(|(right, allowed)| Some(((*right)?, *allowed)));
    let Some((expected, _)) = right().next() else { return written };
    if right().any(|(right, allowed)| near(written, right, allowed)) {
        return written;
    }
    for (factor, unit) in FACTORS {
        let is_it = |(right, allowed)| {
            right > Decimal::ZERO && near(written, times(right, factor), times(allowed, factor))
        };
        if let Some((right, _)) = right().find(|it| is_it(*it)) {
            scope.find_with(Rule::TimeUnit, pointer, shown(right), written, unit);
            return divided(written, factor);
        }
    }
    scope.find(rule, pointer, shown(expected), written);
    written
}
