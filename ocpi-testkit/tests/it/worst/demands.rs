//! Faults that do not show where the client does right: demands, and oddities that lead to nothing odd.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::Method;
use ocpi_client::Transport;
use ocpi_testkit::{Fault, SimulatedTime, WorstPartner, cpo_and_emsp};
use ocpi_types::observe::{Event, EventKind, Observer, from_fn};
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::locations::Location;

use super::day::spend;
use super::ours;

fn open(fault: Fault) -> (SimulatedTime, WorstPartner) {
    let time = SimulatedTime::default();
    let partner = cpo_and_emsp().seed_city(3).fault(fault).open(&time);
    (time, partner)
}

/// Sends a request by hand, and returns the status of HTTP and the body.
fn ask(fault: Fault, method: Method, path: &str, body: &'static str) -> (u16, String) {
    let (time, partner) = open(fault);
    let request = http::Request::builder()
        .method(method)
        .uri(format!("https://partner.example/ocpi/2.3.0/{path}"))
        .header("authorization", partner.token_a().to_header(true))
        .body(Bytes::from_static(body.as_bytes()))
        .expect("a request");
    let transport = partner.transport();
    let answer = time.run(transport.send(request)).expect("an end").expect("an answer");
    assert_eq!(partner.met(), [fault]);
    (answer.status().as_u16(), String::from_utf8_lossy(answer.body()).into_owned())
}

#[test]
fn demands_are_made() {
    for (fault, method, path, status) in [
        (Fault::DateFromDemanded, Method::GET, "sender/sessions", 400),
        (Fault::PatchWantsTime, Method::PATCH, "receiver/tokens/DE/EMP/1", 200),
        (Fault::RoutingDemanded, Method::GET, "sender/tariffs", 400),
        (Fault::SlashDemanded, Method::GET, "sender/tariffs", 404),
        (Fault::NullsDemanded, Method::POST, "credentials", 422),
        (Fault::RawBehindVersions, Method::GET, "sender/tariffs", 401),
    ] {
        let (http, body) = ask(fault, method, path, r#"{"valid": false}"#);
        assert_eq!(http, status, "{fault:?}");
        assert!(status != 200 || body.contains("2001"), "{body}");
    }
}

#[test]
fn plans_change_what_the_partner_is() {
    for (fault, part) in [
        (Fault::UrlsEndInSlash, "/sender/tariffs/"),
        (Fault::OddPaths, "/svc/7f2_3_0/"),
        (Fault::OddIds, "L%2F2%20"),
        (Fault::TokenBase64Only, "/2.1.1/"),
        (Fault::PartialInOtherVersion, "/2.2.1/"),
    ] {
        let requests = spend(&[fault]).requests;
        assert!(requests.iter().any(|request| request.contains(part)), "{fault:?}: {requests:?}");
    }
    let (time, partner) = open(Fault::ManyRoles);
    assert_eq!(partner.allow().parties.len(), 151);
    drop((time, partner));
    let truth = |fault| {
        let (time, partner) = open(fault);
        time.run(async { (partner.truth::<Location>().await, partner.truth::<Cdr>().await) }).expect("an end")
    };
    assert!(truth(Fault::Unpublished).0.iter().all(|location| !location.publish));
    assert!(truth(Fault::DotIds).0.iter().any(|location| location.id == ".."));
    assert!(truth(Fault::OddSignedData).1.iter().all(|cdr| cdr.signed_data.is_some()));
}

#[test]
fn a_clock_may_be_an_hour_ahead_or_behind() {
    for (fault, hour) in [(Fault::ClockAhead, "T13:"), (Fault::ClockBehind, "T11:")] {
        let (time, partner) = open(fault);
        let request = http::Request::get(partner.versions_url().as_str())
            .header("authorization", partner.token_a().to_header(true))
            .body(Bytes::new())
            .expect("a request");
        let answer = time.run(partner.transport().send(request)).expect("an end").expect("an answer");
        let body = String::from_utf8_lossy(answer.body()).into_owned();
        assert!(body.contains(hour), "{body}");
    }
}

/// Rules of the results that our platform found odd, while a partner with a fault did a command; whether the result was there
/// with the answer to the command; and whether it is a success.
fn command(fault: Fault) -> (Vec<String>, bool, bool) {
    let (time, partner) = open(fault);
    let told: Arc<Mutex<Vec<String>>> = Arc::default();
    let notes = Arc::clone(&told);
    let observer = Observer::new(from_fn(move |event: &Event<'_>| {
        if let EventKind::OddResult(odd) = &event.kind {
            notes.lock().expect("no panic").push(odd.rule.to_owned());
        }
    }));
    let commanded = async {
        let (ours, _) = ours::open_observed(&partner, &time, observer).await;
        let registered =
            ours.register("partner", partner.versions_url(), partner.token_a(), partner.allow()).await;
        registered.expect("registered");
        let sent = ours.stop_session("partner", &"S1".parse().expect("an id")).await.expect("an answer");
        let was_first = sent.outcome().await.expect("a store").is_some();
        partner.settle().await;
        let outcome = sent.result().await.expect("a store");
        // It never changes.
        assert_eq!(sent.result().await.expect("a store"), outcome);
        (was_first, outcome.is_accepted())
    };
    let (was_first, is_accepted) = time.run(commanded).expect("an end");
    let told = told.lock().expect("no panic").clone();
    (told, was_first, is_accepted)
}

#[test]
fn results_come_as_the_faults_say() {
    for (fault, rules, was_first, is_accepted) in [
        (Fault::NoLink, &[][..], false, true),
        (Fault::ResultTwice, &["result.repeated"], false, true),
        (Fault::ResultFirst, &[], true, true),
        (Fault::ResultForged, &["result.unknown"], false, true),
        (Fault::ResultLate, &["result.late"], false, false),
        (Fault::ResultNever, &["result.missing"], false, false),
    ] {
        let (told, was_there, outcome) = command(fault);
        assert_eq!(told, rules, "{fault:?}");
        assert_eq!((was_there, outcome), (was_first, is_accepted), "{fault:?}");
    }
}

/// The time until which a partner is busy is one of its own clock, whatever day it is.
#[test]
fn busy_until_is_a_time_to_come() {
    let time = SimulatedTime::default();
    time.advance(std::time::Duration::from_secs(90 * 24 * 3_600));
    let partner = cpo_and_emsp().seed_city(3).fault(Fault::BusyUntil).open(&time);
    let request = http::Request::get("https://partner.example/ocpi/2.3.0/sender/sessions")
        .header("authorization", partner.token_a().to_header(true))
        .body(Bytes::new())
        .expect("a request");
    let answer = time.run(partner.transport().send(request)).expect("an end").expect("an answer");
    assert_eq!(answer.headers()["retry-after"], "Sat, 20 Feb 2027 12:00:40 GMT");
}
