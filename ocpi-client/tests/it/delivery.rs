//! Requests that are sent again, and those that are not.

use std::future::{pending, ready};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use ocpi_client::{
    Answer, Client, Error, Pace, RequestOptions, Retry, Transport, TransportError, TransportErrorKind,
    transport,
};
use ocpi_testkit::{NOW, Script, failure, party, respond, success};
use ocpi_types::convert::Ledger;
use ocpi_types::endpoint::{Endpoint, GetCopy, List, Owned, Patch, Put, SessionKey, TariffKey};
use ocpi_types::v2_3_0::commands::StopSession;
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::{Clock, DateTime, Rate, Timer, json};
use pollster::block_on;

use crate::wire::{client, tariff};

const SECOND: Duration = Duration::from_secs(1);

/// Time that passes only while somebody waits.
#[derive(Clone, Default)]
struct Waits {
    micros: Arc<AtomicU64>,
    all: Arc<Mutex<Vec<Duration>>>,
}

impl Waits {
    fn clock(&self) -> Clock {
        let micros = Arc::clone(&self.micros);
        let start: DateTime = NOW.parse().expect("a time");
        Clock::new(move || {
            let passed = i64::try_from(micros.load(Ordering::Relaxed)).expect("not that long");
            DateTime::from_unix_micros(start.to_unix_micros() + passed).expect("a time")
        })
    }

    fn timer(&self) -> Timer {
        let waits = self.clone();
        Timer::new(move |time: Duration| {
            let waits = waits.clone();
            async move {
                waits.pass(time);
                waits.all.lock().expect("no panic").push(time);
            }
        })
    }

    fn pass(&self, time: Duration) {
        self.micros.fetch_add(u64::try_from(time.as_micros()).expect("not that long"), Ordering::Relaxed);
    }

    fn seconds(&self) -> Vec<u64> {
        std::mem::take(&mut *self.all.lock().expect("no panic")).iter().map(Duration::as_secs).collect()
    }
}

/// A client that repeats with whole waits: no chance is in them.
fn patient(waits: &Waits) -> Client {
    client()
        .with_clock(waits.clock())
        .with_timer(waits.timer())
        .with_random(|| 0)
        .with_retry(Retry::default())
}

fn get() -> GetCopy<Tariff> {
    let key = TariffKey { tariff_id: "T1".parse().expect("an id") };
    GetCopy::new(Owned { owner: party("NL/ALF"), key })
}

fn put() -> Put<Tariff> {
    Put::of(json::from_str(&tariff("T1")).expect("a Tariff"))
}

