//! Every value and every list of values, behind a reference.

use std::any::Any;

use super::{AnyList, AnyValue, Node, NodeMut};
use crate::convert::{Conversion, Unsupported};
use crate::json::{Reader, Stop, Writer};
use crate::{Check, Value};

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

impl<T: Value> super::sealed::Sealed for Vec<T> {}

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
