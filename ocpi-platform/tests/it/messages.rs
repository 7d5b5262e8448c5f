//! The log of messages: found again, without tokens and drivers, and gone in time.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use ocpi_platform::{LoggedMessage, MessageLog, MessageQuery, Spawn};
use ocpi_server_traits::Store;
use ocpi_server_traits::storage::{Address, Document, Query, Start};
use ocpi_testkit::{
    Network, PlatformSetup, SteppedClock, TestPlatform, location_json, parse, party, respond, tariff_json,
    time, token_json,
};
use ocpi_types::CredentialsToken;
use ocpi_types::endpoint::{GetCopy, GetVersions, List, Owned, Put, TokenKey};
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
    block_on(from.platform.send("cpo", &put_token())).expect("taken");
}

fn put_token() -> Put<Token> {
    Put::of(parse(&token_json("DE/EMP", UID, "10:00:00")))
}

/// Forms of the token in a header: as it stands there, and decoded.
fn forms(header: &str) -> Vec<String> {
    CredentialsToken::candidates(header).iter().map(|token| token.expose().to_owned()).collect()
}

/// Forms of the token by which a platform is known to a partner.
fn token_of(at: &TestPlatform, partner: &str) -> Vec<String> {
    let client = block_on(at.platform.client(partner)).expect("a client");
    let request = client.request(&GetVersions).expect("a request");
    forms(request.headers()[http::header::AUTHORIZATION].to_str().expect("a text"))
}

