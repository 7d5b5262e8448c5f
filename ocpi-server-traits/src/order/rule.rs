//! The rule for one member: whether a value replaces the stored one.

use super::DoubtReason;
use super::pair::Pair;
use super::settings::Limits;

/// Decision about one value.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Verdict {
    /// The new value counts, with its times.
    pub(super) takes: bool,
    pub(super) doubt: Option<DoubtReason>,
    /// An answer is older than the value that is there.
    pub(super) is_old: bool,
}

impl Verdict {
    const KEPT: Self = Self { takes: false, doubt: None, is_old: false };

    fn taken_if(takes: bool) -> Self {
        Self { takes, ..Self::KEPT }
    }

    fn in_doubt(self, reason: DoubtReason) -> Self {
        Self { doubt: Some(reason), ..self }
    }
}

/// Decides about a value that the owner pushed. `top` is the greatest time that the part had lately.
pub(super) fn pushed(known: Pair, new: Pair, is_same: bool, top: Option<i64>, limits: &Limits) -> Verdict {
    let Some(theirs) = new.theirs else {
        // No time: the arrival is all there is.
        let is_near = new.ours.saturating_sub(known.ours) < limits.near;
        let taken = Verdict::taken_if(true);
        return if is_near && !is_same { taken.in_doubt(DoubtReason::Undated) } else { taken };
    };
    let (now, before) = (new.effective(limits.tolerance), known.effective(limits.tolerance));
    if is_same {
        return Verdict::taken_if(now > before);
    }
    let verdict = Verdict::taken_if(now >= before);
    if new.is_ahead(limits.tolerance) {
        verdict.in_doubt(DoubtReason::Ahead)
    } else if theirs <= known.raw() || top.is_some_and(|top| theirs <= top) {
        // The owner's time and the arrival disagree.
        verdict.in_doubt(DoubtReason::Overtaken)
    } else {
        verdict
    }
}

/// An answer of the owner.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answered {
    /// When the question was asked.
    pub(super) asked: i64,
    /// When the answer came.
    pub(super) came: i64,
    /// Whether it counts although it looks old.
    pub(super) is_believed: bool,
}

/// Decides about a value of an answer, whose owner's time is `theirs`.
pub(super) fn answered(
    known: Pair,
    theirs: Option<i64>,
    is_same: bool,
    answer: Answered,
    limits: &Limits,
) -> Verdict {
    let now = Pair { theirs, ours: answer.came }.effective(limits.tolerance);
    let before = known.effective(limits.tolerance);
    let was_there = known.ours < answer.asked;
    if is_same {
        return Verdict::taken_if(was_there && now > before);
    }
    if was_there {
        let is_settled = now == before && known.ours < answer.asked.saturating_sub(limits.window);
        let takes = answer.is_believed || known.theirs.is_none() || now > before || is_settled;
        return Verdict { is_old: !takes, ..Verdict::taken_if(takes) };
    }
    // It came after the question was asked.
    let is_newer = known.theirs.is_some_and(|known| theirs.is_some_and(|theirs| known <= theirs));
    let verdict = Verdict::taken_if(is_newer);
    if is_newer || known.theirs.is_none() || answer.is_believed {
        verdict.in_doubt(DoubtReason::Overtaken)
    } else {
        verdict
    }
}
