//! Locations of 2.2.1 and 2.3.0.

use crate::Change;
use crate::convert::turn::turns;
use crate::v2_2_1::locations as old;
use crate::v2_3_0::locations as new;

turns! {
    |this, run| old::Location => new::Location;
    same {
        country_code party_id id publish publish_allowed_to name address city postal_code state country
        coordinates related_locations parking_type directions operator suboperator owner facilities time_zone
        opening_times charging_when_closed images energy_mix last_updated
    }
    turned { evses: evses; }
    lost {}
    made { parking_places: Vec::new(); help_phone: None; }
    patch old::LocationPatch => new::LocationPatch;
    made { parking_places: Change::Keep; help_phone: Change::Keep; }
}

turns! {
    |this, run| new::Location => old::Location;
    same {
        country_code party_id id publish publish_allowed_to name address city postal_code state country
        coordinates related_locations parking_type directions operator suboperator owner facilities time_zone
        opening_times charging_when_closed images energy_mix last_updated
    }
    turned { evses: evses; }
    lost { parking_places help_phone }
    patch new::LocationPatch => old::LocationPatch;
}

turns! {
    |this, run| old::Evse => new::Evse;
    same {
        uid evse_id status status_schedule capabilities floor_level coordinates physical_reference directions
        parking_restrictions images last_updated
    }
    turned { connectors: connectors; }
    lost {}
    made { parking: Vec::new(); accepted_service_providers: Vec::new(); }
    patch old::EvsePatch => new::EvsePatch;
    made { parking: Change::Keep; accepted_service_providers: Change::Keep; }
}

turns! {
    |this, run| new::Evse => old::Evse;
    same {
        uid evse_id status status_schedule capabilities floor_level coordinates physical_reference directions
        parking_restrictions images last_updated
    }
    turned { connectors: connectors; }
    lost { parking accepted_service_providers }
    patch new::EvsePatch => old::EvsePatch;
}

turns! {
    |this, run| old::Connector => new::Connector;
    same {
        id standard format power_type max_voltage max_amperage max_electric_power tariff_ids
        terms_and_conditions last_updated
    }
    turned {}
    lost {}
    made { capabilities: Vec::new(); }
    patch old::ConnectorPatch => new::ConnectorPatch;
    made { capabilities: Change::Keep; }
}

turns! {
    |this, run| new::Connector => old::Connector;
    same {
        id standard format power_type max_voltage max_amperage max_electric_power tariff_ids
        terms_and_conditions last_updated
    }
    turned {}
    lost { capabilities }
    patch new::ConnectorPatch => old::ConnectorPatch;
}
