//! A tariff compiled for pricing.

use std::sync::Arc;

use ocpi_types::{Concern, Obstacle, ObstacleCause};

use crate::fixed::{Fixed, Ratio};
use crate::policy::Policy;
use crate::tariff_model::TariffDimension::{Energy, Flat, ParkingTime, Time};
use crate::tariff_model::{Component, Element, Phase, Restrictions, TariffDimension, TariffModel, Tax};

use super::moment::{DAY, Moment, Restriction, Tests, Verdict, window};

#[derive(Debug)]
pub(crate) struct Compiled {
    pub(crate) plan: Arc<TariffModel>,
    pub(crate) tests: Vec<Tests>,
    pub(crate) rates: Vec<Rate>,
    /// Number of rates in the plans before it.
    pub(crate) first_rate: usize,
    pub(crate) changes: Changes,
    /// Elements with a component of a kind that OCPI does not have.
    pub(crate) odd: Vec<u32>,
    /// The rates that may apply, in the order of the elements: by phase and kind.
    lookup: [Vec<(u32, u32)>; PHASES * KINDS],
    /// Whether some price is not known, so that each has to be looked at before it is taken.
    is_unsound: bool,
    /// Of each kind: whether no tariff of the pricer has a price for it that is not zero.
    is_free: [bool; KINDS],
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
    /// Reason why the price, or the step, is not known: the place among the obstacles of the element.
    obstacle: Option<u32>,
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

/// Bounds at which something can change in the middle of a period.
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

/// Source of the price of a dimension.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Found {
    Rate(u32),
    Nothing,
    /// It depends on something that is not known.
    Unknown {
        element: u32,
        why: Unknown,
    },
}

/// Reason why a price is not known.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Unknown {
    /// It is not known whether the element applies.
    Restriction(Restriction),
    /// This one of the obstacles of the element.
    Obstacle(u32),
}

const PHASES: usize = 5;
const KINDS: usize = 4;
/// In place of a rate: the element may have one, and nobody knows which.
const UNKNOWN_RATE: u32 = u32::MAX;

impl Compiled {
    pub(crate) fn of(plan: Arc<TariffModel>, first_rate: usize) -> Self {
        let mut lookup = Lookup::default();
        let (mut rates, mut odd, mut tests) = (Vec::new(), Vec::new(), Vec::new());
        let mut is_free = [true; KINDS];
        let has_vat = plan.has_vat();
        for (element_index, element) in (0..).zip(&plan.elements) {
            let mut slots =
                Slots { element: element_index, phases: Phases::of(element), seen: [false; KINDS] };
            if concerns(element, Concern::Components).is_some() {
                lookup.put_unknown(&mut slots);
            }
            let mut has_obstacle = concerns(element, Concern::Restrictions).is_some();
            for (component_index, component) in (0..).zip(&element.components) {
                let obstacle = |concern| of_component(element, component_index, concern);
                match obstacle(Concern::Kind) {
                    Some((_, ObstacleCause::UnknownValue)) => odd.push(element_index),
                    Some(_) => lookup.put_unknown(&mut slots),
                    None => {}
                }
                let Some(kind) = kind_index(component.kind) else { continue };
                let tax = tax_rule(&plan, component, has_vat);
                let lacks = obstacle(Concern::Price).or_else(|| obstacle(Concern::Step));
                let is_senseless = tax.is_none() || (component.step_size < 0 && component.kind != Flat);
                has_obstacle |= lacks.is_none() && is_senseless;
                let rate = Rate {
                    element: element_index,
                    component: component_index,
                    price: price(component),
                    step: step(component),
                    tax: tax.unwrap_or(TaxRule::None),
                    is_parking_fee: component.kind == Flat && is_parking(&element.components),
                    obstacle: lacks.map(|(place, _)| place),
                };
                lookup.is_unsound |= rate.obstacle.is_some();
                if let Some(is_free) = is_free.get_mut(kind) {
                    *is_free &= rate.price.is_zero() && rate.obstacle.is_none();
                }
                lookup.put(&mut slots, kind, u32::try_from(rates.len()).unwrap_or(UNKNOWN_RATE));
                rates.push(rate);
            }
            tests.push(Tests::of(element, plan.version, has_obstacle));
        }
        odd.dedup();
        let Lookup { lists: lookup, is_unsound, has_unknown } = lookup;
        is_free = if has_unknown { [false; KINDS] } else { is_free };
        Self { changes: Changes::of(&plan), plan, tests, rates, first_rate, odd, lookup, is_unsound, is_free }
    }

