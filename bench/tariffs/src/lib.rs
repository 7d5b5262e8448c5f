//! Pricing beside `ocpi-tariffs`, an engine by others, in a workspace of its own.

#[path = "../../src/pricing/data.rs"]
pub mod data;

use chrono_tz::Tz;
use ocpi_tariffs::{Version, cdr, json, price};
use ocpi_types::Decimal;

/// From the text of a CDR of 2.2.1 to the total before tax that `ocpi-tariffs` comes to; `None`: none.
#[must_use]
pub fn total(text: &str) -> Option<Decimal> {
    let document = json::parse_object(text).ok()?;
    let (cdr, _) = cdr::from_json(document, Version::V221).into_parts();
    let report = cdr::price(&cdr, price::TariffSource::UseCdr, Tz::Europe__Amsterdam).ok()?;
    let (report, _) = report.into_parts();
    let total = rust_decimal::Decimal::from(report.total_cost.calculated?.excl_vat);
    total.to_string().parse().ok()
}
