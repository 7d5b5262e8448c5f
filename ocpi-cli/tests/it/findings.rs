//! Options that all verbs have that find something.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::price::TARIFF;
use crate::{LOCATION, Run, deviant, folder, ocpi, run, shown};

/// Fifteen Locations: every other one has its `publish` as text, every third one a member of its own, one no city.
fn feed() -> Vec<Value> {
    let location = |index: usize| {
        let mut location: Value = serde_json::from_str(LOCATION).unwrap();
        location["id"] = format!("LOC{index}").into();
        if index % 2 == 1 {
            location["publish"] = "true".into();
        }
        if index % 3 == 0 {
            location["solar"] = 1.into();
        }
        if index == 4 {
            location.as_object_mut().unwrap().remove("city");
        }
        // Not all changed at once.
        location["last_updated"] = format!("2026-01-{:02}T00:00:00Z", index + 1).into();
        location
    };
    (0..15).map(location).collect()
}

fn check(text: &str, arguments: &[&str]) -> Run {
    let dir = folder(&[("f.json", text)]);
    ocpi(dir.path(), &[&["check", "f.json", "--version", "2.2.1", "--as", "location"], arguments].concat())
}

fn array() -> String {
    serde_json::to_string_pretty(&feed()).unwrap()
}

fn lines() -> String {
    feed().iter().map(|location| format!("{location}\n")).collect()
}

#[test]
fn findings_are_grouped_by_rule_and_place_and_the_worst_come_first() {
    let run = check(&array(), &["--limit", "3"]);
    assert_eq!(run.code, 1, "{run:?}");
    shown("check.txt", &run.out);
}

/// Also the first one of a sequence, which nothing but the second tells to be one.
#[test]
fn rows_name_the_item_in_every_form() {
    let text = lines();
    for text in [&text, &array()] {
        let run = check(text, &["--only", "ext.unknown_field"]);
        assert!(run.out.contains("\n    f.json item 0 (LOC0)\n"), "{run:?}");
        assert!(run.out.contains("\n    f.json item 12 (LOC12)\n"), "{run:?}");
    }
    let json = check(&text, &["--format", "json"]);
    assert_eq!(json.json()["findings"][0]["item"], json!(0), "{json:?}");
}

