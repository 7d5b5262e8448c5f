//! `ocpi convert`: the document, what it loses, and what is refused.

use serde_json::{Value, json};

use crate::{LOCATION, folder, ocpi, run};

/// A Location of 2.3.0 with what 2.2.1 lacks.
fn newer() -> String {
    LOCATION.replace("\"city\"", "\"help_phone\":\"+31 1\",\"city\"")
}

fn cdr(id: &str) -> String {
    format!(
        r#"{{"id":"{id}","start_date_time":"2026-01-01T00:00:00Z","stop_date_time":"2026-01-01T01:00:00Z","auth_id":"NL8AA1","auth_method":"WHITELIST","location":{{"id":"L1","type":"ON_STREET","address":"Kade 1","city":"Gouda","postal_code":"2801","country":"NLD","coordinates":{{"latitude":"52.011500","longitude":"4.710400"}},"last_updated":"2026-01-01T00:00:00Z"}},"currency":"EUR","charging_periods":[{{"start_date_time":"2026-01-01T00:00:00Z","dimensions":[{{"type":"ENERGY","volume":4.5}}]}}],"total_cost":1.50,"total_energy":4.5,"total_time":1,"last_updated":"2026-01-01T01:00:00Z"}}"#
    )
}

#[test]
fn an_object_alone_becomes_an_object() {
    let dir = folder(&[("f.json", &newer())]);
    let run =
        ocpi(dir.path(), &["convert", "f.json", "--from", "2.3.0", "--to", "2.2.1", "--as", "location"]);
    assert_eq!((run.code, run.out.trim_end()), (0, LOCATION), "{run:?}");
    assert_eq!(run.err, "note: 1 item: 1 converted, 0 refused; 1 lost: 1 conv.no_member\n");
}

#[test]
fn a_list_becomes_a_list_and_pipes_on() {
    let dir = folder(&[]);
    let input = format!("[{},{LOCATION}]", newer());
    let there = run(
        dir.path(),
        &["convert", "-", "--from", "2.2.1", "--to", "2.3.0", "--as", "location"],
        &[],
        input.as_bytes(),
    );
    assert_eq!(there.code, 0, "{there:?}");
    let back = run(
        dir.path(),
        &["convert", "-", "--from", "2.3.0", "--to", "2.2.1", "--as", "location"],
        &[],
        there.out.as_bytes(),
    );
    let list: Vec<Value> = serde_json::from_str(&back.out).unwrap();
    assert_eq!(list.len(), 2);
    assert_eq!(list[1], serde_json::from_str::<Value>(LOCATION).unwrap());
}

#[test]
fn the_ledger_has_the_agreed_members() {
    let dir = folder(&[("f.json", &format!("[{LOCATION},{}]", newer()))]);
    let arguments = [
        "convert", "f.json", "--from", "2.3.0", "--to", "2.2.1", "--as", "location", "--ledger", "--format",
        "json",
    ];
    let run = ocpi(dir.path(), &arguments);
    let json = run.json();
    let counts = ["items", "converted", "refused"].map(|name| json[name].clone());
    assert_eq!((run.code, counts), (0, [json!(2), json!(2), json!(0)]));
    let entry = &json["ledger"][0];
    let place = ["file", "item", "pointer", "rule", "lost"].map(|name| entry[name].clone());
    assert_eq!(
        place,
        [json!("f.json"), json!(1), json!("/help_phone"), json!("conv.no_member"), json!("+31 1")]
    );
    assert_eq!(json["ledger"].as_array().unwrap().len(), 1);
}

