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

/// To a write, whatever does not speak of a failure is a success; a web page is none.
#[test]
fn a_push_wants_no_envelope_but_no_failure_either() {
    let echoed = tariff("T1");
    for (body, is_done) in [
        ("{}", true),
        ("[]", true),
        ("null", true),
        ("true", true),
        ("1", true),
        ("\"ok\"", true),
        ("OK", true),
        ("Accepted.\r\n", true),
        (r#"{"success": true}"#, true),
        (r#"{"status": "ok", "message": null}"#, true),
        (&*echoed, true),
        ("false", false),
        ("\"error\"", false),
        ("Internal error", false),
        ("Access denied", false),
        (r#"{"error": "no such object"}"#, false),
        (r#"{"success": false}"#, false),
        (r#"{"status": 500, "message": "out of memory"}"#, false),
        (r#"{"status": "error"}"#, false),
        (r#"{"message": "Internal server error"}"#, false),
        (r#"{"message": "stored"}"#, true),
        (r#"{"statusCode": "#, false),
        ("<html><body>Log in</body></html>", false),
        ("<h1>It works!</h1>", false),
        ("\u{1}\u{0}", false),
    ] {
        for status in [200, 201, 202] {
            let put = read::<Put<Tariff>>(respond(status, &[], body));
            let deleted = read::<Delete<Tariff>>(respond(status, &[], body));
            let posted = read::<PostCdr<Cdr>>(respond(status, &[("Location", "/cdrs/1")], body));
            assert_eq!([put.is_ok(), deleted.is_ok(), posted.is_ok()], [is_done; 3], "HTTP {status}: {body}");
            if let Ok(put) = put {
                let is_new = put.value == PushOutcome::Created;
                assert_eq!((is_new, put.status_code), (status == 201, StatusCode::SUCCESS));
                assert!(put.findings.iter().any(|found| found.rule.id() == "env.missing"), "{body}");
                assert_eq!(posted.expect("as the PUT").value.location.as_deref(), Some("/cdrs/1"));
            }
        }
        for status in [302, 400, 404, 500] {
            read::<Put<Tariff>>(respond(status, &[], body)).expect_err("HTTP says no");
        }
    }
}

/// Nothing but a list becomes a list, and nothing but an object an object.
/// A line that breaks within an answer leaves the start of a refusal. It says nothing, so it is no success.
#[test]
fn the_start_of_an_answer_is_no_success() {
    let refusal =
        r#"{"status_code":2000,"status_message":"client error","timestamp":"2026-11-22T10:00:00Z"}"#;
    let success = r#"{"data":null,"status_code":1000,"timestamp":"2026-11-22T10:00:00Z"}"#;
    let list = r#"[{"status_code":2000,"timestamp":"2026-11-22T10:00:00Z"}]"#;
    for whole in [refusal, success, list] {
        for length in 1..whole.len() {
            let start = whole.get(..length).expect("ASCII");
            let told = [
                read::<PostCdr<Cdr>>(respond(200, &[], start)).is_ok(),
                read::<Put<Tariff>>(respond(201, &[], start)).is_ok(),
                read::<Delete<Tariff>>(respond(200, &[], start)).is_ok(),
            ];
            // What is told wholly counts, whatever follows it.
            let is_said = whole == success && length > r#"{"data":null,"status_code":1000"#.len();
            assert!(is_said || told == [false; 3], "{start}: {told:?}");
        }
    }
}

#[test]
fn a_read_wants_what_it_asked_for() {
    let html = "<html><body>Log in</body></html>";
    for body in [html, "OK", "{}", "null", "true", "\"ok\"", "[", "", " ", "[]x"] {
        for status in [200, 201, 202, 204, 404, 500] {
            let list = read::<List<Tariff>>(respond(status, &[], body)).expect_err("no list");
            assert_eq!(list.http_status().map_or(status, |http| http.as_u16()), status, "{body}");
            read::<GetVersions>(respond(status, &[], body)).expect_err("no list");
            read::<GetCopy<Tariff>>(respond(status, &[], body)).expect_err("no object");
            read::<StopSession>(respond(status, &[], body)).expect_err("no answer of a command");
        }
    }
}

/// The envelope says whether a request succeeded, also where HTTP's status says something else.
#[test]
fn the_envelope_wins() {
    let one = tariff("T1");
    let many = format!("[{one}]");
    for (http, code, data, is_answer) in [
        // By the first digit of the code.
        (200, 1000, &*one, true),
        (200, 1001, &one, true),
        (200, 1900, &one, true),
        (200, 1999, &one, true),
        (200, 2000, &one, false),
        (200, 2900, &one, false),
        (200, 3999, &one, false),
        (200, 4001, &one, false),
        (200, 5000, &one, false),
        (200, 200, &one, false),
        (201, 1000, &one, true),
        (202, 1000, &one, true),
        // Against HTTP's.
        (400, 1000, &one, true),
        (404, 1900, &one, true),
        (404, 1000, &many, true),
        (500, 1000, &one, true),
        (503, 1000, &one, true),
        (404, 2003, &one, false),
        (500, 2001, &one, false),
        (302, 1000, &one, false),
        // Without the data there is nothing that succeeded.
        (404, 1000, "null", false),
        (404, 1000, "[]", false),
        (404, 1000, "{}", false),
        (500, 1000, "\"odd\"", false),
    ] {
        let body = format!(r#"{{"data": {data}, "status_code": {code}, "timestamp": "{NOW}"}}"#);
        let what = format!("HTTP {http}, {code}, {data}");
        match read::<GetCopy<Tariff>>(respond(http, &[], &body)) {
            Ok(answer) => {
                assert!(is_answer, "{what}");
                assert_eq!((answer.value.id.as_str(), answer.status_code.get()), ("T1", code));
                let is_noted = answer.findings.iter().any(|found| found.rule.id() == "http.status");
                assert_eq!(is_noted, http >= 400, "{what}");
            }
            Err(error) => {
                assert!(!is_answer, "{what}: {error}");
                assert_eq!(error.status_code(), Some(StatusCode::new(code)), "{what}");
            }
        }
        // To a write no data is due: HTTP's failure is one.
        let put = read::<Put<Tariff>>(respond(http, &[], &body));
        assert_eq!(put.is_ok(), http < 300 && (1000..2000).contains(&code), "{what}");
    }
    for (http, is_list) in [(200, true), (404, true), (400, true), (500, false), (503, false)] {
        for (data, count) in [("[]", 0), (&*many, 1)] {
            let list = read::<List<Tariff>>(respond(http, &[], &envelope(data)));
            assert_eq!(list.map(|page| page.value.items.len()).ok(), is_list.then_some(count), "HTTP {http}");
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
        (500, 2001, nothing()),
        (500, 3000, Is { retryable: true, ..nothing() }),
        (500, 3002, nothing()),
        (501, 3000, nothing()),
        (503, 2000, Is { retryable: true, ..nothing() }),
        (200, 3900, Is { retryable: true, ..nothing() }),
        (200, 3003, nothing()),
        (200, 4002, Is { retryable: true, ..nothing() }),
        (200, 4001, nothing()),
        (200, 0, nothing()),
        (200, 999, nothing()),
        // HTTP says no: without data, 1000 means nothing.
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
fn bodies_that_are_not_ocpi_are_kept_with_the_error() {
    let html = "<!DOCTYPE html><html><body>Bad Gateway</body></html>";
    for (http, body, text) in [
        (502, html, "GetCopy<Tariff>: the partner answered HTTP 502: the answer is a web page"),
        (503, "busy", "GetCopy<Tariff>: the partner answered HTTP 503: the answer is plain text"),
        (500, "\u{0}\u{1}", "GetCopy<Tariff>: the partner answered HTTP 500: the answer is no text"),
        (
            401,
            "",
            "GetCopy<Tariff>: the partner answered HTTP 401; the token is not good: try its other form, else register again",
        ),
        (404, "{\"error\": \"no\"}", "GetCopy<Tariff>: the partner answered HTTP 404"),
        (307, "", "GetCopy<Tariff>: the partner answered HTTP 307"),
        (200, html, "GetCopy<Tariff>: the answer is a web page (HTTP 200)"),
        (200, "OK", "GetCopy<Tariff>: the answer is plain text (HTTP 200)"),
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
        let code = body.contains("status_code").then_some(StatusCode::SUCCESS);
        assert_eq!((error.body().as_ref(), error.status_code()), (body.as_bytes(), code));
        assert_eq!(error.http_status().map(|http| http.as_u16()), Some(http));
        assert_eq!(error.is_unauthorized(), http == 401);
    }
}

/// An operator learns what the partner did not like; nobody learns a token.
#[test]
fn an_excerpt_shows_bodies_that_are_not_ocpi() {
    let detail = r#"{"detail": [{"loc": ["body", "type"], "msg": "field required"}]}"#;
    for (http, body, shown) in [
        (422, detail, Some(detail)),
        (502, "<html><title>502</title><p>Bad  Gateway</p></html>", Some("502 Bad Gateway")),
        (200, "<html>Log in</html>", Some("Log in")),
        (200, "no list today", Some("no list today")),
        (401, "no token like canary-4f1c9be27d", Some("no token like ***")),
        (404, "", None),
        (500, "\u{0}", None),
        (200, &*envelope("1"), None),
        (200, r#"{"status_code": 2001, "status_message": "no"}"#, None),
    ] {
        let error = read::<List<Tariff>>(respond(http, &[], body)).expect_err("no list");
        assert_eq!(error.excerpt(), shown, "{body}");
        let said = format!("{error} {error:?}");
        assert!(shown.is_none_or(|shown| !said.contains(shown)), "{said}");
    }
    let put = read::<Put<Tariff>>(respond(200, &[], r#"{"error": "full"}"#)).expect_err("a failure");
    assert_eq!(put.excerpt(), Some(r#"{"error": "full"}"#));
    let told = "Put<Tariff>: the partner answered HTTP 200: it does not say that it did what was asked";
    assert_eq!(put.to_string(), told);
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
