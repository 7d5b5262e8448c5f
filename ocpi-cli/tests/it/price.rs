//! `ocpi price`.

use serde_json::{Value, json};

use crate::{LOCATION, folder, ocpi, run};

/// Cheaper after seven in the evening; parking and a fee.
pub(crate) const TARIFF: &str = r#"{"country_code":"NL","party_id":"ALF","id":"DAY","currency":"EUR","tax_included":"NO","elements":[{"price_components":[{"type":"ENERGY","price":0.60,"vat":21,"step_size":1}],"restrictions":{"start_time":"07:00","end_time":"19:00"}},{"price_components":[{"type":"ENERGY","price":0.40,"vat":21,"step_size":1},{"type":"PARKING_TIME","price":3.00,"vat":21,"step_size":900},{"type":"FLAT","price":0.50,"vat":0,"step_size":1}]}],"last_updated":"2026-01-01T00:00:00Z"}"#;

/// From six in the evening for two hours and ten minutes.
const SESSION: &str = r#"{"country_code":"NL","party_id":"ALF","id":"S1","currency":"EUR","kwh":20,"status":"COMPLETED","start_date_time":"2026-05-04T16:00:00Z","end_date_time":"2026-05-04T18:10:00Z","cdr_token":{"country_code":"NL","party_id":"EMP","uid":"1","type":"RFID","contract_id":"C1"},"auth_method":"WHITELIST","location_id":"L1","evse_uid":"E1","connector_id":"1","charging_periods":[{"start_date_time":"2026-05-04T16:00:00Z","tariff_id":"DAY","dimensions":[{"type":"ENERGY","volume":12},{"type":"TIME","volume":1}]},{"start_date_time":"2026-05-04T17:00:00Z","tariff_id":"DAY","dimensions":[{"type":"ENERGY","volume":8},{"type":"TIME","volume":0.5}]},{"start_date_time":"2026-05-04T17:30:00Z","tariff_id":"DAY","dimensions":[{"type":"PARKING_TIME","volume":0.6667}]}],"last_updated":"2026-05-04T18:40:00Z"}"#;

fn files() -> tempfile::TempDir {
    folder(&[("session.json", SESSION), ("tariff.json", TARIFF)])
}

const HERE: [&str; 4] = ["--tariff", "tariff.json", "--time-zone", "Europe/Amsterdam"];

fn price(arguments: &[&str]) -> crate::Run {
    let all: Vec<&str> = [&["price"], arguments, &HERE].concat();
    ocpi(files().path(), &all)
}

#[test]
fn a_session_as_a_table() {
    let run = price(&["session.json", "--version", "2.3.0"]);
    assert_eq!(run.code, 0, "{run:?}");
    let expected = "\
session.json: session S1, OCPI 2.3.0
from                  what          measured  billed          price  before taxes  after taxes
--------------------  ------------  --------  ------  -------------  ------------  -----------
2026-05-04T16:00:00Z  fee               once    once           0.50          0.50         0.50
2026-05-04T16:00:00Z  energy          12 kWh  12 kWh   0.60 per kWh          7.20         8.71
2026-05-04T17:00:00Z  energy           8 kWh   8 kWh   0.40 per kWh          3.20         3.87
2026-05-04T17:30:00Z  parking time    40 min  45 min  3.00 per hour          2.25         2.72
--------------------  ------------  --------  ------  -------------  ------------  -----------
                      energy                                                10.40        12.58
                      parking                                                2.25         2.72
                      fixed                                                  0.50         0.50
                      total EUR                                             13.15        15.81

";
    assert_eq!(run.out, expected);
}

#[test]
fn periods_in_another_order_cost_the_same() {
    let mut session: Value = serde_json::from_str(SESSION).expect("JSON");
    session["charging_periods"].as_array_mut().expect("periods").reverse();
    let folder = folder(&[("session.json", &session.to_string()), ("tariff.json", TARIFF)]);
    let all: Vec<&str> = [&["price", "session.json", "--version", "2.3.0"], &HERE[..]].concat();
    let run = ocpi(folder.path(), &all);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(run.out, price(&["session.json", "--version", "2.3.0"]).out);
    assert!(run.err.contains("not sorted by their start"), "{}", run.err);
}

