//! A request to charge points in its stored form, without I/O.

use ocpi_types::protocol::Party;
use ocpi_types::{DateTime, Private, Text};

use crate::RequestKind;
use crate::trust::later;

/// Seconds that a post of a result may take.
pub(super) const POST: u32 = 30;
/// Seconds on top of them in which nobody else posts the result: the store and the timer take their time, too.
const MARGIN: i64 = 5;
/// Seconds after which a result that may not have arrived is posted again, the first time.
const FIRST_PAUSE: i64 = 5;
/// The longest pause between two posts of a result.
const LONGEST_PAUSE: i64 = 60;
/// Seconds after the partner's time-out in which its result is still posted again: it keeps late ones, too.
const GRACE: i64 = 600;
/// Seconds for which a request that is over is the same as one that looks like it, where an id is missing that would tell them
/// apart: whoever got no answer asks again within this time.
const LOST_ANSWER: i64 = 120;

/// State of a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum State {
    /// The charge point is working on it.
    Running,
    /// A result has to be posted.
    Due,
    /// It is finished: refused, or its result was posted or given up.
    Over,
}

/// A request to charge points, with its answer and result as texts: JSON as we write it.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) partner: String,
    pub(super) kind: RequestKind,
    /// The id by which it is told from another request that looks the same.
    pub(super) run: String,
    /// The id of the message.
    pub(super) request_id: Option<String>,
    /// The party that was asked: results are from it.
    pub(super) from: Option<Party>,
    /// The party that asked: results are for it.
    pub(super) to: Option<Party>,
    /// The URL for the result, sealed (`urls`).
    pub(super) url: Private<Text<0>>,
    pub(super) asked: DateTime,
    /// End of the charge point's time.
    pub(super) deadline: DateTime,
    pub(super) state: State,
    /// The immediate answer.
    pub(super) answer: String,
    /// Whether the same request came again and was answered so: a result has to follow.
    pub(super) is_repeated: bool,
    pub(super) result: Option<String>,
    /// Posts of the result so far.
    pub(super) posts: i64,
    /// Time of the next post.
    pub(super) next: DateTime,
    /// The reservation that it made, with its end.
    pub(super) reservation: Option<(String, DateTime)>,
}

impl Entry {
    /// Whether a request with the same contents is this one, sent once more. A partner may use one URL for all results: then
    /// only the ids of messages tell a new request from one whose answer was lost.
    pub(super) fn is_same(&self, request_id: Option<&String>, now: DateTime) -> bool {
        match (self.state, &self.request_id, request_id) {
            (State::Running | State::Due, _, _) => true,
            (State::Over, Some(first), Some(again)) => first == again,
            // One that was asked in the future was asked while the clock was ahead.
            (State::Over, _, _) => {
                later(self.asked, -LOST_ANSWER) <= now && now < later(self.asked, LOST_ANSWER)
            }
        }
    }

    /// Answers the same request that came again. `true`: this is new.
    pub(super) fn repeat(&mut self) -> bool {
        self.state == State::Running && !std::mem::replace(&mut self.is_repeated, true)
    }

    /// The charge point did not take it: the immediate answer is another one, and no result follows. `false`: another answer
    /// was given to a repeat, so one has to.
    pub(super) fn refuse(&mut self, answer: String) -> bool {
        if self.state == State::Running && !self.is_repeated {
            (self.state, self.answer, self.reservation) = (State::Over, answer, None);
        }
        self.state != State::Running
    }

    /// Takes the result of the charge point; the first one counts. `true`: this was it.
    pub(super) fn conclude(&mut self, result: String, is_accepted: bool, now: DateTime) -> bool {
        if self.state != State::Running {
            return false;
        }
        if !is_accepted {
            self.reservation = None;
        }
        (self.state, self.result, self.next) = (State::Due, Some(result), now);
        true
    }

    /// Whether the charge point has had its time, and whoever was to say so did not: the process ended.
    pub(super) fn is_orphaned(&self, now: DateTime) -> bool {
        self.state == State::Running && now >= later(self.deadline, FIRST_PAUSE)
    }

    /// Begins a post of the result, if it is time for one: nobody else begins another one while it may be under way.
    pub(super) fn begin_post(&mut self, now: DateTime) -> bool {
        // A post that would wait longer than any was put off while the clock was ahead.
        let waits = now < self.next && self.next <= Self::longest_pause(now);
        if self.state != State::Due || waits {
            return false;
        }
        self.posts = self.posts.saturating_add(1);
        self.next = later(now, i64::from(POST).saturating_add(MARGIN));
        true
    }

    /// The last time to which a post is put off at a time.
    pub(super) fn longest_pause(now: DateTime) -> DateTime {
        later(now, LONGEST_PAUSE)
    }

    /// Ends the post of a result. `is_settled`: the partner has it, or will never take it. `true`: nothing is left to do.
    pub(super) fn end_post(&mut self, posted: Option<&String>, is_settled: bool, now: DateTime) -> bool {
        // Meanwhile another result may have come to be due.
        let is_this = self.state == State::Due && self.result.as_ref() == posted;
        if is_this && (is_settled || now >= later(self.deadline, GRACE)) {
            self.state = State::Over;
        } else if is_this {
            self.next = later(now, self.pause());
        }
        self.state == State::Over
    }

    /// Seconds until a result that did not arrive is posted again: more each time.
    fn pause(&self) -> i64 {
        let doublings = u32::try_from(self.posts).unwrap_or(u32::MAX).clamp(1, 8) - 1;
        FIRST_PAUSE.saturating_mul(1 << doublings).min(LONGEST_PAUSE)
    }

    /// Posts another result of a reservation that stands: its cancellation, unless the partner is told of it already. `true`: it
    /// stands no longer.
    pub(super) fn withdraw(&mut self, result: String, is_told: bool, now: DateTime) -> bool {
        if !self.has_reservation(now) {
            return false;
        }
        if is_told {
            (self.state, self.reservation) = (State::Over, None);
            return true;
        }
        // The partner may still have to learn that it was reserved; the cancellation says enough.
        (self.state, self.result, self.reservation) = (State::Due, Some(result), None);
        (self.next, self.posts, self.deadline) = (now, 0, now);
        true
    }

    /// Whether the charge point has made a reservation that is not at its end.
    pub(super) fn has_reservation(&self, now: DateTime) -> bool {
        self.state != State::Running && self.reservation.as_ref().is_some_and(|it| it.1 > now)
    }
}
