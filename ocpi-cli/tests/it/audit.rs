//! `ocpi audit`.

use serde_json::json;

use crate::{folder, ocpi};

/// One hour and ten minutes of charging, a quarter of parking. Steps of 1 kWh are forgotten, energy is in Wh and time in
/// minutes.
const WRONG: &str = r#"{"country_code":"NL","party_id":"ALF","id":"CDR1","start_date_time":"2026-05-04T10:00:00Z","end_date_time":"2026-05-04T11:25:00Z","session_id":"S1","cdr_token":{"country_code":"DE","party_id":"EMP","uid":"04A2SECRET","type":"RFID","contract_id":"C1"},"auth_method":"WHITELIST","cdr_location":{"id":"L1","address":"A","city":"C","country":"NLD","coordinates":{"latitude":"52.08945","longitude":"5.11027"},"evse_uid":"E1","evse_id":"NL*ALF*E1","connector_id":"1","connector_standard":"IEC_62196_T2","connector_format":"SOCKET","connector_power_type":"AC_3_PHASE"},"currency":"EUR","tariffs":[{"country_code":"NL","party_id":"ALF","id":"T1","currency":"EUR","elements":[{"price_components":[{"type":"FLAT","price":0.50,"vat":20,"step_size":1},{"type":"ENERGY","price":0.25,"vat":20,"step_size":1000},{"type":"PARKING_TIME","price":4.00,"vat":20,"step_size":1}]}],"last_updated":"2026-01-01T00:00:00Z"}],"charging_periods":[{"start_date_time":"2026-05-04T10:00:00Z","tariff_id":"T1","dimensions":[{"type":"ENERGY","volume":20.5},{"type":"TIME","volume":1.1667}]},{"start_date_time":"2026-05-04T11:10:00Z","tariff_id":"T1","dimensions":[{"type":"PARKING_TIME","volume":0.25}]}],"total_cost":{"excl_vat":6.63,"incl_vat":7.95},"total_fixed_cost":{"excl_vat":0.50,"incl_vat":0.60},"total_energy":20500,"total_energy_cost":{"excl_vat":5.125,"incl_vat":6.15},"total_time":85,"total_parking_time":0.25,"total_parking_cost":{"excl_vat":1.00,"incl_vat":1.20},"last_updated":"2026-05-04T11:30:00Z"}"#;

fn right() -> String {
    WRONG
        .replace("\"excl_vat\":6.63,\"incl_vat\":7.95", "\"excl_vat\":6.75,\"incl_vat\":8.10")
        .replace("\"excl_vat\":5.125,\"incl_vat\":6.15", "\"excl_vat\":5.25,\"incl_vat\":6.30")
        .replace("20500", "20.5")
        .replace("\"total_time\":85", "\"total_time\":1.4167")
}

#[test]
fn a_wrong_cdr_as_its_receiver_sees_it() {
    let folder = folder(&[("cdr.json", WRONG)]);
    let run = ocpi(folder.path(), &["audit", "cdr.json", "--version", "2.2.1"]);
    assert_eq!(run.code, 1, "{run:?}");
    let expected = "\
cdr.json: cdr CDR1, OCPI 2.2.1: differs
  error    /total_energy                energy looks like Wh where kWh are due: 20500 kWh, expected 20.5 kWh  [cdr.energy_unit]
  error    /total_time                  time looks like minutes or seconds where hours are due: 85 h, expected 1.4167 h  [cdr.time_unit]
  error    /total_cost/excl_vat         the total is not what the tariff says: 6.63, expected 6.75 (right if steps = ignored)  [cdr.total_cost]
  error    /total_cost/incl_vat         the total with tax is not what the tariff says: 7.95, expected 8.1  [cdr.total_tax]
  error    /total_energy_cost/excl_vat  a part of the cost is not what the tariff says: 5.125, expected 5.25 (right if steps = ignored)  [cdr.part_cost]
  error    /total_energy_cost/incl_vat  a part of the cost with tax is not what the tariff says: 6.15, expected 6.3  [cdr.part_tax]
";
    assert_eq!(run.out, expected);
}

#[test]
fn a_right_one_has_nothing_to_tell() {
    let folder = folder(&[("cdr.json", &right())]);
    let run = ocpi(folder.path(), &["audit", "cdr.json", "--format", "json"]);
    assert_eq!((run.code, run.json()), (0, json!({"id": "CDR1", "verdict": "agrees", "findings": []})));
}

#[test]
fn many_are_told_in_their_order_and_counted() {
    let mut lines: Vec<String> = (0..2_000).map(|_| right().replace('\n', "")).collect();
    lines[1_500] = WRONG.to_owned();
    lines[7] = right().replace("\"total_energy\":20.5", "\"total_energy\":\"a dozen\"");
    let folder = folder(&[("cdrs.ndjson", &lines.join("\n"))]);
    let run = ocpi(folder.path(), &["audit", "cdrs.ndjson", "--version", "2.2.1"]);
    assert_eq!(run.code, 3, "one cannot be read");
    assert!(
        run.out.ends_with("1998 agree, 1 differ, 0 not computable\n"),
        "{}",
        &run.out[run.out.len() - 200..]
    );
    assert!(run.out.contains("cdrs.ndjson, item 1500: cdr CDR1, OCPI 2.2.1: differs"));
    assert!(run.err.contains("item 7") && run.err.contains("/total_energy"), "{}", run.err);
}

#[test]
fn sessions_are_held_against_it_and_drivers_are_not_shown() {
    let session = r#"{"country_code":"NL","party_id":"ALF","id":"S1","currency":"EUR","kwh":21,"status":"COMPLETED","start_date_time":"2026-05-04T10:00:00Z","end_date_time":"2026-05-04T11:25:00Z","cdr_token":{"country_code":"DE","party_id":"EMP","uid":"SOMEBODYELSE","type":"RFID","contract_id":"C1"},"auth_method":"WHITELIST","location_id":"L1","evse_uid":"E1","connector_id":"1","last_updated":"2026-05-04T11:30:00Z"}"#;
    let folder = folder(&[("cdr.json", &right()), ("session.json", session)]);
    let run = ocpi(folder.path(), &["audit", "cdr.json", "--sessions", "session.json", "--format", "json"]);
    assert_eq!(run.code, 1, "{run:?}");
    let rules: Vec<String> = run.json()["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .map(|finding| finding["rule"].as_str().expect("a rule").to_owned())
        .collect();
    assert_eq!(rules, ["cdr.session_energy", "cdr.session_token"]);
    assert!(!run.out.contains("SECRET") && !run.out.contains("SOMEBODYELSE"));
}

#[test]
fn the_rules_can_be_listed() {
    let folder = folder(&[]);
    let run = ocpi(folder.path(), &["audit", "--rules"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.lines().count() >= 36 && run.out.contains("cdr.total_cost"), "{}", run.out);
}
