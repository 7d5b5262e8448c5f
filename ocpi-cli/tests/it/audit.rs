//! `ocpi audit`.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::price::TARIFF;
use crate::{LOCATION, Run, folder, ocpi, run};

/// From six in the evening for two hours and ten minutes: 12 kWh at 0.60, 8 kWh at 0.40, 40 minutes of parking in steps
/// of a quarter of an hour, and a fee.
fn cdr() -> Value {
    let tariff: Value = serde_json::from_str(TARIFF).unwrap();
    let period = |start: &str, dimensions: Value| json!({"start_date_time": start, "tariff_id": "DAY", "dimensions": dimensions});
    json!({
        "country_code": "NL", "party_id": "ALF", "id": "C1", "session_id": "S1", "currency": "EUR",
        "start_date_time": "2026-05-04T16:00:00Z", "end_date_time": "2026-05-04T18:10:00Z",
        "cdr_token": {"country_code": "NL", "party_id": "EMP", "uid": "SECRET", "type": "RFID", "contract_id": "C1"},
        "auth_method": "WHITELIST",
        "cdr_location": {"id": "L1", "address": "Kade 1", "city": "Gouda", "country": "NLD",
            "coordinates": {"latitude": "52.01150", "longitude": "4.71040"}, "evse_uid": "E1",
            "evse_id": "NL*ALF*E1", "connector_id": "1", "connector_standard": "IEC_62196_T2",
            "connector_format": "SOCKET", "connector_power_type": "AC_3_PHASE"},
        "tariffs": [tariff],
        "charging_periods": [
            period("2026-05-04T16:00:00Z", json!([{"type": "ENERGY", "volume": 12}, {"type": "TIME", "volume": 1}])),
            period("2026-05-04T17:00:00Z", json!([{"type": "ENERGY", "volume": 8}, {"type": "TIME", "volume": 0.5}])),
            period("2026-05-04T17:30:00Z", json!([{"type": "PARKING_TIME", "volume": 0.6667}]))],
        "total_cost": {"before_taxes": 13.15, "taxes": [
            {"name": "VAT", "percentage": 0, "amount": 0}, {"name": "VAT", "percentage": 21, "amount": 2.66}]},
        "total_energy": 20, "total_time": 2.1667, "total_parking_time": 0.6667,
        "total_energy_cost": {"before_taxes": 10.40}, "total_parking_cost": {"before_taxes": 2.25},
        "last_updated": "2026-05-04T18:40:00Z"})
}

/// Energy in Wh, the exact minutes of parking, and minutes for hours.
fn wrong() -> Value {
    let mut cdr = cdr();
    cdr["id"] = "C2".into();
    cdr["total_energy"] = 20_000.into();
    cdr["total_time"] = 130.into();
    cdr["total_parking_cost"] = json!({"before_taxes": 2.00});
    cdr["total_cost"] = json!({"before_taxes": 12.90});
    cdr
}

fn session() -> Value {
    let cdr = cdr();
    let mut session = json!({
        "id": "S1", "kwh": 20, "status": "COMPLETED", "location_id": "L1", "evse_uid": "E1", "connector_id": "1",
        "last_updated": "2026-05-04T18:20:00Z"});
    for name in [
        "country_code",
        "party_id",
        "currency",
        "start_date_time",
        "end_date_time",
        "cdr_token",
        "auth_method",
        "charging_periods",
        "total_cost",
    ] {
        session[name] = cdr[name].clone();
    }
    session
}

const HERE: [&str; 4] = ["--time-zone", "Europe/Amsterdam", "--version", "2.3.0"];

fn audit(dir: &tempfile::TempDir, arguments: &[&str]) -> Run {
    ocpi(dir.path(), &[&["audit"], arguments, &HERE].concat())
}

fn verdicts(run: &Run) -> Vec<(Value, Value)> {
    let line = |line: &str| {
        let json: Value = serde_json::from_str(line).unwrap();
        (json["id"].clone(), json["verdict"].clone())
    };
    run.out.lines().map(line).collect()
}

