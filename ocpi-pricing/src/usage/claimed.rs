//! Totals stated by a CDR or session.

use ocpi_types::Decimal;

use crate::tariff_model::TariffDimension;

/// Totals that a CDR or session claims: quantities and costs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Claimed {
    /// kWh.
    pub(crate) energy: Option<Decimal>,
    /// Hours.
    pub(crate) parking_time: Option<Decimal>,
    /// Hours from start to end, parking included.
    pub(crate) total_time: Option<Decimal>,
    /// Without tax, in the order of the categories.
    pub(crate) costs: [Option<Decimal>; 5],
}

impl Claimed {
    /// Returns the claimed total of a dimension. `total_time` is not that of `TIME`: it runs from start to end, whatever
    /// was done in between.
    pub(crate) fn total(&self, kind: TariffDimension) -> Option<Decimal> {
        match kind {
            TariffDimension::Energy => self.energy,
            TariffDimension::ParkingTime => self.parking_time,
            TariffDimension::Time | TariffDimension::Flat | TariffDimension::Unknown => None,
        }
    }
}
