//! The server gets the request that a client sends, and the client gets the server's answer: for every endpoint,
//! whatever the ids.

use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use ocpi_client::{Client, Discovery, RequestIds};
use ocpi_server_traits::{Caller, Error, Handle, Partner, Router, RouterBuilder};
use ocpi_testkit::{
    KnownPartners, Loopback, cdr_json, credentials_json, fixed_clock, location_json, parse, partner_id,
    party, tariff_json, token, token_json,
};
use ocpi_types::endpoint::{
    Authorize, CdrKey, ConnectorKey, Created, Delete, DeleteCredentials, Endpoint, EvseKey, GetCdr, GetCopy,
    GetCredentials, GetOwn, GetVersionDetails, GetVersions, List, LocationKey, Owned, Page, Patch, PostCdr,
    PostCommandResult, PostCredentials, PushOutcome, Put, PutCredentials, Resource, RootResource, SessionKey,
    SetChargingPreferences, TariffKey, TokenKey,
};
use ocpi_types::protocol::{PartnerProfile, Party};
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::commands::{
    CancelReservation, CommandResponseInit, CommandResponseType, CommandResultInit, CommandResultType,
    ReserveNow, StartSession, StopSession, UnlockConnector,
};
use ocpi_types::v2_3_0::credentials::Credentials;
use ocpi_types::v2_3_0::locations::{
    Connector, ConnectorPatch, Evse, EvsePatch, Location, LocationPatch, Status,
};
use ocpi_types::v2_3_0::sessions::{ChargingPreferencesResponse, Session, SessionPatch};
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::{
    AllowedType, AuthorizationInfoInit, LocationReferencesInit, Token, TokenPatch, TokenType,
};
use ocpi_types::{CiString, Object, Version, endpoint, v2_1_1, v2_2_1};
use proptest::prelude::{Strategy, prop_assert_eq, proptest};
use proptest::prop_oneof;
use proptest::test_runner::{Config, RngSeed};

use crate::wire::session;

/// Keeps the request, and gives the answer.
struct Desk<E: Endpoint> {
    got: Mutex<Vec<(Caller, E)>>,
    answer: E::Response,
}

impl<E: Endpoint> Handle<E> for Desk<E>
where
    E::Response: Clone + Sync,
{
    async fn handle(&self, caller: &Caller, request: E) -> Result<E::Response, Error> {
        self.got.lock().expect("no panic").push((caller.clone(), request));
        Ok(self.answer.clone())
    }
}

/// One partner, that speaks for NL/ALF.
fn alfa() -> KnownPartners {
    KnownPartners::default().with("loop", Partner::new(partner_id("alfa"), [alf()]))
}

fn alf() -> Party {
    party("NL/ALF")
}

fn builder() -> RouterBuilder {
    Router::builder("https://loop.example/ocpi/".parse().expect("a URL"), fixed_clock())
}

/// Sends an endpoint to a router that has nothing else: what arrived, and what came back.
fn round_trip<E>(
    version: Version,
    request: &E,
    answer: E::Response,
) -> Result<(E, E::Response), ocpi_client::Error>
where
    E: Endpoint + Clone + Sync,
    E::Response: Clone + Debug + Sync,
{
    let desk = Arc::new(Desk::<E> { got: Mutex::default(), answer });
    let router =
        builder().version(version, |routes| routes.on::<E, _>(&desk)).build(alfa()).expect("a router");
    let client = Client::new(version, router.endpoints(version), token("loop"), RequestIds::new("l"))
        .with_versions_url(router.versions_url())
        .with_parties(alf(), party("DE/EMP"));
    let loopback = Loopback(router);
    let came_back = pollster::block_on(client.over(&loopback).send(request))?;
    assert_eq!(came_back.findings, []);
    let (caller, arrived) = desk.got.lock().expect("no panic").pop().expect("it arrived");
    assert_eq!(caller.findings, []);
    assert_eq!((caller.version, caller.from), (version, Some(alf()).filter(|_| E::MOUNT.is_functional())));
    Ok((arrived, came_back.value))
}

