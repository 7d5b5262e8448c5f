//! Options of one request.

use std::future::{pending, ready};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ocpi_client::{ErrorKind, RequestOptions, transport};
use ocpi_testkit::{Script, party, success};
use ocpi_types::Timer;
use ocpi_types::endpoint::{GetCopy, GetVersions, List, Owned, TariffKey};
use ocpi_types::protocol::TokenForm;
use ocpi_types::v2_3_0::tariffs::Tariff;
use pollster::block_on;

use crate::wire::{client, tariff};

fn get() -> GetCopy<Tariff> {
    let key = TariffKey { tariff_id: "T1".parse().expect("an id") };
    GetCopy::new(Owned { owner: party("NL/ALF"), key })
}

#[test]
fn options_take_the_place_of_the_settings_of_the_client() {
    let client = client().with_parties(party("DE/EMP"), party("NL/ALF"));
    let options = RequestOptions::new()
        .from(party("DE/ABC"))
        .to(party("BE/XYZ"))
        .request_id("4b1e")
        .correlation_id("of-another");
    let request = client.request_with(&get(), &options).expect("offered");
    for (name, value) in [
        ("ocpi-from-country-code", "DE"),
        ("ocpi-from-party-id", "ABC"),
        ("ocpi-to-country-code", "BE"),
        ("ocpi-to-party-id", "XYZ"),
        ("x-request-id", "4b1e"),
        ("x-correlation-id", "of-another"),
    ] {
        assert_eq!(request.headers()[name], value, "{name}");
    }
    let to_another = RequestOptions::new().to(party("BE/XYZ"));
    let request = client.request_with(&get(), &to_another).expect("offered");
    assert_eq!(request.headers()["ocpi-from-party-id"], "EMP");
    assert_eq!(request.headers()["ocpi-to-party-id"], "XYZ");
    let request = client.request_with(&get(), &RequestOptions::new().request_id("9")).expect("offered");
    assert_eq!(request.headers()["x-correlation-id"], "9");
    let request = client.request_with(&GetVersions, &to_another).expect("offered");
    assert_eq!(request.headers().get("ocpi-to-party-id"), None, "nothing is routed");
}

#[test]
fn an_id_that_no_header_can_carry_is_not_sent() {
    for id in ["", " ", "a b", "a\r\nb", "é", &"x".repeat(129)] {
        for options in [RequestOptions::new().request_id(id), RequestOptions::new().correlation_id(id)] {
            let error = client().request_with(&get(), &options).expect_err("no id");
            assert_eq!(error.kind(), ErrorKind::Unsendable, "{id:?}");
        }
    }
    let longest = "~".repeat(128);
    client().request_with(&get(), &RequestOptions::new().request_id(longest)).expect("an id");
}

#[test]
fn a_deadline_ends_a_request_that_gets_no_answer() {
    let waited = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&waited);
    let timer = Timer::new(move |time: Duration| {
        told.lock().expect("no panic").push(time);
        ready(())
    });
    let never = client().with_timer(timer).over(transport::from_fn(|_| pending()));
    let options = RequestOptions::new().within(Duration::from_secs(2));
    let error = block_on(never.send_with(&get(), &options)).expect_err("too late");
    assert!(error.is_timeout() && error.is_retryable());
    assert_eq!(*waited.lock().expect("no panic"), [Duration::from_secs(2)]);

    // An answer that is there is taken, whatever the timer says.
    let script = Script::of([success(&tariff("T1")), success(&tariff("T1"))]);
    let prompt = client().with_timer(Timer::new(|_| ready(()))).over(&script);
    block_on(prompt.send_with(&get(), &options)).expect("an answer");
    let patient = client().with_timer(Timer::new(|_| pending())).over(&script);
    block_on(patient.send_with(&get(), &options)).expect("an answer");
}

#[test]
fn clones_and_clients_over_other_transports_have_their_own_settings() {
    let first = client().with_token_form(TokenForm::Base64);
    let second = first.clone().with_token_form(TokenForm::Plain);
    assert_eq!(first.profile().token, Some(TokenForm::Base64));
    assert_eq!(second.profile().token, Some(TokenForm::Plain));
    let script = Arc::new(Script::of([success("[]"), success("[]")]));
    let shared = first.over(Arc::clone(&script));
    let clone = shared.clone();
    for client in [shared, clone] {
        block_on(client.send(&List::<Tariff>::all())).expect("an answer");
    }
    let ids: Vec<_> = script.requests().iter().map(|it| it.headers()["x-request-id"].clone()).collect();
    assert_eq!(ids, ["run-0", "run-1"], "clones count on together");
}

#[test]
fn what_is_shown_of_options_is_what_was_asked_for() {
    let shown = format!("{:?}", RequestOptions::new().to(party("BE/XYZ")).request_id("4b1e"));
    assert!(shown.contains("4b1e") && shown.contains("XYZ"), "{shown}");
    assert!(!format!("{:?}", client().over("my-transport")).contains("my-transport"));
}