#[test]
fn objects_of_2_1_1_need_the_parties_of_the_connection() {
    let dir = folder(&[("f.ndjson", &[cdr("C1"), cdr("C2")].join("\n"))]);
    let arguments = ["convert", "f.ndjson", "--from", "2.1.1", "--to", "2.2.1", "--as", "cdr"];
    let run = ocpi(dir.path(), &arguments);
    assert_eq!((run.code, run.out.as_str()), (1, "[]\n"));
    assert!(
        run.err.contains("f.ndjson items 0, 1 (2 in all): refused at /country_code: nobody says whose it is"),
        "{}",
        run.err
    );
    assert!(run.err.contains("[conv.owner_unknown]: name it with --cpo, such as NL/ALF"), "{}", run.err);

    let with_parties =
        [&arguments[..], &["--cpo", "NL/ALF", "--emsp", "DE/MSP", "--out", "out.json"]].concat();
    let run = ocpi(dir.path(), &with_parties);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{run:?}");
    assert!(run.err.contains("2 items: 2 converted, 0 refused"), "{}", run.err);
    let text = std::fs::read_to_string(dir.path().join("out.json")).unwrap();
    let list: Vec<Value> = serde_json::from_str(&text).unwrap();
    assert_eq!((list.len(), &list[0]["cdr_token"]["contract_id"]), (2, &json!("NL8AA1")));
}

#[test]
fn the_ledger_for_people_shows_no_values() {
    let dir = folder(&[("f.json", &cdr("C1"))]);
    let arguments = [
        "convert", "f.json", "--from", "2.1.1", "--to", "2.3.0", "--as", "cdr", "--cpo", "NL/ALF", "--emsp",
        "DE/MSP", "--ledger",
    ];
    let run = ocpi(dir.path(), &arguments);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.contains("assumed  f.json  /cdr_token "), "{}", run.out);
    assert!(run.out.contains("\n1 item: 1 converted, 0 refused; "), "{}", run.out);
    assert!(!run.out.contains("NL8AA1"), "{}", run.out);
}

#[test]
fn what_is_refused_or_unreadable_is_told() {
    let hidden = LOCATION.replace("\"publish\":true", "\"publish\":false");
    let partial = LOCATION.replace("\"city\":\"Gouda\",", "");
    let dir = folder(&[("f.json", &format!("[{hidden},{partial},7]"))]);
    let arguments = [
        "convert", "f.json", "--from", "2.2.1", "--to", "2.1.1", "--as", "location", "--ledger", "--format",
        "json",
    ];
    let run = ocpi(dir.path(), &arguments);
    assert_eq!(run.code, 1);
    let json = run.json();
    assert_eq!((&json["items"], &json["converted"], &json["refused"]), (&json!(3), &json!(0), &json!(3)));
    let refusals: Vec<String> = json["refusals"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            format!("{} {} {}", it["item"], it["pointer"].as_str().unwrap(), it["rule"].as_str().unwrap())
        })
        .collect();
    assert_eq!(refusals, ["0 /publish conv.unpublished", "1 /city req.missing", "2  val.type"]);
}

#[test]
fn what_cannot_be_converted_by_itself_is_wrong_usage() {
    let dir = folder(&[("f.json", "{}")]);
    let arguments = ["convert", "f.json", "--from", "2.3.0", "--to", "2.2.1", "--as", "price-component"];
    let run = ocpi(dir.path(), &arguments);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("'price-component' cannot be converted on its own"), "{}", run.err);
    let run = ocpi(dir.path(), &["convert", "f.json", "--to", "2.2.1", "--cpo", "NLALF"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("a party is written as NL/ALF"), "{}", run.err);
    let run = ocpi(dir.path(), &["convert", "none.json", "--from", "2.3.0", "--to", "2.2.1", "--as", "cdr"]);
    assert_eq!(run.code, 3);
}

const TARIFF: &str = r#"{"country_code":"NL","party_id":"ALF","id":"T1","currency":"EUR","elements":[{"price_components":[{"type":"ENERGY","price":0.30,"step_size":1}]}],"last_updated":"2026-01-01T00:00:00Z"}"#;

fn down(kind: &'static str) -> [&'static str; 8] {
    ["convert", "f.json", "--from", "2.2.1", "--to", "2.1.1", "--as", kind]
}

