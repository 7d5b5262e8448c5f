//! Partners: their ids and deviations.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use crate::Version;
use crate::json::{OnPartial, WritingStyle};

/// The application's name for a partner: the platform on the other side.
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

/// A text that is no [`PartnerId`].
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the id of a partner has 1 to 255 bytes and no control characters")]
pub struct PartnerIdError;

impl PartnerId {
    /// Most bytes of an id.
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

/// Deviations of a partner, and their treatment.
///
/// ```
/// use ocpi_types::Version;
/// use ocpi_types::json::{Times, WritingStyle};
/// use ocpi_types::protocol::PartnerProfile;
///
/// // A partner that refuses fractions of a second, and tokens in Base64.
/// let usual = PartnerProfile::of(Version::V2_2_1);
/// let profile = PartnerProfile {
///     base64: false,
///     style: WritingStyle { times: Times::Seconds, ..usual.style },
///     ..usual
/// };
/// assert_ne!(profile, usual);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PartnerProfile {
    /// Whether the token is sent in Base64.
    pub base64: bool,
    /// Form in which the partner wants to be written to.
    pub style: WritingStyle,
    /// Treatment of its objects in which required members are missing.
    pub on_partial: OnPartial,
}

impl PartnerProfile {
    /// A partner that keeps to a version.
    pub fn of(version: Version) -> Self {
        Self {
            base64: version >= Version::V2_2_1,
            style: WritingStyle::default(),
            on_partial: OnPartial::default(),
        }
    }
}
