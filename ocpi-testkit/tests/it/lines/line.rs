//! The line between both sides.

use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use ocpi_client::{Transport, TransportError, TransportErrorKind};

use super::chance::Chance;
use super::crash::Fuse;
use super::tasks::slot;
use super::world::World;

/// Fate of a call.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) enum Fate {
    /// The request does not arrive.
    RequestCut,
    /// The answer does not arrive.
    AnswerCut,
    /// A part of the answer arrives.
    AnswerTorn,
    /// The request arrives late, perhaps when nobody waits for the answer any more.
    RequestDelayed,
    /// The answer arrives late, perhaps when nobody waits for it any more.
    AnswerDelayed,
    /// The request arrives twice at the same time.
    Doubled,
    /// The request arrives once more, later.
    DoubledLater,
    /// The next request arrives before this one.
    Overtaken,
    /// Neither request nor answer arrives, and nobody says so.
    Swallowed,
    /// Something on the way answers.
    GatewayError,
    /// Something on the way answers with a success. Nobody can cope with that: it shows that the laws see what is lost.
    Lied,
}

impl Fate {
    /// All with which one has to cope.
    pub(crate) const ALL: [Self; 10] = [
        Self::RequestCut,
        Self::AnswerCut,
        Self::AnswerTorn,
        Self::RequestDelayed,
        Self::AnswerDelayed,
        Self::Doubled,
        Self::DoubledLater,
        Self::Overtaken,
        Self::Swallowed,
        Self::GatewayError,
    ];
}

/// Time for which a transport waits for an answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// Most calls of a course: whoever makes more runs in a circle.
pub(crate) const MOST: usize = 4_000;

/// The plan for the fates of calls.
#[derive(Clone, Debug)]
pub(crate) enum Weather {
    Calm,
    /// One call, by its number, meets a fate.
    One(u64, Fate),
    /// One call in so many meets any fate.
    Storm(u64),
}

/// A call that was made.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Call {
    pub(crate) name: String,
    pub(crate) from: usize,
    pub(crate) fate: Option<Fate>,
}

/// Calls so far, and what is in store for the next.
pub(crate) struct Sky {
    pub(crate) weather: Weather,
    pub(crate) calls: Vec<Call>,
    /// Paths and bodies of requests that may be sent once only.
    pub(crate) once: Vec<(String, Bytes)>,
    pub(crate) delivered: u64,
}

/// Transport of a process.
#[derive(Clone)]
pub(crate) struct Line {
    pub(crate) world: Weak<World>,
    pub(crate) from: usize,
    pub(crate) fuse: Arc<Fuse>,
}

impl Transport for Line {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        self.fuse.step().await;
        let world = self.world.upgrade().ok_or_else(|| TransportError::new("the world is over"))?;
        let answer = world.time.timer().within(PATIENCE, carry(&world, self.from, request)).await;
        self.fuse.step().await;
        answer.unwrap_or_else(|| {
            Err(TransportError::new("no answer in time").with_kind(TransportErrorKind::Timeout))
        })
    }
}

fn broken() -> TransportError {
    TransportError::new("the line breaks")
}

async fn carry(
    world: &Arc<World>,
    from: usize,
    request: http::Request<Bytes>,
) -> Result<http::Response<Bytes>, TransportError> {
    let fate = world.fate(from, &request)?;
    let (chance, timer) = (&world.chance, world.time.timer());
    let delay = Duration::from_millis(chance.one_of(&[1, 400, 3_000, 20_000, 45_000, 700_000]));
    let at_once = Duration::ZERO;
    match fate {
        None => deliver(world, &request, at_once).await.ok_or_else(broken),
        Some(Fate::RequestCut) => {
            timer.wait(delay.min(Duration::from_secs(5))).await;
            Err(broken())
        }
        Some(Fate::AnswerCut) => {
            drop(deliver(world, &request, at_once).await);
            Err(broken())
        }
        Some(Fate::AnswerTorn) => {
            let answer = deliver(world, &request, at_once).await.ok_or_else(broken)?;
            Ok(torn(chance, answer))
        }
        Some(Fate::RequestDelayed) => deliver(world, &request, delay).await.ok_or_else(broken),
        Some(Fate::AnswerDelayed) => {
            let answer = deliver(world, &request, at_once).await.ok_or_else(broken);
            timer.wait(delay).await;
            answer
        }
        Some(Fate::Doubled) => {
            let (first, second) = (deliver(world, &request, at_once), deliver(world, &request, at_once));
            let (first, second) = join(first, second).await;
            if chance.below(2) == 0 { first } else { second }.ok_or_else(broken)
        }
        Some(Fate::DoubledLater) => {
            let second = deliver(world, &request, delay);
            let first = deliver(world, &request, at_once).await.ok_or_else(broken);
            drop(second);
            first
        }
        Some(Fate::Overtaken) => overtaken(world, &request).await.ok_or_else(broken),
        Some(Fate::Swallowed) => std::future::pending().await,
        Some(Fate::GatewayError) => {
            let mut answer = http::Response::new(Bytes::from_static(b"<html>502 Bad Gateway</html>"));
            *answer.status_mut() = http::StatusCode::BAD_GATEWAY;
            Ok(answer)
        }
        Some(Fate::Lied) => Ok(ocpi_testkit::success("null")),
    }
}

