//! Errors of the platform.

use ocpi_client::UrlRefused;
use ocpi_client::paging::CursorError;
use ocpi_server_traits as server;
use ocpi_types::protocol::Party;

use crate::RequestKind;

/// Error of an operation of the platform.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The store failed, or contains broken data.
    #[error(transparent)]
    Store(#[from] server::Error),
    /// A request to a partner failed.
    #[error(transparent)]
    Client(#[from] ocpi_client::Error),
    /// There is no such partner, or it is not registered.
    #[error("no registration with partner {0}")]
    NoPartner(String),
    /// The registration with the partner awaits `approve`.
    #[error("the registration with partner {0} awaits approval")]
    AwaitsApproval(String),
    /// There is nothing to approve or to reject.
    #[error("partner {0} waits for no approval")]
    NothingToApprove(String),
    /// The id of a partner is empty, longer than 255 bytes, or has control characters.
    #[error("the name of a partner has 1 to 255 bytes and no control characters")]
    InvalidId,
    /// Two tasks changed the same partner concurrently.
    #[error("partner {0} was changed at the same time by somebody else: try again")]
    Conflict(String),
    /// An exchange of credentials with the partner is in progress, or the last one is not settled.
    #[error("an exchange of credentials with partner {0} is under way: try again later")]
    Busy(String),
    /// Another node, or another task of this one, is exchanging credentials with the partner.
    #[error("another node or task exchanges credentials with partner {partner}: try again in {seconds} s")]
    ExchangedElsewhere {
        /// The partner.
        partner: String,
        /// Time after which the other one has finished, has renewed its lease, or is considered dead.
        seconds: u32,
    },
    /// The partner lacks required endpoints.
    #[error("the partner lacks endpoints: {0}")]
    LacksEndpoints(String),
    /// Discovery of the partner exceeded its time limit: see [`Limits`](crate::Limits).
    #[error("the partner did not say in time what it offers: try again later")]
    TooSlow,
    /// The partner did not answer within its time limit: see [`Limits`](crate::Limits) and
    /// [`Platform::tick`](crate::Platform::tick).
    #[error("the partner did not answer in time")]
    NoAnswer,
    /// The partner has more endpoints than [`Limits`](crate::Limits) allow.
    #[error("the partner has too many endpoints")]
    TooManyEndpoints,
    /// A list of the partner exceeds the maximum number of pages: each page links to another one.
    #[error("a list of partner {0} does not end")]
    TooManyPages(String),
    /// The partner is already registered.
    #[error("partner {0} is registered already")]
    Registered(String),
    /// The partner speaks for a party that belongs to us or to another partner.
    #[error("party {0} is spoken for by another platform")]
    PartyTaken(Party),
    /// The party is not reserved.
    #[error("party {0} is not reserved")]
    NotReserved(Party),
    /// The partner speaks for no party, or for more than [`Limits`](crate::Limits) allow.
    #[error("credentials name 1 to 10,000 roles")]
    NoRoles,
    /// A party has a code that could be confused with another one: see [`Allow::party`](crate::Allow::party).
    #[error("a country code or party id is empty, or contains `/`, `>` or a control character")]
    PartyRefused,
    /// The partner has parties, hosts or roles that are not allowed.
    #[error("the credentials name parties, hosts or roles that are not expected")]
    Refused,
    /// A token of the partner cannot be sent, or is one that we issued.
    #[error(
        "the token is not one that can be used: 1 to 64 characters from U+0021 to U+007E, not one of ours"
    )]
    TokenRefused,
    /// Requests may not go to a URL of the partner.
    #[error("a URL of the partner: {0}")]
    UrlRefused(#[from] UrlRefused),
    /// Too many requests to the partner are awaiting results: see [`ResultLimits`](crate::ResultLimits).
    #[error("the results of {most} requests to partner {partner} are awaited already: wait for some of them")]
    TooManyPending {
        /// The partner.
        partner: String,
        /// The limit.
        most: u32,
    },
    /// The request is of another kind than the requested one.
    #[error("the request is {stored}, and a result of {asked} was asked for")]
    OtherRequest {
        /// The kind that was asked for.
        asked: RequestKind,
        /// The kind of the request.
        stored: RequestKind,
    },
    /// A pull cannot continue at its cursor.
    #[error("a pull cannot be resumed: {0}")]
    Cursor(#[from] CursorError),
    /// Deletions may have been purged from the change feed before they were read.
    #[error("deletions may have been purged before they were read: every change comes again, from the start")]
    ChangesPurged,
    /// A request was deleted while its result was awaited.
    #[error("no request of this id is kept")]
    UnknownRequest,
    /// The record of a partner is broken, or sealed with a missing key.
    #[error("the record of a partner cannot be read or written")]
    Broken,
    /// The system provides no random numbers.
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
