//! Time up to which a partner's list is known.

use std::time::Duration;

use ocpi_types::DateTime;

/// Time of the partner up to which its list is known: the next list is requested from there, with an overlap.
///
/// ```
/// use std::time::Duration;
/// use ocpi_client::paging::Watermark;
/// let mut mark = Watermark::at("2026-11-22T10:00:00Z".parse()?);
/// mark.raise(Watermark::at("2026-11-22T09:00:00Z".parse()?));
/// let from = mark.date_from(Duration::from_secs(300));
/// assert_eq!(from, "2026-11-22T09:55:00Z".parse().ok());
/// # Ok::<(), ocpi_types::DateTimeError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Watermark(Option<DateTime>);

impl Watermark {
    /// Overlap for objects whose time is set before they become visible: 5 minutes.
    pub const OVERLAP: Duration = Duration::from_secs(300);

    /// Creates a stored watermark.
    pub fn at(time: DateTime) -> Self {
        Self(Some(time))
    }

    /// Returns the time, if anything is known of the list.
    pub fn time(self) -> Option<DateTime> {
        self.0
    }

    pub(super) fn of(
        newest: Option<DateTime>,
        theirs: Option<DateTime>,
        began: Option<DateTime>,
        now: DateTime,
    ) -> Self {
        let before = |newest: DateTime| match theirs {
            Some(theirs) => Some(newest.min(theirs)),
            None => {
                // Objects of the future would hide what changes until then.
                let newest = newest.min(now);
                let took = now.to_unix_micros().saturating_sub(began.unwrap_or(now).to_unix_micros());
                DateTime::from_unix_micros(newest.to_unix_micros().saturating_sub(took.max(0)))
            }
        };
        Self(newest.and_then(before))
    }

    /// Raises the watermark to a later one; never lowers it.
    pub fn raise(&mut self, other: Self) {
        self.0 = self.0.max(other.0);
    }

    /// Returns the `date_from` of the next list.
    pub fn date_from(self, overlap: Duration) -> Option<DateTime> {
        let overlap = i64::try_from(overlap.as_micros()).unwrap_or(i64::MAX);
        let time = self.0?;
        Some(
            DateTime::from_unix_micros(time.to_unix_micros().saturating_sub(overlap))
                .unwrap_or(DateTime::UNIX_EPOCH),
        )
    }
}