#[test]
fn a_wrong_cdr_as_text() {
    let dir = folder(&[("cdr.json", &wrong().to_string())]);
    let run = audit(&dir, &["cdr.json"]);
    assert_eq!(run.code, 1, "{run:?}");
    crate::shown("audit.txt", &run.out);
}

#[test]
fn a_correct_cdr_has_nothing_to_say() {
    let dir = folder(&[("cdr.json", &cdr().to_string()), ("s.json", &session().to_string())]);
    for arguments in [&["cdr.json"][..], &["cdr.json", "--sessions", "s.json"]] {
        let run = audit(&dir, arguments);
        assert_eq!(
            (run.code, &*run.out),
            (0, "1 CDR: 1 agrees, 0 differ, 0 not computable; 0 errors, 0 warnings, 0 infos\n")
        );
    }
}

#[test]
fn json_has_the_agreed_members() {
    let dir = folder(&[("cdr.json", &wrong().to_string())]);
    let run = audit(&dir, &["cdr.json", "--format", "json"]);
    assert_eq!(run.code, 1, "{run:?}");
    let json = run.json();
    assert_eq!((&json["id"], &json["verdict"]), (&json!("C2"), &json!("differs")));
    let total = json!({"file": "cdr.json", "item": null, "pointer": "/total_cost/before_taxes",
        "rule": "cdr.total_cost", "severity": "error", "expected": "13.15", "found": "12.9", "id": "C2",
        "message": "the total is not what the tariffs come to: agrees under steps = ignored"});
    assert!(json["findings"].as_array().unwrap().contains(&total), "{json}");
}

#[test]
fn what_cannot_be_computed_is_named_and_ends_with_1() {
    let dir = folder(&[("cdr.json", &cdr().to_string())]);
    let text = ocpi(dir.path(), &["audit", "cdr.json", "--version", "2.3.0"]);
    assert_eq!(text.code, 1, "{text:?}");
    assert!(
        text.out.contains("\n    cdr.json C1  periods 0 and 1: energy: whether element 0 applies"),
        "{text:?}"
    );
    assert!(text.err.contains("give the time zone with --time-zone"), "{text:?}");
    let json = ocpi(dir.path(), &["audit", "cdr.json", "--format", "json"]);
    assert_eq!((json.code, &json.json()["verdict"]), (1, &json!("not_computable")), "{json:?}");
    assert!(json.json()["not_computable"][0].as_str().unwrap().contains("the time zone is not known"));
}

#[test]
fn sessions_and_originals_are_looked_up() {
    let mut session = session();
    session["kwh"] = 19.into();
    let mut credit = cdr();
    credit["id"] = "C1-C".into();
    credit["credit"] = true.into();
    credit["credit_reference_id"] = "C1".into();
    credit["total_cost"] = json!({"before_taxes": -13.15, "taxes": [
        {"name": "VAT", "percentage": 0, "amount": 0}, {"name": "VAT", "percentage": 21, "amount": -2.60}]});
    let lines = format!("{}\n{}\n", cdr(), cdr().to_string().replace("\"S1\"", "\"S2\""));
    let dir = folder(&[
        ("cdrs.ndjson", &lines),
        ("sessions.json", &format!("[{session}]")),
        ("credit.json", &credit.to_string()),
    ]);
    let run = audit(&dir, &["cdrs.ndjson", "--sessions", "sessions.json", "--format", "json"]);
    let rules: Vec<Value> = run
        .out
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["findings"][0]["rule"].clone())
        .collect();
    assert_eq!((run.code, rules), (1, vec![json!("session.energy"), json!("session.unknown")]));
    let run = audit(&dir, &["credit.json", "--original", "cdrs.ndjson"]);
    assert!(run.code == 1 && run.out.contains("[cdr.credit_amount]"), "{run:?}");
    let missing = audit(&dir, &["credit.json", "--sessions", "none.json"]);
    assert_eq!((missing.code, &*missing.out), (3, ""), "{missing:?}");
}

