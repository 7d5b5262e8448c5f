//! Records of 2.2.1 and 2.3.0.

use ocpi_types::v2_2_1::cdrs::{
    CdrLocation, CdrLocationInit, CdrToken, CdrTokenInit, ChargingPeriod, ChargingPeriodInit,
};
use ocpi_types::v2_2_1::sessions::SessionStatus;
use ocpi_types::v2_2_1::tokens::TokenType;
use ocpi_types::{Private, Version, v2_2_1, v2_3_0};

use super::money::Money;
use super::{Draft, GenerateError, Record, Simulate, error::Fault, sealed};
use crate::bill::Category;
use crate::rounding::Rounding;
use crate::{Pricer, TariffModel, Usage};

/// The records differ in nothing but the form of a price.
macro_rules! records {
    ($module:ident, $version:ident, $price:ident) => {
        impl Simulate for $module::tariffs::Tariff {
            type Cdr = $module::cdrs::Cdr;
            type Session = $module::sessions::Session;
        }

        impl sealed::Write for $module::tariffs::Tariff {
            fn plan(&self) -> TariffModel {
                TariffModel::from(self)
            }

            fn write(
                &self,
                draft: &Draft,
                pricer: &Pricer,
                rounding: Rounding,
            ) -> Result<Record<Self>, GenerateError> {
                let charging_periods = draft.periods(Version::$version, |start_date_time, dimensions| {
                    let required = ChargingPeriodInit { start_date_time, dimensions };
                    Ok(ChargingPeriod { tariff_id: Some(self.id.clone()), ..required.into() })
                })?;
                let (country, party) = (self.country_code.as_str(), self.party_id.as_str());
                let required = $module::cdrs::CdrInit {
                    country_code: self.country_code.clone(),
                    party_id: self.party_id.clone(),
                    id: draft.id.parse()?,
                    start_date_time: draft.start,
                    end_date_time: draft.end,
                    cdr_token: token(draft)?,
                    auth_method: draft.auth_method.clone(),
                    cdr_location: location(draft, country, party)?,
                    currency: self.currency.clone(),
                    charging_periods,
                    total_cost: Money::none().$price(rounding)?,
                    total_energy: draft.energy,
                    total_time: draft.total_time,
                    last_updated: draft.last_updated,
                };
                let mut cdr = $module::cdrs::Cdr {
                    session_id: Some(format!("S-{}", draft.id).parse()?),
                    tariffs: vec![self.clone()],
                    total_parking_time: draft.parking_time,
                    ..required.into()
                };
                let mut usage = Usage::from(&cdr);
                usage.zone = Some(draft.zone);
                let bill = pricer.price(&usage).map_err(Fault::Price)?;
                let part = |category| {
                    let part = Money::part(&bill, category)?;
                    part.map(|money| money.$price(rounding)).transpose().map_err(GenerateError::from)
                };
                cdr.total_cost = Money::total(&bill)?.$price(rounding)?;
                cdr.total_energy_cost = part(Category::Energy)?;
                cdr.total_time_cost = part(Category::Time)?;
                cdr.total_parking_cost = part(Category::Parking)?;
                cdr.total_fixed_cost = part(Category::Fixed)?;
                cdr.total_reservation_cost = part(Category::Reservation)?;
                let required = $module::sessions::SessionInit {
                    country_code: cdr.country_code.clone(),
                    party_id: cdr.party_id.clone(),
                    id: format!("S-{}", draft.id).parse()?,
                    start_date_time: cdr.start_date_time,
                    kwh: cdr.total_energy,
                    cdr_token: cdr.cdr_token.clone(),
                    auth_method: cdr.auth_method.clone(),
                    location_id: cdr.cdr_location.id.clone(),
                    evse_uid: cdr.cdr_location.evse_uid.clone(),
                    connector_id: cdr.cdr_location.connector_id.clone(),
                    currency: cdr.currency.clone(),
                    status: SessionStatus::Completed,
                    last_updated: cdr.last_updated,
                };
                let session = $module::sessions::Session {
                    end_date_time: Some(cdr.end_date_time),
                    charging_periods: cdr.charging_periods.to_vec(),
                    total_cost: Some(cdr.total_cost.clone()),
                    ..required.into()
                };
                Ok(Record { cdr, session, usage })
            }
        }
    };
}
records!(v2_2_1, V2_2_1, v2_2_1);
records!(v2_3_0, V2_3_0, v2_3_0);

fn token(draft: &Draft) -> Result<CdrToken, GenerateError> {
    let token = CdrTokenInit {
        country_code: "NL".parse()?,
        party_id: "SIM".parse()?,
        uid: Private::new(draft.uid.parse()?),
        r#type: TokenType::Rfid,
        contract_id: Private::new(draft.contract.parse()?),
    };
    Ok(token.into())
}

fn location(draft: &Draft, country: &str, party: &str) -> Result<CdrLocation, GenerateError> {
    let outlet = &draft.outlet;
    let location = CdrLocationInit {
        id: "SIM1".parse()?,
        address: "Kade 1".parse()?,
        city: "Gouda".parse()?,
        country: "NLD".parse()?,
        coordinates: Draft::coordinates()?,
        evse_uid: draft.evse.to_string().parse()?,
        evse_id: draft.evse_id(country, party).parse()?,
        connector_id: "1".parse()?,
        connector_standard: outlet.standard.clone(),
        connector_format: outlet.format.clone(),
        connector_power_type: outlet.power_type.clone(),
    };
    Ok(CdrLocation { postal_code: Some("2801 AA".parse()?), ..location.into() })
}
