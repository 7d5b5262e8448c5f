//! State machine that decides what a partner is sent, and when. It does no I/O: time and random numbers are parameters.
//!
//! States are not queued: for each part of a document, only its newest position in the feed waits, and keeps its place.
//! A document has at most one request at a time. Requests in flight, or to be confirmed, count as unanswered, so a node
//! that continues from the cursor may repeat requests but loses none.

mod breaker;
mod lane;
mod queue;
#[cfg(test)]
mod replay;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::time::Duration;

use ocpi_server_traits::storage::Position;

use super::rules::{LONGEST_RETRY_AFTER, Rules};
use breaker::Breaker;
use lane::Lane;
use queue::Queue;

/// Sends the newest state of documents `D` with parts `P`, and messages `M`, to one partner. Times are those of a clock that does
/// not jump.
#[derive(Debug)]
pub(crate) struct Pusher<D, P, M> {
    rules: Rules,
    /// The feed was read up to here.
    read: Position,
    lanes: BTreeMap<D, Lane<P>>,
    letters: BTreeMap<M, Letter>,
    /// Number of messages that have not failed yet.
    fresh: usize,
    queue: Queue<Key<D, M>>,
    under_way: BTreeMap<u64, Key<D, M>>,
    last_id: u64,
    /// Nothing is sent before.
    pause: Duration,
    breaker: Breaker,
    /// Time at which documents that are read now are sent once more, because of what another one has sent.
    confirm_all: Option<Duration>,
    has_caught_up: bool,
}

/// A message, which is sent until it is answered.
#[derive(Debug)]
struct Letter {
    place: u64,
    attempts: u32,
    retry: Duration,
    is_sent: bool,
}

#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Key<D, M> {
    Probe,
    Message(M),
    Document(D),
}

/// A request to send.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Request<D, P, M> {
    /// Its number.
    pub(crate) id: u64,
    pub(crate) what: What<D, P, M>,
    /// Sends of the same that failed before.
    pub(crate) attempts: u32,
}

/// Contents of a request.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum What<D, P, M> {
    /// The state of a document.
    State {
        /// The document.
        at: D,
        /// The parts that changed.
        parts: Vec<P>,
        /// Whether all of it is to be sent.
        is_whole: bool,
    },
    /// A message.
    Message(M),
    /// A probe whether the partner is reachable.
    Probe,
}

/// End of a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Answer {
    /// The partner has it.
    Done,
    /// It is unknown whether the partner has it.
    Unclear,
    /// The partner is unavailable, perhaps for a stated time.
    Down(Option<Duration>),
    /// The partner is busy, and did not take it.
    Busy(Option<Duration>),
    /// A problem on our side, in the store or the rate, perhaps for a known time: the partner was not asked, or did not
    /// take it, so nothing is known about its availability.
    Hindered(Option<Duration>),
    /// The partner will never take it.
    Refused,
    /// The partner does not know our token.
    Unauthorized,
}

/// A change of the breaker.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Turn {
    /// It has opened: only probes are sent, and nothing is read.
    Opened,
    /// It has closed.
    Closed,
}

impl<D: Clone + Ord, P: Clone + Ord, M: Clone + Ord> Pusher<D, P, M> {
    /// A machine that goes on from a cursor. Documents that are read from there until it has [caught up](Self::caught_up) are
    /// sent once more at `confirm`: what somebody else sent may arrive until then.
    pub(crate) fn resume(rules: Rules, cursor: Position, confirm: Option<Duration>) -> Self {
        Self {
            rules,
            read: cursor,
            lanes: BTreeMap::new(),
            letters: BTreeMap::new(),
            fresh: 0,
            queue: Queue::new(),
            under_way: BTreeMap::new(),
            last_id: 0,
            pause: Duration::ZERO,
            breaker: Breaker::closed(),
            confirm_all: confirm,
            has_caught_up: false,
        }
    }

    /// Takes other rules.
    pub(crate) fn set_rules(&mut self, rules: Rules) {
        self.rules = rules;
    }

    /// Whether the feed is to be read. Of a partner that is away, only the cursor stays behind.
    pub(crate) fn reads(&self) -> bool {
        !self.breaker.is_open()
    }

    /// Position up to which the feed was read.
    pub(crate) fn read(&self) -> Position {
        self.read
    }