/// The documents of all messages, with their names and terms.
fn stored(at: &TestPlatform) -> Vec<String> {
    found(at, MessageQuery::new());
    let page = block_on(at.store.page(&Query::all("Message"), Start::First, 1_000)).expect("a store");
    let text = |(at, document): (Address, Document)| {
        format!("{} {:?} {}", at.key(), document.terms, String::from_utf8_lossy(&document.body))
    };
    page.rows.into_iter().map(text).collect()
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
    let network = Network::default();
    let cpo = PlatformSetup { messages: MessageLog::all(), ..PlatformSetup::cpo() }.open(&network);
    let emsp = PlatformSetup::emsp().open(&network);
    let token_a = emsp.register_with(&cpo, "cpo", "emsp").expect("registered");
    push_token(&emsp);
    block_on(emsp.platform.send("cpo", &GetCopy::<Token>::new(key(UID)))).expect("found");
    block_on(emsp.platform.send("cpo", &GetCopy::<Token>::new(key("Canary7F3A92")))).expect_err("unknown");
    let logged = found(&cpo, MessageQuery::new());
    assert!(logged.iter().any(|it| it.url.ends_with("/receiver/tokens/DE/EMP/***?type=RFID")), "{logged:#?}");
    let tokens = [forms(&token_a.to_header(true)), token_of(&emsp, "cpo"), token_of(&cpo, "emsp")].concat();
    assert_eq!(tokens.len(), 6);
    let stored = stored(&cpo);
    for text in &stored {
        assert!(!text.to_ascii_lowercase().contains("canary7f3a9"), "{text}");
        assert!(!tokens.iter().any(|token| text.contains(token)), "{text}");
    }
    let with = |member: &str| stored.iter().filter(|text| text.contains(member)).count();
    assert!(with("contract_id") > 1 && with(r#"\"token\":\"***\""#) > 1, "the bodies are there");
    assert!(block_on(cpo.platform.driver(ocpi_platform::Driver::token(UID)).export()).is_ok());
}

#[test]
fn a_token_that_a_partner_repeats_is_masked_wherever_it_stands() {
    let network = Network::default();
    let cpo = PlatformSetup { messages: MessageLog::all(), ..PlatformSetup::cpo() }.open(&network);
    let emsp = PlatformSetup::emsp().open(&network);
    emsp.register_with(&cpo, "cpo", "emsp").expect("registered");
    let location: Location = parse(&location_json("NL/ALF", "L1", "10:00:00"));
    let forms = token_of(&cpo, "emsp");
    let (plain, encoded) = (&forms[0], &forms[1]);
    for body in [
        format!(r#"{{"data":"no {plain} here","status_code":2001,"status_message":"token {encoded}!"}}"#),
        format!(r#"{{"data":{{"id":"{plain}"}},"status_code":2001,"timestamp":"{plain}"}}"#),
        format!(r#"{{"data":["{encoded}"],"status_code":2001,"name":"at {plain}"}}"#),
        format!(r#"{{"data":{{"location_id":"at {encoded}","address":"{plain}."}},"status_code":2001}}"#),
    ] {
        network.add_host("emsp.example", move |_| respond(400, &[], &body));
        block_on(cpo.platform.send("emsp", &Put::of(location.clone()))).expect_err("refused");
    }
    let stored = stored(&cpo);
    assert_eq!(stored.iter().filter(|text| text.contains("2001")).count(), 4, "{stored:#?}");
    for text in &stored {
        assert!(!forms.iter().any(|token| text.contains(token)), "{text}");
    }
}

#[test]
fn ids_that_stand_where_objects_are_due_are_masked() {
    let (cpo, emsp) = registered(MessageLog::all(), |setup| setup);
    let mut request =
        block_on(emsp.platform.client("cpo")).expect("a client").request(&put_token()).expect("one");
    *request.body_mut() =
        format!(r#"{{"cdr_token":"DE8{UID}","booking_tokens":["{UID}5"],"data":["{UID}6"]}}"#).into();
    block_on(cpo.router.call(request));
    let [put] = found(&cpo, MessageQuery::new().module("tokens")).try_into().expect("one");
    let LoggedMessage { body, .. } = put;
    assert_eq!(body.text.as_deref(), Some(r#"{"cdr_token":"***","booking_tokens":["***"],"data":["***"]}"#));
}

#[test]
fn of_an_exchange_with_too_many_secrets_no_body_is_logged() {
    let (cpo, emsp) = registered(MessageLog::all(), |setup| setup);
    let request =
        || block_on(emsp.platform.client("cpo")).expect("a client").request(&put_token()).expect("one");
    let sent = |count: usize| {
        let mut request = request();
        let uids: Vec<String> =
            (0..count).map(|number| format!(r#"{{"uid":"aaaaaa{number:05}"}}"#)).collect();
        let body = format!(r#"[{},{{"id":"{}"}}]"#, uids.join(","), "a".repeat(100_000));
        *request.body_mut() = body.into();
        block_on(cpo.router.call(request));
        found(&cpo, MessageQuery::new().module("tokens")).pop().expect("a message")
    };
    let logged = sent(10_000);
    assert!(logged.body.text.is_some_and(|text| text.contains(r#""uid":"***""#)));
    let logged = sent(25_000);
    assert_eq!((logged.body.text, logged.response.expect("an answer").body.text), (None, None));
    assert!(logged.body.bytes > 500_000);
    assert!(logged.url.ends_with("/receiver/tokens/DE/EMP/***?type=RFID"), "{}", logged.url);
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
    // However long they may be kept.
    let log = MessageLog::all().keep_for(Duration::MAX).keep_bytes(20_000);
    let (cpo, emsp) = registered(log, |setup| setup);
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
fn all_texts_of_a_message_need_room() {
    let log = MessageLog::all().queue_bytes(20_000);
    let (cpo, emsp) = registered(log, |setup| PlatformSetup { spawn: Spawn::new(drop), ..setup });
    found(&cpo, MessageQuery::new());
    let request = |query: &str, header: &str| {
        let client = block_on(emsp.platform.client("cpo")).expect("a client");
        let mut request = client.request(&List::<Tariff>::all()).expect("a request");
        let url = format!("{}?x={query}", request.uri());
        *request.uri_mut() = url.parse().expect("a URL");
        request.headers_mut().insert(http::header::USER_AGENT, header.parse().expect("a text"));
        request.headers_mut().insert("x-odd", "o".repeat(6_000).parse().expect("a text"));
        block_on(cpo.router.call(request));
    };
    let (text, count) = ("l".repeat(6_000), || found(&cpo, MessageQuery::new().module("tariffs")).len());
    for (query, header, fit) in [("", "", 7..=9), (&*text, "", 2..=2), ("", &*text, 2..=2)] {
        let before = count();
        (0..9).for_each(|_| request(query, header));
        let logged = count() - before;
        assert!(fit.contains(&logged), "{logged}, not {fit:?}");
    }
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
