//! Writing as one partner wants it.

use std::fmt;

use super::Writer;
use crate::json::{push_index, push_segment};
use crate::ruleset::narrow_length;
use crate::{AnyValue, Cardinality, DateTime, Field, ObjectInfo, Rule, Ruleset, Value};

/// Style of messages to one partner, in points that OCPI leaves open or that the partner does not keep to.
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
    /// Whether members that are absent are written, as `null` or an empty list.
    pub explicit_nulls: bool,
    /// Form of points in time.
    pub times: Times,
    /// Number of decimals of coordinates, from 5 to 7: filled up with zeros, or rounded half away from zero. `None`: as
    /// they are.
    pub coordinate_decimals: Option<u8>,
    /// An edition whose narrower lengths are kept: longer texts are cut. See [`Ruleset::V2_2_1_D2`].
    pub lengths: Option<&'static Ruleset>,
}

/// Form of points in time in a message.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Times {
    /// As they were read or made.
    #[default]
    AsIs,
    /// With `Z`, in whole seconds; fractions are cut off.
    Seconds,
    /// With `Z` and three digits of a second; more are cut off.
    Millis,
}

/// A value as one partner wants it, and the values that were cut for that.
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

/// Something that was not written in whole.
#[derive(Clone, Eq, PartialEq)]
#[non_exhaustive]
pub struct Cut {
    /// Place of the value, as a JSON pointer.
    pub pointer: String,
    /// Rule by which it was cut.
    pub rule: Rule,
    /// The value in whole.
    pub whole: String,
}

/// Values that were cut from a message. Stands in the extensions of the request or the answer that carries it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Cuts(pub Vec<Cut>);

/// The value may be a driver's: its size is shown.
impl fmt::Debug for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cut({} [{}], {} bytes)", self.pointer, self.rule.id(), self.whole.len())
    }
}

/// Writes a value as one partner wants it.
pub fn write_for<T: Value>(value: &T, style: &WritingStyle) -> Written {
    written(style, |writer| value.write(writer))
}

/// Writes a list of values as one partner wants it.
pub fn write_list_for<'a, T: Value>(
    values: impl IntoIterator<Item = &'a T>,
    style: &WritingStyle,
) -> Written {
    written(style, |writer| writer.list(values))
}

fn written(style: &WritingStyle, write: impl FnOnce(&mut Writer)) -> Written {
    let wants_something = *style != WritingStyle::default();
    let styling = wants_something.then(|| Box::new(Styling::new(*style)));
    let mut writer = Writer { out: Vec::new(), styling };
    write(&mut writer);
    let cuts = writer.styling.map(|styling| styling.cuts).unwrap_or_default();
    Written { json: writer.out, cuts }
}

/// The style, and where the writer is.
#[derive(Debug)]
pub(super) struct Styling {
    style: WritingStyle,
    object: Option<&'static ObjectInfo>,
    path: Vec<Step>,
    /// Characters that the current member may have.
    most: Option<usize>,
    cuts: Vec<Cut>,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Member(&'static str),
    Element(usize),
}

impl WritingStyle {
    /// Nothing in particular.
    pub const PLAIN: Self =
        Self { explicit_nulls: false, times: Times::AsIs, coordinate_decimals: None, lengths: None };
}

impl Styling {
    fn new(style: WritingStyle) -> Self {
        Self { style, object: None, path: Vec::new(), most: None, cuts: Vec::new() }
    }

    fn cut(&mut self, rule: Rule, whole: &str) {
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

impl Writer {
    #[cold]
    pub(super) fn styled_object(&mut self, info: &'static ObjectInfo, members: impl FnOnce(&mut Self)) {
        let outer = self.styling.as_mut().and_then(|styling| styling.object.replace(info));
        self.enclosed(b'{', b'}', members);
        if let Some(styling) = &mut self.styling {
            styling.object = outer;
        }
    }

    #[cold]
    pub(super) fn styled_member(&mut self, field: &'static Field, value: &dyn AnyValue) {
        let Some(styling) = &mut self.styling else { return };
        if value.is_absent_any() {
            if styling.style.explicit_nulls {
                self.key(field.name);
                self.raw(if matches!(field.card, Cardinality::Any) { "[]" } else { "null" });
            }
            return;
        }
        let narrow = styling.style.lengths.filter(|profile| profile.is_narrow());
        styling.most = narrow.and(styling.object).and_then(|object| narrow_length(object.name, field.name));
        styling.path.push(Step::Member(field.name));
        self.key(field.name);
        value.write_any(self);
        if let Some(styling) = &mut self.styling {
            styling.path.pop();
            styling.most = None;
        }
    }

    #[cold]
    pub(super) fn styled_element<T: Value>(&mut self, index: usize, value: &T) {
        if let Some(styling) = &mut self.styling {
            styling.path.push(Step::Element(index));
        }
        value.write(self);
        if let Some(styling) = &mut self.styling {
            styling.path.pop();
        }
    }

    #[cold]
    pub(super) fn styled_string(&mut self, text: &str) {
        let most = self.styling.as_ref().and_then(|styling| styling.most);
        let end = most.and_then(|most| text.char_indices().nth(most)).map(|(end, _)| end);
        match end.and_then(|end| text.get(..end)) {
            None => self.quoted(text),
            Some(short) => {
                self.quoted(short);
                if let Some(styling) = &mut self.styling {
                    styling.cut(Rule::LengthExceeded, text);
                }
            }
        }
    }

    /// Writes a point in time with this many digits of a second, as the partner wants it.
    #[cold]
    pub(super) fn styled_time(&mut self, at: DateTime, digits: u8, bare: bool) {
        let times = self.styling.as_ref().map_or(Times::AsIs, |styling| styling.style.times);
        let (wanted, has_zone) = match times {
            Times::AsIs => (digits, !bare),
            Times::Seconds => (0, true),
            Times::Millis => (3, true),
        };
        self.time(at.to_chrono(), wanted, has_zone);
        let kept = 10_u32.pow(9 - u32::from(wanted.min(9)));
        if times != Times::AsIs && at.to_chrono().timestamp_subsec_nanos() % kept != 0 {
            if let Some(styling) = &mut self.styling {
                styling.cut(Rule::DateTimePrecision, &at.to_string());
            }
        }
    }

    /// Writes a coordinate with the decimals that the partner wants.
    #[cold]
    pub(super) fn styled_coordinate(&mut self, text: &str) {
        let decimals = self.styling.as_ref().and_then(|styling| styling.style.coordinate_decimals);
        let spelled = decimals.and_then(|decimals| with_decimals(text, decimals.clamp(5, 7).into()));
        let Some((spelled, lost)) = spelled else { return self.quoted(text) };
        self.quoted(&spelled);
        if lost {
            if let Some(styling) = &mut self.styling {
                styling.cut(Rule::GeoFormat, text);
            }
        }
    }
}

/// A number with so many decimals, and whether digits of it were lost.
pub(crate) fn with_decimals(text: &str, decimals: usize) -> Option<(String, bool)> {
    let value: crate::Decimal = text.parse().ok()?;
    let rounded = value.round(u32::try_from(decimals).ok()?);
    let mut spelled = rounded.to_string();
    let written = spelled.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    if written == 0 {
        spelled.push('.');
    }
    spelled.extend(std::iter::repeat_n('0', decimals.saturating_sub(written)));
    Some((spelled, rounded != value))
}
