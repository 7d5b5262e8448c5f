//! Options of a pull.

use std::time::Duration;

use ocpi_client::paging::{Budget, Cursor, CursorError, Watermark};
use ocpi_client::{Pages, RequestOptions};
use ocpi_types::DateTime;
use ocpi_types::endpoint::Resource;

use super::pulled::Pulled;

/// Options of a pull: a range of time, limits, parties, and the cursor to continue from. The default fetches
/// everything.
///
/// ```
/// use std::time::Duration;
/// use ocpi_client::RequestOptions;
/// use ocpi_client::paging::Budget;
/// use ocpi_platform::PullOptions;
/// use ocpi_types::protocol::Party;
///
/// // The CDRs of a month, of a party behind a hub, and not for ever.
/// let options = PullOptions::new()
///     .from("2026-10-01T00:00:00Z".parse()?)
///     .to("2026-11-01T00:00:00Z".parse()?)
///     .options(RequestOptions::new().to(Party::new("NL", "ALF")?))
///     .budget(Budget { time: Duration::from_secs(3_600), ..Budget::default() });
/// # let _ = options;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct PullOptions {
    since: Watermark,
    from: Option<DateTime>,
    to: Option<DateTime>,
    windows: Option<Duration>,
    limit: Option<u64>,
    budget: Option<Budget>,
    options: RequestOptions<'static>,
    pub(super) cursor: Option<Cursor>,
}

impl PullOptions {
    /// Fetches everything, within the default budget.
    pub fn new() -> Self {
        Self::default()
    }

    /// Fetches only objects that changed since a pull with this watermark ([`Pulled::watermark`]), with an overlap of 5
    /// minutes: a delta. An empty watermark fetches everything.
    pub fn since(self, watermark: Watermark) -> Self {
        Self { since: watermark, ..self }
    }

    /// Fetches only objects that changed at this time or later: the parameter `date_from`. It overrides
    /// [`since`](Self::since).
    pub fn from(self, date: DateTime) -> Self {
        Self { from: Some(date), ..self }
    }

    /// Fetches only objects that changed before this time: the parameter `date_to`. See [`Pages::to`].
    pub fn to(self, date: DateTime) -> Self {
        Self { to: Some(date), ..self }
    }

    /// Fetches the list in consecutive windows of this length. See [`Pages::windows`].
    pub fn windows(self, length: Duration) -> Self {
        Self { windows: Some(length), ..self }
    }

    /// Sets the maximum number of objects on a page: the parameter `limit`.
    pub fn limit(self, limit: u64) -> Self {
        Self { limit: Some(limit), ..self }
    }

    /// Sets the budget; see [`Budget`] for the default. It counts from the start of the list, even if the pull is
    /// resumed.
    pub fn budget(self, budget: Budget) -> Self {
        Self { budget: Some(budget), ..self }
    }

    /// Sets options for every request, such as the receiving party or a deadline. Do not set ids: they belong to a
    /// single request.
    pub fn options(self, options: RequestOptions<'static>) -> Self {
        Self { options, ..self }
    }

    /// Continues an earlier pull of this list, with its dates, windows and limit: the cursor is that of
    /// [`PullError::cursor`](super::PullError::cursor) or [`PullProgress::cursor`](super::PullProgress::cursor).
    pub fn resume(self, cursor: Cursor) -> Self {
        Self { cursor: Some(cursor), ..self }
    }

    pub(super) fn nothing_yet(&self) -> Pulled {
        Pulled { watermark: self.since, ..Pulled::default() }
    }

    pub(super) fn applied_to<R: Resource, T>(&self, pages: Pages<R, T>) -> Result<Pages<R, T>, CursorError> {
        let from = self.from.or_else(|| self.since.date_from(Watermark::OVERLAP));
        let pages = from.into_iter().fold(pages.options(self.options.clone()), Pages::from);
        let pages = self.to.into_iter().fold(pages, Pages::to);
        let pages = self.windows.into_iter().fold(pages, Pages::windows);
        let pages = self.limit.into_iter().fold(pages, Pages::limit);
        let pages = match &self.cursor {
            Some(cursor) => pages.resume(cursor.clone())?,
            None => pages,
        };
        Ok(self.budget.into_iter().fold(pages, Pages::budget))
    }
}
