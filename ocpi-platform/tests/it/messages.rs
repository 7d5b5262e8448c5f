//! The log of messages: found again, without tokens and drivers, and gone in time.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use ocpi_platform::{LoggedMessage, MessageLog, MessageQuery, Spawn};
use ocpi_server_traits::Store;
use ocpi_server_traits::storage::{Query, Start};
use ocpi_testkit::{
    Network, PlatformSetup, SteppedClock, TestPlatform, location_json, parse, party, tariff_json, time,
    token_json,
};
use ocpi_types::endpoint::{GetCopy, List, Owned, Put, TokenKey};
use ocpi_types::observe::{Direction, Event, EventKind, Observer, from_fn};
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::{Token, TokenType};
use pollster::block_on;

const UID: &str = "Canary7F3A91";

/// A CPO and an eMSP that are registered, the CPO with a log.
fn registered(
    log: MessageLog,
    change: impl FnOnce(PlatformSetup) -> PlatformSetup,
) -> (TestPlatform, TestPlatform) {
    let network = Network::default();
    let cpo = change(PlatformSetup { messages: log, ..PlatformSetup::cpo() }).open(&network);
    let emsp = PlatformSetup::emsp().open(&network);
    emsp.register_with(&cpo, "cpo", "emsp").expect("registered");
    (cpo, emsp)
}

fn found(at: &TestPlatform, query: MessageQuery) -> Vec<LoggedMessage> {
    let messages = at.platform.messages();
    block_on(async {
        messages.flush().await;
        let (mut found, mut all) = (messages.find(query), Vec::new());
        while let Some(message) = found.next().await {
            all.push(message.expect("a store"));
        }
        all
    })
}

fn push_token(from: &TestPlatform) {
    let token: Token = parse(&token_json("DE/EMP", UID, "10:00:00"));
    block_on(from.platform.send("cpo", &Put::of(token))).expect("taken");
}

