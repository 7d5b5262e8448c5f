//! Locations and what they hold, in the members of 2.3.0; and the objects that tariffs share with them.

use serde::{Deserialize, Serialize};

use super::enums::{
    Capability, ConnectorCapability, ConnectorFormat, ConnectorType, EnergySourceCategory,
    EnvironmentalImpactCategory, EvsePosition, Facility, ImageCategory, ParkingDirection, ParkingRestriction,
    ParkingType, PowerType, Status, TokenType, VehicleType,
};

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Location {
    pub country_code: String,
    pub party_id: String,
    pub id: String,
    pub publish: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub publish_allowed_to: Vec<PublishToken>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    pub address: String,
    pub city: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    pub country: String,
    pub coordinates: GeoLocation,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related_locations: Vec<AdditionalGeoLocation>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parking_type: Option<ParkingType>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evses: Vec<Evse>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parking_places: Vec<Parking>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub directions: Vec<DisplayText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<BusinessDetails>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suboperator: Option<BusinessDetails>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<BusinessDetails>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facilities: Vec<Facility>,
    pub time_zone: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opening_times: Option<Hours>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charging_when_closed: Option<bool>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<Image>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub energy_mix: Option<EnergyMix>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help_phone: Option<String>,
    pub last_updated: String,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Evse {
    pub uid: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evse_id: Option<String>,
    pub status: Status,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub status_schedule: Vec<StatusSchedule>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub capabilities: Vec<Capability>,
    pub connectors: Vec<Connector>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor_level: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coordinates: Option<GeoLocation>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub physical_reference: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub directions: Vec<DisplayText>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parking_restrictions: Vec<ParkingRestriction>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parking: Vec<EvseParking>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<Image>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accepted_service_providers: Vec<String>,
    pub last_updated: String,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Connector {
    pub id: String,
    pub standard: ConnectorType,
    pub format: ConnectorFormat,
    pub power_type: PowerType,
    pub max_voltage: i64,
    pub max_amperage: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_electric_power: Option<i64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tariff_ids: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms_and_conditions: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub capabilities: Vec<ConnectorCapability>,
    pub last_updated: String,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Parking {
    pub id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub physical_reference: Option<String>,
    pub vehicle_types: Vec<VehicleType>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_vehicle_weight: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_vehicle_height: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_vehicle_length: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_vehicle_width: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parking_space_length: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parking_space_width: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dangerous_goods_allowed: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<ParkingDirection>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drive_through: Option<bool>,
    pub restricted_to_type: bool,
    pub reservation_required: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_limit: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roofed: Option<bool>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<Image>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lighting: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refrigeration_outlet: Option<bool>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub standards: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub apds_reference: Option<String>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct EvseParking {
    pub parking_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evse_position: Option<EvsePosition>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct GeoLocation {
    pub latitude: String,
    pub longitude: String,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct AdditionalGeoLocation {
    pub latitude: String,
    pub longitude: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<DisplayText>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct DisplayText {
    pub language: String,
    pub text: String,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct BusinessDetails {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<Image>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Image {
    pub url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thumbnail: Option<String>,
    pub category: ImageCategory,
    pub r#type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<i64>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Hours {
    pub twentyfourseven: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regular_hours: Vec<RegularHours>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exceptional_openings: Vec<ExceptionalPeriod>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exceptional_closings: Vec<ExceptionalPeriod>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct RegularHours {
    pub weekday: i64,
    pub period_begin: String,
    pub period_end: String,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct ExceptionalPeriod {
    pub period_begin: String,
    pub period_end: String,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct StatusSchedule {
    pub period_begin: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period_end: Option<String>,
    pub status: Status,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct EnergyMix {
    pub is_green_energy: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub energy_sources: Vec<EnergySource>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub environ_impact: Vec<EnvironmentalImpact>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub energy_product_name: Option<String>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct EnergySource {
    pub source: EnergySourceCategory,
    pub percentage: f64,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct EnvironmentalImpact {
    pub category: EnvironmentalImpactCategory,
    pub amount: f64,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct PublishToken {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#type: Option<TokenType>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visual_number: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_id: Option<String>,
}