fn patch(changes: &str) -> Patch<Session> {
    let key = SessionKey { session_id: "S1".parse().expect("an id") };
    let patch = json::from_str(&format!(r#"{{{changes}, "last_updated": "{NOW}"}}"#)).expect("a change");
    Patch { at: Owned { owner: party("NL/ALF"), key }, patch }
}

fn stop() -> StopSession {
    json::from_str(r#"{"response_url": "https://emsp.example/1", "session_id": "S1"}"#).expect("a command")
}

fn line(kind: TransportErrorKind) -> TransportError {
    TransportError::new("the line is dead").with_kind(kind)
}

/// Failure of the partner at first; then it answers well.
enum First {
    Answers(http::Response<Bytes>),
    Fails(TransportErrorKind),
}

fn answers(http: u16, body: &str) -> First {
    First::Answers(respond(http, &[], body))
}

fn fails(http: u16, code: u16) -> First {
    First::Answers(failure(http, code))
}

fn script(first: First, then: &str) -> Script {
    let script = match first {
        First::Answers(response) => Script::of([response]),
        First::Fails(kind) => Script::of([]).then(Err(line(kind))),
    };
    script.then(Ok(success(then)))
}

/// Number of sends of a request to a partner that fails once.
fn sends<E: Endpoint + Sync>(endpoint: &E, first: First, then: &str) -> usize {
    let waits = Waits::default();
    let script = script(first, then);
    let sent = block_on(patient(&waits).over(&script).send(endpoint));
    let count = script.requests().len();
    assert_eq!(sent.is_ok(), count == 2, "{}", E::name());
    assert_eq!(waits.seconds(), vec![1; count - 1]);
    count
}

#[test]
fn requests_are_sent_again_that_may_be_and_that_may_succeed() {
    type Make = fn() -> First;
    // Whether a GET and a PUT are sent again.
    let cases: &[(&str, Make, bool, bool)] = &[
        ("nobody there", || First::Fails(TransportErrorKind::Connect), true, true),
        ("no answer in time", || First::Fails(TransportErrorKind::Timeout), true, true),
        ("broken off", || First::Fails(TransportErrorKind::Other), true, true),
        ("no TLS", || First::Fails(TransportErrorKind::Tls), false, false),
        ("too large", || First::Fails(TransportErrorKind::TooLarge), false, false),
        ("429", || answers(429, ""), true, true),
        ("429 with a code", || fails(429, 2004), true, true),
        ("503", || answers(503, "<html>busy</html>"), true, true),
        ("500", || answers(500, ""), true, true),
        ("502", || answers(502, "<html>bad gateway</html>"), true, true),
        ("500 and 3000", || fails(500, 3000), true, true),
        ("500 and 2001", || fails(500, 2001), false, false),
        ("501", || answers(501, ""), false, false),
        ("3000", || fails(200, 3000), true, false),
        ("3999", || fails(200, 3999), true, false),
        ("3001", || fails(200, 3001), false, false),
        ("hub: no answer", || fails(200, 4002), true, false),
        ("hub: unknown", || fails(200, 4001), false, false),
        ("2001", || fails(200, 2001), false, false),
        ("400", || answers(400, ""), false, false),
        ("401", || answers(401, ""), false, false),
        ("404", || fails(404, 2003), false, false),
        ("409", || fails(409, 2000), false, false),
        ("302", || answers(302, ""), false, false),
        ("a web page", || answers(200, "<html>log in</html>"), false, false),
        ("cut off", || answers(200, "{\"data\": ["), false, false),
    ];
    let appending = patch(&format!(
        r#""charging_periods": [{{"start_date_time": "{NOW}", "dimensions": [{{"type": "TIME", "volume": 1}}]}}]"#
    ));
    let absolute = patch(r#""kwh": 12.5"#);
    for (name, first, is_read_repeated, is_write_repeated) in cases {
        assert_eq!(sends(&get(), first(), &tariff("T1")) == 2, *is_read_repeated, "GET: {name}");
        assert_eq!(sends(&List::<Tariff>::all(), first(), "[]") == 2, *is_read_repeated, "list: {name}");
        assert_eq!(sends(&put(), first(), "null") == 2, *is_write_repeated, "PUT: {name}");
        assert_eq!(sends(&absolute, first(), "null") == 2, *is_write_repeated, "PATCH: {name}");
        assert_eq!(sends(&appending, first(), "null"), 1, "an appending PATCH: {name}");
        assert_eq!(
            sends(&stop(), first(), r#"{"result": "ACCEPTED", "timeout": 30}"#),
            1,
            "a command: {name}"
        );
    }
}

#[test]
fn waits_double_until_the_sends_are_used_up() {
    let waits = Waits::default();
    let busy = || (0..9).map(|_| answers_503(&[]));
    let script = Script::of(busy());
    let client = patient(&waits).with_retry(Retry::default().with_sends(5));
    let error = block_on(client.clone().over(&script).send(&get())).expect_err("it stays busy");
    assert_eq!((script.requests().len(), waits.seconds()), (5, vec![1, 2, 4, 8]));
    assert_eq!(error.http_status().map(|http| http.as_u16()), Some(503), "the last failure is told");

    // The time of the rule ends it earlier.
    let script = Script::of(busy());
    let short = client.with_retry(Retry::default().with_sends(9).with_time(SECOND * 6));
    block_on(short.over(&script).send(&get())).expect_err("it stays busy");
    assert_eq!((script.requests().len(), waits.seconds()), (3, vec![1, 2]));

    let script = Script::of(busy());
    block_on(patient(&waits).with_retry(Retry::NEVER).over(&script).send(&get())).expect_err("once");
    assert_eq!((script.requests().len(), waits.seconds()), (1, vec![]));
}

fn answers_503(headers: &[(&str, &str)]) -> http::Response<Bytes> {
    respond(503, headers, "")
}

#[test]
fn chance_makes_waits_shorter() {
    let waits = Waits::default();
    let script = Script::of([answers_503(&[]), success(&tariff("T1"))]);
    block_on(patient(&waits).with_random(|| u64::MAX).over(&script).send(&get())).expect("an answer");
    assert_eq!(*waits.all.lock().expect("no panic"), [SECOND / 2]);
}

#[test]
fn a_partner_says_when_to_come_again() {
    for (retry_after, expected) in [
        ("7", Some(7)),
        ("Sun, 22 Nov 2026 12:00:20 GMT", Some(20)),
        ("0", Some(1)),
        ("Sun, 22 Nov 2026 11:00:00 GMT", Some(1)),
        ("later", Some(1)),
        // Longer than the rule goes on for.
        ("600", None),
    ] {
        for status in [429, 503] {
            let waits = Waits::default();
            let first = respond(status, &[("Retry-After", retry_after)], "");
            let script = Script::of([first, success(&tariff("T1"))]);
            let sent = block_on(patient(&waits).over(&script).send(&get()));
            assert_eq!(sent.is_ok(), expected.is_some(), "{retry_after}");
            assert_eq!(waits.seconds(), expected.into_iter().collect::<Vec<_>>(), "{retry_after}");
        }
    }
}

/// Others wait as well, a minute at most, whatever they send.
#[test]
fn a_partner_that_wants_to_be_left_alone_is_left_alone() {
    for (retry_after, pause) in [("7", 7), ("86400", 60)] {
        let waits = Waits::default();
        let script = Script::of([answers_503(&[("Retry-After", retry_after)])])
            .then(Ok(success(r#"{"result": "ACCEPTED", "timeout": 30}"#)));
        let client = patient(&waits).with_retry(Retry::NEVER).over(&script);
        block_on(client.send(&get())).expect_err("busy");
        let soon = RequestOptions::new().within(SECOND * 2);
        let error = block_on(client.send_with(&stop(), &soon)).expect_err("no turn");
        assert!(error.is_no_turn() && error.is_retryable() && !error.is_timeout(), "{error}");
        assert_eq!(error.retry_after(), Some(Duration::from_secs(pause)));
        assert_eq!((script.requests().len(), waits.seconds()), (1, vec![]), "it was not sent");
        block_on(client.clone().send(&stop())).expect("an answer");
        assert_eq!(waits.seconds(), [pause]);
    }
}

#[test]
fn the_rate_of_a_partner_is_kept_by_all_clones() {
    let waits = Waits::default();
    let script = Arc::new(Script::of((0..9).map(|_| success("[]"))));
    let slow = patient(&waits).with_rate(Rate::per_minute(3)).over(Arc::clone(&script));
    let clone = slow.clone();
    let shared = patient(&waits).with_pace(slow.pace().clone()).over(Arc::clone(&script));
    for client in [&slow, &clone, &shared] {
        for _ in 0..2 {
            block_on(client.send(&List::<Tariff>::all())).expect("an answer");
        }
    }
    assert_eq!(waits.seconds(), [60], "three at once, a minute, three at once");
    let own = patient(&waits).with_pace(Pace::new(Rate::per_minute(3))).over(Arc::clone(&script));
    block_on(own.send(&List::<Tariff>::all())).expect("an answer");
    assert_eq!(waits.seconds(), [] as [u64; 0]);
}

/// A client whose waits never end, and the same with waits that do.
fn slow(waits: &Waits, script: &Arc<Script>) -> [Client<Arc<Script>>; 2] {
    let client = patient(waits).with_rate(Rate::per_minute(1)).over(Arc::clone(script));
    [client.clone().with_timer(Timer::new(|_| pending())), client]
}

fn dropped(client: &Client<Arc<Script>>, options: &RequestOptions<'_>) {
    let endpoint = get();
    let mut sent = std::pin::pin!(client.send_with(&endpoint, options));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(sent.as_mut().poll(&mut context).is_pending());
}

/// Requests that are dropped while they wait hold up nobody.
#[test]
fn a_dropped_request_gives_its_turn_back() {
    let waits = Waits::default();
    let script = Arc::new(Script::of((0..2).map(|_| success(&tariff("T1")))));
    let [hanging, client] = slow(&waits, &script);
    block_on(client.send(&get())).expect("an answer");
    for options in [RequestOptions::new(), RequestOptions::new().in_background()] {
        (0..50).for_each(|_| dropped(&hanging, &options));
    }
    block_on(client.send(&get())).expect("an answer");
    assert_eq!(waits.seconds(), [60]);
}

/// A request that waits for a turn also waits for the end of a pause that the partner asks for meanwhile.
#[test]
fn a_pause_holds_for_those_that_wait_already() {
    let waits = Waits::default();
    let script = Arc::new(Script::of((0..2).map(|_| success(&tariff("T1")))));
    let [_, client] = slow(&waits, &script);
    block_on(client.send(&get())).expect("an answer");
    let (timer, pace) = (waits.timer(), client.pace().clone());
    let until = waits.clock().ticks() + Duration::from_secs(90);
    let pausing = client.with_timer(Timer::new(move |wait| {
        pace.pause(until);
        let timer = timer.clone();
        async move { timer.wait(wait).await }
    }));
    block_on(pausing.send(&get())).expect("an answer");
    assert_eq!(waits.seconds(), [60, 30]);
}

/// Nobody who starts a session waits for the end of a list that uses up the rate.
#[test]
fn a_command_passes_the_pages_of_a_list() {
    let waits = Waits::default();
    let page = |id: &str| {
        let mut page = success(&format!("[{}]", tariff(id)));
        let next = format!("<?cursor={id}>; rel=\"next\"").parse().expect("a header");
        page.headers_mut().insert("Link", next);
        page
    };
    let answer = success(r#"{"result": "ACCEPTED", "timeout": 30}"#);
    let script = Arc::new(Script::of([page("T1"), page("T2"), page("T3"), answer, page("T4")]));
    let cpo = patient(&waits).with_rate(Rate::per_minute(4)).over(Arc::clone(&script));
    let mut pages = cpo.pages::<Tariff>();
    for _ in 0..3 {
        block_on(pages.next()).expect("a page").expect("a page");
    }
    block_on(cpo.send(&stop())).expect("an answer");
    assert_eq!(waits.seconds(), [] as [u64; 0]);
    block_on(pages.next()).expect("a page").expect("a page");
    assert_eq!(waits.seconds(), [60]);
}

#[test]
fn each_send_has_an_id_and_all_have_one_correlation_id() {
    let ids = |options: &RequestOptions<'_>| {
        let waits = Waits::default();
        let script = Script::of([answers_503(&[]), failure(200, 3000), success(&tariff("T1"))]);
        block_on(patient(&waits).over(&script).send_with(&get(), options)).expect("an answer");
        let of = |name: &str| -> Vec<String> {
            script
                .requests()
                .iter()
                .map(|it| it.headers()[name].to_str().expect("a text").to_owned())
                .collect()
        };
        (of("x-request-id"), of("x-correlation-id"))
    };
    let (requests, correlations) = ids(&RequestOptions::new());
    assert_eq!(requests, ["run-0", "run-1", "run-2"]);
    assert_eq!(correlations, ["run-0"; 3]);
    let (requests, correlations) =
        ids(&RequestOptions::new().request_id("mine").correlation_id("of-another"));
    assert_eq!(requests, ["mine", "run-0", "run-1"]);
    assert_eq!(correlations, ["of-another"; 3]);
}

/// The repeat of a request is the request: its body, its headers, its parties.
#[test]
fn what_is_sent_again_is_the_same() {
    let waits = Waits::default();
    let script = Script::of([answers_503(&[]), success("null")]);
    let client = patient(&waits).with_parties(party("DE/EMP"), party("NL/ALF")).over(&script);
    block_on(client.send(&put())).expect("stored");
    let mut requests = script.requests();
    let [first, second] = &mut requests[..] else { panic!("two requests") };
    assert_ne!(first.headers()["x-request-id"], second.headers()["x-request-id"]);
    assert!(second.headers()["authorization"].is_sensitive());
    assert_eq!(second.extensions().get::<Ledger>(), None);
    for request in [&mut *first, &mut *second] {
        request.headers_mut().remove("x-request-id");
    }
    assert_eq!(first.headers(), second.headers());
    assert_eq!((first.method(), first.uri(), first.body()), (second.method(), second.uri(), second.body()));
}

#[test]
fn a_deadline_covers_all_repeats() {
    let waits = Waits::default();
    // Every answer takes four seconds, and is a failure.
    let slow = waits.clone();
    let busy = transport::from_fn(move |_| {
        slow.pass(SECOND * 4);
        ready(Ok(answers_503(&[])))
    });
    let client = patient(&waits).with_retry(Retry::default().with_sends(9)).over(busy);
    let options = RequestOptions::new().within(SECOND * 10);
    let error = block_on(client.send_with(&get(), &options)).expect_err("busy");
    assert_eq!(error.http_status().map(|http| http.as_u16()), Some(503), "the last failure is told");
    assert_eq!(waits.seconds(), [1], "after 9 s there is no time for 2 s more");

    // What is left is the deadline of the repeat.
    let waits = Waits::default();
    let first = Arc::new(Mutex::new(Some(answers_503(&[]))));
    let once = transport::from_fn(move |_| {
        let first = first.lock().expect("no panic").take();
        async move {
            match first {
                Some(first) => Ok(first),
                None => pending().await,
            }
        }
    });
    let client = patient(&waits).over(once);
    let error = block_on(client.send_with(&get(), &options)).expect_err("no answer");
    assert!(error.is_timeout(), "{error}");
    assert_eq!(waits.seconds(), [1, 9]);
}

/// The list of Sessions demands a time, as the specification says; what an application asks for stays.
#[test]
fn demanded_parameters_are_sent() {
    let client = client();
    let uri = |list: &List<Session>| {
        let request = client.request(list).expect("offered");
        request.uri().query().unwrap_or_default().to_owned()
    };
    assert_eq!(uri(&List::all()), "date_from=1970-01-01T00%3A00%3A00Z");
    let since = "2026-01-01T00:00:00Z".parse().expect("a time");
    assert_eq!(uri(&List::since(since)), "date_from=2026-01-01T00%3A00%3A00Z");
    let next = "https://cpo.example/ocpi/2.3.0/sender/sessions?page=2".parse().expect("a URL");
    assert_eq!(uri(&List::at(next)), "page=2");
    let tariffs = client.request(&List::<Tariff>::all()).expect("offered");
    assert_eq!(tariffs.uri().query(), None);
}

/// The future of a request that may be repeated can be sent to another thread.
#[test]
fn futures_can_be_sent() {
    fn is_send<T: Send>(_: &T) {}
    async fn send(client: Client<impl Transport>) -> Result<Answer<Tariff>, Error> {
        client.send(&get()).await
    }
    is_send(&send(client().over(Script::of([]))));
}
