//! What obstacles leave unknown.

use crate::plan::Element;

/// Whether it is not known when the element applies.
pub(super) fn condition(element: &Element) -> bool {
    parts(element).any(|part| matches!(part, Part::Condition))
}

/// Whether a price of the element is not known.
pub(super) fn price(element: &Element, component: usize) -> bool {
    parts(element).any(|part| matches!(part, Part::Price(index) if index == component))
}

/// Whether the element may have prices that are not known.
pub(super) fn list(element: &Element) -> bool {
    parts(element).any(|part| matches!(part, Part::List))
}

enum Part {
    Condition,
    Price(usize),
    List,
}

fn parts(element: &Element) -> impl Iterator<Item = Part> {
    element.obstacles.iter().map(|obstacle| part(&obstacle.pointer))
}

fn part(pointer: &str) -> Part {
    let mut names = pointer.split('/').skip(3);
    match (names.next(), names.next(), names.next()) {
        (Some("price_components"), Some(_), Some("type")) => Part::List,
        (Some("price_components"), Some(index), _) => index.parse().map_or(Part::List, Part::Price),
        (Some("price_components") | None, None, _) => Part::List,
        _ => Part::Condition,
    }
}
