//! From an answer to a value, or to an error that says enough.

use bytes::Bytes;
use ocpi_client::{Answer, Error, TransportError};
use ocpi_testkit::{NOW, Script, envelope, failure, respond, success};
use ocpi_types::Severity;
use ocpi_types::endpoint::{
    Authorize, Delete, Endpoint, GetCopy, GetVersionDetails, GetVersions, List, PostCdr, PushOutcome, Put,
    TokenKey,
};
use ocpi_types::protocol::StatusCode;
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::commands::StopSession;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::TokenType;

use crate::wire::{client, tariff};

fn read<E: Endpoint>(response: http::Response<Bytes>) -> Result<Answer<E::Response>, Error> {
    client().response::<E>(response)
}

fn pointers<T>(answer: &Answer<T>) -> Vec<&str> {
    answer.findings.iter().map(|finding| finding.pointer.as_str()).collect()
}

#[test]
fn a_plain_answer_is_read_without_a_word() {
    let answer = read::<GetCopy<Tariff>>(success(&tariff("T1"))).expect("an answer");
    assert_eq!(answer.value.id.as_str(), "T1");
    assert_eq!((answer.findings.len(), answer.status_code), (0, StatusCode::SUCCESS));
    assert_eq!(answer.timestamp, Some(NOW.parse().expect("a time")));
}

#[test]
fn an_object_without_an_envelope_is_taken_and_noted() {
    let bare = read::<GetCopy<Tariff>>(respond(200, &[], &tariff("T1"))).expect("an answer");
    assert_eq!(bare.value.id.as_str(), "T1");
    assert_eq!((bare.timestamp, bare.status_code), (None, StatusCode::SUCCESS));
    assert_eq!(bare.findings.iter().map(|finding| finding.rule.id()).collect::<Vec<_>>(), ["env.missing"]);
    let list = format!("[{}, {}]", tariff("T1"), tariff("T2"));
    let bare = read::<List<Tariff>>(respond(200, &[], &list)).expect("an answer");
    assert_eq!((bare.value.items.len(), bare.findings.len()), (2, 1));
}

