//! Measures the number of sessions of four periods priced in a second on one core.
//!
//! ```sh
//! cargo run --release -p ocpi-pricing --example throughput
//! ```

use std::hint::black_box;
use std::time::Instant;

use ocpi_pricing::usage::{Period, Usage};
use ocpi_pricing::{Pricer, TariffModel};
use ocpi_types::{json, v2_2_1::tariffs::Tariff};

const FLAT_RATE: &str = r#"{"country_code": "NL", "party_id": "ALF", "id": "T1", "currency": "EUR",
    "elements": [{"price_components": [
        {"type": "FLAT", "price": 0.50, "vat": 21, "step_size": 1},
        {"type": "ENERGY", "price": 0.3215, "vat": 21, "step_size": 1},
        {"type": "PARKING_TIME", "price": 5.00, "vat": 21, "step_size": 60}]}],
    "last_updated": "2026-01-01T00:00:00Z"}"#;

const BY_THE_CLOCK: &str = r#"{"country_code": "NL", "party_id": "ALF", "id": "T1", "currency": "EUR",
    "elements": [
        {"price_components": [
            {"type": "ENERGY", "price": 0.45, "vat": 21, "step_size": 1},
            {"type": "TIME", "price": 1.20, "vat": 21, "step_size": 60}],
         "restrictions": {"start_time": "07:00", "end_time": "21:00", "day_of_week": ["MONDAY", "TUESDAY"]}},
        {"price_components": [
            {"type": "ENERGY", "price": 0.30, "vat": 21, "step_size": 1},
            {"type": "PARKING_TIME", "price": 5.00, "vat": 21, "step_size": 60},
            {"type": "FLAT", "price": 0.50, "vat": 21, "step_size": 1}]}],
    "last_updated": "2026-01-01T00:00:00Z"}"#;

const SESSIONS: u32 = 400_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let usage = session()?;
    for (name, text) in [("flat rate", FLAT_RATE), ("by the clock", BY_THE_CLOCK)] {
        let pricer = Pricer::new([TariffModel::from(&json::from_str::<Tariff>(text)?)]);
        println!("{name}: {:?}", pricer.price(&usage)?.total());
        let mut best = f64::MAX;
        for _ in 0..5 {
            let start = Instant::now();
            for _ in 0..SESSIONS {
                let _ = black_box(pricer.price(black_box(&usage))?);
            }
            best = best.min(start.elapsed().as_secs_f64());
        }
        println!("{name}: {:.0} sessions/s", f64::from(SESSIONS) / best);
    }
    Ok(())
}

/// Three quarters of an hour of charging and one of parking, in periods of a quarter.
fn session() -> Result<Usage, Box<dyn std::error::Error>> {
    let mut usage = Usage::new("EUR".parse()?);
    usage.start = Some("2026-05-04T18:15:00Z".parse()?);
    usage.end = Some("2026-05-04T19:15:00Z".parse()?);
    for (start, energy) in [("18:15", "5.125"), ("18:30", "5.25"), ("18:45", "4.875"), ("19:00", "0")] {
        let mut period = Period::at(format!("2026-05-04T{start}:00Z").parse()?);
        period.energy = Some(energy.parse()?);
        let time = if energy == "0" { &mut period.parking_time } else { &mut period.time };
        *time = Some("0.25".parse()?);
        usage.periods.push(period);
    }
    Ok(usage.with_time_zone("Europe/Amsterdam")?)
}
