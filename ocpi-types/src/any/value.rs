//! Implementations of the traits for every value and every list of values.

use std::any::Any;

use super::{AnyList, AnyValue, Node, NodeMut, Pick};
use crate::convert::{Conversion, Unsupported};
use crate::json::{Reader, Stop, Writer};
use crate::{Check, Type, Value};

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
        is_fresh(self)
    }

    fn fresh(&self) -> Box<dyn AnyValue> {
        Box::new(T::blank())
    }

    fn is_absent_if_null(&self) -> bool {
        T::NULL_IS_ABSENT
    }

    fn shape(&self) -> (Type, bool) {
        (T::TYPE, T::IS_LIST)
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

    fn equals_any(&self, other: &dyn AnyValue) -> bool {
        other.as_any().downcast_ref::<T>() == Some(self)
    }

    fn swap_any(&mut self, other: &mut dyn AnyValue) -> bool {
        let Some(other) = other.as_any_mut().downcast_mut::<T>() else { return false };
        // Less code than that of `mem::swap`, and there is one of these for every type.
        let mine = std::mem::replace(self, T::blank());
        let _ = std::mem::replace(self, std::mem::replace(other, mine));
        true
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

    fn rebuild(&mut self, other: Option<&mut dyn AnyList>, picks: &[Pick]) {
        let other = other.and_then(|other| other.list_as_any_mut().downcast_mut::<Self>());
        let mut none = Self::new();
        let others = other.unwrap_or(&mut none);
        let mut mine = std::mem::take(self);
        let picks = once(picks, mine.len(), others.len());
        self.reserve_exact(picks.len());
        for pick in picks {
            let picked = match pick {
                Pick::Mine(place) => mine.get_mut(place),
                Pick::Other(place) => others.get_mut(place),
            };
            if let Some(picked) = picked {
                self.push(std::mem::replace(picked, T::blank()));
            }
        }
        others.clear();
    }

    fn list_as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

/// Written once: what is in a method of the trait is compiled for every type.
fn is_fresh(value: &dyn AnyValue) -> bool {
    value.equals_any(&*value.fresh())
}

/// The picks without those that were made before, or that pick nothing from lists of these lengths.
fn once(picks: &[Pick], mine: usize, others: usize) -> Vec<Pick> {
    let (mut mine, mut others) = (vec![true; mine], vec![true; others]);
    let mut is_left = |pick: &Pick| {
        let left = match pick {
            Pick::Mine(place) => mine.get_mut(*place),
            Pick::Other(place) => others.get_mut(*place),
        };
        left.is_some_and(std::mem::take)
    };
    picks.iter().copied().filter(&mut is_left).collect()
}