#[test]
fn json_has_the_agreed_members_and_is_exact() {
    let run = price(&["session.json", "--format", "json", "--explain", "--compare-policies"]);
    assert_eq!(run.code, 0, "{run:?}");
    let json = run.json();
    for (member, before, after) in [
        ("total", "13.15", "15.8065"),
        ("energy", "10.4", "12.584"),
        ("time", "0", "0"),
        ("parking", "2.25", "2.7225"),
        ("fixed", "0.5", "0.5"),
        ("reservation", "0", "0"),
    ] {
        assert_eq!(json[member], json!({"before_taxes": before, "after_taxes": after}), "{member}");
    }
    assert_eq!(
        (&json["id"], &json["currency"], &json["file"]),
        (&json!("S1"), &json!("EUR"), &json!("session.json"))
    );
    let billed = &json["billed"];
    assert_eq!(
        (&billed["energy_kwh"], &billed["time_h"], &billed["parking_h"]),
        (&json!("20"), &json!("0"), &json!("0.75"))
    );
    assert_eq!((&json["not_computable"], json["periods"].as_array().unwrap().len()), (&json!([]), 3));
    assert!(json["sentences"][0].as_str().unwrap().contains("once at 0.50"), "{json}");
    let ignored = json!({"policy": "steps=ignored", "instead_of": "steps=once-per-session",
        "total": {"before_taxes": "12.9", "after_taxes": "15.504"}});
    assert!(json["policies"].as_array().unwrap().contains(&ignored), "{json}");
}

#[test]
fn several_are_one_line_each_and_told_apart() {
    let list = format!("[{SESSION},{}]", SESSION.replace("S1", "S2"));
    let dir = folder(&[("s.json", &list), ("tariff.json", TARIFF)]);
    let run = ocpi(dir.path(), &[&["price", "s.json", "--format", "json"], &HERE[..]].concat());
    let lines: Vec<Value> = run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let ids: Vec<_> = lines.iter().map(|line| (line["item"].clone(), line["id"].clone())).collect();
    assert_eq!(ids, [(json!(0), json!("S1")), (json!(1), json!("S2"))]);
    let text = ocpi(dir.path(), &[&["price", "s.json"], &HERE[..]].concat());
    assert!(text.out.contains("s.json, item 1: session S2, OCPI"), "{text:?}");
    assert!(text.out.ends_with("\n2 priced, 0 not computable\n"), "{text:?}");
}

#[test]
fn what_cannot_be_computed_is_named_and_ends_with_1() {
    let dir = files();
    for (arguments, message, note) in [
        (
            &["--tariff", "tariff.json"][..],
            "the time zone is not known",
            "give the time zone with --time-zone",
        ),
        (&["--time-zone", "Europe/Amsterdam"], "there is no tariff to price by", "give it with --tariff"),
    ] {
        let text = ocpi(dir.path(), &[&["price", "session.json"], arguments].concat());
        assert_eq!(text.code, 1, "{text:?}");
        assert!(text.out.contains("not computable: periods 0") && text.out.contains(message), "{text:?}");
        assert!(text.err.contains(note), "{text:?}");
        let json = ocpi(dir.path(), &[&["price", "session.json", "--format", "json"], arguments].concat());
        assert_eq!((json.code, &json.json()["total"]["before_taxes"]), (1, &Value::Null), "{json:?}");
        let reason = json.json()["not_computable"][0]["message"].as_str().unwrap().to_owned();
        assert!(reason.contains(message), "{reason}");
    }
    // Nothing makes sense: the session is in another currency.
    let dir = folder(&[("s.json", &SESSION.replace("EUR", "SEK")), ("tariff.json", TARIFF)]);
    let run = ocpi(dir.path(), &[&["price", "s.json", "--format", "json"], &HERE[..]].concat());
    let json = run.json();
    let reason = &json["not_computable"][0];
    assert_eq!(
        (run.code, &reason["message"]),
        (1, &json!("the tariff is in EUR, the session in SEK")),
        "{run:?}"
    );
    // All members are there.
    for member in ["total", "energy", "time", "parking", "fixed", "reservation", "limit", "taxes"] {
        assert_eq!(json.get(member), Some(&Value::Null), "{member}");
    }
    assert_eq!(json["billed"]["energy_kwh"], Value::Null);
}

