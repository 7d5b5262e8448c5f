//! Ids of partners.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// The application's id of a partner.
///
/// 1 to 255 bytes without control characters. Clones share the text.
///
/// ```
/// use ocpi_types::protocol::PartnerId;
/// let id: PartnerId = "cpo".parse()?;
/// assert_eq!(id.as_str(), "cpo");
/// assert!("".parse::<PartnerId>().is_err());
/// # Ok::<(), ocpi_types::protocol::PartnerIdError>(())
/// ```
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct PartnerId(Arc<str>);

/// Error: a text is not a valid [`PartnerId`].
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the id of a partner has 1 to 255 bytes and no control characters")]
pub struct PartnerIdError;

impl PartnerId {
    /// Maximum length of an id, in bytes.
    pub const MAX_BYTES: usize = 255;

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PartnerId {
    type Err = PartnerIdError;

    fn from_str(text: &str) -> Result<Self, PartnerIdError> {
        let is_good = (1..=Self::MAX_BYTES).contains(&text.len()) && !text.chars().any(char::is_control);
        if is_good { Ok(Self(text.into())) } else { Err(PartnerIdError) }
    }
}

impl TryFrom<&str> for PartnerId {
    type Error = PartnerIdError;

    fn try_from(text: &str) -> Result<Self, PartnerIdError> {
        text.parse()
    }
}

impl AsRef<str> for PartnerId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for PartnerId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for PartnerId {
    fn eq(&self, other: &str) -> bool {
        &*self.0 == other
    }
}

impl PartialEq<&str> for PartnerId {
    fn eq(&self, other: &&str) -> bool {
        &*self.0 == *other
    }
}

impl fmt::Display for PartnerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for PartnerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}
