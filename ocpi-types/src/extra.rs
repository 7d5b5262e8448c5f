//! Contents of an object beyond its known members: unknown members, unreadable ones, and a record of missing ones.

mod take;

use std::collections::BTreeMap;

use crate::ObjectInfo;
use crate::json::RawJson;

/// Members of an object that the specification does not have, as they were read.
///
/// Kept as text, in document order, and written after the known members. The text of a member that could not be read,
/// or only in part, is kept in the same way.
///
/// ```
/// use ocpi_types::{json, v2_3_0::types::Price};
/// let mut price: Price = json::from_str(r#"{"before_taxes": 1, "rounded": 1.50}"#)?;
/// assert_eq!(price.extra.get("rounded"), Some("1.50"));
/// price.extra.insert("currency", "\"EUR\"".parse()?);
/// assert_eq!(json::to_string(&price), r#"{"before_taxes":1,"rounded":1.50,"currency":"EUR"}"#);
/// # Ok::<(), json::Error>(())
/// ```
#[derive(Clone, Default, Eq, Hash, PartialEq)]
pub struct Extra(Option<Box<Kept>>);

#[derive(Clone, Default, Eq, Hash, PartialEq)]
struct Kept {
    members: Vec<(Box<str>, RawJson)>,
    /// The required members that are missing: a bit each.
    lacking: u64,
    /// Members that stood twice with different values: the value that was not taken.
    repeated: Vec<(Box<str>, RawJson)>,
}

impl Kept {
    #[cold]
    fn settle(&mut self, name: &str) {
        self.repeated.retain(|(known, _)| **known != *name);
    }

    #[cold]
    fn has_read(&self, info: &ObjectInfo, name: &str) -> bool {
        let mut bits = info.fields.iter().zip(0..u64::BITS).filter(|(field, _)| field.name == name);
        let is_missing = bits.any(|(_, place)| self.lacking >> place & 1 != 0);
        !is_missing && !self.members.iter().any(|(kept, _)| **kept == *name)
    }
}

impl Extra {
    /// Creates an empty value.
    pub const fn new() -> Self {
        Self(None)
    }

    /// Whether there is nothing beside the members, not even a note.
    #[inline]
    pub(crate) fn is_nothing(&self) -> bool {
        self.0.is_none()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.members().is_empty()
    }

    fn members(&self) -> &[(Box<str>, RawJson)] {
        self.0.as_ref().map_or(&[], |kept| &kept.members)
    }

