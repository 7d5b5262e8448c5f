//! Power that a connector gives.

use ocpi_types::{Decimal, Power, v2_1_1, v2_2_1, v2_3_0};

use super::error::Fault;
use super::{Battery, Draw, Need};

/// Power that a connector can give.
///
/// ```
/// use ocpi_pricing::estimate::Supply;
/// use ocpi_types::{json, v2_3_0::locations::Connector};
/// let connector: Connector = json::from_str(
///     r#"{"id": "1", "standard": "IEC_62196_T2", "format": "SOCKET", "power_type": "AC_3_PHASE",
///         "max_voltage": 230, "max_amperage": 32, "last_updated": "2026-01-01T00:00:00Z"}"#,
/// )?;
/// assert_eq!(Supply::from(&connector).power, "22.08".parse().unwrap());
/// # Ok::<(), json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Supply {
    /// Maximum power, in kW.
    pub power: Decimal,
    /// Voltage for converting power to a current over all phases, in V: phase to neutral, or that of direct current.
    /// `None`: currents are unknown.
    pub voltage: Option<Decimal>,
}

impl Supply {
    /// Creates the supply of a connector with a known power, in kW, and an unknown voltage.
    pub fn of_power(power: Decimal) -> Self {
        Self { power, voltage: None }
    }

    /// A connector with this power, and this voltage in V, if it is above zero.
    pub(crate) fn of(power: Power, voltage: i64) -> Self {
        let voltage = (voltage > 0).then(|| Decimal::from(voltage));
        Self { power: power.kilowatts(), voltage }
    }

    /// The current over all phases at a power, in A to one decimal.
    pub(crate) fn current(&self, power: Decimal) -> Option<Decimal> {
        let watt = power.checked_mul(Decimal::from(1000))?;
        watt.checked_div(self.voltage?).map(|current| current.round(1).normalize())
    }
}

impl From<&v2_1_1::locations::Connector> for Supply {
    fn from(connector: &v2_1_1::locations::Connector) -> Self {
        Self::of(connector.power(), connector.voltage)
    }
}

impl From<&v2_2_1::locations::Connector> for Supply {
    fn from(connector: &v2_2_1::locations::Connector) -> Self {
        Self::of(connector.power(), connector.max_voltage)
    }
}

impl From<&v2_3_0::locations::Connector> for Supply {
    fn from(connector: &v2_3_0::locations::Connector) -> Self {
        Self::of(connector.power(), connector.max_voltage)
    }
}

impl Need {
    /// The stretches of charging at a connector.
    pub(crate) fn draws(&self, supply: &Supply) -> Result<Vec<Draw>, Fault> {
        let draws = match self {
            Self::Energy { energy, power } => {
                let power = power.map_or(supply.power, |power| power.min(supply.power));
                vec![Draw { energy: *energy, power }]
            }
            Self::Battery(battery) => Battery::draws(battery, supply.power)?,
            Self::Curve(draws) => {
                draws.iter().map(|draw| Draw { power: draw.power.min(supply.power), ..*draw }).collect()
            }
        };
        if draws.iter().any(|draw| draw.energy.is_negative()) {
            return Err(Fault::Negative("the energy"));
        }
        let is_powerless = |draw: &Draw| draw.energy != Decimal::ZERO && draw.power <= Decimal::ZERO;
        if draws.iter().any(is_powerless) {
            return Err(Fault::NoPower);
        }
        Ok(draws)
    }
}
