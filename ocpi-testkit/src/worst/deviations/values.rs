//! Chapter D: values in objects.

use http::Method;
use serde_json::{Map, Value, json};

use ocpi_types::DateTime;

use super::lists::second;
use crate::worst::Answer;
use crate::worst::visit::{Memory, Visit};

type Object = Map<String, Value>;

/// Digits behind an amount that was a binary number.
const NOISE: &str = "000000000000000832667268468867405317723751";

fn set(object: &mut Object, name: &str, value: Value) {
    object.insert(name.to_owned(), value);
}

/// Changes the EVSEs of a Location.
fn evses(location: &mut Object, change: impl FnMut(&mut Object)) {
    let evses = location.get_mut("evses").and_then(Value::as_array_mut);
    evses.into_iter().flatten().filter_map(Value::as_object_mut).for_each(change);
}

/// Changes the Connectors of a Location.
fn connectors(location: &mut Object, mut change: impl FnMut(&mut Object)) {
    evses(location, |evse| {
        let connectors = evse.get_mut("connectors").and_then(Value::as_array_mut);
        connectors.into_iter().flatten().filter_map(Value::as_object_mut).for_each(&mut change);
    });
}

/// Whether it is a Location, not a part of one.
fn is_location(object: &Object) -> bool {
    object.contains_key("coordinates")
}

pub(in crate::worst) fn object_for_list(location: &mut Object) {
    evses(location, |evse| {
        if let Some(Value::Array(connectors)) = evse.get_mut("connectors") {
            if let (1, Some(one)) = (connectors.len(), connectors.first().cloned()) {
                set(evse, "connectors", one);
            }
        }
    });
}

pub(in crate::worst) fn nulls(location: &mut Object) {
    if is_location(location) {
        for name in ["name", "postal_code", "related_locations", "facilities", "opening_times"] {
            location.entry(name).or_insert(Value::Null);
        }
    }
}

pub(in crate::worst) fn null_in_list(location: &mut Object) {
    if let Some(Value::Array(evses)) = location.get_mut("evses") {
        evses.push(Value::Null);
    }
}

pub(in crate::worst) fn empty_texts(tariff: &mut Object) {
    set(tariff, "tariff_alt_url", json!(""));
}

pub(in crate::worst) fn no_format(location: &mut Object) {
    connectors(location, |connector| drop(connector.remove("format")));
}

pub(in crate::worst) fn list_for_object(location: &mut Object) {
    if let Some(coordinates) = location.get_mut("coordinates") {
        *coordinates = json!([coordinates.take()]);
    }
}

pub(in crate::worst) fn number_as_text(session: &mut Object) {
    if let Some(kwh) = session.get_mut("kwh") {
        *kwh = Value::String(kwh.to_string());
    }
}

pub(in crate::worst) fn comma(session: &mut Object) {
    set(session, "kwh", json!("1,5"));
}

pub(in crate::worst) fn noise(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    if visit.lists("sessions") {
        answer.text(|text| {
            let mut parts = text.split("\"kwh\":");
            let first = parts.next().unwrap_or_default().to_owned();
            parts.fold(first, |before, rest| {
                let is_of_it = |letter: char| letter.is_ascii_digit() || letter == '.';
                let (kwh, behind) =
                    rest.split_at(rest.find(|letter| !is_of_it(letter)).unwrap_or(rest.len()));
                let noise = match kwh {
                    // A text.
                    "" => String::new(),
                    _ if kwh.contains('.') => NOISE.to_owned(),
                    _ => format!(".0{NOISE}"),
                };
                format!("{before}\"kwh\":{kwh}{noise}{behind}")
            })
        });
    }
}

pub(in crate::worst) fn coordinates_as_numbers(location: &mut Object) {
    let coordinates = location.get_mut("coordinates").and_then(Value::as_object_mut);
    for value in coordinates.into_iter().flat_map(|coordinates| coordinates.values_mut()) {
        if let Some(number) = value.as_str().and_then(|text| text.parse::<f64>().ok()) {
            *value = json!(number);
        }
    }
}

pub(in crate::worst) fn short_coordinates(location: &mut Object) {
    if is_location(location) {
        set(location, "coordinates", json!({"latitude": "52.1", "longitude": "5.1"}));
    }
}

/// Changes the times of a Session.
fn times(session: &mut Object, change: impl Fn(&str) -> String) {
    for name in ["start_date_time", "last_updated"] {
        if let Some(Value::String(time)) = session.get_mut(name) {
            *time = change(time);
        }
    }
}

pub(in crate::worst) fn times_without_zone(session: &mut Object) {
    times(session, |time| time.trim_end_matches('Z').to_owned());
}

pub(in crate::worst) fn times_with_offset(session: &mut Object) {
    times(session, |time| time.replace('Z', "+00:00"));
}

pub(in crate::worst) fn times_with_nanos(session: &mut Object) {
    times(session, |time| time.replace('Z', ".000000000Z"));
}

pub(in crate::worst) fn extra(location: &mut Object) {
    set(location, "x_vendor", json!({"parking_hint": "behind the barn", "score": 4.7}));
}

pub(in crate::worst) fn deep(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    if visit.is(Method::GET, "locations") {
        let nested = format!("{}{}", "[".repeat(200), "]".repeat(200));
        answer.text(|text| text.replacen("\"publish\":", &format!("\"x_deep\":{nested},\"publish\":"), 1));
    }
}