#[test]
fn price_changes_are_refused_unless_they_are_allowed() {
    let limited = TARIFF.replace("\"elements\"", "\"min_price\":{\"excl_vat\":5},\"elements\"");
    let dir = folder(&[("f.json", &format!("[{limited},{TARIFF},{limited}]"))]);
    let run = ocpi(dir.path(), &down("tariff"));
    assert_eq!(run.code, 1);
    assert!(run.err.contains("f.json items 0, 2 (2 in all): refused at /min_price: "), "{}", run.err);
    assert!(run.err.contains("[conv.price_limit]: --allow-price-changes"), "{}", run.err);
    let list: Vec<Value> = serde_json::from_str(&run.out).unwrap();
    assert_eq!(list.len(), 1);

    let run = ocpi(
        dir.path(),
        &[&down("tariff")[..], &["--allow-price-changes", "--ledger", "--format", "json"]].concat(),
    );
    let json = run.json();
    assert_eq!((run.code, &json["converted"]), (0, &json!(3)));
    let limits = json["ledger"].as_array().unwrap().iter().filter(|it| it["pointer"] == "/min_price");
    assert_eq!(limits.map(|it| it["lost"].clone()).collect::<Vec<_>>(), vec![json!({"excl_vat": 5}); 2]);
}

#[test]
fn a_price_that_stands_twice_is_refused_with_its_cause() {
    let twice = TARIFF.replace("\"price\":0.30", "\"price\":0.30,\"price\":0.03");
    let dir = folder(&[("f.json", &twice)]);
    for to in ["2.1.1", "2.3.0"] {
        let arguments = [
            "convert", "f.json", "--from", "2.2.1", "--to", to, "--as", "tariff", "--ledger", "--format",
            "json",
        ];
        let run = ocpi(dir.path(), &arguments);
        assert_eq!(run.code, 1);
        let refusal = &run.json()["refusals"][0];
        assert_eq!(refusal["pointer"], "/elements/0/price_components/0/price");
        assert!(refusal["message"].as_str().unwrap().contains("`price` stands twice"), "{refusal}");
        assert!(refusal["hint"].as_str().unwrap().starts_with("--allow-price-changes"), "{refusal}");
    }
    // The same version, in which nothing is converted.
    let run = ocpi(dir.path(), &["convert", "f.json", "--from", "2.2.1", "--to", "2.2.1", "--as", "tariff"]);
    assert!(run.err.contains("conv.duplicate"), "{}", run.err);
}

fn session() -> String {
    r#"{"country_code":"NL","party_id":"ALF","id":"S1","start_date_time":"2026-01-01T00:00:00Z","kwh":1,"cdr_token":{"country_code":"DE","party_id":"MSP","uid":"U","type":"RFID","contract_id":"C"},"auth_method":"WHITELIST","location_id":"loc1","evse_uid":"E2","connector_id":"1","currency":"EUR","status":"ACTIVE","last_updated":"2026-01-01T00:00:00Z"}"#.to_owned()
}

fn location_with_evses() -> String {
    let evse = |uid: &str| {
        format!(
            r#"{{"uid":"{uid}","status":"CHARGING","connectors":[{{"id":"1","standard":"IEC_62196_T2","format":"SOCKET","power_type":"AC_3_PHASE","max_voltage":400,"max_amperage":32,"last_updated":"2026-01-01T00:00:00Z"}}],"last_updated":"2026-01-01T00:00:00Z"}}"#
        )
    };
    LOCATION.replace("\"city\"", &format!("\"evses\":[{},{}],\"city\"", evse("E1"), evse("E2")))
}

#[test]
fn sessions_embed_the_locations_of_a_file() {
    let list = format!("[{},{}]", location_with_evses().replace("LOC1", "LOC2"), location_with_evses());
    let dir = folder(&[("f.json", &session()), ("places.json", &list), ("others.json", &deviant_places())]);
    let run = ocpi(dir.path(), &[&down("session")[..], &["--locations", "places.json"]].concat());
    assert_eq!(run.code, 0, "{run:?}");
    let location = &run.json()["location"];
    assert_eq!((&location["id"], &location["evses"][0]["uid"]), (&json!("LOC1"), &json!("E2")));
    assert_eq!(location["evses"].as_array().unwrap().len(), 1);

    let run = ocpi(dir.path(), &down("session"));
    assert_eq!(run.code, 1);
    assert!(run.err.contains("give the file with the locations with --locations FILE"), "{}", run.err);
    let run = ocpi(dir.path(), &[&down("session")[..], &["--locations", "others.json"]].concat());
    assert_eq!(run.code, 1);
    assert!(run.err.contains("/location_id") && run.err.contains("add it there"), "{}", run.err);
    let run = ocpi(dir.path(), &[&down("session")[..], &["--locations", "none.json"]].concat());
    assert_eq!(run.code, 3);
}

