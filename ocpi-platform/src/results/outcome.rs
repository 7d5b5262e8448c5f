//! Outcomes of asynchronous requests.

use ocpi_types::json;

use super::AsyncRequest;
use super::entry::{Entry, State};
use super::request::AsyncResult;
use crate::Error;
use crate::documents::corrupt;

/// Outcome of an asynchronous request. `T` is the type of its result, `A` that of the immediate answer.
///
/// It never changes, in any process: a later result is only reported to the observer.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Outcome<T, A> {
    /// The charge point has carried out the request.
    Accepted(T),
    /// The result reports that it was not carried out, and why: `EVSE_OCCUPIED`, for example, or the CPO's own
    /// `TIMEOUT`.
    Unsuccessful(T),
    /// The partner refused at once: `REJECTED`, `NOT_SUPPORTED`, `UNKNOWN_SESSION`, `TOO_OFTEN`.
    Refused(A),
    /// The partner did not get the request, or answered with an error. The sender got the error from the call; this
    /// value is for handles made elsewhere.
    Failed,
    /// No result arrived in time.
    TimedOut,
}

impl<T, A> Outcome<T, A> {
    /// Whether the charge point has carried out the request.
    pub fn is_accepted(&self) -> bool {
        matches!(self, Self::Accepted(_))
    }

    /// Returns the result, if one arrived in time.
    pub fn result(&self) -> Option<&T> {
        match self {
            Self::Accepted(result) | Self::Unsuccessful(result) => Some(result),
            _ => None,
        }
    }
}

/// Outcome of a request.
pub(super) type OutcomeOf<R> =
    Outcome<<R as AsyncRequest>::Result, <R as ocpi_types::endpoint::Endpoint>::Response>;

/// Reads the outcome of an entry; `None` while it is open.
pub(super) fn of_entry<R: AsyncRequest>(entry: &Entry) -> Result<Option<OutcomeOf<R>>, Error> {
    Ok(match entry.state {
        State::Open => None,
        State::Answered => {
            let result: R::Result = read(&entry.result)?.ok_or_else(corrupt)?;
            let is_accepted = result.is_accepted();
            Some(if is_accepted { Outcome::Accepted(result) } else { Outcome::Unsuccessful(result) })
        }
        State::Refused => Some(Outcome::Refused(read(&entry.answer)?.ok_or_else(corrupt)?)),
        State::Failed => Some(Outcome::Failed),
        State::TimedOut => Some(Outcome::TimedOut),
    })
}

/// Reads a value that an entry has as text.
pub(super) fn read<T: ocpi_types::Value>(text: &Option<String>) -> Result<Option<T>, Error> {
    text.as_ref().map(|text| read_text(text)).transpose()
}

/// Reads a value that we wrote: required members may have been missing when it came.
pub(super) fn read_text<T: ocpi_types::Value>(text: &str) -> Result<T, Error> {
    let item = json::read_item(text.as_bytes()).map_err(|_| corrupt())?;
    match item.reading {
        json::Reading::Whole(value) => Ok(value),
        json::Reading::Partial(partial) => Ok(partial.into_value()),
        json::Reading::Unreadable(_) => Err(corrupt()),
    }
}
