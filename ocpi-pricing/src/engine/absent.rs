//! Quantities that occur in the totals of a CDR but in none of its periods: absent is not zero.

use ocpi_types::Decimal;

use super::draft::Draft;
use super::periods::Applied;
use crate::bill::{Category, Gap, Note, Reason};
use crate::tariff_model::{Phase, TariffDimension};
use crate::usage::Period;

/// Finds dimensions that have a price and a total, and no volume.
pub(crate) fn look(bill: &mut Draft<'_>, applied: &Applied) {
    let usage = bill.usage;
    let Some(claims) = usage.claimed.as_ref() else { return };
    let has =
        |volume: fn(&Period) -> Option<Decimal>| usage.periods.iter().any(|period| volume(period).is_some());
    let has_reservation = has(|period| period.reservation_time)
        || has(|period| period.reservation_expires)
        || has(|period| period.reservation_overtime);
    let charging = Phase::Charging;
    let quantities = [
        (charging, TariffDimension::Energy, Category::Energy, has(|period| period.energy)),
        (charging, TariffDimension::Time, Category::Time, has(|period| period.time)),
        (charging, TariffDimension::ParkingTime, Category::Parking, has(|period| period.parking_time)),
        (
            Phase::Reservation,
            TariffDimension::Time,
            Category::Reservation,
            has_reservation || usage.is_cancelled,
        ),
    ];
    for (phase, kind, category, is_there) in quantities {
        if is_there {
            continue;
        }
        let is_charging = phase == Phase::Charging;
        let is_used = is_charging && claims.total(kind).is_some_and(|total| total > Decimal::ZERO);
        let costs =
            claims.costs.get(category as usize).copied().flatten().is_some_and(|cost| cost != Decimal::ZERO);
        let is_billed = bill.sums.get(category as usize).is_some_and(|sum| !sum.is_zero());
        if !is_used && (!costs || is_billed) {
            continue;
        }
        let plans = applied.first.iter().chain(&applied.others);
        let mut compiled = plans.filter_map(|plan| bill.pricer.plans.get(*plan as usize));
        if compiled.any(|plan| if is_charging { plan.may_cost(kind) } else { plan.may_cost_reserved() }) {
            bill.gaps.push(Gap { phase: Some(phase), kind: Some(kind), ..Gap::of(Reason::NotInPeriods) });
        }
    }
    let has_gap = bill.gaps.iter().any(|gap| gap.kind == Some(TariffDimension::Time));
    if applied.absent_time.is_due() && !has_gap {
        bill.notes.push(Note::NoChargingTime);
    }
}
