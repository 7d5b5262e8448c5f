//! The messages of a sandbox: shown, exported, and sent again.

use std::path::Path;

use ocpi_testkit::{parse, token_json};
use ocpi_types::Version;
use ocpi_types::endpoint::{List, Put};
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::tokens::Token;
use serde_json::{Value, json};

use super::Sandbox;
use super::partner::Partner;
use crate::{Run, folder, run};

const UID: &str = "Canary7F3A91";
const CONTRACT: &str = "DE-EMP-CANARY7F3A";
const STORE: [&str; 2] = ["--store", "sqlite:sandbox.db"];

/// Runs `ocpi` with the token of the partner, and looks for it and for the driver in the output.
fn ask(dir: &Path, token: &str, arguments: &[&str]) -> Run {
    let run = run(dir, arguments, &[("OCPI_TOKEN", token)], b"");
    let shown = format!("{} {}", run.out, run.err);
    for secret in [token, UID, CONTRACT] {
        assert!(!shown.contains(secret), "{shown}");
    }
    run
}

/// Lines of JSON.
fn lines(run: &Run) -> Vec<Value> {
    run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_are_shown_exported_and_sent_again() {
    let dir = folder(&[]);
    let usual = ["--seed", "city:4", "--invite", "me", "--log-messages"];
    let sandbox = Sandbox::start(dir.path(), &[&STORE[..], &usual].concat());
    let emsp = Partner::register(&sandbox, "EMSP", &[Version::V2_3_0]).await;
    let token = token_json("DE/EMP", UID, "10:00:00").replace("\"C1\"", &format!("\"{CONTRACT}\""));
    let token: Token = parse(&token);
    emsp.platform.send("sandbox", &Put::of(token)).await.unwrap();
    emsp.platform.send("sandbox", &List::<Location>::all()).await.unwrap();
    let secret = emsp.token().await;
    // What waits is stored at its end.
    assert_eq!(sandbox.stop().0, Some(0));

    let show = |more: &[&str]| ask(dir.path(), &secret, &[&["messages"], &STORE[..], more].concat());
    let tokens = lines(&show(&["--partner", "me", "--module", "tokens", "--format", "json"]));
    let put = tokens.iter().find(|it| it["method"] == "PUT").unwrap();
    assert_eq!((&put["direction"], &put["response"]["ocpi"]), (&json!("inbound"), &json!(1000)), "{put}");
    let url = put["url"].as_str().unwrap();
    assert!(url.ends_with("/ocpi/2.3.0/receiver/tokens/DE/EMP/***?type=RFID"), "{url}");
    let body: Value = serde_json::from_str(put["body"]["text"].as_str().unwrap()).unwrap();
    assert_eq!(
        (&body["uid"], &body["contract_id"], &body["type"]),
        (&json!("***"), &json!("***"), &json!("RFID"))
    );
    let correlation = put["correlation_id"].as_str().unwrap();
    let one = show(&["--correlation", correlation]);
    assert_eq!((one.code, one.out.lines().count()), (0, 1), "{one:?}");
    assert!(one.out.contains(" <- me PUT ") && one.out.contains("  201 1000, "), "{one:?}");
    assert_eq!(show(&["--to", "2020-01-01"]).out, "");

    let exported = show(&["--har", "-"]);
    assert_eq!((exported.code, &*exported.err), (0, ""), "{exported:?}");
    is_har(&exported.json());
    assert_eq!(show(&["--har", "me.har", "--module", "locations"]).out, "");
    assert_eq!(show(&["--har", "tokens.har", "--module", "tokens"]).code, 0);
    assert_eq!(show(&["--har", "credentials.har", "--module", "credentials"]).code, 0);

    // Another start of the same sandbox, at another address.
    let again = Sandbox::start(dir.path(), &STORE);
    let base = again.text("versions_url").trim_end_matches("/versions").to_owned();
    let replay = |more: &[&str]| {
        let usual = [&base, "--allow-private", "--format", "json"];
        ask(dir.path(), &secret, &[&["replay"], more, &usual[..]].concat())
    };
    let same = replay(&["me.har"]);
    assert_eq!((same.code, &*same.err), (0, ""), "{same:?}");
    let answers = lines(&same);
    let status = json!({"http": 200, "ocpi": 1000});
    let list = answers.iter().find(|it| it["method"] == "GET").unwrap();
    assert_eq!((&list["then"], &list["now"], &list["differs"]), (&status, &status, &json!(false)));
    assert!(list["url"].as_str().unwrap().starts_with(&base));

    let kept = lines(&replay(&["tokens.har"]));
    assert!(kept.iter().any(|it| it["skipped"] == "a write" && it["now"].is_null()), "{kept:?}");
    let written = replay(&["tokens.har", "--writes"]);
    let put = lines(&written).into_iter().find(|it| it["method"] == "PUT").unwrap();
    assert_eq!(
        (&put["skipped"], &put["now"]),
        (&json!("it is masked in the archive"), &Value::Null),
        "{put}"
    );
    // The registration of the token stays as it is.
    let all = replay(&["credentials.har", "--writes"]);
    let post = lines(&all).into_iter().find(|it| it["method"] == "POST").unwrap();
    assert_eq!(post["skipped"], "a write of credentials", "{all:?}");

    let stranger = run(
        dir.path(),
        &["replay", "me.har", &base, "--allow-private"],
        &[("OCPI_TOKEN", "canary-4711-token")],
        b"",
    );
    assert_eq!(stranger.code, 1, "{stranger:?}");
    assert!(stranger.out.contains("200 1000 -> 401 2000  DIFFERS"), "{stranger:?}");
    assert_eq!(again.stop().0, Some(0));

    let nobody = replay(&["me.har"]);
    assert_eq!(nobody.code, 4, "{nobody:?}");
    std::fs::write(dir.path().join("bad.har"), "{}").unwrap();
    assert_eq!(replay(&["bad.har"]).code, 3);
}

/// Members that HAR 1.2 requires, with their types.
fn is_har(har: &Value) {
    let log = &har["log"];
    assert_eq!(log["version"], "1.2");
    has(&log["creator"], &[("name", Value::is_string), ("version", Value::is_string)]);
    let entries = log["entries"].as_array().unwrap();
    assert!(entries.len() > 3, "{entries:?}");
    for entry in entries {
        has(
            entry,
            &[
                ("startedDateTime", Value::is_string),
                ("time", Value::is_number),
                ("request", Value::is_object),
                ("response", Value::is_object),
                ("cache", Value::is_object),
                ("timings", Value::is_object),
            ],
        );
        has(&entry["timings"], &["send", "wait", "receive"].map(|name| (name, IS_NUMBER)));
        let both: [(&str, Is); 5] = [
            ("httpVersion", Value::is_string),
            ("cookies", Value::is_array),
            ("headers", Value::is_array),
            ("headersSize", Value::is_number),
            ("bodySize", Value::is_number),
        ];
        let (request, response) = (&entry["request"], &entry["response"]);
        has(request, &both);
        has(
            request,
            &[("method", Value::is_string), ("url", Value::is_string), ("queryString", Value::is_array)],
        );
        has(response, &both);
        has(
            response,
            &[("status", IS_NUMBER), ("statusText", Value::is_string), ("redirectURL", Value::is_string)],
        );
        has(&response["content"], &[("size", Value::is_number), ("mimeType", Value::is_string)]);
        if let Some(body) = request.get("postData") {
            has(
                body,
                &[("mimeType", Value::is_string), ("text", Value::is_string), ("params", Value::is_array)],
            );
        }
        for list in [&request["headers"], &response["headers"], &request["queryString"]] {
            for pair in list.as_array().unwrap() {
                has(pair, &[("name", Value::is_string), ("value", Value::is_string)]);
            }
        }
        let known = entry.as_object().unwrap().keys().all(|name| {
            ["startedDateTime", "time", "request", "response", "cache", "timings", "comment"]
                .contains(&&**name)
                || name.starts_with('_')
        });
        assert!(known, "{entry}");
    }
}

type Is = fn(&Value) -> bool;
const IS_NUMBER: Is = Value::is_number;

fn has(value: &Value, members: &[(&str, Is)]) {
    for (name, is) in members {
        assert!(is(&value[*name]), "{name} of {value}");
    }
}
