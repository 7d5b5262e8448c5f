//! Layer of faults in front of a correct platform.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Mutex;
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use ocpi_server_traits::{Clock, Router, Timer};

use super::deviations::urls::change_link;
use super::visit::{About, Memory, Visit};
use super::{Answer, Deviation, Fault, lock};

/// Layer of faults in front of a [`Router`]: a correct server behind it deviates as real partners do.
///
/// ```
/// use bytes::Bytes;
/// use ocpi_server_traits::{Clock, Timer};
/// use ocpi_testkit::{Fault, FaultLayer, registered};
///
/// let (_network, cpo, _emsp) = registered();
/// let layer = FaultLayer::new(cpo.router.clone(), [Fault::WebPage], Clock::system(), Timer::system())?;
/// let request = http::Request::get("/ocpi/2.3.0/sender/tariffs").body(Bytes::new())?;
/// let response = pollster::block_on(layer.answer(request)).ok_or("no answer")?;
/// assert_eq!(response.headers()["content-type"], "text/html");
/// assert_eq!(layer.met(), [Fault::WebPage]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct FaultLayer {
    router: Router,
    faults: Vec<Fault>,
    clock: Clock,
    timer: Timer,
    memory: Mutex<Memory>,
    /// Names of faults that have shown.
    met: Mutex<BTreeSet<&'static str>>,
}

impl FaultLayer {
    /// Puts faults in front of a router. The clock says when requests come; the timer waits where answers are slow.
    ///
    /// # Errors
    /// The first fault that no layer can show: see [`Fault::is_of_answers`].
    pub fn new(
        router: Router,
        faults: impl IntoIterator<Item = Fault>,
        clock: Clock,
        timer: Timer,
    ) -> Result<Self, UnfitFault> {
        let faults: Vec<Fault> = faults.into_iter().collect();
        match faults.iter().find(|fault| !fault.is_of_answers()) {
            Some(fault) => Err(UnfitFault(*fault)),
            None => Ok(Self::of(router, faults, clock, timer)),
        }
    }

    /// A layer in front of a platform that was opened as its faults have it.
    pub(super) fn of(router: Router, faults: Vec<Fault>, clock: Clock, timer: Timer) -> Self {
        // What the partner is shows from the first; what it does shows when it does it.
        let planned = |fault: &&Fault| fault.deviations().iter().all(|it| matches!(it, Deviation::Plan(_)));
        let met = faults.iter().filter(planned).map(|fault| fault.name()).collect();
        Self { router, faults, clock, timer, memory: Mutex::default(), met: Mutex::new(met) }
    }

    /// Tells the layer of a token that was handed over otherwise than by credentials: token A. Others it knows once a request with them
    /// was answered.
    pub fn knows(&self, token: &str) {
        lock(&self.memory).learn(token);
    }

    /// Answers a request, which has its whole URL where links are to lead to the same origin; `None` if the connection is to break
    /// without an answer.
    pub async fn answer(&self, request: http::Request<Bytes>) -> Option<http::Response<Bytes>> {
        let mut visit = Visit::of(request, self.clock.now());
        let early = self.before(&mut visit);
        if visit.is_lost {
            return None;
        }
        let mut answer = match early {
            Some(answer) => answer,
            None => self.ask(&mut visit).await,
        };
        self.after(&mut visit, &mut answer);
        if visit.delay > Duration::ZERO {
            self.timer.wait(visit.delay).await;
        }
        (!visit.is_answer_lost).then(|| answer.into_response())
    }

    /// The answer of the platform.
    async fn ask(&self, visit: &mut Visit) -> Answer {
        let mut answer = Answer::of(self.router.call(visit.request.clone()).await);
        while answer.status == 401 {
            let Some(token) = visit.spares.pop() else { break };
            visit.set_token(&format!("Token {token}"));
            answer = Answer::of(self.router.call(visit.request.clone()).await);
        }
        if answer.is_success() {
            lock(&self.memory).learn(visit.token());
        }
        answer
    }

    /// Returns the faults that have shown so far.
    pub fn met(&self) -> Vec<Fault> {
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
            memory.learn(token.as_ref().and_then(|token| token.as_str()).unwrap_or_default());
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

impl fmt::Debug for FaultLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FaultLayer").field("faults", &self.faults).finish_non_exhaustive()
    }
}

/// Error: a fault that lies in the partner itself, not in its answers, so that no layer can show it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct UnfitFault(pub Fault);

impl fmt::Display for UnfitFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.0.name();
        write!(f, "{name} is a fault of the partner itself, not of its answers: set up a partner with it")
    }
}

impl std::error::Error for UnfitFault {}

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