#[test]
fn what_a_price_is_made_of_is_never_left_out() {
    let broken = SESSION.replace(r#""volume":12}"#, r#""volume":"a dozen"}"#);
    let other = SESSION.replace(r#""auth_method":"WHITELIST","#, "");
    let list = format!("[{broken},{other}]");
    let dir = folder(&[("s.json", &list), ("tariff.json", TARIFF)]);
    let run = ocpi(dir.path(), &[&["price", "s.json", "--as", "session"], &HERE[..]].concat());
    assert_eq!(run.code, 1, "{run:?}");
    let reason = "not computable: what was used is not known: `volume` is no number";
    assert!(run.out.contains(&format!("{reason} (/charging_periods/0/dimensions/0/volume)")), "{run:?}");
    // A missing member that has nothing to do with it does not matter.
    assert!(run.out.contains("item 1: session S1") && run.out.contains("15.81"), "{run:?}");
}

#[test]
fn policies_decide_and_periods_without_a_tariff_take_the_given_one() {
    let unnamed = SESSION.replace(r#""tariff_id":"DAY","#, "");
    let dir = folder(&[("s.json", &unnamed), ("session.json", SESSION), ("tariff.json", TARIFF)]);
    let total = |file: &str, more: &[&str]| {
        let run = ocpi(dir.path(), &[&["price", file, "--format", "json"], &HERE[..], more].concat());
        assert_eq!(run.code, 0, "{run:?}");
        run.json()["total"]["before_taxes"].as_str().unwrap().to_owned()
    };
    assert_eq!(total("s.json", &[]), "13.15");
    assert_eq!(total("s.json", &["--policy", "missing_tariff=no-tariff"]), "0");
    assert_eq!(total("session.json", &["--policy", "steps=ignored"]), "12.9");
    assert_eq!(total("session.json", &["--policy", "steps=ignored", "--policy", "clock=standard"]), "14.5");
    let run = ocpi(dir.path(), &["price", "s.json", "--policy", "steps=none"]);
    assert!(run.code == 2 && run.err.contains("steps=ignored"), "{run:?}");
}

#[test]
fn a_cdr_is_priced_by_its_own_tariffs_unless_others_are_given() {
    use ocpi_pricing::generate::{Generator, Template};
    use ocpi_types::{json, v2_2_1::tariffs::Tariff};

    let tariff: Tariff = json::read::<Tariff>(TARIFF.as_bytes()).unwrap().value;
    let template = [Template::new(tariff)];
    let mut generator = Generator::new(7, "Europe/Amsterdam".parse().unwrap());
    let cdrs: Vec<_> = generator.records(&template, 20).map(|record| record.unwrap().cdr).collect();
    let lines: String = cdrs.iter().map(|cdr| json::to_string(cdr) + "\n").collect();
    let free = TARIFF
        .replace("0.60", "0.00")
        .replace("0.40", "0.00")
        .replace("3.00", "0.00")
        .replace("0.50", "0.00");
    let dir = folder(&[("free.json", &free)]);
    let totals = |arguments: &[&str]| -> Vec<String> {
        let all =
            [&["price", "-", "--time-zone", "Europe/Amsterdam", "--format", "json"], arguments].concat();
        let run = run(dir.path(), &all, &[], lines.as_bytes());
        assert_eq!(run.code, 0, "{run:?}");
        let total = |line: &str| {
            let json: Value = serde_json::from_str(line).unwrap();
            let exact: ocpi_types::Decimal = json["total"]["before_taxes"].as_str().unwrap().parse().unwrap();
            ocpi_pricing::rounding::Rounding::to_decimals(2).apply(exact).to_string()
        };
        run.out.lines().map(total).collect()
    };
    assert_eq!(totals(&[]), cdrs.iter().map(|cdr| cdr.total_cost.excl_vat.to_string()).collect::<Vec<_>>());
    assert_eq!(totals(&["--tariff", "free.json"]), vec!["0.00"; 20]);
}

#[test]
fn other_inputs_are_refused() {
    let dir = folder(&[("location.json", LOCATION), ("tariff.json", TARIFF), ("session.json", SESSION)]);
    let location = ocpi(dir.path(), &["price", "location.json"]);
    assert_eq!((location.code, &*location.out), (3, ""));
    assert!(location.err.contains("location.json: not recognized as cdr or session"), "{location:?}");
    let tariff = ocpi(dir.path(), &["price", "session.json", "--tariff", "location.json"]);
    assert_eq!((tariff.code, &*tariff.out), (3, ""));
    assert!(tariff.err.contains("location.json: not recognized as tariff"), "{tariff:?}");
    let zone = ocpi(dir.path(), &["price", "session.json", "--time-zone", "Europe/Atlantis"]);
    assert!(zone.code == 2 && zone.err.contains("no time zone is called"), "{zone:?}");
}

#[test]
fn a_partners_text_does_not_steer_the_terminal() {
    let evil = SESSION.replace("S1", r"\u001b[2J").replace(r#""type":"TIME""#, r#""type":"\u001b[2J""#);
    let dir = folder(&[("s.json", &evil), ("tariff.json", TARIFF)]);
    let arguments = [&["price", "s.json", "--explain"], &HERE[..]].concat();
    let run = run(dir.path(), &arguments, &[("CLICOLOR_FORCE", "1")], b"");
    assert!(run.out.contains(r"\u{1b}[2J") && !run.out.contains("\u{1b}[2J"), "{run:?}");
}

#[test]
fn energy_that_is_fed_back_is_credited_unless_a_policy_forbids_it() {
    let fed = SESSION.replace(r#""volume":12}"#, r#""volume":-12}"#);
    assert_ne!(fed, SESSION);
    let dir = folder(&[("s.json", &fed), ("tariff.json", TARIFF)]);
    let all = [&["price", "s.json", "--format", "json"], &HERE[..]].concat();
    let credited = ocpi(dir.path(), &all);
    assert_eq!(credited.code, 0, "{credited:?}");
    assert!(credited.json()["notes"].to_string().contains("period 0 feeds energy back"), "{credited:?}");
    let refused = ocpi(dir.path(), &[&all[..], &["--policy", "negative_energy=not-computable"]].concat());
    assert_eq!((refused.code, &refused.json()["total"]), (1, &Value::Null), "{refused:?}");
    assert!(refused.out.contains("negative_energy=credited"), "{refused:?}");
}

#[test]
fn refusals_are_folded_and_name_the_flag_that_decides() {
    let tariff = r#"{"country_code":"NL","party_id":"ALF","id":"DAY","currency":"EUR","elements":[
        {"price_components":[{"type":"ENERGY","price":0.6,"step_size":1}],"restrictions":{"max_power":11}},
        {"price_components":[{"type":"ENERGY","price":0.4,"step_size":1}]}],"last_updated":"2026-01-01T00:00:00Z"}"#;
    let dir = folder(&[("session.json", SESSION), ("tariff.json", tariff)]);
    let arguments = ["price", "session.json", "--tariff", "tariff.json", "--version", "2.2.1"];
    let run = ocpi(dir.path(), &arguments);
    assert!(run.code == 1 && run.out.contains("not computable: periods 0 and 1: energy: "), "{run:?}");
    assert!(run.err.contains("can be computed with --policy power=average"), "{run:?}");
    let json = ocpi(dir.path(), &[&arguments[..], &["--format", "json"]].concat()).json();
    let reasons = json["not_computable"].as_array().unwrap();
    assert_eq!((reasons.len(), &reasons[0]["count"]), (1, &json!(2)), "{json}");
    assert_eq!((&json["energy"], &json["fixed"]["before_taxes"]), (&Value::Null, &json!("0")), "{json}");
    assert_eq!(ocpi(dir.path(), &[&arguments[..], &["--policy", "power=average"]].concat()).code, 0);
}

/// A member that was read as another one may change the price: it is told once, and repeats are counted.
#[test]
fn names_that_were_read_as_meant_are_told() {
    let tariff = TARIFF.replace("step_size", "stepSize");
    let folder = folder(&[("session.json", SESSION), ("tariff.json", &tariff)]);
    let all: Vec<&str> = [&["price", "session.json", "--version", "2.3.0"], &HERE[..]].concat();
    let run = ocpi(folder.path(), &all);
    assert_eq!((run.code, run.out), (0, price(&["session.json", "--version", "2.3.0"]).out));
    let told = "/elements/0/price_components/0/stepSize: the name of this member in another spelling [name.spelling]";
    assert!(run.err.contains(told), "{}", run.err);
    assert!(run.err.contains("[name.spelling], 3 more times"), "{}", run.err);
}

#[test]
fn a_file_without_a_tariff_is_not_passed_over() {
    let folder = folder(&[
        ("session.json", SESSION),
        ("none.json", "[]"),
        ("null.json", r#"{"data":null,"status_code":1000,"timestamp":"2026-01-01T00:00:00Z"}"#),
        ("tariff.json", TARIFF),
    ]);
    for (file, why) in [("none.json", "contains no tariff"), ("null.json", "not recognized as tariff")] {
        for more in [&["--tariff", file][..], &["--tariff", file, "--tariff", "tariff.json"]] {
            for verb in ["price", "audit"] {
                let run = ocpi(folder.path(), &[&[verb, "session.json"], more].concat());
                assert_eq!((run.code, &*run.out), (3, ""), "{verb} {run:?}");
                assert!(run.err.contains(&format!("{file}: {why}")), "{run:?}");
            }
        }
    }
}

#[test]
fn verbs_that_price_list_their_rules() {
    let folder = folder(&[]);
    for verb in ["price", "estimate", "explain"] {
        let run = ocpi(folder.path(), &[verb, "--rules"]);
        assert_eq!(run.code, 0, "{run:?}");
        assert!(run.out.contains("tariff.not_computable") && run.out.contains("name.spelling"), "{run:?}");
    }
}
