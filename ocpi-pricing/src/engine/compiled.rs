//! A plan made ready for pricing.

use crate::fixed::{Fixed, Ratio};
use crate::plan::{Component, Kind, Phase, Plan, Restrictions, Tax};
use crate::policy::Policy;

use super::moment::{DAY, Moment, Restriction, Tests, Verdict, window};

#[derive(Debug)]
pub(crate) struct Compiled {
    pub(crate) plan: Plan,
    pub(crate) tests: Vec<Tests>,
    pub(crate) rates: Vec<Rate>,
    /// How many rates the plans before it have.
    pub(crate) first_rate: usize,
    pub(crate) changes: Changes,
    /// Elements with a component of an unknown kind.
    pub(crate) odd: Vec<u32>,
    /// The rates that may apply, in the order of the elements: by phase and kind.
    lookup: [Vec<(u32, u32)>; PHASES * KINDS],
}

/// One component, ready for arithmetic.
#[derive(Debug)]
pub(crate) struct Rate {
    pub(crate) element: u32,
    pub(crate) component: u32,
    /// Money per kWh, per second or at once.
    pub(crate) price: Ratio,
    /// kWh or seconds.
    pub(crate) step: Fixed,
    pub(crate) tax: TaxRule,
    /// Whether the fee is one of parking.
    pub(crate) is_parking_fee: bool,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum TaxRule {
    /// The tax is this part of the price.
    OnTop(Ratio),
    /// The amount before tax is this part of the price.
    Inside(Ratio),
    /// There is none.
    None,
    /// It comes on top, and nobody says how much.
    UnknownOnTop,
    /// It is inside, and nobody says how much.
    UnknownInside,
}

/// Where something can change in the middle of a period.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// Whether any restriction looks at the clock.
    pub(crate) needs_local_time: bool,
    /// Whether any restriction looks at current or power.
    pub(crate) needs_readings: bool,
    /// Seconds of the local day, ascending.
    pub(crate) seconds: Vec<u32>,
    pub(crate) durations: Vec<Fixed>,
    pub(crate) energies: Vec<Fixed>,
}

/// What supplies the price of a dimension.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Found {
    Rate(u32),
    Nothing,
    /// It depends on something that is not known.
    Unknown {
        element: u32,
        restriction: Restriction,
    },
}

const PHASES: usize = 5;
const KINDS: usize = 4;

impl Compiled {
    pub(crate) fn of(plan: Plan, first_rate: usize) -> Self {
        let mut lookup = [const { Vec::new() }; PHASES * KINDS];
        let (mut rates, mut odd, mut tests) = (Vec::new(), Vec::new(), Vec::new());
        let has_vat = plan.has_vat();
        for (element_index, element) in (0..).zip(&plan.elements) {
            let is_odd = element.components.iter().any(|component| component.kind == Kind::Unknown);
            if is_odd {
                odd.push(element_index);
            }
            let mut seen = [false; KINDS];
            let mut has_obstacle = element
                .obstacles
                .iter()
                // A component of an unknown kind is not priced, but leaves the others what they are.
                .any(|obstacle| !obstacle.pointer.ends_with("/type"));
            for (component_index, component) in (0..).zip(&element.components) {
                let Some(kind) = kind_index(component.kind) else { continue };
                let tax = tax_rule(&plan, component, has_vat);
                has_obstacle |= component.step_size < 0 || tax.is_none();
                let is_first = seen.get_mut(kind).is_some_and(|seen| !std::mem::replace(seen, true));
                if is_first {
                    for phase in phases(&element.restrictions) {
                        let rate = u32::try_from(rates.len()).unwrap_or(u32::MAX);
                        if let Some(list) = lookup.get_mut(phase_index(phase) * KINDS + kind) {
                            list.push((element_index, rate));
                        }
                    }
                }
                rates.push(Rate {
                    element: element_index,
                    component: component_index,
                    price: price(component),
                    step: step(component),
                    tax: tax.unwrap_or(TaxRule::None),
                    is_parking_fee: component.kind == Kind::Flat && is_parking(&element.components),
                });
            }
            tests.push(Tests::of(element, plan.version, has_obstacle));
        }
        Self { changes: Changes::of(&plan), plan, tests, rates, first_rate, odd, lookup }
    }

    /// The first element with a price for the dimension whose restrictions hold.
    ///
    /// Spec: 2.2.1 mod_tariffs §tariff_object
    #[inline]
    pub(crate) fn find(&self, phase: Phase, kind: Kind, moment: &Moment, policy: &Policy) -> Found {
        let found = self.first(phase, kind, moment, policy);
        // What an expired reservation has no price for costs what the reservation costs.
        if phase == Phase::Expired && found == Found::Nothing {
            return self.first(Phase::Reservation, kind, moment, policy);
        }
        found
    }

