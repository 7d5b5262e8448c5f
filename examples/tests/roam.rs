//! The program `roam` as its users run it.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

fn roam(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_roam")).args(arguments).output().expect("the program runs")
}

/// The steps of a run that went well.
fn steps(arguments: &[&str]) -> Vec<Value> {
    let output = roam(&[&["--json"], arguments].concat());
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), told.as_str()), (Some(0), ""));
    let document: Value = serde_json::from_slice(&output.stdout).expect("JSON and nothing else");
    document["steps"].as_array().expect("steps").clone()
}

fn step<'a>(steps: &'a [Value], name: &str) -> &'a Value {
    let found = steps.iter().find(|step| step["name"] == name);
    found.unwrap_or_else(|| panic!("no step {name} in {steps:#?}"))
}

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("{value} is no number"))
}

const NAMES: [&str; 12] = [
    "load",
    "register",
    "pull",
    "status",
    "search",
    "token",
    "reserve",
    "start",
    "charge",
    "bill",
    "bad_actor",
    "summary",
];

#[test]
fn a_day_in_the_made_up_city() {
    let steps = steps(&[]);
    let names: Vec<&str> = steps.iter().filter_map(|step| step["name"].as_str()).collect();
    assert_eq!(names, NAMES);
    for (place, step) in steps.iter().enumerate() {
        assert_eq!(step["step"], json!(place + 1));
        assert!(step["text"].as_str().is_some_and(|text| !text.is_empty()) && step["ms"].is_u64(), "{step}");
        assert!(step.get("skipped").is_none(), "{step}");
    }

    let load = step(&steps, "load");
    assert_eq!((number(&load["rejected"]), &load["findings"]), (0, &json!([])));
    let locations = number(&load["locations"]);
    assert!(locations >= 100 && number(&load["connectors"]) >= number(&load["evses"]), "{load}");

    let register = step(&steps, "register");
    assert_eq!((&register["version"], &register["call_backs"]), (&json!("2.3.0"), &json!(2)));
    assert!(number(&register["endpoints"]) >= 7, "{register}");

    let pull = step(&steps, "pull");
    assert_eq!((number(&pull["locations"]), number(&pull["findings"])), (locations, 0));
    assert!(number(&pull["tariffs"]) >= 1 && number(&pull["pages"]) > locations / 100, "{pull}");

    assert_eq!(step(&steps, "status")["changes"], json!(25));
    let search = step(&steps, "search");
    let connectors = search["connectors"].as_array().expect("connectors");
    assert!(number(&search["found"]) >= 1 && !connectors.is_empty(), "{search}");
    for connector in connectors {
        assert!(number(&connector["power_w"]) >= 50_000, "{connector}");
        assert!(connector["metres"].as_f64().is_some_and(|metres| metres <= 1500.0), "{connector}");
        assert!(
            connector["price_per_kwh"].as_str().is_some_and(|price| price.contains("EUR")),
            "{connector}"
        );
    }
    assert_eq!(step(&steps, "token")["allowed"], "ALLOWED");
    assert_eq!(step(&steps, "reserve")["result"], "ACCEPTED");
    assert_eq!(step(&steps, "start")["result"], "ACCEPTED");
    let charge = step(&steps, "charge");
    assert_eq!((&charge["session_id"], &charge["periods"]), (&json!("SES0001"), &json!(3)));
    // 6.275 + 6.025 + 5.775
    assert_eq!(charge["kwh"], "18.075");
    let bill = step(&steps, "bill");
    assert_eq!((&bill["total_energy"], &bill["currency"]), (&json!("18.075"), &json!("EUR")));
    assert!(bill["cost"].as_str().is_some_and(|cost| cost.contains('.')), "{bill}");

    let summary = step(&steps, "summary");
    for direction in ["cpo_to_emsp", "emsp_to_cpo"] {
        for count in ["requests", "bytes_sent", "bytes_received"] {
            assert!(number(&summary[direction][count]) > 0, "{summary}");
        }
    }
    // Locations, tariffs, one token, one session, one CDR.
    let kept = locations + number(&pull["tariffs"]) + 3;
    assert_eq!(number(&summary["objects_at_emsp"]), kept);
}

#[test]
fn every_bad_attempt_is_refused_as_it_should() {
    let steps = steps(&[]);
    let attempts = step(&steps, "bad_actor")["attempts"].as_array().expect("attempts").clone();
    let told: Vec<(i64, i64)> =
        attempts.iter().map(|attempt| (number(&attempt["http"]), number(&attempt["status_code"]))).collect();
    assert_eq!(told, [(401, 2000), (404, 2000), (200, 2001), (413, 2000), (400, 2001), (200, 2001)]);
}

