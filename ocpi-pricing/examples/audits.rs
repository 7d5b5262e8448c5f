//! Measures the number of CDRs audited in a second, each with its tariff and session, on one core and on all cores.
//!
//! ```sh
//! cargo run --release -p ocpi-pricing --example audits
//! ```

use std::time::Instant;

use ocpi_pricing::audit::{Audit, Case, Verdict};
use ocpi_pricing::generate::{Generator, Template};
use ocpi_types::{json, v2_2_1::tariffs::Tariff};

const TARIFF: &str = r#"{"country_code": "NL", "party_id": "ALF", "id": "T1", "currency": "EUR",
    "elements": [
        {"price_components": [{"type": "ENERGY", "price": 0.60, "vat": 21, "step_size": 1}],
         "restrictions": {"start_time": "07:00", "end_time": "19:00"}},
        {"price_components": [
            {"type": "ENERGY", "price": 0.40, "vat": 21, "step_size": 1},
            {"type": "PARKING_TIME", "price": 3.00, "vat": 21, "step_size": 900},
            {"type": "FLAT", "price": 0.50, "vat": 0, "step_size": 1}]}],
    "last_updated": "2026-01-01T00:00:00Z"}"#;

const CDRS: usize = 50_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let templates = [Template::new(json::from_str::<Tariff>(TARIFF)?)];
    let zone = "Europe/Amsterdam".parse()?;
    let mut generator = Generator::new(7, zone).with_period_length(900);
    let mut cases = Vec::with_capacity(CDRS);
    for record in generator.records(&templates, CDRS) {
        let record = record?;
        cases.push(Case::of(&record.cdr).against([&record.session]));
    }
    let audit = Audit::new().in_zone(zone);
    let start = Instant::now();
    let reports: Vec<_> = cases.iter().map(|case| audit.case(case)).collect();
    let one = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let again = audit.all(&cases);
    let all = start.elapsed().as_secs_f64();
    assert_eq!(reports, again);
    let right = reports.iter().filter(|report| report.verdict() == Verdict::Agrees).count();
    println!("{right} of {CDRS} are right");
    #[expect(clippy::cast_precision_loss, reason = "few CDRs")]
    let count = CDRS as f64;
    println!("one core: {:.0} CDRs/s, all cores: {:.0} CDRs/s", count / one, count / all);
    Ok(())
}
