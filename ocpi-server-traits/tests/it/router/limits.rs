//! Bounds on the requests of a partner: time, number at once, rate. Panics of handlers.

use std::convert::Infallible;
use std::future::{Future, pending, ready};
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, header};
use http_body::{Body, Frame};
use http_body_util::{BodyExt, Full};
use ocpi_server_traits::{
    Caller, Error, Handle, InFlight, Objects, Rate, RequestLimits, ResponseBody, Router, Timer,
};
use ocpi_testkit::{Answer, SteppedClock, parse, tariff_json, token};
use ocpi_types::Version;
use ocpi_types::v2_3_0::commands::{CommandResponse, StopSession};
use ocpi_types::v2_3_0::tariffs::Tariff;
use tower_service::Service;

use crate::site::{CPO, NEWCOMER, OTHER, builder, partners, raw_request, request};

const STOP: &str = "/receiver/commands/STOP_SESSION";

/// Times that were waited for.
type Waited = Arc<Mutex<Vec<Duration>>>;

/// A timer whose time is up at once, or never.
fn timer(is_up: bool) -> (Timer, Waited) {
    let waited = Waited::default();
    let told = Arc::clone(&waited);
    let timer = Timer::new(move |time| {
        told.lock().expect("no panic").push(time);
        async move { if is_up { ready(()).await } else { pending().await } }
    });
    (timer, waited)
}

fn limits() -> RequestLimits {
    RequestLimits::default()
        .with_body_bytes(64 << 10)
        .with_body_time(Duration::from_secs(7))
        .with_pass_over_time(Duration::from_secs(3))
}

/// A router with Tariffs of a Receiver.
fn router(timer: Timer, limits: RequestLimits) -> Router {
    let objects = super::build::objects();
    builder()
        .with_timer(timer)
        .with_limits(limits)
        .version(Version::V2_3_0, |routes| routes.receiver::<Tariff>(&objects))
        .build(partners())
        .expect("a router")
}

/// A body of 4 KiB pieces, of which no more come after a number of them; counts them.
struct Stalling {
    left: usize,
    read: Arc<AtomicUsize>,
}

impl Body for Stalling {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.left == 0 {
            return Poll::Pending;
        }
        self.left -= 1;
        self.read.fetch_add(1, Ordering::Relaxed);
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&[b' '; 4 << 10])))))
    }
}

/// Starts a PUT whose body stalls after a number of pieces; counts the pieces that were read.
fn put_stalling(
    router: &Router,
    pieces: usize,
    announced: Option<usize>,
) -> (http::Response<ResponseBody>, Arc<AtomicUsize>) {
    let read = Arc::new(AtomicUsize::new(0));
    let body = Stalling { left: pieces, read: Arc::clone(&read) };
    let mut request = request(Method::PUT, "/receiver/tariffs/NL/ALF/T1", "").map(|_| body);
    if let Some(announced) = announced {
        request.headers_mut().insert(header::CONTENT_LENGTH, announced.into());
    }
    let answer = pollster::block_on(Service::call(&mut router.clone(), request)).expect("it cannot fail");
    (answer, read)
}

fn whole(answer: http::Response<ResponseBody>) -> Answer {
    let (parts, body) = answer.into_parts();
    let body = pollster::block_on(body.collect()).expect("it cannot fail").to_bytes();
    Answer::of(http::Response::from_parts(parts, body))
}

