//! Locations of 2.1.1 and 2.2.1.

use crate::convert::convert_to::{ConvertTo, convert_members, renamed};
use crate::convert::members::kept_name;
use crate::convert::owner::Side;
use crate::convert::{ConversionRule, Step, Unsupported, zones};
use crate::v2_1_1::locations as old;
use crate::v2_2_1::locations as new;
use crate::{Change, CiString, Extra, Text, TimeZone, json};

convert_members! {
    |this, run| old::Location => new::Location;
    same {
        name city country coordinates related_locations directions facilities charging_when_closed last_updated
    }
    converted {
        id: id;
        address: address;
        postal_code: postal_code by |code, _| Ok(Some(code));
        evses: evses;
        operator: operator;
        suboperator: suboperator;
        owner: owner;
        opening_times: opening_times;
        images: images;
        energy_mix: energy_mix;
    }
    lost {}
    first {
        let owner = run.owner(Side::Cpo, &mut this.extra)?;
        let time_zone = zones::known(this.time_zone, &this.country, run)?;
        // Some who are about to change to a later version say it already.
        let publish = this.extra.take("publish");
        if publish.is_none() {
            run.note(ConversionRule::PublishAssumed, "publish", &true);
        }
    }
    made {
        country_code: owner.country_code;
        party_id: owner.party_id;
        publish: publish.unwrap_or(true);
        publish_allowed_to: Vec::new();
        state: None;
        time_zone: time_zone;
        parking_type: parking_type(this.r#type, &mut this.extra, run);
    }
    patch old::LocationPatch => new::LocationPatch;
    first {
        let (country_code, party_id) = run.owner_change(Side::Cpo, &mut this.extra)?;
        let time_zone = zones::changed(this.time_zone, &this.country, run);
        let published = this.extra.take("publish").map_or(Change::Keep, Change::Set);
    }
    made {
        country_code: country_code;
        party_id: party_id;
        time_zone: time_zone;
        publish: published;
        publish_allowed_to: Change::Keep;
        state: Change::Keep;
        parking_type: this.r#type.map(|kind| parking_type(kind, &mut this.extra, run));
    }
}

convert_members! {
    |this, run| new::Location => old::Location;
    same {
        name city country coordinates related_locations directions facilities charging_when_closed last_updated
    }
    converted {
        id: id;
        address: address;
        postal_code: postal_code by |code, run| Ok(postal_code(code, run));
        evses: evses;
        operator: operator;
        suboperator: suboperator;
        owner: owner;
        time_zone: time_zone by |zone: TimeZone, _| Ok((!zones::is_placeholder(&zone)).then_some(zone));
        opening_times: opening_times;
        images: images;
        energy_mix: energy_mix;
    }
    lost { publish_allowed_to state }
    // A platform of 2.1.1 shows every Location that it gets.
    obstacle { (!this.publish).then(|| Unsupported::at("publish", ConversionRule::Unpublished)) }
    first { run.lose_owner(Side::Cpo, &this.country_code, &this.party_id); }
    made { r#type: location_type(this.parking_type, &mut this.extra, run); }
    patch new::LocationPatch => old::LocationPatch;
    first {
        run.lose_owner_change(Side::Cpo, &this.country_code, &this.party_id);
        if this.publish == Change::Set(false) {
            run.note(ConversionRule::Unpublished, "publish", &this.publish);
        }
    }
    made { r#type: this.parking_type.map(|kind| location_type(kind, &mut this.extra, run)); }
}

convert_members! {
    both |this, run| old::Evse => new::Evse;
    same {
        status status_schedule capabilities floor_level coordinates physical_reference directions
        parking_restrictions last_updated
    }
    converted { uid: uid; evse_id: evse_id; connectors: connectors; images: images; }
    patch old::EvsePatch => new::EvsePatch;
}

convert_members! {
    |this, run| old::Connector => new::Connector;
    same { standard format power_type terms_and_conditions last_updated }
    converted {
        id: id;
        max_voltage: voltage by renamed;
        max_amperage: amperage by renamed;
        tariff_ids: tariff_id by all_of;
    }
    lost {}
    made { max_electric_power: None; }
    patch old::ConnectorPatch => new::ConnectorPatch;
    made { max_electric_power: Change::Keep; }
}

convert_members! {
    |this, run| new::Connector => old::Connector;
    same { standard format power_type terms_and_conditions last_updated }
    converted {
        id: id;
        voltage: max_voltage by renamed;
        amperage: max_amperage by renamed;
        tariff_id: tariff_ids by first_of;
    }
    lost { max_electric_power }
    patch new::ConnectorPatch => old::ConnectorPatch;
}

convert_members! {
    both |this, run| old::BusinessDetails => new::BusinessDetails;
    same { name website }
    converted { logo: logo; }
}

convert_members! {
    both |this, run| old::Image => new::Image;
    same { url thumbnail category width height }
    converted { r#type: r#type; }
}

convert_members! {
    both |this, run| old::EnergyMix => new::EnergyMix;
    same { is_green_energy energy_sources supplier_name energy_product_name }
    converted { environ_impact: environ_impact; }
}

convert_members! {
    both |this, run| old::EnvironmentalImpact => new::EnvironmentalImpact;
    same { amount }
    converted { category: source by renamed; }
}

convert_members! {
    |this, run| old::Hours => new::Hours;
    same { regular_hours exceptional_openings exceptional_closings }
    converted {}
    lost {}
    made { twentyfourseven: always(this.twentyfourseven, run); }
}

convert_members! {
    |this, run| new::Hours => old::Hours;
    same { regular_hours exceptional_openings exceptional_closings }
    converted {}
    lost {}
    first {
        if !this.twentyfourseven && !this.regular_hours.is_empty() {
            run.note(ConversionRule::NotAlwaysOpen, "twentyfourseven", &false);
        }
    }
    made {
        // 2.1.1 wants one of the two: regular hours say that it is not always open.
        twentyfourseven: (this.twentyfourseven || this.regular_hours.is_empty()).then_some(this.twentyfourseven);
    }
}

/// Whether it is always open, of which 2.1.1 may say nothing.
fn always(always: Option<bool>, run: &mut Step<'_>) -> bool {
    always.unwrap_or_else(|| {
        run.note(ConversionRule::HoursAssumed, "twentyfourseven", &false);
        false
    })
}

fn postal_code(code: Option<Text<10>>, run: &mut Step<'_>) -> Text<10> {
    code.unwrap_or_else(|| {
        let empty = crate::Value::blank();
        run.note(ConversionRule::PostalCodeAssumed, "", &empty);
        empty
    })
}

/// Four of the kinds have a counterpart. The others are kept among the unknown members.
fn parking_type(kind: old::LocationType, extra: &mut Extra, run: &mut Step<'_>) -> Option<new::ParkingType> {
    match kind {
        old::LocationType::OnStreet => Some(new::ParkingType::OnStreet),
        old::LocationType::ParkingGarage => Some(new::ParkingType::ParkingGarage),
        old::LocationType::UndergroundGarage => Some(new::ParkingType::UndergroundGarage),
        old::LocationType::ParkingLot => Some(new::ParkingType::ParkingLot),
        other => {
            run.keep_member("type", &other, extra);
            None
        }
    }
}

fn location_type(kind: Option<new::ParkingType>, extra: &mut Extra, run: &mut Step<'_>) -> old::LocationType {
    if kind.is_some() {
        run.outdate("type", extra);
    }
    match kind {
        Some(new::ParkingType::OnStreet) => old::LocationType::OnStreet,
        Some(new::ParkingType::ParkingGarage) => old::LocationType::ParkingGarage,
        Some(new::ParkingType::UndergroundGarage) => old::LocationType::UndergroundGarage,
        Some(new::ParkingType::ParkingLot) => old::LocationType::ParkingLot,
        Some(other) => {
            // Read under the name that the member has in 2.1.1, it may have a value of 2.1.1.
            let same = old::LocationType::from(other.as_str());
            if !matches!(same, old::LocationType::Custom(_)) {
                return same;
            }
            run.note(ConversionRule::EnumReplaced, "parking_type", &other);
            old::LocationType::Other
        }
        None => carried_type(extra).unwrap_or_else(|| {
            run.outdate("type", extra);
            run.note(ConversionRule::LocationTypeAssumed, "type", &old::LocationType::Unknown);
            old::LocationType::Unknown
        }),
    }
}

/// The kind that was carried along, if it is one.
fn carried_type(extra: &mut Extra) -> Option<old::LocationType> {
    let kind = json::read::<old::LocationType>(extra.get(kept_name("type"))?.as_bytes()).ok()?.value;
    if matches!(kind, old::LocationType::Custom(_)) {
        return None;
    }
    extra.remove(kept_name("type"));
    Some(kind)
}

fn all_of(id: Option<Text<36>>, run: &mut Step<'_>) -> Result<Vec<CiString<36>>, Unsupported> {
    id.map(|id| id.turn(run)).transpose().map(|id| id.into_iter().collect())
}

/// A connector has one tariff there.
fn first_of(ids: Vec<CiString<36>>, run: &mut Step<'_>) -> Result<Option<Text<36>>, Unsupported> {
    let mut ids = ids.into_iter();
    let first = ids.next().map(|id| id.turn(run)).transpose()?;
    for (place, id) in ids.enumerate() {
        run.note(ConversionRule::OnlyOne, &(place + 1).to_string(), &id);
    }
    Ok(first)
}
