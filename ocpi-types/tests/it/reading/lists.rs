//! Lists of objects: one that cannot be read does not cost the others.

use super::{Sample, summary};
use ocpi_types::json::{self, List};
use ocpi_types::v2_3_0::types::Price;

#[track_caller]
fn list(text: &str) -> List<Price> {
    json::read_list(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn what_cannot_be_read_is_set_aside() {
    let text = r#"[ {"before_taxes":"1"}, {"taxes":[]} , 5, {"before_taxes":{"a":[1.0]}}, null, {"before_taxes":2} ]"#;
    let list = list(text);
    let written: Vec<String> = list.items.iter().map(json::to_string).collect();
    assert_eq!(written, [r#"{"before_taxes":1}"#, r#"{"before_taxes":2}"#]);
    let rejected: Vec<_> =
        list.rejected.iter().map(|rejected| (rejected.index, rejected.raw.as_str())).collect();
    assert_eq!(rejected, [(1, r#"{"taxes":[]}"#), (2, "5"), (3, r#"{"before_taxes":{"a":[1.0]}}"#)]);
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
    assert_eq!(list.rejected.len(), 1);
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
