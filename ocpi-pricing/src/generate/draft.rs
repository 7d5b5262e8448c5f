//! Members that the records of all versions have in common.

use ocpi_types::v2_2_1::cdrs::{AuthMethod, CdrDimension, CdrDimensionInit, CdrDimensionType};
use ocpi_types::v2_2_1::locations::{GeoLocation, GeoLocationInit};
use ocpi_types::{DateTime, Decimal, NonEmpty, TextError, Version};

use super::error::Fault;
use super::random::Random;
use super::{GenerateError, Outlet};
use crate::Zone;
use crate::usage::{Period, Usage};

/// A stay that is to be written down.
#[expect(unnameable_types, reason = "it stands in a sealed trait")]
#[derive(Debug)]
pub struct Draft {
    pub(super) id: String,
    pub(super) usage: Usage,
    pub(super) start: DateTime,
    pub(super) end: DateTime,
    pub(super) last_updated: DateTime,
    pub(super) energy: Decimal,
    /// Hours of charging and parking, rounded.
    pub(super) total_time: Decimal,
    /// Hours of parking, rounded.
    pub(super) parking_time: Option<Decimal>,
    pub(super) outlet: Outlet,
    pub(super) zone: Zone,
    pub(super) evse: i64,
    pub(super) auth_method: AuthMethod,
    pub(super) uid: String,
    pub(super) contract: String,
}

/// Four decimals, as the specification shows them.
const HOURS: u32 = 4;

impl Draft {
    pub(super) fn new(
        random: &mut Random,
        (seed, count): (u64, u64),
        usage: Usage,
        outlet: &Outlet,
        zone: Zone,
    ) -> Result<Self, GenerateError> {
        let (start, end) = usage.start.zip(usage.end).ok_or(Fault::Nothing)?;
        let total = |of: fn(&Period) -> Option<Decimal>| {
            let mut volumes = usage.periods.iter().filter_map(of);
            volumes.try_fold(Decimal::ZERO, Decimal::checked_add).ok_or(Fault::TooLarge)
        };
        let energy = total(|period| period.energy)?;
        let (time, parking) = (total(|period| period.time)?, total(|period| period.parking_time)?);
        let total_time = time.checked_add(parking).ok_or(Fault::TooLarge)?.round(HOURS);
        Ok(Self {
            id: format!("{seed:X}-{count:X}"),
            start,
            end,
            last_updated: end.checked_add_seconds(random.within(5, 900)).unwrap_or(end),
            energy,
            total_time,
            parking_time: (parking != Decimal::ZERO).then(|| parking.round(HOURS)),
            outlet: outlet.clone(),
            zone,
            evse: random.within(1, 500),
            auth_method: if random.happens(60) { AuthMethod::Whitelist } else { AuthMethod::AuthRequest },
            uid: format!("04{:012X}", random.draw() >> 16),
            contract: format!("NL-SIM-C{:08}", random.within(0, 100_000_000)),
            usage,
        })
    }

    /// The periods as each version has them.
    pub(super) fn periods<P>(
        &self,
        version: Version,
        period: impl Fn(DateTime, NonEmpty<CdrDimension>) -> Result<P, TextError>,
    ) -> Result<NonEmpty<P>, GenerateError> {
        let mut periods = Vec::with_capacity(self.usage.periods.len());
        for part in &self.usage.periods {
            let dimensions = NonEmpty::try_from(dimensions(part, version)).map_err(|_| Fault::Nothing)?;
            periods.push(period(part.start, dimensions)?);
        }
        NonEmpty::try_from(periods).map_err(|_| Fault::Nothing.into())
    }

    /// A quay in Gouda, six decimals: 2.1.1 asks for them.
    pub(super) fn coordinates() -> Result<GeoLocation, TextError> {
        Ok(GeoLocationInit { latitude: "52.011500".parse()?, longitude: "4.710400".parse()? }.into())
    }

    pub(super) fn evse_id(&self, country: &str, party: &str) -> String {
        format!("{}*{}*E{:06}", country.to_uppercase(), party.to_uppercase(), self.evse)
    }
}

fn dimensions(period: &Period, version: Version) -> Vec<CdrDimension> {
    use CdrDimensionType as TariffDimension;
    let hours = |hours: Option<Decimal>| hours.map(|hours| hours.round(HOURS).normalize());
    let power = |power: Option<Decimal>| power.filter(|_| version != Version::V2_1_1);
    let volumes = [
        (TariffDimension::Energy, period.energy),
        (TariffDimension::Time, hours(period.time)),
        (TariffDimension::ParkingTime, hours(period.parking_time)),
        (TariffDimension::ReservationTime, hours(period.reservation_time)),
        (TariffDimension::MinCurrent, period.min_current),
        (TariffDimension::MaxCurrent, period.max_current),
        (TariffDimension::MinPower, power(period.min_power)),
        (TariffDimension::MaxPower, power(period.max_power)),
    ];
    let dimension = |(kind, volume): (TariffDimension, Option<Decimal>)| {
        volume.map(|volume| CdrDimensionInit { r#type: kind, volume }.into())
    };
    volumes.into_iter().filter_map(dimension).collect()
}
