//! Completeness of a list that was read.

use std::fmt;

/// Completeness of a list, as far as it was read.
///
/// ```
/// use ocpi_client::paging::{ListOutcome, Stop};
/// assert!(ListOutcome::Complete.is_complete());
/// assert_eq!(ListOutcome::Incomplete(Stop::Pages).to_string(), "incomplete: the budget of pages is used up");
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ListOutcome {
    /// Every object that was in the list from the first to the last request, without a change, was seen. Objects that
    /// changed meanwhile are in the next list since the watermark. An object that was not seen is not in the list.
    Complete,
    /// The end was reached, but an object may have been missed.
    Unsure(Doubt),
    /// The end was not reached.
    Incomplete(Stop),
}

impl ListOutcome {
    /// Whether an object that was not seen is certainly not in the list.
    ///
    /// ```
    /// use ocpi_client::paging::{Doubt, ListOutcome};
    /// assert!(!ListOutcome::Unsure(Doubt::ObjectsWithoutId).is_complete());
    /// ```
    pub fn is_complete(self) -> bool {
        self == Self::Complete
    }
}

impl fmt::Display for ListOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Complete => f.write_str("complete"),
            Self::Unsure(doubt) => write!(f, "unsure: {doubt}"),
            Self::Incomplete(stop) => write!(f, "incomplete: {stop}"),
        }
    }
}

/// Reason why an object may have been missed although the end of the list was reached.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, thiserror::Error)]
#[non_exhaustive]
pub enum Doubt {
    /// Some objects have no readable id.
    #[error("objects without an id that can be read")]
    ObjectsWithoutId,
    /// Some pages have fewer objects than their limit although others follow: the partner omits objects.
    #[error("the partner leaves objects out of its pages")]
    LeftOut,
    /// The list shifted while it was read, faster than pages could be read again.
    #[error("the list moves faster than it can be read")]
    Unstable,
    /// Pages cannot be made to overlap, so it is unknown whether the list shifted.
    #[error("the pages do not overlap")]
    NoOverlap,
    /// The list ended with a refused page request.
    #[error("the last page was refused")]
    EndRefused,
}

impl Doubt {
    pub(super) const ALL: [Self; 5] =
        [Self::ObjectsWithoutId, Self::LeftOut, Self::Unstable, Self::NoOverlap, Self::EndRefused];
}

/// Reason why the end of the list was not reached.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Stop {
    /// The paging is in progress, or a request failed.
    #[error("the end is not reached")]
    UnderWay,
    /// Pages repeatedly contain nothing new.
    #[error("the pages repeat")]
    Repeats,
    /// The link to the next page cannot be followed, and there is no alternative.
    #[error("the link to the next page leads nowhere")]
    Link,
    /// The budget of pages is used up.
    #[error("the budget of pages is used up")]
    Pages,
    /// The budget of objects is used up.
    #[error("the budget of objects is used up")]
    Objects,
    /// The budget of bytes is used up.
    #[error("the budget of bytes is used up")]
    Bytes,
    /// The budget of time is used up.
    #[error("the budget of time is used up")]
    Time,
}