pub(in crate::worst) fn unknown_value(location: &mut Object) {
    evses(location, |evse| set(evse, "status", json!("LEVITATING")));
}

pub(in crate::worst) fn slang(location: &mut Object) {
    connectors(location, |connector| set(connector, "standard", json!("Type2 cable")));
}

pub(in crate::worst) fn too_long(location: &mut Object) {
    if is_location(location) {
        set(location, "address", json!("Stationsplein 1".repeat(20)));
    }
}

pub(in crate::worst) fn other_case(tariff: &mut Object) {
    in_lower_case(tariff, "id");
}

pub(in crate::worst) fn uid_in_other_case(token: &mut Object) {
    in_lower_case(token, "uid");
}

fn in_lower_case(object: &mut Object, name: &str) {
    if let Some(Value::String(text)) = object.get_mut(name) {
        *text = text.to_ascii_lowercase();
    }
}

pub(in crate::worst) fn control(location: &mut Object) {
    if is_location(location) {
        set(location, "address", json!("Stationsplein\u{0} 1\u{202e}"));
    }
}

pub(in crate::worst) fn short_country(location: &mut Object) {
    if is_location(location) {
        set(location, "country", json!("NL"));
    }
}

pub(in crate::worst) fn kilowatts(location: &mut Object) {
    connectors(location, |connector| set(connector, "max_electric_power", json!(11)));
}

pub(in crate::worst) fn other_names(location: &mut Object) {
    connectors(location, |connector| {
        // In 2.1.1 it is the other way round.
        for (one, other) in [("max_voltage", "voltage"), ("max_amperage", "amperage")] {
            if let Some(value) = connector.remove(one) {
                set(connector, other, value);
            } else if let Some(value) = connector.remove(other) {
                set(connector, one, value);
            }
        }
    });
}

pub(in crate::worst) fn duplicate(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    if visit.is(Method::GET, "locations") {
        answer.text(|text| text.replace("\"city\":", "\"city\":\"Utrecht\",\"city\":"));
    }
}

pub(in crate::worst) fn duplicate_id(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    if visit.begins("tariffs") {
        let mut id = Value::Null;
        answer.data(|data| id = second(data).map_or(Value::Null, |tariff| tariff["id"].clone()));
        let id = format!("\"id\":{id}");
        answer.text(|text| text.replacen(&id, &format!("\"id\":\"T99\",{id}"), 1));
    }
}

pub(in crate::worst) fn bom(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    if visit.lists("tariffs") {
        answer.text(|text| format!("\u{feff}{text}"));
    }
}

pub(in crate::worst) fn integers(location: &mut Object) {
    connectors(location, |connector| {
        for name in ["max_voltage", "voltage"] {
            if let Some(number) = connector.get(name).and_then(Value::as_f64) {
                set(connector, name, json!(number));
            }
        }
    });
}

pub(in crate::worst) fn booleans(location: &mut Object) {
    if let Some(publish) = location.get_mut("publish") {
        *publish = Value::String(publish.to_string());
    }
}

pub(in crate::worst) fn no_time_zone(location: &mut Object) {
    location.remove("time_zone");
}

pub(in crate::worst) fn child_newer(location: &mut Object) {
    let updated = location.get("last_updated").and_then(Value::as_str);
    let updated = updated.and_then(|time| time.parse::<DateTime>().ok()?.checked_add_seconds(1));
    if let Some(newer) = updated {
        evses(location, |evse| set(evse, "last_updated", json!(newer.to_string())));
    }
}

pub(in crate::worst) fn positive_credit(cdr: &mut Object) {
    set(cdr, "credit", json!(true));
    set(cdr, "credit_reference_id", json!("C0"));
}

pub(in crate::worst) fn unknown_location(cdr: &mut Object) {
    if let Some(location) = cdr.get_mut("cdr_location") {
        location["id"] = json!("NOWHERE");
    }
}

pub(in crate::worst) fn stuck(session: &mut Object) {
    set(session, "status", json!("PENDING"));
    set(session, "start_date_time", json!("2020-01-01T00:00:00Z"));
}

pub(in crate::worst) fn seconds(cdr: &mut Object) {
    set(cdr, "total_time", json!(2700));
}

pub(in crate::worst) fn no_evse(cdr: &mut Object) {
    let location = cdr.get_mut("cdr_location").and_then(Value::as_object_mut);
    if let Some(location) = location {
        location.remove("evse_uid");
    }
}

pub(in crate::worst) fn no_token_owner(object: &mut Object) {
    if let Some(token) = object.get_mut("cdr_token").and_then(Value::as_object_mut) {
        token.remove("country_code");
        token.remove("party_id");
    }
}

pub(in crate::worst) fn long_uids(location: &mut Object) {
    evses(location, |evse| set(evse, "uid", json!("E1".repeat(24))));
}

pub(in crate::worst) fn foreign(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    if visit.begins("locations") && answer.is_success() {
        answer.data(|data| {
            if let Some(location) = second(data).and_then(Value::as_object_mut) {
                set(location, "party_id", json!("ZZZ"));
            }
        });
    }
}

pub(in crate::worst) fn all_foreign(location: &mut Object) {
    if is_location(location) {
        set(location, "party_id", json!("ZZZ"));
    }
}