fn key(uid: &str) -> Owned<TokenKey> {
    let key = TokenKey { uid: uid.parse().expect("a uid"), r#type: TokenType::Rfid };
    Owned { owner: party("DE/EMP"), key }
}

#[test]
fn both_directions_are_found_again() {
    let (cpo, emsp) = registered(MessageLog::all(), |setup| setup);
    cpo.put::<Tariff>(&tariff_json("NL/ALF", "T1", "10:00:00"));
    block_on(emsp.platform.send("cpo", &List::<Tariff>::all())).expect("answered");
    push_token(&emsp);
    let location: Location = parse(&location_json("NL/ALF", "L1", "10:00:00"));
    block_on(cpo.platform.send("emsp", &Put::of(location))).expect("taken");

    let tariffs = found(&cpo, MessageQuery::new().partner("emsp").module("tariffs"));
    let [list] = tariffs.as_slice() else { panic!("{tariffs:#?}") };
    assert_eq!(
        (list.direction, &*list.method, list.endpoint.as_deref()),
        (Direction::Inbound, "GET", Some("List<Tariff>"))
    );
    assert!(list.url.starts_with("https://cpo.example/ocpi/2.3.0/sender/tariffs"), "{}", list.url);
    let answer = list.response.as_ref().expect("an answer");
    assert_eq!((answer.http, answer.ocpi), (200, Some(1000)));
    let body = answer.body.text.as_deref().expect("a body");
    assert!(body.contains(r#""id":"T1""#) && body.contains(r#""status_code":1000"#), "{body}");

    let put = |module: &str| found(&cpo, MessageQuery::new().module(module));
    let messages = [put("tokens"), put("locations")].concat();
    let seen: Vec<_> = messages.iter().map(|it| (it.direction, &*it.method)).collect();
    assert_eq!(seen, [(Direction::Inbound, "PUT"), (Direction::Outbound, "PUT")]);
    for message in &messages {
        let by_request = MessageQuery::new().request_id(message.request_id.clone().expect("an id"));
        assert_eq!(found(&cpo, by_request), std::slice::from_ref(message));
        let id = message.correlation_id.clone().expect("an id");
        assert_eq!(found(&cpo, MessageQuery::new().correlation_id(&*id)), std::slice::from_ref(message));
        assert_eq!(found(&cpo, MessageQuery::new().correlation_id(&*id).module("tariffs")), []);
        assert_eq!(found(&cpo, MessageQuery::new().correlation_id(id).to(message.at)), []);
    }
    assert_eq!(found(&cpo, MessageQuery::new().partner("nobody")), []);
    assert!(found(&cpo, MessageQuery::new()).len() > 5, "with those of the registration");
    assert_eq!(found(&emsp, MessageQuery::new()), [], "off by default");
}

#[test]
fn partners_can_be_chosen_and_strangers_are_nobodys() {
    let (cpo, emsp) = registered(MessageLog::of(["another"]), |setup| setup);
    push_token(&emsp);
    assert_eq!(found(&cpo, MessageQuery::new()), []);
    let (cpo, _) = registered(MessageLog::all(), |setup| setup);
    let before = found(&cpo, MessageQuery::new()).len();
    assert_eq!(cpo.status_for(&"not-a-token".parse().expect("a token")), 401);
    assert_eq!(found(&cpo, MessageQuery::new()).len(), before);
}

#[test]
fn nothing_that_is_stored_names_a_driver_or_shows_a_token() {
    let (cpo, emsp) = registered(MessageLog::all(), |setup| setup);
    push_token(&emsp);
    block_on(emsp.platform.send("cpo", &GetCopy::<Token>::new(key(UID)))).expect("found");
    block_on(emsp.platform.send("cpo", &GetCopy::<Token>::new(key("Canary7F3A92")))).expect_err("unknown");
    let logged = found(&cpo, MessageQuery::new());
    assert!(logged.iter().any(|it| it.url.ends_with("/receiver/tokens/DE/EMP/***?type=RFID")), "{logged:#?}");
    let token = block_on(emsp.platform.client("cpo")).expect("a client");
    let token = token.request(&List::<Tariff>::all()).expect("a request");
    let header = token.headers()[http::header::AUTHORIZATION].to_str().expect("a text").to_owned();
    let mut bodies = 0;
    let page = block_on(cpo.store.page(&Query::all("Message"), Start::First, 1_000)).expect("a store");
    for (at, document) in page.rows {
        let text = format!("{} {:?} {}", at.key(), document.terms, String::from_utf8_lossy(&document.body));
        assert!(!text.to_ascii_lowercase().contains("canary7f3a9"), "{text}");
        assert!(!text.contains(header.trim_start_matches("Token ")), "{text}");
        assert!(!text.contains("\"token\":\"") || text.contains("***"), "{text}");
        bodies += usize::from(text.contains("contract_id"));
    }
    assert!(bodies > 1, "the bodies are there");
    assert!(block_on(cpo.platform.driver(ocpi_platform::Driver::token(UID)).export()).is_ok());
}

#[test]
fn messages_go_after_their_time() {
    let clock = SteppedClock::default();
    let log = MessageLog::all().keep_for(Duration::from_secs(3_600));
    let (cpo, emsp) = registered(log, |setup| PlatformSetup { clock: clock.clock(), ..setup });
    push_token(&emsp);
    clock.advance(3_000);
    push_token(&emsp);
    let tokens = || found(&cpo, MessageQuery::new().module("tokens"));
    block_on(cpo.platform.tick()).expect("a tick");
    assert_eq!(tokens().len(), 2);
    clock.advance(1_000);
    block_on(cpo.platform.tick()).expect("a tick");
    let left = tokens();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].at, time("12:50:00"));
    assert_eq!(found(&cpo, MessageQuery::new().to(time("12:30:00"))), []);
}

#[test]
fn the_oldest_go_beyond_the_bytes() {
    let (cpo, emsp) = registered(MessageLog::all().keep_bytes(20_000), |setup| setup);
    for _ in 0..100 {
        push_token(&emsp);
    }
    assert!(found(&cpo, MessageQuery::new()).len() > 100);
    block_on(cpo.platform.tick()).expect("a tick");
    let bytes = || {
        let page = block_on(cpo.store.page(&Query::all("Message"), Start::First, 1_000)).expect("a store");
        page.rows.iter().map(|(_, document)| document.body.len()).sum::<usize>()
    };
    let left = bytes();
    assert!((10_000..=20_000).contains(&left), "{left}");
    push_token(&emsp);
    let newest = found(&cpo, MessageQuery::new()).pop().expect("a message");
    assert_eq!(newest.method, "PUT");
    assert!(bytes() > left);
}

#[test]
fn what_finds_no_room_is_counted_and_told() {
    let told: Arc<Mutex<Vec<(u64, String)>>> = Arc::default();
    let hears = Arc::clone(&told);
    let observer = Observer::new(from_fn(move |event: &Event<'_>| {
        if let EventKind::NotLogged(not) = event.kind {
            hears.lock().expect("no panic").push((not.count, not.rule.to_owned()));
        }
    }));
    // Nothing is stored in the background.
    let spawn = Spawn::new(drop);
    let log = MessageLog::all().queue_bytes(10_000);
    let (cpo, emsp) = registered(log, |setup| PlatformSetup { observer, spawn, ..setup });
    found(&cpo, MessageQuery::new());
    told.lock().expect("no panic").clear();
    for _ in 0..20 {
        push_token(&emsp);
    }
    let logged = found(&cpo, MessageQuery::new().module("tokens")).len();
    assert!((1..20).contains(&logged), "{logged}");
    let count = 20 - u64::try_from(logged).expect("a number");
    assert_eq!(*told.lock().expect("no panic"), [(count, "log.full".to_owned())]);
    push_token(&emsp);
    assert_eq!(found(&cpo, MessageQuery::new().module("tokens")).len(), logged + 1, "there is room again");
}

#[test]
fn long_bodies_are_cut() {
    let (cpo, emsp) = registered(MessageLog::all().keep_body_bytes(40), |setup| setup);
    push_token(&emsp);
    let [put] = found(&cpo, MessageQuery::new().module("tokens")).try_into().expect("one");
    let LoggedMessage { body, .. } = put;
    assert!(body.is_cut && body.bytes > 40, "{body:?}");
    assert_eq!(body.text.map(|text| text.len()), Some(40));
}
