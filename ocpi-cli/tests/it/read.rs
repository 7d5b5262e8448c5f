//! `ocpi read`: what is repaired, and how that is told.

use serde_json::{Value, json};

use crate::{LOCATION, deviant, folder, ocpi, run};

/// A clean one, a repaired one, one without its city, and none at all.
fn mixed() -> [String; 4] {
    let partial = LOCATION.replace("\"city\":\"Gouda\",", "").replace("LOC1", "LOC3");
    [LOCATION.to_owned(), deviant(), partial, "7".to_owned()]
}

#[test]
fn json_has_the_agreed_members() {
    let dir = folder(&[("f.json", &format!("[{}]", mixed().join(",")))]);
    let run =
        ocpi(dir.path(), &["read", "f.json", "--version", "2.2.1", "--as", "location", "--format", "json"]);
    assert_eq!(run.code, 1, "{run:?}");
    let json = run.json();
    let counts =
        ["items", "clean", "repaired", "tolerated", "partial", "unreadable"].map(|name| json[name].clone());
    assert_eq!(counts, [json!(4), json!(1), json!(1), json!(0), json!(1), json!(1)]);
    assert_eq!(json["rules"], json!({"bool.string": 1, "req.missing": 1, "val.type": 1}));
    let expected = [
        "f.json 1 /publish bool.string error",
        "f.json 2 /city req.missing error",
        "f.json 3  val.type error",
    ];
    assert_eq!(run.findings(), expected);
}

#[test]
fn text_counts_rules_and_verdicts() {
    let dir = folder(&[("f.ndjson", &mixed()[..3].join("\n"))]);
    let run = ocpi(dir.path(), &["read", "f.ndjson", "--version", "2.2.1", "--as", "location"]);
    let expected = "\
error: a boolean is not written as true or false [bool.string]
  /publish
    f.ndjson item 1 (LOC2)

error: a required member is missing [req.missing]
  /city
    f.ndjson item 2 (LOC3)

3 locations in 1 file: 1 clean, 1 repaired, 0 tolerated, 1 partial, 0 unreadable; 2 errors, 0 warnings, 0 infos
";
    assert_eq!(run.out, expected);
}

#[test]
fn the_repaired_objects_are_written_as_an_array() {
    let dir = folder(&[("f.json", &format!("[{}]", mixed().join(",")))]);
    let run = ocpi(dir.path(), &["read", "f.json", "--as", "location", "--repaired", "out.json"]);
    assert_eq!(run.code, 1, "{run:?}");
    let text = std::fs::read_to_string(dir.path().join("out.json")).unwrap();
    let objects: Vec<Value> = serde_json::from_str(&text).unwrap();
    let ids: Vec<&Value> = objects.iter().map(|object| &object["id"]).collect();
    assert_eq!(ids, ["LOC1", "LOC2", "LOC3"]);
    assert_eq!(objects[1]["publish"], json!(true));
    assert_eq!(objects[2].get("city"), None, "nothing is made up");
    // A repaired object is clean.
    let again = ocpi(dir.path(), &["read", "out.json", "--as", "location", "--format", "json"]);
    assert_eq!(again.json()["clean"], json!(2), "{again:?}");
}

