//! Criteria of objects: status and position.

use ocpi_types::Decimal;
use ocpi_types::v2_2_1::locations::{GeoLocation, Status};
use ocpi_types::{v2_1_1, v2_2_1, v2_3_0};

/// An object with a status that can be queried.
pub trait HasStatus {
    /// Type of the status.
    type Status: Send + Sync + 'static;

    /// Whether the object, or a part of it, has the status.
    fn has_status(&self, status: &Self::Status) -> bool;
}

/// An object with a geographic position.
pub trait HasCoordinates {
    /// Whether the object, or a part of it, is inside a box.
    fn is_inside(&self, area: &BoundingBox) -> bool;
}

/// Area between two parallels and two meridians, including these.
///
/// ```
/// use ocpi_server_traits::BoundingBox;
/// use ocpi_types::v2_3_0::locations::{GeoLocation, GeoLocationInit};
/// let at = |latitude: &str, longitude: &str| -> Result<GeoLocation, ocpi_types::TextError> {
///     Ok(GeoLocationInit { latitude: latitude.parse()?, longitude: longitude.parse()? }.into())
/// };
/// // Fiji stands on both sides of the meridian of 180 degrees.
/// let fiji = BoundingBox::new("-19".parse()?, "177".parse()?, "-16".parse()?, "-178".parse()?);
/// assert!(fiji.contains(&at("-16.80000", "179.98000")?) && fiji.contains(&at("-16.80000", "-179.98000")?));
/// assert!(!fiji.contains(&at("-16.80000", "0.00000")?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct BoundingBox {
    south: Decimal,
    west: Decimal,
    north: Decimal,
    east: Decimal,
}

impl BoundingBox {
    /// Creates a box, in degrees. If its west is east of its east, it crosses the 180th meridian.
    pub fn new(south: Decimal, west: Decimal, north: Decimal, east: Decimal) -> Self {
        Self { south, west, north, east }
    }

    /// Whether a position is inside; `false` if its coordinates are not numbers.
    pub fn contains(&self, place: &GeoLocation) -> bool {
        let (Some(latitude), Some(longitude)) = (place.latitude.degrees(), place.longitude.degrees()) else {
            return false;
        };
        let is_between = if self.west <= self.east {
            (self.west..=self.east).contains(&longitude)
        } else {
            longitude >= self.west || longitude <= self.east
        };
        is_between && (self.south..=self.north).contains(&latitude)
    }
}

macro_rules! criteria {
    ($($version:ident)+) => { $(
        impl HasStatus for $version::locations::Location {
            type Status = Status;

            fn has_status(&self, status: &Status) -> bool {
                self.evses.iter().any(|evse| evse.status == *status)
            }
        }

        impl HasCoordinates for $version::locations::Location {
            fn is_inside(&self, area: &BoundingBox) -> bool {
                let evses = self.evses.iter().filter_map(|evse| evse.coordinates.as_ref());
                std::iter::once(&self.coordinates).chain(evses).any(|place| area.contains(place))
            }
        }

        impl HasStatus for $version::sessions::Session {
            type Status = $version::sessions::SessionStatus;

            fn has_status(&self, status: &Self::Status) -> bool {
                self.status == *status
            }
        }
    )+ };
}
criteria! { v2_1_1 v2_2_1 v2_3_0 }