#[test]
fn severity_says_what_is_shown_and_not_what_counts() {
    let run = check(&array(), &["--severity", "warning"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(!run.out.contains("ext.unknown_field"), "{run:?}");
    assert!(run.out.ends_with("7 of 15 conform; 8 errors, 0 warnings, 5 infos; 5 not shown\n"), "{run:?}");
    let run = check(&array(), &["--severity", "error", "--format", "json"]);
    assert_eq!(run.json()["findings"].as_array().unwrap().len(), 8, "{run:?}");
    assert!(run.err.contains("5 findings not shown"), "{run:?}");
    // It is an error that decides, shown or not.
    assert_eq!(check(&deviant(), &["--severity", "error"]).code, 1);
}

#[test]
fn only_and_ignore_say_what_counts() {
    let run = check(&array(), &["--ignore", "bool.string", "--ignore", "req.missing"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        run.out.ends_with("\n15 locations in 1 file: all conform; 0 errors, 0 warnings, 5 infos\n"),
        "{run:?}"
    );
    let run = check(&array(), &["--only", "req.missing", "--format", "json"]);
    assert_eq!((run.code, run.findings()), (1, vec!["f.json 4 /city req.missing error".to_owned()]));
    assert_eq!(run.json()["conformant"], 14);
    let run = check(&array(), &["--only", "req.missing", "--ignore", "req.missing"]);
    assert_eq!(run.code, 0, "{run:?}");
}

#[test]
fn a_rule_that_is_not_there_is_wrong_usage() {
    let dir = folder(&[("t.json", TARIFF), ("f.json", LOCATION)]);
    for (verb, file, wrong, meant) in [
        ("check", "f.json", "req.mising", "req.missing"),
        ("read", "f.json", "duplicate_key", "json.duplicate_key"),
        ("lint", "t.json", "tariff.end_2358", "tariff.end_2359"),
        ("audit", "t.json", "cdr.total_costs", "cdr.total_cost"),
    ] {
        for option in ["--only", "--ignore"] {
            let run = ocpi(dir.path(), &[verb, file, option, wrong]);
            assert_eq!(run.code, 2, "{run:?}");
            assert!(
                run.err.contains(&format!("{option}: there is no rule '{wrong}', did you mean '{meant}'?")),
                "{run:?}"
            );
        }
    }
    let run = ocpi(dir.path(), &["lint", "t.json", "--only", "bool.string"]);
    assert_eq!(run.code, 2, "a rule of another verb: {run:?}");
}

#[test]
fn a_limit_is_for_each_rule() {
    let run = check(&array(), &["--limit", "2", "--format", "json"]);
    assert_eq!(run.findings().len(), 5, "{run:?}");
    assert_eq!(run.code, 1);
    let rows = |run: &Run| run.out.lines().filter(|line| line.starts_with("    f.json")).count();
    assert_eq!(rows(&check(&array(), &["--limit", "2"])), 5);
    let many: Vec<String> = (0..40).map(|index| deviant().replace("LOC2", &format!("L{index}"))).collect();
    let many = format!("[{}]", many.join(","));
    let run = check(&many, &["--only", "bool.string"]);
    assert!(rows(&run) == 10 && run.out.contains("\n    … and 30 more\n"), "{run:?}");
    assert_eq!(rows(&check(&many, &["--only", "bool.string", "--limit", "0"])), 40);
}

#[test]
fn quiet_leaves_the_last_line() {
    let dir = folder(&[("f.json", &deviant())]);
    for verb in ["check", "read"] {
        let run = ocpi(dir.path(), &[verb, "f.json", "--quiet"]);
        assert_eq!((run.code, run.out.lines().count(), &*run.err), (1, 1, ""), "{run:?}");
    }
}

#[test]
fn what_is_in_the_baseline_is_not_told_again() {
    let before = check(&array(), &["--format", "json"]).out;
    // One is put before the others, and the last one gets worse.
    let mut now = feed();
    now[14]["city"] = 7.into();
    now.insert(0, serde_json::from_str(&LOCATION.replace("LOC1", "NEW")).unwrap());
    let now = serde_json::to_string(&now).unwrap();
    let dir = folder(&[("f.json", &now), ("old/f.json", &array()), ("before.json", &before)]);
    let base = ["--version", "2.2.1", "--as", "location", "--baseline", "before.json"];
    let run = ocpi(dir.path(), &[&["check", "f.json", "--format", "json"], &base[..]].concat());
    assert_eq!(run.code, 1, "{run:?}");
    assert_eq!(run.findings(), ["f.json 15 /city str.number error"]);
    // All that was found in an item is known: it counts as one that conforms.
    assert_eq!((&run.json()["items"], &run.json()["conformant"]), (&json!(16), &json!(15)));
    let same = ocpi(dir.path(), &[&["check", "old/f.json"], &base[..]].concat());
    assert_eq!(same.code, 0, "{same:?}");
    let line =
        "15 locations in 1 file: nothing new; 0 errors, 0 warnings, 0 infos; 13 known from the baseline\n";
    assert_eq!(same.out, line);
    let none = ocpi(dir.path(), &["check", "f.json", "--baseline", "f.json"]);
    assert!(none.code == 3 && none.err.contains("cannot be used as a baseline"), "{none:?}");
}

/// As often as it was there: a second one of the same is new.
#[test]
fn a_baseline_counts() {
    let before = check(&deviant(), &["--format", "json"]).out;
    let dir = folder(&[("f.json", &format!("[{},{}]", deviant(), deviant())), ("before.json", &before)]);
    let arguments = ["check", "f.json", "--baseline", "before.json", "--only", "bool.string"];
    let run = ocpi(dir.path(), &arguments);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.out.ends_with("1 error, 0 warnings, 0 infos; 1 known from the baseline\n"), "{run:?}");
}

#[test]
fn every_verb_with_rules_lists_them() {
    let dir = folder(&[]);
    for (verb, rule) in [
        ("check", "req.missing"),
        ("read", "req.missing"),
        ("lint", "tariff.end_2359"),
        ("audit", "cdr.total_cost"),
        ("convert", "conv.no_member"),
    ] {
        let text = ocpi(dir.path(), &[verb, "--rules"]);
        assert!(text.code == 0 && text.out.contains(&format!("{rule} (")), "{text:?}");
        let json = ocpi(dir.path(), &[verb, "--rules", "--format", "json"]);
        let rules = json.json()["rules"].clone();
        assert!(rules.as_array().unwrap().iter().any(|it| it["id"] == rule), "{verb}: {rules}");
    }
}

/// Lines and columns of all results.
fn places(log: &Value) -> Vec<(u64, u64)> {
    let place = |result: &Value| {
        let region = &result["locations"][0]["physicalLocation"]["region"];
        (region["startLine"].as_u64().unwrap(), region["startColumn"].as_u64().unwrap())
    };
    log["runs"][0]["results"].as_array().unwrap().iter().map(place).collect()
}

#[test]
fn sarif_has_lines_and_columns_of_the_file() {
    let odd = deviant().replace("Gouda", "Čáslav").replace(",\"country\":", ",\n  \"country\":");
    let page = format!(
        "{{\"status_code\":1000,\n\"timestamp\":\"2026-01-01T00:00:00Z\",\n\"data\":[{LOCATION},\n    {odd}]}}"
    );
    let missing = odd.replace("\"time_zone\":\"Europe/Amsterdam\",", "");
    let in_lines = format!("{LOCATION}\n{}\n", missing.replace('\n', ""));
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(page.as_bytes()).unwrap();
    let dir = folder(&[("page.json", &page), ("lines.ndjson", &in_lines)]);
    std::fs::write(dir.path().join("page.json.gz"), packed.finish().unwrap()).unwrap();
    let column = |text: &str, of: &str| {
        let before = &text[..text.find(of).unwrap()];
        u64::try_from(before.chars().count() + 1).unwrap()
    };
    let publish = column(&deviant(), "\"true\"");
    for file in ["page.json", "page.json.gz"] {
        let run = ocpi(dir.path(), &["check", file, "--version", "2.2.1", "--format", "sarif"]);
        assert_eq!(places(&run.json()), [(4, publish + 4)], "{run:?}");
    }
    // A missing member is told of the object that lacks it.
    let run = ocpi(dir.path(), &["read", "lines.ndjson", "--version", "2.2.1", "--format", "sarif"]);
    assert_eq!(places(&run.json()), [(2, 1), (2, publish)], "{run:?}");
}

#[test]
fn sarif_of_lint_and_audit() {
    let tariff = TARIFF.replace("\"elements\"", "\n\"end_date_time\":\"2020-01-01T00:00:00Z\",\"elements\"");
    let dir = folder(&[("t.json", &tariff)]);
    let run = ocpi(dir.path(), &["lint", "t.json", "--at", "2026-01-01T00:00:00Z", "--format", "sarif"]);
    let log = run.json();
    let rules: Vec<&Value> =
        log["runs"][0]["results"].as_array().unwrap().iter().map(|result| &result["ruleId"]).collect();
    assert!(rules.contains(&&json!("tariff.expired")), "{log}");
    assert!(places(&log).contains(&(2, 17)), "{log}");
    for result in log["runs"][0]["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(log["runs"][0]["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
    }
}

/// The objects go to standard output, what was found to standard error.
#[test]
fn a_dash_as_a_file_to_write_is_standard_output() {
    let dir = folder(&[("f.json", &deviant())]);
    let read = ocpi(dir.path(), &["read", "f.json", "--repaired", "-"]);
    let objects: Vec<Value> = serde_json::from_str(&read.out).unwrap();
    assert_eq!((read.code, &objects[0]["publish"]), (1, &json!(true)));
    assert!(read.err.contains("[bool.string]"), "{read:?}");
    let convert = ["convert", "f.json", "--from", "2.2.1", "--to", "2.3.0", "--as", "location", "--out", "-"];
    let converted = ocpi(dir.path(), &convert);
    assert_eq!((converted.code, &converted.json()["id"]), (0, &json!("LOC2")), "{converted:?}");
    let told = ocpi(dir.path(), &[&convert[..], &["--ledger"]].concat());
    assert_eq!(
        (told.json()["id"].clone(), told.err.contains("1 converted")),
        (json!("LOC2"), true),
        "{told:?}"
    );
    assert!(!dir.path().join("-").exists());
}

#[test]
fn what_the_output_is_closed_to_is_no_failure() {
    let many = lines().repeat(400);
    let dir = folder(&[("f.ndjson", &many)]);
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_ocpi"))
        .current_dir(dir.path())
        .args(["check", "f.ndjson", "--format", "json"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn standard_input_has_places_too() {
    let dir = folder(&[]);
    let text = format!("[{LOCATION},\n{}]", deviant());
    let run =
        run(dir.path(), &["check", "-", "--version", "2.2.1", "--format", "sarif"], &[], text.as_bytes());
    assert_eq!(places(&run.json())[0].0, 2, "{run:?}");
}

/// One mistake, one finding: by the reader and the check together.
#[test]
fn a_mistake_is_told_once() {
    for (was, is, expected) in [
        (r#""id":"LOC1""#, r#""id":"  ""#, "/id val.empty error"),
        (r#""id":"LOC1""#, r#""id":"""#, "/id val.empty error"),
        (r#""country":"NLD""#, r#""country":"   ""#, "/country val.empty error"),
        (r#""country_code":"NL""#, r#""country_code":"  ""#, "/country_code val.empty error"),
        (r#""party_id":"ALF""#, r#""party_id":" ""#, "/party_id val.empty error"),
        (r#""time_zone":"Europe/Amsterdam""#, r#""time_zone":"  ""#, "/time_zone val.empty error"),
        (r#""2026-01-01T00:00:00Z""#, r#""  ""#, "/last_updated val.empty error"),
        (r#""2026-01-01T00:00:00Z""#, r#""""#, "/last_updated val.empty error"),
        (r#""2026-01-01T00:00:00Z""#, r#""soon""#, "/last_updated val.form error"),
    ] {
        let dir = folder(&[("f.json", &LOCATION.replace(was, is))]);
        let run = ocpi(
            dir.path(),
            &["check", "f.json", "--as", "location", "--version", "2.2.1", "--format", "json"],
        );
        assert_eq!(run.findings(), [format!("f.json null {expected}")], "{is}");
    }
    for (text, kind, expected) in [
        (r#"{"uid":"E1","status":"AVAILABLE","last_updated":"2026-01-01T00:00:00Z"}"#, "evse", "/connectors"),
        (
            r#"{"country_code":"NL","party_id":"ALF","id":"T1","currency":"EUR","last_updated":"2026-01-01T00:00:00Z","min_price":{"excl_vat":1}}"#,
            "tariff",
            "/elements",
        ),
        (r#"{"restrictions":{"max_kwh":5}}"#, "tariff-element", "/price_components"),
    ] {
        let dir = folder(&[("f.json", text)]);
        let run =
            ocpi(dir.path(), &["check", "f.json", "--as", kind, "--version", "2.2.1", "--format", "json"]);
        assert_eq!(run.findings(), [format!("f.json null {expected} req.missing error")], "{kind}");
    }
}

/// The reader's finding names the value that the check takes for the likely one.
#[test]
fn a_proposal_is_told_whoever_finds_the_mistake() {
    let tariff = |currency: &str| {
        format!(
            r#"{{"country_code":"NL","party_id":"ALF","id":"T1","currency":"{currency}","elements":[{{"price_components":[{{"type":"ENERGY","price":0.45,"step_size":1}}]}}],"last_updated":"2026-03-14T09:26:53Z"}}"#
        )
    };
    for (currency, meant) in [("EURO", "EUR"), ("€", "EUR"), ("DEM", "EUR"), ("RMB", "CNY")] {
        let dir = folder(&[("f.json", &tariff(currency))]);
        let run = ocpi(dir.path(), &["check", "f.json", "--as", "tariff", "--version", "2.2.1"]);
        assert_eq!(run.out.matches("/currency").count(), 1, "{currency}: {run:?}");
        assert!(run.out.contains(&format!("perhaps {meant} is meant")), "{currency}: {run:?}");
    }
}
