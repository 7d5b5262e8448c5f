//! A stretch of charging.

use ocpi_types::Decimal;

/// A stretch of charging at constant power.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Draw {
    /// The energy in kWh.
    pub energy: Decimal,
    /// The power in kW.
    pub power: Decimal,
}
