//! A series of meter readings.

use ocpi_types::{Currency, DateTime, Decimal};

use super::{Period, Usage};
use crate::fixed::{Fixed, hours_of_seconds};

/// Meter reading.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// Time of the reading.
    pub at: DateTime,
    /// Register in kWh. If it decreases, energy is fed back.
    pub kwh: Decimal,
    /// State of the connector from now on.
    pub state: State,
    /// The power in kW from now on, if measured.
    pub power: Option<Decimal>,
    /// The current over all phases in A from now on, if measured.
    pub current: Option<Decimal>,
}

/// State of a connector.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum State {
    /// The connector is reserved, and no car is connected.
    Reserved,
    /// The car charges.
    Charging,
    /// The car is connected but takes no power.
    Parking,
}

impl Usage {
    /// Creates a usage from meter readings: the first one starts the session, the last one ends it.
    ///
    /// ```
    /// use ocpi_pricing::usage::{Reading, State, Usage};
    /// let reading = |at: &str, kwh: &str, state| Reading {
    ///     at: at.parse().unwrap(), kwh: kwh.parse().unwrap(), state, power: None, current: None,
    /// };
    /// let usage = Usage::from_readings("EUR".parse().unwrap(), &[
    ///     reading("2026-05-01T10:00:00Z", "1000.0", State::Charging),
    ///     reading("2026-05-01T10:30:00Z", "1011.5", State::Parking),
    ///     reading("2026-05-01T11:00:00Z", "1011.5", State::Parking),
    /// ]);
    /// assert_eq!(usage.periods[0].energy, "11.5".parse().ok());
    /// assert_eq!(usage.periods[1].parking_time, "0.5".parse().ok());
    /// ```
    pub fn from_readings(currency: Currency, readings: &[Reading]) -> Self {
        let mut usage = Self::new(currency);
        usage.start = readings.first().map(|reading| reading.at);
        usage.end = readings.last().map(|reading| reading.at);
        for pair in readings.windows(2) {
            let [from, to] = pair else { continue };
            let hours =
                hours_of_seconds(Fixed::seconds(to.at.to_chrono() - from.at.to_chrono())).to_decimal();
            let mut period = Period::at(from.at);
            // A difference that does not fit is too large to be priced, and will be refused as that.
            let energy = to.kwh.checked_sub(from.kwh).unwrap_or(Decimal::new(i64::MAX, 0));
            match from.state {
                State::Reserved => period.reservation_time = Some(hours),
                State::Charging => period.time = Some(hours),
                State::Parking => period.parking_time = Some(hours),
            }
            if from.state != State::Reserved || energy != Decimal::ZERO {
                period.energy = Some(energy);
            }
            (period.min_power, period.max_power) = (from.power, from.power);
            (period.min_current, period.max_current) = (from.current, from.current);
            usage.periods.push(period);
        }
        usage
    }
}
