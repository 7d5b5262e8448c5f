//! Members of an object of any type.

use std::fmt;

use super::{AnyObject, AnyValue};
use crate::reflect::bit;
use crate::{Extra, Field};

/// Formats an object as a derived `Debug` would.
#[doc(hidden)]
pub fn debug(object: &dyn AnyObject, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut shown = f.debug_struct(name);
    for (_, field, slot) in members(object) {
        shown.field(field.name, &slot);
    }
    shown.field("extra", object.extra()).finish()
}

/// Compares two objects of one type as derived code would.
#[doc(hidden)]
pub fn equals(one: &dyn AnyObject, other: &dyn AnyObject) -> bool {
    let are_equal = |place| match (one.slot(place), other.slot(place)) {
        (Some(one), Some(other)) => one.equals_any(other),
        (one, other) => one.is_none() && other.is_none(),
    };
    (0..one.info().fields.len()).all(are_equal) && one.extra() == other.extra()
}

/// Members, seen by their places.
pub(crate) fn members(
    object: &dyn AnyObject,
) -> impl Iterator<Item = (usize, &'static Field, &dyn AnyValue)> {
    let fields = object.info().fields.iter().enumerate();
    fields.filter_map(move |(place, field)| Some((place, field, object.slot(place)?)))
}

/// Finds a member by its name.
pub(crate) fn member<'a>(object: &'a dyn AnyObject, name: &str) -> Option<&'a dyn AnyValue> {
    object.slot(object.info().place(name)?)
}

/// Whether a member was missing when its object was read, and was given no value since.
pub(crate) fn is_lacking(extra: &Extra, place: usize, slot: &dyn AnyValue) -> bool {
    let lacking = extra.lacking();
    lacking != 0 && bit(place) & lacking != 0 && slot.is_blank()
}

/// Whether an object lacks a member of this name.
pub(crate) fn lacks(object: &dyn AnyObject, name: &str) -> bool {
    let place = object.info().place(name);
    place.is_some_and(|place| object.slot(place).is_some_and(|slot| is_lacking(object.extra(), place, slot)))
}

/// Whether the object has a member of this name, and the member has a value.
#[cold]
pub(crate) fn has(object: &dyn AnyObject, name: &str) -> bool {
    let place = object.info().place(name);
    let slot = place.and_then(|place| Some((place, object.slot(place)?)));
    slot.is_some_and(|(place, slot)| !slot.is_absent_any() && !is_lacking(object.extra(), place, slot))
}
