//! Schemas, tried by a validator that knows nothing of this library.

use jsonschema::Validator;
use ocpi_types::{
    Field, NonEmpty, Object, ObjectInfo, Ruleset, Type, Version, Versions, schema::schema_of, v2_1_1, v2_2_1,
    v2_3_0,
};
use serde_json::{Value as Json, json};

use crate::fixtures::{Fixture, each_fixture, fixture};

macro_rules! schemas {
    ($($test:ident: $version:ident::$chapter:ident::$object:ident in $number:literal, $name:literal;)+) => {
        $(#[test]
        fn $test() {
            let fixture = fixture!($number, $name);
            judges::<ocpi_types::$version::$chapter::$object>(&fixture, $number);
        })+
    };
}

each_fixture!(schemas);

/// The schema takes both documents of a fixture, and none of the copies that are broken in one place.
fn judges<T: Object>(fixture: &Fixture, number: &str) {
    let (minimal, full) = (json_of(fixture.minimal), json_of(fixture.full));
    let mut before = None;
    for &(profile, documents) in profiles(number) {
        let name = format!("{}, {}", fixture.name, profile.name());
        let schema = schema_of::<T>(profile);
        // Most objects have nothing of a branch, and are judged once.
        if before.as_ref() == Some(&schema) {
            continue;
        }
        let validator = jsonschema::draft202012::new(schema.as_value()).expect("a schema");
        before = Some(schema);
        assert_eq!(reasons(&validator, &minimal), [""; 0], "{name}");
        assert_eq!(reasons(&validator, &full), [""; 0], "{name}");
        let mut broken = Broken { documents, copies: Vec::new() };
        broken.object(T::INFO, &full, &mut |copy| copy);
        assert!(broken.copies.len() > 3, "{name}: too few copies");
        for (what, copy) in broken.copies {
            assert!(!validator.is_valid(&copy), "{name}: {what} is taken: {copy}");
        }
    }
}

/// The profiles that a fixture of the version is checked against, and the documents they speak.
fn profiles(number: &str) -> &'static [(&'static Ruleset, Versions)] {
    const PLAIN: Versions = Versions::of(Version::V2_3_0);
    const PAYMENTS: Versions = PLAIN.with(Versions::PAYMENTS);
    const BOOKINGS: Versions = PLAIN.with(Versions::BOOKINGS);
    match number {
        "2.1.1" => &[(&Ruleset::V2_1_1, Versions::V2_1_1)],
        "2.2.1" => &[(&Ruleset::V2_2_1, Versions::V2_2_1)],
        _ => &[
            (&Ruleset::V2_3_0, PLAIN),
            (&Ruleset::V2_3_0_PAYMENTS, PAYMENTS),
            (&Ruleset::V2_3_0_BOOKINGS, BOOKINGS),
        ],
    }
}

/// Copies of a document, each broken in one place, with their breaches.
struct Broken {
    documents: Versions,
    copies: Vec<(String, Json)>,
}

impl Broken {
    /// Breaks an object in every way; `put` places a changed one into the whole document.
    fn object(&mut self, info: &ObjectInfo, value: &Json, put: &mut dyn FnMut(Json) -> Json) {
        self.add(info.name, "another type", put(json!(7)));
        for field in info.fields {
            let Some(member) = value.get(field.name) else { continue };
            // A member of a branch that is not spoken is unknown, and may be anything.
            if !info.has_in(field.name, self.documents) {
                continue;
            }
            let place = format!("{}.{}", info.name, field.name);
            if matches!(field.card.sign(), "1" | "+") {
                self.add(&place, "removed", put(without(value, field.name)));
                self.add(&place, "null", put(with(value, field.name, Json::Null)));
            }
            let mut put = |member| put(with(value, field.name, member));
            match member.as_array() {
                Some(elements) if field.is_list => {
                    self.add(&place, "no list", put(json!(true)));
                    if field.card.sign() == "+" {
                        self.add(&place, "empty", put(json!([])));
                    }
                    for (index, element) in elements.iter().enumerate() {
                        self.one(field, &place, element, &mut |element| {
                            let mut elements = elements.clone();
                            elements[index] = element;
                            put(Json::Array(elements))
                        });
                    }
                }
                _ => self.one(field, &place, member, &mut put),
            }
        }
    }

    fn one(&mut self, field: &Field, place: &str, value: &Json, put: &mut dyn FnMut(Json) -> Json) {
        match field.ty {
            Type::Object(info) => return self.object(info(), value, put),
            Type::Any => return,
            Type::Enum(info) if info.open.meets(self.documents) => {}
            Type::Enum(_) => self.add(place, "unknown value", put(json!("NO_SUCH_VALUE"))),
            Type::String { max } | Type::CiString { max } if max > 0 => {
                self.add(place, "too long", put(json!("A".repeat(max + 1))));
            }
            Type::Url => {
                self.add(place, "no URL", put(json!("/versions")));
                self.add(place, "too long", put(json!(format!("https://{}", "a".repeat(250)))));
            }
            Type::DateTime => {
                self.add(place, "no time", put(json!("2026-13-01T00:00:00Z")));
                self.add(place, "an offset", put(json!("2026-01-01T00:00:00+01:00")));
            }
            Type::Int { digits } => {
                self.add(place, "a fraction", put(json!(1.5)));
                if digits > 0 {
                    self.add(place, "too many digits", put(json!(10_i64.pow(digits.into()))));
                }
            }
            _ => {}
        }
        self.add(place, "another type", put(json!({ "another": "type" })));
        let other = if value.is_string() { json!(12) } else { json!("twelve") };
        self.add(place, "another type", put(other));
    }

