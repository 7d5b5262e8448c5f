//! Messages that wait until a schedule lets them pass.

use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use ocpi_client::{Transport, TransportError};
use ocpi_platform::Error;
use ocpi_testkit::{envelope, respond};

pub(super) type Request = http::Request<Bytes>;
pub(super) type Response = http::Response<Bytes>;

/// A transport of all platforms of a play. Nothing arrives by itself: a request waits for [`Op::answer`].
#[derive(Clone, Default)]
pub(super) struct Wire(Arc<Mutex<Inside>>);

#[derive(Default)]
struct Inside {
    /// The operation that runs now.
    running: u64,
    begun: u64,
    asked: BTreeMap<u64, Request>,
    answers: BTreeMap<u64, Result<Response, TransportError>>,
    /// Parts of operations that wait for an answer: an operation that has several goes on only with those that are woken.
    wakers: BTreeMap<u64, Waker>,
}

impl Wire {
    fn answer(&self, op: u64, answer: Result<Response, TransportError>) {
        let waker = {
            let mut inside = self.lock();
            inside.answers.insert(op, answer);
            inside.wakers.remove(&op)
        };
        waker.into_iter().for_each(Waker::wake);
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transport for Wire {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let op = {
            let mut inside = self.lock();
            let op = inside.running;
            assert!(inside.asked.insert(op, request).is_none(), "one request at a time");
            op
        };
        poll_fn(|context| {
            let mut inside = self.lock();
            match inside.answers.remove(&op) {
                Some(answer) => Poll::Ready(answer),
                None => {
                    inside.wakers.insert(op, context.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await
    }
}

/// An operation of a platform, or a request that it serves: it runs until it needs an answer.
pub(super) struct Op {
    id: u64,
    wire: Wire,
    future: Pin<Box<dyn Future<Output = Done>>>,
}

/// Outcome of an operation.
pub(super) enum Done {
    /// A request was served.
    Served(Response),
    /// Something that an operator wanted was done, or failed.
    Ended(Result<(), Error>),
}

/// Point at which an operation stands.
pub(super) enum Step {
    /// It has sent this request, and waits.
    Asks(Request),
    Done(Done),
}

impl Op {
    pub(super) fn new(wire: &Wire, future: impl Future<Output = Done> + 'static) -> Self {
        let mut inside = wire.lock();
        inside.begun += 1;
        Self { id: inside.begun, wire: wire.clone(), future: Box::pin(future) }
    }

    /// Runs until it asks or is done.
    pub(super) fn run(&mut self) -> Step {
        self.try_run().expect("only an answer is waited for")
    }

    /// Runs until it asks, is done, or waits for its turn at the store.
    pub(super) fn try_run(&mut self) -> Option<Step> {
        self.wire.lock().running = self.id;
        match self.future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(done) => Some(Step::Done(done)),
            Poll::Pending => self.wire.lock().asked.remove(&self.id).map(Step::Asks),
        }
    }

    /// Gives it an answer, and runs as [`try_run`](Self::try_run).
    pub(super) fn try_answer(&mut self, answer: Result<Response, TransportError>) -> Option<Step> {
        self.wire.answer(self.id, answer);
        self.try_run()
    }

    /// Gives it the answer that it waits for, and runs on.
    pub(super) fn answer(&mut self, answer: Result<Response, TransportError>) -> Step {
        self.wire.answer(self.id, answer);
        self.run()
    }

    /// Answers all that it asks from now on.
    pub(super) fn finish(
        &mut self,
        mut step: Step,
        mut answers: impl FnMut(Request) -> Result<Response, TransportError>,
    ) -> Done {
        loop {
            match step {
                Step::Asks(request) => step = self.answer(answers(request)),
                Step::Done(done) => return done,
            }
        }
    }
}

/// The failure of a request that never arrived, or whose answer did not.
pub(super) fn lost() -> TransportError {
    TransportError::new("lost")
}

/// The versions or their details, as a platform at this host has them.
pub(super) fn discovery(host: &str, request: &Request) -> Response {
    let base = format!("https://{host}/ocpi");
    if request.uri().path().ends_with("/versions") {
        return respond(200, &[], &envelope(&format!(r#"[{{"version": "2.3.0", "url": "{base}/2.3.0"}}]"#)));
    }
    let endpoints = endpoints_json(host);
    respond(200, &[], &envelope(&format!(r#"{{"version": "2.3.0", "endpoints": {endpoints}}}"#)))
}

pub(super) fn endpoints_json(host: &str) -> String {
    let base = format!("https://{host}/ocpi/2.3.0");
    format!(
        r#"[{{"identifier": "credentials", "role": "SENDER", "url": "{base}/credentials"}},
        {{"identifier": "credentials", "role": "RECEIVER", "url": "{base}/credentials"}},
        {{"identifier": "tariffs", "role": "SENDER", "url": "{base}/sender/tariffs"}}]"#
    )
}
