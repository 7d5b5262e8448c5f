//! Errors say which endpoint failed, why, and lead to their causes; an observer hears of all of them.

use std::error::Error as _;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ocpi_client::{
    Error, ErrorKind, Registration, RequestIds, Transport, TransportError, TransportErrorKind, transport,
};
use ocpi_testkit::{Script, envelope, failure, fixed_clock, parse, partner_id, respond, success, token};
use ocpi_types::endpoint::{GetCdr, GetCopy, Owned, TariffKey};
use ocpi_types::observe::{Chain, Event, EventKind, Observer, from_fn};
use ocpi_types::protocol::{Party, StatusCode};
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::credentials::Credentials;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::{Url, Version};
use pollster::block_on;

use crate::wire::{TOKEN, client, tariff};

fn refused() -> TransportError {
    let nobody = io::Error::from(io::ErrorKind::ConnectionRefused);
    TransportError::new(nobody).with_kind(TransportErrorKind::Connect)
}

fn get() -> GetCopy<Tariff> {
    let owner = Party::new("NL", "ALF").expect("a party");
    GetCopy::new(Owned { owner, key: TariffKey { tariff_id: "DRIVER-1".parse().expect("an id") } })
}

#[test]
fn the_source_of_an_error_leads_to_the_transports_own() {
    let error =
        block_on(client().over(Script::of([]).then(Err(refused()))).send(&get())).expect_err("nobody");
    assert!(error.is_connect() && error.is_retryable() && !error.is_timeout() && !error.is_tls());
    assert_eq!((error.kind(), error.endpoint()), (ErrorKind::Transport, "GetCopy<Tariff>"));
    let transport = error.source().and_then(|cause| cause.downcast_ref::<TransportError>()).expect("a cause");
    let deepest = transport.source().and_then(|cause| cause.downcast_ref::<io::Error>()).expect("a cause");
    assert_eq!(deepest.kind(), io::ErrorKind::ConnectionRefused);
    // Shown with its causes, it says each of them once.
    assert_eq!(Chain(&error).to_string(), error.to_string());
}

#[test]
fn what_cannot_be_read_has_the_readers_error_as_its_source() {
    let read =
        |body: &str| client().response::<GetCopy<Tariff>>(respond(200, &[], body)).expect_err("no Tariff");
    for (body, code) in [("<html>", None), (&envelope("7"), Some(1000))] {
        let error = read(body);
        assert!(error.is_unreadable() && !error.is_refused_by_partner());
        // An answer came, and its statuses are known.
        assert_eq!(error.http_status().map(|http| http.as_u16()), Some(200));
        assert_eq!(error.status_code().map(StatusCode::get), code);
        assert!(error.source().is_some_and(|cause| cause.is::<ocpi_types::json::Error>()), "{error}");
    }
}

#[test]
fn refusals_have_kinds_statuses_and_a_time_to_wait() {
    let error = client().response::<GetCopy<Tariff>>(failure(409, 2000)).expect_err("a conflict");
    assert!(error.is_conflict() && error.is_refused_by_partner() && error.source().is_none());
    let busy = respond(429, &[("Retry-After", "7")], "");
    let error = client().response::<GetCopy<Tariff>>(busy).expect_err("too often");
    assert_eq!((error.retry_after(), error.is_retryable()), (Some(Duration::from_secs(7)), true));
    let date = respond(503, &[("Retry-After", "Fri, 31 Dec 1999 23:59:59 GMT")], "");
    let error = client().response::<GetCopy<Tariff>>(date).expect_err("not now");
    assert_eq!(error.retry_after(), Some(Duration::ZERO), "it is past");
    let said = respond(503, &[("Retry-After", "later")], "");
    assert_eq!(client().response::<GetCopy<Tariff>>(said).expect_err("not now").retry_after(), None);
}

