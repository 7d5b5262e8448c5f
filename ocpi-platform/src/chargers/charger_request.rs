//! Context of a request to charge points.

use ocpi_types::protocol::{PartnerId, Party};
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::{DateTime, Version};

/// Context of a request to charge points.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ChargerRequest {
    /// The requesting partner.
    pub partner: PartnerId,
    /// Version of the request.
    pub version: Version,
    /// Time of the request.
    pub at: DateTime,
    /// Our party that owns the Location or the Session; `None` for the cancellation of a reservation.
    pub owner: Option<Party>,
    /// The requested Location, as stored.
    pub location: Option<Location>,
    /// The requested Session, as stored.
    pub session: Option<Session>,
}
