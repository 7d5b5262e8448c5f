//! Several files are one feed.

use serde_json::json;

use crate::{LOCATION, folder, ocpi, run, shown};

fn with_tariffs(tariffs: &[&str]) -> String {
    let connector = json!({"id": "1", "standard": "IEC_62196_T2", "format": "SOCKET", "power_type": "AC_3_PHASE",
        "max_voltage": 230, "max_amperage": 32, "tariff_ids": tariffs, "last_updated": "2026-01-01T00:00:00Z"});
    let evse = json!({"uid": "E1", "status": "AVAILABLE", "connectors": [connector],
        "last_updated": "2026-01-01T00:00:00Z"});
    LOCATION.replace("\"time_zone\"", &format!("\"evses\":[{evse}],\n\"time_zone\""))
}

fn tariff(id: &str) -> String {
    json!({"country_code": "NL", "party_id": "ALF", "id": id, "currency": "EUR",
        "elements": [{"price_components": [{"type": "ENERGY", "price": 0.45, "step_size": 1}]}],
        "last_updated": "2026-01-01T00:00:00Z"})
    .to_string()
}

#[test]
fn files_are_checked_against_each_other() {
    let other = LOCATION.replace("Gouda", "Delft");
    let dir = folder(&[
        (
            "locations.json",
            &format!("[{},\n{LOCATION}]", with_tariffs(&["DAY", "NIGHT"]).replace("LOC1", "LOC0")),
        ),
        ("more.json", &format!("[{LOCATION},{other}]")),
        ("tariffs.json", &tariff("DAY")),
    ]);
    let files = ["check", "locations.json", "more.json", "tariffs.json"];
    let run = ocpi(dir.path(), &files);
    assert_eq!(run.code, 1, "{run:?}");
    shown("feed.txt", &run.out);
    let run = ocpi(dir.path(), &[&files[..], &["--format", "json"]].concat());
    let expected = [
        "locations.json 0 /evses/0/connectors/0/tariff_ids/1 feed.dangling warning",
        "more.json 0 /id feed.duplicate warning",
        "more.json 1 /id feed.duplicate_id error",
    ];
    assert_eq!(run.findings(), expected);
    assert_eq!((&run.json()["items"], &run.json()["conformant"]), (&json!(5), &json!(4)));
    assert_eq!(
        run.json()["findings"][1]["other"],
        json!({"file": "locations.json", "item": 1, "pointer": "/id"})
    );
    // Without the tariffs there is nothing that the references could lead to.
    let run = ocpi(dir.path(), &["check", "locations.json", "--format", "json"]);
    assert_eq!(run.findings(), [""; 0]);
}

/// The objects are gone when it turns out: their files are read once more.
#[test]
fn sarif_of_a_feed_has_lines_and_columns() {
    let dir = folder(&[("f.json", &format!("[\n{}, {}]", with_tariffs(&["NIGHT"]), tariff("DAY")))]);
    let log = ocpi(dir.path(), &["check", "f.json", "--format", "sarif"]).json();
    let result = &log["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "feed.dangling", "{log}");
    let line = with_tariffs(&["NIGHT"]);
    let column = line.lines().next().unwrap().find("\"NIGHT\"").unwrap() + 1;
    let region = &result["locations"][0]["physicalLocation"]["region"];
    assert_eq!(region, &json!({"startLine": 2, "startColumn": column}));
    let input = format!("[{LOCATION},\n {LOCATION}]");
    let log = run(dir.path(), &["check", "-", "--format", "sarif"], &[], input.as_bytes()).json();
    let region = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"];
    assert_eq!(region, &json!({"startLine": 2, "startColumn": 2}), "standard input: where the object begins");
}

#[test]
fn what_cannot_be_read_may_hold_what_is_missing() {
    let dir =
        folder(&[("f.json", &with_tariffs(&["NIGHT"])), ("t.json", &tariff("DAY")), ("cut.json", "[{")]);
    let all = ocpi(dir.path(), &["check", "f.json", "t.json", "cut.json", "--format", "json"]);
    assert_eq!((all.code, all.findings()), (3, vec![]));
    let read = ocpi(dir.path(), &["check", "f.json", "t.json", "--format", "json"]);
    assert_eq!((read.code, read.findings().len()), (0, 1), "{read:?}");
}

/// Each object of a file is what it looks like, not what the first one is.
#[test]
fn a_file_may_hold_several_types() {
    let lines = format!("{LOCATION}\n{}\n{}\n", tariff("DAY"), tariff("DAY"));
    let dir = folder(&[("f.ndjson", &lines)]);
    let run = ocpi(dir.path(), &["check", "f.ndjson"]);
    assert_eq!(run.code, 0, "{run:?}");
    let last = "1 location, 2 tariffs in 1 file: 3 of 3 conform; 0 errors, 1 warning, 0 infos\n";
    assert!(run.out.ends_with(last), "{run:?}");
    assert!(run.err.contains("f.ndjson: some objects detected as location of OCPI"), "{run:?}");
    // A type that is told is not found out.
    let told = ocpi(dir.path(), &["check", "f.ndjson", "--as", "tariff", "--version", "2.2.1"]);
    assert!(told.code == 1 && told.out.contains("3 tariffs in 1 file"), "{told:?}");
    // An object that lacks most is still one of the others.
    let poor = format!("[{LOCATION},{}]", r#"{"id":"LOC9","last_updated":"2026-01-01T00:00:00Z"}"#);
    let dir = folder(&[("f.json", &poor)]);
    let run = ocpi(dir.path(), &["check", "f.json", "--quiet"]);
    assert!(run.out.starts_with("2 locations in 1 file: 1 of 2 conform"), "{run:?}");
}