/// The words of a partner have an accessor of their own: cut, without the token.
#[test]
fn a_partners_words_are_neither_in_the_text_nor_unmasked() {
    let encoded = token(TOKEN).to_header(true);
    let words = format!("unknown token {TOKEN} sent as {encoded}, driver DRIVER-7");
    let body = format!(
        r#"{{"status_code": 2001, "status_message": "{words}", "timestamp": "2026-11-22T10:00:00Z"}}"#
    );
    let error = client().response::<GetCopy<Tariff>>(respond(200, &[], &body)).expect_err("a failure");
    assert_eq!(error.partner_message(), Some("unknown token *** sent as Token ***, driver DRIVER-7"));
    for shown in [error.to_string(), format!("{error:?}"), format!("{error:#?}"), Chain(&error).to_string()] {
        assert!(!shown.contains("unknown token") && !shown.contains("DRIVER"), "{shown}");
    }
}

/// Registration that is interrupted before each of its requests: see `ENDPOINTS`.
#[test]
fn errors_of_a_registration_name_the_endpoint_that_failed() {
    const ENDPOINTS: [&str; 3] = ["GetVersions", "GetVersionDetails", "PutCredentials"];
    let versions = success(r#"[{"version": "2.3.0", "url": "https://cpo.example/2.3.0"}]"#);
    let details = success(
        r#"{"version": "2.3.0", "endpoints": [{"identifier": "credentials", "role": "RECEIVER",
        "url": "https://cpo.example/2.3.0/credentials"}]}"#,
    );
    let answers = [versions, details];
    let ours: Credentials = parse(
        r#"{"token": "token-b", "url": "https://emsp.example/versions", "roles": [{"role": "EMSP",
        "business_details": {"name": "EM"}, "country_code": "DE", "party_id": "EMP"}]}"#,
    );
    for (step, endpoint) in ENDPOINTS.into_iter().enumerate() {
        let (log, observer) = log();
        let run = |script: &Script| -> Error {
            let url = "https://cpo.example/versions".parse().expect("a URL");
            let ids = RequestIds::new("reg");
            let registration = Registration::new(url, token(TOKEN), ours.clone(), &[Version::V2_3_0], ids);
            let observed = registration.observed_by(observer.clone(), fixed_clock(), None);
            block_on(observed.renewing().run(script)).expect_err("interrupted")
        };
        let before = || answers[..step].iter().cloned();
        let dead = run(&Script::of(before()).then(Err(refused())));
        assert_eq!(dead.endpoint(), endpoint, "{dead}");
        let no = run(&Script::of(before()).then(Ok(failure(500, 3000))));
        assert_eq!(no.endpoint(), endpoint, "{no}");
        let failed = log.lock().expect("no panic");
        let failed: Vec<_> = failed.iter().filter(|line| line.starts_with("Failed")).collect();
        assert_eq!(failed.len(), 2, "{failed:?}");
        assert!(failed.iter().all(|line| line.contains(endpoint)), "{failed:?}");
    }
}

type Log = Arc<Mutex<Vec<String>>>;

/// An observer that keeps a line for each event, with everything that the event holds.
fn log() -> (Log, Observer) {
    let log = Log::default();
    let lines = Arc::clone(&log);
    let observer = Observer::new(from_fn(move |event: &Event<'_>| {
        let kind = format!("{:?}", event.kind);
        let name: String = kind.chars().take_while(|c| c.is_ascii_alphabetic()).collect();
        let cause = match event.kind {
            EventKind::Failed(failure) => Chain(failure.error).to_string(),
            _ => String::new(),
        };
        lines.lock().expect("no panic").push(format!("{name} {cause} {event:?}"));
    }));
    (log, observer)
}