    /// Tells each plan the kinds that are free in all of them.
    pub(crate) fn agree_on_what_is_free(plans: &mut [Self]) {
        let all = plans.iter().fold([true; KINDS], |all, plan| {
            let mut both = all;
            both.iter_mut().zip(plan.is_free).for_each(|(all, its)| *all &= its);
            both
        });
        plans.iter_mut().for_each(|plan| plan.is_free = all);
    }

    /// The first element with a price for the dimension whose restrictions hold.
    ///
    /// Spec: 2.2.1 mod_tariffs §tariff_object
    #[inline]
    pub(crate) fn find(
        &self,
        phase: Phase,
        kind: TariffDimension,
        moment: &Moment,
        policy: &Policy,
    ) -> Found {
        let candidates = Candidates {
            first: self.candidates(phase, kind),
            // A dimension without a price for expired reservations costs the same as in a reservation.
            then: if phase == Phase::Expired { self.candidates(Phase::Reservation, kind) } else { &[] },
        };
        let mut is_open = false;
        for (element, rate) in candidates.iter() {
            match self.verdict(*element, moment, policy) {
                Verdict::Fails(_) => {}
                Verdict::Unknown(_) => is_open = true,
                Verdict::Holds if is_open || self.is_unsound => {
                    return self.settle(&candidates, Some(*rate), kind, moment, policy);
                }
                Verdict::Holds => return Found::Rate(*rate),
            }
        }
        if is_open { self.settle(&candidates, None, kind, moment, policy) } else { Found::Nothing }
    }

    /// Finds the rate that holds for certain, if all rates that may hold before it come to the same. `certain` is the
    /// first rate that holds; `None`: none does.
    #[cold]
    fn settle(
        &self,
        candidates: &Candidates<'_>,
        certain: Option<u32>,
        kind: TariffDimension,
        moment: &Moment,
        policy: &Policy,
    ) -> Found {
        for (element, rate) in candidates.iter() {
            let is_certain = certain == Some(*rate);
            let verdict = self.verdict(*element, moment, policy);
            let known = self.rates.get(*rate as usize).filter(|rate| self.is_known(rate, policy));
            let why = match (verdict, known) {
                (Verdict::Fails(_), _) => continue,
                (Verdict::Holds, Some(_)) if is_certain => return Found::Rate(*rate),
                (Verdict::Unknown(_), Some(known)) if self.is_the_same(known, certain, kind, policy) => {
                    continue;
                }
                (Verdict::Unknown(Restriction::Unknown), _) => {
                    self.why_unknown(*element, Concern::Restrictions)
                }
                (_, None) => self.why_no_rate(*element, *rate),
                (Verdict::Unknown(restriction), Some(_)) => Unknown::Restriction(restriction),
                // It is not the first that holds.
                (Verdict::Holds, Some(_)) => continue,
            };
            return Found::Unknown { element: *element, why };
        }
        Found::Nothing
    }

    fn is_known(&self, rate: &Rate, policy: &Policy) -> bool {
        use crate::policy::Steps;
        let Some(obstacle) = rate.obstacle else { return true };
        let obstacle = self.obstacle(rate.element, obstacle);
        let is_of_step = obstacle.is_some_and(|obstacle| obstacle.concern == Concern::Step);
        // Steps of a price of zero make no difference.
        is_of_step && (policy.steps == Steps::Ignored || rate.price.is_zero())
    }

    /// Whether a session costs the same by one rate as by another, or by none.
    fn is_the_same(&self, one: &Rate, other: Option<u32>, kind: TariffDimension, policy: &Policy) -> bool {
        use crate::policy::Steps;
        if let Some(other) = other {
            let other = self.rates.get(other as usize).filter(|other| self.is_known(other, policy));
            return other.is_some_and(|other| {
                let is_free = one.price.is_zero() && other.price.is_zero();
                is_free
                    || (one.price, one.step, one.tax) == (other.price, other.step, other.tax)
                        && one.is_parking_fee == other.is_parking_fee
            });
        }
        // Nothing is billed by no rate: that may round other quantities, or leave room for another fee.
        let is_free = |kind| kind_index(kind).and_then(|kind| self.is_free.get(kind)) == Some(&true);
        let is_rounded = matches!(policy.steps, Steps::OncePerSession | Steps::EachDimension);
        one.price.is_zero()
            && match kind {
                Time | ParkingTime => !is_rounded || is_free(Time) && is_free(ParkingTime),
                Energy => !is_rounded || is_free(Energy),
                Flat | TariffDimension::Unknown => is_free(Flat),
            }
    }