    fn add(&mut self, place: &str, what: &str, copy: Json) {
        self.copies.push((format!("{place} {what}"), copy));
    }
}

#[test]
fn optional_members_may_be_null() {
    let validator = validator::<v2_2_1::locations::GeoLocation>(&Ruleset::V2_2_1);
    assert!(validator.is_valid(&json!({"latitude": "52.08945", "longitude": "5.11027", "extra": null})));
    let image = schema_of::<v2_2_1::locations::Image>(&Ruleset::V2_2_1);
    let image = jsonschema::validator_for(image.as_value()).expect("a schema");
    let mut document = json!({"url": "https://example.com/a.png", "category": "ENTRANCE", "type": "png"});
    document["width"] = Json::Null;
    assert!(image.is_valid(&document));
    document["category"] = Json::Null;
    assert!(!image.is_valid(&document));
}

#[test]
fn coordinates_follow_the_version() {
    let five = json!({"latitude": "52.08945", "longitude": "5.11027"});
    let six = json!({"latitude": "-90.000000", "longitude": "180.000000"});
    let beyond = json!({"latitude": "90.000001", "longitude": "180.000000"});
    let of = validator::<v2_2_1::locations::GeoLocation>;
    let takes = |profile, value| of(profile).is_valid(value);
    assert_eq!([&five, &six, &beyond].map(|value| takes(&Ruleset::V2_1_1, value)), [false, true, false]);
    assert_eq!([&five, &six, &beyond].map(|value| takes(&Ruleset::V2_2_1, value)), [true, true, false]);
}

#[test]
fn enum_values_follow_the_version() {
    let takes = |profile, value| validator::<v2_3_0::locations::ConnectorType>(profile).is_valid(&value);
    assert!(takes(&Ruleset::V2_3_0, json!("MCS")));
    assert!(!takes(&Ruleset::V2_2_1, json!("MCS")));
    // Open in 2.3.0: any text, but only text.
    assert!(takes(&Ruleset::V2_3_0, json!("PLUG_OF_TOMORROW")));
    assert!(!takes(&Ruleset::V2_3_0, json!(1)));
}

#[test]
fn members_of_a_branch_are_described_there() {
    let described = |profile| {
        let schema = schema_of::<v2_3_0::tariffs::TariffRestrictions>(profile);
        schema.pointer("/properties/booking").is_some()
    };
    assert!(described(&Ruleset::V2_3_0_BOOKINGS));
    assert!(!described(&Ruleset::V2_3_0));
}

#[test]
fn what_a_profile_demands_is_required() {
    let connector = json!({"id": "1", "standard": "IEC_62196_T2", "format": "SOCKET", "power_type": "AC_3_PHASE",
        "max_voltage": 230, "max_amperage": 32, "last_updated": "2026-01-01T00:00:00Z"});
    let mut demanded = connector.clone();
    demanded["max_electric_power"] = json!(22000);
    demanded["tariff_ids"] = json!(["T1"]);
    let of = validator::<v2_2_1::locations::Connector>;
    assert!(of(&Ruleset::V2_2_1).is_valid(&connector));
    assert!(!of(&Ruleset::NDW_DOT_NL).is_valid(&connector));
    assert!(of(&Ruleset::NDW_DOT_NL).is_valid(&demanded));
}

#[test]
fn lists_and_changes_have_schemas_too() {
    let list = validator::<NonEmpty<v2_1_1::types::DisplayText>>(&Ruleset::V2_1_1);
    assert!(list.is_valid(&json!([{"language": "en", "text": "Hello"}])));
    assert!(!list.is_valid(&json!([])));
    let patch = validator::<v2_2_1::locations::LocationPatch>(&Ruleset::V2_2_1);
    assert!(patch.is_valid(&json!({"directions": [{"language": "en", "text": "Left"}], "name": null})));
    assert!(!patch.is_valid(&json!({"directions": {"language": "en", "text": "Left"}})));
}

fn validator<T: ocpi_types::Value>(profile: &Ruleset) -> Validator {
    jsonschema::draft202012::new(schema_of::<T>(profile).as_value()).expect("a schema")
}

fn reasons(validator: &Validator, value: &Json) -> Vec<String> {
    let error = |error: jsonschema::ValidationError<'_>| format!("{}: {error}", error.instance_path());
    validator.iter_errors(value).map(error).collect()
}

fn with(object: &Json, name: &str, value: Json) -> Json {
    let mut copy = object.clone();
    copy[name] = value;
    copy
}

fn without(object: &Json, name: &str) -> Json {
    let mut copy = object.clone();
    copy.as_object_mut().expect("an object").remove(name);
    copy
}

fn json_of(text: &str) -> Json {
    serde_json::from_str(text).expect("a fixture is JSON")
}
