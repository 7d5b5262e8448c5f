//! The parts of CDRs and tariffs that are the same in both versions.

use serde::{Deserialize, Serialize};

use super::enums::{
    CdrDimensionType, ConnectorFormat, ConnectorType, DayOfWeek, PowerType, ReservationRestriction,
    TariffDimensionType, TokenType,
};
use super::locations::GeoLocation;

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct CdrToken {
    pub country_code: String,
    pub party_id: String,
    pub uid: String,
    pub r#type: TokenType,
    pub contract_id: String,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct CdrLocation {
    pub id: String,
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
    pub evse_uid: String,
    pub evse_id: String,
    pub connector_id: String,
    pub connector_standard: ConnectorType,
    pub connector_format: ConnectorFormat,
    pub connector_power_type: PowerType,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct ChargingPeriod {
    pub start_date_time: String,
    pub dimensions: Vec<CdrDimension>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tariff_id: Option<String>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct CdrDimension {
    pub r#type: CdrDimensionType,
    pub volume: f64,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct SignedData {
    pub encoding_method: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding_method_version: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_key: Option<String>,
    pub signed_values: Vec<SignedValue>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct SignedValue {
    pub nature: String,
    pub plain_data: String,
    pub signed_data: String,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct TariffElement {
    pub price_components: Vec<PriceComponent>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restrictions: Option<TariffRestrictions>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct PriceComponent {
    pub r#type: TariffDimensionType,
    pub price: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vat: Option<f64>,
    pub step_size: i64,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct TariffRestrictions {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_time: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_time: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_date: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_date: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_kwh: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_kwh: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_current: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_current: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_power: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_power: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_duration: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_duration: Option<i64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub day_of_week: Vec<DayOfWeek>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reservation: Option<ReservationRestriction>,
}
