//! Lists of objects: one that cannot be read does not cost the others.

use super::{Sample, summary};
use ocpi_types::json::{self, List};
use ocpi_types::v2_3_0::types::Price;
use ocpi_types::{AccessError, CiString, Text};

#[track_caller]
fn list(text: &str) -> List<Price> {
    json::read_list(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn what_cannot_be_read_is_set_aside() {
    let text = r#"[ {"before_taxes":"1"}, {"taxes":[]} , true, {"before_taxes":{"a":[1.0]}}, null, {"before_taxes":2} ]"#;
    let list = list(text);
    let written: Vec<String> = list.items.iter().map(json::to_string).collect();
    assert_eq!(written, [r#"{"before_taxes":1}"#, r#"{"before_taxes":2}"#]);
    let partial: Vec<_> = list.partial.iter().map(|aside| (aside.index, aside.object.missing())).collect();
    assert_eq!(partial, [(1, vec!["/before_taxes".to_owned()])]);
    let rejected: Vec<_> =
        list.rejected.iter().map(|rejected| (rejected.index, rejected.raw.as_str())).collect();
    assert_eq!(rejected, [(2, "true"), (3, r#"{"before_taxes":{"a":[1.0]}}"#)]);
    assert_eq!(
        summary(&list.findings),
        [
            ("/0/before_taxes", "num.string"),
            ("/1/before_taxes", "req.missing"),
            ("/2", "val.type"),
            ("/3/before_taxes", "val.type"),
            ("/4", "val.null_in_list"),
        ]
    );
}

#[test]
fn every_missing_member_is_named() {
    let text = br#"[{"id":"1","max_voltage":"x"}]"#;
    let list = json::read_list::<ocpi_types::v2_3_0::locations::Connector>(text).expect("it is a list");
    let connector = &list.partial[0].object;
    let missing = ["/standard", "/format", "/power_type", "/max_voltage", "/max_amperage", "/last_updated"];
    assert_eq!(connector.missing(), missing);
    assert_eq!(connector.get::<i64>("/max_voltage"), Err(AccessError::Missing));
    assert_eq!(connector.get::<CiString<36>>("/id").expect("it is there").as_str(), "1");
    assert_eq!(connector.get::<i64>("/id"), Err(AccessError::OtherType));
    assert_eq!(connector.get::<i64>("/ids"), Err(AccessError::Nowhere));
    assert_eq!(String::from_utf8_lossy(&connector.to_vec()), r#"{"id":"1","max_voltage":"x"}"#);
    assert_eq!(
        summary(&list.findings),
        [
            ("/0/standard", "req.missing"),
            ("/0/format", "req.missing"),
            ("/0/power_type", "req.missing"),
            ("/0/max_amperage", "req.missing"),
            ("/0/last_updated", "req.missing"),
            ("/0/max_voltage", "val.form"),
        ]
    );
}

#[test]
fn odd_forms_of_a_list() {
    assert!(list("[]").items.is_empty());
    assert!(list("null").items.is_empty());
    let single = list(r#"{"before_taxes":1}"#);
    assert_eq!(single.items.len(), 1);
    assert_eq!(summary(&single.findings), [("", "val.object_for_array")]);
    let wrapped = list(r#"[[{"before_taxes":1}]]"#);
    assert_eq!(wrapped.items.len(), 1);
    assert_eq!(summary(&wrapped.findings), [("/0", "val.array_for_object")]);
}

#[test]
fn a_broken_list_is_an_error() {
    for (text, pointer, rule) in [
        ("", "", "json.end"),
        ("5", "", "val.type"),
        ("\"a\"", "", "val.type"),
        ("[{}", "", "json.end"),
        ("[{\"count\":1},{\"count\":?}]", "/1/count", "json.syntax"),
        ("[{},]", "", "json.syntax"),
        ("[]]", "", "json.trailing"),
    ] {
        let error = json::read_list::<Sample>(text.as_bytes()).expect_err(text);
        assert_eq!((error.pointer(), error.rule().id()), (pointer, rule), "{text}");
    }
}

/// An object that lacks something deep inside is partial as a whole, and says where.
#[test]
fn what_is_missing_deep_inside() {
    use ocpi_types::v2_3_0::locations::{Connector, Evse, Location};
    let whole = include_str!("../../fixtures/2.3.0/location.full.json");
    let text = format!("[{}]", whole.replacen("\"max_voltage\"", "\"voltage_at_most\"", 1));
    let list = json::read_list::<Location>(text.as_bytes()).expect("it is a list");
    let location = &list.partial[0].object;
    assert_eq!(location.missing(), ["/evses/0/connectors/0/max_voltage"]);
    let missing = Some(AccessError::Missing);
    assert_eq!(location.get::<i64>("/evses/0/connectors/0/max_voltage").err(), missing);
    assert_eq!(location.get::<Connector>("/evses/0/connectors/0").err(), missing, "it is not there in whole");
    assert_eq!(location.get::<Evse>("/evses/0").err(), missing);
    assert_eq!(location.get::<Vec<Evse>>("/evses").err(), missing, "an element is not there in whole");
    assert_eq!(location.get::<Location>("").err(), missing);
    assert!(location.get::<i64>("/evses/0/connectors/0/max_amperage").is_ok());
    assert!(location.get::<Text<255>>("/address").is_ok());
    // Given a value, it lacks nothing any more.
    let mut location = location.clone().into_value();
    let connectors = location.evses[0].connectors.iter_mut().next().expect("there is one");
    connectors.max_voltage = 230;
    let found = ocpi_types::check(&location, ocpi_types::Version::V2_3_0);
    assert!(found.iter().all(|finding| finding.rule.id() != "req.missing"), "{found:?}");
}

/// An optional object that lacks something is left out, rather than have a part of it made up.
#[test]
fn what_is_missing_in_what_can_be_left_out() {
    let text = br#"{"inner":{"taxes":[]},"count":1}"#;
    let read = json::read::<Sample>(text).expect("it is read");
    assert_eq!(read.value.inner, None);
    assert_eq!(read.value.extra.get("inner"), Some(r#"{"taxes":[]}"#));
    assert_eq!(summary(&read.findings), [("/inner/before_taxes", "req.missing")]);
}
