//! Repeats: whether a request may be sent a second time, when its answer was lost or was a failure.

use http::Method;

/// Effect of sending the same request again.
///
/// ```
/// use ocpi_types::endpoint::{Authorize, Endpoint, GetVersions, Put, Repeat};
/// use ocpi_types::v2_3_0::tokens::Token;
/// assert_eq!(GetVersions::REPEAT, Repeat::Safe);
/// assert_eq!(Put::<Token>::REPEAT, Repeat::Idempotent);
/// assert_eq!(Authorize::REPEAT, Repeat::Once);
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Repeat {
    /// It changes nothing.
    Safe,
    /// Sent twice, it has the effect of being sent once.
    Idempotent,
    /// Sent twice, it may do something twice: it is sent once, whatever comes of it.
    Once,
}

impl Repeat {
    /// The rule of HTTP for a method. A PATCH counts as idempotent: those of OCPI name values, not differences.
    pub const fn of(method: &Method) -> Self {
        match *method {
            Method::GET | Method::HEAD | Method::OPTIONS => Self::Safe,
            Method::PUT | Method::PATCH | Method::DELETE => Self::Idempotent,
            _ => Self::Once,
        }
    }

    /// Whether the request may be sent again.
    pub const fn is_repeatable(self) -> bool {
        !matches!(self, Self::Once)
    }
}
