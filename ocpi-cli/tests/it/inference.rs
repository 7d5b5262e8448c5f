//! Types and versions that are found out without `--as` and `--version`.

use serde_json::json;

use crate::{LOCATION, folder, ocpi};

const CDR_2_2_1: &str = r#"{"country_code":"NL","party_id":"ALF","id":"C1","start_date_time":"2026-03-13T17:02:11Z","end_date_time":"2026-03-13T18:17:11Z","cdr_token":{"country_code":"NL","party_id":"BRV","uid":"04A2","type":"RFID","contract_id":"NL-BRV-C1"},"auth_method":"WHITELIST","cdr_location":{"id":"L1","address":"Kade 1","city":"Gouda","country":"NLD","coordinates":{"latitude":"52.01150","longitude":"4.71040"},"evse_uid":"E1","evse_id":"NL*ALF*E1","connector_id":"1","connector_standard":"IEC_62196_T2","connector_format":"SOCKET","connector_power_type":"AC_3_PHASE"},"currency":"EUR","charging_periods":[{"start_date_time":"2026-03-13T17:02:11Z","dimensions":[{"type":"ENERGY","volume":18.5}]}],"total_cost":{"excl_vat":10.00},"total_energy":18.5,"total_time":1.25,"last_updated":"2026-03-15T08:00:00Z"}"#;

const TARIFF_2_3_0: &str = r#"{"country_code":"NL","party_id":"ALF","id":"T1","currency":"EUR","tax_included":"NO","elements":[{"price_components":[{"type":"ENERGY","price":0.45,"step_size":1}]}],"last_updated":"2026-03-14T09:26:53Z"}"#;

/// Checks a file with this text, and returns the messages on standard error.
fn said(text: &str, arguments: &[&str]) -> String {
    let dir = folder(&[("f.json", text)]);
    let run = ocpi(dir.path(), &[&["check", "f.json"], arguments].concat());
    assert_eq!(run.code, 0, "{run:?}");
    run.err
}

#[test]
fn a_price_deep_inside_tells_the_version() {
    assert_eq!(said(CDR_2_2_1, &[]), "note: f.json: detected as cdr of OCPI 2.2.1\n");
    let newer = CDR_2_2_1.replace("excl_vat", "before_taxes");
    assert_eq!(said(&newer, &[]), "note: f.json: detected as cdr of OCPI 2.3.0\n");
}

#[test]
fn the_oldest_version_and_the_branches_are_known() {
    let oldest = r#"{"id":"T1","currency":"EUR","elements":[{"price_components":[{"type":"ENERGY","price":0.45,"step_size":1}]}],"last_updated":"2026-03-14T09:26:53Z"}"#;
    assert_eq!(said(oldest, &[]), "note: f.json: detected as tariff of OCPI 2.1.1\n");
    let branch = r#"{"terminal_id":"T1","last_updated":"2026-03-14T09:26:53Z"}"#;
    assert_eq!(said(branch, &[]), "note: f.json: detected as terminal of OCPI 2.3.0\n");
}

