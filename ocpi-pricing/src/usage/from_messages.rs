//! The normal form from the sessions and CDRs of each version.

use ocpi_types::v2_2_1::cdrs::{CdrDimension, CdrDimensionType};
use ocpi_types::v2_2_1::sessions::SessionStatus;
use ocpi_types::{CiString, DateTime, Decimal, Priceable, v2_1_1, v2_2_1, v2_3_0};

use super::{Claimed, Period, TariffRef, Usage};

impl From<&v2_1_1::cdrs::Cdr> for Usage {
    fn from(cdr: &v2_1_1::cdrs::Cdr) -> Self {
        let mut usage = Self::new(cdr.currency.clone());
        usage.id = Some(cdr.id.as_str().into());
        usage.start = known(cdr.start_date_time);
        usage.end = known(cdr.stop_date_time);
        usage.zone = zone(&cdr.location);
        usage.obstacles = cdr.obstacles();
        usage.claimed = Some(Claimed {
            energy: Some(cdr.total_energy),
            parking_time: cdr.total_parking_time,
            total_time: Some(cdr.total_time),
            costs: [None; 5],
        });
        usage.add_2_1_1(&cdr.charging_periods);
        usage
    }
}

impl From<&v2_1_1::sessions::Session> for Usage {
    fn from(session: &v2_1_1::sessions::Session) -> Self {
        let mut usage = Self::new(session.currency.clone());
        usage.id = Some(session.id.as_str().into());
        usage.start = known(session.start_datetime);
        usage.end = session.end_datetime.and_then(known);
        usage.zone = zone(&session.location);
        usage.obstacles = session.obstacles();
        usage.claimed = Some(Claimed { energy: Some(session.kwh), ..Claimed::default() });
        usage.take_status(&session.status);
        usage.add_2_1_1(&session.charging_periods);
        usage
    }
}

/// The CDRs and sessions of 2.2.1 and 2.3.0 have the members that matter in common.
macro_rules! from_2_2_1 {
    ($version:ident, $before:ident, |$cdr:ident| $is_booked:expr) => {
        impl From<&$version::cdrs::Cdr> for Usage {
            fn from(cdr: &$version::cdrs::Cdr) -> Self {
                let $cdr = cdr;
                let mut usage = Self::new(cdr.currency.clone());
                usage.is_booked = $is_booked;
                usage.id = Some(cdr.id.as_str().into());
                usage.start = known(cdr.start_date_time);
                usage.end = known(cdr.end_date_time);
                usage.is_credit = cdr.credit == Some(true);
                usage.obstacles = cdr.obstacles();
                let cost = |price: &Option<$version::types::Price>| price.as_ref().map(|price| price.$before);
                usage.claimed = Some(Claimed {
                    energy: Some(cdr.total_energy),
                    parking_time: cdr.total_parking_time,
                    total_time: Some(cdr.total_time),
                    costs: [
                        cost(&cdr.total_energy_cost),
                        cost(&cdr.total_time_cost),
                        cost(&cdr.total_parking_cost),
                        cost(&cdr.total_fixed_cost),
                        cost(&cdr.total_reservation_cost),
                    ],
                });
                usage.add_2_2_1(&cdr.charging_periods);
                usage
            }
        }

        impl From<&$version::sessions::Session> for Usage {
            fn from(session: &$version::sessions::Session) -> Self {
                let mut usage = Self::new(session.currency.clone());
                usage.id = Some(session.id.as_str().into());
                usage.start = known(session.start_date_time);
                usage.end = session.end_date_time.and_then(known);
                usage.obstacles = session.obstacles();
                usage.claimed = Some(Claimed { energy: Some(session.kwh), ..Claimed::default() });
                usage.take_status(&session.status);
                usage.add_2_2_1(&session.charging_periods);
                usage
            }
        }
    };
}
from_2_2_1!(v2_2_1, excl_vat, |_cdr| false);
from_2_2_1!(v2_3_0, before_taxes, |cdr| cdr.booking_id.is_some());

impl Usage {
    fn add_2_1_1(&mut self, periods: &[v2_1_1::cdrs::ChargingPeriod]) {
        let odd = &mut self.unknown_dimensions;
        let periods = periods.iter().enumerate().map(|(index, period)| {
            let start = Period::at(period.start_date_time);
            with_dimensions(start, &period.dimensions, |name| odd.push((index, name.into())))
        });
        self.periods = periods.collect();
    }

