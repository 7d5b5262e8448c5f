//! The one trait that every scalar, enum, object and list implements; and the lists and options.

use std::fmt::Debug;

use crate::convert::{Conversion, Misfit};
use crate::json::{Reader, Stop, Writer};
use crate::{Check, Form, Rule};

/// Something that stands in an OCPI message.
///
/// All behaviour lives in implementations of this trait; the macro [`object!`](crate::object) only lists members.
/// To make a type of the application a member of an object, implement it by hand:
///
/// ```
/// use ocpi_types::json::{Reader, Stop, Writer};
/// use ocpi_types::{Check, Type, Value, json};
///
/// /// A percentage, written as an integer.
/// #[derive(Clone, Debug, PartialEq)]
/// struct Percent(i64);
///
/// impl serde::Serialize for Percent {
///     fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
///         s.serialize_i64(self.0)
///     }
/// }
///
/// impl Value for Percent {
///     const TYPE: Type = Type::Int { digits: 3 };
///     fn blank() -> Self { Self(0) }
///     fn read(&mut self, r: &mut Reader<'_>) -> Result<(), Stop> { self.0.read(r) }
///     fn write(&self, w: &mut Writer) { self.0.write(w) }
///     fn check(&self, _: &mut Check) {}
/// }
/// assert_eq!(json::from_str::<Percent>("99")?, Percent(99));
/// # Ok::<(), json::Error>(())
/// ```
pub trait Value: Clone + Debug + PartialEq + serde::Serialize + Sized + Send + Sync + 'static {
    /// The specification's type.
    const TYPE: Type;
    /// Number of values, as a member of an object.
    const CARD: Card = Card::One;
    /// Whether it is a list of them.
    const IS_LIST: bool = false;
    /// Form of its text.
    const FORM: Form = Form::Plain;
    /// Whether an empty text can only mean that there is no value.
    const EMPTY_IS_ABSENT: bool = true;
    /// Whether `null` can only mean that there is no value, rather than that there is none any more.
    const NULL_IS_ABSENT: bool = true;

    /// Content of a slot before it is read. Never seen from outside for a required member.
    fn blank() -> Self;

    /// Reads the next value into the slot.
    ///
    /// # Errors
    /// When the value cannot be read: see [`Stop`].
    fn read(&mut self, r: &mut Reader<'_>) -> Result<(), Stop>;

    /// Writes the value.
    fn write(&self, w: &mut Writer);

    /// Reports deviations of the value.
    fn check(&self, c: &mut Check);

    /// Whether a member with this value is left out when written.
    fn is_absent(&self) -> bool {
        false
    }

    /// Gives up, and notes, the parts that fit the version that is converted from and not the one that is converted to.
    ///
    /// # Errors
    /// When nothing can be given up without the value itself.
    #[inline]
    fn fit(&mut self, conversion: &mut Conversion<'_>) -> Result<(), Misfit> {
        let _ = conversion;
        Ok(())
    }
}

/// An object: a [`Value`] with named members. Made by [`object!`](crate::object).
pub trait Object: Value {
    /// Name and members.
    const INFO: &'static ObjectInfo;
}

/// Number of values of a member.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Card {
    /// Exactly one: `1`.
    One,
    /// None or one: `?`.
    Optional,
    /// Any number: `*`.
    Any,
    /// One or more: `+`.
    AtLeastOne,
}

impl Card {
    /// The specification's sign.
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
    /// The specification's name of the type.
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

    /// The length limit, in characters or digits.
    pub fn max_len(&self) -> Option<usize> {
        let max = match self {
            Self::CiString { max } | Self::String { max } => *max,
            Self::Int { digits } => usize::from(*digits),
            _ => 0,
        };
        (max > 0).then_some(max)
    }
}

/// Facts about an object.
#[derive(Debug)]
pub struct ObjectInfo {
    /// The specification's name.
    pub name: &'static str,
    /// Description of the object.
    pub doc: &'static [&'static str],
    /// Its members, in the specification's order.
    pub fields: &'static [Field],
    /// The members that only a branch of the version adds, and the branch.
    pub branch: &'static [(&'static str, crate::Versions)],
}

/// Facts about a member.
#[derive(Debug)]
pub struct Field {
    /// Its name in messages.
    pub name: &'static str,
    /// Number of its values.
    pub card: Card,
    /// Their type.
    pub ty: Type,
    /// Whether they stand in a list.
    pub is_list: bool,
    /// Form of their text.
    pub form: Form,
    /// Description of the member.
    pub doc: &'static [&'static str],
}

