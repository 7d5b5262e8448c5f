//! State machine that reads the pages of a list.

use std::time::Duration;

use ocpi_types::{DateTime, Finding};

use super::state::{State, Windows};
use super::{
    Budget, Cursor, ItemFacts, ListOutcome, ListUrls, PageFacts, PageFailure, PageRequest, PageTaken, Range,
    Stop, Watermark, take,
};

/// Seconds of the longest window: more than there are times.
const LONGEST: u64 = 1_000_000_000_000;

/// Paging over a list: a state machine that returns the next page to request, and takes the facts about it.
///
/// Each page overlaps the previous one by an object. If that object is not at its position, the list has shifted, and
/// the paging goes back until it finds an object that it knows and that has not changed.
///
/// ```
/// use ocpi_client::paging::{ItemFacts, LinkHeader, PageFacts, PageRequest, ListUrls, Paging};
/// use ocpi_types::DateTime;
///
/// let list = "https://cpo.example/ocpi/2.3.0/tariffs".parse()?;
/// let mut paging = Paging::new(ListUrls::new(&list, [])?);
/// assert!(matches!(paging.next()?, Some(PageRequest::At { offset: 0, .. })));
///
/// let items = || vec![ItemFacts::new("NL/ALF/T1", None), ItemFacts::new("NL/ALF/T2", None)];
/// let link = LinkHeader::Next("https://cpo.example/ocpi/2.3.0/tariffs?offset=2");
/// paging.page(&PageFacts { link, ..PageFacts::new(items(), DateTime::UNIX_EPOCH) });
///
/// // The second object is asked for again.
/// let Some(PageRequest::Link(next)) = paging.next()? else { panic!("no link") };
/// assert_eq!(next.query(), Some("offset=1"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Paging {
    urls: ListUrls,
    budget: Budget,
    state: State,
    /// Reason why it stopped at the last page.
    stop: Option<Stop>,
    /// Whether the reason was told: then the page is asked for again.
    is_told: bool,
}

impl Paging {
    /// Starts paging through the whole list.
    pub fn new(urls: ListUrls) -> Self {
        Self { urls, budget: Budget::default(), state: State::default(), stop: None, is_told: false }
    }

    /// With the name of its list, which its cursors keep.
    #[must_use]
    pub(super) fn of(mut self, list: String) -> Self {
        self.state.list = list;
        self
    }

    /// With another range, in windows if it was in windows.
    #[must_use]
    pub(super) fn within(self, range: Range) -> Self {
        match self.state.windows {
            Some(windows) => self.with_range(range).with_windows(windows.length),
            None => self.with_range(range),
        }
    }

    /// The range with the end of its last window.
    pub(super) fn whole_range(&self) -> Range {
        match self.state.windows {
            Some(windows) => Range { to: windows.to, ..self.state.range },
            None => self.state.range,
        }
    }

