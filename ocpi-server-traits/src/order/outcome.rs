//! Results of an update.

/// Result of an update, in one word.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Taken {
    /// The object, or the part that was put, was created.
    Created,
    /// It was changed as requested.
    Updated,
    /// It already had the requested values.
    Unchanged,
    /// Parts of the update were older than the stored values; the rest was stored.
    Partly,
    /// All values that the update would change are newer than the update.
    Older,
    /// A PUT of an object that has since been deleted: nothing is stored.
    Held,
    /// A PATCH, a PUT of a part, or a DELETE of a missing object.
    Missing,
}

/// Result of an update, or of the owner's answer to a look-up.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct UpdateOutcome {
    /// The result in one word.
    pub taken: Taken,
    /// Whether the object has changed, even if only in its times.
    pub is_changed: bool,
    /// Parts with changed values: "" for the object itself, the `uid` of an EVSE for the EVSE or one of its Connectors.
    pub parts: Vec<String>,
    /// Members that are newer than the update: `name`, `e1/status`, `e1/c1/max_voltage`.
    pub late: Vec<String>,
    /// Deviations.
    pub findings: Vec<OrderFinding>,
    /// Whether it settled a doubt about the object.
    pub is_settled: bool,
    /// Number of members and parts that were compared. It grows with the sum of the sizes of update and object, not
    /// with their product.
    pub steps: u64,
    /// Whether a value was put in the place of another one, be it an equal one, which may be spelled otherwise.
    pub(crate) is_touched: bool,
}

/// A deviation of the owner that does not affect the order but should be reported.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum OrderFinding {
    /// An object has two EVSEs or Connectors with the same id. The newer one was taken.
    EvseTwice,
    /// A charging period was sent again with different contents.
    PeriodChanged,
    /// A completed Session is active again.
    Reopened,
    /// A Booking in a final state was to get another state. The final one was kept.
    FinalKept,
    /// Members of a push are older than the stored ones.
    Stale,
    /// A push has a time in our future.
    FutureStamp,
    /// The doubt about a missing object was not stored: the partner has raised too many.
    DoubtNotKept,
    /// The stored copy was broken: the received object replaced it, regardless of times.
    CopyBroken,
}

impl OrderFinding {
    /// Returns the id of the rule.
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
