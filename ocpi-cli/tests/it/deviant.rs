//! Files as partners send them: what is found in three of them.

use crate::{LOCATION, folder, ocpi};

/// Holds the findings in a file with this text against those that must be among them. There may be others: which
/// rules there are is the library's business.
fn finds(kind: &str, version: &str, text: &str, expected: &[&str]) {
    let dir = folder(&[("f.json", text)]);
    let run = ocpi(dir.path(), &["check", "--as", kind, "--version", version, "--format", "json", "f.json"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert_eq!(run.err, "");
    let findings = run.findings();
    for finding in expected {
        let count = findings.iter().filter(|found| **found == format!("f.json {finding}")).count();
        assert_eq!(count, 1, "{finding} in {findings:#?}");
    }
}

#[test]
fn locations_with_numbers_as_text_and_unknown_values() {
    let evses = r#","evses":[{"uid":"1","status":"HOVERING","last_updated":"2026-01-01T02:00:00+02:00","connectors":[
        {"id":1,"standard":"MCS","format":"CABLE","power_type":"DC","max_voltage":"1250","max_amperage":3000,
         "last_updated":"2026-01-01T00:00:00Z"}]}],"solar_roof":true}"#;
    let text = format!("[{LOCATION}, {}{evses}]", LOCATION.trim_end_matches('}'));
    finds(
        "location",
        "2.2.1",
        &text,
        &[
            "1 /evses/0/last_updated dt.offset error",
            "1 /evses/0/connectors/0/id str.number error",
            "1 /evses/0/connectors/0/max_voltage num.string error",
            "1 /evses/0/status enum.unknown error",
            "1 /evses/0/connectors/0/standard enum.other_version error",
            "1 /solar_roof ext.unknown_field info",
        ],
    );
}

#[test]
fn a_token_without_its_required_members() {
    let text = r#"[{"country_code":"NL","party_id":"BRV","uid":"04A2","type":"RFID","whitelist":"ALWAYS"}]"#;
    finds(
        "token",
        "2.2.1",
        text,
        &[
            "0 /contract_id req.missing error",
            "0 /issuer req.missing error",
            "0 /valid req.missing error",
            "0 /last_updated req.missing error",
        ],
    );
}

#[test]
fn a_tariff_with_wrong_codes_and_lists() {
    let text = r#"{"country_code":"NLD","party_id":"ALFA","id":"T1","currency":"euro","tariff_alt_text":null,
        "elements":{"price_components":[]},"last_updated":"2026-01-01T00:00:00Z"}"#;
    finds(
        "tariff",
        "2.2.1",
        text,
        &[
            "null /elements val.object_for_array error",
            "null /elements/price_components card.empty error",
            "null /country_code country.alpha error",
            "null /party_id party.form error",
            "null /currency currency.iso4217 error",
        ],
    );
}
