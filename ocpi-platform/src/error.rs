//! Reasons why the platform cannot do what it was asked.

use ocpi_server_traits as server;
use ocpi_types::protocol::Party;

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
    /// Two tasks changed the same partner at the same time.
    #[error("partner {0} was changed at the same time by somebody else")]
    Conflict(String),
    /// The partner lacks endpoints that are required.
    #[error("the partner lacks endpoints: {0}")]
    LacksEndpoints(String),
    /// The partner is registered already.
    #[error("partner {0} is registered already")]
    Registered(String),
    /// The partner speaks for a party that is ours or another partner's.
    #[error("party {0} is spoken for by another platform")]
    PartyTaken(Party),
    /// The partner names no party that it speaks for, or more than 10,000.
    #[error("credentials name 1 to 10,000 roles")]
    NoRoles,
    /// A URL of the partner is not one that requests may go to.
    #[error("a URL that this platform sends no requests to")]
    UrlRefused,
    /// What is stored of a partner is broken, or sealed with a key that is not there.
    #[error("the record of a partner cannot be read or written")]
    Broken,
    /// The system gives no random numbers.
    #[error("no random numbers to be had")]
    NoRandomness,
}

impl From<server::StoreError> for Error {
    fn from(error: server::StoreError) -> Self {
        Self::Store(error.into())
    }
}
