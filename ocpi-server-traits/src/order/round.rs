//! One update or answer while it is being processed.

use std::collections::BTreeSet;

use super::pair::Pair;
use super::rule::{Answered, Verdict, answered, pushed};
use super::settings::Limits;
use super::stamps::Stamps;
use super::{DoubtReason, OrderFinding, Taken, UpdateOutcome};

/// Kind of message that is taken.
#[derive(Clone, Copy, Debug)]
pub(super) enum How {
    /// A push, which arrived at this time.
    Push(i64),
    /// An answer of the owner.
    Answer(Answered),
}

/// State of taking one message.
pub(super) struct Round<'a> {
    pub(super) stamps: &'a mut Stamps,
    pub(super) limits: Limits,
    pub(super) how: How,
    pub(super) doubts: BTreeSet<DoubtReason>,
    /// An answer is older than something that is there.
    pub(super) is_old: bool,
    /// Something of the message, or something that it left out, did not prevail.
    pub(super) is_lost: bool,
    /// Parts whose values changed.
    pub(super) changed: BTreeSet<String>,
    /// A time that the object shows changed.
    pub(super) shows_other_time: bool,
    /// A value was put in the place of another one, or of an equal one.
    pub(super) is_touched: bool,
    pub(super) late: Vec<String>,
    pub(super) findings: BTreeSet<OrderFinding>,
    pub(super) steps: u64,
}

/// Most late members that are named.
const MOST_LATE: usize = 100;

impl<'a> Round<'a> {
    pub(super) fn new(stamps: &'a mut Stamps, limits: Limits, how: How) -> Self {
        Self {
            stamps,
            limits,
            how,
            doubts: BTreeSet::new(),
            is_old: false,
            is_lost: false,
            changed: BTreeSet::new(),
            shows_other_time: false,
            is_touched: false,
            late: Vec::new(),
            findings: BTreeSet::new(),
            steps: 0,
        }
    }

    /// The times of a value of the message.
    pub(super) fn pair(&self, theirs: Option<i64>) -> Pair {
        let ours = match self.how {
            How::Push(ours) => ours,
            How::Answer(answer) => answer.asked,
        };
        Pair { theirs, ours }
    }

    /// The time by which a value of the message is ordered.
    pub(super) fn effective(&self, theirs: Option<i64>) -> i64 {
        let ours = match self.how {
            How::Push(ours) => ours,
            How::Answer(answer) => answer.came,
        };
        Pair { theirs, ours }.effective(self.limits.tolerance)
    }

    /// Decides about a value of the part `key`, whose own time is `theirs`.
    pub(super) fn verdict(&self, key: &str, known: Pair, theirs: Option<i64>, is_same: bool) -> Verdict {
        match self.how {
            How::Push(ours) => {
                let top = self.stamps.top(key, ours, self.limits.window);
                pushed(known, Pair { theirs, ours }, is_same, top, &self.limits)
            }
            How::Answer(answer) => answered(known, theirs, is_same, answer, &self.limits),
        }
    }

    pub(super) fn doubt(&mut self, reason: DoubtReason) {
        self.doubts.insert(reason);
    }

    pub(super) fn doubt_if(&mut self, is_doubtful: bool, reason: DoubtReason) {
        if is_doubtful {
            self.doubt(reason);
        }
    }

    /// A value changed in a part; told by the EVSE, if it is in one.
    pub(super) fn change(&mut self, key: &str) {
        let part = key.split('/').next().unwrap_or_default();
        if !self.changed.contains(part) {
            self.changed.insert(part.to_owned());
        }
    }

    /// A value of the message did not prevail.
    pub(super) fn lose(&mut self, key: &str, name: &str) {
        self.is_lost = true;
        if matches!(self.how, How::Push(_)) && self.late.len() < MOST_LATE {
            let separator = if key.is_empty() || name.is_empty() { "" } else { "/" };
            self.late.push(format!("{key}{separator}{name}"));
        }
    }

    pub(super) fn step(&mut self) {
        self.steps = self.steps.saturating_add(1);
    }

    /// The time of a push, if it lies in our future, is a finding.
    pub(super) fn look_at_time(&mut self, theirs: Option<i64>) {
        if matches!(self.how, How::Push(_)) && self.pair(theirs).is_ahead(self.limits.tolerance) {
            self.findings.insert(OrderFinding::FutureStamp);
        }
    }

    /// Ends with a result that the values tell: changed or not, lost or not.
    pub(super) fn end(self) -> (UpdateOutcome, BTreeSet<DoubtReason>) {
        let taken = match (!self.changed.is_empty(), self.is_lost) {
            (false, false) => Taken::Unchanged,
            (true, false) => Taken::Updated,
            (true, true) => Taken::Partly,
            (false, true) => Taken::Older,
        };
        self.end_as(taken)
    }

    pub(super) fn end_as(mut self, taken: Taken) -> (UpdateOutcome, BTreeSet<DoubtReason>) {
        if self.is_lost && matches!(self.how, How::Push(_)) {
            self.findings.insert(OrderFinding::Stale);
        }
        let outcome = UpdateOutcome {
            taken,
            is_changed: self.shows_other_time || !self.changed.is_empty(),
            parts: self.changed.into_iter().collect(),
            late: self.late,
            findings: self.findings.into_iter().collect(),
            is_settled: false,
            steps: self.steps,
            is_touched: self.is_touched,
        };
        (outcome, self.doubts)
    }
}
