//! Tokens are in requests, and nowhere else: not in what is shown of anything.

use std::fmt::Debug;

use ocpi_client::{Discovery, Error, Registration, RequestIds};
use ocpi_testkit::{Script, failure, parse, respond, success, token};
use ocpi_types::endpoint::{Endpoint, GetCopy, List, PostCredentials, Put};
use ocpi_types::protocol::TokenForm;
use ocpi_types::v2_3_0::credentials::Credentials;
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tariffs::Tariff;

use crate::wire::{TOKEN, client, session};

/// A token as it stands, in Base64 and in hexadecimal.
fn forms(text: &str) -> Vec<String> {
    let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    let encoded = token(text).to_header(true).trim_start_matches("Token ").to_owned();
    vec![text.to_owned(), encoded, hex.to_uppercase(), hex]
}

/// The token in use, the one that we give out, and the one that we are given.
const CANARIES: [&str; 3] = [TOKEN, "canary-b-0a1b2c3d", "canary-c-3d2c1b0a"];

#[track_caller]
fn hides(shown: &str) {
    for canary in CANARIES.into_iter().flat_map(forms) {
        assert!(!shown.contains(&canary), "{canary} is shown: {shown}");
    }
}

#[track_caller]
fn debug_hides(value: &impl Debug) {
    hides(&format!("{value:?}"));
    hides(&format!("{value:#?}"));
}

fn credentials(with: &str) -> Credentials {
    parse(&CREDENTIALS.replace("TOKEN", with))
}

const CREDENTIALS: &str = r#"{"token": "TOKEN", "url": "https://cpo.example/versions", "roles": [{"role": "CPO",
    "business_details": {"name": "Alfa"}, "country_code": "NL", "party_id": "ALF"}]}"#;

#[test]
fn the_canaries_are_on_the_wire() {
    let request = client().request(&PostCredentials(credentials(CANARIES[1]))).expect("offered");
    let header = request.headers()["authorization"].to_str().expect("ASCII");
    assert!(header.contains(&forms(TOKEN)[1]));
    assert!(String::from_utf8_lossy(request.body()).contains(CANARIES[1]));
    let plain = client().with_token_form(TokenForm::Plain).request(&List::<Tariff>::all()).expect("offered");
    assert!(plain.headers()["authorization"].to_str().expect("ASCII").contains(TOKEN));
}

#[test]
fn what_is_shown_of_a_client_and_its_requests_holds_no_token() {
    for form in [TokenForm::Base64, TokenForm::Plain] {
        let client = client().with_token_form(form);
        debug_hides(&client);
        debug_hides(&client.request(&List::<Tariff>::all()).expect("offered"));
        debug_hides(&client.request(&Put::<Session>::of(parse(&session()))).expect("offered"));
        debug_hides(&client.pages::<Tariff>());
    }
    debug_hides(&credentials(CANARIES[1]));
    debug_hides(&PostCredentials(credentials(CANARIES[1])));
}

#[test]
fn what_is_shown_of_a_handshake_holds_no_token() {
    let versions = r#"[{"version": "2.3.0", "url": "https://cpo.example/2.3.0"}]"#;
    let details = r#"{"version": "2.3.0", "endpoints":
        [{"identifier": "credentials", "role": "SENDER", "url": "https://cpo.example/2.3.0/credentials"}]}"#;
    let url = || "https://cpo.example/versions".parse().expect("a URL");
    let wanted = [ocpi_types::Version::V2_3_0];
    debug_hides(&Discovery::new(url(), token(TOKEN), &wanted, RequestIds::new("r")));
    let ours = credentials(CANARIES[1]);
    let mut registration = Registration::new(url(), token(TOKEN), ours, &wanted, RequestIds::new("r"));
    debug_hides(&registration);
    // A refusal that quotes the token is kept until the other form was tried.
    let quoted = format!(r#"{{"status_code": 2001, "status_message": "{TOKEN} is no token of ours"}}"#);
    debug_hides(&registration.step(respond(401, &[], &quoted)));
    debug_hides(&registration);
    for data in [versions, details, &CREDENTIALS.replace("TOKEN", CANARIES[2])] {
        debug_hides(&registration.step(success(data)));
        debug_hides(&registration);
    }
}

#[test]
fn what_is_shown_of_an_answer_holds_no_token() {
    let theirs = CREDENTIALS.replace("TOKEN", CANARIES[2]);
    debug_hides(&client().response::<PostCredentials<Credentials>>(success(&theirs)).expect("an answer"));
    let list = format!("[{theirs}]");
    debug_hides(&client().response::<List<Tariff>>(success(&list)).expect("a page of rejected objects"));
}

fn error<E: Endpoint>(response: http::Response<bytes::Bytes>) -> Error
where
    E::Response: Debug,
{
    client().response::<E>(response).expect_err("an error")
}

/// The body of an answer may hold what it was that could not be read.
#[test]
fn what_is_shown_of_an_error_holds_no_token() {
    let theirs = CREDENTIALS.replace("TOKEN", CANARIES[2]);
    let cut = &theirs[..theirs.len() - 1];
    for error in [
        error::<PostCredentials<Credentials>>(success(&theirs.replace("\"url\"", "\"urls\""))),
        error::<PostCredentials<Credentials>>(respond(200, &[], cut)),
        error::<PostCredentials<Credentials>>(respond(500, &[], &theirs)),
        error::<GetCopy<Tariff>>(respond(502, &[("x-echo", TOKEN)], &format!("<html>{TOKEN}</html>"))),
        error::<GetCopy<Tariff>>(failure(401, 2000)),
    ] {
        debug_hides(&error);
        hides(&error.to_string());
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            hides(&cause.to_string());
            source = cause.source();
        }
    }
}

#[test]
fn what_is_shown_of_a_request_that_failed_holds_no_token() {
    let dead = Script::of([]).then_nothing();
    let sent = pollster::block_on(client().over(&dead).send(&PostCredentials(credentials(CANARIES[1]))));
    let error = sent.expect_err("no answer");
    debug_hides(&error);
    hides(&error.to_string());
}

/// The words of a partner may quote the token that it was sent.
#[test]
fn a_message_that_quotes_our_token_is_masked() {
    let body = format!(
        r#"{{"status_code": 2000, "status_message": "token {TOKEN} refused", "timestamp": "2026-11-22T10:00:00Z"}}"#
    );
    let error = client().response::<GetCopy<Tariff>>(respond(200, &[], &body)).expect_err("a failure");
    hides(&error.to_string());
    debug_hides(&error);
    assert_eq!(error.partner_message(), Some("token *** refused"));
}
