//! Deviating member names of partners, and the members that they mean.

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
    ("CDR", "stop_date_time", "end_date_time"),
    ("CDR", "end_date_time", "stop_date_time"),
    ("CDR", "end_datetime", "stop_date_time"),
    ("CDR", "stop_datetime", "stop_date_time"),
    ("CDR", "stop_datetime", "end_date_time"),
    ("EnvironmentalImpact", "source", "category"),
    ("EnvironmentalImpact", "category", "source"),
    // Bookings 1.0.
    ("Timeslot", "start_from", "start_date_time"),
    ("Timeslot", "end_before", "end_date_time"),
    ("Period", "start_from", "start_date_time"),
    ("Period", "end_before", "end_date_time"),
    ("Calendar", "step_size", "timeslot_increment"),
    ("BookingLocation", "bookable", "policy"),
    ("BookingLocation", "bookable_parking_options", "booking_option"),
    ("BookingLocation", "tariff_id", "tariff_ids"),
    ("Booking", "access_methods", "access_information"),
    ("Booking", "bookable_parking_option", "booking_option"),
    ("Booking", "tariff_id", "tariff_ids"),
    ("BookingRequest", "bookable_parking_option", "booking_option"),
    ("AccessInformation", "location_access", "method"),
    ("BookingOption", "format", "connector_format"),
    ("BookingOption", "parking_space_length", "min_parking_space_length"),
    ("BookingOption", "parking_space_width", "min_parking_space_width"),
];

/// A member of an object, found by a name that was sent.
#[derive(Clone, Copy, Debug)]
pub struct NamedMember {
    /// The member's own name.
    pub name: &'static str,
    /// Its place among the members.
    pub(crate) place: usize,
    pub(crate) naming: Naming,
}

/// Relation of a name to the member that it means. Earlier ones are believed first.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Naming {
    /// The member's own name.
    Own,
    /// The member's own name in another spelling.
    Spelled,
    /// The name of another version, in any spelling.
    OtherVersion,
}

impl Naming {
    /// The rule that the name breaks.
    pub(crate) fn rule(self) -> Option<Rule> {
        match self {
            Self::Own => None,
            Self::Spelled => Some(Rule::NameSpelling),
            Self::OtherVersion => Some(Rule::OtherVersionName),
        }
    }
}

/// Finds the member that a sent name means, if the object has one.
#[cold]
pub fn known_name(info: &ObjectInfo, sent: &str) -> Option<NamedMember> {
    let find = |is_it: &dyn Fn(&str) -> bool, naming| {
        let place = info.fields.iter().position(|field| is_it(field.name))?;
        let name = info.fields.get(place)?.name;
        Some(NamedMember { name, place, naming })
    };
    let other = |is_alias: &dyn Fn(&str) -> bool| {
        let aliases = ALIASES.iter().filter(|(object, _, _)| object.is_empty() || *object == info.name);
        aliases
            .filter(|(_, alias, _)| is_alias(alias))
            .find_map(|(_, _, name)| find(&|own| own == *name, Naming::OtherVersion))
    };
    find(&|own| own == sent, Naming::Own).or_else(|| other(&|alias| alias == sent)).or_else(|| {
        let spelling = Spelling::of(sent)?;
        find(&|own| spelling.is(own), Naming::Spelled).or_else(|| other(&|alias| spelling.is(alias)))
    })
}

/// Whether a name differs from a known one only in case and in the separators between its words.
///
/// A name that begins or ends with a separator, such as `_id`, is a different name.
pub fn is_same_name(known: &str, sent: &str) -> bool {
    Spelling::of(sent).is_some_and(|sent| sent.is(known))
}

/// A name, to be compared with known ones.
#[derive(Clone, Copy)]
struct Spelling<'a> {
    sent: &'a str,
    first: u8,
}

impl<'a> Spelling<'a> {
    /// `None`: a name of its own.
    fn of(sent: &'a str) -> Option<Self> {
        let sent = sent.trim();
        let is_sign = |byte: &u8| matches!(byte, b'_' | b'-');
        match sent.as_bytes() {
            [] => None,
            [first, .., last] if is_sign(first) || is_sign(last) => None,
            [first, ..] => Some(Self { sent, first: first.to_ascii_lowercase() }),
        }
    }

    fn is(self, known: &str) -> bool {
        // Most names differ in their first letter.
        known.bytes().next().is_some_and(|first| first.eq_ignore_ascii_case(&self.first))
            && letters(known).eq(letters(self.sent))
    }
}

fn letters(name: &str) -> impl Iterator<Item = u8> {
    name.bytes().filter(|byte| !matches!(byte, b'_' | b'-' | b' ')).map(|byte| byte.to_ascii_lowercase())
}

/// Days of the week by their number; both ISO 8601 and OCPI's opening hours begin with Monday.
const DAYS: &[&str] = &["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"];

/// The one value of an enum that is meant by a text in another case, or with other signs between words.
#[cold]
pub(crate) fn known_value(info: &EnumInfo, sent: &str) -> Option<(&'static str, Rule)> {
    if info.name == "DayOfWeek" {
        if let Some(day) = day_number(sent).and_then(|day| DAYS.get(day - 1)) {
            return Some((day, Rule::DayNumber));
        }
    }
    // The text of Bookings has another id than its addresses.
    if info.name == "ModuleID" && sent.eq_ignore_ascii_case("booking") {
        return Some(("bookings", Rule::EnumSpelling));
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