/// Facts about an enum.
#[derive(Debug)]
pub struct EnumInfo {
    /// The specification's name.
    pub name: &'static str,
    /// Description of the enum.
    pub doc: &'static [&'static str],
    /// Its values, and the versions that have them.
    pub values: &'static [(&'static str, crate::Versions)],
    /// The versions in which values may be added.
    pub open: crate::Versions,
}

impl<T: Value> Value for Option<T> {
    const TYPE: Type = T::TYPE;
    const CARD: Card = Card::Optional;
    const IS_LIST: bool = T::IS_LIST;
    const FORM: Form = T::FORM;
    const EMPTY_IS_ABSENT: bool = T::EMPTY_IS_ABSENT;

    fn blank() -> Self {
        None
    }

    #[inline]
    fn read(&mut self, r: &mut Reader<'_>) -> Result<(), Stop> {
        let at = r.offset();
        if r.null() {
            *self = None;
            r.note(Rule::Null, at);
            return Ok(());
        }
        if T::EMPTY_IS_ABSENT && r.is_empty_string() {
            *self = None;
            r.pass_string()?;
            r.note(Rule::EmptyText, at);
            return Ok(());
        }
        self.insert(T::blank()).read(r)
    }

    #[inline]
    fn write(&self, w: &mut Writer) {
        match self {
            Some(value) => value.write(w),
            None => w.raw("null"),
        }
    }

    fn check(&self, c: &mut Check) {
        if let Some(value) = self {
            c.optional(|c| value.check(c));
        }
    }

    #[inline]
    fn is_absent(&self) -> bool {
        self.is_none()
    }

    #[inline]
    fn fit(&mut self, conversion: &mut Conversion<'_>) -> Result<(), Misfit> {
        if let Some(value) = self {
            if let Err(misfit) = value.fit(conversion) {
                conversion.note(misfit.rule(), "", value);
                *self = None;
            }
        }
        Ok(())
    }
}

impl<T: Value> Value for Box<T> {
    const TYPE: Type = T::TYPE;
    const IS_LIST: bool = T::IS_LIST;
    const FORM: Form = T::FORM;

    fn blank() -> Self {
        Self::new(T::blank())
    }

    #[inline]
    fn read(&mut self, r: &mut Reader<'_>) -> Result<(), Stop> {
        (**self).read(r)
    }

    #[inline]
    fn write(&self, w: &mut Writer) {
        (**self).write(w);
    }

    fn check(&self, c: &mut Check) {
        (**self).check(c);
    }

    #[inline]
    fn fit(&mut self, conversion: &mut Conversion<'_>) -> Result<(), Misfit> {
        (**self).fit(conversion)
    }
}

impl<T: Value> Value for Vec<T> {
    const TYPE: Type = T::TYPE;
    const CARD: Card = Card::Any;
    const IS_LIST: bool = true;
    const FORM: Form = T::FORM;

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
        for (index, value) in self.iter().enumerate() {
            c.element(index, |c| value.check(c));
        }
    }

    #[inline]
    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    #[inline]
    fn fit(&mut self, conversion: &mut Conversion<'_>) -> Result<(), Misfit> {
        let gone = fit_elements(self, conversion);
        if !gone.is_empty() {
            give_up(self, gone, conversion);
        }
        Ok(())
    }
}

/// Fits each element; returns the places of those that cannot stay, with the misfits. None allocates nothing.
#[inline]
pub(crate) fn fit_elements<T: Value>(
    elements: &mut [T],
    conversion: &mut Conversion<'_>,
) -> Vec<(usize, Misfit)> {
    let mut gone = Vec::new();
    for (index, value) in elements.iter_mut().enumerate() {
        if let Err(misfit) = conversion.element(index, |conversion| value.fit(conversion)) {
            gone.push((index, misfit));
        }
    }
    gone
}

/// Takes elements out of a list, and notes them.
#[cold]
pub(crate) fn give_up<T: Value>(
    list: &mut Vec<T>,
    gone: Vec<(usize, Misfit)>,
    conversion: &mut Conversion<'_>,
) {
    let mut gone = gone.into_iter().peekable();
    let mut index = 0;
    list.retain(|value| {
        let is_gone = gone.next_if(|(place, _)| *place == index);
        if let Some((_, misfit)) = &is_gone {
            conversion.note_element(misfit.rule(), index, value);
        }
        index += 1;
        is_gone.is_none()
    });
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
