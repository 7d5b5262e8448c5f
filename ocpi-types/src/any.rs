//! Values and objects as trait objects, for code that is written once for all types.

mod members;
mod value;

pub use members::{debug, equals};
pub(crate) use members::{has, is_lacking, lacks, member, members};

use std::any::Any;
use std::fmt::Debug;

use crate::convert::{Conversion, Unsupported};
use crate::json::{Reader, Stop, Writer};
use crate::{Check, Extra, ObjectInfo, Type};

/// A [`Value`](crate::Value) of any type. Implemented for every value; not to be implemented by hand.
pub trait AnyValue: Debug + Send + Sync + 'static {
    /// [`Value::read`](crate::Value::read).
    ///
    /// # Errors
    /// As [`Value::read`](crate::Value::read).
    #[doc(hidden)]
    fn read_any(&mut self, r: &mut Reader<'_>) -> Result<(), Stop>;
    /// [`Value::write`](crate::Value::write).
    fn write_any(&self, w: &mut Writer);
    /// [`Value::check`](crate::Value::check).
    #[doc(hidden)]
    fn check_any(&self, c: &mut Check);
    /// [`Value::downgrade`](crate::Value::downgrade).
    ///
    /// # Errors
    /// As [`Value::downgrade`](crate::Value::downgrade).
    #[doc(hidden)]
    fn downgrade_any(&mut self, c: &mut Conversion<'_>) -> Result<(), Unsupported>;
    /// [`Value::is_absent`](crate::Value::is_absent).
    fn is_absent_any(&self) -> bool;
    /// Whether it equals [`Value::blank`](crate::Value::blank).
    fn is_blank(&self) -> bool;
    /// Returns another value of the same type: [`Value::blank`](crate::Value::blank).
    #[doc(hidden)]
    fn fresh(&self) -> Box<dyn AnyValue>;
    /// [`Value::NULL_IS_ABSENT`](crate::Value::NULL_IS_ABSENT).
    #[doc(hidden)]
    fn is_absent_if_null(&self) -> bool;
    /// [`Value::TYPE`](crate::Value::TYPE) and [`Value::IS_LIST`](crate::Value::IS_LIST).
    #[doc(hidden)]
    fn shape(&self) -> (Type, bool);
    /// [`Value::node`](crate::Value::node).
    fn node_any(&self) -> Node<'_>;
    /// [`Value::node_mut`](crate::Value::node_mut).
    fn node_any_mut(&mut self) -> NodeMut<'_>;
    /// [`Value::give`](crate::Value::give).
    #[doc(hidden)]
    fn give_any(&mut self, slot: &mut dyn AnyValue);
    /// [`Value::take_difference`](crate::Value::take_difference).
    #[doc(hidden)]
    fn take_difference_any(&mut self, old: &dyn AnyValue, new: &dyn AnyValue);
    /// Whether another value has the same type and equals this one.
    fn equals_any(&self, other: &dyn AnyValue) -> bool;
    /// Swaps the value with another one; returns `false` and does nothing if the types differ.
    #[doc(hidden)]
    fn swap_any(&mut self, other: &mut dyn AnyValue) -> bool;
    /// Returns the value, for downcasting.
    fn as_any(&self) -> &dyn Any;
    /// Returns the value, for mutable downcasting.
    fn as_any_mut(&mut self) -> &mut dyn Any;
}

// Written once: a method of the trait is compiled for every type.
impl dyn AnyValue + '_ {
    /// Becomes [`Value::blank`](crate::Value::blank) again.
    pub(crate) fn reset(&mut self) {
        let mut fresh = self.fresh();
        self.swap_any(&mut *fresh);
    }

    /// Whether the next value of a reader can be read as one of this type, and equals this one.
    pub(crate) fn equals_next(&self, r: &mut Reader<'_>) -> bool {
        let mut next = self.fresh();
        r.whole(&mut *next).is_ok() && self.equals_any(&*next)
    }
}

/// An [`Object`](crate::Object) of any type: its table, and a slot for each row of the table. Implemented by
/// [`object!`](crate::object).
pub trait AnyObject: AnyValue {
    /// Name and members.
    fn info(&self) -> &'static ObjectInfo;
    /// Returns the member at a place in [`ObjectInfo::fields`].
    fn slot(&self, place: usize) -> Option<&dyn AnyValue>;
    /// Returns the member at a place, mutably, and the unknown members.
    fn slot_mut(&mut self, place: usize) -> Option<(&mut dyn AnyValue, &mut Extra)>;
    /// Unknown members.
    fn extra(&self) -> &Extra;
    /// Unknown members, mutable.
    fn extra_mut(&mut self) -> &mut Extra;
    /// Checks the rules that hold between members.
    #[doc(hidden)]
    fn check_rules(&self, check: &mut Check) {
        let _ = check;
    }
}

mod sealed {
    #[expect(unnameable_types, reason = "nobody else may implement it")]
    pub trait Sealed {}
}

/// A list of any type. Sealed: only `Vec` implements it.
pub trait AnyList: sealed::Sealed {
    /// Number of elements.
    fn count(&self) -> usize;
    /// Returns an element.
    fn element(&self, index: usize) -> Option<&dyn AnyValue>;
    /// Returns an element, mutably.
    fn element_mut(&mut self, index: usize) -> Option<&mut dyn AnyValue>;
    /// Replaces the list by the picked elements, which are moved out of this list and of another list of the same type,
    /// if given. An index that is picked twice or does not exist is ignored.
    #[doc(hidden)]
    fn rebuild(&mut self, other: Option<&mut dyn AnyList>, picks: &[Pick]);
    /// Returns the list, for mutable downcasting.
    #[doc(hidden)]
    fn list_as_any_mut(&mut self) -> &mut dyn Any;
}

/// Origin of an element of a list that is [rebuilt](AnyList::rebuild).
#[doc(hidden)]
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Pick {
    /// The element with this index in the list itself.
    Mine(usize),
    /// The element with this index in the other list.
    Other(usize),
}

/// Structure of a value; options, boxes and wrappers are transparent.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Node<'a> {
    /// An option or a change without a value.
    Null,
    /// A text, a number, a boolean, an enum, or arbitrary JSON.
    Scalar(Type, &'a dyn AnyValue),
    /// A list.
    List(&'a dyn AnyList),
    /// An object.
    Object(&'a dyn AnyObject),
}

/// Structure of a value, for changes.
#[non_exhaustive]
pub enum NodeMut<'a> {
    /// An option or a change without a value.
    Null,
    /// A text, a number, a boolean, an enum, or arbitrary JSON.
    Scalar(Type, &'a mut dyn AnyValue),
    /// A list.
    List(&'a mut dyn AnyList),
    /// An object.
    Object(&'a mut dyn AnyObject),
}
