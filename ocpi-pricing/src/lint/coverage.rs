//! Missing prices, and prices without effect.

use std::collections::{BTreeMap, BTreeSet};

use ocpi_types::{Concern, Decimal, Obstacle};

use super::scope::{Price, Scope};
use super::{Fix, Rule};
use crate::grid::{Cell, Grid, MOST_ELEMENTS, Mask, Scene};
use crate::tariff_model::{Component, Element, Phase, Restrictions, TariffDimension};

pub(super) fn look(scope: &mut Scope<'_>) {
    elements_without_prices(scope);
    repeated_kinds(scope);
    let is_small = scope.plan.elements.len() <= MOST_ELEMENTS;
    if is_small {
        repeated(scope);
    }
    if [unreachable(scope), energy_gaps(scope), fallback(scope)].contains(&false) {
        scope.find(Rule::TooMuchToCompare, "/elements");
    }
    free(scope);
    flats(scope);
}

fn elements_without_prices(scope: &mut Scope<'_>) {
    let why = |obstacles: &[Obstacle]| {
        let lists = obstacles.iter().find(|it| matches!(it.concern, Concern::Components | Concern::Tariff));
        lists.map_or_else(|| "`price_components` is empty".to_owned(), Obstacle::message)
    };
    if scope.plan.elements.iter().all(|element| element.components.is_empty()) {
        let element = scope.plan.elements.first().map(|element| element.obstacles.as_slice());
        return scope.find_with(Rule::NoPrice, "/elements", why(element.unwrap_or(&scope.plan.obstacles)));
    }
    for (index, element) in scope.elements().filter(|(_, it)| it.components.is_empty()) {
        scope.find_with(Rule::EmptyElement, format!("/elements/{index}"), why(&element.obstacles));
    }
}

fn repeated(scope: &mut Scope<'_>) {
    for (index, element) in scope.elements().filter(|(_, it)| is_known(it)) {
        let mut before = scope.elements().take(index).filter(|(_, it)| is_known(it));
        if before.any(|(_, it)| is_same(it, element)) {
            scope.remove(Rule::RepeatedElement, format!("/elements/{index}"));
        }
    }
}

fn repeated_kinds(scope: &mut Scope<'_>) {
    for (index, element) in scope.elements() {
        for (at, component) in element.components.iter().enumerate() {
            let earlier = element.components.iter().take(at).find(|it| it.kind == component.kind);
            if let Some(earlier) = earlier.filter(|it| it.kind != TariffDimension::Unknown) {
                let pointer = format!("/elements/{index}/price_components/{at}");
                let fix = (earlier == component).then(|| Fix::remove(scope.document, &pointer)).flatten();
                scope.fix(Rule::RepeatedKind, pointer, fix);
            }
        }
    }
}

fn is_same(one: &Element, other: &Element) -> bool {
    let is_empty = one.components.is_empty();
    !is_empty && one.restrictions == other.restrictions && one.components == other.components
}

/// Whether it is certain when the element applies.
fn is_known(element: &Element) -> bool {
    element.obstacles.is_empty()
}

/// An element among those of its phase.
type Member<'a> = (usize, &'a Element);

/// Prices that are never used, by element and component, with the elements that come first.
type Unused = BTreeMap<usize, BTreeMap<usize, BTreeSet<usize>>>;

/// Prices that are never used; `false`: there is too much to look at.
fn unreachable(scope: &mut Scope<'_>) -> bool {
    let mut phases = BTreeMap::<(Option<Phase>, Option<Phase>), Vec<Member<'_>>>::new();
    for (index, element) in scope.elements().filter(|(_, it)| is_known(it)) {
        let limits = &element.restrictions;
        phases.entry((limits.reservation, limits.booking)).or_default().push((index, element));
    }
    let mut unused = Unused::new();
    let mut is_all = true;
    for ((reservation, booking), members) in &phases {
        let phase = reservation.or(*booking).unwrap_or(Phase::Charging);
        for kind in [
            TariffDimension::Energy,
            TariffDimension::Flat,
            TariffDimension::ParkingTime,
            TariffDimension::Time,
        ] {
            match grid(members, Scene::of(phase, kind)) {
                Some(grid) => collect_unused(&mut unused, members, &grid, kind),
                None => is_all = false,
            }
        }
    }
    for (index, components) in &unused {
        report(scope, *index, components);
    }
    is_all
}