#[test]
fn nothing_to_repair_is_an_empty_array() {
    let dir = folder(&[("f.json", "[]")]);
    let run = ocpi(dir.path(), &["read", "f.json", "--as", "location", "--repaired", "out.json"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(std::fs::read_to_string(dir.path().join("out.json")).unwrap(), "[]\n");
}

#[test]
fn sarif_names_rules_and_places() {
    let dir = folder(&[("f.json", &format!("[{LOCATION},{}]", deviant()))]);
    let run = ocpi(dir.path(), &["read", "f.json", "--format", "sarif"]);
    let log = run.json();
    assert_eq!(log["version"], "2.1.0");
    let result = &log["runs"][0]["results"][0];
    assert_eq!((&result["ruleId"], &result["level"]), (&json!("bool.string"), &json!("error")));
    let place = &result["locations"][0];
    assert_eq!(place["physicalLocation"]["artifactLocation"]["uri"], "f.json");
    let column = LOCATION.len() + 3 + LOCATION.find("true").unwrap();
    assert_eq!(place["physicalLocation"]["region"], json!({"startLine": 1, "startColumn": column}));
    assert_eq!(place["logicalLocations"][0]["fullyQualifiedName"], "/1/publish");
    assert_eq!(log["runs"][0]["tool"]["driver"]["rules"][0]["id"], "bool.string");
}

#[test]
fn a_page_that_breaks_off_is_no_whole_page() {
    let dir = folder(&[("f.json", &format!("[{LOCATION},{LOCATION}"))]);
    let run = ocpi(dir.path(), &["read", "f.json", "--as", "location", "--format", "json"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.err.contains("the text ends too early [json.end]"), "{run:?}");
}

#[test]
fn a_line_that_is_no_json_costs_that_line_only() {
    let text = format!("{LOCATION}\n<html>\n{LOCATION}\n");
    let run =
        run(folder(&[]).path(), &["read", "-", "--as", "location", "--format", "json"], &[], text.as_bytes());
    assert_eq!(run.code, 1, "{run:?}");
    assert_eq!(run.findings(), ["- 1  json.syntax error"]);
    assert_eq!((&run.json()["clean"], &run.json()["unreadable"]), (&json!(2), &json!(1)));
}

/// Nothing was changed, so nothing is called repaired.
#[test]
fn what_is_read_as_it_is_and_does_not_conform_is_tolerated() {
    let dir = folder(&[(
        "f.json",
        &LOCATION.replace("\"NLD\"", "\"N1D\"").replace("\"NL\",\"party", "\"nl\",\"party"),
    )]);
    let run = ocpi(dir.path(), &["read", "f.json", "--as", "location", "--format", "json"]);
    assert_eq!((&run.json()["tolerated"], &run.json()["repaired"]), (&json!(1), &json!(0)), "{run:?}");
    assert!(run.findings().contains(&"f.json null /country country.alpha error".to_owned()), "{run:?}");
    assert!(
        run.findings().contains(&"f.json null /country_code party.lower_case warning".to_owned()),
        "{run:?}"
    );
}

#[test]
fn lists_in_foreign_frames_are_read_by_every_verb() {
    let two = format!("[{LOCATION},{}]", LOCATION.replace("LOC1", "LOC2"));
    for frame in [
        format!("{{\"next\":null,\"items\":{two}}}"),
        format!("{{\"content\":{two},\"last\":true}}"),
        format!("{{\"data\":{{\"locations\":{two},\"tariffs\":[]}},\"status_code\":1000}}"),
    ] {
        let dir = folder(&[("f.json", &frame)]);
        for arguments in
            [&["read", "f.json", "--format", "json"][..], &["check", "f.json", "--format", "json"]]
        {
            let run = ocpi(dir.path(), arguments);
            assert_eq!(run.json()["items"], json!(2), "{frame}: {run:?}");
            assert!(run.out.contains("env.frame"), "{frame}: {run:?}");
        }
    }
}

#[test]
fn what_is_neither_an_object_nor_a_list_is_refused() {
    for text in [
        "{}",
        "{\"error\":\"unauthorized\"}",
        "{\"name\":\"Error\",\"message\":\"boom\",\"data\":null,\"error\":true}",
        "{\"statusCode\":3000,\"data\":[]}",
        "{\"status_code\":\"FAILURE\",\"data\":[],\"timestamp\":\"2026-01-10T08:00:00Z\"}",
        "{\"status_code\":1000,\"data\":{},\"timestamp\":\"2026-01-10T08:00:00Z\"}",
    ] {
        let dir = folder(&[("f.json", text)]);
        for verb in ["read", "check"] {
            let run = ocpi(dir.path(), &[verb, "f.json", "--as", "location", "--version", "2.2.1"]);
            assert_eq!(run.code, 3, "{text}: {run:?}");
        }
    }
    // Where its failure is told behind the objects as well.
    let text = format!("{{\"data\":[{LOCATION}],\"status_code\":2001}}");
    let run = ocpi(folder(&[("f.json", &text)]).path(), &["read", "f.json", "--as", "location"]);
    assert_eq!(run.code, 3, "{run:?}");
}

#[test]
fn names_in_camel_case_are_found_out_too() {
    let camel = LOCATION
        .replace("country_code", "countryCode")
        .replace("party_id", "partyId")
        .replace("postal_code", "postalCode")
        .replace("time_zone", "timeZone")
        .replace("last_updated", "lastUpdated");
    let dir = folder(&[("f.json", &camel)]);
    let run = ocpi(dir.path(), &["read", "f.json", "--format", "json"]);
    assert_eq!((&run.json()["repaired"], &run.json()["partial"]), (&json!(1), &json!(0)), "{run:?}");
    assert!(run.out.contains("name.spelling"), "{run:?}");
}
