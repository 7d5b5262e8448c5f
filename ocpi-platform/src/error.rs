//! Why the platform cannot do what it was asked.

use ocpi_server_traits as server;

/// Why the platform cannot do what it was asked.
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
    /// The system gives no random numbers.
    #[error("no random numbers to be had")]
    NoRandomness,
}

impl From<server::StoreError> for Error {
    fn from(error: server::StoreError) -> Self {
        Self::Store(error.into())
    }
}
