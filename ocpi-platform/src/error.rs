//! Reasons why the platform cannot do what it was asked.

use ocpi_client::UrlRefused;
use ocpi_client::paging::CursorError;
use ocpi_server_traits as server;
use ocpi_types::protocol::Party;

use crate::RequestKind;

/// Reason why the platform cannot do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The store failed, or what is in it is broken.
    #[error(transparent)]
    Store(#[from] server::Error),
    /// A request to a partner failed.
    #[error(transparent)]
    Client(#[from] ocpi_client::Error),
    /// There is no such partner, or no registration with it.
    #[error("no registration with partner {0}")]
    NoPartner(String),
    /// The registration with the partner waits for `approve`.
    #[error("the registration with partner {0} awaits approval")]
    AwaitsApproval(String),
    /// There is nothing to approve or to reject.
    #[error("partner {0} waits for no approval")]
    NothingToApprove(String),
    /// The name of a partner is empty, longer than 255 bytes, or has control characters.
    #[error("the name of a partner has 1 to 255 bytes and no control characters")]
    InvalidId,
    /// Two tasks changed the same partner at the same time.
    #[error("partner {0} was changed at the same time by somebody else: try again")]
    Conflict(String),
    /// Credentials are exchanged with the partner at this moment, or the last exchange is not settled.
    #[error("an exchange of credentials with partner {0} is under way: try again later")]
    Busy(String),
    /// Another node exchanges credentials with the partner at this moment, or another task of this one.
    #[error("another node or task exchanges credentials with partner {partner}: try again in {seconds} s")]
    ExchangedElsewhere {
        /// The partner.
        partner: String,
        /// Time after which the other one has ended, has said that it goes on, or is dead.
        seconds: u32,
    },
    /// The partner lacks endpoints that are required.
    #[error("the partner lacks endpoints: {0}")]
    LacksEndpoints(String),
    /// The partner did not say in time what it offers: see [`Limits`](crate::Limits).
    #[error("the partner did not say in time what it offers: try again later")]
    TooSlow,
    /// The partner did not answer in the time that it has: see [`Limits`](crate::Limits) and
    /// [`Platform::tick`](crate::Platform::tick).
    #[error("the partner did not answer in time")]
    NoAnswer,
    /// The partner has more endpoints than [`Limits`](crate::Limits) say.
    #[error("the partner has too many endpoints")]
    TooManyEndpoints,
    /// A list of the partner has more pages than are read: each leads to another.
    #[error("a list of partner {0} does not end")]
    TooManyPages(String),
    /// The partner is registered already.
    #[error("partner {0} is registered already")]
    Registered(String),
    /// The partner speaks for a party that is ours or another partner's.
    #[error("party {0} is spoken for by another platform")]
    PartyTaken(Party),
    /// The party is not reserved.
    #[error("party {0} is not reserved")]
    NotReserved(Party),
    /// The partner names no party that it speaks for, or more than [`Limits`](crate::Limits) say.
    #[error("credentials name 1 to 10,000 roles")]
    NoRoles,
    /// A party could be taken for another one: see [`Allow::party`](crate::Allow::party).
    #[error("a country code or party id is empty, or contains `/`, `>` or a control character")]
    PartyRefused,
    /// The partner names parties, hosts or roles that it may not come with.
    #[error("the credentials name parties, hosts or roles that are not expected")]
    Refused,
    /// A token of the partner cannot be sent, or is one that we issued.
    #[error(
        "the token is not one that can be used: 1 to 64 characters from U+0021 to U+007E, not one of ours"
    )]
    TokenRefused,
    /// A URL of the partner is not one that requests may go to.
    #[error("a URL of the partner: {0}")]
    UrlRefused(#[from] UrlRefused),
    /// The results of too many requests to the partner are awaited: see [`ResultLimits`](crate::ResultLimits).
    #[error("the results of {most} requests to partner {partner} are awaited already: wait for some of them")]
    TooManyPending {
        /// The partner.
        partner: String,
        /// The limit.
        most: u32,
    },
    /// A request is of another kind than was asked for.
    #[error("the request is {stored}, and a result of {asked} was asked for")]
    OtherRequest {
        /// The kind that was asked for.
        asked: RequestKind,
        /// The kind of the request.
        stored: RequestKind,
    },
    /// A pull cannot go on where it was left.
    #[error("a pull cannot be resumed: {0}")]
    Cursor(#[from] CursorError),
    /// Deletions may have been purged from the change feed before they were read.
    #[error("deletions may have been purged before they were read: every change comes again, from the start")]
    ChangesPurged,
    /// A request was forgotten while its result was awaited.
    #[error("no request of this id is kept")]
    UnknownRequest,
    /// The record of a partner is broken, or sealed with a key that is not there.
    #[error("the record of a partner cannot be read or written")]
    Broken,
    /// The system gives no random numbers.
    #[error("the operating system gave no random numbers")]
    NoRandomness,
}

impl Error {
    /// Whether credentials are exchanged with the partner by somebody else at this moment: the same call may succeed some
    /// seconds later.
    ///
    /// ```
    /// use ocpi_client::Transport;
    /// use ocpi_platform::{Error, Platform};
    /// use ocpi_server_traits::Store;
    ///
    /// /// Rotates tokens, unless another node is just doing so.
    /// async fn rotate<S: Store, T: Transport>(emsp: &Platform<S, T>) -> Result<bool, Error> {
    ///     match emsp.rotate("cpo").await {
    ///         Err(error) if error.is_busy() => Ok(false),
    ///         rotated => rotated.map(|_| true),
    ///     }
    /// }
    /// ```
    pub fn is_busy(&self) -> bool {
        matches!(self, Self::Busy(_) | Self::ExchangedElsewhere { .. })
    }

    pub(crate) fn elsewhere(id: &str, seconds: u32) -> Self {
        Self::ExchangedElsewhere { partner: id.to_owned(), seconds }
    }

    pub(crate) fn no_partner(id: &str) -> Self {
        Self::NoPartner(id.to_owned())
    }

    /// Makes the refusal that the partner is told.
    pub(crate) fn refusal(self) -> server::Error {
        use server::Error as Refusal;
        const SOON: u32 = 5;
        let message = self.to_string();
        match self {
            Self::Conflict(_) | Self::Busy(_) | Self::ExchangedElsewhere { .. } => {
                Refusal::busy("another exchange of credentials is under way", SOON)
            }
            Self::LacksEndpoints(_) => Refusal::no_matching_endpoints(message),
            Self::PartyTaken(_)
            | Self::PartyRefused
            | Self::NoRoles
            | Self::Refused
            | Self::TokenRefused
            | Self::TooManyEndpoints => Refusal::invalid(message),
            // What our rules are is for the operator.
            Self::UrlRefused(refused) => {
                Refusal::cannot_use_client_api("a URL of the partner is not one that requests may go to")
                    .with_source(refused)
            }
            Self::TooSlow => Refusal::cannot_use_client_api(message),
            // A store that is busy now is not for long.
            Self::Store(error) if error.is_temporary() => error,
            error => Refusal::internal("registration failed").with_source(error),
        }
    }
}

impl From<server::StoreError> for Error {
    fn from(error: server::StoreError) -> Self {
        Self::Store(error.into())
    }
}
