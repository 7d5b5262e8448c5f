//! CDRs of 2.1.1 and 2.2.1.

use super::embedded::{self, Ids, not_available, used};
use super::tariffs::price_obstacle;
use super::tokens::{auth_id, cdr_token};
use crate::convert::convert_to::{ConvertTo, convert_members, renamed};
use crate::convert::members::is_there;
use crate::convert::owner::Side;
use crate::convert::priced;
use crate::convert::{ConversionRule, NOT_AVAILABLE, Step, Unsupported};
use crate::protocol::Party;
use crate::v2_1_1::cdrs as old;
use crate::v2_1_1::locations::{
    Connector, ConnectorInit, Evse, EvseInit, Location, LocationInit, LocationType,
};
use crate::v2_2_1::cdrs as new;
use crate::v2_2_1::locations::{ConnectorFormat, ConnectorType, PowerType, Status};
use crate::v2_2_1::types::Price;
use crate::{DateTime, Decimal, Extra, NonEmpty, Text, Value};

convert_members! {
    |this, run| old::Cdr => new::Cdr;
    same {
        start_date_time auth_method meter_id currency total_energy total_time total_parking_time remark
        last_updated
    }
    converted {
        id: id;
        end_date_time: stop_date_time by renamed;
        tariffs: tariffs;
        charging_periods: charging_periods;
        total_cost: total_cost;
    }
    lost {}
    refusal { priced::refusal_of_cdr(&this.tariffs, priced::obstacle, run) }
    prepare { priced::leave_out(&mut this.tariffs, priced::obstacle, run); }
    first {
        let owner = run.owner_or_of(&mut this.extra, &this.location.extra)?;
        let cdr_location = cdr_location(&this.location, run)?;
        run.keep_member("location", &this.location, &mut this.extra);
    }
    made {
        country_code: owner.country_code;
        party_id: owner.party_id;
        session_id: None;
        cdr_token: cdr_token(this.auth_id, &mut this.extra, run)?;
        authorization_reference: None;
        cdr_location: cdr_location;
        signed_data: None;
        total_fixed_cost: None;
        total_energy_cost: None;
        total_time_cost: None;
        total_parking_cost: None;
        total_reservation_cost: None;
        invoice_reference_id: None;
        credit: None;
        credit_reference_id: None;
        home_charging_compensation: None;
    }
}

convert_members! {
    |this, run| new::Cdr => old::Cdr;
    same {
        start_date_time auth_method meter_id currency total_energy total_time total_parking_time remark
        last_updated
    }
    converted {
        id: id;
        stop_date_time: end_date_time by renamed;
        tariffs: tariffs;
        charging_periods: charging_periods;
        total_cost: total_cost;
    }
    lost {
        session_id authorization_reference signed_data total_fixed_cost total_energy_cost total_time_cost
        total_parking_cost total_reservation_cost invoice_reference_id credit home_charging_compensation
    }
    refusal { priced::refusal_of_cdr(&this.tariffs, price_obstacle, run) }
    // It would be paid, where it is to be paid back.
    obstacle {
        (this.credit == Some(true)
            // One that cannot be read may say so.
            || this.extra.get("credit").is_some()
            || is_there("credit_reference_id", &this.credit_reference_id, &this.extra))
            .then(|| Unsupported::at("credit", ConversionRule::Credit))
    }
    prepare { priced::leave_out(&mut this.tariffs, price_obstacle, run); }
    first {
        run.lose_owner(Side::Cpo, &this.country_code, &this.party_id);
        let owner = Party { country_code: this.country_code, party_id: this.party_id };
    }
    made {
        auth_id: auth_id(this.cdr_token, run)?;
        location: embedded_location(owner, this.cdr_location, this.last_updated, &mut this.extra, run)?;
    }
}

convert_members! {
    |this, run| old::ChargingPeriod => new::ChargingPeriod;
    same { start_date_time dimensions }
    converted {}
    lost {}
    made { tariff_id: None; }
}

convert_members! {
    |this, run| new::ChargingPeriod => old::ChargingPeriod;
    same { start_date_time dimensions }
    converted {}
    lost { tariff_id }
}

/// A plain number is an amount without VAT.
impl ConvertTo<Price> for Decimal {
    fn turn(self, _: &mut Step<'_>) -> Result<Price, Unsupported> {
        Ok(Price { excl_vat: self, incl_vat: None, extra: Extra::new() })
    }
}

impl ConvertTo<Decimal> for Price {
    fn turn(self, run: &mut Step<'_>) -> Result<Decimal, Unsupported> {
        run.lose("incl_vat", &self.incl_vat);
        run.lose_extra(&self.extra);
        Ok(self.excl_vat)
    }
}

