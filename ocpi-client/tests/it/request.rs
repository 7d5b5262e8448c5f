//! From an endpoint to a request.

use http::header;
use ocpi_client::{Client, Error, ErrorKind, RequestIds};
use ocpi_testkit::{parse, token};
use ocpi_types::endpoint::{
    Authorize, Delete, Endpoint, GetCdr, GetCopy, GetCredentials, GetOwn, GetVersionDetails, GetVersions,
    List, Owned, PostCommandResult, Put, TariffKey, TokenKey,
};
use ocpi_types::protocol::{Party, TokenForm};
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::commands::{CommandResult, CommandResultInit, CommandResultType};
use ocpi_types::v2_3_0::credentials::Credentials;
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::{LocationReferencesInit, TokenType};
use ocpi_types::{InterfaceRole, ModuleId, Url, Version, json};

use crate::wire::{TOKEN, client, endpoint, session};

fn alf() -> Party {
    Party::new("NL", "ALF").expect("a party")
}

fn url(text: &str) -> Url {
    json::from_str(&format!("{text:?}")).expect("a string")
}

fn tariff_at(id: &str) -> Owned<TariffKey> {
    Owned { owner: alf(), key: TariffKey { tariff_id: id.parse().expect("an id") } }
}

fn result_to(to: &str) -> PostCommandResult {
    let result: CommandResult = CommandResultInit { result: CommandResultType::Accepted }.into();
    PostCommandResult { url: url(to).into(), result }
}

#[test]
fn a_request_has_what_the_specification_asks_for() {
    let from = Party::new("DE", "EMP").expect("a party");
    let request =
        client().with_parties(from, alf()).request(&Put::<Session>::of(parse(&session()))).expect("offered");
    assert_eq!(request.method(), http::Method::PUT);
    assert_eq!(request.uri(), "https://cpo.example/ocpi/2.3.0/receiver/sessions/NL/ALF/S1");
    let mut headers: Vec<(&str, &str)> = request
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str(), value.to_str().expect("ASCII")))
        .collect();
    headers.sort_unstable();
    assert_eq!(
        headers,
        [
            ("authorization", token(TOKEN).to_header(true).as_str()),
            ("content-type", "application/json"),
            ("ocpi-from-country-code", "DE"),
            ("ocpi-from-party-id", "EMP"),
            ("ocpi-to-country-code", "NL"),
            ("ocpi-to-party-id", "ALF"),
            ("x-correlation-id", "run-0"),
            ("x-request-id", "run-0"),
        ]
    );
    assert!(request.headers()[header::AUTHORIZATION].is_sensitive());
    assert_eq!(parse::<Session>(std::str::from_utf8(request.body()).expect("text")), parse(&session()));
}

#[test]
fn no_body_has_no_type_and_each_request_its_own_id() {
    let client = client();
    for number in 0..3 {
        let request = client.request(&List::<Tariff>::all()).expect("offered");
        assert!(request.body().is_empty());
        assert_eq!(request.headers().get(header::CONTENT_TYPE), None);
        assert_eq!(request.headers()["x-request-id"], format!("run-{number}"));
    }
}

#[test]
fn parties_are_not_named_where_nothing_is_routed() {
    let from = Party::new("DE", "EMP").expect("a party");
    let client = client().with_parties(from, alf());
    for request in [
        client.request(&GetVersions),
        client.request(&GetVersionDetails { url: Some(url("https://cpo.example/ocpi/2.3.0")) }),
        client.request(&GetCredentials::<Credentials>::default()),
    ] {
        let request = request.expect("offered");
        assert_eq!(request.headers().get("ocpi-to-party-id"), None);
        assert!(request.headers().contains_key("x-request-id"));
    }
}

#[test]
fn the_oldest_version_has_plain_tokens_and_no_ids() {
    let there = endpoint(ModuleId::Tariffs, InterfaceRole::Sender, "https://cpo.example/tariffs");
    let client = Client::new(Version::V2_1_1, vec![there], token(TOKEN), RequestIds::new("run"))
        .with_parties(alf(), alf());
    assert_eq!(client.profile().token, None);
    let request = client.request(&List::<Tariff>::all()).expect("offered");
    let names: Vec<&str> = request.headers().keys().map(|name| name.as_str()).collect();
    assert_eq!(names, ["authorization"]);
    assert_eq!(request.headers()["authorization"], token(TOKEN).to_header(false));
    let encoded = client.with_token_form(TokenForm::Base64).request(&List::<Tariff>::all()).expect("offered");
    assert_eq!(encoded.headers()["authorization"], token(TOKEN).to_header(true));
}

