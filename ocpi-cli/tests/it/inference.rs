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
