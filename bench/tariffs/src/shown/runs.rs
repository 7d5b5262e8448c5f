//! CDRs that `ocpi-tariffs` generates from a tariff, as the runs of its tests ask for.

use std::fmt::Write;
use std::path::Path;

use chrono::{DateTime, SecondsFormat, Utc};
use ocpi_tariffs::generate::{ChargingPeriod, Config, DimensionType, PartialCdr};
use ocpi_tariffs::{cdr, json, tariff};
use ocpi_types::Version;
use serde_json::Value;

use super::{shown, uncommented};
use crate::engines::Document;

/// The CDR of a run, with the tariff that it was generated from.
pub(super) fn generated(run: &Path, root: &Path) -> Option<(String, Document)> {
    let tariff_text = uncommented(&run.with_file_name("tariff.json"))?;
    let run_text: Value = serde_json::from_str(&uncommented(run)?).ok()?;
    let config = config(&run_text["input"])?;
    let parsed = json::parse_object(&tariff_text).ok()?;
    let (tariff, _) = tariff::from_json(parsed, ocpi_tariffs::Version::V221).into_parts();
    let zone = config.timezone;
    let report = cdr::generate_from_tariff(&tariff, &config).ok()?.into_parts().0;
    let text = text_of(&report.partial_cdr);
    let document = Document { version: Version::V2_2_1, text, tariff: Some(tariff_text), zone };
    Some((shown(root, run), document))
}

fn config(input: &Value) -> Option<Config> {
    let time = |name: &str| input[name].as_str()?.parse::<DateTime<Utc>>().ok();
    let number = |name: &str| input[name].to_string().parse::<rust_decimal::Decimal>().ok();
    Some(Config {
        timezone: input["timezone"].as_str()?.parse().ok()?,
        start_date_time: time("start_date_time")?,
        end_date_time: time("end_date_time")?,
        max_current_supply_amp: number("max_current_supply_amp")?,
        requested_kwh: number("requested_kwh")?,
        max_power_supply_kw: number("max_power_supply_kw")?,
    })
}

/// A CDR with what matters for its price.
fn text_of(cdr: &PartialCdr) -> String {
    let periods: Vec<String> = cdr.charging_periods.iter().map(period).collect();
    format!(
        r#"{{"id":"generated","start_date_time":"{}","end_date_time":"{}","currency":"{}","charging_periods":[{}],
            "total_cost":{{"excl_vat":0}},"total_energy":0,"total_time":0,"last_updated":"{}"}}"#,
        time(cdr.start_date_time),
        time(cdr.end_date_time),
        cdr.currency_code.into_str(),
        periods.join(","),
        time(cdr.end_date_time),
    )
}

fn period(period: &ChargingPeriod) -> String {
    let mut dimensions = String::new();
    for dimension in &period.dimensions {
        let comma = if dimensions.is_empty() { "" } else { "," };
        let name = match dimension.dimension_type {
            DimensionType::Energy => "ENERGY",
            DimensionType::MaxCurrent => "MAX_CURRENT",
            DimensionType::MinCurrent => "MIN_CURRENT",
            DimensionType::MaxPower => "MAX_POWER",
            DimensionType::MinPower => "MIN_POWER",
            DimensionType::ParkingTime => "PARKING_TIME",
            DimensionType::ReservationTime => "RESERVATION_TIME",
            DimensionType::Time => "TIME",
        };
        let _ = write!(dimensions, r#"{comma}{{"type":"{name}","volume":{}}}"#, dimension.volume);
    }
    let tariff = period.tariff_id.as_ref().map(|id| format!(r#","tariff_id":"{id}""#)).unwrap_or_default();
    format!(r#"{{"start_date_time":"{}","dimensions":[{dimensions}]{tariff}}}"#, time(period.start_date_time))
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