    #[inline]
    fn first(&self, phase: Phase, kind: Kind, moment: &Moment, policy: &Policy) -> Found {
        for (element, rate) in self.candidates(phase, kind) {
            match self.verdict(*element, moment, policy) {
                Verdict::Holds => return Found::Rate(*rate),
                Verdict::Fails(_) => {}
                Verdict::Unknown(restriction) => return Found::Unknown { element: *element, restriction },
            }
        }
        Found::Nothing
    }

    /// The elements, and their rates, that have a price for the dimension, in order.
    #[inline]
    pub(crate) fn candidates(&self, phase: Phase, kind: Kind) -> &[(u32, u32)] {
        let list = kind_index(kind).and_then(|kind| self.lookup.get(phase_index(phase) * KINDS + kind));
        list.map_or(&[], Vec::as_slice)
    }

    #[inline]
    pub(crate) fn verdict(&self, element: u32, moment: &Moment, policy: &Policy) -> Verdict {
        self.tests.get(element as usize).map_or(Verdict::Holds, |tests| tests.verdict(moment, policy))
    }
}

impl Changes {
    fn of(plan: &Plan) -> Self {
        let mut changes = Self::default();
        for limits in plan.elements.iter().map(|element| &element.restrictions) {
            changes.needs_local_time |= limits.needs_local_time();
            let readings = [limits.min_current, limits.max_current, limits.min_power, limits.max_power];
            changes.needs_readings |= readings.iter().any(Option::is_some);
            if let Some((from, until)) = window(limits) {
                changes.seconds.extend([from % DAY, until % DAY]);
            }
            if limits.needs_local_time() {
                changes.seconds.push(0);
            }
            let durations = [limits.min_duration, limits.max_duration];
            changes.durations.extend(durations.into_iter().flatten().map(Fixed::whole));
            let energies = [limits.min_kwh, limits.max_kwh];
            changes.energies.extend(energies.into_iter().flatten().map(Fixed::saturating));
        }
        changes.seconds.sort_unstable();
        changes.seconds.dedup();
        changes.durations.sort_unstable();
        changes.durations.dedup();
        changes.energies.sort_unstable();
        changes.energies.dedup();
        changes
    }
}

/// The phases that an element is for: one, unless `reservation` and `booking` contradict each other.
fn phases(limits: &Restrictions) -> impl Iterator<Item = Phase> {
    let booking = limits.booking.filter(|phase| limits.reservation != Some(*phase));
    let none = (!limits.is_reservation()).then_some(Phase::Charging);
    limits.reservation.into_iter().chain(booking).chain(none)
}

fn phase_index(phase: Phase) -> usize {
    match phase {
        Phase::Charging => 0,
        Phase::Reservation => 1,
        Phase::Expired => 2,
        Phase::Overtime => 3,
        Phase::Cancelled => 4,
    }
}

fn kind_index(kind: Kind) -> Option<usize> {
    match kind {
        Kind::Energy => Some(0),
        Kind::Time => Some(1),
        Kind::ParkingTime => Some(2),
        Kind::Flat => Some(3),
        Kind::Unknown => None,
    }
}

fn is_parking(components: &[Component]) -> bool {
    let has = |kind| components.iter().any(|component| component.kind == kind);
    has(Kind::ParkingTime) && !has(Kind::Energy) && !has(Kind::Time)
}

fn price(component: &Component) -> Ratio {
    let is_time = matches!(component.kind, Kind::Time | Kind::ParkingTime);
    Ratio::of(component.price, if is_time { 3600 } else { 1 })
}

fn step(component: &Component) -> Fixed {
    match component.kind {
        Kind::Energy => Fixed::thousandths(component.step_size),
        Kind::Time | Kind::ParkingTime => Fixed::whole(component.step_size),
        Kind::Flat | Kind::Unknown => Fixed::ZERO,
    }
}

/// How tax is computed; `None` if the rate makes no sense.
fn tax_rule(plan: &Plan, component: &Component, has_vat: bool) -> Option<TaxRule> {
    use ocpi_types::Version;
    Some(match (plan.tax, component.vat) {
        (Tax::NotApplicable, _) => TaxRule::None,
        (Tax::Excluded, Some(vat)) => TaxRule::OnTop(Ratio::of(vat, 100)),
        (Tax::Included, Some(vat)) => TaxRule::Inside(Ratio::without(vat)?),
        // There is no rate in 2.1.1 at all.
        (Tax::Excluded, None) if plan.version == Version::V2_1_1 => TaxRule::UnknownOnTop,
        // 2.2.1: no VAT applies. In 2.3.0 too, if the tariff has rates elsewhere; a tariff without any rate may
        // leave tax to be settled later, as in North America.
        (Tax::Excluded, None) if plan.version == Version::V2_2_1 || has_vat => TaxRule::None,
        (Tax::Included, None) if has_vat => TaxRule::None,
        (Tax::Excluded, None) => TaxRule::UnknownOnTop,
        (Tax::Included, None) => TaxRule::UnknownInside,
    })
}
