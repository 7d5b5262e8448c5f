//! Real-time authorization of drivers.

mod authorization;
mod desk;

use std::future::{Future, ready};

use ocpi_server_traits::Error;
use ocpi_types::v2_3_0::tokens::{LocationReferences, Token};

pub use authorization::Authorization;

/// Decides whether a driver may charge: see [`Platform::mount_emsp`](crate::Platform::mount_emsp).
///
/// It is called only for [valid](Token::valid) tokens of the platform. The library itself answers requests in these
/// cases:
///
/// | Token or place | Answer to the partner |
/// |---|---|
/// | unknown token | 404 and 2004 |
/// | invalid token | `BLOCKED` |
/// | Location of the partner, but none of the named EVSEs | `NOT_ALLOWED` |
///
/// A driver who may charge gets an `authorization_reference`, which identifies the Session and the CDR.
///
/// ```
/// use ocpi_platform::{Authorization, Authorizer};
/// use ocpi_server_traits::Error;
/// use ocpi_types::v2_3_0::tokens::{LocationReferences, Token};
///
/// /// Drivers who pay in advance.
/// struct Wallet;
///
/// # impl Wallet {
/// #     fn balance(&self, _: &Token) -> Result<i64, Error> {
/// #         Ok(0)
/// #     }
/// # }
/// impl Authorizer for Wallet {
///     async fn authorize(&self, token: &Token, _: Option<&LocationReferences>) -> Result<Authorization, Error> {
///         let has_credit = self.balance(token)? > 0;
///         Ok(if has_credit { Authorization::allowed() } else { Authorization::no_credit("Top up your wallet") })
///     }
/// }
/// ```
///
/// Spec: 2.2.1 mod_tokens §real-time_authorization
pub trait Authorizer: Send + Sync + 'static {
    /// Decides about a valid token at the place that the partner names; `None` if it names none. EVSEs that the
    /// Location does not have are left out; an unknown Location, such as an unpublished one, is passed as named.
    fn authorize(
        &self,
        token: &Token,
        at: Option<&LocationReferences>,
    ) -> impl Future<Output = Result<Authorization, Error>> + Send;
}

/// Lets every driver charge whose token is good.
pub(crate) struct Everybody;

impl Authorizer for Everybody {
    fn authorize(
        &self,
        _: &Token,
        _: Option<&LocationReferences>,
    ) -> impl Future<Output = Result<Authorization, Error>> + Send {
        ready(Ok(Authorization::allowed()))
    }
}
