//! Objects of OCPI with the values of the model, and the values of the model in objects of OCPI.
//!
//! A value is a number: equal numbers are equal values, different ones are not. `valid` of a Token has two values only, so
//! `issuer` stands for it.

use ocpi_types::{DateTime, Version};
use serde_json::{Map, Value, json};

use super::schedule::{Members, Part, Picture};

/// A version, as it writes objects.
#[derive(Clone, Copy)]
pub(super) struct Wire(pub(super) Version);

/// A time of the model: milliseconds after noon.
pub(super) fn time(millis: i64) -> DateTime {
    let noon: DateTime = "2026-11-22T12:00:00Z".parse().expect("a time");
    DateTime::from_unix_millis(noon.to_unix_micros() / 1_000 + millis).expect("a time")
}

impl Wire {
    fn is_2_1_1(self) -> bool {
        self.0 == Version::V2_1_1
    }

    /// A whole object.
    pub(super) fn object(self, kind: &str, picture: &Picture) -> String {
        let (roots, others): (Vec<&Part>, Vec<&Part>) =
            picture.parts.iter().partition(|part| part.key == root(kind));
        let root = roots.first().expect("a root");
        let mut object = self.fixed(kind);
        self.set(&mut object, kind, &root.members);
        object["last_updated"] = time(root.stamp).to_string().into();
        match kind {
            "location" => object["evses"] = others.into_iter().map(|part| self.evse(part)).collect(),
            "session" => object["charging_periods"] = periods(&picture.periods),
            _ => {}
        }
        object.to_string()
    }

    pub(super) fn evse(self, part: &Part) -> Value {
        let mut evse = json!({"uid": part.key, "connectors": [self.connector()]});
        self.set(&mut evse, "evse", &part.members);
        evse["last_updated"] = time(part.stamp).to_string().into();
        evse
    }

    /// A PATCH of the root or of an EVSE.
    pub(super) fn patch(
        self,
        kind: &str,
        stamp: Option<i64>,
        members: &Members,
        parts: &[Part],
        added: &Members,
    ) -> String {
        let mut patch = json!({});
        self.set(&mut patch, kind, members);
        if let Some(stamp) = stamp {
            patch["last_updated"] = time(stamp).to_string().into();
        }
        if !parts.is_empty() {
            patch["evses"] = parts.iter().map(|part| self.evse(part)).collect();
        }
        if !added.is_empty() {
            patch["charging_periods"] = periods(added);
        }
        patch.to_string()
    }

    /// The members that are the same in all objects of a kind.
    fn fixed(self, kind: &str) -> Value {
        let mut object =
            if self.is_2_1_1() { json!({}) } else { json!({"country_code": "NL", "party_id": "ALF"}) };
        let place = json!({"city": "Utrecht", "country": "NLD", "postal_code": "3511",
            "coordinates": {"latitude": "52.089450", "longitude": "5.110270"}});
        let add = |object: &mut Value, more: Value| {
            object.as_object_mut().expect("an object").extend(entries(more));
        };
        match kind {
            "location" => {
                add(&mut object, place);
                let more = if self.is_2_1_1() {
                    json!({"type": "ON_STREET"})
                } else {
                    json!({"publish": true, "time_zone": "Europe/Amsterdam"})
                };
                add(&mut object, json!({"id": "L"}));
                add(&mut object, more);
            }
            "session" if self.is_2_1_1() => {
                let mut location = self.fixed("location");
                location["address"] = "A1".into();
                location["last_updated"] = "2020-01-01T00:00:00Z".into();
                add(
                    &mut object,
                    json!({"id": "S", "start_datetime": "2026-11-22T11:00:00Z", "auth_id": "A",
                    "auth_method": "WHITELIST", "location": location, "currency": "EUR"}),
                );
            }
            "session" => add(
                &mut object,
                json!({"id": "S", "start_date_time": "2026-11-22T11:00:00Z",
                "cdr_token": {"country_code": "DE", "party_id": "EMP", "uid": "04A2", "type": "RFID",
                "contract_id": "C1"}, "auth_method": "WHITELIST", "location_id": "L", "evse_uid": "E1",
                "connector_id": "C1", "currency": "EUR"}),
            ),
            "token" => {
                let contract = if self.is_2_1_1() { "auth_id" } else { "contract_id" };
                add(&mut object, json!({"uid": "K", "type": "RFID", contract: "C1", "valid": true}));
            }
            _ => add(&mut object, json!({"id": "T"})),
        }
        object
    }

