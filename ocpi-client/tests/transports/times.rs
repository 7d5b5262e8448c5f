use std::collections::BTreeMap;
use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use ocpi_client::outbound::Resolver;
use ocpi_client::{Outbound, TransportErrorKind};
use ocpi_types::{Clock, DateTime, Timer};

use crate::server::{Server, answer, wait_for_the_end};
use crate::way::{development, reqwest, ureq, ways};

const WHOLE: Duration = Duration::from_secs(300);
const HEAD: Duration = Duration::from_secs(30);
const WINDOW: Duration = Duration::from_secs(10);

/// A timer by which only some times are ever up, and these as soon as others had their turn; and how many times of each
/// length were asked for.
fn up(
    is_up: impl Fn(Duration) -> bool + Send + Sync + 'static,
) -> (Timer, Arc<Mutex<BTreeMap<Duration, u64>>>) {
    let asked: Arc<Mutex<BTreeMap<Duration, u64>>> = Arc::default();
    let all = Arc::clone(&asked);
    let timer = Timer::new(move |time| {
        *all.lock().expect("no panic").entry(time).or_default() += 1;
        let is_up = is_up(time);
        async move {
            match is_up {
                true => tokio::task::yield_now().await,
                false => std::future::pending().await,
            }
        }
    });
    (timer, asked)
}

/// A server that says this and nothing more.
fn silent_after(text: &'static str) -> Server {
    Server::new(move |_, stream| {
        stream.write_all(text.as_bytes()).expect("sent");
        wait_for_the_end(stream);
    })
}

const HALF: &str = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"data\": [";

#[test]
fn a_head_that_does_not_come_is_not_waited_for() {
    for text in ["", "HTTP/1.1 200 OK\r\ncontent-le"] {
        let server = silent_after(text);
        let (timer, asked) = up(|time| time == HEAD);
        let ways = [
            reqwest(development().with_timer(timer)),
            ureq(development().with_head_time(Duration::from_millis(50))),
        ];
        for way in ways.map(|way| way.expect("a client")) {
            let error = way.get(&server.url("/")).expect_err("no answer");
            assert_eq!(error.kind(), TransportErrorKind::Timeout, "{}: {error}", way.name);
        }
        assert_eq!(*asked.lock().expect("no panic"), BTreeMap::from([(WHOLE, 1), (HEAD, 1)]));
    }
}

#[test]
fn a_body_that_stalls_is_not_waited_for() {
    let server = silent_after(HALF);
    let (timer, asked) = up(|time| time == WINDOW);
    let short = Duration::from_millis(50);
    let ways = [
        reqwest(development().with_timer(timer)),
        ureq(development().with_body_rate(1, short).with_head_time(short * 20)),
    ];
    for way in ways.map(|way| way.expect("a client")) {
        let error = way.get(&server.url("/")).expect_err("no answer");
        assert_eq!(error.kind(), TransportErrorKind::Timeout, "{}: {error}", way.name);
    }
    assert_eq!(*asked.lock().expect("no panic"), BTreeMap::from([(WHOLE, 1), (HEAD, 1), (WINDOW, 1)]));
}

/// Time after time passes, and each brings enough.
#[test]
fn a_body_that_comes_fast_enough_is_read_to_its_end() {
    let (timer, _) = up(|time| time == WINDOW);
    let ticks = AtomicU64::new(0);
    let outbound = development()
        .with_timer(timer)
        .with_clock(Clock::new(move || later(&ticks)))
        .with_body_rate(0, WINDOW);
    for way in ways(&outbound) {
        let server = Server::says(answer("", &[b' '; 100_000]));
        assert_eq!(way.get(&server.url("/")).expect("an answer").body().len(), 100_000, "{}", way.name);
    }
}

/// A clock that goes on by a minute each time it is asked.
fn later(ticks: &AtomicU64) -> DateTime {
    let minutes = ticks.fetch_add(1, Ordering::Relaxed);
    DateTime::from_unix_millis(i64::try_from(minutes * 60_000).expect("a time")).expect("a time")
}

#[test]
fn a_body_that_drips_is_not_waited_for() {
    let ticks = AtomicU64::new(0);
    let (timer, _) = up(|time| time == WINDOW);
    let outbound = development().with_clock(Clock::new(move || later(&ticks))).with_timer(timer);
    for way in ways(&outbound) {
        // 10 bytes, where 1 KiB should have come in the time. This is known before more is waited for.
        let error = way.get(&silent_after(HALF).url("/")).expect_err("too slow");
        assert!(
            error.to_string().ends_with("the body of the answer comes too slowly"),
            "{}: {error}",
            way.name
        );
        assert_eq!(error.kind(), TransportErrorKind::Timeout, "{}: {error}", way.name);
    }
}

#[test]
fn an_answer_that_takes_too_long_is_not_waited_for() {
    let (timer, _) = up(|time| time == WHOLE);
    let ways = [
        reqwest(development().with_timer(timer)),
        ureq(development().with_whole_time(Duration::from_millis(50))),
    ];
    for way in ways.map(|way| way.expect("a client")) {
        let error = way.get(&silent_after(HALF).url("/")).expect_err("no answer");
        assert_eq!(error.kind(), TransportErrorKind::Timeout, "{}: {error}", way.name);
    }
}

/// reqwest has a timer for that: see `an_answer_that_takes_too_long_is_not_waited_for`.
#[test]
fn redirects_have_the_time_of_the_whole_answer_together() {
    let server =
        Server::says("HTTP/1.1 302 Found\r\nconnection: close\r\ncontent-length: 0\r\nlocation: /on\r\n\r\n");
    let ticks = AtomicU64::new(0);
    let outbound = development().with_clock(Clock::new(move || later(&ticks)));
    let way = ureq(outbound.with_whole_time(Duration::from_secs(120))).expect("a client");
    let error = way.get(&server.url("/")).expect_err("no answer");
    assert_eq!((error.kind(), server.heads().len()), (TransportErrorKind::Timeout, 2), "{error}");
}

#[test]
fn a_name_that_is_not_looked_up_is_not_waited_for() {
    let (end, is_over) = mpsc::channel::<()>();
    let is_over = Mutex::new(is_over);
    let resolver = Resolver::from_fn(move |_| {
        let _ = is_over.lock().expect("no panic").recv();
        Ok(vec![])
    });
    let outbound: Outbound =
        development().with_connect_time(Duration::from_millis(50)).with_resolver(resolver);
    let errors = ways(&outbound).map(|way| {
        let error = way.get("http://cpo.example/").expect_err("no answer");
        // A runtime waits for its threads, when it ends.
        (way, error)
    });
    drop(end);
    for (way, error) in errors {
        assert_eq!(error.kind(), TransportErrorKind::Timeout, "{}: {error}", way.name);
    }
}