#[track_caller]
fn same<E>(request: &E, answer: E::Response)
where
    E: Endpoint + Clone + Debug + PartialEq + Sync,
    E::Response: Clone + Debug + PartialEq + Sync,
{
    let (arrived, came_back) = round_trip(Version::V2_3_0, request, answer.clone()).expect("an answer");
    assert_eq!(arrived, *request);
    assert_eq!(came_back, answer);
}

fn location() -> Location {
    let text = location_json("NL/ALF", "L1", "10:00:00");
    parse(&text.replacen('{', r#"{"x_vendor": {"a": [1.50]}, "#, 1))
}

fn evse() -> Evse {
    location().evses.remove(0)
}

fn connector() -> Connector {
    evse().connectors.first().cloned().expect("one")
}

fn driver() -> Token {
    parse(&token_json("NL/ALF", "04A2", "10:00:00"))
}

fn cdr() -> Cdr {
    parse(&cdr_json("NL/ALF", "D1", "10:00:00"))
}

/// An id of any printable ASCII: what a `CiString` may hold.
fn id<const N: usize>() -> impl Strategy<Value = CiString<N>> {
    const ODD: &[&str] = &[
        "/",
        "A/B",
        "*",
        "NL*ALF*E1",
        "#",
        "%",
        "%2F",
        "%2e%2e",
        " ",
        "a b",
        "...",
        "?",
        "&=",
        "+",
        "\\",
        ":",
        "@",
        "~",
        "\"",
        "authorize",
    ];
    prop_oneof![
        1 => proptest::sample::select(ODD).prop_map(str::to_owned),
        3 => "[!-~]([ -~]{0,34}[!-~])?",
        1 => "[/*#% .]{1,36}",
    ]
    .prop_filter("no path can carry these", |text| text != "." && text != "..")
    .prop_filter("blanks around ids are trimmed", |text| text.trim() == text)
    .prop_map(|text| text.parse().expect("printable ASCII"))
}

fn config() -> Config {
    Config { cases: 48, rng_seed: RngSeed::Fixed(2026), failure_persistence: None, ..Config::default() }
}

/// The four endpoints of a kind that a receiver has, but for PATCH.
fn pushed<T: Resource>(at: &Owned<T::Key>, object: &T) {
    same(&GetCopy::<T>::new(at.clone()), object.clone());
    same(&Put::<T> { at: at.clone(), object: object.clone() }, PushOutcome::Created);
    same(&Put::<T> { at: at.clone(), object: object.clone() }, PushOutcome::Updated);
    same(&Delete::<T> { at: at.clone() }, ());
    same(&GetOwn::<T> { key: at.key.clone() }, object.clone());
}

fn time() -> ocpi_types::DateTime {
    "2026-11-22T11:00:00.123Z".parse().expect("a time")
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn locations_and_their_parts(location_id in id::<36>(), evse_uid in id::<36>(), connector_id in id::<36>()) {
        let owned = |object: &Location| object.identity();
        let location = Location { id: location_id.clone(), ..location() };
        pushed(&owned(&location), &location);
        let patch = LocationPatch { last_updated: time().into(), name: None.into(), ..LocationPatch::default() };
        same(&Patch::<Location> { at: location.identity(), patch }, PushOutcome::Updated);

        let evse = Evse { uid: evse_uid.clone(), ..evse() };
        let at = Owned { owner: alf(), key: EvseKey { location_id: location_id.clone(), evse_uid: evse_uid.clone() } };
        pushed(&at, &evse);
        let patch = EvsePatch { status: Status::Charging.into(), last_updated: time().into(), ..EvsePatch::default() };
        same(&Patch::<Evse> { at, patch }, PushOutcome::Updated);

        let connector = Connector { id: connector_id.clone(), ..connector() };
        let at = Owned { owner: alf(), key: ConnectorKey { location_id, evse_uid, connector_id } };
        pushed(&at, &connector);
        let patch = ConnectorPatch { max_voltage: 400.into(), last_updated: time().into(), ..ConnectorPatch::default() };
        same(&Patch::<Connector> { at, patch }, PushOutcome::Updated);
    }

    #[test]
    fn sessions_and_tariffs(session_id in id::<36>(), tariff_id in id::<36>()) {
        let session = Session { id: session_id.clone(), ..parse(&session()) };
        pushed(&session.identity(), &session);
        let patch = SessionPatch { kwh: ocpi_types::Decimal::new(7125, 3).into(), last_updated: time().into(), ..SessionPatch::default() };
        same(&Patch::<Session> { at: session.identity(), patch }, PushOutcome::Updated);
        let preferences = parse(r#"{"profile_type": "GREEN", "energy_need": 12.5}"#);
        same(&SetChargingPreferences { session_id, preferences }, ChargingPreferencesResponse::Accepted);
        let tariff = Tariff { id: tariff_id, ..parse(&tariff_json("NL/ALF", "T", "10:00:00")) };
        pushed(&tariff.identity(), &tariff);
    }

    #[test]
    fn tokens(uid in id::<36>(), kind in prop_oneof!["[!-~]([ -~]{0,10}[!-~])?", proptest::sample::select(&["RFID", "APP_USER"][..]).prop_map(str::to_owned)]) {
        let token = Token { uid: uid.into(), r#type: TokenType::from(kind.as_str()), ..driver() };
        pushed(&token.identity(), &token);
        let patch = TokenPatch { valid: false.into(), last_updated: time().into(), ..TokenPatch::default() };
        same(&Patch::<Token> { at: token.identity(), patch }, PushOutcome::Updated);
        let info = AuthorizationInfoInit { allowed: AllowedType::Allowed, token: token.clone() };
        let location = LocationReferencesInit { location_id: "L1".parse().expect("an id") }.into();
        for location in [None, Some(location)] {
            same(&Authorize { token: token.identity().key, location }, info.clone().into());
        }
    }

    #[test]
    fn cdrs(cdr_id in id::<39>()) {
        let cdr = Cdr { id: cdr_id, ..cdr() };
        same(&PostCdr(cdr.clone()), Created { location: Some("https://loop.example/x".to_owned()) });
        same(&PostCdr(cdr.clone()), Created { location: None });
        // The server makes the URL, the client sends it back as it stands, the server knows what it means.
        let at = cdr.identity();
        let base = "https://loop.example/ocpi/2.3.0/receiver/cdrs";
        let url = base.parse::<ocpi_types::Url>().expect("a URL").join(["NL", "ALF", at.key.cdr_id.as_str()]);
        let (arrived, came_back) =
            round_trip(Version::V2_3_0, &GetCdr::<Cdr>::at(url.clone()), cdr.clone()).expect("an answer");
        prop_assert_eq!(arrived, GetCdr { url, at: Some(at) });
        prop_assert_eq!(came_back, cdr);
    }

    #[test]
    fn command_results(uid in id::<36>()) {
        let base = "https://loop.example/ocpi/2.3.0/sender/commands";
        let url = base.parse::<ocpi_types::Url>().expect("a URL").join(["STOP_SESSION", uid.as_str()]);
        let result = CommandResultInit { result: CommandResultType::Timeout }.into();
        same(&PostCommandResult { url: url.into(), result }, ());
    }

    #[test]
    fn lists(offset: Option<u64>, limit: Option<u64>, total: Option<u64>, count in 0_usize..3, more: bool) {
        let list = List::<Tariff> { date_from: Some(time()), offset, limit, ..List::all() };
        let items = (0..count).map(|index| parse(&tariff_json("NL/ALF", &format!("T{index}"), "10:00:00"))).collect();
        let next = more.then(|| "https://loop.example/ocpi/2.3.0/sender/tariffs?offset=2&x=%2C%3E".to_owned());
        same(&list, Page { items, partial: Vec::new(), rejected: Vec::new(), next, total_count: total, limit: total });
    }
}

#[test]
fn commands() {
    let url = r#""response_url": "https://emsp.example/1""#;
    let token = ocpi_types::json::to_string(&driver());
    let answer = || CommandResponseInit { result: CommandResponseType::Accepted, timeout: 30 }.into();
    same(&parse::<CancelReservation>(&format!(r#"{{{url}, "reservation_id": "R1"}}"#)), answer());
    same(
        &parse::<ReserveNow>(&format!(
            r#"{{{url}, "token": {token}, "expiry_date": "2026-11-22T12:00:00Z", "reservation_id": "R1",
            "location_id": "L1"}}"#
        )),
        answer(),
    );
    same(&parse::<StartSession>(&format!(r#"{{{url}, "token": {token}, "location_id": "L1"}}"#)), answer());
    same(&parse::<StopSession>(&format!(r#"{{{url}, "session_id": "S1"}}"#)), answer());
    same(
        &parse::<UnlockConnector>(&format!(
            r#"{{{url}, "location_id": "L1", "evse_uid": "E1", "connector_id": "1"}}"#
        )),
        answer(),
    );
}

#[test]
fn credentials_of_both_versions() {
    fn every<C: Object + ocpi_types::convert::OfKind>(version: Version) {
        let text = credentials_json("t", "alfa.example", &[("CPO", "NL", "ALF")]);
        let credentials: C = parse(&text.replacen('{', r#"{"x": 1, "#, 1));
        let got = round_trip(version, &GetCredentials::default(), credentials.clone()).expect("an answer");
        assert_eq!(got.1, credentials);
        let (sent, got) = round_trip(version, &PostCredentials(credentials.clone()), credentials.clone())
            .expect("an answer");
        assert_eq!((sent.0, &got), (credentials.clone(), &credentials));
        let (sent, got) = round_trip(version, &PutCredentials(credentials.clone()), credentials.clone())
            .expect("an answer");
        assert_eq!((sent.0, &got), (credentials.clone(), &credentials));
        round_trip(version, &DeleteCredentials, ()).expect("an answer");
    }
    every::<Credentials>(Version::V2_3_0);
    every::<v2_2_1::credentials::Credentials>(Version::V2_2_1);
}

/// Versions and their details are answered by the router itself.
#[test]
fn versions() {
    let desk = Arc::new(Desk::<DeleteCredentials> { got: Mutex::default(), answer: () });
    let router = builder()
        .version(Version::V2_3_0, |routes| routes.on::<DeleteCredentials, _>(&desk))
        .build(alfa())
        .expect("a router");
    let client = Client::new(Version::V2_3_0, Vec::new(), token("loop"), RequestIds::new("l"))
        .with_versions_url(router.versions_url());
    let loopback = Loopback(router.clone());
    let list =
        pollster::block_on(client.clone().over(&loopback).send(&GetVersions)).expect("an answer").value;
    assert_eq!(list.iter().map(|entry| entry.version.as_str()).collect::<Vec<_>>(), ["2.3.0"]);
    let details = GetVersionDetails { url: Some(list[0].url.clone()) };
    let details = pollster::block_on(client.over(&loopback).send(&details)).expect("an answer").value;
    assert_eq!(details.endpoints.into_vec(), router.endpoints(Version::V2_3_0));
}

/// Keys of every kind are told apart by their parts, wherever a slash falls.
#[test]
fn parts_of_keys_do_not_run_together() {
    let key = |location: &str, evse: &str| Owned {
        owner: alf(),
        key: EvseKey {
            location_id: location.parse().expect("an id"),
            evse_uid: evse.parse().expect("an id"),
        },
    };
    for (location, evse) in [("A/B", "C"), ("A", "B/C"), ("A%2FB", "C"), ("A", "B%2FC")] {
        let evse_at = |uid: &str| Evse { uid: uid.parse().expect("an id"), ..self::evse() };
        same(&Put::<Evse> { at: key(location, evse), object: evse_at(evse) }, PushOutcome::Created);
    }
    let canonical = |at: &Owned<EvseKey>| endpoint::Key::canonical(&at.key);
    let keys = [key("A/B", "C"), key("A", "B/C"), key("A%2FB", "C"), key("A", "B%2FC")];
    let distinct: std::collections::BTreeSet<String> = keys.iter().map(canonical).collect();
    assert_eq!(distinct.len(), 4);
    let single = |id: &str| LocationKey { location_id: id.parse().expect("an id") };
    assert_ne!(single("a"), single("a "));
    assert_eq!(
        SessionKey { session_id: "s".parse().expect("an id") },
        SessionKey { session_id: "S".parse().expect("an id") }
    );
    assert_ne!(
        TokenKey { uid: "u".parse().expect("an id"), r#type: TokenType::Rfid },
        TokenKey { uid: "u".parse().expect("an id"), r#type: TokenType::AppUser }
    );
    assert_eq!(
        CdrKey { cdr_id: "d".parse().expect("an id") },
        CdrKey { cdr_id: "D".parse().expect("an id") }
    );
    assert_eq!(
        TariffKey { tariff_id: "t".parse().expect("an id") },
        TariffKey { tariff_id: "T".parse().expect("an id") }
    );
}

/// In 2.1.1 endpoints have no role: a module has one URL for both interfaces.
#[test]
fn version_2_1_1_is_found_and_spoken() {
    type Locations = List<v2_1_1::locations::Location>;
    type Pushed = Put<v2_1_1::tokens::Token>;
    let locations = Arc::new(Desk::<Locations> { got: Mutex::default(), answer: Page::whole(Vec::new()) });
    let tokens = Arc::new(Desk::<Pushed> { got: Mutex::default(), answer: PushOutcome::Created });
    let others = Arc::new(Desk::<List<v2_1_1::tokens::Token>> {
        got: Mutex::default(),
        answer: Page::whole(Vec::new()),
    });
    let router = builder()
        .version(Version::V2_1_1, |routes| {
            routes.on::<Locations, _>(&locations).on::<Pushed, _>(&tokens).on::<List<_>, _>(&others)
        })
        .build(alfa())
        .expect("a router");
    let details = http::Request::get("https://loop.example/ocpi/2.1.1")
        .header("authorization", token("loop").to_header(false))
        .body(bytes::Bytes::new())
        .expect("a request");
    let body = pollster::block_on(router.call(details)).into_body();
    let body = String::from_utf8(body.to_vec()).expect("text");
    assert!(!body.contains("role"), "{body}");
    assert_eq!(body.matches("\"tokens\"").count(), 1, "{body}");

    let loopback = Loopback(router.clone());
    let wanted = [Version::V2_1_1];
    let discovery = Discovery::new(router.versions_url(), token("loop"), &wanted, RequestIds::new("l"));
    let found = pollster::block_on(discovery.run(&loopback)).expect("it is there");
    assert_eq!(found.version, Version::V2_1_1);
    assert_eq!(found.client.profile(), &PartnerProfile::strict());
    let page =
        pollster::block_on(found.client.clone().over(&loopback).send(&Locations::all())).expect("a page");
    assert!(page.value.items.is_empty());
    let driver: v2_1_1::tokens::Token = parse(
        r#"{"uid": "04A2", "type": "RFID", "auth_id": "C1", "issuer": "Alfa", "valid": true,
        "whitelist": "ALLOWED", "last_updated": "2026-11-22T10:00:00Z"}"#,
    );
    let at = Owned { owner: alf(), key: endpoint::v2_1_1::TokenKey { token_uid: driver.uid.clone() } };
    let put = Pushed { at, object: driver };
    let stored = pollster::block_on(found.client.over(&loopback).send(&put)).expect("stored");
    assert_eq!(stored.value, PushOutcome::Created);
    assert_eq!(tokens.got.lock().expect("no panic").len(), 1);
}
