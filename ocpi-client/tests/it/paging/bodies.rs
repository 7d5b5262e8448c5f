//! Bodies of pages that are not as OCPI has them.

use bytes::Bytes;
use ocpi_testkit::{Script, envelope, respond};

use super::{FIRST, all, pages};
use crate::wire::tariff;

/// A page in a frame that is not OCPI's: `{name}` holds Tariffs of these ids, `more` stands behind it.
fn framed(name: &str, ids: &[&str], more: &str) -> http::Response<Bytes> {
    let items: Vec<String> = ids.iter().map(|id| tariff(id)).collect();
    respond(200, &[], &format!("{{\"{name}\":[{}]{more}}}", items.join(",")))
}

#[test]
fn pages_in_foreign_frames_are_read_told_and_followed() {
    let next = ",\"next\":\"https://cpo.example/ocpi/2.3.0/sender/tariffs?offset=2\"";
    let script = Script::of([
        framed("items", &["A", "B"], next),
        framed("items", &["B", "C"], ",\"totalElements\":3,\"next\":null"),
    ]);
    let (ids, end) = all(&script);
    end.expect("an end");
    assert_eq!(ids, ["A", "B", "C"]);
    assert_eq!(script.asked(), [FIRST.to_owned(), format!("{FIRST}?offset=1")]);

    // By a count in the frame.
    let script = Script::of([
        framed("content", &["A", "B"], ",\"totalElements\":3,\"last\":false"),
        framed("content", &["B", "C"], ",\"totalElements\":3,\"last\":true"),
    ]);
    let (ids, end) = all(&script);
    end.expect("an end");
    assert_eq!((ids.len(), script.requests().len()), (3, 2));

    let script = Script::of([framed("tariffs", &["A"], "")]);
    let page = pollster::block_on(pages(&script).next());
    let page = page.expect("a page").expect("a page");
    let told: Vec<_> = page.findings.iter().map(|it| (it.pointer.as_str(), it.rule.id())).collect();
    assert_eq!(told, [("/tariffs", "env.frame")]);
}

/// A body that holds no list is no empty one: a sweep after a complete list deletes the objects that are missing in it.
#[test]
fn what_holds_no_list_ends_the_walk_with_an_error() {
    for body in [
        r#"{}"#,
        r#"{"message":"Internal Server Error","path":"/tariffs"}"#,
        r#"{"error":"unauthorized","data":[]}"#,
        r#"{"message":"unauthorized","data":[]}"#,
        r#"{"statusCode":3000,"data":[]}"#,
        r#"{"StatusCode":"3000","Data":[]}"#,
        r#"{"status_code":"FAILURE","data":[],"timestamp":"2026-11-22T10:00:00Z"}"#,
        r#"{"status":"error","items":[]}"#,
        r#"{"success":false,"tariffs":[]}"#,
        r#"{"status_code":1000,"data":{},"timestamp":"2026-11-22T10:00:00Z"}"#,
        r#"{"status_code":1000,"data":{"message":"none"},"timestamp":"2026-11-22T10:00:00Z"}"#,
        r#"{"id":"A","name":"an object of another kind"}"#,
        // There is more, and nobody says where.
        r#"{"items":[],"has_more":true}"#,
        r#"{"items":[],"next_cursor":"abc"}"#,
    ] {
        let script = Script::of([respond(200, &[], body)]);
        let (ids, end) = all(&script);
        assert!(end.is_err() && ids.is_empty(), "{body}: {ids:?}");
    }
}

#[test]
fn a_status_as_a_word_or_in_quotes_is_judged_as_the_command_does() {
    for (status, is_success) in [
        ("\"1000\"", true),
        ("\"SUCCESS\"", true),
        ("\"OK\"", true),
        ("1000.0", true),
        ("\"2001\"", false),
        ("\"ERROR\"", false),
        ("\"whatever\"", false),
        ("null", false),
    ] {
        let body = format!(
            r#"{{"data":[{}],"status_code":{status},"timestamp":"2026-11-22T10:00:00Z"}}"#,
            tariff("A")
        );
        let (ids, end) = all(&Script::of([respond(200, &[("X-Total-Count", "1")], &body)]));
        assert_eq!((ids.len(), end.is_ok()), (usize::from(is_success), is_success), "{status}");
    }
}

/// A page of more members than one object may have.
#[test]
fn a_page_of_more_than_a_million_members_is_read() {
    let vendor = vec!["0"; 60_000].join(",");
    let item = |id: usize| tariff(&id.to_string()).replacen('{', &format!("{{\"vendor\":[{vendor}],"), 1);
    let items: Vec<String> = (0..20).map(item).collect();
    let (ids, end) = all(&Script::of([respond(
        200,
        &[("X-Total-Count", "20")],
        &envelope(&format!("[{}]", items.join(","))),
    )]));
    end.expect("an end");
    assert_eq!(ids.len(), 20);
}