/// The part of an embedded location that a CDR of 2.2.1 has.
fn cdr_location(location: &Location, run: &mut Step<'_>) -> Result<new::CdrLocation, Unsupported> {
    let ids = embedded::ids(location, run)?;
    let (evse, connector) = used(location);
    let evse_id = evse.and_then(|evse| evse.evse_id.clone()).map(Text::into_ci_string);
    let (ids, evse_id) = run.member("cdr_location", |run| {
        let ids = ids.or_not_available(run);
        Ok((ids, evse_id.unwrap_or_else(|| not_available("evse_id", run))))
    })?;
    let (standard, format, power_type) = match connector {
        Some(Connector { standard, format, power_type, .. }) => {
            (standard.clone(), format.clone(), power_type.clone())
        }
        // Where there is no connector, its kind means nothing.
        None => (ConnectorType::Iec62196T2, ConnectorFormat::Socket, PowerType::Ac1Phase),
    };
    let cdr_location = new::CdrLocation {
        id: ids.location_id,
        name: location.name.clone(),
        address: location.address.clone(),
        city: location.city.clone(),
        postal_code: Some(location.postal_code.clone()),
        state: None,
        country: location.country.clone(),
        coordinates: location.coordinates.clone(),
        evse_uid: ids.evse_uid,
        evse_id,
        connector_id: ids.connector_id,
        connector_standard: standard,
        connector_format: format,
        connector_power_type: power_type,
        extra: Extra::new(),
    };
    if connector.is_none() {
        run.note(ConversionRule::ConnectorAssumed, "cdr_location", &cdr_location);
    }
    Ok(cdr_location)
}

/// Whether the place in a CDR is the one that an embedded location describes.
fn is_place_of(place: &new::CdrLocation, location: &Location, run: &Step<'_>) -> bool {
    let expected = run.back(|run| cdr_location(location, run)).and_then(|mut expected| {
        // As the place was.
        run.aside(|run| expected.downgrade(run))?;
        Ok(expected)
    });
    expected.is_ok_and(|expected| expected == *place)
}

/// The location of a CDR: the one that was embedded before; or one made of the place in the CDR.
fn embedded_location(
    owner: Party,
    place: new::CdrLocation,
    last_updated: DateTime,
    extra: &mut Extra,
    run: &mut Step<'_>,
) -> Result<Location, Unsupported> {
    let ids = Ids {
        location_id: place.id.clone(),
        evse_uid: place.evse_uid.clone(),
        connector_id: place.connector_id.clone(),
    };
    if let Some(location) = embedded::kept(extra, run, |location, run| is_place_of(&place, location, run)) {
        return Ok(location);
    }
    run.outdate("location", extra);
    run.member("cdr_location", |run| {
        run.lose("state", &place.state);
        run.lose_extra(&place.extra);
        Ok(())
    })?;
    // A CDR is as things were then, so what is found now fills the gaps only.
    let known = embedded::found(Some(owner), &ids, run).ok();
    let (known_evse, known_connector) = known.as_ref().map_or((None, None), used);
    let [has_evse, has_connector] =
        [&place.evse_uid, &place.connector_id].map(|id| id.as_str() != NOT_AVAILABLE);
    let evses = if has_evse && has_connector {
        let connector = Connector {
            extra: Extra::new(),
            ..ConnectorInit {
                id: place.connector_id.turn(run)?,
                standard: place.connector_standard,
                format: place.connector_format,
                power_type: place.connector_power_type,
                voltage: known_connector.map_or(0, |connector| connector.voltage),
                amperage: known_connector.map_or(0, |connector| connector.amperage),
                last_updated,
            }
            .into()
        };
        let has_id = place.evse_id.as_str() != NOT_AVAILABLE;
        let evse = Evse {
            evse_id: if has_id { Some(place.evse_id.turn(run)?) } else { None },
            ..EvseInit {
                uid: place.evse_uid.turn(run)?,
                status: known_evse.map_or(Status::Unknown, |evse| evse.status.clone()),
                connectors: NonEmpty::of(connector),
                last_updated,
            }
            .into()
        };
        vec![evse]
    } else {
        run.member("cdr_location", |run| {
            // An EVSE needs a connector, and there is none: its kind means nothing.
            if has_evse {
                run.lose("evse_uid", &place.evse_uid);
            }
            if place.evse_id.as_str() != NOT_AVAILABLE {
                run.lose("evse_id", &place.evse_id);
            }
            if has_connector {
                run.lose("connector_id", &place.connector_id);
            }
            run.lose("connector_standard", &place.connector_standard);
            run.lose("connector_format", &place.connector_format);
            run.lose("connector_power_type", &place.connector_power_type);
            Ok(())
        })?;
        Vec::new()
    };
    let location = Location {
        name: place.name,
        evses,
        ..LocationInit {
            id: place.id.turn(run)?,
            r#type: known.as_ref().map_or(LocationType::Unknown, |known| known.r#type.clone()),
            address: place.address,
            city: place.city,
            postal_code: place.postal_code.unwrap_or_else(Text::blank),
            country: place.country,
            coordinates: place.coordinates,
            last_updated,
        }
        .into()
    };
    run.note(ConversionRule::ConnectorAssumed, "location", &location);
    Ok(location)
}
