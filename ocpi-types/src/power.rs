//! Electric power, and the maximum power of connectors.

use std::fmt;

use crate::v2_2_1::locations::{ConnectorType, PowerType};
use crate::{Decimal, v2_1_1, v2_2_1, v2_3_0};

/// Electric power, in whole watts.
///
/// ```
/// use ocpi_types::Power;
/// assert!(Power::from_kilowatts(50) > Power::from_watts(22_080));
/// assert_eq!(Power::from_watts(22_080).to_string(), "22.08 kW");
///
/// use ocpi_types::{json, v2_3_0::locations::Connector};
/// let connector: Connector = json::from_str(r#"{"id": "1", "standard": "IEC_62196_T2", "format": "SOCKET",
///     "power_type": "AC_3_PHASE", "max_voltage": 230, "max_amperage": 32,
///     "last_updated": "2026-01-01T00:00:00Z"}"#)?;
/// assert_eq!(connector.power(), Power::from_watts(22_080));
/// # Ok::<(), json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Power(i64);

impl Power {
    /// Creates a power from watts.
    pub const fn from_watts(watts: i64) -> Self {
        Self(watts)
    }

    /// Creates a power from kilowatts; saturates at the maximum.
    pub const fn from_kilowatts(kilowatts: i64) -> Self {
        Self(kilowatts.saturating_mul(1000))
    }

    /// The power in watts.
    pub const fn watts(self) -> i64 {
        self.0
    }

    /// The power in kilowatts, without trailing zeros.
    pub fn kilowatts(self) -> Decimal {
        Decimal::new(self.0, 3).normalize()
    }
}

/// Kilowatts: `22.08 kW`.
impl fmt::Display for Power {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} kW", self.kilowatts())
    }
}

impl PowerType {
    /// Returns the power at a voltage, in V, and a current per phase, in A. The voltage is between phase and neutral;
    /// for a split phase, it is between its two legs. An unknown power type counts as a single phase.
    pub fn power(&self, volts: i64, amps: i64) -> Power {
        let phases = match self {
            Self::Ac3Phase => 3,
            Self::Ac2Phase => 2,
            Self::Ac1Phase | Self::Ac2PhaseSplit | Self::Dc | Self::Custom(_) => 1,
        };
        Power::from_watts(volts.saturating_mul(amps).saturating_mul(phases))
    }
}

impl ConnectorType {
    /// Whether it is a plug of the combined charging system: CCS1 or CCS2.
    pub fn is_ccs(&self) -> bool {
        matches!(self, Self::Iec62196T1Combo | Self::Iec62196T2Combo)
    }
}

macro_rules! connectors {
    ($($version:ident: $volts:ident, $amps:ident, $power:expr;)+) => { $(
        impl $version::locations::Connector {
            /// Returns the maximum power of the connector: the stated one, or else voltage times current for each
            /// phase.
            pub fn power(&self) -> Power {
                let stated: fn(&Self) -> Option<i64> = $power;
                let product = || self.power_type.power(self.$volts, self.$amps);
                stated(self).map_or_else(product, Power::from_watts)
            }
        }
    )+ };
}

connectors! {
    v2_1_1: voltage, amperage, |_| None;
    v2_2_1: max_voltage, max_amperage, |connector| connector.max_electric_power;
    v2_3_0: max_voltage, max_amperage, |connector| connector.max_electric_power;
}
