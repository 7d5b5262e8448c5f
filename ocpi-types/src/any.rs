//! Values and objects behind a reference: for code that is written once, whatever the type.

mod members;
mod value;

pub use members::{debug, equals};
pub(crate) use members::{has, is_lacking, lacks, member, members};

use std::any::Any;
use std::fmt::Debug;

use crate::convert::{Conversion, Unsupported};
use crate::json::{Reader, Stop, Writer};
use crate::{Check, Extra, ObjectInfo, Type};

/// A [`Value`](crate::Value) of any type. Every value is one; nobody implements it.
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
    /// Another value of its type: [`Value::blank`](crate::Value::blank).
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
    /// Exchanges the value with another one; `false`, and nothing happens, if the types differ.
    #[doc(hidden)]
    fn swap_any(&mut self, other: &mut dyn AnyValue) -> bool;
    /// The value, to be downcast.
    fn as_any(&self) -> &dyn Any;
    /// The value, to be downcast and changed.
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
    #[doc(hidden)]
    fn check_rules(&self, check: &mut Check) {
        let _ = check;
    }
}

mod sealed {
    #[expect(unnameable_types, reason = "nobody else may implement it")]
    pub trait Sealed {}
}

/// A list of any type. Sealed: `Vec` is one, and nothing else.
pub trait AnyList: sealed::Sealed {
    /// Number of elements.
    fn count(&self) -> usize;
    /// Returns an element.
    fn element(&self, index: usize) -> Option<&dyn AnyValue>;
    /// Returns an element, to be changed.
    fn element_mut(&mut self, index: usize) -> Option<&mut dyn AnyValue>;
    /// Becomes the list of the picked elements, which are taken out of this list and of another one of its type, if there
    /// is one. A place that is picked twice or is not there gives nothing.
    #[doc(hidden)]
    fn rebuild(&mut self, other: Option<&mut dyn AnyList>, picks: &[Pick]);
    /// The list, to be downcast and changed.
    #[doc(hidden)]
    fn list_as_any_mut(&mut self) -> &mut dyn Any;
}

/// Origin of an element of a list that is [rebuilt](AnyList::rebuild).
#[doc(hidden)]
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Pick {
    /// The element of the list itself that has this place.
    Mine(usize),
    /// The element of the other list that has this place.
    Other(usize),
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