#[test]
fn a_member_of_one_version_tells_it() {
    assert_eq!(said(TARIFF_2_3_0, &[]), "note: f.json: detected as tariff of OCPI 2.3.0\n");
    let older = TARIFF_2_3_0.replace(r#""tax_included":"NO","#, "");
    assert_eq!(said(&older, &[]), "note: f.json: detected as tariff of OCPI 2.2.1\n");
}

#[test]
fn the_newest_of_several_that_fit_is_taken() {
    assert_eq!(
        said(LOCATION, &[]),
        "note: f.json: detected as location of OCPI 2.3.0 (2.2.1 fits as well)\n"
    );
}

#[test]
fn what_is_told_is_not_found_out() {
    assert_eq!(said(LOCATION, &["--version", "2.2.1"]), "note: f.json: detected as location of OCPI 2.2.1\n");
    assert_eq!(said(CDR_2_2_1, &["--as", "cdr"]), "note: f.json: detected as cdr of OCPI 2.2.1\n");
    assert_eq!(said(CDR_2_2_1, &["--as", "cdr", "--version", "2.2.1"]), "");
}

#[test]
fn each_file_is_looked_at_on_its_own() {
    let dir = folder(&[("all/a.json", CDR_2_2_1), ("all/b.json", TARIFF_2_3_0), ("all/c.json", "[]")]);
    let run = ocpi(dir.path(), &["check", "all"]);
    assert_eq!(run.code, 0, "{run:?}");
    let expected = "note: all/a.json: detected as cdr of OCPI 2.2.1\nnote: all/b.json: detected as tariff of OCPI 2.3.0\n";
    assert_eq!(run.err, expected);
}

#[test]
fn a_wrong_version_is_objected_to() {
    let dir = folder(&[("f.json", CDR_2_2_1)]);
    let run = ocpi(dir.path(), &["check", "f.json", "--version", "2.3.0", "--format", "json"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert_eq!(run.findings(), ["f.json null /total_cost/before_taxes req.missing error"]);
    assert_eq!(run.json()["conformant"], 0);
}

#[test]
fn what_looks_like_nothing_is_not_guessed() {
    let dir = folder(&[
        ("package.json", r#"{"name":"x","version":"1.0.0","scripts":{}}"#),
        ("word.json", "\"hello\""),
    ]);
    for path in ["package.json", "word.json"] {
        let run = ocpi(dir.path(), &["check", path, "--format", "json"]);
        assert_eq!(run.code, 3, "{run:?}");
        assert!(run.err.contains(&format!("{path}: not recognized as an object of OCPI")), "{run:?}");
        assert!(run.err.contains("--as"), "{run:?}");
        assert_eq!(run.json(), json!({"items": 0, "conformant": 0, "findings": []}));
    }
    let run = ocpi(dir.path(), &["check", "word.json", "--as", "location", "--format", "json"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert_eq!(run.findings(), ["word.json null  val.type error"]);
}

const SESSION_2_2_1: &str = r#"{"country_code":"NL","party_id":"ALF","id":"S1","start_date_time":"2026-03-13T17:02:11Z","end_date_time":"2026-03-13T18:17:11Z","kwh":18.5,"cdr_token":{"country_code":"NL","party_id":"BRV","uid":"04A2","type":"RFID","contract_id":"NL-BRV-C1"},"auth_method":"WHITELIST","location_id":"L1","evse_uid":"E1","connector_id":"1","currency":"EUR","charging_periods":[{"start_date_time":"2026-03-13T17:02:11Z","dimensions":[{"type":"ENERGY","volume":18.5}]}],"total_cost":{"excl_vat":10.00},"status":"COMPLETED","last_updated":"2026-03-15T08:00:00Z"}"#;

/// An object of another type is none of the type that is told, whatever members both have.
#[test]
fn an_object_of_another_type_is_refused_whatever_the_verb() {
    for (text, arguments, like) in [
        (CDR_2_2_1, &["read", "--as", "tariff"][..], "cdr"),
        (CDR_2_2_1, &["check", "--as", "tariff"], "cdr"),
        (CDR_2_2_1, &["explain", "--as", "tariff"], "cdr"),
        (CDR_2_2_1, &["convert", "--as", "tariff", "--to", "2.3.0"], "cdr"),
        (CDR_2_2_1, &["read", "--as", "session"], "cdr"),
        (CDR_2_2_1, &["price", "--as", "session"], "cdr"),
        (CDR_2_2_1, &["check", "--as", "location"], "cdr"),
        (SESSION_2_2_1, &["price", "--as", "cdr"], "session"),
        (SESSION_2_2_1, &["explain", "--as", "cdr"], "session"),
        (SESSION_2_2_1, &["read", "--as", "tariff"], "session"),
        (TARIFF_2_3_0, &["read", "--as", "cdr"], "tariff"),
        (LOCATION, &["read", "--as", "evse"], "location"),
    ] {
        for text in [text.to_owned(), format!("[{text}]"), format!("{text}\n{text}\n")] {
            let dir = folder(&[("f.json", &text)]);
            let run = ocpi(dir.path(), &[arguments, &["f.json"]].concat());
            assert_eq!(run.code, 3, "{arguments:?} {text}: {run:?}");
            assert!(run.err.contains(&format!("looks like {like} of OCPI")), "{arguments:?} {text}: {run:?}");
        }
    }
    // One that lacks much is one all the same.
    let partial = r#"{"id":"C1","start_date_time":"2026-03-13T17:02:11Z","total_energy":18.5}"#;
    let dir = folder(&[("f.json", partial)]);
    assert_eq!(ocpi(dir.path(), &["read", "f.json", "--as", "cdr"]).code, 1);
}

/// Lists of several types in one document are all read by the verbs that take several types.
#[test]
fn lists_of_several_types_are_all_read() {
    let text = format!(
        r#"{{"data":{{"locations":[{LOCATION},{LOCATION}],"tariffs":[{TARIFF_2_3_0}]}},"status_code":1000,
            "timestamp":"2026-01-01T00:00:00Z"}}"#
    );
    let dir = folder(&[("f.json", &text)]);
    let run = ocpi(dir.path(), &["read", "f.json", "--format", "json"]);
    assert_eq!((run.code, &run.json()["items"], &run.json()["clean"]), (1, &json!(3), &json!(3)), "{run:?}");
    assert_eq!(
        run.findings(),
        ["f.json null /data/locations env.frame error", "f.json null /data/tariffs env.frame error"]
    );
    let run = ocpi(dir.path(), &["check", "f.json"]);
    assert!(run.out.contains("2 locations, 1 tariff in 1 file"), "{run:?}");
    let run = ocpi(dir.path(), &["check", "f.json", "--as", "tariff"]);
    assert!(run.out.contains("1 tariff in 1 file"), "{run:?}");
    // Two of one type: which one is meant?
    let text = format!(r#"{{"added":[{LOCATION}],"changed":[{LOCATION}]}}"#);
    let dir = folder(&[("f.json", &text)]);
    assert_eq!(ocpi(dir.path(), &["read", "f.json"]).code, 3);
}

/// A frame is none of OCPI's objects because one of them has a member of that name.
#[test]
fn frames_inside_each_other_are_no_objects() {
    for text in [
        format!(r#"{{"result":{{"list":[{LOCATION}]}}}}"#),
        format!(r#"{{"response":{{"result":{{"list":[{LOCATION}]}}}}}}"#),
        format!(r#"{{"result":[{LOCATION}]}}"#),
        format!(r#"{{"location":{LOCATION}}}"#),
    ] {
        let dir = folder(&[("f.json", &text)]);
        let run = ocpi(dir.path(), &["read", "f.json", "--format", "json"]);
        assert_eq!((run.code, &run.json()["clean"]), (1, &json!(1)), "{text}: {run:?}");
        assert!(run.err.contains("detected as location of OCPI 2.3.0"), "{text}: {run:?}");
    }
    // A frame around each object is not taken for an object that has such a member.
    let dir = folder(&[("f.json", &format!(r#"[{{"location":{LOCATION}}}]"#))]);
    let run = ocpi(dir.path(), &["read", "f.json"]);
    assert_eq!(run.code, 3, "{run:?}");
}
