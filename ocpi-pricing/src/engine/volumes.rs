//! The quantities of a period.

use super::split::{Place, Stretch};
use crate::error::{Fault, PriceError};
use crate::fixed::{Fixed, seconds_of_hours};
use crate::policy::{Hours, NegativeEnergy, Policy};
use crate::tariff_model::{Phase, TariffDimension};
use crate::usage::Period;

/// A quantity of a period that can have a price.
#[derive(Clone, Copy)]
pub(super) struct Volume {
    pub(super) phase: Phase,
    pub(super) kind: TariffDimension,
    /// kWh or seconds.
    pub(super) volume: Fixed,
}

impl Volume {
    /// All quantities of a period, energy first.
    pub(super) fn all(
        index: usize,
        period: &Period,
        has_expired: bool,
        policy: &Policy,
    ) -> Result<[Self; 6], PriceError> {
        use TariffDimension::{Energy, ParkingTime, Time};
        let whole = policy.hours == Hours::WholeSeconds;
        let is_credited = policy.negative_energy == NegativeEnergy::Credited;
        let reservation = if has_expired { Phase::Expired } else { Phase::Reservation };
        let read = |volume: Option<ocpi_types::Decimal>, phase, kind, dimension| {
            let volume = match volume {
                None => Fixed::ZERO,
                Some(volume) if volume.is_negative() && !(kind == Energy && is_credited) => {
                    return Err(PriceError(Fault::Negative { period: index, dimension }));
                }
                Some(volume) if kind == Energy => Fixed::of(volume).ok_or_else(|| Fault::Period(index))?,
                Some(volume) => seconds_of_hours(volume, whole).ok_or_else(|| Fault::Period(index))?,
            };
            Ok(Self { phase, kind, volume })
        };
        Ok([
            read(period.energy, Phase::Charging, Energy, "ENERGY")?,
            read(period.time, Phase::Charging, Time, "TIME")?,
            read(period.parking_time, Phase::Charging, ParkingTime, "PARKING_TIME")?,
            read(period.reservation_time, reservation, Time, "RESERVATION_TIME")?,
            read(period.reservation_expires, Phase::Expired, Time, "RESERVATION_EXPIRES")?,
            read(period.reservation_overtime, Phase::Overtime, Time, "RESERVATION_OVERTIME")?,
        ])
    }

    /// The part of the volume between two places, the second of which may be the end.
    pub(super) fn between(&self, from: Place, next: Option<Place>, stretch: &Stretch) -> Option<Fixed> {
        let until = match next {
            None => self.volume,
            Some(next) => self.up_to(next, stretch)?,
        };
        until.sub(self.up_to(from, stretch)?)
    }

    fn up_to(&self, place: Place, stretch: &Stretch) -> Option<Fixed> {
        match (self.kind, stretch.time) {
            (TariffDimension::Energy, _) => Some(place.energy),
            (_, Some(time)) if time == self.volume => Some(place.time),
            (_, Some(time)) if !time.is_zero() => self.volume.share(place.time, time),
            _ => Some(Fixed::ZERO),
        }
    }

    /// Whether the volume at the start of a piece was measured.
    pub(super) fn is_exact(&self, from: Place, stretch: &Stretch) -> bool {
        match self.kind {
            TariffDimension::Energy => from.energy_is_exact,
            _ => from.time_is_exact && stretch.time == Some(self.volume),
        }
    }
}