#[test]
fn a_wish_for_another_plug_and_route_is_heard() {
    let arguments = [
        "--plug",
        "IEC_62196_T2",
        "--power",
        "11",
        "--within",
        "700",
        "--from",
        "52.03,5.05",
        "--to",
        "52.11,5.20",
    ];
    let steps = steps(&arguments);
    for connector in step(&steps, "search")["connectors"].as_array().expect("connectors") {
        assert!(number(&connector["power_w"]) >= 11_000, "{connector}");
        assert!(connector["metres"].as_f64().is_some_and(|metres| metres <= 700.0), "{connector}");
    }
}

#[test]
fn people_get_a_line_a_step() {
    let output = roam(&[]);
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8(output.stdout).expect("text");
    for (place, name) in NAMES.iter().enumerate() {
        let start = format!("{:>2}  {name:<10} ", place + 1);
        assert_eq!(text.lines().filter(|line| line.starts_with(&start)).count(), 1, "{start}:\n{text}");
    }
}

/// Feed as a partner really sends it: nulls, members that OCPI does not have, a plug that nobody knows, and one
/// Location that is none.
const FEED: &str = r#"{
    "data": [
        {
            "country_code": "BE", "party_id": "GNT", "id": "GENT/1", "publish": true, "name": null,
            "address": "Korenmarkt 1", "city": "Gent", "postal_code": null, "country": "BEL",
            "coordinates": {"latitude": "51.05434", "longitude": 3.71744}, "related_locations": null,
            "evses": [
                {
                    "uid": "1", "evse_id": "BE*GNT*E1", "status": "AVAILABLE", "status_schedule": null,
                    "connectors": [
                        {"id": "1", "standard": "Type2", "format": "SOCKET", "power_type": "AC_3_PHASE",
                         "max_voltage": 230, "max_amperage": "32", "tariff_ids": null,
                         "last_updated": "2026-06-01T10:00:00Z", "vendor_note": {"colour": "green"}}
                    ],
                    "last_updated": "2026-06-01T10:00:00Z"
                }
            ],
            "time_zone": "Europe/Brussels", "opening_times": null, "solar_roof": true,
            "last_updated": "2026-06-01T10:00:00Z"
        },
        {"country_code": "BE", "party_id": "GNT", "id": "BROKEN"},
        {
            "country_code": "be", "party_id": "ANT", "id": "ANTW-1", "publish": true,
            "address": "Grote Markt 1", "city": "Antwerpen", "country": "BEL",
            "coordinates": {"latitude": "51.22139", "longitude": "4.39972"},
            "evses": [
                {"uid": "1", "status": "CHARGING", "connectors": [
                    {"id": "1", "standard": "IEC_62196_T2_COMBO", "format": "CABLE", "power_type": "DC",
                     "max_voltage": 920, "max_amperage": 200, "last_updated": "2026-06-01T10:00:00Z"}],
                 "last_updated": "2026-06-01T10:00:00Z"}
            ],
            "time_zone": "Europe/Brussels", "last_updated": "2026-06-01T10:00:00Z"
        }
    ],
    "status_code": 1000,
    "timestamp": "2026-06-02T00:00:00Z"
}"#;

fn file(folder: &Path, name: &str, content: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, content).expect("a file");
    path.to_str().expect("UTF-8").to_owned()
}

#[test]
fn a_day_with_ones_own_locations() {
    let folder = tempfile::tempdir().expect("a folder");
    let bare = serde_json::from_str::<Value>(FEED).expect("JSON")["data"].to_string();
    for feed in [FEED, &bare] {
        let feed = file(folder.path(), "feed.json", feed);
        let steps = steps(&["--locations", &feed, "--plug", "Type2", "--power", "7"]);
        let names: Vec<&str> = steps.iter().filter_map(|step| step["name"].as_str()).collect();
        assert_eq!(names, NAMES);

        let load = step(&steps, "load");
        assert_eq!(
            (&load["locations"], &load["evses"], &load["rejected"]),
            (&json!(2), &json!(2), &json!(1))
        );
        let findings = load["findings"].as_array().expect("findings");
        let has = |pointer: &str, rule: &str| {
            findings.iter().any(|finding| finding["pointer"] == pointer && finding["rule"] == rule)
        };
        assert!(has("/0/coordinates/longitude", "geo.number"), "{findings:#?}");
        assert!(has("/0/evses/0/connectors/0/max_amperage", "num.string"), "{findings:#?}");
        assert!(findings.iter().any(|finding| finding["rule"] == "req.missing"), "{findings:#?}");

        // Odd values are sent properly, and nothing is lost on the way.
        let pull = step(&steps, "pull");
        assert_eq!((&pull["locations"], &pull["findings"]), (&json!(2), &json!(0)));
        let search = step(&steps, "search");
        assert_eq!(search["found"], json!(1));
        assert_eq!(search["connectors"][0]["location_id"], "GENT/1");
        assert_eq!(step(&steps, "bill")["cost"], "8.13375");
        assert_eq!(step(&steps, "bad_actor")["attempts"].as_array().map(Vec::len), Some(6));
        // Two Locations, the default tariff, one token, one session, one CDR.
        assert_eq!(step(&steps, "summary")["objects_at_emsp"], json!(6));
    }
}

