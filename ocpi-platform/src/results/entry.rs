//! Life cycle of an asynchronous request, without I/O.

use ocpi_types::DateTime;

use super::RequestKind;
use crate::trust::later;

/// State of a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum State {
    /// A result may still arrive.
    Open,
    /// A result arrived in time.
    Answered,
    /// The partner's immediate answer was a refusal.
    Refused,
    /// The partner did not get the request, or answered with an error.
    Failed,
    /// No result arrived in time.
    TimedOut,
}

/// A request, with its answer and result as texts: JSON as we write it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Entry {
    pub(super) partner: String,
    pub(super) kind: RequestKind,
    pub(super) asked: DateTime,
    pub(super) deadline: DateTime,
    /// Time until which something may follow the result.
    pub(super) useful_until: Option<DateTime>,
    pub(super) state: State,
    pub(super) answer: Option<String>,
    /// The result that counts.
    pub(super) result: Option<String>,
    /// The first one that came after the time-out.
    pub(super) late: Option<String>,
    /// The cancellation of a reservation, which may follow a result.
    pub(super) cancellation: Option<String>,
}

/// Meaning of the immediate answer for the request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Next {
    /// A result is awaited for this many seconds.
    Wait(i64),
    /// No result will come: the partner refused the request.
    Refused,
    /// No result will come: the request failed.
    Failed,
}

/// Meaning of a result that arrived.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Arrival {
    /// It is the outcome.
    Taken,
    /// It cancels a reservation, which is allowed.
    Cancels,
    /// It arrived after the time-out.
    Late,
    /// The same result arrived before.
    Repeated,
    /// A different result arrived before.
    Changed,
    /// The partner had refused the request, or the request had failed.
    NotDue,
    /// It belongs to a request to another partner.
    Foreign,
    /// It belongs to a request of another kind.
    Mismatch,
    /// There is no such request.
    Unknown,
}

impl Arrival {
    /// Id of the rule that the result is against; `None`: it came as it should.
    pub(super) fn rule(self) -> Option<&'static str> {
        match self {
            Self::Taken | Self::Cancels => None,
            Self::Late => Some("result.late"),
            Self::Repeated => Some("result.repeated"),
            Self::Changed => Some("result.changed"),
            Self::NotDue => Some("result.not_due"),
            Self::Foreign => Some("result.foreign"),
            Self::Mismatch => Some("result.mismatch"),
            Self::Unknown => Some("result.unknown"),
        }
    }

    /// Whether it changed the entry.
    pub(super) fn is_stored(self) -> bool {
        matches!(self, Self::Taken | Self::Cancels | Self::Late)
    }
}

/// A result as it arrived.
#[derive(Clone, Debug)]
pub(super) struct Incoming {
    pub(super) text: String,
    pub(super) is_cancellation: bool,
}

impl Entry {
    /// A request that is about to be sent. Until the partner answers, its result is awaited for `wait` seconds.
    pub(super) fn new(
        partner: &str,
        kind: RequestKind,
        useful_until: Option<DateTime>,
        now: DateTime,
        wait: i64,
    ) -> Self {
        Self {
            partner: partner.to_owned(),
            kind,
            asked: now,
            deadline: later(now, wait),
            useful_until,
            state: State::Open,
            answer: None,
            result: None,
            late: None,
            cancellation: None,
        }
    }

    /// Takes the partner's immediate answer; an outcome that is there stays. `true`: a result was faster.
    pub(super) fn acknowledge(&mut self, answer: Option<String>, next: Next, now: DateTime) -> bool {
        if self.answer.is_none() {
            self.answer = answer;
        }
        if self.is_open() {
            match next {
                Next::Wait(seconds) => self.deadline = later(now, seconds),
                Next::Refused => self.state = State::Refused,
                Next::Failed => self.state = State::Failed,
            }
        }
        self.result.is_some() || self.late.is_some()
    }

    /// Takes a result.
    pub(super) fn arrive(&mut self, result: &Incoming, now: DateTime) -> Arrival {
        let text = &result.text;
        if self.is_overdue(now) {
            self.state = State::TimedOut;
        }
        match self.state {
            State::Open => {
                (self.state, self.result) = (State::Answered, Some(text.clone()));
                Arrival::Taken
            }
            State::TimedOut if self.late.is_none() => {
                self.late = Some(text.clone());
                Arrival::Late
            }
            State::Answered | State::TimedOut => self.arrive_again(result),
            State::Refused | State::Failed => Arrival::NotDue,
        }
    }

    fn arrive_again(&mut self, result: &Incoming) -> Arrival {
        let text = Some(&result.text);
        let known = [&self.result, &self.late, &self.cancellation];
        if known.into_iter().any(|known| known.as_ref() == text) {
            return Arrival::Repeated;
        }
        // The one second result that the specification has.
        let may_cancel = self.kind == RequestKind::ReserveNow && self.cancellation.is_none();
        if result.is_cancellation && may_cancel {
            self.cancellation = text.cloned();
            return Arrival::Cancels;
        }
        Arrival::Changed
    }

    /// Ends the wait, if its time is over by the clock, or by the timer of somebody who has waited for this deadline.
    /// `true`: it ended now.
    pub(super) fn expire(&mut self, now: DateTime, waited_for: Option<DateTime>) -> bool {
        let is_over = self.is_over(now, waited_for);
        if is_over {
            self.state = State::TimedOut;
        }
        is_over
    }

    /// Whether the time of an open wait is over: see [`Entry::expire`].
    pub(super) fn is_over(&self, now: DateTime, waited_for: Option<DateTime>) -> bool {
        self.is_open() && (waited_for == Some(self.deadline) || self.is_overdue(now))
    }

    /// Results that may be the cancellation of a reservation, the likeliest first.
    pub(super) fn cancellations(&self) -> impl Iterator<Item = &String> {
        [&self.cancellation, &self.late, &self.result].into_iter().flatten()
    }

    pub(super) fn is_open(&self) -> bool {
        self.state == State::Open
    }

    pub(super) fn is_overdue(&self, now: DateTime) -> bool {
        self.is_open() && now >= self.deadline
    }
}

#[cfg(test)]
mod tests;