fn names(log: &Log) -> Vec<String> {
    let lines = std::mem::take(&mut *log.lock().expect("no panic"));
    lines.iter().map(|line| line.split(' ').next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn an_observer_hears_of_every_end_of_a_request() {
    let (log, observer) = log();
    let client = client().observed_by(observer, fixed_clock(), Some(partner_id("cpo")));
    let send = |transport: &Script| block_on(client.clone().over(transport).send(&get())).map(drop);

    send(&Script::of([success(&tariff("T1"))])).expect("an answer");
    assert_eq!(names(&log), ["RequestSent", "ResponseReceived"]);
    send(&Script::of([success(&tariff("T1").replace("0.45", "\"0.45\""))])).expect("an answer");
    assert_eq!(names(&log), ["RequestSent", "ResponseReceived", "Found"]);
    send(&Script::of([failure(404, 2000)])).expect_err("not there");
    assert_eq!(names(&log), ["RequestSent", "ResponseReceived", "Failed"]);
    send(&Script::of([]).then(Err(refused()))).expect_err("nobody");
    let line = log.lock().expect("no panic")[1].clone();
    for part in
        ["cpo", "Outbound", "2.3.0", "GET", "GetCopy<Tariff>", "{tariff_id}", "run-", "connection refused"]
    {
        assert!(line.replace("V2_3_0", "2.3.0").contains(part), "{part} is missing: {line}");
    }
    assert_eq!(names(&log), ["RequestSent", "Failed"]);

    let never = transport::from_fn(|_| std::future::pending());
    let request = get();
    let over_never = client.clone().over(&never);
    let sending = Box::pin(over_never.send(&request));
    assert!(!block_on(is_ready(sending)));
    assert_eq!(names(&log), ["RequestSent", "Abandoned"]);
}

/// Polls a future once, and gives it up.
async fn is_ready<F: Future + Unpin>(mut work: F) -> bool {
    std::future::poll_fn(|context| {
        std::task::Poll::Ready(std::pin::Pin::new(&mut work).poll(context).is_ready())
    })
    .await
}

/// Requests that cannot be made, and walks that do not end, are heard of as well.
#[test]
fn an_observer_hears_of_requests_that_were_not_sent() {
    let (log, observer) = log();
    let client = client().observed_by(observer, fixed_clock(), None);
    let nowhere = Script::of([]);
    let owner = Party::new("NL", "ALF").expect("a party");
    let dots =
        GetCopy::<Tariff>::new(Owned { owner, key: TariffKey { tariff_id: "..".parse().expect("an id") } });
    block_on(client.clone().over(&nowhere).send(&dots)).expect_err("no path carries it");
    assert_eq!(names(&log), ["Failed"]);
    let foreign =
        GetCdr::<Cdr> { url: Url::from_header("https://elsewhere.example/2").expect("a URL"), at: None };
    block_on(client.over(&nowhere).send(&foreign)).expect_err("a foreign host");
    assert_eq!(names(&log), ["Failed"]);
}

/// Ids that name drivers, tokens and bodies are in no event.
#[test]
fn an_observer_hears_no_secrets() {
    let (log, observer) = log();
    let client = client().observed_by(observer, fixed_clock(), Some(partner_id("cpo")));
    let secret = tariff("DRIVER-1").replace("EUR", "DRIVER-2");
    for answer in [
        success(&secret),
        success(r#"{"id": "DRIVER-3"}"#),
        respond(400, &[("X-Echo", TOKEN)], &format!("{TOKEN} DRIVER-4")),
        respond(200, &[], r#"{"status_code": 2001, "status_message": "DRIVER-5"}"#),
    ] {
        let _ = block_on(client.clone().over(Script::of([answer])).send(&get()));
    }
    let _ = block_on(client.over(Script::of([]).then(Err(refused()))).send(&get()));
    let encoded = token(TOKEN).to_header(true);
    let log = log.lock().expect("no panic");
    assert!(log.len() >= 13, "{log:?}");
    for line in &*log {
        for canary in ["DRIVER", TOKEN, encoded.trim_start_matches("Token ")] {
            assert!(!line.contains(canary), "{canary}: {line}");
        }
    }
}

/// The future of a request with an observer can be sent to another thread.
#[test]
fn futures_can_be_sent() {
    fn is_send<T: Send>(_: &T) {}
    fn with(transport: &impl Transport) {
        let (client, request) = (client(), get());
        is_send(&client.over(transport).send(&request));
    }
    with(&Script::of([]));
}