    /// Continues at a cursor.
    ///
    /// ```
    /// use ocpi_client::paging::{ListUrls, Paging};
    /// let list = "https://cpo.example/ocpi/2.3.0/tariffs".parse()?;
    /// let paging = Paging::new(ListUrls::new(&list, [])?).with_limit(50);
    /// let text = paging.cursor().to_string();
    /// assert_eq!(Paging::resume(ListUrls::new(&list, [])?, text.parse()?), paging);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn resume(urls: ListUrls, cursor: Cursor) -> Self {
        Self { urls, budget: Budget::default(), state: *cursor.0, stop: None, is_told: false }
    }

    /// Restricts the paging to objects that changed in a range of time.
    #[must_use]
    pub fn with_range(mut self, range: Range) -> Self {
        self.state.range = range;
        self
    }

    /// Splits the range into windows of this length, at least a second, each with a `date_to`. If the range has no end,
    /// the last window has none either: it begins where a full window would reach the partner's present.
    #[must_use]
    pub fn with_windows(mut self, length: Duration) -> Self {
        let length = Duration::from_secs(length.as_secs().clamp(1, LONGEST));
        let windows = Windows { length, to: self.state.range.to };
        self.state.range = windows.first(self.state.range.from, None);
        self.state.windows = Some(windows);
        self
    }

    /// Sets the maximum number of objects to request on a page.
    #[must_use]
    pub fn with_limit(mut self, limit: u64) -> Self {
        self.state.limit.now = Some(limit.max(1));
        self
    }

    /// Sets the budget.
    #[must_use]
    pub fn with_budget(self, budget: Budget) -> Self {
        Self { budget, ..self }
    }

    /// Sets the start by our clock, which is otherwise the time of the first page request.
    #[must_use]
    pub fn begun_at(mut self, now: DateTime) -> Self {
        self.state.began = Some(now);
        self
    }

    /// Returns the next page to request; `None` at the end.
    ///
    /// # Errors
    /// When the paging cannot or must not continue. Calling again requests the same page again, unless the budget is
    /// used up.
    #[expect(clippy::should_implement_trait, reason = "it has errors, after which it can be called again")]
    pub fn next(&mut self) -> Result<Option<PageRequest>, Stop> {
        if self.state.is_done {
            return Ok(None);
        }
        let stop = self.stop.filter(|_| !self.is_told);
        match stop.or_else(|| self.budget.reached(&self.state)) {
            Some(stop) => {
                self.is_told = true;
                Err(stop)
            }
            None => Ok(Some(self.state.request())),
        }
    }

    /// Takes the facts of the requested page.
    pub fn page(&mut self, facts: &PageFacts<'_>) -> PageTaken {
        (self.stop, self.is_told) = (None, false);
        let (taken, stop) = take::page(&mut self.state, &self.urls, facts);
        self.stop = stop;
        taken
    }

    /// Takes the failure of a page request. Returns the findings if there is another way to request it, and `None` if
    /// the paging is unchanged: the same request may be sent again.
    pub fn failed(&mut self, failure: PageFailure) -> Option<Vec<Finding>> {
        let findings = take::failed(&mut self.state, failure)?;
        self.stop = None;
        Some(findings)
    }

    /// Returns the outcome so far.
    pub fn outcome(&self) -> ListOutcome {
        match self.state.outcome() {
            ListOutcome::Incomplete(_) => {
                let stop = self.stop.or_else(|| self.budget.reached(&self.state));
                ListOutcome::Incomplete(stop.unwrap_or(Stop::UnderWay))
            }
            ended => ended,
        }
    }

    /// Returns the state from which the paging can continue later.
    pub fn cursor(&self) -> Cursor {
        Cursor(Box::new(self.state.clone()))
    }

    /// Returns the limit in use, which is lower than the requested one if the partner refused that.
    pub fn limit(&self) -> Option<u64> {
        self.state.limit.now
    }

    /// Whether no page came yet.
    pub(super) fn is_at_start(&self) -> bool {
        self.state.spent.pages == 0
    }

    /// Returns the number of distinct objects seen.
    pub fn seen(&self) -> usize {
        self.state.seen.len()
    }

    /// Whether an object has been seen, in any version.
    pub fn has_seen(&self, item: &ItemFacts) -> bool {
        self.state.seen.has(item)
    }

    /// Returns the partner's time at the first page, if known.
    pub fn partner_time(&self) -> Option<DateTime> {
        self.state.theirs
    }

    /// Returns the time of the first page request, by our clock.
    pub fn began(&self) -> Option<DateTime> {
        self.state.began
    }

    /// Returns the partner's time up to which the list is known if the paging ends now: the earlier of the partner's
    /// time at the first page and the newest change seen. If the partner's time is unknown, it is the newest change, or
    /// now if that is earlier, minus the time since the first request.
    pub fn watermark(&self, now: DateTime) -> Watermark {
        Watermark::of(self.state.newest, self.state.theirs, self.state.began, now)
    }
}
