//! One document on its way to a partner: one request at a time.

use std::collections::BTreeMap;
use std::time::Duration;

use ocpi_server_traits::storage::Position;

/// A document on its way to a partner.
#[derive(Debug)]
pub(super) struct Lane<P> {
    /// Parts that the partner has not, or not as they are now.
    pending: BTreeMap<P, Waiting>,
    /// Whether all of it is to be sent, because a confirmation failed or changes were passed over.
    owes_all: bool,
    /// Failures since the last answer. After one the document is sent as a whole.
    pub(super) attempts: u32,
    /// Whether the next request has the whole document.
    is_whole: bool,
    /// Nothing is sent before.
    retry: Duration,
    /// Time at which the whole document is sent once more: a request whose outcome is unclear may arrive until then.
    pub(super) confirm: Option<Duration>,
    sent: Option<Sent<P>>,
    /// The newest position that was seen.
    newest: Position,
}

/// A part that waits.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    /// Where its newest change stands in the feed.
    position: Position,
    /// Where it began to wait: what changes again keeps its place.
    place: u64,
}

/// A request that is under way.
#[derive(Debug)]
struct Sent<P> {
    parts: BTreeMap<P, Position>,
    is_all: bool,
    newest: Position,
}

impl<P: Clone + Ord> Lane<P> {
    pub(super) fn new() -> Self {
        Self {
            pending: BTreeMap::new(),
            owes_all: false,
            attempts: 0,
            is_whole: false,
            retry: Duration::ZERO,
            confirm: None,
            sent: None,
            newest: Position::START,
        }
    }

    pub(super) fn changed(&mut self, part: P, position: Position) {
        let new = Waiting { position, place: position.number() };
        let known = self.pending.entry(part);
        known.and_modify(|known| known.position = known.position.max(position)).or_insert(new);
        self.newest = self.newest.max(position);
    }

    /// Nobody knows what the partner has of the document: all of it is sent.
    pub(super) fn owe_all(&mut self) {
        self.owes_all = true;
    }

    /// Time and place at which it waits to be sent.
    pub(super) fn wait(&self) -> Option<(Duration, u64)> {
        if self.sent.is_some() {
            return None;
        }
        let place = self.pending.values().map(|waiting| waiting.place).min();
        let place = place.unwrap_or_else(|| self.newest.number());
        if self.owes_all || !self.pending.is_empty() {
            return Some((self.retry, place));
        }
        self.confirm.map(|confirm| (confirm.max(self.retry), place))
    }

    /// Begins a request: the parts that wait, and whether the whole document is to be sent.
    pub(super) fn send(&mut self, now: Duration) -> (Vec<P>, bool) {
        let is_confirmation = self.confirm.is_some_and(|confirm| confirm <= now);
        if is_confirmation {
            self.confirm = None;
        }
        let parts = self.pending.iter().map(|(part, waiting)| (part.clone(), waiting.position)).collect();
        let is_all = is_confirmation || self.owes_all;
        self.sent = Some(Sent { parts, is_all, newest: self.newest });
        (self.pending.keys().cloned().collect(), is_all || self.is_whole)
    }

    /// The request was answered for good: what did not change meanwhile is done.
    pub(super) fn done(&mut self) {
        let Some(sent) = self.sent.take() else { return };
        for (part, position) in sent.parts {
            if self.pending.get(&part).is_some_and(|waiting| waiting.position == position) {
                self.pending.remove(&part);
            } else if let Some(waiting) = self.pending.get_mut(&part) {
                waiting.place = waiting.position.number();
            }
        }
        if sent.is_all {
            self.owes_all = false;
        }
        (self.attempts, self.is_whole, self.retry) = (0, false, Duration::ZERO);
    }

    /// The request failed, and something is sent again after a time.
    pub(super) fn failed(&mut self, retry: Duration, is_whole: bool) {
        self.owes_all |= self.sent.take().is_some_and(|sent| sent.is_all);
        self.attempts = self.attempts.saturating_add(1);
        self.is_whole |= is_whole;
        self.retry = retry;
    }

    /// Whether nothing is left to do.
    pub(super) fn is_over(&self) -> bool {
        self.pending.is_empty() && !self.owes_all && self.confirm.is_none() && self.sent.is_none()
    }

    /// Positions of the parts that are not answered, and of the whole document if all of it is not: then of its newest change,
    /// because whoever goes on from before that sends the whole.
    pub(super) fn unanswered(&self) -> impl Iterator<Item = Position> + '_ {
        let sent = self.sent.iter().filter(|sent| sent.is_all).map(|sent| sent.newest);
        let all = (self.owes_all || self.confirm.is_some()).then_some(self.newest);
        self.unanswered_parts().chain(sent).chain(all)
    }

    /// Positions of the parts that wait and of those that are under way.
    pub(super) fn unanswered_parts(&self) -> impl Iterator<Item = Position> + '_ {
        let sent = self.sent.iter().flat_map(|sent| sent.parts.values().copied());
        self.pending.values().map(|waiting| waiting.position).chain(sent)
    }

    /// Whether all of it counts as not answered: what is under way, what has failed, and what is to be confirmed.
    #[cfg(test)]
    pub(super) fn owes(&self) -> [bool; 3] {
        let is_sent = self.sent.as_ref().is_some_and(|sent| sent.is_all);
        [is_sent, self.owes_all, self.confirm.is_some()]
    }
}
