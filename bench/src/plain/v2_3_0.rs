//! CDRs and tariffs of 2.3.0.

use serde::{Deserialize, Serialize};

use super::billing::{CdrLocation, CdrToken, ChargingPeriod, SignedData, TariffElement};
use super::enums::{AuthMethod, TariffType, TaxIncluded};
use super::locations::{DisplayText, EnergyMix};

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Cdr {
    pub country_code: String,
    pub party_id: String,
    pub id: String,
    pub start_date_time: String,
    pub end_date_time: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<String>,
    pub cdr_token: CdrToken,
    pub auth_method: AuthMethod,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorization_reference: Option<String>,
    pub cdr_location: CdrLocation,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meter_id: Option<String>,
    pub currency: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tariffs: Vec<Tariff>,
    pub charging_periods: Vec<ChargingPeriod>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_data: Option<SignedData>,
    pub total_cost: Price,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_fixed_cost: Option<Price>,
    pub total_energy: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_energy_cost: Option<Price>,
    pub total_time: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_time_cost: Option<Price>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_parking_time: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_parking_cost: Option<Price>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_reservation_cost: Option<Price>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice_reference_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit_reference_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home_charging_compensation: Option<bool>,
    pub last_updated: String,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Tariff {
    pub country_code: String,
    pub party_id: String,
    pub id: String,
    pub currency: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#type: Option<TariffType>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tariff_alt_text: Vec<DisplayText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tariff_alt_url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_price: Option<PriceLimit>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_price: Option<PriceLimit>,
    pub elements: Vec<TariffElement>,
    pub tax_included: TaxIncluded,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_date_time: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_date_time: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub energy_mix: Option<EnergyMix>,
    pub last_updated: String,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Price {
    pub before_taxes: f64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taxes: Vec<TaxAmount>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct TaxAmount {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_number: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percentage: Option<f64>,
    pub amount: f64,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct PriceLimit {
    pub before_taxes: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_taxes: Option<f64>,
}
