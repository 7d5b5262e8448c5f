//! Tables of facts about objects, members and enums.

use crate::Pattern;

/// Cardinality of a member.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Cardinality {
    /// Exactly one: `1`.
    One,
    /// None or one: `?`.
    Optional,
    /// Any number: `*`.
    Any,
    /// One or more: `+`.
    AtLeastOne,
}

impl Cardinality {
    /// Returns the specification's sign.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::One => "1",
            Self::Optional => "?",
            Self::Any => "*",
            Self::AtLeastOne => "+",
        }
    }

    pub(crate) const fn is_required(self) -> bool {
        matches!(self, Self::One | Self::AtLeastOne)
    }
}

/// The specification's types.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Type {
    /// Case-insensitive string of printable ASCII.
    CiString {
        /// Characters at most; 0: no limit.
        max: usize,
    },
    /// Case-sensitive string.
    String {
        /// Characters at most; 0: no limit.
        max: usize,
    },
    /// `DateTime`.
    DateTime,
    /// `URL`.
    Url,
    /// `number`.
    Number,
    /// `int`.
    Int {
        /// Digits at most; 0: no limit.
        digits: u8,
    },
    /// `boolean`.
    Boolean,
    /// An enum.
    Enum(&'static EnumInfo),
    /// An object.
    Object(fn() -> &'static ObjectInfo),
    /// Any JSON value.
    Any,
}

impl Type {
    /// Returns the specification's name of the type.
    pub fn name(&self) -> &'static str {
        match self {
            Self::CiString { .. } => "CiString",
            Self::String { .. } => "string",
            Self::DateTime => "DateTime",
            Self::Url => "URL",
            Self::Number => "number",
            Self::Int { .. } => "int",
            Self::Boolean => "boolean",
            Self::Enum(info) => info.name,
            Self::Object(info) => info().name,
            Self::Any => "any",
        }
    }

    /// Returns the length limit, in characters or digits.
    pub fn max_len(&self) -> Option<usize> {
        let max = match self {
            Self::CiString { max } | Self::String { max } => *max,
            Self::Int { digits } => usize::from(*digits),
            _ => 0,
        };
        (max > 0).then_some(max)
    }
}

/// Table of an object: its name and members.
#[derive(Debug)]
pub struct ObjectInfo {
    /// The specification's name.
    pub name: &'static str,
    /// Documentation of the object, line by line.
    pub doc: &'static [&'static str],
    /// Its members, in the specification's order.
    pub fields: &'static [Field],
    /// Places of the members that only a branch of the version has, with the branch.
    pub branch: &'static [(usize, crate::Versions)],
}

/// Description of a member.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name in messages.
    pub name: &'static str,
    /// Cardinality of the member.
    pub card: Cardinality,
    /// Type of its values.
    pub ty: Type,
    /// Whether the values are in a list.
    pub is_list: bool,
    /// Pattern of its text values.
    pub pattern: Pattern,
    /// Whether the check can report anything about its values: see [`Value::IS_CHECKED`](crate::Value::IS_CHECKED).
    pub is_checked: bool,
    /// Documentation of the member, line by line.
    pub doc: &'static [&'static str],
}

impl ObjectInfo {
    /// Finds the place of a member by its name.
    pub fn place(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// Whether documents of these versions can have a member of the table; a version may have fewer members than its
    /// branches.
    ///
    /// ```
    /// use ocpi_types::{Object, Versions, v2_3_0::tariffs::Tariff};
    /// assert!(Tariff::INFO.has_in("preauthorize_amount", Versions::PAYMENTS));
    /// assert!(!Tariff::INFO.has_in("preauthorize_amount", Versions::BOOKINGS));
    /// ```
    pub fn has_in(&self, name: &str, documents: crate::Versions) -> bool {
        let is_added = |place: usize| self.fields.get(place).is_some_and(|field| field.name == name);
        self.branch.iter().all(|(place, branch)| !is_added(*place) || documents.meets(*branch))
    }
}

/// The bit of a member in the masks of its object.
#[inline]
pub(crate) fn bit(place: usize) -> u64 {
    u32::try_from(place).ok().and_then(|place| 1_u64.checked_shl(place)).unwrap_or(0)
}

/// Table of an enum: its name and values.
#[derive(Debug)]
pub struct EnumInfo {
    /// The specification's name.
    pub name: &'static str,
    /// Documentation of the enum, line by line.
    pub doc: &'static [&'static str],
    /// Its values, and the versions that have them.
    pub values: &'static [(&'static str, crate::Versions)],
    /// The versions in which values may be added.
    pub open: crate::Versions,
}
