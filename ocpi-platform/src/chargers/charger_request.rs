//! Circumstances of a request to charge points.

use ocpi_types::protocol::{PartnerId, Party};
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::{DateTime, Version};

/// Circumstances of a request to charge points.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ChargerRequest {
    /// The partner that asks.
    pub partner: PartnerId,
    /// The version in which it asks.
    pub version: Version,
    /// The time at which it asked.
    pub at: DateTime,
    /// The party of ours that owns the Location or the Session; `None` for the cancellation of a reservation.
    pub owner: Option<Party>,
    /// The Location that is asked for, as it is stored.
    pub location: Option<Location>,
    /// The Session that is asked for, as it is stored.
    pub session: Option<Session>,
}