fn grid(members: &[Member<'_>], scene: Scene) -> Option<Grid> {
    let limits: Vec<&Restrictions> = members.iter().map(|(_, it)| &it.restrictions).collect();
    Grid::of(&limits, scene)
}

/// Elements that take the price of a dimension when an element applies.
#[derive(Clone, Debug, Default)]
struct Takers {
    applies: bool,
    is_used: bool,
    by: Mask,
}

fn collect_unused(unused: &mut Unused, members: &[Member<'_>], grid: &Grid, kind: TariffDimension) {
    let kinds = mask(members, |it| it.kind == kind);
    let mut takers = vec![Takers::default(); members.len()];
    for cell in grid.cells() {
        let candidates = cell.mask & kinds;
        let first = candidates.trailing_zeros() as usize;
        for (place, it) in takers.iter_mut().enumerate().filter(|(place, _)| has(candidates, *place)) {
            it.applies = true;
            if place == first { it.is_used = true } else { it.by |= 1 << first }
        }
    }
    for ((index, element), takers) in members.iter().zip(&takers) {
        // A copy of an earlier element is reported already.
        let is_copy = |(other, earlier): &Member<'_>| other < index && is_same(earlier, element);
        if !takers.applies || takers.is_used || members.iter().any(is_copy) {
            continue;
        }
        let by = members.iter().enumerate().filter(|(place, _)| has(takers.by, *place));
        let by = by.map(|(_, (index, _))| *index).collect();
        if let Some(component) = element.components.iter().position(|it| it.kind == kind) {
            unused.entry(*index).or_default().insert(component, by);
        }
    }
}

fn report(scope: &mut Scope<'_>, index: usize, components: &BTreeMap<usize, BTreeSet<usize>>) {
    let detail = |by: BTreeSet<usize>| {
        let (what, come) = if by.len() == 1 { ("element", "comes") } else { ("elements", "come") };
        let by: Vec<String> = by.iter().map(usize::to_string).collect();
        format!("{what} {} {come} first", by.join(", "))
    };
    let priced = scope.plan.elements.get(index).map(|it| it.components.as_slice()).unwrap_or_default();
    let kinds: BTreeSet<TariffDimension> = priced.iter().map(|it| it.kind).collect();
    if kinds.len() == components.len() {
        let by = components.values().flatten().copied().collect();
        return scope.find_with(Rule::UnreachableElement, format!("/elements/{index}"), detail(by));
    }
    for (component, by) in components {
        let pointer = format!("/elements/{index}/price_components/{component}");
        scope.find_with(Rule::ShadowedComponent, pointer, detail(by.clone()));
    }
}

fn has(mask: Mask, place: usize) -> bool {
    mask >> place & 1 == 1
}

fn mask(members: &[Member<'_>], of: impl Fn(&Component) -> bool) -> Mask {
    let bits = members.iter().enumerate().filter(|(_, (_, it))| it.components.iter().any(&of));
    bits.fold(0, |mask, (place, _)| mask | 1 << place)
}

fn is_for_charging(element: &Element) -> bool {
    !element.restrictions.is_reservation()
}

/// Moments of charging without a price, if energy has one at others; `false`: there is too much to look at.
fn energy_gaps(scope: &mut Scope<'_>) -> bool {
    let members: Vec<Member<'_>> = scope.elements().filter(|(_, it)| is_for_charging(it)).collect();
    if members.iter().any(|(_, it)| !is_known(it)) || !scope.plan.obstacles.is_empty() {
        return true;
    }
    let priced: Vec<Member<'_>> = members
        .into_iter()
        .filter(|(_, it)| {
            it.components.iter().any(|it| matches!(it.kind, TariffDimension::Energy | TariffDimension::Time))
        })
        .collect();
    if !priced.iter().any(|(_, it)| it.components.iter().any(|it| it.kind == TariffDimension::Energy)) {
        return true;
    }
    let Some(grid) = grid(&priced, Scene::Charging) else { return false };
    let all = mask(&priced, |_| true);
    let is_gap = |cell: &Cell| cell.mask & all == 0 && !grid.is_before_dates(cell);
    let gap = grid.cells().find(is_gap).map(|cell| grid.show(&cell));
    if let Some(gap) = gap {
        let example = if gap.is_empty() { "always".to_owned() } else { format!("for example {gap}") };
        scope.find_with(Rule::EnergyGap, "/elements", example);
    }
    true
}

/// Moments of charging at which no element applies; `false`: there is too much to look at.
fn fallback(scope: &mut Scope<'_>) -> bool {
    let charging: Vec<Member<'_>> = scope.elements().filter(|(_, it)| is_for_charging(it)).collect();
    let is_open = |(_, it): &Member<'_>| is_known(it) && !it.restrictions.is_none();
    if charging.is_empty() || !charging.iter().all(is_open) || !scope.plan.obstacles.is_empty() {
        return true;
    }
    let Some(grid) = grid(&charging, Scene::Charging) else { return false };
    if grid.union(Mask::MAX).leaves_over {
        scope.find(Rule::NoFallback, "/elements");
    }
    true
}

fn free(scope: &mut Scope<'_>) {
    let is_free = |price: Price<'_>| price.component.price == Decimal::ZERO;
    let is_flat =
        |price: Price<'_>| price.component.kind == TariffDimension::Flat && price.restrictions.is_none();
    let is_one = scope.prices().count() == 1 && scope.prices().all(is_flat);
    let is_known = scope.plan.all_obstacles().next().is_none();
    if is_known && scope.prices().next().is_some() && scope.prices().all(is_free) && !is_one {
        scope.find(Rule::FreeInParts, "/elements");
    }
}

/// Two flat prices that may both be meant for one session: a price of each of several windows, for instance. A start
/// fee beside a fee for parking is no such thing.
fn flats(scope: &mut Scope<'_>) {
    let is_parking = |element: usize| {
        let components =
            scope.plan.elements.get(element).map(|it| it.components.as_slice()).unwrap_or_default();
        components.iter().any(|it| it.kind == TariffDimension::ParkingTime)
            && !components.iter().any(|it| matches!(it.kind, TariffDimension::Energy | TariffDimension::Time))
    };
    let flats: Vec<Price<'_>> = scope
        .charging_prices()
        .filter(|it| it.component.kind == TariffDimension::Flat && !is_parking(it.element))
        .collect();
    let mut elements: Vec<usize> = flats.iter().map(|it| it.element).collect();
    elements.dedup();
    if let ([_, _, ..], Some(second)) =
        (elements.as_slice(), flats.iter().find(|it| Some(&it.element) == elements.get(1)))
    {
        scope.find(Rule::SeveralFlats, second.pointer(""));
    }
}