#[test]
fn what_is_not_offered_cannot_be_asked_for() {
    let only = |module, role| {
        let there = endpoint(module, role, "https://cpo.example/x");
        Client::new(Version::V2_3_0, vec![there], token(TOKEN), RequestIds::new("run"))
    };
    let receiver = only(ModuleId::Tariffs, InterfaceRole::Receiver);
    assert!(receiver.offers::<Put<Tariff>>() && !receiver.offers::<List<Tariff>>());
    let error = receiver.request(&List::<Tariff>::all()).expect_err("only the other side is there");
    assert!(error.is_not_offered());
    assert_eq!(
        error.to_string(),
        "List<Tariff>: the partner does not offer this endpoint; ask for its version details again, or do without"
    );
    // The role of credentials means nothing.
    let credentials = only(ModuleId::Credentials, InterfaceRole::Receiver);
    assert!(credentials.offers::<GetCredentials<Credentials>>());
    assert!(credentials.request(&GetVersions).expect_err("no URL of versions").is_not_offered());
}

/// `{locations_endpoint_url}` with and without a slash at its end is the same.
#[test]
fn paths_are_appended_to_any_url() {
    for (base, expected) in [
        ("https://cpo.example/t", "https://cpo.example/t/NL/ALF/T1"),
        ("https://cpo.example/t/", "https://cpo.example/t/NL/ALF/T1"),
        ("https://cpo.example:8443/a%20b", "https://cpo.example:8443/a%20b/NL/ALF/T1"),
        ("http://cpo.example", "http://cpo.example/NL/ALF/T1"),
    ] {
        let there = endpoint(ModuleId::Tariffs, InterfaceRole::Receiver, base);
        let client = Client::new(Version::V2_3_0, vec![there], token(TOKEN), RequestIds::new("run"));
        let request = client.request(&GetCopy::<Tariff>::new(tariff_at("T1"))).expect("offered");
        assert_eq!(request.uri(), expected);
    }
}

#[test]
fn a_url_to_which_nothing_is_appended_stays_as_it_was_given() {
    for base in ["https://cpo.example/t", "https://cpo.example/t/", "https://cpo.example/t/?x=%2F"] {
        let there = endpoint(ModuleId::Tariffs, InterfaceRole::Sender, base);
        let client = Client::new(Version::V2_3_0, vec![there], token(TOKEN), RequestIds::new("run"));
        assert_eq!(client.request(&List::<Tariff>::all()).expect("offered").uri(), base);
        assert_eq!(client.request(&List::<Tariff>::at(url(base))).expect("offered").uri(), base);
    }
    let result = client().request(&result_to("https://cpo.example/results/1/")).expect("it can be sent");
    assert_eq!(result.uri(), "https://cpo.example/results/1/");
}

#[test]
fn ids_of_odd_characters_are_encoded() {
    for (id, expected) in [
        ("A/B", "A%2FB"),
        ("NL*ALF*1", "NL%2AALF%2A1"),
        ("#1", "%231"),
        ("50%", "50%25"),
        ("%2e%2e", "%252e%252e"),
        ("a b", "a%20b"),
        ("?x=1&y", "%3Fx%3D1%26y"),
        ("...", "..."),
        ("..x", "..x"),
        ("\\", "%5C"),
    ] {
        let request = client().request(&GetCopy::<Tariff>::new(tariff_at(id))).expect("it can be sent");
        assert_eq!(request.uri().path(), format!("/ocpi/2.3.0/receiver/tariffs/NL/ALF/{expected}"));
        assert_eq!(request.uri().query(), None);
    }
}

