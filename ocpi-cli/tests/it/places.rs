//! Pointers lead into the document, also where the reader left something out.

use crate::{LOCATION, folder, ocpi};

fn findings(members: &str) -> Vec<String> {
    let text = format!("{},{members}}}", LOCATION.trim_end_matches('}'));
    let dir = folder(&[("f.json", &text)]);
    let arguments = ["check", "--as", "location", "--version", "2.2.1", "--format", "json", "f.json"];
    let run = ocpi(dir.path(), &arguments);
    assert_eq!(run.code, 1, "{run:?}");
    run.findings().iter().map(|finding| finding.trim_start_matches("f.json null ").to_owned()).collect()
}

/// An EVSE with this uid and status.
fn evse(uid: &str, status: &str) -> String {
    format!(
        r#"{{"uid":"{uid}","status":{status},"connectors":[{{"id":"1","standard":"DOMESTIC_F","format":"SOCKET","power_type":"AC_1_PHASE","max_voltage":230,"max_amperage":16,"last_updated":"2026-01-01T00:00:00Z"}}],"last_updated":"2026-01-01T00:00:00Z"}}"#
    )
}

#[test]
fn behind_an_element_that_cannot_be_read() {
    let evses = format!(
        r#""evses":[null,{},{},{}]"#,
        evse("1", "{}"),
        evse("2", "\"AVAILABLE\""),
        evse("3", "\"X\"")
    );
    assert_eq!(
        findings(&evses),
        [
            "/evses/0 val.null_in_list error",
            "/evses/1/status val.type error",
            "/evses/3/status enum.unknown error",
        ]
    );
}

#[test]
fn behind_a_scalar_that_cannot_be_read() {
    assert_eq!(
        findings(r#""facilities":["HOTEL",{},"CASTLE"]"#),
        ["/facilities/1 val.type error", "/facilities/2 enum.unknown error"]
    );
}

#[test]
fn without_brackets_and_with_brackets_too_many() {
    assert_eq!(
        findings(&format!(r#""evses":{}"#, evse("1", "\"X\""))),
        ["/evses val.object_for_array error", "/evses/status enum.unknown error"]
    );
    assert_eq!(
        findings(r#""opening_times":[{"twentyfourseven":true,"a/b":1}]"#),
        ["/opening_times val.array_for_object error", "/opening_times/0/a~1b ext.unknown_field info"]
    );
}

#[test]
fn a_rule_is_told_once_for_a_place() {
    // The reader and the check both object to the empty list.
    let evses = r#""evses":[null,{"uid":"1","status":"BLOCKED","connectors":[],"last_updated":"2026-01-01T00:00:00Z"}]"#;
    assert_eq!(findings(evses), ["/evses/0 val.null_in_list error", "/evses/1/connectors card.empty error"]);
}

#[test]
fn an_optional_member_that_cannot_be_read_is_told_once() {
    assert_eq!(
        findings(
            r#""operator":"ALF","opening_times":{"twentyfourseven":true,"regular_hours":[{"weekday":1,"period_begin":"08:00"}]}"#
        ),
        ["/operator val.type error", "/opening_times/regular_hours/0/period_end req.missing error",]
    );
    assert_eq!(
        findings(r#""energy_mix":{"supplier_name":"Wind"}"#),
        ["/energy_mix/is_green_energy req.missing error"]
    );
}
