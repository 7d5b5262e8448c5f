//! Style of messages to a partner, and the values cut for it.

use std::fmt;

use crate::pointer::{push_index, push_segment};
use crate::{ObjectInfo, Rule, Ruleset};

/// Style of messages to a partner, in points that OCPI leaves open or where the partner deviates.
///
/// ```
/// use ocpi_types::json::{WritingStyle, Times, write_for};
/// use ocpi_types::v2_3_0::types::TaxAmount;
/// use ocpi_types::{DateTime, json};
///
/// let tax: TaxAmount = json::from_str(r#"{"name": "VAT", "amount": 0.42}"#)?;
/// let style = WritingStyle { explicit_nulls: true, ..WritingStyle::default() };
/// assert_eq!(write_for(&tax, &style).to_string(), r#"{"name":"VAT","account_number":null,"percentage":null,"amount":0.42}"#);
///
/// let at: DateTime = "2026-11-22T10:00:00.5".parse()?;
/// let style = WritingStyle { times: Times::Millis, ..WritingStyle::default() };
/// assert_eq!(write_for(&at, &style).to_string(), r#""2026-11-22T10:00:00.500Z""#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct WritingStyle {
    /// Whether absent members are written, as `null` or an empty list.
    pub explicit_nulls: bool,
    /// Format of points in time.
    pub times: Times,
    /// Number of decimals of coordinates, from 5 to 7: padded with zeros, or rounded half away from zero. `None`:
    /// unchanged.
    pub coordinate_decimals: Option<u8>,
    /// An edition with shorter lengths: longer texts are cut. See [`Ruleset::V2_2_1_D2`].
    pub lengths: Option<&'static Ruleset>,
}

impl WritingStyle {
    /// The default style.
    pub const PLAIN: Self =
        Self { explicit_nulls: false, times: Times::AsIs, coordinate_decimals: None, lengths: None };
}

/// Format of points in time in a message.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Times {
    /// As they were read or created.
    #[default]
    AsIs,
    /// With `Z`, in whole seconds; fractions are truncated.
    Seconds,
    /// With `Z` and three fractional digits; further digits are truncated.
    Millis,
}

/// A value written for one partner, and the values that were cut.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Written {
    /// The JSON text.
    pub json: Vec<u8>,
    /// Values that were cut, in the order of the document.
    pub cuts: Vec<Cut>,
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.json))
    }
}

/// A value that was not written in full.
#[derive(Clone, Eq, PartialEq)]
#[non_exhaustive]
pub struct Cut {
    /// Place of the value, as a JSON pointer.
    pub pointer: String,
    /// Rule for which it was cut.
    pub rule: Rule,
    /// The full value.
    pub whole: String,
}

/// Values that were cut from a message, stored in the extensions of its request or answer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Cuts(pub Vec<Cut>);

/// The value may be a driver's: its size is shown.
impl fmt::Debug for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cut({} [{}], {} bytes)", self.pointer, self.rule.id(), self.whole.len())
    }
}

/// The style, and where the writer is.
#[derive(Debug)]
pub(super) struct Styling {
    pub(super) style: WritingStyle,
    pub(super) object: Option<&'static ObjectInfo>,
    pub(super) path: Vec<Step>,
    /// Characters that the current member may have.
    pub(super) most: Option<usize>,
    pub(super) cuts: Vec<Cut>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    Member(&'static str),
    Element(usize),
}

impl Styling {
    pub(super) fn new(style: WritingStyle) -> Self {
        Self { style, object: None, path: Vec::new(), most: None, cuts: Vec::new() }
    }

    pub(super) fn cut(&mut self, rule: Rule, whole: &str) {
        let mut pointer = String::new();
        for step in &self.path {
            match step {
                Step::Member(name) => push_segment(&mut pointer, name),
                Step::Element(index) => push_index(&mut pointer, *index),
            }
        }
        self.cuts.push(Cut { pointer, rule, whole: whole.to_owned() });
    }
}
