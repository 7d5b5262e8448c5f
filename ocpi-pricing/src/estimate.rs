//! Estimate of the cost of a planned charge.
//!
//! It uses no clock and guesses nothing: the caller gives the arrival, the energy needed and the duration of the stay.
//! The pricing rules are those for sessions.
//!
//! ```
//! use ocpi_pricing::estimate::{Battery, Charge, Supply};
//! use ocpi_pricing::{TariffModel, Pricer};
//! use ocpi_types::{Decimal, json, v2_2_1::tariffs::Tariff};
//!
//! let tariff: Tariff = json::from_str(
//!     r#"{"country_code": "NL", "party_id": "ALF", "id": "DAY", "currency": "EUR",
//!         "elements": [
//!             {"price_components": [{"type": "ENERGY", "price": 0.60, "vat": 21, "step_size": 1}],
//!              "restrictions": {"start_time": "07:00", "end_time": "19:00"}},
//!             {"price_components": [{"type": "ENERGY", "price": 0.40, "vat": 21, "step_size": 1},
//!                                   {"type": "PARKING_TIME", "price": 3, "vat": 21, "step_size": 1}]}],
//!         "last_updated": "2026-01-01T00:00:00Z"}"#,
//! )?;
//! let pricer = Pricer::new([TariffModel::from(&tariff)]);
//!
//! // From half past six in the evening 11 kW for two hours: half an hour by day, then the night.
//! let charge = Charge::new("2026-01-12T17:30:00Z".parse()?, "Europe/Amsterdam".parse()?, Decimal::from(22))
//!     .with_idle(30 * 60);
//! let estimate = charge.estimate(&Supply::of_power(Decimal::from(11)), &pricer)?;
//! assert_eq!(estimate.charging_seconds, 2 * 3600);
//! assert_eq!(estimate.total.unwrap().before_taxes, "11.4".parse().ok()); // 5.5 * 0.60 + 16.5 * 0.40 + 1.50
//! assert_eq!(estimate.per_kwh().unwrap().after_taxes, "0.627".parse().ok());
//!
//! // A battery from 20 to 80 percent at a fast charger.
//! let battery = Battery::new(Decimal::from(60), Decimal::from(20), Decimal::from(80));
//! let charge = Charge::new("2026-01-12T10:00:00Z".parse()?, "Europe/Amsterdam".parse()?, battery);
//! let estimate = charge.estimate(&Supply::of_power(Decimal::from(144)), &pricer)?;
//! assert_eq!((estimate.energy, estimate.seconds), (Decimal::from(36), 900));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod battery;
mod compare;
mod draw;
mod error;
mod supply;
pub(crate) mod timeline;

pub use battery::Battery;
pub use compare::{Offer, Ranked, compare};
pub use draw::Draw;
pub use error::EstimateError;
pub(crate) use error::Fault;
pub use supply::Supply;

use ocpi_types::{Currency, DateTime, Decimal};

use crate::bill::{Amount, Gap};
use crate::usage::Usage;
use crate::{Pricer, Zone};

/// A planned charge.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Charge {
    /// Time at which the car is plugged in. Fractions of a second are cut off.
    pub arrival: DateTime,
    /// Time zone of the tariff's local times.
    pub zone: Zone,
    /// Need of the car.
    pub need: Need,
    /// Time for which the car stays plugged in after charging, in seconds.
    pub idle: i64,
    /// Time from the reservation of the connector to the arrival, in seconds; 0 without a reservation.
    pub reserved: i64,
}

/// Need of a car.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Need {
    /// An amount of energy, at the power of the connector or of the car, whichever is less.
    Energy {
        /// In kWh.
        energy: Decimal,
        /// The most that the car takes, in kW; `None`: whatever the connector gives.
        power: Option<Decimal>,
    },
    /// A battery to be charged to a certain state.
    Battery(Battery),
    /// Stretches of known energy and power, one after another. The connector limits the power of each.
    Curve(Vec<Draw>),
}

