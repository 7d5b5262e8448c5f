//! Tariffs that would cost something else in the other version, or whose price cannot be computed.

use super::{ConversionRule, PriceChanges, Step, Unsupported};
use crate::{Change, Concern, Extra, Finding, NonEmpty, Obstacle, ObstacleCause, Priceable, Value};

/// The first obstacle to a price that the policy does not let pass.
pub(super) fn obstacle<T: Priceable>(tariff: &T, run: &Step<'_>) -> Option<Unsupported> {
    obstacle_besides(tariff, |_| false, run)
}

/// The first obstacle to a price that the policy does not let pass, besides those of elements that are left out.
pub(super) fn obstacle_besides<T: Priceable>(
    tariff: &T,
    is_left_out: impl Fn(usize) -> bool,
    run: &Step<'_>,
) -> Option<Unsupported> {
    if run.changes_prices() {
        return None;
    }
    let mut obstacles = tariff.obstacles();
    obstacles.retain(|obstacle| !obstacle.element.is_some_and(&is_left_out));
    first_of(obstacles, run)
}

fn first_of(obstacles: Vec<Obstacle>, run: &Step<'_>) -> Option<Unsupported> {
    let is_carried = run.context().price_changes == PriceChanges::LeaveOut;
    let found = obstacles.into_iter().find(|obstacle| !is_carried || is_broken(obstacle))?;
    Some(Unsupported::found(Finding::from(found), ConversionRule::NotPriceable))
}

/// Whether a part of the tariff would be gone: it has no value that could be converted.
fn is_broken(obstacle: &Obstacle) -> bool {
    match obstacle.cause {
        // A limit is carried along as text.
        ObstacleCause::Missing | ObstacleCause::Null => obstacle.concern != Concern::Limits,
        ObstacleCause::PartUnreadable | ObstacleCause::Twice => true,
        // One that is optional is carried along as text.
        ObstacleCause::Unreadable(_) => !matches!(obstacle.concern, Concern::Restrictions | Concern::Limits),
        _ => false,
    }
}

/// The first such obstacle in the elements of a PATCH of a tariff.
pub(super) fn obstacle_of_change<E: Priceable>(
    elements: &Change<NonEmpty<E>>,
    extra: &Extra,
    is_left_out: fn(&E) -> bool,
    run: &Step<'_>,
) -> Option<Unsupported> {
    if run.changes_prices() {
        return None;
    }
    if extra.get("elements").is_some() || extra.repeated().any(|(name, _)| name == "elements") {
        return Some(Unsupported::at("elements", ConversionRule::NotPriceable));
    }
    let mut stay = elements.as_set()?.iter().enumerate().filter(|(_, element)| !is_left_out(element));
    stay.find_map(|(index, element)| {
        let unsupported = first_of(element.obstacles(), run)?;
        Some(unsupported.within(&index.to_string()).within("elements"))
    })
}

/// Tells that the tariff cannot be priced, and is carried along.
pub(super) fn note_kept<T: Priceable>(tariff: &T, elements: &impl Value, run: &mut Step<'_>) {
    if run.context().price_changes != PriceChanges::Refuse && !tariff.is_priceable() {
        run.note(ConversionRule::NotPriceableKept, "elements", elements);
    }
}

/// Function that finds the reason for which a tariff of a CDR cannot be expressed.
type Obstacles<T> = fn(&T, &Step<'_>) -> Option<Unsupported>;

/// Finds the reason for which a CDR is refused: the first of its tariffs that cannot be expressed, where the policy
/// does not let it be left out.
pub(super) fn refusal_of_cdr<T>(
    tariffs: &[T],
    obstacle: Obstacles<T>,
    run: &Step<'_>,
) -> Option<Unsupported> {
    if run.context().price_changes != PriceChanges::Refuse {
        return None;
    }
    tariffs
        .iter()
        .enumerate()
        .find_map(|(index, tariff)| Some(obstacle(tariff, run)?.within(&index.to_string()).within("tariffs")))
}

/// Leaves the tariffs out of a CDR that cannot be expressed. Where periods do not name their tariff, the CDR would be
/// priced by those that are left, so all go.
pub(super) fn leave_out<T: Value>(tariffs: &mut Vec<T>, obstacle: Obstacles<T>, run: &mut Step<'_>) {
    let rules: Vec<_> =
        tariffs.iter().map(|tariff| obstacle(tariff, run).map(|unsupported| unsupported.rule())).collect();
    let Some(first) = rules.iter().flatten().next().copied() else { return };
    let are_named = run.to() > crate::Version::V2_1_1;
    let mut rules = rules.into_iter().enumerate();
    let _ = run.member("tariffs", |run| {
        tariffs.retain(|tariff| {
            let (index, rule) = rules.next().unwrap_or_default();
            if rule.is_none() && are_named {
                return true;
            }
            run.note_element(rule.unwrap_or(first), index, tariff);
            false
        });
        Ok(())
    });
}

impl Step<'_> {
    /// Whether a tariff may cost something else in the other version.
    pub(super) fn changes_prices(&self) -> bool {
        self.context().price_changes == PriceChanges::Allow
    }
}
