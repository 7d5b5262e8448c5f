//! PATCHes: changes of members, and their application to objects.

use crate::convert::{Conversion, Unsupported};
use crate::json::{Reader, Stop, Writer};
use crate::{AnyValue, Cardinality, Check, Node, NodeMut, Pattern, Type, Value};

/// A member of a PATCH: not mentioned, or set to a value.
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
    /// Not mentioned: the member stays as it is.
    #[default]
    Keep,
    /// Set to this value.
    Set(T),
}

impl<T> Change<T> {
    /// Returns the value, if one is set.
    pub fn as_set(&self) -> Option<&T> {
        match self {
            Self::Keep => None,
            Self::Set(value) => Some(value),
        }
    }

    /// Takes the value out; the member then counts as not mentioned.
    pub fn take(&mut self) -> Option<T> {
        match std::mem::take(self) {
            Self::Keep => None,
            Self::Set(value) => Some(value),
        }
    }

    /// Writes the value, if one is set, into `slot`.
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
    const CARD: Cardinality = Cardinality::Optional;
    const IS_LIST: bool = T::IS_LIST;
    const PATTERN: Pattern = T::PATTERN;
    const IS_CHECKED: bool = T::IS_CHECKED;
    const NULL_IS_ABSENT: bool = false;

    fn blank() -> Self {
        Self::Keep
    }

    #[inline]
    fn read(&mut self, r: &mut Reader<'_>) -> Result<(), Stop> {
        // In a PATCH, `null` is the way to say that there is none any more.
        let is_cleared = matches!(T::CARD, Cardinality::Optional | Cardinality::Any) && r.null();
        *self = Self::Set(T::blank());
        match self {
            Self::Set(value) if !is_cleared => value.read(r),
            _ => Ok(()),
        }
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
    fn downgrade(&mut self, conversion: &mut Conversion<'_>) -> Result<(), Unsupported> {
        if let Self::Set(value) = self {
            if let Err(unsupported) = value.downgrade(conversion) {
                conversion.give_up(unsupported, value);
                *self = Self::Keep;
            }
        }
        Ok(())
    }

    fn node(&self) -> Node<'_> {
        match self {
            Self::Keep => Node::Null,
            Self::Set(value) => value.node(),
        }
    }

    fn node_mut(&mut self) -> NodeMut<'_> {
        match self {
            Self::Keep => NodeMut::Null,
            Self::Set(value) => value.node_mut(),
        }
    }

    fn give(&mut self, slot: &mut dyn AnyValue) {
        if let Self::Set(value) = self {
            value.swap_any(slot);
        }
    }

    fn take_difference(&mut self, old: &dyn AnyValue, new: &dyn AnyValue) {
        if !new.equals_any(old) {
            if let Some(new) = new.as_any().downcast_ref::<T>() {
                *self = Self::Set(new.clone());
            }
        }
    }
}
