//! Prices in an explanation, each with everything that it depends on.

use crate::grid::{Grid, MOST_ELEMENTS, Mask, Scene};
use crate::tariff_model::{Component, Element, Phase, Restrictions, TariffDimension, TariffModel};
use crate::unclear;

/// Content to tell about one kind of price in one part of a stay.
#[derive(Debug, Default)]
pub(super) struct Told<'a> {
    /// In the order in which they apply.
    pub(super) runs: Vec<Run<'a>>,
    /// Whether there are moments at which nothing has a price, so that it is free then.
    pub(super) is_free_otherwise: bool,
}

/// Elements that follow each other and say the same.
#[derive(Debug)]
pub(super) struct Run<'a> {
    /// `None`: the price is not stated.
    pub(super) component: Option<&'a Component>,
    /// Restrictions, one of which has to hold. Empty: the price always applies.
    pub(super) when: Vec<&'a Restrictions>,
    /// Whether it is known when the price applies.
    pub(super) is_certain: bool,
}

/// An element that has the price, or may have it.
#[derive(Clone, Copy)]
struct Candidate<'a> {
    component: Option<&'a Component>,
    element: &'a Element,
    is_certain: bool,
}

/// Collects the prices of the elements, in their order. Elements that never apply are left out: their restrictions
/// exclude each other, or earlier elements come first whenever they apply.
pub(super) fn of(plan: &TariffModel, phase: Phase, kind: TariffDimension) -> Told<'_> {
    let of_phase = || plan.elements.iter().filter(|element| phase_of(&element.restrictions) == phase);
    let candidates: Vec<Candidate<'_>> = of_phase().filter_map(|element| candidate(element, kind)).collect();
    let has_price = candidates.iter().any(|it| it.component.is_some());
    // Drivers ask for energy: a missing price of it is told in any case.
    let is_asked_for = phase == Phase::Charging && kind == TariffDimension::Energy;
    if !has_price && !is_asked_for && !of_phase().any(|element| has_unstated(element, kind)) {
        return Told::default();
    }
    let always = Restrictions::default();
    let limits: Vec<&Restrictions> = candidates
        .iter()
        // Where a condition is not understood, the element may apply at any time.
        .map(|it| if it.is_certain { &it.element.restrictions } else { &always })
        .collect();
    let grid = Grid::of(&limits, Scene::of(phase, kind));
    let certain = bits(&candidates, |it| it.is_certain);
    let (used, leaves_over) = match &grid {
        Some(grid) => {
            let union = grid.union(certain);
            (union.used, union.leaves_over)
        }
        // Too many moments to look at: nothing is said of those that may be left over.
        None => (Mask::MAX, false),
    };
    let is_used = |place: usize| place >= MOST_ELEMENTS || used >> place & 1 == 1;
    let mut runs: Vec<Run<'_>> = Vec::new();
    for (_, candidate) in candidates.iter().enumerate().filter(|(place, _)| is_used(*place)) {
        put(&mut runs, candidate);
        let is_last = candidate.is_certain && candidate.element.restrictions.is_none();
        if is_last {
            break;
        }
    }
    // One price for all moments needs no conditions.
    let is_whole = candidates.iter().all(|it| it.is_certain) && grid.is_some() && !leaves_over;
    if let ([run], true) = (runs.as_mut_slice(), is_whole) {
        run.when.clear();
    }
    let is_clear = of_phase().all(|element| element.obstacles.is_empty()) && plan.obstacles.is_empty();
    Told {
        is_free_otherwise: leaves_over
            && is_clear
            && phase == Phase::Charging
            && kind != TariffDimension::Flat,
        runs,
    }
}

/// The part of a stay that an element is for.
fn phase_of(restrictions: &Restrictions) -> Phase {
    restrictions.reservation.or(restrictions.booking).unwrap_or(Phase::Charging)
}

fn candidate(element: &Element, kind: TariffDimension) -> Option<Candidate<'_>> {
    let is_contradictory = matches!(
        (element.restrictions.reservation, element.restrictions.booking),
        (Some(one), Some(other)) if one != other
    );
    let is_certain = !is_contradictory && !unclear::condition(element);
    let stated = element.components.iter().position(|component| component.kind == kind);
    let component = match stated {
        Some(index) => element.components.get(index).filter(|_| !unclear::price(element, index)),
        None if unclear::list(element) => None,
        None => return None,
    };
    Some(Candidate { component, element, is_certain })
}

/// Whether the element has such a price, which cannot be told.
fn has_unstated(element: &Element, kind: TariffDimension) -> bool {
    element.components.iter().any(|component| component.kind == kind)
}

fn bits(candidates: &[Candidate<'_>], of: impl Fn(&Candidate<'_>) -> bool) -> Mask {
    let places = candidates.iter().take(MOST_ELEMENTS).enumerate().filter(|(_, it)| of(it));
    places.fold(0, |mask, (place, _)| mask | 1 << place)
}

/// Adds a candidate to the last run if it says the same, else starts a new run.
fn put<'a>(runs: &mut Vec<Run<'a>>, candidate: &Candidate<'a>) {
    let Candidate { component, element, is_certain } = *candidate;
    let restrictions = &element.restrictions;
    match runs.last_mut() {
        Some(run) if run.component == component && run.is_certain == is_certain => {
            if restrictions.is_none() || run.when.is_empty() {
                run.when.clear();
            } else if !run.when.contains(&restrictions) {
                run.when.push(restrictions);
            }
        }
        _ => {
            let when = if restrictions.is_none() { Vec::new() } else { vec![restrictions] };
            runs.push(Run { component, when, is_certain });
        }
    }
}
