//! PATCHes: changes of members, and their application to objects.

use std::collections::BTreeMap;

use crate::convert::{Conversion, Misfit};
use crate::endpoint::{Owned, Resource};
use crate::json::{Reader, Stop, Writer};
use crate::{Card, Check, Form, Type, Value};

/// A member of a PATCH: not mentioned, or given a value.
///
/// `null` and absence differ: for an optional member, `null` is `Set(None)`; for a required one it cannot be read.
///
/// ```
/// use ocpi_types::{Change, Patched, json};
/// use ocpi_types::v2_3_0::locations::{Connector, ConnectorPatch};
/// let mut connector: Connector = json::from_str(r#"{"id":"1","standard":"IEC_62196_T2","format":"SOCKET",
///     "power_type":"AC_3_PHASE","max_voltage":230,"max_amperage":32,"max_electric_power":11000,
///     "last_updated":"2026-01-01T00:00:00Z"}"#)?;
/// let patch: ConnectorPatch = json::from_str(r#"{"max_amperage": 16, "max_electric_power": null}"#)?;
/// assert_eq!(patch.max_electric_power, Change::Set(None));
/// assert_eq!(patch.max_voltage, Change::Keep);
/// connector.apply(patch);
/// assert_eq!((connector.max_amperage, connector.max_electric_power, connector.max_voltage), (16, None, 230));
/// # Ok::<(), json::Error>(())
/// ```
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
pub enum Change<T> {
    /// Not mentioned: stays as it is.
    #[default]
    Keep,
    /// Gets this value.
    Set(T),
}

impl<T> Change<T> {
    /// The value, if one is set.
    pub fn as_set(&self) -> Option<&T> {
        match self {
            Self::Keep => None,
            Self::Set(value) => Some(value),
        }
    }

    /// Takes the value out; the member is then not mentioned any more.
    pub fn take(&mut self) -> Option<T> {
        match std::mem::take(self) {
            Self::Keep => None,
            Self::Set(value) => Some(value),
        }
    }

    /// Puts the value, if one is set, into `slot`.
    pub fn apply_to(self, slot: &mut T) {
        if let Self::Set(value) = self {
            *slot = value;
        }
    }
}

impl<T> From<T> for Change<T> {
    fn from(value: T) -> Self {
        Self::Set(value)
    }
}

impl<T: serde::Serialize> serde::Serialize for Change<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Keep => serializer.serialize_none(),
            Self::Set(value) => value.serialize(serializer),
        }
    }
}

impl<T: Value> Value for Change<T> {
    const TYPE: Type = T::TYPE;
    const CARD: Card = Card::Optional;
    const IS_LIST: bool = T::IS_LIST;
    const FORM: Form = T::FORM;
    const NULL_IS_ABSENT: bool = false;

    fn blank() -> Self {
        Self::Keep
    }

    #[inline]
    fn read(&mut self, r: &mut Reader<'_>) -> Result<(), Stop> {
        let mut value = T::blank();
        // In a PATCH, `null` is the way to say that there is none any more.
        if matches!(T::CARD, Card::Optional | Card::Any) && r.null() {
            *self = Self::Set(value);
            return Ok(());
        }
        value.read(r)?;
        *self = Self::Set(value);
        Ok(())
    }

    #[inline]
    fn write(&self, w: &mut Writer) {
        match self {
            Self::Keep => w.raw("null"),
            Self::Set(value) => value.write(w),
        }
    }

    fn check(&self, c: &mut Check) {
        if let Self::Set(value) = self {
            value.check(c);
        }
    }

    #[inline]
    fn is_absent(&self) -> bool {
        matches!(self, Self::Keep)
    }

    #[inline]
    fn fit(&mut self, conversion: &mut Conversion<'_>) -> Result<(), Misfit> {
        if let Self::Set(value) = self {
            if let Err(misfit) = value.fit(conversion) {
                conversion.note(misfit.rule(), "", value);
                *self = Self::Keep;
            }
        }
        Ok(())
    }
}

/// An object that a PATCH can change.
pub trait Patched: crate::Object {
    /// Its twin, every member a [`Change`].
    type Patch: crate::Object;

    /// Changes the members that `patch` mentions; unknown members of the patch are set too.
    fn apply(&mut self, patch: Self::Patch);
}

/// A PATCH would give an object another identity.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a PATCH cannot change ids")]
pub struct IdentityChange;

/// Applies a PATCH to an object that is kept at `at`. One that would give it another identity changes nothing.
///
/// # Errors
/// When the object would have another identity.
///
/// ```
/// use ocpi_types::endpoint::RootResource;
/// use ocpi_types::{IdentityChange, apply_at, json};
/// use ocpi_types::v2_3_0::tariffs::{Tariff, TariffPatch};
/// let mut tariff: Tariff = json::from_str(r#"{"country_code":"SE","party_id":"KRA","id":"T1","currency":"SEK",
///     "elements":[{"price_components":[{"type":"ENERGY","price":3.5,"step_size":1}]}],"tax_included":"YES",
///     "last_updated":"2026-11-22T10:00:00Z"}"#)?;
/// let at = tariff.identity();
/// let patch: TariffPatch = json::from_str(r#"{"id":"T2","currency":"EUR"}"#)?;
/// assert_eq!(apply_at(&mut tariff, &at, patch), Err(IdentityChange));
/// assert_eq!(tariff.currency.as_str(), "SEK");
/// # Ok::<(), json::Error>(())
/// ```
pub fn apply_at<T: Patched + Resource>(
    object: &mut T,
    at: &Owned<T::Key>,
    patch: T::Patch,
) -> Result<(), IdentityChange> {
    let mut changed = object.clone();
    changed.apply(patch);
    if !changed.is_at(at) {
        return Err(IdentityChange);
    }
    *object = changed;
    Ok(())
}

/// Puts each part of a PATCH in the place of the one that it is the same as, or behind all others. Removes none.
pub(crate) fn merge_parts<T>(
    known: &mut Vec<T>,
    parts: impl IntoIterator<Item = T>,
    same: fn(&T, &T) -> bool,
) {
    for part in parts {
        match known.iter_mut().find(|known| same(known, &part)) {
            Some(known) => *known = part,
            None => known.push(part),
        }
    }
}

/// Appends the elements that a PATCH adds, except each that equals the last known one of the same time.
pub(crate) fn append_new<T: PartialEq>(known: &mut Vec<T>, added: Vec<T>, time: fn(&T) -> crate::DateTime) {
    // By time, because there may be very many.
    let mut last: BTreeMap<_, usize> =
        known.iter().enumerate().map(|(place, item)| (time(item), place)).collect();
    for item in added {
        let there = last.get(&time(&item)).and_then(|place| known.get(*place));
        if there != Some(&item) {
            last.insert(time(&item), known.len());
            known.push(item);
        }
    }
}
