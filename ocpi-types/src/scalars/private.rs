//! Members that identify a driver, or that only the two platforms may know.

use std::fmt;
use std::ops::Deref;

use crate::convert::{Conversion, Unsupported};
use crate::json::{Reader, Stop, Writer};
use crate::{Cardinality, Check, Node, NodeMut, Pattern, Type, Value};

/// A member that identifies a driver, or a URL that must stay secret: unchanged on the wire, hidden in `Debug`, without
/// `Display`.
///
/// ```
/// use ocpi_types::{CiString, Private};
/// let uid: Private<CiString<36>> = Private::new("04A2B3C4".parse()?);
/// assert_eq!(format!("{uid:?}"), "<private>");
/// assert_eq!(uid.as_str(), "04A2B3C4");
/// # Ok::<(), ocpi_types::TextError>(())
/// ```
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Private<T>(T);

impl<T> Private<T> {
    /// Hides a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// Takes the value out.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> From<T> for Private<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T: std::str::FromStr> std::str::FromStr for Private<T> {
    type Err = T::Err;

    fn from_str(text: &str) -> Result<Self, T::Err> {
        text.parse().map(Self)
    }
}

impl<T> Deref for Private<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Private<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<private>")
    }
}

impl<T: serde::Serialize> serde::Serialize for Private<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: serde::Deserialize<'de>> serde::Deserialize<'de> for Private<T> {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        T::deserialize(from).map(Self)
    }
}

impl<T: Value> Value for Private<T> {
    const TYPE: Type = T::TYPE;
    const CARD: Cardinality = T::CARD;
    const IS_LIST: bool = T::IS_LIST;
    const PATTERN: Pattern = T::PATTERN;
    const IS_CHECKED: bool = T::IS_CHECKED;
    const EMPTY_IS_ABSENT: bool = T::EMPTY_IS_ABSENT;

    fn blank() -> Self {
        Self(T::blank())
    }

    #[inline]
    fn read(&mut self, r: &mut Reader<'_>) -> Result<(), Stop> {
        self.0.read(r)
    }

    #[inline]
    fn write(&self, w: &mut Writer) {
        self.0.write(w);
    }

    fn check(&self, c: &mut Check) {
        self.0.check(c);
    }

    fn is_absent(&self) -> bool {
        self.0.is_absent()
    }

    #[inline]
    fn downgrade(&mut self, conversion: &mut Conversion<'_>) -> Result<(), Unsupported> {
        self.0.downgrade(conversion)
    }

    fn node(&self) -> Node<'_> {
        self.0.node()
    }

    fn node_mut(&mut self) -> NodeMut<'_> {
        self.0.node_mut()
    }
}
