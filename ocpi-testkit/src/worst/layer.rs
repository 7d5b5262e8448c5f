//! Layer of faults in front of a correct platform.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use ocpi_server_traits::{Router, Timer};

use super::deviations::urls::change_link;
use super::visit::{About, Memory, Visit};
use super::{Answer, Deviation, Fault};

/// Most requests that a partner answers: whoever asks more often runs in a circle.
const MOST: u64 = 5_000;

/// Layer of faults in front of a router.
pub(super) struct Layer {
    router: Router,
    faults: Vec<Fault>,
    timer: Timer,
    memory: Mutex<Memory>,
    requests: Mutex<Vec<String>>,
}

impl Layer {
    pub(super) fn new(router: Router, faults: Vec<Fault>, timer: Timer) -> Self {
        Self { router, faults, timer, memory: Mutex::default(), requests: Mutex::default() }
    }

    /// Tells it of token A.
    pub(super) fn knows(&self, token: &str) {
        lock(&self.memory).tokens.push(token.to_owned());
    }

    /// Requests that came, as method and path.
    pub(super) fn requests(&self) -> Vec<String> {
        lock(&self.requests).clone()
    }

    /// Answers a request; `None` if the line breaks.
    pub(super) async fn answer(&self, request: http::Request<Bytes>) -> Option<http::Response<Bytes>> {
        let shown = format!("{} {}", request.method(), request.uri());
        let count = {
            let mut requests = lock(&self.requests);
            requests.push(shown);
            u64::try_from(requests.len()).unwrap_or(u64::MAX)
        };
        if count > MOST {
            return None;
        }
        let mut visit = Visit::of(request);
        let early = self.before(&mut visit);
        if visit.is_lost {
            return None;
        }
        let mut answer = match early {
            Some(answer) => answer,
            None => Answer::of(self.router.call(visit.request.clone()).await),
        };
        self.after(&mut visit, &mut answer);
        if visit.delay > Duration::ZERO {
            self.timer.wait(visit.delay).await;
        }
        (!visit.is_answer_lost).then(|| answer.into_response())
    }

    fn deviations(&self) -> impl Iterator<Item = (Fault, &'static Deviation)> {
        self.faults.iter().flat_map(|fault| fault.deviations().iter().map(|deviation| (*fault, deviation)))
    }

    fn before(&self, visit: &mut Visit) -> Option<Answer> {
        let mut memory = lock(&self.memory);
        for (fault, deviation) in self.deviations() {
            match (deviation, fault) {
                (Deviation::Delay, Fault::Slow(time)) => visit.delay += time,
                (Deviation::Request(request), _) => {
                    if let Some(answer) = request(visit, &mut memory) {
                        return Some(answer);
                    }
                }
                _ => {}
            }
        }
        None
    }

    fn after(&self, visit: &mut Visit, answer: &mut Answer) {
        let mut memory = lock(&self.memory);
        without_cursor(answer);
        if visit.about == About::Module("credentials") && !visit.has_method(Method::GET) {
            answer.objects(|object| {
                memory.tokens.extend(object.get("token").and_then(|token| token.as_str()).map(str::to_owned));
            });
        }
        // Objects first, then envelopes and headers, and the text of the body last.
        for (_, deviation) in self.deviations() {
            let Deviation::Object(module, change) = deviation else { continue };
            // What was pushed to it, it gives back as it was.
            let is_theirs = *module == "cdrs" && !visit.tail.is_empty();
            if visit.is(Method::GET, module) && answer.is_success() && !is_theirs {
                answer.objects(change);
            }
        }
        for (_, deviation) in self.deviations() {
            if let Deviation::Answer(change) = deviation {
                change(visit, &mut memory, answer);
            }
        }
        for (_, deviation) in self.deviations() {
            if let Deviation::Text(change) = deviation {
                change(visit, &mut memory, answer);
            }
        }
        for (_, deviation) in self.deviations() {
            if let Deviation::Line(change) = deviation {
                change(visit, &mut memory);
            }
        }
    }
}

/// Most partners find their pages by offsets alone.
fn without_cursor(answer: &mut Answer) {
    change_link(answer, |url| match url.split_once("&cursor=") {
        Some((before, after)) => {
            let rest = after.find('&').map_or("", |end| &after[end..]);
            format!("{before}{rest}")
        }
        None => url.to_owned(),
    });
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
