//! Deviations of a partner.

use ocpi_types::Version;
use ocpi_types::json::{OnPartial, PeerStyle};

/// Deviations of a partner, and their treatment.
///
/// ```
/// use ocpi_client::PeerProfile;
/// use ocpi_types::Version;
/// use ocpi_types::json::{PeerStyle, Times};
///
/// // A partner that refuses fractions of a second, and tokens in Base64.
/// let usual = PeerProfile::of(Version::V2_2_1);
/// let profile = PeerProfile {
///     base64: false,
///     style: PeerStyle { times: Times::Seconds, ..usual.style },
///     ..usual
/// };
/// assert_ne!(profile, usual);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PeerProfile {
    /// Whether the token is sent in Base64.
    pub base64: bool,
    /// Form in which the partner wants to be written to.
    pub style: PeerStyle,
    /// Treatment of its objects in which required members are missing.
    pub on_partial: OnPartial,
}

impl PeerProfile {
    /// A partner that keeps to a version.
    pub fn of(version: Version) -> Self {
        Self {
            base64: version >= Version::V2_2_1,
            style: PeerStyle::default(),
            on_partial: OnPartial::default(),
        }
    }
}
