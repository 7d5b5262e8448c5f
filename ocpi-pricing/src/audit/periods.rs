//! Checks of the contents of periods, in chronological order; their order itself is checked by `ocpi-types`.

use std::collections::BTreeSet;

use ocpi_types::v2_2_1::cdrs::CdrDimensionType;
use ocpi_types::{DateTime, Decimal};

use super::Rule;
use super::scope::{Scope, hours};
use super::tolerance::near;
use super::units::hours_and_length;
use crate::fixed::{Fixed, is_surely_near};

pub(super) fn look(scope: &mut Scope<'_>) {
    known_times(scope);
    dimensions(scope);
    // Lengths make no sense if the times do not.
    if scope.has(Rule::PeriodOrder) || scope.has(Rule::PeriodOutside) {
        return;
    }
    late_start(scope);
    // Sums of hours are of no use then.
    if scope.has(Rule::DimensionNegative) {
        return;
    }
    let near = Near::of(scope);
    for index in 0..scope.usage.periods.len() {
        if !near.is_sure(scope, index) {
            length(scope, index);
        }
    }
}

/// Hours that are near the length of their period without a doubt, told without a division.
struct Near {
    /// The difference that is allowed for none, one or two volumes in hours.
    allowed: [Option<Fixed>; 3],
}

impl Near {
    fn of(scope: &Scope<'_>) -> Self {
        let allowed = |count| allowed(scope, count).and_then(Fixed::of);
        Self { allowed: [0, 1, 2].map(allowed) }
    }

    fn is_sure(&self, scope: &Scope<'_>, index: usize) -> bool {
        let usage = &scope.usage;
        let measured = usage.periods.get(index).zip(usage.period_end(index)).and_then(|(period, end)| {
            let (mut sum, mut count) = (Fixed::ZERO, 0);
            for hours in hours(period) {
                sum = sum.add(Fixed::exactly(hours)?)?;
                count += 1;
            }
            let allowed = (*self.allowed.get(count)?)?;
            Some((sum, end.to_chrono() - period.start.to_chrono(), allowed))
        });
        measured
            .is_some_and(|(hours, length, allowed)| is_surely_near(hours, length.num_milliseconds(), allowed))
    }
}

/// The difference that is allowed between the length of a period and the sum of so many volumes.
fn allowed(scope: &Scope<'_>, count: usize) -> Option<Decimal> {
    scope.hours.periods.halves(count).checked_add(scope.seconds)
}

fn known_times(scope: &mut Scope<'_>) {
    let known = [("/start_date_time", scope.usage.start), (scope.names.end, scope.usage.end)];
    for (pointer, _) in known.into_iter().filter(|(_, time)| time.is_none()) {
        scope.find(Rule::TimeUnknown, pointer, "a time", DateTime::UNIX_EPOCH);
    }
    // One that is missing is a matter of the check.
    let updated = Some(scope.cdr.stay.last_updated).filter(|updated| *updated != DateTime::UNIX_EPOCH);
    // Clocks of two systems are never quite the same.
    const APART: i64 = 60;
    if let Some((end, updated)) = scope.usage.end.zip(updated) {
        if end.seconds_since(updated) > APART {
            scope.find(Rule::UpdatedEarly, "/last_updated", format_args!("{end} or later"), updated);
        }
    }
}

/// Number of dimensions up to which it is cheapest to compare each with all before it.
const FEW: usize = 16;

fn dimensions(scope: &mut Scope<'_>) {
    use CdrDimensionType::{
        Custom, ParkingTime, ReservationExpires, ReservationOvertime, ReservationTime, Time,
    };
    for (period, dimensions) in scope.cdr.stay.dimensions.periods().enumerate() {
        let is_short = dimensions.len() <= FEW;
        let mut seen = BTreeSet::new();
        for (index, dimension) in dimensions.iter().enumerate() {
            let pointer = || format!("/charging_periods/{period}/dimensions/{index}");
            let kind = &dimension.kind;
            let is_repeated = match dimensions.get(..index) {
                Some(before) if is_short => before.iter().any(|other| other.kind == *kind),
                _ => !seen.insert(kind),
            };
            if is_repeated {
                scope.find(Rule::DimensionRepeated, pointer(), "each dimension once", kind);
            }
            if matches!(kind, Custom(_)) {
                scope.find(Rule::DimensionUnknown, pointer() + "/type", "a dimension of OCPI", kind);
            }
            let is_time = matches!(
                kind,
                Time | ParkingTime | ReservationTime | ReservationExpires | ReservationOvertime
            );
            if is_time && dimension.volume.is_negative() {
                scope.find(Rule::DimensionNegative, pointer() + "/volume", "0 or more", dimension.volume);
            }
        }
    }
}

fn late_start(scope: &mut Scope<'_>) {
    let first = scope.usage.periods.first().map(|period| period.start);
    let Some((start, first)) = scope.usage.start.zip(first) else { return };
    if first.seconds_since(start) > i64::from(scope.tolerance.seconds) {
        scope.find(Rule::PeriodGap, scope.period(0) + "/start_date_time", start, first);
    }
}

fn length(scope: &mut Scope<'_>, index: usize) {
    let Some(period) = scope.usage.periods.get(index) else { return };
    let count = hours(period).count();
    let Some((hours, length)) = hours_and_length(scope, index) else { return };
    // A session that ended as it started has one that has no length either.
    let is_all = scope.usage.periods.len() == 1 && scope.usage.start == scope.usage.end;
    if length == Decimal::ZERO && !is_all {
        let (pointer, start) = (scope.period(index) + "/start_date_time", period.start);
        scope.find(Rule::PeriodZero, pointer, "before the next period or the end", start);
        return;
    }
    let is_near = allowed(scope, count).is_none_or(|allowed| near(hours, length, allowed));
    if count == 0 || is_near {
        return;
    }
    let pointer = scope.period(index) + "/dimensions";
    let (expected, found) = (shown(length), shown(hours));
    if hours > length {
        scope.find(
            Rule::PeriodTime,
            pointer,
            format_args!("{expected} h at most"),
            format_args!("{found} h"),
        );
    } else {
        scope.find(Rule::PeriodGap, pointer, format_args!("{expected} h"), format_args!("{found} h"));
    }
}

/// Hours as the specification writes them.
pub(super) fn shown(hours: Decimal) -> Decimal {
    hours.round(4).normalize()
}