#[test]
fn an_envelope_may_deviate() {
    let data = tariff("T1");
    for (body, noted) in [
        (format!(r#"{{"data": {data}, "status_code": 1000}}"#), vec!["/timestamp"]),
        (format!(r#"{{"data": {data}, "status_code": 1000, "timestamp": null}}"#), vec!["/timestamp"]),
        (
            format!(r#"{{"data": {data}, "status_code": "1000", "timestamp": "2026-11-22T10:00:00Z"}}"#),
            vec!["/status_code"],
        ),
        (format!(r#"{{"data": {data}, "status_code": 1000, "timestamp": "2026-11-22T10:00:00"}}"#), vec![]),
        (
            format!(r#"{{"data": {data}, "status_code": 1000, "timestamp": "2026-11-22T12:00:00+02:00"}}"#),
            vec!["/timestamp"],
        ),
        (
            format!(
                r#"{{"status_code": 1000, "new": {{}}, "data": [{data}], "timestamp": "2026-11-22T10:00:00Z"}}"#
            ),
            vec![""],
        ),
        (format!("\u{feff}{}", envelope(&data)), vec![""]),
        (format!(r#"{{"data": {data}, "status_code": 1999, "timestamp": "2026-11-22T10:00:00Z"}}"#), vec![]),
    ] {
        let answer = read::<GetCopy<Tariff>>(respond(200, &[], &body))
            .unwrap_or_else(|error| panic!("{error}: {body}"));
        assert_eq!(answer.value.id.as_str(), "T1");
        assert_eq!(pointers(&answer), noted, "{body}");
        assert!(answer.status_code.is_success());
    }
}

#[test]
fn one_for_many_and_many_for_one_are_taken() {
    let one = read::<List<Tariff>>(success(&tariff("T1"))).expect("an answer");
    assert_eq!((one.value.items.len(), one.findings.len()), (1, 1));
    // An empty list says that there is nothing, and some write it as null; no list says nothing at all.
    assert_eq!(read::<List<Tariff>>(success("[]")).expect("an answer").value.items.len(), 0);
    let null = read::<List<Tariff>>(success("null")).expect("an answer");
    assert_eq!((null.value.items.len(), pointers(&null)), (0, vec!["/data"]));
    let counted = respond(200, &[("x-total-count", "3")], &envelope("null"));
    read::<List<Tariff>>(counted).expect_err("three are due");
    for body in ["null", "1", r#"{"status_code": 1000, "timestamp": "2026-11-22T10:00:00Z"}"#, &envelope("1")]
    {
        read::<List<Tariff>>(respond(200, &[], body)).expect_err("no list");
    }
    let many = read::<GetCopy<Tariff>>(success(&format!("[{}]", tariff("T1")))).expect("an answer");
    assert_eq!((many.value.id.as_str(), many.findings.len()), ("T1", 1));
    for data in ["[]", "null", &format!("[{}, {}]", tariff("T1"), tariff("T2"))] {
        read::<GetCopy<Tariff>>(success(data)).expect_err("not one object");
    }
    let details = r#"[{"version": "2.3.0", "endpoints": [{"identifier": "locations", "role": "SENDER",
        "url": "https://cpo.example/l"}]}]"#;
    assert_eq!(read::<GetVersionDetails>(success(details)).expect("an answer").value.endpoints.len(), 1);
    let version = r#"{"version": "2.3.0", "url": "https://cpo.example/2.3.0"}"#;
    assert_eq!(read::<GetVersions>(success(version)).expect("an answer").value.len(), 1);
}

/// The data in the answer to a push is not looked at.
#[test]
fn a_push_does_not_look_at_data() {
    for data in ["null", "{}", "[]", "\"ok\"", "1", &tariff("T1"), r#"{"deep": [[[]]]}"#] {
        for status in [200, 201, 202] {
            let stored = read::<Put<Tariff>>(respond(status, &[], &envelope(data))).expect("an answer").value;
            assert_eq!(stored, if status == 201 { PushOutcome::Created } else { PushOutcome::Updated });
        }
        read::<Delete<Tariff>>(success(data)).expect("an answer");
        read::<PostCdr<Cdr>>(success(data)).expect("an answer");
    }
    let without = r#"{"status_code": 1000, "timestamp": "2026-11-22T10:00:00Z"}"#;
    read::<Put<Tariff>>(respond(200, &[], without)).expect("an answer");
}

#[test]
fn no_content_is_a_success_of_a_push() {
    assert_eq!(read::<Put<Tariff>>(respond(204, &[], "")).expect("an answer").value, PushOutcome::Updated);
    read::<Delete<Tariff>>(respond(204, &[], "")).expect("an answer");
    read::<GetCopy<Tariff>>(respond(204, &[], "")).expect_err("there is no object");
    read::<List<Tariff>>(respond(204, &[], "")).expect_err("there is no list");
    for (status, body) in [(200, ""), (201, " \r\n"), (202, "")] {
        read::<Put<Tariff>>(respond(status, &[], body)).expect("some partners say nothing at all");
        read::<List<Tariff>>(respond(status, &[], body)).expect_err("there is no list");
    }
    read::<Put<Tariff>>(respond(302, &[], "")).expect_err("that is no success");
}

/// Where nothing is due, whatever is no envelope may as well be an error.
#[test]
fn a_push_wants_an_envelope_or_nothing() {
    for body in [r#"{"error": "no such object"}"#, "{}", "[]", "\"ok\"", "null", &tariff("T1")] {
        for status in [200, 201] {
            read::<Put<Tariff>>(respond(status, &[], body)).expect_err("no envelope");
            read::<Delete<Tariff>>(respond(status, &[], body)).expect_err("no envelope");
        }
    }
}

/// A message is somebody else's text: it does not forge lines of a log.
#[test]
fn the_message_of_a_partner_is_shown_with_care() {
    let long = "x".repeat(300);
    for (message, shown) in
        [(r"gone\nERROR all is lost", "gone\u{fffd}ERROR all is lost"), (&long, &long[..255])]
    {
        let body = format!(
            r#"{{"status_code": 2000, "status_message": "{message}", "timestamp": "2026-11-22T10:00:00Z"}}"#
        );
        let error = read::<GetCopy<Tariff>>(respond(200, &[], &body)).expect_err("a failure");
        assert_eq!(error.to_string(), "GetCopy<Tariff>: the partner answered 2000 client error (HTTP 200)");
        assert_eq!(error.partner_message(), Some(shown));
        assert!(!format!("{error:?}").contains(shown), "{error:?}");
    }
}

#[test]
fn the_location_of_what_was_made_is_told() {
    let at = |headers: &[(&str, &str)]| {
        let body = r#"{"status_code": 1000, "timestamp": "2026-11-22T10:00:00Z"}"#;
        read::<PostCdr<Cdr>>(respond(201, headers, body)).expect("an answer").value.location
    };
    assert_eq!(
        at(&[("Location", "https://cpo.example/cdrs/1")]).as_deref(),
        Some("https://cpo.example/cdrs/1")
    );
    assert_eq!(at(&[]), None);
}

/// Each failure: HTTP's status, OCPI's, and what it is taken for.
#[test]
fn failures_are_told_apart() {
    #[derive(Debug, Default, PartialEq)]
    struct Is {
        unauthorized: bool,
        not_found: bool,
        not_allowed: bool,
        retryable: bool,
    }
    let nothing = Is::default;
    for (http, code, expected) in [
        (200, 2000, nothing()),
        (200, 2001, nothing()),
        (200, 2003, Is { not_found: true, ..nothing() }),
        (200, 2004, Is { not_found: true, ..nothing() }),
        (404, 2003, Is { not_found: true, ..nothing() }),
        (404, 2000, Is { not_found: true, ..nothing() }),
        (200, 3000, Is { retryable: true, ..nothing() }),
        (200, 3001, nothing()),
        (401, 2000, Is { unauthorized: true, ..nothing() }),
        (403, 2002, Is { unauthorized: true, ..nothing() }),
        (405, 2000, Is { not_allowed: true, ..nothing() }),
        (429, 2004, Is { retryable: true, not_found: true, ..nothing() }),
        // Some partners make every error one of the server's.
        (500, 2001, Is { retryable: true, ..nothing() }),
        (200, 4001, nothing()),
        (200, 0, nothing()),
        (200, 999, nothing()),
        // HTTP says no: then 1000 means nothing.
        (400, 1000, nothing()),
        (404, 1000, Is { not_found: true, ..nothing() }),
        (302, 1000, nothing()),
    ] {
        let error = read::<GetCopy<Tariff>>(failure(http, code)).expect_err("a failure");
        assert_eq!(error.status_code(), Some(StatusCode::new(code)));
        assert_eq!(error.http_status().map(|status| status.as_u16()), Some(http));
        let is = Is {
            unauthorized: error.is_unauthorized(),
            not_found: error.is_not_found(),
            not_allowed: error.is_method_not_allowed(),
            retryable: error.is_retryable(),
        };
        assert_eq!(is, expected, "HTTP {http} and {code}");
        assert!(!error.is_not_offered());
    }
}

/// The `data` of an error changes nothing.
#[test]
fn the_data_of_a_failure_may_be_anything() {
    for data in ["null", "{}", "[]", "1", "\"x\"", r#"{"result": "REJECTED", "timeout": 0}"#, &tariff("T1")] {
        let body = format!(
            r#"{{"data": {data}, "status_code": 2003, "status_message": "gone", "timestamp": "2026-11-22T10:00:00Z"}}"#
        );
        for http in [200, 404] {
            let error = read::<GetCopy<Tariff>>(respond(http, &[], &body)).expect_err("a failure");
            assert!(error.is_not_found());
            assert_eq!(
                error.to_string(),
                format!("GetCopy<Tariff>: the partner answered 2003 unknown location (HTTP {http})")
            );
            assert_eq!(error.partner_message(), Some("gone"));
            assert_eq!(error.body(), body.as_bytes());
            read::<StopSession>(respond(http, &[], &body)).expect_err("a failure");
            read::<List<Tariff>>(respond(http, &[], &body)).expect_err("a failure");
        }
    }
}

#[test]
fn what_is_not_ocpi_is_an_error_that_keeps_the_body() {
    let html = "<!DOCTYPE html><html><body>Bad Gateway</body></html>";
    for (http, body, text) in [
        (502, html, "GetCopy<Tariff>: the partner answered HTTP 502"),
        (
            401,
            "",
            "GetCopy<Tariff>: the partner answered HTTP 401; the token is not good: try its other form, else register again",
        ),
        (404, "{\"error\": \"no\"}", "GetCopy<Tariff>: the partner answered HTTP 404"),
        (307, "", "GetCopy<Tariff>: the partner answered HTTP 307"),
        (
            200,
            html,
            "GetCopy<Tariff>: the answer is not OCPI (HTTP 200): line 1 column 1: not JSON [json.syntax]",
        ),
        (200, "", "GetCopy<Tariff>: data: line 1 column 1: a value of another type was expected [val.type]"),
        (
            200,
            "{\"data\": ",
            "GetCopy<Tariff>: the answer is not OCPI (HTTP 200): line 1 column 10 at /data: the text ends too early [json.end]",
        ),
        (
            200,
            "{\"status_code\": 1000}",
            "GetCopy<Tariff>: data: line 1 column 1: a value of another type was expected [val.type]",
        ),
    ] {
        let error = read::<GetCopy<Tariff>>(respond(http, &[], body)).expect_err("no OCPI");
        assert_eq!(error.to_string(), text);
        assert_eq!((error.body().as_ref(), error.status_code()), (body.as_bytes(), None));
        assert_eq!(error.is_unauthorized(), http == 401);
    }
}

#[test]
fn data_of_another_shape_is_an_error_of_data() {
    for data in ["\"ok\"", "1", "{}", "{\"id\": \"T1\"}", "[1]"] {
        let error = read::<GetCopy<Tariff>>(success(data)).expect_err("no Tariff");
        assert!(error.to_string().starts_with("GetCopy<Tariff>: data: "), "{error}");
        assert_eq!(error.body(), envelope(data).as_bytes());
    }
}

/// One bad object costs neither the others nor itself.
#[test]
fn a_page_keeps_what_can_be_read_and_what_cannot() {
    let odd = tariff("T2").replace("0.45", "\"0.45\"");
    let data = format!(r#"[{}, {{"id": "BAD"}}, null, {odd}, {{"name": "BAD"}}]"#, tariff("T1"));
    let headers =
        [("Link", r#"<https://cpo.example/2>; rel="next""#), ("X-Total-Count", "9"), ("X-Limit", "4")];
    let page = read::<List<Tariff>>(respond(200, &headers, &envelope(&data))).expect("an answer");
    let ids: Vec<&str> = page.value.items.iter().map(|tariff| tariff.id.as_str()).collect();
    assert_eq!(ids, ["T1", "T2"]);
    let partial: Vec<usize> = page.value.partial.iter().map(|aside| aside.index).collect();
    assert_eq!(partial, [1]);
    let rejected: Vec<usize> = page.value.rejected.iter().map(|rejected| rejected.index).collect();
    assert_eq!((rejected, page.value.rejected[0].raw.as_str()), (vec![4], r#"{"name": "BAD"}"#));
    assert_eq!(page.value.next.as_deref(), Some("https://cpo.example/2"));
    assert_eq!((page.value.total_count, page.value.limit), (Some(9), Some(4)));
    assert!(
        page.findings
            .iter()
            .any(|found| found.severity == Severity::Error && found.pointer.starts_with("/1"))
    );
    assert!(page.findings.iter().any(|found| found.pointer == "/3/elements/0/price_components/0/price"));
}

#[test]
fn counts_that_are_no_numbers_are_no_counts() {
    for count in ["", "-1", "many", "1e3", "18446744073709551616"] {
        let page = read::<List<Tariff>>(respond(
            200,
            &[("X-Total-Count", count), ("X-Limit", count)],
            &envelope("[]"),
        ));
        let page = page.expect("an answer").value;
        assert_eq!((page.total_count, page.limit), (None, None), "{count}");
    }
}

#[test]
fn a_dead_line_is_an_error_that_may_be_over_soon() {
    let key = TokenKey { uid: "U".parse().expect("an id"), r#type: TokenType::Rfid };
    let dead = Script::of([]).then(Err(TransportError::new("the line is dead")));
    let sent = pollster::block_on(client().over(&dead).send(&Authorize { token: key, location: None }));
    let error = sent.expect_err("no answer");
    assert_eq!(error.to_string(), "Authorize: no answer: the line is dead");
    assert!(error.is_retryable() && !error.is_unauthorized());
    assert_eq!((error.http_status(), error.body().len(), dead.requests().len()), (None, 0, 1));
}
