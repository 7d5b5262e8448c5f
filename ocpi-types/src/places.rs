//! Locations from the driver's point of view: coordinates as numbers, distances, EVSEs and connectors.

use crate::v2_2_1::locations::{AdditionalGeoLocation, GeoLocation, Status};
use crate::{v2_1_1, v2_2_1, v2_3_0};

/// Radius of the earth, in metres: the mean of WGS 84.
const EARTH: f64 = 6_371_008.8;

macro_rules! coordinates {
    ($($place:ident)+) => { $(
        impl $place {
            /// Returns latitude and longitude in degrees, as binary fractions; `None` if one of them is not a number.
            ///
            /// ```
            /// use ocpi_types::v2_3_0::locations::{GeoLocation, GeoLocationInit};
            /// let utrecht: GeoLocation =
            ///     GeoLocationInit { latitude: "52.09000".parse()?, longitude: "5.11000".parse()? }.into();
            /// assert_eq!(utrecht.to_degrees(), Some((52.09, 5.11)));
            /// # Ok::<(), ocpi_types::TextError>(())
            /// ```
            pub fn to_degrees(&self) -> Option<(f64, f64)> {
                Some((self.latitude.degrees()?.to_f64(), self.longitude.degrees()?.to_f64()))
            }
        }
    )+ };
}
coordinates! { GeoLocation AdditionalGeoLocation }

impl GeoLocation {
    /// Returns the distance to another place in metres, along the surface of a spherical earth; `None` if a coordinate
    /// is not a number.
    ///
    /// ```
    /// use ocpi_types::v2_3_0::locations::{GeoLocation, GeoLocationInit};
    /// let at = |latitude: &str, longitude: &str| -> Result<GeoLocation, ocpi_types::TextError> {
    ///     Ok(GeoLocationInit { latitude: latitude.parse()?, longitude: longitude.parse()? }.into())
    /// };
    /// let metres = at("52.37400", "4.89000")?.distance(&at("52.09000", "5.11000")?).unwrap();
    /// assert_eq!(metres.round(), 34_953.0);
    /// # Ok::<(), ocpi_types::TextError>(())
    /// ```
    pub fn distance(&self, other: &Self) -> Option<f64> {
        let radians = |(latitude, longitude): (f64, f64)| (latitude.to_radians(), longitude.to_radians());
        let (from, to) = (radians(self.to_degrees()?), radians(other.to_degrees()?));
        let (north, east) = (((to.0 - from.0) / 2.0).sin(), ((to.1 - from.1) / 2.0).sin());
        let chord = north * north + from.0.cos() * to.0.cos() * east * east;
        Some(2.0 * EARTH * chord.sqrt().min(1.0).asin())
    }
}

macro_rules! locations {
    ($($version:ident)+) => { $(
        impl $version::locations::Location {
            /// Finds an EVSE by its `uid`, case-sensitively in 2.1.1.
            pub fn evse(&self, uid: &str) -> Option<&$version::locations::Evse> {
                self.evses.iter().find(|evse| evse.uid == *uid)
            }

            /// The connectors of all EVSEs, each with its Location and EVSE.
            pub fn connectors(
                &self,
            ) -> impl Iterator<Item = (&Self, &$version::locations::Evse, &$version::locations::Connector)> {
                let of_evse = move |evse| {
                    let evse: &$version::locations::Evse = evse;
                    evse.connectors.iter().map(move |connector| (self, evse, connector))
                };
                self.evses.iter().flat_map(of_evse)
            }
        }

        impl $version::locations::Evse {
            /// Whether a car can charge here now.
            pub fn is_available(&self) -> bool {
                self.status == Status::Available
            }

            /// Finds a connector by its id, case-sensitively in 2.1.1.
            pub fn connector(&self, id: &str) -> Option<&$version::locations::Connector> {
                self.connectors.iter().find(|connector| connector.id == *id)
            }
        }
    )+ };
}
locations! { v2_1_1 v2_2_1 v2_3_0 }
