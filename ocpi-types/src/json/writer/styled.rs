//! Writing in the style of a partner.

use super::Writer;
use super::style::{Step, Styling, Times, WritingStyle, Written};
use crate::ruleset::narrow_length;
use crate::{AnyValue, Cardinality, DateTime, Decimal, Field, ObjectInfo, Rule, Value};

/// Writes a value in the style of a partner.
pub fn write_for<T: Value>(value: &T, style: &WritingStyle) -> Written {
    written(style, |writer| value.write(writer))
}

/// Writes a list of values in the style of a partner.
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
            // In a PATCH, `null` would take away what the partner is to keep.
            if styling.style.explicit_nulls && value.is_absent_if_null() {
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
    let value: Decimal = text.parse().ok()?;
    let rounded = value.round(u32::try_from(decimals).ok()?);
    let mut spelled = rounded.to_string();
    let written = spelled.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    if written == 0 {
        spelled.push('.');
    }
    spelled.extend(std::iter::repeat_n('0', decimals.saturating_sub(written)));
    Some((spelled, rounded != value))
}