/// Cost of a planned charge.
#[derive(Clone, Debug)]
#[non_exhaustive]
#[must_use]
pub struct Estimate {
    /// The planned session. [`Pricer::price`] gives its bill, line by line.
    pub usage: Usage,
    /// The total; `None` if something cannot be computed.
    pub total: Option<Amount>,
    /// Gaps; empty if everything can be computed.
    pub gaps: Vec<Gap>,
    /// The energy in kWh.
    pub energy: Decimal,
    /// Time for which the car charges, in seconds.
    pub charging_seconds: i64,
    /// Time for which it is plugged in, in seconds.
    pub seconds: i64,
}

impl Charge {
    /// Creates a charge from the arrival until the need is met.
    pub fn new(arrival: DateTime, zone: Zone, need: impl Into<Need>) -> Self {
        Self { arrival, zone, need: need.into(), idle: 0, reserved: 0 }
    }

    /// Sets the time for which the car stays plugged in after charging, in seconds.
    #[must_use]
    pub fn with_idle(self, seconds: i64) -> Self {
        Self { idle: seconds, ..self }
    }

    /// Sets the time of the reservation before the arrival, in seconds.
    #[must_use]
    pub fn with_reservation(self, seconds: i64) -> Self {
        Self { reserved: seconds, ..self }
    }

    /// Estimates the cost with the first tariff of the pricer. The tariff is assumed to apply, whatever its type and
    /// validity.
    ///
    /// # Errors
    ///
    /// When an input is negative or too large, there is no power or no tariff, the charge takes longer than a year, or
    /// the pricer refuses it.
    pub fn estimate(&self, supply: &Supply, pricer: &Pricer) -> Result<Estimate, EstimateError> {
        let usage = timeline::usage(self, supply, pricer, None)?;
        let bill = pricer.price(&usage).map_err(Fault::Price)?;
        let (total, gaps) = (bill.total(), bill.gaps().to_vec());
        let mut energies = usage.periods.iter().filter_map(|period| period.energy);
        let energy = energies.try_fold(Decimal::ZERO, Decimal::checked_add);
        let stay = usage.start.zip(usage.end).map_or(0, |(start, end)| end.seconds_since(start));
        let seconds = stay.saturating_sub(self.reserved);
        Ok(Estimate {
            total,
            gaps,
            energy: energy.ok_or(Fault::TooLarge)?.normalize(),
            charging_seconds: seconds.saturating_sub(self.idle),
            seconds,
            usage,
        })
    }
}

impl Estimate {
    /// Returns the total divided by the energy: the overall cost per kWh. `None` if one of them is unknown or there is
    /// no energy.
    pub fn per_kwh(&self) -> Option<Amount> {
        let total = self.total.filter(|_| self.energy != Decimal::ZERO)?;
        let share = |amount: Option<Decimal>| amount?.checked_div(self.energy).map(Decimal::normalize);
        Some(Amount { before_taxes: share(total.before_taxes), after_taxes: share(total.after_taxes) })
    }

    /// Returns the currency of the total.
    pub fn currency(&self) -> &Currency {
        &self.usage.currency
    }

    /// Returns the amount to pay: with tax, or without it if the tax is unknown.
    pub fn to_pay(&self) -> Option<Decimal> {
        self.total.and_then(|total| total.after_taxes.or(total.before_taxes))
    }
}

impl Need {
    /// Creates a need for energy in kWh, for a car with an optional maximum power in kW.
    pub fn at_most(energy: Decimal, power: Option<Decimal>) -> Self {
        Self::Energy { energy, power }
    }
}

/// Energy in kWh.
impl From<Decimal> for Need {
    fn from(energy: Decimal) -> Self {
        Self::at_most(energy, None)
    }
}

impl From<Battery> for Need {
    fn from(battery: Battery) -> Self {
        Self::Battery(battery)
    }
}
