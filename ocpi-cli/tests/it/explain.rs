//! `ocpi explain`.

use serde_json::json;

use crate::price::TARIFF;
use crate::{LOCATION, folder, ocpi};

/// A CDR that holds these tariffs.
fn cdr_with(tariffs: &[&str]) -> String {
    const CDR: &str = r#"{"country_code":"NL","party_id":"ALF","id":"C1","start_date_time":"2026-05-04T16:30:00Z","end_date_time":"2026-05-04T17:30:00Z","cdr_token":{"country_code":"NL","party_id":"EMP","uid":"1","type":"RFID","contract_id":"C"},"auth_method":"WHITELIST","cdr_location":{"id":"L1","address":"A","city":"B","country":"NLD","coordinates":{"latitude":"52.1","longitude":"5.1"},"evse_uid":"E1","evse_id":"NL*ALF*E1","connector_id":"1","connector_standard":"IEC_62196_T2","connector_format":"SOCKET","connector_power_type":"AC_3_PHASE"},"currency":"EUR","tariffs":[TARIFFS],"charging_periods":[{"start_date_time":"2026-05-04T16:30:00Z","dimensions":[{"type":"ENERGY","volume":10}]}],"total_cost":{"excl_vat":6},"total_energy":10,"total_time":1,"last_updated":"2026-05-04T18:00:00Z"}"#;
    CDR.replace("TARIFFS", &tariffs.join(","))
}

#[test]
fn a_tariff_in_four_languages() {
    let folder = folder(&[("tariff.json", TARIFF)]);
    for (lang, expected) in [
        (
            "en",
            "Energy costs €0.60 per kWh (between 07:00 and 19:00, plus 21% VAT).\nOtherwise: energy costs €0.40 per kWh (plus 21% VAT).",
        ),
        (
            "sv",
            "Energi kostar 0,60 € per kWh (mellan 07:00 och 19:00, plus 21 % moms).\nAnnars: energi kostar 0,40 € per kWh",
        ),
        ("de", "Energie kostet 0,60 € je kWh (zwischen 07:00 und 19:00, zuzüglich 21 % MwSt.).\nSonst: "),
        ("nl", "Energie kost € 0,60 per kWh (tussen 07:00 en 19:00, exclusief 21% btw).\nAnders: "),
    ] {
        let run = ocpi(folder.path(), &["explain", "tariff.json", "--lang", lang]);
        assert_eq!(run.code, 0, "{run:?}");
        assert!(run.out.starts_with(&format!("tariff.json: tariff DAY\n{expected}")), "{}", run.out);
    }
}

