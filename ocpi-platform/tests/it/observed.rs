//! The observer of a platform hears of both directions, and of the causes of failures.

use std::sync::{Arc, Mutex};

use ocpi_testkit::{Network, PlatformSetup};
use ocpi_types::endpoint::GetVersions;
use ocpi_types::observe::{Chain, Direction, Event, EventKind, Observer, from_fn};
use pollster::block_on;

type Log = Arc<Mutex<Vec<String>>>;

/// An observer that notes direction, partner, endpoint and cause of what is answered or fails.
fn noting(log: &Log) -> Observer {
    let log = Arc::clone(log);
    Observer::new(from_fn(move |event: &Event<'_>| {
        let what = match &event.kind {
            EventKind::ResponseSent(_) | EventKind::ResponseReceived(_) => "answered".to_owned(),
            EventKind::Failed(failure) => Chain(failure.error).to_string(),
            _ => return,
        };
        let (way, exchange) =
            (if event.exchange.direction == Direction::Inbound { "in" } else { "out" }, &event.exchange);
        let partner = exchange.partner.map_or("?", |partner| partner.as_str());
        let line = format!("{way} {partner} {}: {what}", exchange.endpoint.unwrap_or("?"));
        log.lock().expect("no panic").push(line);
    }))
}

#[test]
fn registration_and_requests_are_heard_of_on_both_sides() {
    let network = Network::default();
    let (at_cpo, at_emsp) = (Log::default(), Log::default());
    let cpo = PlatformSetup { observer: noting(&at_cpo), ..PlatformSetup::cpo() }.open(&network);
    let emsp = PlatformSetup { observer: noting(&at_emsp), ..PlatformSetup::emsp() }.open(&network);
    emsp.register_with(&cpo, "cpo", "emsp").expect("registered");
    let (heard_at_cpo, heard_at_emsp) = (take(&at_cpo), take(&at_emsp));
    for line in ["in emsp PostCredentials: answered", "out emsp GetVersions: answered"] {
        assert!(heard_at_cpo.iter().any(|heard| heard == line), "{line} in {heard_at_cpo:#?}");
    }
    for line in ["out cpo PostCredentials: answered", "in cpo GetVersions: answered"] {
        assert!(heard_at_emsp.iter().any(|heard| heard == line), "{line} in {heard_at_emsp:#?}");
    }

    block_on(emsp.platform.send("cpo", &GetVersions)).expect("answered");
    assert_eq!(take(&at_emsp), ["out cpo GetVersions: answered"]);
    assert_eq!(take(&at_cpo), ["in emsp GetVersions: answered"]);
}

fn take(log: &Log) -> Vec<String> {
    std::mem::take(&mut *log.lock().expect("no panic"))
}