#[test]
fn ids_that_no_path_can_carry_are_refused() {
    let unsendable = |made: Result<http::Request<bytes::Bytes>, Error>| {
        let error = made.expect_err("it must not be sent");
        assert_eq!(error.kind(), ErrorKind::Unsendable, "{error}");
    };
    for id in [".", "..", ""] {
        unsendable(client().request(&GetCopy::<Tariff>::new(tariff_at(id))));
        unsendable(client().request(&Delete::<Tariff> { at: tariff_at(id) }));
        unsendable(client().request(&GetOwn::<Tariff> { key: tariff_at(id).key }));
        let token = TokenKey { uid: id.parse().expect("an id"), r#type: TokenType::Rfid };
        unsendable(client().request(&Authorize { token, location: None }));
        let mut session: Session = parse(&session());
        session.id = id.parse().expect("an id");
        unsendable(client().request(&Put::of(session)));
    }
}

/// RequestIds that were read may hold anything. In a URL an id is one line, and one segment.
#[test]
fn ids_that_were_read_break_no_request() {
    for (id, expected) in [(r"a\r\nX-Evil: 1", "a%0D%0AX-Evil%3A%201"), (r"\u0000", "%00"), ("é", "%C3%A9")]
    {
        let session: Session = parse(&session().replace("S1", id));
        let request = client().request(&Put::of(session)).expect("it can be sent");
        assert_eq!(request.uri().path(), format!("/ocpi/2.3.0/receiver/sessions/NL/ALF/{expected}"));
    }
}

#[test]
fn a_token_goes_only_to_hosts_that_the_partner_registered() {
    let list_at = |to: &str| client().request(&List::<Tariff>::at(url(to))).map(drop);
    let cdr_at = |to: &str| client().request(&GetCdr::<Cdr>::at(url(to))).map(drop);
    let result_to = |to: &str| client().request(&result_to(to)).map(drop);
    let details_at = |to: &str| client().request(&GetVersionDetails { url: Some(url(to)) }).map(drop);
    type Way<'a> = &'a dyn Fn(&str) -> Result<(), Error>;
    let ways: [Way<'_>; 4] = [&list_at, &cdr_at, &result_to, &details_at];
    for way in ways {
        for to in ["https://cpo.example/x", "https://CPO.example:443/x?y=1", "https://cpo.example/../x#y"] {
            way(to).expect("the partner's own host");
        }
        for to in [
            "https://evil.example/x",
            "http://cpo.example/x",
            "https://cpo.example:8443/x",
            "https://cpo.example.evil.example/x",
            "https://evil.example/https://cpo.example/x",
            "https://cpo.example@evil.example/x",
            "https://evil.example\\\\@cpo.example/x",
            "https://127.0.0.1/x",
            "https://[::1]/x",
            "https://cpo.example./x",
            "ftp://cpo.example/x",
            "//cpo.example/x",
            "/x",
            "",
        ] {
            let kind = way(to).expect_err(to).kind();
            assert!([ErrorKind::ForeignUrl, ErrorKind::Unsendable].contains(&kind), "{to}: {kind:?}");
        }
    }
}

#[test]
fn queries_are_encoded() {
    let list = List::<Tariff> {
        date_from: Some("2026-11-22T11:00:00.5+01:00".parse().expect("a time")),
        date_to: Some("2026-11-22T12:00:00".parse().expect("a time")),
        offset: Some(u64::MAX),
        limit: Some(0),
        ..List::all()
    };
    let request = client().request(&list).expect("offered");
    assert_eq!(
        request.uri().query(),
        Some(
            "date_from=2026-11-22T10%3A00%3A00.5Z&date_to=2026-11-22T12%3A00%3A00Z&offset=18446744073709551615\
             &limit=0"
        )
    );
    let token = TokenKey { uid: "04/A2".parse().expect("an id"), r#type: TokenType::from("NEW & odd") };
    let location = LocationReferencesInit { location_id: "L1".parse().expect("an id") }.into();
    let request = client().request(&Authorize { token, location: Some(location) }).expect("offered");
    assert_eq!(
        request.uri().path_and_query().map(|text| text.as_str()),
        Some("/ocpi/2.3.0/sender/tokens/04%2FA2/authorize?type=NEW%20%26%20odd")
    );
    assert_eq!(request.method(), Authorize::METHOD);
}
