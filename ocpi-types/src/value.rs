//! The trait that every scalar, enum, object and list implements; also for options and boxes.

use std::fmt::Debug;

use crate::access::{self, AccessError};
use crate::convert::{Conversion, Unsupported};
use crate::json::{Reader, Stop, Writer};
use crate::{AnyObject, AnyValue, Cardinality, Check, Field, Node, NodeMut, ObjectInfo, Pattern, Rule, Type};

/// A value in OCPI messages.
///
/// All behaviour is in implementations of this trait; the macro [`object!`](crate::object) only lists members.
/// Implement the trait to use a type of the application as a member of an object:
///
/// ```
/// use ocpi_types::json::{Reader, Stop, Writer};
/// use ocpi_types::{Check, Type, Value, json};
///
/// /// A percentage, written as an integer.
/// #[derive(Clone, Debug, Eq, PartialEq)]
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
pub trait Value: Clone + Debug + Eq + serde::Serialize + Sized + Send + Sync + 'static {
    /// The specification's type of the value.
    const TYPE: Type;
    /// Cardinality of the value as a member of an object.
    const CARD: Cardinality = Cardinality::One;
    /// Whether it is a list of values.
    const IS_LIST: bool = false;
    /// Pattern of the text.
    const PATTERN: Pattern = Pattern::Plain;
    /// Whether [`check`](Self::check) can report anything. If not, the value is skipped.
    const IS_CHECKED: bool = true;
    /// Whether an empty text always means an absent value.
    const EMPTY_IS_ABSENT: bool = true;
    /// Whether `null` always means an absent value, rather than the removal of a value.
    const NULL_IS_ABSENT: bool = true;

    /// Content of a slot before it is read. Never visible outside for a required member.
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

    /// Removes, and records, the parts that fit the source version of the conversion but not its target version.
    ///
    /// # Errors
    /// When the value itself would have to be removed.
    #[inline]
    fn downgrade(&mut self, conversion: &mut Conversion<'_>) -> Result<(), Unsupported> {
        let _ = conversion;
        Ok(())
    }

    /// Returns the structure of the value; options, boxes and wrappers are transparent.
    fn node(&self) -> Node<'_> {
        Node::Scalar(Self::TYPE, self)
    }

    /// Returns the structure of the value, for changes.
    fn node_mut(&mut self) -> NodeMut<'_> {
        NodeMut::Scalar(Self::TYPE, self)
    }

    /// Writes the value of a [`Change`](crate::Change), if one is set, into the member that it changes.
    #[doc(hidden)]
    fn give(&mut self, slot: &mut dyn AnyValue) {
        let _ = slot;
    }

    /// Sets a [`Change`](crate::Change) to the new value of a member, if it differs from the old one.
    #[doc(hidden)]
    fn take_difference(&mut self, old: &dyn AnyValue, new: &dyn AnyValue) {
        let _ = (old, new);
    }
}

impl Field {
    /// Describes a member by its type.
    #[doc(hidden)]
    pub const fn of<T: Value>(name: &'static str, doc: &'static [&'static str]) -> Self {
        Self {
            name,
            card: T::CARD,
            ty: T::TYPE,
            is_list: T::IS_LIST,
            pattern: T::PATTERN,
            is_checked: T::IS_CHECKED,
            doc,
        }
    }
}

/// An object: a [`Value`] with named members. Implemented by [`object!`](crate::object).
///
/// ```
/// use ocpi_types::{Object, json, v2_3_0::types::Price};
/// let mut price: Price = json::from_str(r#"{"before_taxes": 4, "taxes": [{"name": "VAT", "amount": 1}]}"#)?;
/// assert_eq!(price.get_at("/taxes/0/amount").map(|amount| amount.to_json()).as_deref(), Ok("1"));
/// price.set_at("/taxes/0/amount", "0.84")?;
/// assert_eq!(json::to_string(&price), r#"{"before_taxes":4,"taxes":[{"name":"VAT","amount":0.84}]}"#);
///
/// let mut pointers = Vec::new();
/// price.visit(|pointer, _| pointers.push(pointer.to_owned()));
/// assert_eq!(pointers, ["", "/before_taxes", "/taxes", "/taxes/0", "/taxes/0/name", "/taxes/0/amount"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Object: Value + AnyObject {
    /// Name and members.
    const INFO: &'static ObjectInfo;

    /// Returns the value at a JSON pointer.
    ///
    /// # Errors
    /// When the pointer leads nowhere, or to a required member that is missing.
    fn get_at(&self, pointer: &str) -> Result<Node<'_>, AccessError> {
        if pointer.is_empty() {
            return Ok(Node::Object(self));
        }
        access::find(self, pointer).map(AnyValue::node_any)
    }

    /// Sets the member or element at a JSON pointer to the value of a JSON text.
    ///
    /// # Errors
    /// When the pointer leads nowhere, or the text is not a value of the type there; nothing is then changed.
    fn set_at(&mut self, pointer: &str, json: &str) -> Result<(), AccessError> {
        access::set(self, pointer, json)
    }

    /// Calls `see` for each value that is present, with its JSON pointer: parents before children, in the order of the
    /// members.
    fn visit(&self, mut see: impl FnMut(&str, Node<'_>)) {
        access::visit(Node::Object(self), &mut String::new(), &mut see);
    }
}

impl<T: Value> Value for Option<T> {
    const TYPE: Type = T::TYPE;
    const CARD: Cardinality = Cardinality::Optional;
    const IS_LIST: bool = T::IS_LIST;
    const PATTERN: Pattern = T::PATTERN;
    const IS_CHECKED: bool = T::IS_CHECKED;
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
            c.enter_optional();
            value.check(c);
            c.leave_optional();
        }
    }

    #[inline]
    fn is_absent(&self) -> bool {
        self.is_none()
    }

    #[inline]
    fn downgrade(&mut self, conversion: &mut Conversion<'_>) -> Result<(), Unsupported> {
        if let Some(value) = self {
            if let Err(unsupported) = value.downgrade(conversion) {
                conversion.give_up(unsupported, value);
                *self = None;
            }
        }
        Ok(())
    }

    fn node(&self) -> Node<'_> {
        match self {
            Some(value) => value.node(),
            None => Node::Null,
        }
    }

    fn node_mut(&mut self) -> NodeMut<'_> {
        match self {
            Some(value) => value.node_mut(),
            None => NodeMut::Null,
        }
    }
}

impl<T: Value> Value for Box<T> {
    const TYPE: Type = T::TYPE;
    const IS_LIST: bool = T::IS_LIST;
    const PATTERN: Pattern = T::PATTERN;
    const IS_CHECKED: bool = T::IS_CHECKED;

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
    fn downgrade(&mut self, conversion: &mut Conversion<'_>) -> Result<(), Unsupported> {
        (**self).downgrade(conversion)
    }

    fn node(&self) -> Node<'_> {
        (**self).node()
    }

    fn node_mut(&mut self) -> NodeMut<'_> {
        (**self).node_mut()
    }
}
