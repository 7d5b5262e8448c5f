//! Repeatability: whether a request may be sent again when its answer was lost or was a failure.

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
    /// No effect.
    Safe,
    /// The same effect as sending it once.
    Idempotent,
    /// Possibly a second effect: the request is sent only once, whatever happens.
    Once,
}

impl Repeat {
    /// Returns the rule of HTTP for a method. PATCH counts as idempotent: in OCPI it sets values and does not add
    /// differences.
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
