//! Handle of an asynchronous request.

use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use ocpi_types::DateTime;
use ocpi_types::v2_3_0::commands::{CommandResult, ReserveNow};

use super::entry::{Entry, State};
use super::open_requests::Look;
use super::outcome::{self, OutcomeOf};
use super::request::AsyncResult;
use super::waiters::Seat;
use super::{AsyncRequest, ImmediateAnswer, ResultId};
use crate::Error;

/// Handle of an asynchronous request, with the partner's immediate answer.
///
/// The request and its result are in the store, so the handle may be dropped: [`Platform::result_of`] makes another one
/// from the [`id`](Self::id), also after a restart or in another process.
///
/// A result that arrives in this process wakes the handle at once. One that arrives in another process is found when
/// the handle checks the store, once a second ([`ResultLimits::look_again`]), by the timer of the settings. It does not
/// use the change feed, which would wake every handle for every change of any object.
///
/// [`Platform::result_of`]: crate::Platform::result_of
/// [`ResultLimits::look_again`]: crate::ResultLimits::look_again
#[must_use = "the result is awaited by `result`"]
pub struct PendingResult<R: AsyncRequest> {
    /// The partner's immediate answer, as far as it is readable.
    pub answer: ImmediateAnswer<R::Response>,
    id: ResultId,
    requests: Arc<dyn Look>,
    seat: Seat,
}

impl<R: AsyncRequest> PendingResult<R> {
    pub(super) fn new(id: ResultId, requests: Arc<dyn Look>, answer: ImmediateAnswer<R::Response>) -> Self {
        Self { answer, seat: requests.seat(&id), id, requests }
    }

    /// Returns the id, with which the result can be retrieved later.
    pub fn id(&self) -> &ResultId {
        &self.id
    }

    /// Waits for the outcome: at the latest until the partner's `timeout` and a grace period have passed; then it is
    /// [`TimedOut`](super::Outcome::TimedOut). Calling it again returns the same outcome.
    ///
    /// # Errors
    /// When the store fails, or the request was forgotten ([`ResultLimits::keep`](crate::ResultLimits::keep)).
    pub async fn result(&self) -> Result<OutcomeOf<R>, Error> {
        self.wait(Deadline::OfEntry, |entry| outcome::of_entry::<R>(entry)).await
    }

    /// Returns the outcome if there is one, without waiting.
    ///
    /// # Errors
    /// As [`PendingResult::result`].
    pub async fn outcome(&self) -> Result<Option<OutcomeOf<R>>, Error> {
        outcome::of_entry::<R>(&self.requests.look(&self.id, None).await?)
    }

    /// Returns the result that arrived after the outcome was [`TimedOut`](super::Outcome::TimedOut), if there is one.
    /// It changes nothing, but the charge point may have carried out the request.
    ///
    /// # Errors
    /// As [`PendingResult::result`].
    pub async fn late_result(&self) -> Result<Option<R::Result>, Error> {
        outcome::read(&self.requests.look(&self.id, None).await?.late)
    }

    /// Returns the end of the wait: a later result is late.
    ///
    /// # Errors
    /// As [`PendingResult::result`].
    pub async fn deadline(&self) -> Result<DateTime, Error> {
        Ok(self.requests.look(&self.id, None).await?.deadline)
    }

    /// Waits until an entry has what is wanted.
    async fn wait<T>(
        &self,
        deadline: Deadline,
        wanted: impl Fn(&Entry) -> Result<Option<T>, Error>,
    ) -> Result<T, Error> {
        let mut waited = Waited::default();
        loop {
            // Whoever rings after this moment is heard, so a change after the look is not missed.
            let mut bell = pin!(self.seat.bell().notified());
            bell.as_mut().enable();
            let entry = self.requests.look(&self.id, waited.over()).await?;
            if let Some(found) = wanted(&entry)? {
                return Ok(found);
            }
            let pause = match deadline {
                Deadline::OfEntry => waited.next(&entry, self.requests.now(), self.requests.interval()),
                Deadline::None => self.requests.interval(),
            };
            if self.requests.timer().within(pause, bell).await.is_none() {
                waited.add(pause);
            }
        }
    }
}

impl PendingResult<ReserveNow> {
    /// Waits until the CPO cancels the reservation, which it reports to the same URL; possibly forever. `None` if there
    /// is no reservation, because the CPO refused it. The outcome of the request does not change.
    ///
    /// # Errors
    /// As [`PendingResult::result`].
    pub async fn canceled(&self) -> Result<Option<CommandResult>, Error> {
        let wanted = |entry: &Entry| match entry.state {
            State::Refused | State::Failed => Ok(Some(None)),
            _ => Ok(cancellation(entry)?.map(Some)),
        };
        self.wait(Deadline::None, wanted).await
    }

    /// Returns the cancellation of the reservation, if there is one, without waiting.
    ///
    /// # Errors
    /// As [`PendingResult::result`].
    pub async fn cancellation(&self) -> Result<Option<CommandResult>, Error> {
        cancellation(&self.requests.look(&self.id, None).await?)
    }
}

/// The cancellation in an entry: a second result, or the only one.
fn cancellation(entry: &Entry) -> Result<Option<CommandResult>, Error> {
    for text in entry.cancellations() {
        let result: CommandResult = outcome::read_text(text)?;
        if result.is_cancellation() {
            return Ok(Some(result));
        }
    }
    Ok(None)
}

/// End of a wait.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Deadline {
    OfEntry,
    None,
}

/// Time that was waited for a deadline, by the timer. A clock that is set back does not make a wait longer.
#[derive(Debug, Default)]
struct Waited {
    /// The deadline, and the time that was left when it was first seen: it moves when the answer comes.
    until: Option<(DateTime, Duration)>,
    sum: Duration,
}

impl Waited {
    /// The next pause.
    fn next(&mut self, entry: &Entry, now: DateTime, interval: Duration) -> Duration {
        debug_assert_eq!(entry.state, State::Open);
        let micros = entry.deadline.to_unix_micros().saturating_sub(now.to_unix_micros());
        // An entry that is not overdue has some time left.
        let left = Duration::from_micros(micros.try_into().unwrap_or_default()).max(Duration::from_millis(1));
        if self.until.is_none_or(|(until, _)| until != entry.deadline) {
            (self.until, self.sum) = (Some((entry.deadline, left)), Duration::ZERO);
        }
        left.min(interval)
    }

    fn add(&mut self, pause: Duration) {
        self.sum = self.sum.saturating_add(pause);
    }

    /// The deadline, if it was waited for.
    fn over(&self) -> Option<DateTime> {
        self.until.filter(|(_, total)| self.sum >= *total).map(|(deadline, _)| deadline)
    }
}

impl<R: AsyncRequest> fmt::Debug for PendingResult<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingResult").field("id", &self.id).finish_non_exhaustive()
    }
}