#[test]
fn many_in_any_form_are_audited_in_their_order() {
    let id = |index: usize| {
        let mut one = if index % 3 == 0 { wrong() } else { cdr() };
        one["id"] = format!("C{index}").into();
        one
    };
    let all: Vec<Value> = (0..1100).map(id).collect();
    let lines: String = all.iter().map(|cdr| format!("{cdr}\n")).collect();
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(lines.as_bytes()).unwrap();
    let dir = folder(&[(
        "page.json",
        &json!({"data": &all[..5], "status_code": 1000, "timestamp": "2026-05-05T00:00:00Z"}).to_string(),
    )]);
    std::fs::write(dir.path().join("cdrs.ndjson.gz"), packed.finish().unwrap()).unwrap();
    let expected = |count: usize| -> Vec<(Value, Value)> {
        let verdict = |index: usize| if index % 3 == 0 { "differs" } else { "agrees" };
        (0..count).map(|index| (json!(format!("C{index}")), json!(verdict(index)))).collect()
    };
    let run = audit(&dir, &["cdrs.ndjson.gz", "--format", "json"]);
    assert_eq!((run.code, verdicts(&run)), (1, expected(1100)));
    let run = audit(&dir, &["page.json", "--format", "json"]);
    assert_eq!((run.code, verdicts(&run)), (1, expected(5)));
    let arguments = [&["audit", "-", "--format", "json"], &HERE[..]].concat();
    let few: String = lines.split_inclusive('\n').take(20).collect();
    let run = run_with(&dir, &arguments, few.as_bytes());
    assert_eq!((run.code, verdicts(&run)), (1, expected(20)));
    // The folder: both files.
    let run = audit(&dir, &["."]);
    assert!(
        run.out.ends_with(
            "\n1105 CDRs: 736 agree, 369 differ, 0 not computable; 1476 errors, 0 warnings, 0 infos\n"
        ),
        "{}",
        &run.out[run.out.len() - 200..]
    );
}