    fn add_2_2_1(&mut self, periods: &[v2_2_1::cdrs::ChargingPeriod]) {
        let (names, odd) = (&mut self.names, &mut self.unknown_dimensions);
        let periods = periods.iter().enumerate().map(|(index, period)| {
            let id = period.tariff_id.as_ref().map(CiString::as_str);
            let tariff = id.map_or(TariffRef::Missing, |id| TariffRef::Id(names.place(id)));
            let start = Period { tariff, ..Period::at(period.start_date_time) };
            with_dimensions(start, &period.dimensions, |name| odd.push((index, name.into())))
        });
        self.periods = periods.collect();
    }

    fn take_status(&mut self, status: &SessionStatus) {
        self.is_billable = *status != SessionStatus::Invalid;
        if *status == SessionStatus::Reservation {
            self.has_expired = Some(false);
        }
    }
}

/// A period with the volumes and readings of its dimensions; the names of unknown ones are passed on.
fn with_dimensions(mut period: Period, dimensions: &[CdrDimension], mut unknown: impl FnMut(&str)) -> Period {
    let (mut import, mut export, mut current, mut power) = (None, None, None, None);
    for dimension in dimensions {
        let (slot, join): (_, Join) = match &dimension.r#type {
            CdrDimensionType::Energy => (&mut period.energy, Decimal::checked_add),
            CdrDimensionType::EnergyImport => (&mut import, Decimal::checked_add),
            CdrDimensionType::EnergyExport => (&mut export, Decimal::checked_add),
            CdrDimensionType::Flat => (&mut period.flat, Decimal::checked_add),
            CdrDimensionType::Time => (&mut period.time, Decimal::checked_add),
            CdrDimensionType::ParkingTime => (&mut period.parking_time, Decimal::checked_add),
            CdrDimensionType::ReservationTime => (&mut period.reservation_time, Decimal::checked_add),
            CdrDimensionType::ReservationExpires => (&mut period.reservation_expires, Decimal::checked_add),
            CdrDimensionType::ReservationOvertime => (&mut period.reservation_overtime, Decimal::checked_add),
            CdrDimensionType::Current => (&mut current, least),
            CdrDimensionType::Power => (&mut power, least),
            CdrDimensionType::MinCurrent => (&mut period.min_current, least),
            CdrDimensionType::MaxCurrent => (&mut period.max_current, greatest),
            CdrDimensionType::MinPower => (&mut period.min_power, least),
            CdrDimensionType::MaxPower => (&mut period.max_power, greatest),
            CdrDimensionType::StateOfCharge => continue,
            CdrDimensionType::Custom(name) => {
                unknown(name.as_str());
                continue;
            }
        };
        // A sum that does not fit is too large to be priced, and will be refused as that.
        *slot = Some(match *slot {
            None => dimension.volume,
            Some(volume) => join(volume, dimension.volume).unwrap_or(too_large()),
        });
    }
    if period.energy.is_none() {
        let export = export.unwrap_or_default();
        period.energy = import.map(|import| import.checked_sub(export).unwrap_or(too_large()));
    }
    // An average is all that sessions may have of a steady current or power.
    if period.min_current.is_none() && period.max_current.is_none() {
        (period.min_current, period.max_current) = (current, current);
    }
    if period.min_power.is_none() && period.max_power.is_none() {
        (period.min_power, period.max_power) = (power, power);
    }
    period
}

/// Function by which two values of one dimension become one.
type Join = fn(Decimal, Decimal) -> Option<Decimal>;

fn least(one: Decimal, other: Decimal) -> Option<Decimal> {
    Some(one.min(other))
}

fn greatest(one: Decimal, other: Decimal) -> Option<Decimal> {
    Some(one.max(other))
}

fn too_large() -> Decimal {
    Decimal::new(i64::MAX, 0)
}

/// A CDR without a known start or end has 1970 there.
///
/// Spec: 2.2.1 mod_cdrs §cdr_object
fn known(time: DateTime) -> Option<DateTime> {
    (time != DateTime::UNIX_EPOCH).then_some(time)
}

/// The zone; a name that no zone has leaves it unknown.
fn zone(location: &v2_1_1::locations::Location) -> Option<crate::Zone> {
    location.time_zone.as_ref().and_then(|zone| zone.as_str().parse().ok())
}
