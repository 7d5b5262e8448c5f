//! Values and objects behind a reference: for code that is written once, whatever the type.

use std::any::Any;
use std::fmt::{self, Debug};

use crate::convert::{Conversion, Unsupported};
use crate::json::{Reader, Stop, Writer};
use crate::{Check, Extra, ObjectInfo, Type, Value};

/// A [`Value`] of any type. Every value is one; nobody implements it.
pub trait AnyValue: Debug + Send + Sync + 'static {
    /// [`Value::read`].
    ///
    /// # Errors
    /// As [`Value::read`].
    fn read_any(&mut self, r: &mut Reader<'_>) -> Result<(), Stop>;
    /// [`Value::write`].
    fn write_any(&self, w: &mut Writer);
    /// [`Value::check`].
    fn check_any(&self, c: &mut Check);
    /// [`Value::downgrade`].
    ///
    /// # Errors
    /// As [`Value::downgrade`].
    fn downgrade_any(&mut self, c: &mut Conversion<'_>) -> Result<(), Unsupported>;
    /// [`Value::is_absent`].
    fn is_absent_any(&self) -> bool;
    /// Whether it equals [`Value::blank`].
    fn is_blank(&self) -> bool;
    /// Becomes [`Value::blank`] again.
    fn reset(&mut self);
    /// [`Value::NULL_IS_ABSENT`].
    fn is_absent_if_null(&self) -> bool;
    /// Whether the next value of a reader can be read as one of this type, and equals this one.
    fn equals_next(&self, r: &mut Reader<'_>) -> bool;
    /// [`Value::node`].
    fn node_any(&self) -> Node<'_>;
    /// [`Value::node_mut`].
    fn node_any_mut(&mut self) -> NodeMut<'_>;
    /// [`Value::give`].
    fn give_any(&mut self, slot: &mut dyn AnyValue);
    /// [`Value::take_difference`].
    fn take_difference_any(&mut self, old: &dyn AnyValue, new: &dyn AnyValue);
    /// The value, to be downcast.
    fn as_any(&self) -> &dyn Any;
    /// The value, to be downcast and changed.
    fn as_any_mut(&mut self) -> &mut dyn Any;
}

impl<T: Value> AnyValue for T {
    fn read_any(&mut self, r: &mut Reader<'_>) -> Result<(), Stop> {
        self.read(r)
    }

    fn write_any(&self, w: &mut Writer) {
        self.write(w);
    }

    fn check_any(&self, c: &mut Check) {
        self.check(c);
    }

    fn downgrade_any(&mut self, c: &mut Conversion<'_>) -> Result<(), Unsupported> {
        self.downgrade(c)
    }

    fn is_absent_any(&self) -> bool {
        self.is_absent()
    }

    fn is_blank(&self) -> bool {
        *self == T::blank()
    }

    fn reset(&mut self) {
        *self = T::blank();
    }

    fn is_absent_if_null(&self) -> bool {
        T::NULL_IS_ABSENT
    }

    fn equals_next(&self, r: &mut Reader<'_>) -> bool {
        let mut next = T::blank();
        r.whole(&mut next).is_ok() && next == *self
    }

    fn node_any(&self) -> Node<'_> {
        self.node()
    }

    fn node_any_mut(&mut self) -> NodeMut<'_> {
        self.node_mut()
    }

    fn give_any(&mut self, slot: &mut dyn AnyValue) {
        self.give(slot);
    }

    fn take_difference_any(&mut self, old: &dyn AnyValue, new: &dyn AnyValue) {
        self.take_difference(old, new);
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

/// An [`Object`](crate::Object) of any type: its table, and a slot for each row of it.
/// Made by [`object!`](crate::object).
pub trait AnyObject: AnyValue {
    /// Name and members.
    fn info(&self) -> &'static ObjectInfo;
    /// Returns the member at a place in [`ObjectInfo::fields`].
    fn slot(&self, place: usize) -> Option<&dyn AnyValue>;
    /// Returns the member at a place, to be changed, and the unknown members beside it.
    fn slot_mut(&mut self, place: usize) -> Option<(&mut dyn AnyValue, &mut Extra)>;
    /// Unknown members.
    fn extra(&self) -> &Extra;
    /// Unknown members, to be changed.
    fn extra_mut(&mut self) -> &mut Extra;
    /// Checks the rules that hold between members.
    fn check_rules(&self, check: &mut Check) {
        let _ = check;
    }
}

/// A list of any type.
pub trait AnyList {
    /// Number of elements.
    fn count(&self) -> usize;
    /// Returns an element.
    fn element(&self, index: usize) -> Option<&dyn AnyValue>;
    /// Returns an element, to be changed.
    fn element_mut(&mut self, index: usize) -> Option<&mut dyn AnyValue>;
}

impl<T: Value> AnyList for Vec<T> {
    fn count(&self) -> usize {
        self.len()
    }

    fn element(&self, index: usize) -> Option<&dyn AnyValue> {
        self.get(index).map(|value| value as &dyn AnyValue)
    }

    fn element_mut(&mut self, index: usize) -> Option<&mut dyn AnyValue> {
        self.get_mut(index).map(|value| value as &mut dyn AnyValue)
    }
}

/// Structure of a value: options, boxes and wrappers are seen through.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Node<'a> {
    /// An option or a change without a value.
    Null,
    /// A text, a number, a boolean, an enum; or any JSON.
    Scalar(Type, &'a dyn AnyValue),
    /// A list.
    List(&'a dyn AnyList),
    /// An object.
    Object(&'a dyn AnyObject),
}

/// Structure of a value, to be changed.
#[non_exhaustive]
pub enum NodeMut<'a> {
    /// An option or a change without a value.
    Null,
    /// A text, a number, a boolean, an enum; or any JSON.
    Scalar(Type, &'a mut dyn AnyValue),
    /// A list.
    List(&'a mut dyn AnyList),
    /// An object.
    Object(&'a mut dyn AnyObject),
}

impl Node<'_> {
    /// Writes the value as JSON.
    pub fn to_json(self) -> String {
        let mut writer = Writer::new();
        match self {
            Self::Null => writer.raw("null"),
            Self::Scalar(_, value) => value.write_any(&mut writer),
            Self::List(list) => writer.any_list(list),
            Self::Object(object) => object.write_any(&mut writer),
        }
        String::from_utf8(writer.into_bytes()).unwrap_or_default()
    }
}

/// Writes an object as derived code would.
#[doc(hidden)]
pub fn debug(object: &dyn AnyObject, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut shown = f.debug_struct(name);
    for (_, field, slot) in members(object) {
        shown.field(field.name, &slot);
    }
    shown.field("extra", object.extra()).finish()
}

/// Members, seen by their places.
pub(crate) fn members(
    object: &dyn AnyObject,
) -> impl Iterator<Item = (usize, &'static crate::Field, &dyn AnyValue)> {
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

/// The bit of a member in the masks of its object.
#[inline]
pub(crate) fn bit(place: usize) -> u64 {
    u32::try_from(place).ok().and_then(|place| 1_u64.checked_shl(place)).unwrap_or(0)
}

/// Whether the object has a member of this name, and the member has a value.
#[cold]
pub(crate) fn has(object: &dyn AnyObject, name: &str) -> bool {
    let place = object.info().place(name);
    let slot = place.and_then(|place| Some((place, object.slot(place)?)));
    slot.is_some_and(|(place, slot)| !slot.is_absent_any() && !is_lacking(object.extra(), place, slot))
}