fn run_with(dir: &tempfile::TempDir, arguments: &[&str], input: &[u8]) -> Run {
    run(dir.path(), arguments, &[], input)
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_audited() {
    let broken = cdr().to_string().replace("\"id\":\"C1\"", "\"x_id\":\"C1\"");
    let dir = folder(&[("cdrs.json", &format!("[{broken},{}]", wrong())), ("location.json", LOCATION)]);
    let run = audit(&dir, &["cdrs.json"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.err.contains("error: cdrs.json: item 0: /id"), "{run:?}");
    assert!(run.out.contains("    cdrs.json item 1 (C2)  expected"), "{run:?}");
    let other = audit(&dir, &["location.json"]);
    assert!(other.code == 3 && other.err.contains("not recognized as cdr"), "{other:?}");
    let wrong_use = ocpi(dir.path(), &["audit"]);
    assert_eq!(wrong_use.code, 2, "{wrong_use:?}");
}

#[test]
fn policies_and_tariffs_decide() {
    let mut cdr = wrong();
    for (name, value) in [("total_energy", json!(20)), ("total_time", json!(2.1667))] {
        cdr[name] = value;
    }
    let free = TARIFF
        .replace("0.60", "0.00")
        .replace("0.40", "0.00")
        .replace("3.00", "0.00")
        .replace("0.50", "0.00");
    let dir = folder(&[("cdr.json", &cdr.to_string()), ("free.json", &free)]);
    assert_eq!(audit(&dir, &["cdr.json"]).code, 1);
    assert_eq!(audit(&dir, &["cdr.json", "--policy", "steps=ignored"]).code, 0);
    let run = audit(&dir, &["cdr.json", "--tariff", "free.json", "--format", "json"]);
    let expected: Vec<_> =
        run.json()["findings"].as_array().unwrap().iter().map(|it| it["expected"].clone()).collect();
    assert_eq!(expected, ["0.00", "0.00", "0.00"], "{run:?}");
}

#[test]
fn rules_are_listed() {
    let dir = folder(&[]);
    let text = ocpi(dir.path(), &["audit", "--rules"]);
    assert!(
        text.code == 0 && text.out.contains("cdr.energy_unit (error): energy in Wh where kWh are due\n"),
        "{text:?}"
    );
    let json = ocpi(dir.path(), &["audit", "--rules", "--format", "json"]).json();
    let rules = json["rules"].as_array().unwrap();
    assert_eq!(rules.len(), ocpi_pricing::audit::Rule::ALL.len() + 1, "and cdr.not_computable");
    assert!(rules.iter().all(|rule| !rule["about"].as_str().unwrap().is_empty()));
}

#[test]
fn nobody_sees_the_driver_and_nothing_steers_the_terminal() {
    let mut session = session();
    session["cdr_token"]["uid"] = "SECRET2".into();
    let mut cdr = cdr();
    cdr["id"] = "\u{1b}[2J".into();
    let dir = folder(&[("cdr.json", &cdr.to_string()), ("s.json", &session.to_string())]);
    for format in ["text", "json"] {
        let run = audit(&dir, &["cdr.json", "--sessions", "s.json", "--format", format]);
        assert!(run.out.contains("session.token"), "{run:?}");
        assert!(!run.out.contains("SECRET") && !run.err.contains("SECRET"), "{run:?}");
        assert!(!run.out.contains('\u{1b}'), "{run:?}");
    }
}

#[test]
fn periods_in_any_order_are_audited_in_order_of_time() {
    let mut cdr = cdr();
    cdr["charging_periods"].as_array_mut().unwrap().reverse();
    let dir = folder(&[("cdr.json", &cdr.to_string())]);
    let run = audit(&dir, &["cdr.json", "--format", "json"]);
    let json = run.json();
    assert_eq!((run.code, &json["verdict"]), (0, &json!("agrees")), "{run:?}");
    // It is told, and places lead to the CDR as it is written.
    assert_eq!(json["findings"][0]["rule"], "periods.order");
    cdr["charging_periods"][2]["start_date_time"] = "2026-05-04T15:30:00Z".into();
    cdr["charging_periods"][1]["dimensions"][1]["volume"] = 2.into();
    let dir = folder(&[("cdr.json", &cdr.to_string())]);
    let run = audit(&dir, &["cdr.json", "--format", "json"]);
    let findings = run.json()["findings"].to_string();
    assert!(findings.contains("/charging_periods/2/start_date_time"), "{findings}");
}

#[test]
fn what_is_absent_is_neither_right_nor_wrong() {
    let mut without_tariff = cdr();
    without_tariff["tariffs"] = json!([]);
    without_tariff["id"] = "A".into();
    let mut without_ids = without_tariff.clone();
    for period in without_ids["charging_periods"].as_array_mut().unwrap() {
        period.as_object_mut().unwrap().remove("tariff_id");
    }
    let mut without_energy = cdr();
    for period in without_energy["charging_periods"].as_array_mut().unwrap() {
        period["dimensions"].as_array_mut().unwrap().retain(|it| it["type"] != "ENERGY");
    }
    let mut empty = cdr();
    empty["tariffs"][0]["elements"] = json!([{"price_components": []}]);
    let mut twice = serde_json::to_string(&cdr()).unwrap();
    twice = twice.replacen(r#""price":0.6"#, r#""price":0.1,"price":0.6"#, 1);
    assert!(twice.contains(r#""price":0.1"#), "{twice}");
    let all = [without_tariff, without_ids, without_energy, empty].map(|cdr| cdr.to_string());
    let lines = all.join("\n") + "\n" + &twice + "\n";
    let dir = folder(&[("cdrs.ndjson", &lines)]);
    let run = audit(&dir, &["cdrs.ndjson", "--format", "json"]);
    assert_eq!(run.code, 1, "{run:?}");
    let verdicts: Vec<Value> = verdicts(&run).into_iter().map(|(_, verdict)| verdict).collect();
    assert_eq!(verdicts, vec![json!("not_computable"); 5], "{run:?}");
    assert!(run.err.contains("give it with --tariff FILE"), "{run:?}");
}

/// A CDR of 2.2.1: 10 kWh in an hour at 0.4.
fn simple() -> Value {
    let mut cdr = cdr();
    cdr["tariffs"] = json!([{"country_code": "NL", "party_id": "ALF", "id": "DAY", "currency": "EUR", "elements": [
        {"price_components": [{"type": "ENERGY", "price": 0.4, "step_size": 1}]}], "last_updated": "2026-01-01T00:00:00Z"}]);
    cdr["end_date_time"] = "2026-05-04T17:00:00Z".into();
    cdr["charging_periods"] = json!([{"start_date_time": "2026-05-04T16:00:00Z", "tariff_id": "DAY",
        "dimensions": [{"type": "ENERGY", "volume": 10}, {"type": "TIME", "volume": 1}]}]);
    cdr["total_cost"] = json!({"excl_vat": 4});
    (cdr["total_energy"], cdr["total_time"]) = (10.into(), 1.into());
    for name in ["total_parking_time", "total_energy_cost", "total_parking_cost"] {
        cdr.as_object_mut().unwrap().remove(name);
    }
    cdr
}

/// Prices and audits a text: the first reason, and the findings of severity error.
fn has_no_price(verb: &str, text: &str, more: &[&str]) -> (String, Vec<Value>) {
    let dir = folder(&[("cdr.json", text)]);
    let run = ocpi(dir.path(), &[&[verb, "cdr.json", "--format", "json"], more].concat());
    assert_eq!(run.code, 1, "{verb} {text} {run:?}");
    let json = run.json();
    let reason = &json["not_computable"][0];
    let reason = reason["message"].as_str().or(reason.as_str()).unwrap_or_default().to_owned();
    if verb == "audit" {
        assert_eq!(json["verdict"], "not_computable", "{text} {run:?}");
    }
    let findings = json["findings"].as_array().cloned().unwrap_or_default();
    (reason, findings.into_iter().filter(|finding| finding["severity"] == "error").collect())
}

#[test]
fn what_a_cost_is_made_of_and_cannot_be_read_has_no_price() {
    let text = simple().to_string();
    for (from, to, pointer) in [
        ("\"volume\":10", "\"x\":10", "/charging_periods/0/dimensions/0/volume"),
        ("\"volume\":10", "\"volume\":null", "/charging_periods/0/dimensions/0/volume"),
        ("\"volume\":10", "\"volume\":\"10,0\"", "/charging_periods/0/dimensions/0/volume"),
        ("\"volume\":10", "\"volume\":5,\"volume\":10", "/charging_periods/0/dimensions/0/volume"),
        ("\"currency\":\"EUR\",\"elements\"", "\"elements\"", "/currency"),
        (
            "\"end_date_time\":",
            "\"end_date_time\":\"2026-05-04T15:00:00Z\",\"end_date_time\":",
            "/end_date_time",
        ),
        ("\"price\":0.4", "\"price\":1e400", "/elements/0/price_components/0/price"),
    ] {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text, "{from}");
        for verb in ["price", "audit"] {
            let (reason, errors) = has_no_price(verb, &changed, &[]);
            assert!(reason.contains(&format!("({pointer})")), "{verb} {to}: {reason}");
            assert_eq!(errors, [Value::Null; 0], "{to}");
        }
    }
}

#[test]
fn without_periods_or_dimensions_there_is_no_price() {
    let text = simple().to_string();
    for member in ["\"dimensions\":", "\"charging_periods\":"] {
        for verb in ["price", "audit"] {
            let (reason, errors) = has_no_price(verb, &text.replacen(member, "\"x\":", 1), &[]);
            assert!(reason.contains("period") && errors.is_empty(), "{verb} {member} {reason} {errors:?}");
        }
    }
}

#[test]
fn a_total_that_cannot_be_read_is_not_compared() {
    let text = simple().to_string();
    let cost = "\"total_cost\":{\"excl_vat\":4}";
    for (from, to, pointer) in [
        (cost, "\"total_cost\":{\"excl_vat\":4,\"excl_vat\":9}", "/total_cost/excl_vat"),
        (cost, "\"total_cost\":\"4 EUR\"", "/total_cost"),
        (cost, "\"total_cost\":{\"incl_vat\":4}", "/total_cost/excl_vat"),
        (cost, "\"x\":1", "/total_cost"),
        ("\"total_energy\":10", "\"x\":1", "/total_energy"),
        ("\"total_energy\":10", "\"total_energy\":12,\"total_energy\":10", "/total_energy"),
        ("\"total_time\":1", "\"x\":1", "/total_time"),
    ] {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text, "{from}");
        let (reason, errors) = has_no_price("audit", &changed, &[]);
        assert!(reason.contains(&format!("({pointer})")), "{to}: {reason}");
        assert_eq!(errors, [Value::Null; 0], "{to}");
    }
    // The name of another version.
    let newer = text.replacen(
        "\"currency\":\"EUR\",\"elements\"",
        "\"tax_included\":\"NO\",\"currency\":\"EUR\",\"elements\"",
        1,
    );
    let (reason, _) = has_no_price("audit", &newer, &["--version", "2.3.0"]);
    assert!(
        reason.contains("`excl_vat` is a member of another version of OCPI (/total_cost/excl_vat)"),
        "{reason}"
    );
}

#[test]
fn a_cost_that_cannot_be_computed_is_counted_as_the_error_it_is_shown_as() {
    let mut cdr = simple();
    cdr["total_energy"] = Value::Null;
    let dir = folder(&[("cdr.json", &cdr.to_string())]);
    let run = ocpi(dir.path(), &["audit", "cdr.json"]);
    assert!(run.out.contains("error") && run.out.contains("[cdr.not_computable]"), "{run:?}");
    assert!(run.out.ends_with("1 not computable; 1 error, 0 warnings, 0 infos\n"), "{run:?}");
}

#[test]
fn an_old_cdr_that_agrees_by_another_of_its_tariffs_is_told_so() {
    let tariff = |id: &str, price: f64| {
        json!({"id": id, "currency": "EUR", "elements": [{"price_components": [
        {"type": "ENERGY", "price": price, "step_size": 1}]}], "last_updated": "2026-01-01T00:00:00Z"})
    };
    let mut location: Value = serde_json::from_str(LOCATION).unwrap();
    location["type"] = "ON_STREET".into();
    let cdr = json!({"id": "C1", "start_date_time": "2026-05-04T16:00:00Z", "stop_date_time": "2026-05-04T17:00:00Z",
        "auth_id": "DE1", "auth_method": "WHITELIST", "location": location, "currency": "EUR",
        "tariffs": [tariff("A", 0.4), tariff("B", 1.0)],
        "charging_periods": [{"start_date_time": "2026-05-04T16:00:00Z",
            "dimensions": [{"type": "ENERGY", "volume": 10}, {"type": "TIME", "volume": 1}]}],
        "total_cost": 10, "total_energy": 10, "total_time": 1, "last_updated": "2026-05-04T18:40:00Z"});
    let dir = folder(&[("cdr.json", &cdr.to_string())]);
    let run = ocpi(dir.path(), &["audit", "cdr.json", "--version", "2.1.1", "--format", "json"]);
    assert_eq!(run.json()["verdict"], "differs", "{run:?}");
    assert!(run.out.contains("agrees under the tariff B"), "{run:?}");
}

#[test]
fn a_cost_that_may_be_that_of_a_time_in_no_period_is_not_accused() {
    let mut cdr = simple();
    cdr["tariffs"][0]["elements"][0]["price_components"][0] =
        json!({"type": "TIME", "price": 3, "step_size": 1});
    cdr["charging_periods"][0]["dimensions"] = json!([{"type": "ENERGY", "volume": 10}]);
    cdr["total_cost"] = json!({"excl_vat": 3});
    let (reason, errors) = has_no_price("audit", &cdr.to_string(), &[]);
    assert!(reason.starts_with("charging time: ") && errors.is_empty(), "{reason} {errors:?}");
}
