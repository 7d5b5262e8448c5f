//! Records of 2.1.1.

use ocpi_types::v2_1_1::cdrs::{Cdr, CdrInit, ChargingPeriodInit};
use ocpi_types::v2_1_1::locations::{
    ConnectorInit, Evse, EvseInit, Location, LocationInit, LocationType, Status,
};
use ocpi_types::v2_1_1::sessions::{Session, SessionInit, SessionStatus};
use ocpi_types::v2_1_1::tariffs::Tariff;
use ocpi_types::{Decimal, NonEmpty, Private, Version};

use super::money::Money;
use super::{Draft, GenerateError, Record, Simulate, error::Fault, sealed};
use crate::rounding::Rounding;
use crate::{Pricer, TariffModel, Usage};

impl Simulate for Tariff {
    type Cdr = Cdr;
    type Session = Session;
}

impl sealed::Write for Tariff {
    fn plan(&self) -> TariffModel {
        TariffModel::from(self)
    }

    fn write(
        &self,
        draft: &Draft,
        pricer: &Pricer,
        rounding: Rounding,
    ) -> Result<Record<Self>, GenerateError> {
        let charging_periods = draft.periods(Version::V2_1_1, |start_date_time, dimensions| {
            Ok(ChargingPeriodInit { start_date_time, dimensions }.into())
        })?;
        let required = CdrInit {
            id: draft.id.parse()?,
            start_date_time: draft.start,
            stop_date_time: draft.end,
            auth_id: Private::new(draft.contract.parse()?),
            auth_method: draft.auth_method.clone(),
            location: location(draft)?,
            currency: self.currency.clone(),
            charging_periods,
            total_cost: Decimal::ZERO,
            total_energy: draft.energy,
            total_time: draft.total_time,
            last_updated: draft.last_updated,
        };
        let mut cdr =
            Cdr { tariffs: vec![self.clone()], total_parking_time: draft.parking_time, ..required.into() };
        let usage = Usage::from(&cdr);
        let bill = pricer.price(&usage).map_err(Fault::Price)?;
        cdr.total_cost = Money::total(&bill)?.before(rounding);
        let session = session(&cdr)?;
        Ok(Record { cdr, session, usage })
    }
}

fn session(cdr: &Cdr) -> Result<Session, GenerateError> {
    let required = SessionInit {
        id: format!("S-{}", cdr.id.as_str()).parse()?,
        start_datetime: cdr.start_date_time,
        kwh: cdr.total_energy,
        auth_id: cdr.auth_id.clone(),
        auth_method: cdr.auth_method.clone(),
        location: cdr.location.clone(),
        currency: cdr.currency.clone(),
        status: SessionStatus::Completed,
        last_updated: cdr.last_updated,
    };
    Ok(Session {
        end_datetime: Some(cdr.stop_date_time),
        charging_periods: cdr.charging_periods.to_vec(),
        total_cost: Some(cdr.total_cost),
        ..required.into()
    })
}

/// A location with the one EVSE and connector.
fn location(draft: &Draft) -> Result<Location, GenerateError> {
    let outlet = &draft.outlet;
    // As it was when the session started.
    let last_updated = draft.start;
    let connector = ConnectorInit {
        id: "1".parse()?,
        standard: outlet.standard.clone(),
        format: outlet.format.clone(),
        power_type: outlet.power_type.clone(),
        voltage: outlet.voltage,
        amperage: outlet.amperage,
        last_updated,
    };
    let evse = EvseInit {
        uid: draft.evse.to_string().parse()?,
        status: Status::Charging,
        connectors: NonEmpty::of(connector.into()),
        last_updated,
    };
    let evse = Evse { evse_id: Some(draft.evse_id("NL", "SIM").parse()?), ..evse.into() };
    let location = LocationInit {
        id: "SIM1".parse()?,
        r#type: LocationType::OnStreet,
        address: "Kade 1".parse()?,
        city: "Gouda".parse()?,
        postal_code: "2801 AA".parse()?,
        country: "NLD".parse()?,
        coordinates: Draft::coordinates()?,
        last_updated,
    };
    let time_zone = Some(draft.zone.as_str().parse()?);
    Ok(Location { evses: vec![evse], time_zone, ..location.into() })
}