/// Both platforms are written in 2.3.0; what is on the wire is the CPO's version.
#[test]
fn the_cpo_may_speak_any_version() {
    for version in ["2.1.1", "2.2.1", "2.3.0"] {
        let steps = steps(&["--cpo-version", version]);
        let names: Vec<&str> = steps.iter().filter_map(|step| step["name"].as_str()).collect();
        assert_eq!(names, NAMES, "{version}");
        assert!(steps.iter().all(|step| step.get("skipped").is_none()), "{version}");
        assert_eq!(step(&steps, "register")["version"], json!(version));
        assert_eq!(step(&steps, "bill")["cost"], json!("10.66425"), "{version}");
    }
}

#[test]
fn where_nothing_is_free_the_rest_of_the_day_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let feed = file(folder.path(), "feed.json", &FEED.replace("AVAILABLE", "OUTOFORDER"));
    let steps = steps(&["--locations", &feed]);
    for name in ["reserve", "start", "charge", "bill"] {
        let why = step(&steps, name)["skipped"].as_str().expect("a reason");
        assert!(why.contains("no free EVSE"), "{why}");
    }
    assert_eq!(step(&steps, "summary")["objects_at_emsp"], json!(4));
}

#[test]
fn what_cannot_be_loaded_is_said_in_one_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let missing = folder.path().join("missing.json");
    let missing = missing.to_str().expect("UTF-8");
    let cut = file(folder.path(), "cut.json", &FEED[..FEED.len() / 2]);
    let html = file(folder.path(), "html.json", "<html></html>");
    let empty = file(folder.path(), "empty.json", "");
    let nothing = file(folder.path(), "nothing.json", "[]");
    let broken = file(folder.path(), "broken.json", r#"[{"id": 1}]"#);
    let folder = folder.path().to_str().expect("UTF-8").to_owned();
    for path in [missing, &cut, &html, &empty, &nothing, &broken, &folder] {
        for json in [&["--json"][..], &[]] {
            let output = roam(&[json, &["--locations", path]].concat());
            let told = String::from_utf8(output.stderr).expect("text");
            assert_eq!(output.status.code(), Some(1), "{path}: {told}");
            assert!(told.starts_with(&format!("roam: {path}: ")) && told.lines().count() == 1, "{told}");
            assert!(output.stdout.is_empty(), "{path}");
        }
    }
    for wrong in [&["--from", "here"][..], &["--power", "-"], &["--nonsense"], &["--within", "-1"]] {
        let output = roam(wrong);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{wrong:?}");
    }
}

/// The day as it is played on a store.
#[track_caller]
fn day_on(store: &str) {
    let output = roam(&["--json", "--store", store]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{told}");
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(text.contains("10.66425"), "the bill: {text}");
    // The next day needs a store of its own, unless nothing was kept.
    let again = roam(&["--json", "--store", store]);
    let told = String::from_utf8_lossy(&again.stderr);
    if store == "memory:" {
        assert_eq!(again.status.code(), Some(0), "{told}");
    } else {
        assert_eq!(again.status.code(), Some(1), "{told}");
        assert!(told.contains("partners of another day"), "{told}");
    }
}

#[test]
fn the_day_is_played_on_any_store() {
    day_on("memory:");
    let folder = tempfile::tempdir().expect("a folder");
    day_on(&format!("sqlite:{}", folder.path().join("day.db").display()));
}

/// Needs the URL of a server in `OCPI_TEST_POSTGRES`.
#[cfg(feature = "postgres")]
#[test]
fn the_day_is_played_on_postgresql() {
    let Ok(url) = std::env::var("OCPI_TEST_POSTGRES") else {
        return println!("skipped: OCPI_TEST_POSTGRES names no server");
    };
    let separator = if url.contains('?') { '&' } else { '?' };
    let schema = format!("roam_{}_{{side}}", std::process::id());
    day_on(&format!("{url}{separator}schema={schema}"));
}