    /// Finds the reason why no rate is known.
    fn why_no_rate(&self, element: u32, rate: u32) -> Unknown {
        match self.rates.get(rate as usize).and_then(|rate| rate.obstacle) {
            Some(obstacle) => Unknown::Obstacle(obstacle),
            None if self.find_obstacle(element, Concern::Components).is_some() => {
                self.why_unknown(element, Concern::Components)
            }
            None => self.why_unknown(element, Concern::Kind),
        }
    }

    fn why_unknown(&self, element: u32, concern: Concern) -> Unknown {
        let obstacle = self.find_obstacle(element, concern);
        obstacle.map_or(Unknown::Restriction(Restriction::Unknown), Unknown::Obstacle)
    }

    fn find_obstacle(&self, element: u32, concern: Concern) -> Option<u32> {
        concerns(self.plan.elements.get(element as usize)?, concern)
    }

    /// An obstacle of an element.
    pub(crate) fn obstacle(&self, element: u32, obstacle: u32) -> Option<&Obstacle> {
        self.plan.elements.get(element as usize)?.obstacles.get(obstacle as usize)
    }

    /// Finds the obstacle of a component of the element that nobody can price.
    pub(crate) fn odd_obstacle(&self, element: u32) -> Option<&Obstacle> {
        let is_it = |it: &&Obstacle| it.concern == Concern::Kind && it.cause == ObstacleCause::UnknownValue;
        self.plan.elements.get(element as usize)?.obstacles.iter().find(is_it)
    }

    /// Whether a session that is charged by this tariff may cost something for a kind.
    pub(crate) fn may_cost(&self, kind: TariffDimension) -> bool {
        self.candidates(Phase::Charging, kind).iter().any(|(_, rate)| self.costs(*rate))
    }

    /// Whether a reservation may cost something by this tariff.
    pub(crate) fn may_cost_reserved(&self) -> bool {
        let phases = [Phase::Reservation, Phase::Expired, Phase::Overtime];
        let kinds = [Energy, Time, ParkingTime, Flat];
        let mut lists = phases.into_iter().flat_map(|phase| kinds.map(|kind| self.candidates(phase, kind)));
        lists.any(|list| list.iter().any(|(_, rate)| self.costs(*rate)))
    }

    /// Whether the price of a rate is not zero, or not known.
    pub(crate) fn costs(&self, rate: u32) -> bool {
        let costs = |rate: &Rate| !rate.price.is_zero() || rate.obstacle.is_some();
        self.rates.get(rate as usize).is_none_or(costs)
    }

    /// The elements, and their rates, that have a price for the dimension, in order.
    #[inline]
    pub(crate) fn candidates(&self, phase: Phase, kind: TariffDimension) -> &[(u32, u32)] {
        let list = kind_index(kind).and_then(|kind| self.lookup.get(phase_index(phase) * KINDS + kind));
        list.map_or(&[], Vec::as_slice)
    }

    #[inline]
    pub(crate) fn verdict(&self, element: u32, moment: &Moment, policy: &Policy) -> Verdict {
        self.tests.get(element as usize).map_or(Verdict::Holds, |tests| tests.verdict(moment, policy))
    }
}

/// The table of rates while it is made.
struct Lookup {
    lists: [Vec<(u32, u32)>; PHASES * KINDS],
    is_unsound: bool,
    has_unknown: bool,
}

/// Places that the rates of an element go to.
struct Slots {
    element: u32,
    phases: Phases,
    /// The kinds that it has a rate of already: the first one counts.
    seen: [bool; KINDS],
}

impl Default for Lookup {
    fn default() -> Self {
        Self { lists: [const { Vec::new() }; PHASES * KINDS], is_unsound: false, has_unknown: false }
    }
}

impl Lookup {
    fn put(&mut self, slots: &mut Slots, kind: usize, rate: u32) {
        let is_first = slots.seen.get_mut(kind).is_some_and(|seen| !std::mem::replace(seen, true));
        for phase in slots.phases.iter().filter(|_| is_first) {
            if let Some(list) = self.lists.get_mut(phase_index(phase) * KINDS + kind) {
                list.push((slots.element, rate));
            }
        }
    }

    /// Puts a price that may be of any kind in the place of every kind.
    fn put_unknown(&mut self, slots: &mut Slots) {
        (0..KINDS).for_each(|kind| self.put(slots, kind, UNKNOWN_RATE));
        (self.is_unsound, self.has_unknown) = (true, true);
    }
}

/// Elements with rates that may supply a price, in order.
struct Candidates<'a> {
    first: &'a [(u32, u32)],
    then: &'a [(u32, u32)],
}

