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
    assert_eq!(run.err, "");
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
        run.err.contains("f.ndjson item 1: refused at /country_code: the owner, as the context names it"),
        "{}",
        run.err
    );

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
    assert!(run.out.ends_with("1 item: 1 converted, 0 refused\n"), "{}", run.out);
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
    assert!(
        run.err.contains("'price-component' is a part whose meaning depends on what holds it"),
        "{}",
        run.err
    );
    let run = ocpi(dir.path(), &["convert", "f.json", "--to", "2.2.1", "--cpo", "NLALF"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("a party is written NL/ALF"), "{}", run.err);
    let run = ocpi(dir.path(), &["convert", "none.json", "--from", "2.3.0", "--to", "2.2.1", "--as", "cdr"]);
    assert_eq!(run.code, 3);
}