/// Answers of both.
pub(crate) async fn join<A: Future, B: Future>(first: A, second: B) -> (A::Output, B::Output) {
    let (mut first, mut second) = (std::pin::pin!(first), std::pin::pin!(second));
    let (mut one, mut other) = (None, None);
    std::future::poll_fn(move |context| {
        use std::task::Poll;
        if one.is_none() {
            if let Poll::Ready(output) = first.as_mut().poll(context) {
                one = Some(output);
            }
        }
        if other.is_none() {
            if let Poll::Ready(output) = second.as_mut().poll(context) {
                other = Some(output);
            }
        }
        match (one.take(), other.take()) {
            (Some(one), Some(other)) => Poll::Ready((one, other)),
            (left, right) => {
                (one, other) = (left, right);
                Poll::Pending
            }
        }
    })
    .await
}

/// Brings a request to its host after a delay, whether or not somebody waits for the answer. Its work begins with the call,
/// not when it is awaited.
fn deliver(
    world: &Arc<World>,
    request: &http::Request<Bytes>,
    delay: Duration,
) -> impl Future<Output = Option<http::Response<Bytes>>> + Send + use<> {
    let (answerer, answer) = slot();
    let (inside, request) = (Arc::downgrade(world), request.clone());
    world.tasks.spawn(&world.forever, async move {
        let Some(world) = inside.upgrade() else { return };
        if delay > Duration::ZERO {
            world.time.timer().wait(delay).await;
        }
        let side = usize::from(request.uri().host() == Some("emsp.example"));
        let Some(process) = world.process(side) else { return };
        world.sky.lock().expect("no panic").delivered += 1;
        let router = process.router.clone();
        // It dies with its process.
        world.tasks.spawn(&process.fuse, async move { answerer.answer(router.call(request).await) });
    });
    answer
}

/// Waits until another request has arrived, or for some seconds.
async fn overtaken(world: &Arc<World>, request: &http::Request<Bytes>) -> Option<http::Response<Bytes>> {
    let before = world.sky.lock().expect("no panic").delivered;
    for _ in 0..8 {
        world.time.timer().wait(Duration::from_millis(700)).await;
        if world.sky.lock().expect("no panic").delivered > before {
            break;
        }
    }
    deliver(world, request, Duration::ZERO).await
}

/// Some of the start stays: a body without a byte is an answer of its own, with which partners say that all is well.
fn torn(chance: &Chance, answer: http::Response<Bytes>) -> http::Response<Bytes> {
    answer.map(|body| {
        let length = u64::try_from(body.len()).expect("a length");
        let kept = 1 + chance.below(length.saturating_sub(1).max(1));
        let kept = usize::try_from(kept).expect("a length");
        body.slice(..kept.min(body.len()))
    })
}

/// Name of a call: its method, the interface and the module.
pub(crate) fn name(request: &http::Request<Bytes>) -> String {
    let path = request.uri().path().trim_start_matches("/ocpi/");
    let mut segments = path.split('/');
    let place = match [segments.next(), segments.next(), segments.next(), segments.next()] {
        [Some("versions"), ..] => "versions".to_owned(),
        [_, None, ..] => "details".to_owned(),
        [_, Some(module), None, _] => module.to_owned(),
        [_, Some(role), Some(module), None] => format!("{role}/{module}"),
        [_, Some(role), Some(module), Some(_)] => format!("{role}/{module}/…"),
    };
    format!("{} {place}", request.method())
}

/// Whether a request must not be sent twice by whoever sends it.
pub(crate) fn is_once(request: &http::Request<Bytes>) -> bool {
    *request.method() == Method::POST && request.uri().path().contains("/receiver/commands/")
}

pub(crate) type SharedSky = Mutex<Sky>;
