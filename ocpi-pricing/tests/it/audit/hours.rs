//! CDRs billed by fractions of seconds that their hours cannot say.

use serde_json::{Value, json};

use super::{VERSIONS, Version, audit, cdr, in_full, remove, set, tariff_text};

/// Charging for 150.75 s at a euro a second, with the hours and the cost that the CDR claims.
fn by_the_second(version: Version, hours: f64, cost: f64) -> Value {
    let mut cdr = cdr(version);
    let end = if version == Version::V2_1_1 { "/stop_date_time" } else { "/end_date_time" };
    let elements = json!([{"price_components": [{"type": "TIME", "price": 3600, "step_size": 0}]}]);
    let tariff: Value = serde_json::from_str(&tariff_text(version, &elements, &json!({}))).unwrap();
    set(&mut cdr, "/tariffs", json!([tariff]));
    set(&mut cdr, end, json!("2026-05-04T16:02:30.750Z"));
    cdr["charging_periods"].as_array_mut().unwrap().pop();
    set(&mut cdr, "/charging_periods/0/dimensions", json!([{"type": "TIME", "volume": hours}]));
    set(&mut cdr, "/total_energy", json!(0));
    set(&mut cdr, "/total_time", json!(hours));
    remove(&mut cdr, "/total_parking_time");
    let money = match version {
        Version::V2_1_1 => json!(cost),
        Version::V2_2_1 => json!({"excl_vat": cost}),
        _ => json!({"before_taxes": cost}),
    };
    set(&mut cdr, "/total_cost", money.clone());
    if version != Version::V2_1_1 {
        set(&mut cdr, "/total_time_cost", money);
        for name in ["/total_energy_cost", "/total_parking_cost", "/total_fixed_cost"] {
            remove(&mut cdr, name);
        }
    }
    cdr
}

#[test]
fn what_the_time_stamps_come_to_is_right() {
    for version in VERSIONS {
        for hours in [0.0419, 0.041875] {
            let report = audit(version, &by_the_second(version, hours, 150.75));
            assert_eq!(in_full(&report), [""; 0], "{version}, {hours} h");
        }
        // Whole seconds were not meant.
        let report = audit(version, &by_the_second(version, 0.0419, 151.0));
        assert!(!report.findings.is_empty(), "{version}");
    }
}
