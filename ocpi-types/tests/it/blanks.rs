//! One mistake, one finding: nothing is said of the blank in place of a missing or unreadable value.

use ocpi_types::{Finding, Object, ObjectInfo, Rule, Ruleset, Type, Version, check_ruleset, json};
use serde_json::{Value as Json, json};

use crate::fixtures::{Fixture, each_fixture, fixture};

macro_rules! blanks {
    ($($test:ident: $version:ident::$chapter:ident::$object:ident in $number:literal, $name:literal;)+) => {
        $(#[test]
        fn $test() {
            let version = $number.parse().expect("a known version");
            one_finding::<ocpi_types::$version::$chapter::$object>(&fixture!($number, $name), version);
        })+
    };
}
each_fixture!(blanks);

/// Takes out each required member of the fullest document, and makes each member unreadable.
fn one_finding<T: Object>(fixture: &Fixture, version: Version) {
    let profile = Ruleset::of(version);
    let document: Json = serde_json::from_str(fixture.full).expect("a fixture is JSON");
    let before = findings::<T>(&document, profile);
    let mut wrong = Vec::new();
    for (place, change) in changes(T::INFO, &document, "") {
        let mut changed = document.clone();
        let (holder, name) = place.rsplit_once('/').expect("a member has a holder");
        let holder = changed.pointer_mut(holder).and_then(Json::as_object_mut).expect("it holds the member");
        match change {
            Some(value) => holder.insert(name.to_owned(), value),
            None => holder.remove(name),
        };
        let mut new = findings::<T>(&changed, profile);
        new.retain(|(pointer, rule)| {
            !before.contains(&(pointer.clone(), *rule)) && *rule != Rule::NotComputable
        });
        if !matches!(&*new, [(pointer, _)] if place.starts_with(&**pointer)) {
            wrong.push(format!("{place}: {new:?}"));
        }
    }
    assert_eq!(wrong, [""; 0], "{}", fixture.name);
}

fn findings<T: Object>(document: &Json, profile: &'static Ruleset) -> Vec<(String, Rule)> {
    let item = json::read_item::<T>(document.to_string().as_bytes()).expect("it is an object");
    let told = |findings: Vec<Finding>| findings.into_iter().map(|f| (f.pointer, f.rule)).collect();
    match item.reading {
        json::Reading::Whole(value) => told(check_ruleset(&value, profile)),
        json::Reading::Partial(partial) => told(check_ruleset(&partial.into_value(), profile)),
        // Nothing is left of it.
        json::Reading::Unreadable(_) => vec![(String::new(), Rule::ValueType)],
    }
}

/// The places of members, each with its replacement: nothing, or something that is no value of its type.
fn changes(info: &'static ObjectInfo, document: &Json, at: &str) -> Vec<(String, Option<Json>)> {
    let mut found = Vec::new();
    for field in info.fields {
        let Some(value) = document.get(field.name) else { continue };
        let place = format!("{at}/{}", field.name);
        if matches!(field.card.sign(), "1" | "+") {
            found.push((place.clone(), None));
        }
        match field.ty {
            Type::Any => {}
            Type::Object(inner) => {
                // A price may be written as a bare number.
                found.push((place.clone(), Some(json!(true))));
                match value {
                    Json::Array(list) => {
                        for (index, element) in list.iter().enumerate() {
                            found.extend(changes(inner(), element, &format!("{place}/{index}")));
                        }
                    }
                    one => found.extend(changes(inner(), one, &place)),
                }
            }
            _ => found.push((place, Some(json!({"no": "value"})))),
        }
    }
    found
}
