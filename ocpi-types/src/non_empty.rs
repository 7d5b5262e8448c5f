//! Lists that need at least one element.

use std::ops::Deref;

use crate::convert::{Conversion, Unsupported};
use crate::json::{Reader, Stop, Writer};
use crate::lists::{downgrade_elements, give_up};
use crate::{Cardinality, Check, Node, NodeMut, Pattern, Rule, Type, Value};

/// A list with cardinality `+`: it has at least one element if it was built through the API.
///
/// A list that was *read* may be empty, because partners send such lists; [`check`](crate::check) reports it.
///
/// ```
/// use ocpi_types::{EmptyList, NonEmpty};
/// let list = NonEmpty::try_from(vec![1_i64, 2])?;
/// assert_eq!(list.len(), 2);
/// assert_eq!(NonEmpty::<i64>::try_from(vec![]), Err(EmptyList));
/// # Ok::<(), EmptyList>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct NonEmpty<T>(Vec<T>);

/// Error: a list that needs an element has none.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the list needs one element or more")]
pub struct EmptyList;

impl<T> NonEmpty<T> {
    /// Creates a list with one element.
    pub fn of(first: T) -> Self {
        Self(vec![first])
    }

    /// Converts each element.
    pub fn map<U>(self, into: impl FnMut(T) -> U) -> NonEmpty<U> {
        NonEmpty(self.0.into_iter().map(into).collect())
    }

    /// Appends an element.
    pub fn push(&mut self, value: T) {
        self.0.push(value);
    }

    /// A list as it was read, or turned from one that was.
    pub(crate) fn from_read(values: Vec<T>) -> Self {
        Self(values)
    }

    /// Iterates over the elements mutably.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.0.iter_mut()
    }

    /// The list, to which elements may be added.
    pub(crate) fn elements_mut(&mut self) -> &mut Vec<T> {
        &mut self.0
    }

    /// Returns the elements.
    pub fn into_vec(self) -> Vec<T> {
        self.0
    }
}

impl<T> TryFrom<Vec<T>> for NonEmpty<T> {
    type Error = EmptyList;

    fn try_from(values: Vec<T>) -> Result<Self, EmptyList> {
        if values.is_empty() { Err(EmptyList) } else { Ok(Self(values)) }
    }
}

impl<T> Deref for NonEmpty<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T> IntoIterator for NonEmpty<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a NonEmpty<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<T: serde::Serialize> serde::Serialize for NonEmpty<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<T: Value> Value for NonEmpty<T> {
    const TYPE: Type = T::TYPE;
    const CARD: Cardinality = Cardinality::AtLeastOne;
    const IS_LIST: bool = true;
    const PATTERN: Pattern = T::PATTERN;

    fn blank() -> Self {
        Self(Vec::new())
    }

    #[inline]
    fn read(&mut self, r: &mut Reader<'_>) -> Result<(), Stop> {
        self.0.read(r)?;
        if self.0.is_empty() { read_empty(r) } else { Ok(()) }
    }

    #[inline]
    fn write(&self, w: &mut Writer) {
        self.0.write(w);
    }

    fn check(&self, c: &mut Check) {
        c.expect(!self.0.is_empty(), Rule::EmptyList);
        self.0.check(c);
    }

    /// If no element can stay, all stay where they are, and the list does not fit.
    #[inline]
    fn downgrade(&mut self, conversion: &mut Conversion<'_>) -> Result<(), Unsupported> {
        let mut gone = downgrade_elements(&mut self.0, conversion);
        if gone.is_empty() {
            return Ok(());
        }
        if gone.len() == self.0.len() {
            return Err(gone.swap_remove(0).1);
        }
        give_up(&mut self.0, gone, conversion);
        Ok(())
    }

    fn node(&self) -> Node<'_> {
        Node::List(&self.0)
    }

    fn node_mut(&mut self) -> NodeMut<'_> {
        NodeMut::List(&mut self.0)
    }
}

/// A list without readable elements is not an empty list: a tariff would become free of charge.
#[cold]
fn read_empty(r: &mut Reader<'_>) -> Result<(), Stop> {
    let end = r.offset();
    if r.is_lost() {
        return Err(Stop::noted(Rule::ValueForm, end));
    }
    // `null` is noted as such.
    if r.ends_with_bracket() { r.deviates(Rule::EmptyList, end.saturating_sub(1)) } else { Ok(()) }
}
