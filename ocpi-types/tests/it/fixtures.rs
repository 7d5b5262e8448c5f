//! Documents that conform: the smallest and the fullest of each object that partners exchange.
//!
//! Their members stand in the specification's order and their numbers are plain, so the library writes them
//! back byte for byte, but for the blanks.

use std::collections::{BTreeMap, BTreeSet};

use ocpi_types::{Object, ObjectInfo, Type, Version, check, json};
use serde_json::Value as Json;

macro_rules! fixture {
    ($version:literal, $name:literal) => {
        Fixture {
            name: concat!($version, "/", $name),
            minimal: include_str!(concat!("../fixtures/", $version, "/", $name, ".minimal.json")),
            full: include_str!(concat!("../fixtures/", $version, "/", $name, ".full.json")),
        }
    };
}

macro_rules! fixtures {
    ($($test:ident: $version:ident::$chapter:ident::$object:ident in $number:literal, $name:literal;)+) => {
        $(#[test]
        fn $test() {
            let version = $number.parse().expect("a known version");
            fixture!($number, $name).holds::<ocpi_types::$version::$chapter::$object>(version);
        })+
    };
}

fixtures! {
    location_221: v2_2_1::locations::Location in "2.2.1", "location";
    location_230: v2_3_0::locations::Location in "2.3.0", "location";
    session_221: v2_2_1::sessions::Session in "2.2.1", "session";
    session_230: v2_3_0::sessions::Session in "2.3.0", "session";
    cdr_221: v2_2_1::cdrs::Cdr in "2.2.1", "cdr";
    cdr_230: v2_3_0::cdrs::Cdr in "2.3.0", "cdr";
    tariff_221: v2_2_1::tariffs::Tariff in "2.2.1", "tariff";
    tariff_230: v2_3_0::tariffs::Tariff in "2.3.0", "tariff";
    token_221: v2_2_1::tokens::Token in "2.2.1", "token";
    token_230: v2_3_0::tokens::Token in "2.3.0", "token";
    credentials_221: v2_2_1::credentials::Credentials in "2.2.1", "credentials";
    credentials_230: v2_3_0::credentials::Credentials in "2.3.0", "credentials";
    start_session_221: v2_2_1::commands::StartSession in "2.2.1", "start_session";
    start_session_230: v2_3_0::commands::StartSession in "2.3.0", "start_session";
    reserve_now_221: v2_2_1::commands::ReserveNow in "2.2.1", "reserve_now";
    reserve_now_230: v2_3_0::commands::ReserveNow in "2.3.0", "reserve_now";
}

struct Fixture {
    name: &'static str,
    minimal: &'static str,
    full: &'static str,
}

impl Fixture {
    fn holds<T: Object>(&self, version: Version) {
        for text in [self.minimal, self.full] {
            self.conforms::<T>(version, text);
        }
        self.is_minimal(T::INFO, &parse(self.minimal), String::new());
        self.is_full(T::INFO);
    }

    fn conforms<T: Object>(&self, version: Version, text: &str) {
        let name = self.name;
        let value: T = json::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let read = json::read::<T>(text.as_bytes()).expect("what is read strictly is read tolerantly");
        assert_eq!(read.findings, [], "{name}");
        assert_eq!(read.value, value, "{name}");
        let errors: Vec<_> =
            check(&value, version).into_iter().filter(|finding| finding.is_error()).collect();
        assert_eq!(errors, [], "{name}");
        assert_eq!(json::to_string(&value), without_blanks(text), "{name}");
    }

    /// No member could be left out.
    fn is_minimal(&self, info: &ObjectInfo, value: &Json, place: String) {
        let members = value.as_object().unwrap_or_else(|| panic!("{}{place} is no object", self.name));
        for (name, value) in members {
            let place = format!("{place}/{name}");
            let field = info.fields.iter().find(|field| field.name == name);
            let field = field.unwrap_or_else(|| panic!("{}{place} is unknown", self.name));
            assert!(matches!(field.card.sign(), "1" | "+"), "{}{place} can be left out", self.name);
            if let Type::Object(info) = field.ty {
                elements(value).for_each(|value| self.is_minimal(info(), value, place.clone()));
            }
        }
    }

    /// Every object that can occur does, and every member of it is set at least once.
    fn is_full(&self, info: &ObjectInfo) {
        let mut set = BTreeMap::new();
        collect(info, &parse(self.full), &mut set);
        for info in reachable(info) {
            let members = set.get(info.name).unwrap_or_else(|| panic!("{}: no {}", self.name, info.name));
            for field in info.fields {
                assert!(members.contains(field.name), "{}: no {}.{}", self.name, info.name, field.name);
            }
        }
    }
}

/// The members that are set, by the name of the object they are in.
fn collect(info: &ObjectInfo, value: &Json, set: &mut BTreeMap<&'static str, BTreeSet<&'static str>>) {
    for field in info.fields {
        let values: Vec<&Json> = value.get(field.name).into_iter().flat_map(elements).collect();
        if !values.is_empty() {
            set.entry(info.name).or_default().insert(field.name);
        }
        if let Type::Object(info) = field.ty {
            values.into_iter().for_each(|value| collect(info(), value, set));
        }
    }
}

/// The object and all objects in it.
fn reachable(root: &ObjectInfo) -> Vec<&ObjectInfo> {
    let mut found = vec![root];
    let mut next = 0;
    while let Some(info) = found.get(next) {
        for field in info.fields {
            if let Type::Object(info) = field.ty {
                if !found.iter().any(|known| known.name == info().name) {
                    found.push(info());
                }
            }
        }
        next += 1;
    }
    found
}

/// The elements of a list; or the value itself.
fn elements(value: &Json) -> impl Iterator<Item = &Json> {
    match value {
        Json::Array(list) => list.as_slice(),
        other => std::slice::from_ref(other),
    }
    .iter()
}

fn parse(text: &str) -> Json {
    serde_json::from_str(text).expect("a fixture is JSON")
}

/// The text without blanks outside strings.
fn without_blanks(text: &str) -> String {
    let mut out = String::new();
    let (mut quoted, mut escaped) = (false, false);
    for c in text.chars() {
        if quoted || !c.is_ascii_whitespace() {
            out.push(c);
        }
        if c == '"' && !escaped {
            quoted = !quoted;
        }
        escaped = quoted && c == '\\' && !escaped;
    }
    out
}
