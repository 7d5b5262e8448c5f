//! The program `roam` as its users run it.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

use serde_json::{Value, json};

fn roam(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_roam")).args(arguments).output().expect("the program runs")
}

/// The lines of a run that went well.
fn lines(arguments: &[&str]) -> Vec<String> {
    let output = roam(arguments);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), told.as_str()), (Some(0), ""));
    String::from_utf8(output.stdout).expect("text").lines().map(str::to_owned).collect()
}

/// The steps of a run that went well.
fn steps(arguments: &[&str]) -> Vec<Value> {
    let output = roam(&[&["--json"], arguments].concat());
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), told.as_str()), (Some(0), ""));
    let document: Value = serde_json::from_slice(&output.stdout).expect("JSON and nothing else");
    document["steps"].as_array().expect("steps").clone()
}

/// A day in the made-up city with nothing else asked for, as programs read it.
static CITY: LazyLock<Vec<Value>> = LazyLock::new(|| steps(&[]));

/// The same as people read it.
static CITY_LINES: LazyLock<Vec<String>> = LazyLock::new(|| lines(&[]));

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
    let steps = &*CITY;
    let names: Vec<&str> = steps.iter().filter_map(|step| step["name"].as_str()).collect();
    assert_eq!(names, NAMES);
    for (place, step) in steps.iter().enumerate() {
        assert_eq!(step["step"], json!(place + 1));
        assert!(step["text"].as_str().is_some_and(|text| !text.is_empty()) && step["ms"].is_u64(), "{step}");
        assert!(step.get("skipped").is_none(), "{step}");
    }

    let load = step(steps, "load");
    assert_eq!((number(&load["rejected"]), &load["findings"]), (0, &json!([])));
    let locations = number(&load["locations"]);
    assert!(locations >= 100 && number(&load["connectors"]) >= number(&load["evses"]), "{load}");

    let register = step(steps, "register");
    assert_eq!((&register["version"], &register["call_backs"]), (&json!("2.3.0"), &json!(2)));
    assert!(number(&register["endpoints"]) >= 7, "{register}");

    let pull = step(steps, "pull");
    assert_eq!((number(&pull["locations"]), number(&pull["findings"])), (locations, 0));
    assert!(number(&pull["tariffs"]) >= 1 && number(&pull["pages"]) > locations / 100, "{pull}");

    assert_eq!(step(steps, "status")["changes"], json!(25));
    let search = step(steps, "search");
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
    assert_eq!(step(steps, "token")["allowed"], "ALLOWED");
    assert_eq!(step(steps, "reserve")["result"], "ACCEPTED");
    assert_eq!(step(steps, "start")["result"], "ACCEPTED");
    let charge = step(steps, "charge");
    assert_eq!((&charge["session_id"], &charge["periods"]), (&json!("SES0001"), &json!(3)));
    // 6.275 + 6.025 + 5.775
    assert_eq!(charge["kwh"], "18.075");
    let bill = step(steps, "bill");
    assert_eq!((&bill["total_energy"], &bill["currency"]), (&json!("18.075"), &json!("EUR")));
    assert!(bill["cost"].as_str().is_some_and(|cost| cost.contains('.')), "{bill}");

    let summary = step(steps, "summary");
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
    let steps = &*CITY;
    let attempts = step(steps, "bad_actor")["attempts"].as_array().expect("attempts").clone();
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
    for (place, name) in NAMES.iter().enumerate() {
        let start = format!("{:>2}  {name:<10} ", place + 1);
        let told = CITY_LINES.iter().filter(|line| line.starts_with(&start));
        assert_eq!(told.count(), 1, "{start}:\n{:#?}", *CITY_LINES);
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
        for connector in step(&steps, "search")["connectors"].as_array().expect("connectors") {
            // 2.1.1 has no member for it.
            assert_eq!(connector["power_is_stated"], json!(version != "2.1.1"), "{version}");
        }
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

/// A real feed has had the three letters of the country where OCPI wants two.
#[test]
fn a_country_of_three_letters_does_no_harm() {
    let folder = tempfile::tempdir().expect("a folder");
    let feed = FEED.replace(r#""country_code": "BE""#, r#""country_code": "SWE""#);
    let feed = file(folder.path(), "feed.json", &feed);
    let steps = steps(&["--locations", &feed, "--plug", "Type2", "--power", "7"]);
    assert_eq!(step(&steps, "pull")["locations"], json!(2));
    assert_eq!(step(&steps, "bill")["cost"], "8.13375");
}

#[test]
fn a_feed_may_come_by_standard_input() {
    let arguments = ["--locations", "-", "--plug", "Type2", "--power", "7"];
    let with_input = |text: &str| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_roam"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        child.stdin.take().expect("an input").write_all(text.as_bytes()).expect("read");
        let output = child.wait_with_output().expect("the end");
        let text = |bytes| String::from_utf8(bytes).expect("text");
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let (code, told, errors) = with_input(FEED);
    assert_eq!((code, errors.as_str()), (Some(0), ""));
    assert!(
        told.starts_with(" 1  load       2 locations with 2 EVSEs and 2 connectors from standard input;")
    );
    let nothing = with_input("[]");
    assert_eq!(nothing, (Some(1), String::new(), "roam: standard input: it holds no locations\n".to_owned()));
}

#[test]
fn the_reason_is_told_why_a_feed_cannot_be_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let lacking = serde_json::from_str::<Value>(FEED).expect("JSON")["data"][0].to_string();
    let lacking = lacking.replace(r#""publish":true"#, r#""published":true"#);
    let old = include_str!("../../ocpi-types/tests/fixtures/2.1.1/location.minimal.json");
    let failed = r#"{"status_code": 2000, "timestamp": "2026-06-02T00:00:00Z"}"#;
    for (content, reason) in [
        ("[]", "it holds no locations"),
        (
            r#"{"data": [], "status_code": 1000, "timestamp": "2026-06-02T00:00:00Z"}"#,
            "it holds no locations",
        ),
        (failed, "it is the answer to a request that failed (OCPI status 2000)"),
        (old, "its locations are of OCPI 2.1.1: `ocpi convert --to 2.3.0 --cpo COUNTRY/PARTY` converts them"),
        (&lacking, "no location in it can be read: /0/publish: a required member is missing [req.missing]"),
    ] {
        let path = file(folder.path(), "feed.json", content);
        let output = roam(&["--locations", &path]);
        let told = String::from_utf8(output.stderr).expect("text");
        assert_eq!((output.status.code(), told), (Some(1), format!("roam: {path}: {reason}\n")));
    }
    let many = file(folder.path(), "feed.json", r#"[{"id": 1}]"#);
    let told = String::from_utf8(roam(&["--locations", &many]).stderr).expect("text");
    assert!(told.contains("[req.missing]; ") && told.ends_with(" more findings\n"), "{told}");
}

#[test]
fn a_plug_has_several_names_and_unknown_ones_are_refused() {
    let found = |plug: &str| {
        let steps = steps(&["--plug", plug]);
        (step(&steps, "search")["plug"].clone(), step(&steps, "search")["found"].clone())
    };
    let by_default = step(&CITY, "search")["found"].clone();
    for plug in ["CCS", "CCS2", "iec_62196_t2_combo"] {
        assert_eq!(found(plug), (json!("IEC_62196_T2_COMBO"), by_default.clone()), "{plug}");
    }
    for unknown in ["FOO", ""] {
        let output = roam(&["--plug", unknown]);
        let told = String::from_utf8(output.stderr).expect("text");
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{told}");
        assert!(
            told.contains("CHADEMO") && told.contains("IEC_62196_T2_COMBO") && told.contains("CCS2"),
            "{told}"
        );
    }
}

#[test]
fn no_plug_is_booked_that_the_driver_did_not_ask_for() {
    let text = |steps: &[Value]| step(steps, "search")["text"].as_str().expect("text").to_owned();
    let folder = tempfile::tempdir().expect("a folder");
    let feed = file(folder.path(), "feed.json", FEED);
    let other = steps(&["--locations", &feed, "--plug", "CHAdeMO"]);
    assert!(text(&other).starts_with("0 free CHADEMO connectors") && !text(&other).contains("going to"));
    for name in ["reserve", "start", "charge", "bill"] {
        assert_eq!(
            step(&other, name)["skipped"],
            "the feed has no free EVSE with the plug CHADEMO to charge at"
        );
    }
    // The plug must fit; power and distance are wishes.
    let weaker = steps(&["--plug", "Type2", "--power", "350"]);
    assert!(text(&weaker).contains("; going to IEC_62196_T2 with "), "{}", text(&weaker));
    assert_eq!(step(&weaker, "reserve")["result"], "ACCEPTED");
    // Whoever asks for none gets any.
    let any = steps(&["--locations", &feed]);
    assert!(text(&any).contains("; going to Type2 with up to 22 kW, 0 m from it, instead"), "{}", text(&any));
    assert_eq!(step(&any, "reserve")["result"], "ACCEPTED");
}

#[test]
fn power_that_is_not_stated_is_told_as_an_upper_limit() {
    let note = "    up to: voltage times current, not the power of the charger; OCPI 2.1.1 does not carry it";
    let old = lines(&["--cpo-version", "2.1.1"]);
    let has = |lines: &[String], text: &str| lines.iter().any(|line| line.contains(text));
    assert!(has(&old, note) && has(&old, "  up to 345  ") && !has(&old, "   150  "), "{old:#?}");
    let new = &CITY_LINES;
    assert!(!has(new, "up to") && has(new, "   150  "), "{new:#?}");
}

#[test]
fn a_price_that_nobody_gave_is_told_as_made_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let named = FEED.replace(r#""tariff_ids": null"#, r#""tariff_ids": ["T1"]"#);
    for (feed, ids) in [(FEED, ""), (named.as_str(), ", only their ids")] {
        let feed = file(folder.path(), "feed.json", feed);
        let arguments = ["--locations", &feed, "--plug", "Type2", "--power", "7"];
        let lines = lines(&arguments);
        assert!(lines.iter().any(|line| line.ends_with("  0.45 EUR excl. *")), "{lines:#?}");
        let note = format!("    *: a made-up price; the feed has no tariffs{ids}");
        assert!(lines.contains(&note), "{lines:#?}");
        let steps = steps(&arguments);
        assert_eq!(step(&steps, "search")["connectors"][0]["price_is_made_up"], json!(true));
        let told = |name| step(&steps, name)["text"].as_str().unwrap_or_default();
        assert!(told("load").contains("; a tariff of 0.45 EUR/kWh is made up"), "{}", told("load"));
        assert!(told("bill").contains(" by the made-up tariff,"), "{}", told("bill"));
    }
    let steps = &*CITY;
    assert_eq!(step(steps, "search")["connectors"][0]["price_is_made_up"], json!(false));
    assert!(!CITY_LINES.concat().contains("made-up price"));
}

#[test]
fn rows_that_are_not_shown_are_counted() {
    let found = number(&step(&CITY, "search")["found"]);
    assert!(found > 8, "{found}");
    let rest = format!("    and {} more", found - 8);
    assert_eq!(CITY_LINES.iter().filter(|line| **line == rest).count(), 1, "{rest}");
}

#[test]
fn numbers_and_their_nouns_agree() {
    let folder = tempfile::tempdir().expect("a folder");
    let one = serde_json::from_str::<Value>(FEED).expect("JSON")["data"][0].to_string();
    let one = file(folder.path(), "feed.json", &one);
    let steps = steps(&["--locations", &one, "--plug", "Type2", "--power", "7"]);
    let told = |name: &str| step(&steps, name)["text"].as_str().unwrap_or_default().to_owned();
    assert!(told("load").starts_with("1 location with 1 EVSE and 1 connector from "), "{}", told("load"));
    assert!(told("pull").starts_with("1 location and 1 tariff in 2 pages"), "{}", told("pull"));
    assert!(told("register").ends_with("; the registration token (token A) no longer works"));
    assert_eq!(told("search"), "1 free IEC_62196_T2 connector with at least 7 kW within 1500 m of the route");
    let lines = &*CITY_LINES;
    assert!(lines.contains(&"    unknown token: HTTP 401, OCPI status 2000".to_owned()), "{lines:#?}");
}

#[test]
fn the_traffic_is_summed_up_in_two_rows() {
    let lines = &*CITY_LINES;
    let [.., text, head, to_emsp, to_cpo] = &lines[..] else { panic!("{lines:#?}") };
    assert!(text.starts_with("12  summary    ") && text.contains(" requests in "), "{text}");
    let head: Vec<&str> = head.split_whitespace().collect();
    assert_eq!(head, ["requests", "per", "second", "bytes", "there", "bytes", "back"]);
    for (row, way) in [(to_emsp, "    CPO to eMSP  "), (to_cpo, "    eMSP to CPO  ")] {
        let numbers = row.strip_prefix(way).expect("a row").split_whitespace();
        let numbers: Vec<f64> = numbers.map(|number| number.parse().expect("a number")).collect();
        assert!(numbers.len() == 4 && numbers.iter().all(|number| *number > 0.0), "{row}");
    }
    assert!(lines.iter().all(|line| line.chars().count() <= 150), "{lines:#?}");
    let steps = &*CITY;
    for direction in ["cpo_to_emsp", "emsp_to_cpo"] {
        let rate = step(steps, "summary")[direction]["requests_per_second"].as_f64();
        assert!(rate.is_some_and(|rate| rate > 0.0), "{direction}");
    }
}

/// As in `roam | head -1`. The other end is closed before the program starts.
#[cfg(unix)]
#[test]
fn an_output_that_nobody_reads_ends_the_run_quietly() {
    for arguments in [&["--json"][..], &[]] {
        let (output, reader) = std::os::unix::net::UnixStream::pair().expect("two sockets");
        drop(reader);
        let output = Command::new(env!("CARGO_BIN_EXE_roam"))
            .args(arguments)
            .stdout(Stdio::from(std::os::fd::OwnedFd::from(output)))
            .stderr(Stdio::piped())
            .output()
            .expect("the program runs");
        let told = String::from_utf8(output.stderr).expect("text");
        assert_eq!((output.status.code(), told.as_str()), (Some(0), ""), "{arguments:?}");
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