    /// A part of a document changed that the partner may see.
    pub(crate) fn changed(&mut self, at: D, part: P, position: Position) {
        if position <= self.read {
            return;
        }
        let lane = self.lanes.entry(at.clone()).or_insert_with(Lane::new);
        lane.changed(part, position);
        if let Some(confirm) = self.confirm_all {
            lane.confirm = Some(confirm);
        }
        let wait = lane.wait();
        self.queue.set(&Key::Document(at), wait);
    }

    /// A part of a document changed at a position that was passed over, because the partner might not see it: the whole document
    /// is sent.
    pub(crate) fn missed(&mut self, at: D, part: P, position: Position) {
        let lane = self.lanes.entry(at.clone()).or_insert_with(Lane::new);
        lane.changed(part, position);
        lane.owe_all();
        let wait = lane.wait();
        self.queue.set(&Key::Document(at), wait);
    }

    /// The feed was read up to a position.
    pub(crate) fn read_up_to(&mut self, position: Position) {
        self.has_caught_up &= position <= self.read;
        self.read = self.read.max(position);
    }

    /// There is nothing more in the feed.
    pub(crate) fn caught_up(&mut self) {
        (self.confirm_all, self.has_caught_up) = (None, true);
    }

    /// Whether the feed was read to its end.
    pub(crate) fn has_caught_up(&self) -> bool {
        self.has_caught_up
    }

    /// There is a message. One that is known already changes nothing.
    pub(crate) fn message(&mut self, message: M) {
        if self.letters.contains_key(&message) {
            return;
        }
        let place = self.read.number();
        let letter = Letter { place, attempts: 0, retry: Duration::ZERO, is_sent: false };
        self.queue.set(&Key::Message(message.clone()), Some((Duration::ZERO, place)));
        self.letters.insert(message, letter);
        self.fresh = self.fresh.saturating_add(1);
    }

    /// The next request, if one is due.
    pub(crate) fn next(&mut self, now: Duration) -> Option<Request<D, P, M>> {
        if self.breaker.is_open() {
            if self.breaker.probe_due().is_none_or(|due| due > now) {
                return None;
            }
            self.breaker.probe();
            return Some(self.begin(Key::Probe, What::Probe, 0));
        }
        if now < self.pause || self.under_way.len() >= self.rules.concurrency {
            return None;
        }
        loop {
            let key = self.queue.pop(now)?;
            match &key {
                Key::Probe => {}
                Key::Message(message) => {
                    if let Some(letter) = self.letters.get_mut(message) {
                        letter.is_sent = true;
                        let (what, attempts) = (What::Message(message.clone()), letter.attempts);
                        return Some(self.begin(key, what, attempts));
                    }
                }
                Key::Document(at) => {
                    if let Some(lane) = self.lanes.get_mut(at) {
                        let (parts, is_whole) = lane.send(now);
                        let (what, attempts) =
                            (What::State { at: at.clone(), parts, is_whole }, lane.attempts);
                        return Some(self.begin(key, what, attempts));
                    }
                }
            }
        }
    }

    fn begin(&mut self, key: Key<D, M>, what: What<D, P, M>, attempts: u32) -> Request<D, P, M> {
        self.last_id = self.last_id.saturating_add(1);
        self.under_way.insert(self.last_id, key);
        Request { id: self.last_id, what, attempts }
    }

    /// The time from which on there is a request to send, as long as nothing else happens.
    pub(crate) fn due(&self) -> Option<Duration> {
        if self.breaker.is_open() {
            return self.breaker.probe_due();
        }
        if self.under_way.len() >= self.rules.concurrency {
            return None;
        }
        self.queue.due().map(|due| due.max(self.pause))
    }

