//! `ocpi push`.

use ocpi_testkit::{cdr_json, tariff_json};
use serde_json::{Value, json};

use super::canned::{Canned, cpo, failure, success};
use super::{SECRET, ask};
use crate::{Run, folder};

fn push(dir: &std::path::Path, partner: &Canned, module: &str) -> Run {
    let url = partner.versions();
    ask(dir, &["push", module, "file.json", &url, "--allow-private", "--format", "json"])
}

#[test]
fn each_object_is_put_to_its_place() {
    let tariff = |id| tariff_json("NL/ALF", id, "10:00:00");
    let dir = folder(&[("file.json", &format!("[{},{}]", tariff("T1"), tariff("T 2")))]);
    let partner = cpo(&["credentials", "tariffs"], |_| success("null"));
    let run = push(dir.path(), &partner, "tariffs");
    assert_eq!((run.code, &*run.err), (0, ""), "{run:?}");
    assert_eq!(run.json(), json!({"objects": 2, "sent": 2, "refused": [], "complete": true}));
    let asked = partner.asked();
    let paths: Vec<&str> = asked.iter().map(|asked| asked.path.as_str()).collect();
    assert_eq!(paths[2..], ["/2.3.0/tariffs/NL/ALF/T1", "/2.3.0/tariffs/NL/ALF/T%202"]);
    let sent: Value = serde_json::from_str(&asked[3].body).unwrap();
    assert_eq!((&sent["id"], &sent["currency"]), (&json!("T 2"), &json!("EUR")));
}

#[test]
fn cdrs_are_posted() {
    let dir = folder(&[("file.json", &cdr_json("NL/ALF", "C1", "10:00:00"))]);
    let partner = cpo(&["credentials", "cdrs"], |asked| {
        let (_, _, body) = success("null");
        (201, format!("location: {}/2.3.0/cdrs/C1\r\n", asked.base), body)
    });
    let run = push(dir.path(), &partner, "cdrs");
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(partner.paths()[2..], ["/2.3.0/cdrs"]);
}

#[test]
fn refused_objects_are_told_and_the_rest_is_sent() {
    let tariff = |id| tariff_json("NL/ALF", id, "10:00:00");
    let partial = tariff("T3").replace(r#""currency": "EUR", "#, "");
    let dir = folder(&[("file.json", &format!("[{},{partial},{}]", tariff("T1"), tariff("T2")))]);
    let partner = cpo(&["credentials", "tariffs"], |asked| {
        if asked.path.ends_with("T1") { failure(400, 2001, &format!("no {SECRET}")) } else { success("null") }
    });
    let run = push(dir.path(), &partner, "tariffs");
    assert_eq!(run.code, 1, "{run:?}");
    let json = run.json();
    assert_eq!((&json["objects"], &json["sent"], &json["complete"]), (&json!(3), &json!(1), &json!(true)));
    assert_eq!((&json["refused"][0]["item"], &json["refused"][1]["item"]), (&json!(0), &json!(1)));
    assert!(json["refused"][0]["message"].as_str().unwrap().contains("the partner says: no ***"), "{json}");
    assert!(json["refused"][1]["message"].as_str().unwrap().contains("currency"), "{json}");
    assert_eq!(partner.paths().len(), 4, "the one that lacks a member is not sent");
}

#[test]
fn a_token_that_is_no_longer_good_ends_it() {
    let tariff = |id| tariff_json("NL/ALF", id, "10:00:00");
    let dir = folder(&[("file.json", &format!("[{},{}]", tariff("T1"), tariff("T2")))]);
    let partner = cpo(&["credentials", "tariffs"], |_| failure(401, 2001, "no"));
    let run = push(dir.path(), &partner, "tariffs");
    assert_eq!(run.code, 4, "{run:?}");
    assert_eq!(run.json(), json!({"objects": 1, "sent": 0, "refused": [], "complete": false}));
    assert_eq!(partner.paths().len(), 3);
    let missing =
        ask(dir.path(), &["push", "tariffs", "nowhere.json", &partner.versions(), "--allow-private"]);
    assert_eq!((missing.code, &*missing.out), (3, ""), "{missing:?}");
}

#[test]
fn what_is_no_json_is_told_with_what_was_sent_before_it() {
    let tariff = |id| tariff_json("NL/ALF", id, "10:00:00");
    let partner = cpo(&["credentials", "tariffs"], |_| success("null"));
    let dir = folder(&[("file.json", &format!("{}\n{{\"id\": nothing}}\n{}", tariff("T1"), tariff("T2")))]);
    let run = push(dir.path(), &partner, "tariffs");
    let json = run.json();
    assert_eq!((run.code, &json["sent"], &json["complete"]), (1, &json!(2), &json!(true)), "{run:?}");

    let partner = cpo(&["credentials", "tariffs"], |_| success("null"));
    let dir = folder(&[("file.json", &format!("[{}, {{\"id\": ", tariff("T1")))]);
    let run = push(dir.path(), &partner, "tariffs");
    assert_eq!(run.code, 3, "{run:?}");
    assert_eq!(run.json(), json!({"objects": 1, "sent": 1, "refused": [], "complete": false}));
}

#[test]
fn what_holds_no_objects_is_no_empty_list() {
    for (text, why) in [
        (
            r#"{"status_code": 2001, "status_message": "no", "timestamp": "2026-11-22T10:00:00Z"}"#,
            "status 2001 invalid",
        ),
        (r#"{"data": 7, "status_code": 1000}"#, "neither an object of this type nor a list of them"),
    ] {
        let partner = cpo(&["credentials", "tokens"], |_| success("null"));
        let dir = folder(&[("file.json", text)]);
        let run = push(dir.path(), &partner, "tokens");
        assert_eq!((run.code, &*run.out), (3, ""), "{text}: {run:?}");
        assert!(run.err.contains(why), "{text}: {run:?}");
    }
    let partner = cpo(&["credentials", "tokens"], |_| success("null"));
    let dir = folder(&[("file.json", "[]")]);
    let run = push(dir.path(), &partner, "tokens");
    assert_eq!(run.json(), json!({"objects": 0, "sent": 0, "refused": [], "complete": true}));
}