#[test]
fn json_has_a_topic_for_each_sentence() {
    let folder = folder(&[("tariff.json", TARIFF)]);
    let run = ocpi(folder.path(), &["explain", "tariff.json", "--format", "json"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!((&run.json()["tariff"], &run.json()["lang"]), (&json!("DAY"), &json!("en")));
    assert_eq!(run.json()["sentences"][0]["topic"], json!("energy"));
    assert_eq!(run.json()["not_explained"], json!([]));
}

#[test]
fn what_is_not_understood_is_told_and_ends_the_run_with_1() {
    let odd = TARIFF.replace("\"end_time\":\"19:00\"", "\"min_vehicle_soc\":20");
    let folder = folder(&[("tariff.json", &odd), ("broken.json", "[{\"id\":")]);
    let run = ocpi(folder.path(), &["explain", "tariff.json"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.out.contains("/elements/0/restrictions/min_vehicle_soc"), "{}", run.out);
    let json = ocpi(folder.path(), &["explain", "tariff.json", "--format", "json"]).json();
    assert_eq!(json["not_explained"][0]["pointer"], "/elements/0/restrictions/min_vehicle_soc");
    assert_eq!(ocpi(folder.path(), &["explain", "broken.json"]).code, 3);
}

#[test]
fn what_is_no_tariff_is_refused() {
    let cdr = cdr_with(&[TARIFF]);
    let folder = folder(&[
        ("cdr.json", &cdr),
        ("cdrs.json", &format!("[{cdr},{cdr}]")),
        ("location.json", LOCATION),
        ("thing.json", r#"{"name": "a thing", "elements": 7}"#),
        ("number.json", "7"),
        ("error.json", r#"{"status_code": 2001, "timestamp": "2026-01-01T00:00:00Z"}"#),
    ]);
    for (file, why) in [
        ("cdr.json", "not recognized as tariff: looks like cdr of OCPI 2.2.1"),
        ("cdrs.json", "ocpi explain --as cdr"),
        ("location.json", "not recognized as tariff: looks like location"),
        ("thing.json", "not recognized as tariff"),
        ("number.json", ""),
        ("error.json", "2001"),
    ] {
        let run = ocpi(folder.path(), &["explain", file]);
        assert_eq!((run.code, &*run.out), (3, ""), "{run:?}");
        assert!(run.err.contains(why), "{run:?}");
    }
}

#[test]
fn what_stands_among_tariffs_and_is_none_is_refused_by_itself() {
    let mixed = format!("[{TARIFF},{},{TARIFF},{TARIFF}]", cdr_with(&[]));
    let folder = folder(&[("mixed.json", &mixed)]);
    let run = ocpi(folder.path(), &["explain", "mixed.json"]);
    assert_eq!((run.code, run.out.matches("tariff DAY").count()), (3, 3), "{run:?}");
    assert!(run.err.contains("item 1: not recognized as tariff: looks like cdr"), "{run:?}");
    // A tariff without elements is one of which nothing can be explained.
    let bare = r#"{"country_code":"NL","party_id":"ALF","id":"BARE","currency":"EUR","elements":[],"last_updated":"2026-01-01T00:00:00Z"}"#;
    let folder = crate::folder(&[("bare.json", bare)]);
    let run = ocpi(folder.path(), &["explain", "bare.json"]);
    assert!(run.code == 1 && run.out.contains("/elements") && !run.out.contains("free"), "{run:?}");
}

#[test]
fn the_tariffs_of_a_cdr_are_explained_when_asked() {
    let night = TARIFF.replace("\"DAY\"", "\"NIGHT\"");
    let odd = TARIFF.replace("\"end_time\":\"19:00\"", "\"min_vehicle_soc\":20");
    let folder = folder(&[
        ("two.json", &cdr_with(&[TARIFF, &night])),
        ("odd.json", &cdr_with(&[&odd])),
        ("none.json", &cdr_with(&[])),
        ("broken.json", &cdr_with(&[TARIFF, "7"])),
    ]);
    let run = ocpi(folder.path(), &["explain", "two.json", "--as", "cdr"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.starts_with("two.json: CDR C1, tariff DAY\nEnergy costs €0.60 per kWh"), "{}", run.out);
    assert!(run.out.contains("\n\ntwo.json: CDR C1, tariff NIGHT\n"), "{}", run.out);
    let run =
        ocpi(folder.path(), &["explain", "two.json", "--as", "cdr", "--format", "json", "--lang", "de"]);
    let lines: Vec<serde_json::Value> =
        run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2, "{run:?}");
    assert_eq!(
        (&lines[1]["cdr"], &lines[1]["tariff"], &lines[1]["lang"]),
        (&json!("C1"), &json!("NIGHT"), &json!("de"))
    );
    assert_eq!(ocpi(folder.path(), &["explain", "odd.json", "--as", "cdr"]).code, 1);
    let none = ocpi(folder.path(), &["explain", "none.json", "--as", "cdr"]);
    assert!(none.code == 1 && none.err.contains("CDR C1 contains no tariff"), "{none:?}");
    let broken = ocpi(folder.path(), &["explain", "broken.json", "--as", "cdr"]);
    assert!(broken.code == 3 && broken.err.contains("/tariffs"), "{broken:?}");
}

#[test]
fn a_member_that_stands_twice_is_told() {
    let twice = TARIFF.replace("\"elements\"", r#""type":"REGULAR","type":"AD_HOC_PAYMENT","elements""#);
    let folder = folder(&[("twice.json", &twice), ("cdr.json", &cdr_with(&[&twice]))]);
    for arguments in [&["explain", "twice.json"][..], &["explain", "cdr.json", "--as", "cdr"]] {
        let run = ocpi(folder.path(), arguments);
        assert!(run.code == 0 && run.err.contains("/type: the member occurs twice"), "{run:?}");
    }
}
