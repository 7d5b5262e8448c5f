//! Unknown members: kept, and written back.

use std::collections::BTreeMap;

use crate::json::RawJson;

/// Members that the specification does not have, as they were read.
///
/// Kept as text, in the order of the document, and written back behind the known members.
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
pub struct Extra(Option<Box<Members>>);

type Members = Vec<(Box<str>, RawJson)>;

impl Extra {
    /// None.
    pub const fn new() -> Self {
        Self(None)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Names and JSON texts, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().flat_map(|members| members.iter()).map(|(name, raw)| (&**name, raw.as_str()))
    }

    /// The JSON text of a member.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(known, _)| *known == name).map(|(_, raw)| raw)
    }

    /// Sets a member; an earlier one of that name is replaced.
    pub fn insert(&mut self, name: &str, value: RawJson) {
        let members = self.0.get_or_insert_default();
        match members.iter_mut().find(|(known, _)| **known == *name) {
            Some((_, raw)) => *raw = value,
            None => members.push((name.into(), value)),
        }
    }

    /// Keeps a member that was just read, even a second one of its name: it is written back as it came.
    pub(crate) fn keep(&mut self, name: &str, raw: &str) {
        self.0.get_or_insert_default().push((name.into(), RawJson::walked(raw)));
    }

    /// Takes over the members of `other`; one of a name that is there replaces it.
    #[doc(hidden)]
    pub fn merge(&mut self, other: Self) {
        let Some(added) = other.0 else { return };
        let members = self.0.get_or_insert_default();
        // There may be very many: they are found by name, not one by one.
        let mut places: BTreeMap<Box<str>, usize> =
            members.iter().enumerate().rev().map(|(place, (name, _))| (name.clone(), place)).collect();
        for (name, raw) in *added {
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
    pub fn serialize_into<M: serde::ser::SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        self.0
            .iter()
            .flat_map(|members| members.iter())
            .try_for_each(|(name, raw)| map.serialize_entry(name, raw))
    }
}

/// The values may be a driver's data: names are shown only.
impl std::fmt::Debug for Extra {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.iter().map(|(name, _)| name)).finish()
    }
}
