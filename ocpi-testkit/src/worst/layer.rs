//! Layer of faults in front of a correct platform.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use ocpi_server_traits::{Clock, Router, Timer};

use super::deviations::urls::change_link;
use super::visit::{About, Memory, Visit};
use super::{Answer, Deviation, Fault, lock};

/// Most requests that a partner answers: whoever asks more often runs in a circle.
const MOST: u64 = 5_000;

/// Layer of faults in front of a router.
pub(super) struct Layer {
    router: Router,
    faults: Vec<Fault>,
    clock: Clock,
    timer: Timer,
    memory: Mutex<Memory>,
    requests: Mutex<Vec<String>>,
    /// Names of faults that have shown.
    met: Mutex<BTreeSet<&'static str>>,
}

impl Layer {
    pub(super) fn new(router: Router, faults: Vec<Fault>, clock: Clock, timer: Timer) -> Self {
        // What the partner is shows from the first; what it does shows when it does it.
        let planned = |fault: &&Fault| fault.deviations().iter().all(|it| matches!(it, Deviation::Plan(_)));
        let met = faults.iter().filter(planned).map(|fault| fault.name()).collect();
        let (memory, requests) = (Mutex::default(), Mutex::default());
        Self { router, faults, clock, timer, memory, requests, met: Mutex::new(met) }
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
        let mut visit = Visit::of(request, self.clock.now());
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

    /// Faults that have shown so far.
    pub(super) fn met(&self) -> Vec<Fault> {
        let met = lock(&self.met);
        self.faults.iter().copied().filter(|fault| met.contains(fault.name())).collect()
    }

    fn deviations(&self) -> impl Iterator<Item = (Fault, &'static Deviation)> {
        self.faults.iter().flat_map(|fault| fault.deviations().iter().map(|deviation| (*fault, deviation)))
    }

    fn note(&self, fault: Fault, has_shown: bool) {
        if has_shown {
            lock(&self.met).insert(fault.name());
        }
    }

    fn before(&self, visit: &mut Visit) -> Option<Answer> {
        let mut memory = lock(&self.memory);
        for (fault, deviation) in self.deviations() {
            let before = visit.mark();
            let answer = match (deviation, fault) {
                (Deviation::Delay, Fault::Slow(time)) => {
                    visit.delay += time;
                    None
                }
                (Deviation::Request(request), _) => request(visit, &mut memory),
                _ => None,
            };
            self.note(fault, answer.is_some() || visit.mark() != before);
            if answer.is_some() {
                return answer;
            }
        }
        None
    }

    fn after(&self, visit: &mut Visit, answer: &mut Answer) {
        let mut memory = lock(&self.memory);
        without_cursor(answer);
        if visit.about == About::Module("credentials") && !visit.has_method(Method::GET) {
            let token = answer.member("token");
            memory.tokens.extend(token.as_ref().and_then(|token| token.as_str()).map(str::to_owned));
        }
        // Objects first, then envelopes and headers, and the text of the body last.
        for pass in [Pass::Objects, Pass::Answer, Pass::Text, Pass::Line] {
            for (fault, deviation) in
                self.deviations().filter(|(_, deviation)| Pass::of(deviation) == Some(pass))
            {
                let (before, mark) = (answer.clone(), visit.mark());
                match deviation {
                    Deviation::Object(module, change) if gives(visit, module, answer) => {
                        answer.objects(change)
                    }
                    Deviation::Answer(change) | Deviation::Text(change) => change(visit, &mut memory, answer),
                    Deviation::Line(change) => change(visit, &mut memory),
                    _ => {}
                }
                self.note(fault, *answer != before || visit.mark() != mark);
            }
        }
    }
}

/// Order in which deviations change an answer.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Pass {
    Objects,
    Answer,
    Text,
    Line,
}

impl Pass {
    fn of(deviation: &Deviation) -> Option<Self> {
        match deviation {
            Deviation::Object(..) => Some(Self::Objects),
            Deviation::Answer(_) => Some(Self::Answer),
            Deviation::Text(_) => Some(Self::Text),
            Deviation::Line(_) => Some(Self::Line),
            Deviation::Plan(_) | Deviation::Request(_) | Deviation::Delay => None,
        }
    }
}

/// Whether an answer gives objects of a module that are the partner's own.
fn gives(visit: &Visit, module: &str, answer: &Answer) -> bool {
    // A CDR that was pushed to it, it gives back as it was.
    let is_theirs = module == "cdrs" && !visit.tail.is_empty();
    visit.is(Method::GET, module) && answer.is_success() && !is_theirs
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