    /// Returns names and JSON texts, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.members().iter().map(|(name, raw)| (&**name, raw.as_str()))
    }

    /// Returns the JSON text of a member.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(known, _)| *known == name).map(|(_, raw)| raw)
    }

    /// Returns the members that occurred twice with different values, with the text of the second value, which was not
    /// used. It is not written back.
    ///
    /// ```
    /// use ocpi_types::{json, v2_2_1::types::Price};
    /// let read = json::read::<Price>(br#"{"excl_vat": 1, "excl_vat": 2, "incl_vat": 3, "incl_vat": 3.0}"#)?;
    /// assert_eq!(read.value.excl_vat, 1.into());
    /// assert_eq!(read.value.extra.repeated().collect::<Vec<_>>(), [("excl_vat", "2")]);
    /// # Ok::<(), json::Error>(())
    /// ```
    pub fn repeated(&self) -> impl Iterator<Item = (&str, &str)> {
        let repeated = self.0.as_ref().map_or(&[][..], |kept| &kept.repeated);
        repeated.iter().map(|(name, raw)| (&**name, raw.as_str()))
    }

    /// Whether a missing or repeated member is recorded; the record is not written back.
    #[doc(hidden)]
    pub fn has_notes(&self) -> bool {
        self.0.as_ref().is_some_and(|kept| kept.lacking != 0 || !kept.repeated.is_empty())
    }

    /// Sets a member, replacing an earlier one with the same name.
    pub fn insert(&mut self, name: &str, value: RawJson) {
        let members = &mut self.0.get_or_insert_default().members;
        match members.iter_mut().find(|(known, _)| **known == *name) {
            Some((_, raw)) => *raw = value,
            None => members.push((name.into(), value)),
        }
    }

    /// Removes a member.
    pub fn remove(&mut self, name: &str) {
        self.retain(|known| known != name);
    }

    /// Keeps only the members whose names pass a test.
    pub fn retain(&mut self, mut keeps: impl FnMut(&str) -> bool) {
        if let Some(kept) = &mut self.0 {
            kept.members.retain(|(known, _)| keeps(known));
            if kept.members.is_empty() && kept.lacking == 0 && kept.repeated.is_empty() {
                self.0 = None;
            }
        }
    }

    /// Keeps a member that was just read, even a second one of its name: it is written back as it came.
    pub(crate) fn keep(&mut self, name: &str, raw: &str) {
        self.0.get_or_insert_default().members.push((name.into(), RawJson::walked(raw)));
    }

    /// Remembers the second value of a member, which is another one than the first.
    pub(crate) fn repeat(&mut self, name: &str, raw: &str) {
        self.0.get_or_insert_default().repeated.push((name.into(), RawJson::walked(raw)));
    }

    /// Removes the second value of a member that has since been given another value.
    #[doc(hidden)]
    #[inline]
    pub fn settle(&mut self, name: &str) {
        if let Some(kept) = &mut self.0 {
            kept.settle(name);
        }
    }

    /// Whether the object has no unknown, unreadable, repeated or missing member.
    #[inline]
    pub(crate) fn is_untouched(&self) -> bool {
        self.0.is_none()
    }

    /// Remembers that a required member is missing.
    pub(crate) fn lack(&mut self, bit: u64) {
        self.0.get_or_insert_default().lacking |= bit;
    }

    /// The required members that were missing when the object was read: a bit each.
    #[inline]
    pub(crate) fn lacking(&self) -> u64 {
        self.0.as_ref().map_or(0, |kept| kept.lacking)
    }

    /// Whether every member of the object is as it was written: none is missing, and none was unreadable in whole or in
    /// part. Otherwise nothing may be made of the values in their places.
    #[inline]
    pub(crate) fn is_read(&self, info: &ObjectInfo) -> bool {
        self.0.is_none() || info.fields.iter().all(|field| self.has_read(info, field.name))
    }

    /// Whether a member of the object is as it was written: not missing, and not unreadable in whole or in part.
    #[inline]
    pub(crate) fn has_read(&self, info: &ObjectInfo, name: &str) -> bool {
        self.0.as_ref().is_none_or(|kept| kept.has_read(info, name))
    }

    /// Adds the members of `other`; they replace members with the same names.
    #[doc(hidden)]
    pub fn merge(&mut self, other: Self) {
        let Some(mut added) = other.0 else { return };
        if added.members.is_empty() && added.repeated.is_empty() {
            return;
        }
        self.0.get_or_insert_default().repeated.append(&mut added.repeated);
        let members = &mut self.0.get_or_insert_default().members;
        // There may be very many: they are found by name, not one by one.
        let mut places: BTreeMap<Box<str>, usize> =
            members.iter().enumerate().rev().map(|(place, (name, _))| (name.clone(), place)).collect();
        for (name, raw) in added.members {
            match places.get(&name).and_then(|place| members.get_mut(*place)) {
                Some((_, known)) => *known = raw,
                None => {
                    places.insert(name.clone(), members.len());
                    members.push((name, raw));
                }
            }
        }
    }

    #[doc(hidden)]
    pub fn serialize_into<M: serde::ser::SerializeMap>(
        &self,
        map: &mut M,
        written: impl Fn(&str) -> bool,
    ) -> Result<(), M::Error> {
        self.members()
            .iter()
            .filter(|(name, _)| !written(name))
            .try_for_each(|(name, raw)| map.serialize_entry(name, raw))
    }
}

/// The values may be a driver's data: names are shown only.
impl std::fmt::Debug for Extra {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.iter().map(|(name, _)| name)).finish()
    }
}
