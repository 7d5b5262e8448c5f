//! The tariffs that connectors name.

use crate::{CiString, v2_1_1, v2_2_1, v2_3_0};

impl v2_1_1::locations::Connector {
    /// Finds the tariff that the connector names, among those of its CPO. Ids are compared case-sensitively.
    ///
    /// ```
    /// use ocpi_types::{json, v2_1_1::{locations::Connector, tariffs::Tariff}};
    /// let connector: Connector = json::from_str(r#"{"id": "1", "standard": "IEC_62196_T2", "format": "SOCKET",
    ///     "power_type": "AC_3_PHASE", "voltage": 230, "amperage": 16, "tariff_id": "T1",
    ///     "last_updated": "2026-01-01T00:00:00Z"}"#)?;
    /// let tariffs: [Tariff; 2] = ["t1", "T1"].map(|id| json::from_str(&format!(
    ///     r#"{{"id": "{id}", "currency": "EUR", "elements": [{{"price_components": [
    ///         {{"type": "ENERGY", "price": 0.25, "step_size": 1}}]}}], "last_updated": "2026-01-01T00:00:00Z"}}"#
    /// )).unwrap());
    /// assert_eq!(connector.tariff_in(&tariffs), Some(&tariffs[1]));
    /// # Ok::<(), json::Error>(())
    /// ```
    #[must_use]
    pub fn tariff_in<'t>(
        &self,
        tariffs: &'t [v2_1_1::tariffs::Tariff],
    ) -> Option<&'t v2_1_1::tariffs::Tariff> {
        tariffs.iter().find(|tariff| self.tariff_id.as_ref() == Some(&tariff.id))
    }
}

macro_rules! tariffs_of {
    ($($version:ident)+) => { $(
        impl $version::locations::Connector {
            /// Finds the tariffs that the connector names, in its order. Case does not matter; of tariffs with the same
            /// id the first is taken, and ids without a tariff are passed over.
            ///
            /// All tariffs must be of the CPO of the connector: the ids of others may be the same.
            #[doc = concat!("[`Location::tariffs_of`](crate::", stringify!($version), "::locations::Location::tariffs_of)")]
            /// takes those of several.
            pub fn tariffs_in<'t>(
                &'t self,
                tariffs: &'t [$version::tariffs::Tariff],
            ) -> impl Iterator<Item = &'t $version::tariffs::Tariff> {
                self.tariff_ids.iter().filter_map(|id| tariffs.iter().find(|tariff| tariff.id == *id))
            }
        }

        impl $version::locations::Location {
            /// Finds the tariffs that a connector of the Location names, in its order. Tariffs of other parties than that
            /// of the Location are passed over. Case does not matter; of tariffs with the same id the first is taken.
            ///
            /// ```
            #[doc = concat!("use ocpi_types::{json, ", stringify!($version), "::{locations::Location, tariffs::Tariff}};")]
            /// # let location = r#"{"country_code": "NL", "party_id": "ALF", "id": "L1", "publish": true,
            /// #     "address": "A", "city": "B", "country": "NLD", "time_zone": "Europe/Amsterdam",
            /// #     "coordinates": {"latitude": "52.09000", "longitude": "5.11000"}, "evses": [{"uid": "E1",
            /// #         "status": "AVAILABLE", "last_updated": "2026-01-01T00:00:00Z", "connectors": [{"id": "1",
            /// #         "standard": "IEC_62196_T2", "format": "SOCKET", "power_type": "AC_3_PHASE",
            /// #         "max_voltage": 230, "max_amperage": 16, "tariff_ids": ["NIGHT", "T1"],
            /// #         "last_updated": "2026-01-01T00:00:00Z"}]}], "last_updated": "2026-01-01T00:00:00Z"}"#;
            /// let location: Location = json::from_str(location)?;
            /// // Two CPOs have a tariff with the id T1.
            /// let tariffs: [Tariff; 2] = ["BET", "ALF"].map(|party| json::from_str(&format!(
            ///     r#"{{"country_code": "NL", "party_id": "{party}", "id": "t1", "currency": "EUR", "tax_included": "NO",
            ///         "elements": [{{"price_components": [{{"type": "ENERGY", "price": 0.25, "step_size": 1}}]}}],
            ///         "last_updated": "2026-01-01T00:00:00Z"}}"#
            /// )).unwrap());
            /// for (location, _, connector) in location.connectors() {
            ///     assert!(location.tariffs_of(connector, &tariffs).eq([&tariffs[1]]));
            /// }
            /// # Ok::<(), json::Error>(())
            /// ```
            pub fn tariffs_of<'t>(
                &'t self,
                connector: &'t $version::locations::Connector,
                tariffs: &'t [$version::tariffs::Tariff],
            ) -> impl Iterator<Item = &'t $version::tariffs::Tariff> {
                let is_ours = move |tariff: &$version::tariffs::Tariff| {
                    tariff.country_code == self.country_code && tariff.party_id == self.party_id
                };
                let named = move |id: &CiString<36>| {
                    tariffs.iter().find(|tariff| tariff.id == *id && is_ours(tariff))
                };
                connector.tariff_ids.iter().filter_map(named)
            }
        }
    )+ };
}
tariffs_of! { v2_2_1 v2_3_0 }
