//! Facts that are unknown because of the obstacles of an element.

use ocpi_types::{Concern, Obstacle, ObstacleCause};

use crate::tariff_model::Element;

/// Whether it is not known when the element applies.
pub(crate) fn condition(element: &Element) -> bool {
    element.obstacles.iter().any(|obstacle| obstacle.concern == Concern::Restrictions)
}

/// Whether a price of the element, with its tax, is not known.
pub(crate) fn price(element: &Element, component: usize) -> bool {
    of(element, component).any(|obstacle| obstacle.concern == Concern::Price)
}

/// Whether the step of a price is not known. One that is known and makes no sense is.
pub(crate) fn step(element: &Element, component: usize) -> bool {
    let is_blank = |obstacle: &Obstacle| !matches!(obstacle.cause, ObstacleCause::OutOfRange(_));
    of(element, component).any(|obstacle| obstacle.concern == Concern::Step && is_blank(obstacle))
}

/// Whether the element may have prices that are not known. A dimension that OCPI does not have is none of those that
/// it has.
pub(crate) fn list(element: &Element) -> bool {
    element.obstacles.iter().any(|obstacle| match obstacle.concern {
        Concern::Components => true,
        Concern::Kind => obstacle.cause != ObstacleCause::UnknownValue,
        _ => false,
    })
}

fn of(element: &Element, component: usize) -> impl Iterator<Item = &Obstacle> {
    element.obstacles.iter().filter(move |obstacle| obstacle.component == Some(component))
}