impl<'a> Candidates<'a> {
    #[inline]
    fn iter(&self) -> impl Iterator<Item = &'a (u32, u32)> + use<'a> {
        self.first.iter().chain(self.then)
    }
}

/// The first obstacle of an element that leaves something unknown.
fn concerns(element: &Element, concern: Concern) -> Option<u32> {
    let place = element.obstacles.iter().position(|obstacle| obstacle.concern == concern)?;
    u32::try_from(place).ok()
}

/// The same of one of its components.
fn of_component(element: &Element, component: u32, concern: Concern) -> Option<(u32, ObstacleCause)> {
    let is_it = |it: &Obstacle| it.concern == concern && it.component == Some(component as usize);
    let (place, obstacle) = element.obstacles.iter().enumerate().find(|(_, it)| is_it(it))?;
    Some((u32::try_from(place).ok()?, obstacle.cause))
}

impl Changes {
    fn of(plan: &TariffModel) -> Self {
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

/// The phases that an element is for: one, unless `reservation` and `booking` contradict each other, or its restrictions
/// may be those of a reservation.
struct Phases {
    known: [Option<Phase>; 2],
    may_be_reserved: bool,
}

impl Phases {
    fn of(element: &Element) -> Self {
        let limits: &Restrictions = &element.restrictions;
        let booking = limits.booking.filter(|phase| limits.reservation != Some(*phase));
        let none = (!limits.is_reservation()).then_some(Phase::Charging);
        let is_any = |it: &Obstacle| {
            let is_whole =
                &*it.member == "restrictions" || it.cause == ObstacleCause::LooksLike("restrictions");
            let is_named = ["reservation", "booking"].iter().any(|name| {
                it.cause == ObstacleCause::LooksLike(name)
                    || (*it.member == **name && it.cause != ObstacleCause::UnknownValue)
            });
            it.concern == Concern::Restrictions && (is_whole || is_named)
        };
        Self {
            known: [limits.reservation.or(none), booking],
            may_be_reserved: element.obstacles.iter().any(is_any),
        }
    }

    fn iter(&self) -> impl Iterator<Item = Phase> {
        let may_be = [Phase::Charging, Phase::Reservation, Phase::Expired];
        let others =
            may_be.into_iter().filter(|phase| self.may_be_reserved && !self.known.contains(&Some(*phase)));
        self.known.into_iter().flatten().chain(others)
    }
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

fn kind_index(kind: TariffDimension) -> Option<usize> {
    match kind {
        Energy => Some(0),
        Time => Some(1),
        ParkingTime => Some(2),
        Flat => Some(3),
        TariffDimension::Unknown => None,
    }
}

fn is_parking(components: &[Component]) -> bool {
    let has = |kind| components.iter().any(|component| component.kind == kind);
    has(ParkingTime) && !has(Energy) && !has(Time)
}

fn price(component: &Component) -> Ratio {
    let is_time = matches!(component.kind, Time | ParkingTime);
    Ratio::of(component.price, if is_time { 3600 } else { 1 })
}

fn step(component: &Component) -> Fixed {
    match component.kind {
        Energy => Fixed::thousandths(component.step_size),
        Time | ParkingTime => Fixed::whole(component.step_size),
        Flat | TariffDimension::Unknown => Fixed::ZERO,
    }
}

/// Returns the tax rule of a component; `None` if the rate makes no sense.
fn tax_rule(plan: &TariffModel, component: &Component, has_vat: bool) -> Option<TaxRule> {
    use ocpi_types::Version;
    Some(match (plan.tax, component.vat) {
        (Tax::NotApplicable, _) => TaxRule::None,
        (Tax::Excluded, Some(vat)) => TaxRule::OnTop(Ratio::of(vat, 100)),
        (Tax::Included, Some(vat)) => TaxRule::Inside(Ratio::without(vat)?),
        // There is no rate in 2.1.1 at all.
        (Tax::Excluded, None) if plan.version == Version::V2_1_1 => TaxRule::UnknownOnTop,
        // 2.2.1: no VAT applies. In 2.3.0 too, if the tariff has rates elsewhere; a tariff without any rate may
        // leave tax to be settled later, as in North America.
        (Tax::Excluded, None) if plan.version.edition_of() == Version::V2_2_1 || has_vat => TaxRule::None,
        (Tax::Included, None) if has_vat => TaxRule::None,
        (Tax::Excluded, None) => TaxRule::UnknownOnTop,
        (Tax::Included, None) => TaxRule::UnknownInside,
    })
}