fn deviant_places() -> String {
    location_with_evses().replace("LOC1", "LOC9")
}

#[test]
fn patches_are_converted_as_patches() {
    let dir = folder(&[("f.json", r#"{"max_voltage":400}"#)]);
    let run = ocpi(dir.path(), &[&down("connector")[..], &["--patch"]].concat());
    assert_eq!((run.code, run.out.trim_end()), (0, r#"{"voltage":400}"#), "{run:?}");
    let run = ocpi(dir.path(), &["convert", "f.json", "--to", "2.1.1", "--patch"]);
    assert_eq!((run.code, run.out.trim_end()), (0, r#"{"voltage":400}"#), "{run:?}");
    assert!(run.err.contains("detected as a PATCH of connector"), "{}", run.err);
    let run = ocpi(dir.path(), &[&down("cdr")[..], &["--patch"]].concat());
    assert_eq!(run.code, 2);
    assert!(run.err.contains("OCPI has no PATCH of 'cdr'"), "{}", run.err);
    let dir = folder(&[("f.json", r#"{"last_updated":"2026-01-01T00:00:00Z"}"#)]);
    let run = ocpi(dir.path(), &["convert", "f.json", "--to", "2.1.1", "--patch"]);
    assert_eq!(run.code, 3);
    assert!(run.err.contains("name the type with --as"), "{}", run.err);
}

#[test]
fn patches_are_checked_as_patches() {
    let check = |text: &str, version: &str, kind: &str| {
        let dir = folder(&[("f.json", text)]);
        let arguments =
            ["check", "f.json", "--patch", "--version", version, "--as", kind, "--format", "json"];
        let run = ocpi(dir.path(), &arguments);
        (run.code, run.findings())
    };
    let dated = r#"{"status":"CHARGING","last_updated":"2026-01-01T00:00:00Z"}"#;
    for version in ["2.1.1", "2.2.1", "2.3.0"] {
        assert_eq!(check(dated, version, "evse"), (0, vec![]));
    }
    assert_eq!(check(r#"{"kwh":1}"#, "2.1.1", "session"), (0, vec![]));
    let missing = vec!["f.json null /last_updated req.missing error".to_owned()];
    for version in ["2.2.1", "2.3.0"] {
        for (text, kind) in
            [(r#"{"kwh":1}"#, "session"), (r#"{"name":"N"}"#, "location"), (r#"{"valid":true}"#, "token")]
        {
            assert_eq!(check(text, version, kind), (1, missing.clone()), "{version} {kind}");
        }
    }
    let (code, findings) = check(&dated.replace("CHARGING", "BUSY"), "2.2.1", "evse");
    assert_eq!((code, findings.len()), (1, 1), "{findings:?}");
    let (code, findings) = check(&dated.replace("\"CHARGING\"", "null"), "2.2.1", "evse");
    assert!(code == 1 && findings.iter().all(|finding| finding.contains("/status")), "{findings:?}");
}

#[test]
fn the_output_may_be_standard_output_and_is_json_alone() {
    let dir = folder(&[("f.json", &newer())]);
    let arguments = [
        "convert", "f.json", "--from", "2.3.0", "--to", "2.2.1", "--as", "location", "--ledger", "--format",
        "json", "--out", "-",
    ];
    let run = ocpi(dir.path(), &arguments);
    assert_eq!((run.code, run.out.trim_end()), (0, LOCATION), "{run:?}");
    assert!(run.err.contains(r#""rule":"conv.no_member""#), "{}", run.err);
}
