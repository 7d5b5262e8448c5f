//! Failures of pulls.

use std::fmt;

use ocpi_client::paging::Cursor;

use super::pulled::Pulled;
use crate::Error;

/// Failure of a pull, with the result before it and the cursor to continue from.
///
/// ```
/// use ocpi_client::Transport;
/// use ocpi_platform::{Platform, PullError, PullOptions};
/// use ocpi_server_traits::Store;
/// use ocpi_types::v2_3_0::locations::Location;
///
/// /// Tries once more where it failed.
/// async fn copy<S: Store, T: Transport>(emsp: &Platform<S, T>) -> Result<usize, PullError> {
///     let failed = match emsp.pull::<Location>("cpo", |_, _| {}).await {
///         Ok(pulled) => return Ok(pulled.objects),
///         Err(failed) => failed,
///     };
///     let Some(cursor) = failed.cursor() else { return Err(failed) };
///     let options = PullOptions::new().resume(cursor.clone());
///     let rest = emsp.pull_with::<Location>("cpo", &options, |_| {}).await?;
///     Ok(failed.pulled().objects + rest.objects)
/// }
/// ```
#[derive(Debug)]
pub struct PullError(Box<Inside>);

#[derive(Debug)]
struct Inside {
    error: Error,
    pulled: Pulled,
    cursor: Option<Cursor>,
}

impl PullError {
    pub(super) fn new(error: Error, pulled: Pulled, cursor: Option<Cursor>) -> Self {
        Self(Box::new(Inside { error, pulled, cursor }))
    }

    /// Returns the reason.
    pub fn error(&self) -> &Error {
        &self.0.error
    }

    /// Returns the result up to the failure: all counted objects are stored.
    pub fn pulled(&self) -> &Pulled {
        &self.0.pulled
    }

    /// Returns the cursor to continue from, for [`PullOptions::resume`](super::PullOptions::resume); `None` if the pull
    /// did not start. If the store failed, it may be some pages back: storing them again changes nothing.
    pub fn cursor(&self) -> Option<&Cursor> {
        self.0.cursor.as_ref()
    }
}

/// Writes the message of the reason.
impl fmt::Display for PullError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.error.fmt(f)
    }
}

impl std::error::Error for PullError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.error.source()
    }
}

impl From<PullError> for Error {
    fn from(error: PullError) -> Self {
        error.0.error
    }
}
