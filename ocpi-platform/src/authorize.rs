//! Real-time authorization of drivers.

mod authorization;
mod desk;

use std::future::{Future, ready};

use ocpi_server_traits::Error;
use ocpi_types::v2_3_0::tokens::{LocationReferences, Token};

pub use authorization::Authorization;

/// Decides whether a driver may charge: see [`Platform::mount_emsp`](crate::Platform::mount_emsp).
///
/// It is called only for tokens of the platform that are [valid](Token::valid). Before that, the library checks what it knows
/// itself:
///
/// | The token, the place | The partner is answered |
/// |---|---|
/// | no such token | 404 and 2004 |
/// | a token that is not valid | `BLOCKED` |
/// | a Location of the partner, but none of its EVSEs that are named | `NOT_ALLOWED` |
///
/// A driver who may charge gets an `authorization_reference`, by which the Session and the CDR are found again.
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
    /// Decides about a token that is good, at the place that the partner names; `None`: it names none. EVSEs that a Location
    /// does not have are left out; a Location that is not known here, such as one that is not published, is as it is named.
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
