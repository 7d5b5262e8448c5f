//! Lists as values.

use crate::convert::{Conversion, Unsupported};
use crate::json::{Reader, Stop, Writer};
use crate::{AnyList, Cardinality, Check, Node, NodeMut, Pattern, Pick, Rule, Type, Value};

impl<T: Value> Value for Vec<T> {
    const TYPE: Type = T::TYPE;
    const CARD: Cardinality = Cardinality::Any;
    const IS_LIST: bool = true;
    const PATTERN: Pattern = T::PATTERN;
    const IS_CHECKED: bool = T::IS_CHECKED;

    fn blank() -> Self {
        Self::new()
    }

    #[inline]
    fn read(&mut self, r: &mut Reader<'_>) -> Result<(), Stop> {
        self.clear();
        match r.peek() {
            Some(b'[') => {
                let mut more = r.open_list()?;
                let mut index = 0;
                while more {
                    r.element(self, index)?;
                    index += 1;
                    more = r.next_element()?;
                }
                if (self.capacity() - self.len()) * size_of::<T>() >= 64 {
                    self.shrink_to_fit();
                }
                Ok(())
            }
            _ => read_no_list(self, r),
        }
    }

    #[inline]
    fn write(&self, w: &mut Writer) {
        w.list(self);
    }

    fn check(&self, c: &mut Check) {
        let mut index = 0;
        #[expect(clippy::explicit_counter_loop, reason = "an enumeration is compiled for every type")]
        for value in self {
            c.enter_element(index);
            value.check(c);
            c.leave_element();
            index += 1;
        }
    }

    #[inline]
    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    #[inline]
    fn downgrade(&mut self, conversion: &mut Conversion<'_>) -> Result<(), Unsupported> {
        let gone = downgrade_elements(self, conversion);
        if !gone.is_empty() {
            give_up(self, gone, conversion);
        }
        Ok(())
    }

    fn node(&self) -> Node<'_> {
        Node::List(self)
    }

    fn node_mut(&mut self) -> NodeMut<'_> {
        NodeMut::List(self)
    }
}

/// Fits each element; the places of those that cannot stay, and why. None allocates nothing.
#[inline]
pub(crate) fn downgrade_elements<T: Value>(
    elements: &mut [T],
    conversion: &mut Conversion<'_>,
) -> Vec<(usize, Unsupported)> {
    let mut gone = Vec::new();
    let mut index = 0;
    #[expect(clippy::explicit_counter_loop, reason = "an enumeration is compiled for every type")]
    for value in elements {
        let first = conversion.told();
        let result = value.downgrade(conversion);
        conversion.end_element(first, index, result, &mut gone);
        index += 1;
    }
    gone
}

/// Takes elements out of a list, and notes them.
#[cold]
pub(crate) fn give_up(
    list: &mut dyn AnyList,
    gone: Vec<(usize, Unsupported)>,
    conversion: &mut Conversion<'_>,
) {
    let mut gone = gone.into_iter().peekable();
    let mut kept = Vec::with_capacity(list.count());
    for index in 0..list.count() {
        match (gone.next_if(|(place, _)| *place == index), list.element(index)) {
            (Some((_, unsupported)), Some(value)) => {
                conversion.note_element(unsupported.rule(), index, value);
            }
            _ => kept.push(Pick::Mine(index)),
        }
    }
    list.rebuild(None, &kept);
}

/// `null` is an empty list, and a lone value a list of one.
#[cold]
fn read_no_list<T: Value>(list: &mut Vec<T>, r: &mut Reader<'_>) -> Result<(), Stop> {
    let at = r.offset();
    if r.null() {
        r.note(Rule::Null, at);
        return Ok(());
    }
    let mut value = T::blank();
    // Pointers lead through the document as it was sent, where there is no list.
    value.read(r)?;
    list.push(value);
    r.deviates(Rule::ObjectForArray, at)
}