    fn connector(self) -> Value {
        let (voltage, current) =
            if self.is_2_1_1() { ("voltage", "amperage") } else { ("max_voltage", "max_amperage") };
        json!({"id": "C1", "standard": "IEC_62196_T2", "format": "SOCKET", "power_type": "AC_3_PHASE",
            voltage: 230, current: 32, "last_updated": "2020-01-01T00:00:00Z"})
    }

    fn set(self, object: &mut Value, kind: &str, members: &Members) {
        for (name, number) in members {
            let letter = |letter: &str| Value::from(format!("{letter}{number}"));
            match (kind, name.as_str()) {
                ("location", "name") => object["name"] = letter("N"),
                ("location", "address") => object["address"] = letter("A"),
                ("evse", "status") => object["status"] = letter("S"),
                ("evse", "ref") => object["physical_reference"] = letter("R"),
                ("session", "kwh") => object["kwh"] = (*number).into(),
                ("session", "status") => object["status"] = letter("S"),
                ("token", "valid") => object["issuer"] = letter("I"),
                ("token", "whitelist") => object["whitelist"] = letter("W"),
                ("tariff", "price") => {
                    let price = json!({"type": "ENERGY", "price": number, "step_size": 1});
                    object["elements"] = json!([{"price_components": [price]}]);
                    if self.0 == Version::V2_3_0 {
                        object["tax_included"] = letter("T");
                    }
                }
                ("tariff", "alt") => object["currency"] = currency(*number).into(),
                other => panic!("{other:?}"),
            }
        }
    }

    /// The values of the model in an object.
    pub(super) fn values(self, kind: &str, object: &str) -> (Value, Value) {
        let object: Value = serde_json::from_str(object).expect("JSON");
        let mut parts = Map::new();
        parts.insert(root(kind).to_owned(), self.members(kind, &object));
        for evse in list(&object["evses"]) {
            let uid = evse["uid"].as_str().expect("a uid");
            parts.insert(uid.to_owned(), self.members("evse", evse));
        }
        let period = |period: &Value| {
            let start: DateTime =
                period["start_date_time"].as_str().expect("a time").parse().expect("a time");
            let start = start.seconds_since(time(0));
            (start.to_string(), period["dimensions"][0]["volume"].clone())
        };
        (parts.into(), list(&object["charging_periods"]).iter().map(period).collect::<Map<_, _>>().into())
    }

    fn members(self, kind: &str, object: &Value) -> Value {
        let number = |name: &str| match &object[name] {
            Value::String(text) => text[1..].parse::<i64>().expect("a number").into(),
            other => other.clone(),
        };
        match kind {
            "location" => json!({"name": number("name"), "address": number("address")}),
            "evse" => json!({"status": number("status"), "ref": number("physical_reference")}),
            "session" => json!({"kwh": number("kwh"), "status": number("status")}),
            "token" => json!({"valid": number("issuer"), "whitelist": number("whitelist")}),
            _ => json!({
                "price": object["elements"][0]["price_components"][0]["price"],
                "alt": number_of(object["currency"].as_str().expect("a currency")),
            }),
        }
    }
}

/// The key of the root in the model.
pub(super) fn root(kind: &str) -> &'static str {
    match kind {
        "location" => "L",
        "session" => "S",
        "token" => "K",
        _ => "T",
    }
}

fn periods(of: &Members) -> Value {
    let period = |(start, content): &(String, i64)| {
        let start: i64 = start.parse().expect("a number");
        json!({"start_date_time": time(start * 1_000).to_string(),
            "dimensions": [{"type": "ENERGY", "volume": content}]})
    };
    of.iter().map(period).collect()
}

/// Three letters for a number.
fn currency(number: i64) -> String {
    // The values of the model are small, or times that grow by minutes: so these are different, too.
    let small = if number < 1_000 { number } else { 1_000 + number / 10_000 };
    assert!((0..26_i64.pow(3)).contains(&small), "{number}");
    let letter =
        |place: u32| char::from(b'A' + u8::try_from(small / 26_i64.pow(place) % 26).expect("a letter"));
    (0..3).rev().map(letter).collect()
}

/// A number that has these letters.
fn number_of(letters: &str) -> i64 {
    letters.bytes().fold(0, |sum, letter| sum * 26 + i64::from(letter - b'A'))
}

fn list(of: &Value) -> &[Value] {
    of.as_array().map_or(&[], Vec::as_slice)
}

fn entries(of: Value) -> Map<String, Value> {
    match of {
        Value::Object(entries) => entries,
        other => panic!("{other}"),
    }
}
