//! `step_size`.

use super::draft::Draft;
use crate::bill::Entry;
use crate::error::{Fault, PriceError};
use crate::fixed::Fixed;
use crate::policy::Steps;
use crate::tariff_model::{Phase, TariffDimension};

/// Rounds billed quantities up to the steps, as the policy says. The excess goes to the last quantity of its kind.
///
/// Spec: 2.2.1 mod_cdrs §step_size
pub(crate) fn round(bill: &mut Draft<'_>) -> Result<(), PriceError> {
    let steps = bill.pricer.policy.steps;
    let mut groups = [Group::default(); 5];
    for (index, entry) in bill.entries.iter_mut().enumerate() {
        // Energy that is fed back is credited as it was measured.
        let Some(group) = group_of(entry).filter(|_| !entry.measured.is_negative()) else { continue };
        if steps == Steps::EachPeriod {
            let step = step_of(bill.pricer, entry);
            entry.billed = entry.measured.up_to(step).ok_or_else(|| Fault::Amount)?;
        }
        if let Some(group) = groups.get_mut(group) {
            group.total = group.total.add(entry.billed).ok_or_else(|| Fault::Amount)?;
            group.last = Some(index);
        }
    }
    if matches!(steps, Steps::Ignored | Steps::EachPeriod) {
        return Ok(());
    }
    if steps == Steps::OncePerSession {
        let [_, charging, parking, ..] = &mut groups;
        // Time that is followed by time of the other kind stays as it was measured.
        if parking.last > charging.last { charging.last = None } else { parking.last = None }
    }
    for group in groups {
        let Some(entry) = group.last.and_then(|last| bill.entries.get_mut(last)) else { continue };
        let step = step_of(bill.pricer, entry);
        let excess = group.total.up_to(step).and_then(|total| total.sub(group.total));
        entry.billed = excess.and_then(|excess| entry.measured.add(excess)).ok_or_else(|| Fault::Amount)?;
    }
    Ok(())
}

/// Quantities that are rounded together.
#[derive(Clone, Copy, Default)]
struct Group {
    total: Fixed,
    last: Option<usize>,
}

fn group_of(entry: &Entry) -> Option<usize> {
    match (entry.phase, entry.kind) {
        (_, TariffDimension::Flat | TariffDimension::Unknown) => None,
        (_, TariffDimension::Energy) => Some(0),
        (Phase::Charging, TariffDimension::Time) => Some(1),
        (_, TariffDimension::ParkingTime) => Some(2),
        (Phase::Reservation | Phase::Expired, TariffDimension::Time) => Some(3),
        (Phase::Overtime | Phase::Cancelled, TariffDimension::Time) => Some(4),
    }
}

fn step_of(pricer: &super::Pricer, entry: &Entry) -> Fixed {
    pricer.rate(entry).map_or(Fixed::ZERO, |rate| rate.step)
}

impl super::Pricer {
    /// The component that a quantity is priced by.
    #[inline]
    pub(crate) fn rate(&self, entry: &Entry) -> Option<&super::compiled::Rate> {
        self.plans.get(entry.plan as usize)?.rates.get(entry.rate as usize)
    }
}
