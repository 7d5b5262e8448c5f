//! Ids of asynchronous requests.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use crate::trust::{Hasher, TokenHash};

/// Id of an asynchronous request, for storing and for [`Platform::result_of`](crate::Platform::result_of).
///
/// It is not secret: it is the hash of the unguessable part of the `response_url`.
///
/// ```
/// use ocpi_platform::ResultId;
/// let id: ResultId = "0".repeat(64).parse()?;
/// assert_eq!(id.to_string().parse(), Ok(id));
/// assert!("42".parse::<ResultId>().is_err());
/// # Ok::<(), ocpi_platform::ResultIdError>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ResultId(Arc<str>);

/// Error: a text is not a [`ResultId`].
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the id of a result has 64 hexadecimal digits")]
pub struct ResultIdError;

impl ResultId {
    /// The id that belongs to the last part of a `response_url`.
    pub(super) fn of(hasher: &Hasher, uid: &str) -> Self {
        Self(hasher.response_url(uid).to_string().into())
    }

    /// Returns the digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ResultId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ResultId {
    type Err = ResultIdError;

    fn from_str(text: &str) -> Result<Self, ResultIdError> {
        TokenHash::from_hex(text).map(|hash| Self(hash.to_string().into())).ok_or(ResultIdError)
    }
}
