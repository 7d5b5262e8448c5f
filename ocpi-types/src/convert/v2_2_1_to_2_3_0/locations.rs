//! Locations of 2.2.1 and 2.3.0.

use crate::convert::convert_to::convert_members;
use crate::convert::members::kept_name;
use crate::convert::{ConversionRule, Step, zones};
use crate::json::{self, RawJson};
use crate::v2_1_1::locations::LocationType;
use crate::v2_2_1::locations as old;
use crate::v2_3_0::locations as new;
use crate::v2_3_0::locations::ParkingType;
use crate::{Change, Extra};

convert_members! {
    |this, run| old::Location => new::Location;
    same {
        country_code party_id id publish publish_allowed_to name address city postal_code state country
        coordinates related_locations parking_type directions operator suboperator owner facilities
        opening_times charging_when_closed images energy_mix last_updated
    }
    converted { evses: evses; }
    lost {}
    first { let time_zone = zones::known(Some(this.time_zone), &this.country, run)?; }
    made { time_zone: time_zone; parking_places: Vec::new(); help_phone: None; }
    patch old::LocationPatch => new::LocationPatch;
    first { let time_zone = zones::replaced_placeholder(this.time_zone, &this.country, run); }
    made { time_zone: time_zone; parking_places: Change::Keep; help_phone: Change::Keep; }
}

convert_members! {
    |this, run| new::Location => old::Location;
    same {
        country_code party_id id publish publish_allowed_to name address city postal_code state country
        coordinates related_locations parking_type directions operator suboperator owner facilities
        opening_times charging_when_closed images energy_mix last_updated
    }
    converted { evses: evses; }
    lost { parking_places help_phone }
    prepare { put_aside(&mut this.parking_type, &mut this.extra, run); }
    first { let time_zone = zones::known(Some(this.time_zone), &this.country, run)?; }
    made { time_zone: time_zone; }
    patch new::LocationPatch => old::LocationPatch;
    prepare {
        if let Change::Set(kind) = &mut this.parking_type {
            put_aside(kind, &mut this.extra, run);
        }
    }
    first { let time_zone = zones::replaced_placeholder(this.time_zone, &this.country, run); }
    made { time_zone: time_zone; }
}

convert_members! {
    |this, run| old::Evse => new::Evse;
    same {
        uid evse_id status status_schedule capabilities floor_level coordinates physical_reference directions
        parking_restrictions images last_updated
    }
    converted { connectors: connectors; }
    lost {}
    made { parking: Vec::new(); accepted_service_providers: Vec::new(); }
    patch old::EvsePatch => new::EvsePatch;
    made { parking: Change::Keep; accepted_service_providers: Change::Keep; }
}

convert_members! {
    |this, run| new::Evse => old::Evse;
    same {
        uid evse_id status status_schedule capabilities floor_level coordinates physical_reference directions
        parking_restrictions images last_updated
    }
    converted { connectors: connectors; }
    lost { parking accepted_service_providers }
    patch new::EvsePatch => old::EvsePatch;
}

convert_members! {
    |this, run| old::Connector => new::Connector;
    same {
        id standard format power_type max_voltage max_amperage max_electric_power tariff_ids
        terms_and_conditions last_updated
    }
    converted {}
    lost {}
    made { capabilities: Vec::new(); }
    patch old::ConnectorPatch => new::ConnectorPatch;
    made { capabilities: Change::Keep; }
}

convert_members! {
    |this, run| new::Connector => old::Connector;
    same {
        id standard format power_type max_voltage max_amperage max_electric_power tariff_ids
        terms_and_conditions last_updated
    }
    converted {}
    lost { capabilities }
    patch new::ConnectorPatch => old::ConnectorPatch;
}

/// A kind of place of 2.1.1, sent as `type`, is read as a kind of parking. It goes on as a kind of place.
fn put_aside(kind: &mut Option<ParkingType>, extra: &mut Extra, run: &mut Step<'_>) {
    let Some(ParkingType::Custom(text)) = kind else { return };
    let known = LocationType::from(text.as_str());
    if !matches!(known, LocationType::Custom(_)) {
        run.note(ConversionRule::MemberKept, "parking_type", &known);
        extra.insert(kept_name("type"), RawJson::walked(&json::to_string(&known)));
        *kind = None;
    }
}
