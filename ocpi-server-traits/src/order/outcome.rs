//! Results of an update.

/// Result of an update, in a word.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Taken {
    /// The object, or the part that was put, is new.
    Created,
    /// It was changed as the update says.
    Updated,
    /// It was so already.
    Unchanged,
    /// Some of the update was older than what is there; the rest was done.
    Partly,
    /// All that the update would change is newer than the update.
    Older,
    /// A PUT of an object that was deleted since: nothing is stored.
    Held,
    /// A PATCH, a PUT of a part, or a DELETE of something that is not there.
    Missing,
}

/// Result of an update, or of an answer of the owner.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct UpdateOutcome {
    /// The result, in a word.
    pub taken: Taken,
    /// Whether the object is another one than before, if only in the times that it shows.
    pub is_changed: bool,
    /// Parts whose values changed: "" for the object itself, the `uid` of an EVSE for it or a Connector of it.
    pub parts: Vec<String>,
    /// Members that are newer than the update: `name`, `e1/status`, `e1/c1/max_voltage`.
    pub late: Vec<String>,
    /// Deviations.
    pub findings: Vec<OrderFinding>,
    /// Whether a doubt about the object is settled by it.
    pub is_settled: bool,
    /// Number of members and parts that were compared. Grows as the update and the object do, not as their product.
    pub steps: u64,
    /// Whether a value was put in the place of another one, be it an equal one, which may be spelled otherwise.
    pub(crate) is_touched: bool,
}

/// A deviation of the owner that orders nothing, but should be known.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum OrderFinding {
    /// An object has two EVSEs or Connectors of one id. The newer one was taken.
    EvseTwice,
    /// A charging period was sent again with another content.
    PeriodChanged,
    /// A completed Session is active again.
    Reopened,
    /// A Booking in a final state was to get another one. It keeps its own.
    FinalKept,
    /// Members of a push are older than what is there.
    Stale,
    /// A push has a time in our future.
    FutureStamp,
    /// The doubt about an object that is not there was not kept: the partner has raised too many.
    DoubtNotKept,
    /// The copy that was there was broken: the whole object that came took its place, whatever its times.
    CopyBroken,
}

impl OrderFinding {
    /// The id of the rule.
    pub const fn rule(self) -> &'static str {
        match self {
            Self::EvseTwice => "location.evse_twice",
            Self::PeriodChanged => "session.period_changed",
            Self::Reopened => "session.reopened",
            Self::FinalKept => "booking.final_kept",
            Self::Stale => "push.stale",
            Self::FutureStamp => "push.future_stamp",
            Self::DoubtNotKept => "doubt.not_kept",
            Self::CopyBroken => "copy.broken",
        }
    }
}
