//! State of the paging, stored in full by a cursor.

use std::collections::BTreeSet;
use std::time::Duration;

use ocpi_types::DateTime;
use url::Url;

use super::link::with_number;
use super::seen::Seen;
use super::{Doubt, ListOutcome, PageRequest, Range, Stop};

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct State {
    /// Name of the list; empty if it has none.
    pub(super) list: String,
    /// The range that is asked for now, a window of the whole if there are windows.
    pub(super) range: Range,
    /// End of the whole and length of a window, where it is read by windows.
    pub(super) windows: Option<Windows>,
    pub(super) limit: Limit,
    /// Number of objects that are passed.
    pub(super) offset: u64,
    /// Link by which the next page is asked for.
    pub(super) link: Option<Url>,
    /// Whether the link is followed as it stands.
    pub(super) by_mark: bool,
    /// Whether pages came by such links.
    pub(super) mark_worked: bool,
    /// Offset to go on from if the link leads nowhere.
    pub(super) instead: u64,
    /// Whether the link named another origin.
    pub(super) link_is_repaired: bool,
    /// Whether links that name another origin lead nowhere.
    pub(super) repaired_are_dead: bool,
    /// Whether the partner refuses offsets that are no multiples of its pages, so that pages cannot overlap.
    pub(super) no_overlap: bool,
    /// Whether a page had a link.
    pub(super) linked: bool,
    /// Number of objects in the list, as the last page said.
    pub(super) total: Option<u64>,
    /// Pages in a row that brought nothing new.
    pub(super) idle: u64,
    /// Times in a row that the paging went back.
    pub(super) back: u64,
    /// Times that the paging went back although an object was known.
    pub(super) weak: u64,
    /// The last page that did not join the pages before: its offset, and a mark of its ids.
    pub(super) failed: Option<(u64, u64)>,
    /// Whether the last page had fewer objects than its limit, so that the list ended there.
    pub(super) ended: bool,
    /// Whether an earlier page had fewer objects than its limit.
    pub(super) short: bool,
    /// The last page that joined those before: the place that it has at least, if that is known, and the marks of its objects
    /// in their order.
    pub(super) last: (Option<u64>, Vec<u64>),
    /// A mark of the first object of a page that came again at another offset, and comes far behind the end, too, if every
    /// page is the whole list; and the offset to go on from if not.
    pub(super) confirm: Option<(u64, u64)>,
    /// Whether a page came again because the list moved.
    pub(super) is_moving: bool,
    /// The most objects that a page had.
    pub(super) longest: u64,
    pub(super) doubts: BTreeSet<Doubt>,
    pub(super) is_done: bool,
    pub(super) began: Option<DateTime>,
    /// Time of the partner at the first page.
    pub(super) theirs: Option<DateTime>,
    /// The newest `last_updated` seen.
    pub(super) newest: Option<DateTime>,
    pub(super) spent: Spent,
    pub(super) seen: Seen,
    /// Marks of the links that were followed as they stand.
    pub(super) visited: BTreeSet<u64>,
    /// Places in [`super::take::RULES`] of what was told.
    pub(super) told: u64,
}

/// Paging by windows of time.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Windows {
    pub(super) length: Duration,
    /// End of the last window; without one, the last window is open.
    pub(super) to: Option<DateTime>,
}

/// Greatest number of objects to ask for.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Limit {
    pub(super) now: Option<u64>,
    /// Times that it was halved since a page came.
    pub(super) halved: u64,
    /// Whether it is smaller than it was at first, so that links have to be changed.
    pub(super) is_lowered: bool,
}

/// Part of the budget that is used up.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Spent {
    pub(super) pages: u64,
    pub(super) objects: u64,
    pub(super) bytes: u64,
    pub(super) time: Duration,
}

impl State {
    /// The page to ask for.
    pub(super) fn request(&self) -> PageRequest {
        match &self.link {
            Some(link) => PageRequest::Link(self.lowered(match self.by_mark {
                true => link.clone(),
                false => with_number(link, "offset", self.asked_offset()),
            })),
            None => PageRequest::At { range: self.range, offset: self.asked_offset(), limit: self.limit.now },
        }
    }

    /// The offset to ask for: the last object of the page before is to come again.
    pub(super) fn asked_offset(&self) -> u64 {
        self.offset.saturating_sub(u64::from(!self.no_overlap))
    }

    fn lowered(&self, url: Url) -> Url {
        match self.limit.now.filter(|_| self.limit.is_lowered) {
            Some(limit) => with_number(&url, "limit", limit),
            None => url,
        }
    }

    pub(super) fn outcome(&self) -> ListOutcome {
        match self.doubts.first() {
            _ if !self.is_done => ListOutcome::Incomplete(Stop::UnderWay),
            Some(doubt) => ListOutcome::Unsure(*doubt),
            None => ListOutcome::Complete,
        }
    }

    /// The end of the range that is asked for: on to the next window, if there is one.
    pub(super) fn end(&mut self) {
        let Some(next) = self.next_window() else {
            self.is_done = true;
            return;
        };
        *self = Self {
            list: std::mem::take(&mut self.list),
            range: next,
            windows: self.windows,
            limit: self.limit,
            repaired_are_dead: self.repaired_are_dead,
            no_overlap: self.no_overlap,
            longest: self.longest,
            began: self.began,
            theirs: self.theirs,
            newest: self.newest,
            spent: self.spent,
            told: self.told,
            doubts: std::mem::take(&mut self.doubts),
            seen: std::mem::take(&mut self.seen),
            ..Self::default()
        };
    }

    fn next_window(&self) -> Option<Range> {
        let windows = self.windows?;
        let from = self.range.to?;
        if windows.to.is_some_and(|to| from >= to) {
            return None;
        }
        if windows.to.is_none() && self.theirs.is_none() {
            return Some(Range { from: Some(from), to: None });
        }
        Some(windows.first(Some(from), self.theirs))
    }
}

impl Windows {
    /// The window that begins at a time. It is open where it would reach the present of the partner.
    pub(super) fn first(&self, from: Option<DateTime>, theirs: Option<DateTime>) -> Range {
        let from = from.unwrap_or(DateTime::UNIX_EPOCH);
        let seconds = i64::try_from(self.length.as_secs()).unwrap_or(i64::MAX).max(1);
        let end = from.checked_add_seconds(seconds);
        let to = match (end, self.to) {
            (Some(end), Some(to)) => Some(end.min(to)),
            (Some(end), None) => Some(end).filter(|end| theirs.is_none_or(|theirs| *end < theirs)),
            (None, to) => to,
        };
        Range { from: Some(from), to }
    }
}
