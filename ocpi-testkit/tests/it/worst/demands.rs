//! Faults that do not show where the client does right: demands, and oddities that lead to nothing odd.

use bytes::Bytes;
use http::Method;
use ocpi_client::Transport;
use ocpi_testkit::{Fault, SimulatedTime, WorstPartner, cpo_and_emsp};
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::locations::Location;

use super::day::spend;

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