fn poll_once<T>(future: &mut (impl Future<Output = T> + Unpin)) -> Poll<T> {
    Pin::new(future).poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn a_body_that_does_not_arrive_in_time_is_408() {
    let (timer, waited) = timer(true);
    let router = router(timer, limits());
    for pieces in [0, 1, 5] {
        let (answer, read) = put_stalling(&router, pieces, None);
        whole(answer).expect(408, 2000);
        assert_eq!(read.load(Ordering::Relaxed), pieces, "what comes at once is read");
    }
    assert_eq!(*waited.lock().expect("no panic"), [Duration::from_secs(7); 3]);
}

/// The answer does not wait for a body that nobody will read.
#[test]
fn a_body_that_is_too_large_is_refused_before_the_rest_is_passed_over() {
    for (pieces, announced, read_before) in [(20, None, 17), (20, Some(80 << 10), 0), (0, Some(80 << 10), 0)]
    {
        let (timer, waited) = timer(false);
        let router = router(timer, limits());
        let (answer, read) = put_stalling(&router, pieces, announced);
        assert_eq!(answer.status(), 413);
        assert_eq!(read.load(Ordering::Relaxed), read_before, "{pieces} {announced:?}");
        let (_, mut body) = answer.into_parts();
        assert_eq!(body.size_hint().exact(), None, "a server would end the answer with its last byte");
        let Poll::Ready(Some(Ok(envelope))) = poll_once(&mut body.frame()) else {
            panic!("the envelope is there")
        };
        assert!(envelope.into_data().expect("data").starts_with(b"{"));
        assert_eq!(read.load(Ordering::Relaxed), read_before, "the envelope is sent first");
        assert!(!body.is_end_stream());
        assert!(poll_once(&mut body.frame()).is_pending(), "the partner has not sent all");
        assert_eq!(read.load(Ordering::Relaxed), pieces);
        assert_eq!(waited.lock().expect("no panic").last(), Some(&Duration::from_secs(3)));
    }
}

#[test]
fn the_rest_of_a_body_is_not_passed_over_for_ever() {
    let (timer, _) = timer(true);
    let router = router(timer, limits());
    whole(put_stalling(&router, 20, Some(80 << 10)).0).expect(413, 2000);
    // So much is not read at all.
    let (answer, read) = put_stalling(&router, 20, Some(1 << 30));
    whole(answer).expect(413, 2000);
    assert!(read.load(Ordering::Relaxed) <= 20);
}

/// To read would be to ask for the body that a partner holds back.
#[test]
fn a_body_that_is_held_back_is_not_asked_for() {
    let (timer, waited) = timer(false);
    let router = router(timer, limits());
    let read = Arc::new(AtomicUsize::new(0));
    let body = Stalling { left: 20, read: Arc::clone(&read) };
    let mut request = request(Method::PUT, "/receiver/tariffs/NL/ALF/T1", "").map(|_| body);
    request.headers_mut().insert(header::CONTENT_LENGTH, (80 << 10).into());
    request.headers_mut().insert(header::EXPECT, header::HeaderValue::from_static("100-continue"));
    let mut router = router;
    whole(pollster::block_on(Service::call(&mut router, request)).expect("it cannot fail")).expect(413, 2000);
    assert_eq!(read.load(Ordering::Relaxed), 0);
    assert!(waited.lock().expect("no panic").is_empty());
}

fn get(router: &Router, who: &str) -> Answer {
    let mut request = raw_request(Method::GET, "/ocpi/versions", Bytes::new());
    let header = token(who).to_header(true).parse().expect("a header");
    request.headers_mut().insert(header::AUTHORIZATION, header);
    Answer::of(pollster::block_on(router.call(request)))
}

#[test]
fn a_partner_has_so_many_requests_at_once() {
    let router = router(timer(false).0, limits().with_at_once(2));
    let admit = || {
        let (parts, ()) = raw_request(Method::GET, "/ocpi/versions", Bytes::new()).map(drop).into_parts();
        pollster::block_on(router.admit(&parts)).ok()
    };
    let Some(first) = admit() else { panic!("the first") };
    let Some(second) = admit() else { panic!("the second") };
    let refused = get(&router, CPO).expect(429, 2000);
    assert_eq!(refused.header("retry-after"), Some("1"));
    get(&router, OTHER).expect(200, 1000);
    // It is over when it is answered, or given up.
    Answer::of(pollster::block_on(first.answer(Bytes::new()))).expect(200, 1000);
    get(&router, CPO).expect(200, 1000);
    drop(second);
    let both = (admit(), admit());
    assert!(both.0.is_some() && both.1.is_some());
}

/// An answer is in memory until its last byte is sent.
#[test]
fn a_partner_that_does_not_read_its_answers_gets_no_more_of_them() {
    let mut router = router(timer(false).0, limits().with_at_once(2));
    let mut call = || {
        let request = request(Method::GET, "/receiver/tariffs/NL/ALF/T1", "").map(Full::new);
        pollster::block_on(Service::call(&mut router, request)).expect("it cannot fail")
    };
    let (first, second) = (call(), call());
    whole(call()).expect(429, 2000);
    whole(first).expect(404, 2000);
    let third = call();
    assert_eq!(third.status(), 404);
    whole(call()).expect(429, 2000);
    drop((second, third));
    // Whoever sends an answer himself can do the same.
    let answers = [(); 2].map(|()| {
        let (parts, body) = request(Method::GET, "/receiver/tariffs/NL/ALF/T1", "").into_parts();
        let Ok(admitted) = pollster::block_on(router.admit(&parts)) else { panic!("the next") };
        pollster::block_on(admitted.answer(body))
    });
    let guards =
        answers.map(|mut answer| answer.extensions_mut().remove::<InFlight>().expect("an extension"));
    get(&router, CPO).expect(429, 2000);
    drop(guards);
    get(&router, CPO).expect(200, 1000);
}

/// A server asks for the next frame when there is room for it.
#[test]
fn a_long_answer_comes_in_frames() {
    let objects = super::build::objects();
    let tariffs = (0..2_000).map(|number| parse(&tariff_json("DE/EMP", &format!("T{number}"), "10:00:00")));
    pollster::block_on(objects.put_all::<Tariff>(tariffs)).expect("a store");
    let objects = Arc::new(Arc::into_inner(objects).expect("it is not shared").with_page_size(2_000));
    let router = builder().version(Version::V2_3_0, |routes| routes.sender::<Tariff>(&objects));
    let mut router = router.build(partners()).expect("a router");
    let request = request(Method::GET, "/sender/tariffs", "").map(Full::new);
    let answer = pollster::block_on(Service::call(&mut router, request)).expect("it cannot fail");
    let (parts, mut body) = answer.into_parts();
    let length = body.size_hint().exact().expect("a length");
    let mut text = Vec::new();
    while let Poll::Ready(Some(Ok(frame))) = poll_once(&mut body.frame()) {
        let data = frame.into_data().expect("data");
        assert!(data.len() <= 64 << 10);
        text.extend_from_slice(&data);
    }
    assert!(body.is_end_stream() && length > 128 << 10);
    assert_eq!(u64::try_from(text.len()), Ok(length));
    let answer = Answer::of(http::Response::from_parts(parts, text.into())).expect(200, 1000);
    assert_eq!(answer.list::<Tariff>().len(), 2_000);
}

/// A router with a clock that stands, and at most three requests in ten seconds.
fn rated() -> (SteppedClock, Router) {
    let clock = SteppedClock::default();
    let objects = super::build::objects();
    let router = Router::builder("https://emsp.example/ocpi".parse().expect("a URL"), clock.clock())
        .with_limits(RequestLimits::default().with_rate(Rate::new(3, Duration::from_secs(10))))
        .version(Version::V2_3_0, |routes| routes.receiver::<Tariff>(&objects))
        .build(partners())
        .expect("a router");
    (clock, router)
}

fn status(router: &Router, who: &str) -> (u16, Option<String>) {
    let mut request = raw_request(Method::GET, "/ocpi/versions", Bytes::new());
    let header = token(who).to_header(true).parse().expect("a header");
    request.headers_mut().insert(header::AUTHORIZATION, header);
    let answer = pollster::block_on(router.call(request));
    let after =
        answer.headers().get(header::RETRY_AFTER).map(|value| value.to_str().expect("ASCII").to_owned());
    (answer.status().as_u16(), after)
}

#[test]
fn a_partner_has_so_many_requests_in_a_time() {
    let (clock, router) = rated();
    let asked = |who: &str| status(&router, who).0;
    assert_eq!([(); 5].map(|()| asked(CPO)), [200, 200, 200, 429, 429]);
    // 3.33 s, in whole seconds.
    assert_eq!(status(&router, CPO), (429, Some("4".to_owned())));
    // Others have their own, also before they are registered.
    assert_eq!([asked(OTHER), asked(NEWCOMER)], [200, 200]);
    // To strangers there is no number.
    assert_eq!([(); 5].map(|()| asked("nobody")), [401; 5]);
    clock.advance(3);
    assert_eq!(asked(CPO), 429);
    clock.advance(1);
    assert_eq!([asked(CPO), asked(CPO)], [200, 429]);
    clock.advance(100);
    assert_eq!([(); 4].map(|()| asked(CPO)), [200, 200, 200, 429]);
    // After a clock was set back, nobody waits for the time that it was ahead.
    clock.advance(-3600);
    assert_eq!(status(&router, CPO), (429, Some("4".to_owned())));
    clock.advance(4);
    assert_eq!([asked(CPO), asked(CPO)], [200, 429]);
}

#[test]
fn rates_that_make_no_sense_are_rates() {
    for (rate, expected) in [
        (Rate::new(0, Duration::from_secs(1)), [200, 429]),
        (Rate::new(1, Duration::ZERO), [200, 429]),
        (Rate::new(u32::MAX, Duration::MAX), [200, 200]),
        (Rate::new(1, Duration::MAX), [200, 429]),
    ] {
        let router = router(timer(false).0, limits().with_rate(rate));
        assert_eq!([(); 2].map(|()| status(&router, CPO).0), expected, "{rate:?}");
    }
}

/// Panics at once, or after it was waiting.
struct Fragile;

impl Handle<StopSession> for Fragile {
    async fn handle(&self, _: &Caller, stop: StopSession) -> Result<CommandResponse, Error> {
        if stop.session_id.as_str() == "later" {
            let mut is_later = false;
            std::future::poll_fn(|context| {
                let polled = if is_later { Poll::Ready(()) } else { Poll::Pending };
                is_later = true;
                context.waker().wake_by_ref();
                polled
            })
            .await;
        }
        panic!("secret of session {}", stop.session_id.as_str());
    }
}

#[test]
fn a_handler_that_panics_is_answered_for() {
    let objects: Arc<Objects<_>> = super::build::objects();
    let router = builder()
        .with_limits(limits().with_at_once(1))
        .version(Version::V2_3_0, |routes| routes.on::<StopSession, _>(&Arc::new(Fragile)).cpo(&objects))
        .build(partners())
        .expect("a router");
    for session in ["now", "later", "now"] {
        let body = format!(r#"{{"response_url": "https://cpo.example/1", "session_id": "{session}"}}"#);
        let mut request = request(Method::POST, STOP, &body);
        request.headers_mut().insert("X-Request-ID", "r-1".parse().expect("a header"));
        let answer = Answer::of(pollster::block_on(router.call(request))).expect(200, 3000);
        assert_eq!(answer.message.as_deref(), Some("the server failed"));
        assert_eq!(answer.header("x-request-id"), Some("r-1"));
    }
    get(&router, CPO).expect(200, 1000);
}