    /// A request has ended. An answer to a request that is forgotten changes nothing.
    pub(crate) fn answered(&mut self, id: u64, answer: Answer, now: Duration, random: u64) -> Option<Turn> {
        let key = self.under_way.remove(&id)?;
        let was_open = self.breaker.is_open();
        match &key {
            Key::Probe => {}
            Key::Message(message) => self.letter_answered(message, answer, now, random),
            Key::Document(at) => self.document_answered(at, answer, now, random),
        }
        self.pause_for(answer, now);
        if let Answer::Hindered(wait) = answer {
            if key == Key::Probe {
                self.breaker.probe_later(now, wait.unwrap_or_default(), &self.rules);
            }
            return None;
        }
        let is_failure = matches!(answer, Answer::Unclear | Answer::Down(_) | Answer::Unauthorized);
        if was_open && key != Key::Probe {
            // Sent before it opened: the probe says whether the partner is back.
            return None;
        }
        if is_failure {
            let at_once = answer == Answer::Unauthorized;
            let has_opened = self.breaker.failed(now, at_once, &self.rules);
            if has_opened {
                self.forget_documents();
            }
            return has_opened.then_some(Turn::Opened);
        }
        self.breaker.succeeded();
        if was_open {
            // What was under way when it opened is forgotten, and may have arrived late.
            self.confirm_all = Some(now.saturating_add(self.rules.flight));
        }
        was_open.then_some(Turn::Closed)
    }

    fn pause_for(&mut self, answer: Answer, now: Duration) {
        if let Answer::Down(told) | Answer::Busy(told) | Answer::Hindered(told) = answer {
            let wait = match (told, answer) {
                (Some(told), _) => told.min(LONGEST_RETRY_AFTER),
                (None, Answer::Down(_)) => self.rules.pause,
                (None, _) => return,
            };
            self.pause = self.pause.max(now.saturating_add(wait));
        }
    }

    fn document_answered(&mut self, at: &D, answer: Answer, now: Duration, random: u64) {
        let Some(lane) = self.lanes.get_mut(at) else { return };
        match answer {
            Answer::Done | Answer::Refused => lane.done(),
            Answer::Busy(_) | Answer::Hindered(_) => {
                let wait = (self.rules.wait)(lane.attempts.saturating_add(1), random);
                lane.failed(now.saturating_add(wait), false);
            }
            Answer::Unclear | Answer::Down(_) | Answer::Unauthorized => {
                let wait = (self.rules.wait)(lane.attempts.saturating_add(1), random);
                lane.failed(now.saturating_add(wait), true);
                if answer == Answer::Unclear {
                    lane.confirm = Some(now.saturating_add(self.rules.flight));
                }
            }
        }
        let (wait, is_over) = (lane.wait(), lane.is_over());
        self.queue.set(&Key::Document(at.clone()), wait);
        if is_over {
            self.lanes.remove(at);
        }
    }

    fn letter_answered(&mut self, message: &M, answer: Answer, now: Duration, random: u64) {
        let Some(letter) = self.letters.get_mut(message) else { return };
        self.fresh = self.fresh.saturating_sub(usize::from(letter.attempts == 0));
        if matches!(answer, Answer::Done | Answer::Refused) {
            self.letters.remove(message);
            return;
        }
        letter.attempts = letter.attempts.saturating_add(1);
        letter.retry = now.saturating_add((self.rules.wait)(letter.attempts, random));
        letter.is_sent = false;
        self.queue.set(&Key::Message(message.clone()), Some((letter.retry, letter.place)));
    }

    /// Forgets all documents: they are read again from the cursor.
    fn forget_documents(&mut self) {
        self.read = self.cursor();
        for at in std::mem::take(&mut self.lanes).into_keys() {
            self.queue.set(&Key::Document(at), None);
        }
        self.under_way.retain(|_, key| !matches!(key, Key::Document(_)));
        (self.confirm_all, self.has_caught_up) = (None, false);
    }

    /// Number of messages that are known.
    pub(crate) fn messages(&self) -> usize {
        self.letters.len()
    }

    /// Number of messages that have not failed yet.
    pub(crate) fn fresh_messages(&self) -> usize {
        self.fresh
    }

    /// Passes over everything up to a position: the partner fetches it itself.
    pub(crate) fn give_way(&mut self, to: Position) {
        self.forget_documents();
        self.read = self.read.max(to);
    }

    /// Position up to which the partner has everything, to be stored.
    pub(crate) fn cursor(&self) -> Position {
        let unanswered = self.lanes.values().flat_map(Lane::unanswered).min();
        let before = |position: Position| Position::new(position.number().saturating_sub(1));
        unanswered.map_or(self.read, |position| before(position).min(self.read))
    }

    /// Whether the partner has everything, and nothing is to be confirmed.
    pub(crate) fn is_idle(&self) -> bool {
        self.lanes.is_empty() && self.under_way.is_empty()
    }
}
