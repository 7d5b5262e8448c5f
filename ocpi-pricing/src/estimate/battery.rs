//! Batteries and the power that they take.

use ocpi_types::Decimal;

use super::draw::Draw;
use super::error::Fault;

/// A battery to be charged.
///
/// Up to 80 percent it takes all available power. From there on, the maximum power of the car falls linearly to zero at
/// 100 percent, in steps of one percent; the connector may limit it further. Losses are ignored: all energy goes into
/// the battery.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Battery {
    /// Capacity in kWh.
    pub capacity: Decimal,
    /// State of charge at the start, in percent.
    pub from: Decimal,
    /// State of charge at the end, in percent.
    pub to: Decimal,
    /// Maximum power of the car, in kW; `None`: that of the connector.
    pub power: Option<Decimal>,
}

/// Up to here, in percent, a battery takes its greatest power.
const TAPER: i64 = 80;

impl Battery {
    /// Creates a battery with a capacity in kWh that is charged from one percentage to another.
    pub fn new(capacity: Decimal, from: Decimal, to: Decimal) -> Self {
        Self { capacity, from, to, power: None }
    }

    /// Sets the maximum power of the car, in kW.
    #[must_use]
    pub fn with_power(self, power: Decimal) -> Self {
        Self { power: Some(power), ..self }
    }

    pub(crate) fn draws(&self, supply: Decimal) -> Result<Vec<Draw>, Fault> {
        let Self { capacity, from, to, .. } = *self;
        if capacity.is_negative() {
            return Err(Fault::Negative("the capacity of the battery"));
        }
        if from.is_negative() || to < from || to > Decimal::from(100) {
            return Err(Fault::Percent { from, to });
        }
        let car = self.power.unwrap_or(supply);
        let mut draws: Vec<Draw> = Vec::new();
        for percent in std::iter::once(0).chain(TAPER..100) {
            let next = if percent == 0 { TAPER } else { percent + 1 };
            let (start, end) = (Decimal::from(percent).max(from), Decimal::from(next).min(to));
            if start >= end {
                continue;
            }
            let draw = Draw {
                energy: part(capacity, end.checked_sub(start), 100)?,
                power: part(car, Some(Decimal::from((100 - percent).min(100 - TAPER))), 100 - TAPER)?
                    .min(supply),
            };
            match draws.last_mut().filter(|last| last.power == draw.power) {
                Some(last) => last.energy = last.energy.checked_add(draw.energy).ok_or(Fault::TooLarge)?,
                None => draws.push(draw),
            }
        }
        Ok(draws)
    }
}

fn part(whole: Decimal, of: Option<Decimal>, by: i64) -> Result<Decimal, Fault> {
    let part = of.and_then(|of| whole.checked_mul(of)).and_then(|part| part.checked_div(Decimal::from(by)));
    part.map(Decimal::normalize).ok_or(Fault::TooLarge)
}
