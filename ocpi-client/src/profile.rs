//! Deviations of a partner.

use ocpi_types::Version;
use ocpi_types::json::{OnPartial, WritingStyle};

/// Deviations of a partner, and their treatment.
///
/// ```
/// use ocpi_client::PartnerProfile;
/// use ocpi_types::Version;
/// use ocpi_types::json::{WritingStyle, Times};
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
