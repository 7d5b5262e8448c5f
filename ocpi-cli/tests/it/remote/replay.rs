//! `ocpi replay` of archives of other tools.

use serde_json::{Value, json};

use super::ask;
use super::canned::{Canned, failure, success};
use crate::folder;

/// A request of an archive, answered by 200 and 1000.
fn entry(method: &str, url: &str, body: Option<&str>) -> Value {
    let headers = json!([
        {"name": ":method", "value": method},
        {"name": ":authority", "value": "partner.example"},
        {"name": "no name", "value": "x"},
        {"name": "x-odd", "value": "line\nfeed"},
        {"name": "accept", "value": "application/json"},
    ]);
    let mut request = json!({"method": method, "url": url, "headers": headers, "httpVersion": "HTTP/2"});
    if let Some(body) = body {
        request["postData"] = json!({"mimeType": "application/json", "text": body});
    }
    let text = r#"{"status_code": 1000, "timestamp": "2026-11-22T10:00:00Z"}"#;
    let response = json!({"status": 200, "content": {"size": text.len(), "text": text}});
    json!({"startedDateTime": "2026-11-22T10:00:00Z", "time": 1, "request": request, "response": response})
}

#[test]
fn archives_of_other_tools_are_sent_without_what_is_no_header() {
    let at = |path: &str| format!("https://partner.example/ocpi/2.3.0/{path}");
    let entries = [
        entry("GET", &at("sender/tariffs?limit=5"), None),
        entry("PUT", &at("receiver/locations/NL/ALF/L1"), Some(r#"{"id":"L1","name":"***"}"#)),
        entry("PUT", &at("receiver/tokens/NL/ALF/***"), Some("{}")),
        entry("POST", &at("receiver/commands/START_SESSION"), Some(r#"{"token":{"uid":"a***"}}"#)),
        entry("DELETE", &at("credentials/"), None),
        entry("GET", &at("credentials"), None),
    ];
    let har = json!({"log": {"version": "1.2", "entries": entries}}).to_string();
    let dir = folder(&[("all.har", &har)]);
    let partner = Canned::new(|asked| match &*asked.path {
        "/ocpi/2.3.0/credentials" => failure(401, 2001, "no"),
        _ => success("null"),
    });
    let replay = |more: &[&str]| {
        let usual = ["replay", "all.har", &*partner.base, "--allow-private"];
        let run = ask(dir.path(), &[&usual[..], more].concat());
        (
            run.code,
            run.out.lines().map(|line| line.split_once("-> ").map_or(line, |it| it.1).to_owned()).collect(),
        )
    };
    let (code, lines): (i32, Vec<String>) = replay(&["--writes"]);
    let masked = "not sent: it is masked in the archive";
    assert_eq!(
        lines,
        [
            "200 1000",
            "200 1000",
            masked,
            masked,
            "not sent: a write of credentials",
            "401 2001  DIFFERS",
            "6 requests, 1 differs, 3 not sent"
        ]
    );
    assert_eq!(code, 1);
    assert_eq!(
        partner.paths(),
        [
            "/ocpi/2.3.0/sender/tariffs?limit=5",
            "/ocpi/2.3.0/receiver/locations/NL/ALF/L1",
            "/ocpi/2.3.0/credentials"
        ]
    );
    let (_, lines) = replay(&["--writes", "--credentials"]);
    assert_eq!(lines[4], "200 1000", "{lines:?}");
    assert_eq!(replay(&["--credentials"]).0, 2, "--writes is due");
}
