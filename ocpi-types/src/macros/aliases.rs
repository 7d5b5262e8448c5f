//! What partners mean by a name that is not quite the specification's.

use crate::{EnumInfo, ObjectInfo, Rule};

/// The object (empty: any), the name that is sent, and the name that is meant.
const ALIASES: &[(&str, &str, &str)] = &[
    ("Connector", "voltage", "max_voltage"),
    ("Connector", "max_voltage", "voltage"),
    ("Connector", "amperage", "max_amperage"),
    ("Connector", "max_amperage", "amperage"),
    ("Connector", "tariff_id", "tariff_ids"),
    ("Connector", "tariff_ids", "tariff_id"),
    ("Location", "type", "parking_type"),
    ("Location", "parking_type", "type"),
    ("Hours", "twenty_four_seven", "twentyfourseven"),
    ("Hours", "twentyfourseven", "twenty_four_seven"),
    ("", "start_datetime", "start_date_time"),
    ("", "start_date_time", "start_datetime"),
    ("", "end_datetime", "end_date_time"),
    ("", "end_date_time", "end_datetime"),
    ("Token", "auth_id", "contract_id"),
    ("Token", "contract_id", "auth_id"),
];

/// The member that is meant by a name, if the object has it.
pub fn known_name(info: &ObjectInfo, sent: &str) -> Option<&'static str> {
    let own = |name: &str| info.fields.iter().find(|field| field.name == name).map(|field| field.name);
    own(sent).or_else(|| {
        ALIASES
            .iter()
            .filter(|(object, alias, _)| *alias == sent && (object.is_empty() || *object == info.name))
            .find_map(|(_, _, name)| own(name))
    })
}

/// Days of the week by their number; both ISO 8601 and OCPI's opening hours begin with Monday.
const DAYS: &[&str] = &["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"];

/// The one value of an enum that is meant by a text in another case, or with other signs between words.
#[cold]
pub fn known_value(info: &EnumInfo, sent: &str) -> Option<(&'static str, Rule)> {
    if info.name == "DayOfWeek" {
        if let Some(day) = day_number(sent).and_then(|day| DAYS.get(day - 1)) {
            return Some((day, Rule::DayNumber));
        }
    }
    let mut same = info.values.iter().filter(|(value, _)| is_same_word(value, sent));
    match (same.next(), same.next()) {
        (Some((value, _)), None) => Some((value, Rule::EnumSpelling)),
        _ => None,
    }
}

fn day_number(sent: &str) -> Option<usize> {
    sent.parse().ok().filter(|day| (1..=7).contains(day))
}

/// The number of a day, from its English name or the first letters of it.
#[cold]
pub(crate) fn day_named(sent: &str) -> Option<i64> {
    let sent = sent.trim();
    let is_start = |day: &str| {
        sent.len() >= 2 && day.get(..sent.len()).is_some_and(|start| start.eq_ignore_ascii_case(sent))
    };
    let place = DAYS.iter().position(|day| is_start(day))?;
    i64::try_from(place + 1).ok()
}

fn is_same_word(known: &str, sent: &str) -> bool {
    let plain = |byte: u8| match byte {
        b'-' | b' ' => b'_',
        byte => byte.to_ascii_uppercase(),
    };
    known.len() == sent.len() && known.bytes().map(plain).eq(sent.bytes().map(plain))
}
