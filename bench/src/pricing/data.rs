//! CDRs to be priced.

use ocpi_pricing::generate::{Generator, Template};
use ocpi_types::{json, v2_2_1};

/// Where all of it happens.
pub const ZONE: &str = "Europe/Amsterdam";

/// A tariff with prices by the clock, steps, a fee and parking.
pub const DAY_AND_NIGHT: &str = r#"[
    {"price_components":[{"type":"ENERGY","price":0.60,"vat":21,"step_size":1}],"restrictions":{"start_time":"07:00","end_time":"19:00"}},
    {"price_components":[{"type":"ENERGY","price":0.40,"vat":21,"step_size":1},{"type":"PARKING_TIME","price":3.00,"vat":21,"step_size":60},
     {"type":"FLAT","price":0.50,"vat":21,"step_size":1}]}]"#;

/// A tariff of 2.2.1 of these elements.
#[must_use]
pub fn tariff(elements: &str) -> String {
    format!(
        r#"{{"country_code":"NL","party_id":"ALF","id":"T1","currency":"EUR","elements":{elements},"last_updated":"2026-01-01T00:00:00Z"}}"#
    )
}

/// CDRs of 2.2.1 by a tariff, with periods that end at least so often.
///
/// # Panics
/// When the tariff is none.
#[must_use]
pub fn cdrs(elements: &str, count: usize, every: Option<i64>, seed: u64) -> Vec<v2_2_1::cdrs::Cdr> {
    let tariff: v2_2_1::tariffs::Tariff = json::from_str(&tariff(elements)).expect("a tariff");
    let template = Template::new(tariff);
    let mut generator = Generator::new(seed, ZONE.parse().expect("a zone"));
    if let Some(every) = every {
        generator = generator.with_period_length(every);
    }
    (0..count).filter_map(|_| generator.record(&template).ok()).map(|record| record.cdr).collect()
}

/// CDRs of eight periods each.
///
/// # Panics
/// When too few of those made have so many, which does not happen.
#[must_use]
pub fn of_eight_periods() -> Vec<v2_2_1::cdrs::Cdr> {
    let all = cdrs(DAY_AND_NIGHT, 2_000, Some(900), 1);
    let chosen: Vec<_> = all.into_iter().filter(|cdr| cdr.charging_periods.len() == 8).take(50).collect();
    assert!(chosen.len() >= 20, "CDRs of eight periods");
    chosen
}

/// A CDR of some thousand periods.
///
/// # Panics
/// When none was made, which does not happen.
#[must_use]
pub fn long() -> v2_2_1::cdrs::Cdr {
    let all = cdrs(DAY_AND_NIGHT, 300, Some(3), 2);
    let longest = all.into_iter().filter(|cdr| cdr.charging_periods.len() <= 4_400);
    longest.max_by_key(|cdr| cdr.charging_periods.len()).expect("a CDR")
}
