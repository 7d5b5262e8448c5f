//! The worked examples of the specification, with its errata applied.
//!
//! Spec: 2.2.1 and 2.3.0 mod_tariffs, mod_cdrs §step_size. `printed` is the number in the text where that is rounded or
//! wrong: 114 minutes at 1.25 an hour are 2.375, not 2.28; parking after 20:00 is free.
//!
//! "dearer by the hour" is the example of a proposal to the text: energy belongs to the element that was active when it
//! was delivered, and nothing is priced twice. 8, 6 and 2 kWh at 0.20, 0.30 and 0.40 come to 4.20.

use ocpi_pricing::tariff_model::{TariffDimension, TariffModel};
use ocpi_pricing::usage::{Period, Usage};
use ocpi_pricing::{Bill, Policy};
use ocpi_types::{DateTime, Decimal, Version};
use serde_json::{Value, json};

use crate::common::{Fill, dec, hours, local, plan_of, session, with_bill};

#[test]
fn the_worked_examples() {
    let tariffs: Value = serde_json::from_str(include_str!("../worked/tariffs.json")).unwrap();
    let cases: Vec<Value> = serde_json::from_str(include_str!("../worked/cases.json")).unwrap();
    let mut count = 0;
    for (index, case) in cases.iter().enumerate() {
        let name = case["tariff"].as_str().unwrap();
        let tariff = &tariffs[name];
        for version in [Version::V2_1_1, Version::V2_2_1, Version::V2_3_0] {
            if !has(version, tariff) {
                continue;
            }
            count += 1;
            let place = format!("case {index}, {name}, {version}");
            with_bill(vec![tariff_of(tariff, version)], &usage_of(case), Policy::default(), |bill| {
                holds(bill, case, version, &place);
            });
        }
    }
    assert_eq!(count, 99, "cases got lost");
}

/// Whether the version can express the tariff. All prices of 2.1.1 are without tax.
fn has(version: Version, tariff: &Value) -> bool {
    let text = tariff.to_string();
    match version {
        Version::V2_1_1 => {
            !["only", "min", "max", "reservation", "current"].iter().any(|word| text.contains(word))
        }
        Version::V2_2_1 => tariff["only"].is_null(),
        _ => true,
    }
}

fn holds(bill: &Bill, case: &Value, version: Version, place: &str) {
    let total = bill.total().unwrap_or_else(|| panic!("{place}: {:?}", bill.gaps()));
    let number = |value: &Value| value.as_str().map(dec);
    assert_eq!(total.before_taxes, number(&case["before"]), "{place}");
    // Where the text gives no rate, it says nothing of tax: 2.2.1 has none then, 2.3.0 may have it later.
    match version {
        Version::V2_1_1 => assert_eq!(total.after_taxes, None, "{place}"),
        Version::V2_2_1 if case["after"].is_null() => {
            assert_eq!(total.after_taxes, total.before_taxes, "{place}")
        }
        _ => assert_eq!(total.after_taxes, number(&case["after"]), "{place}"),
    }
    let billed = &case["billed"];
    let minutes = |seconds: Decimal| seconds.checked_div(Decimal::from(60)).unwrap();
    for (name, found) in [
        ("energy_kwh", bill.billed(TariffDimension::Energy)),
        ("time_min", minutes(bill.billed(TariffDimension::Time))),
        ("parking_min", minutes(bill.billed(TariffDimension::ParkingTime))),
        ("reservation_min", minutes(bill.billed_reservation())),
    ] {
        if let Some(expected) = number(&billed[name]) {
            assert_eq!(found, expected, "{place}: {name}");
        }
    }
    if let Some(lines) = billed["lines"].as_array() {
        let unit = |line: ocpi_pricing::bill::Line| {
            if line.kind == TariffDimension::Energy { line.billed } else { minutes(line.billed) }
        };
        let found: Vec<Decimal> = bill.lines().map(unit).collect();
        assert_eq!(found, lines.iter().filter_map(number).collect::<Vec<_>>(), "{place}: lines");
    }
}

fn tariff_of(tariff: &Value, version: Version) -> TariffModel {
    let mut more = json!({});
    for (name, member) in [("min", "min_price"), ("max", "max_price")] {
        let limit = &tariff[name];
        if !limit.is_null() {
            more[member] = match version {
                Version::V2_2_1 => json!({"excl_vat": limit[0], "incl_vat": limit[1]}),
                _ => json!({"before_taxes": limit[0], "after_taxes": limit[1]}),
            };
        }
    }
    if version == Version::V2_3_0 && tariff["tax"].is_string() {
        more["tax_included"] = tariff["tax"].clone();
    }
    plan_of(version, &tariff["elements"], &more)
}

fn usage_of(case: &Value) -> Usage {
    let start: DateTime = local(case["start"].as_str().unwrap_or("2026-05-04T10:00"));
    let periods = case["periods"].as_array().unwrap();
    let fill = |from: &Value, period: &mut Period| {
        let number = |name: &str| from[name].as_str().map(dec);
        let time = from["min"].as_i64().and_then(hours);
        match from["state"].as_str() {
            Some("charging") => period.time = time,
            Some("parking") => period.parking_time = time,
            _ => period.reservation_time = time,
        }
        period.energy = number("kwh");
        period.min_current = number("min_current");
        period.max_current = number("max_current");
        period.min_power = number("min_power");
        period.max_power = number("max_power");
    };
    let fills: Vec<_> = periods.iter().map(|from| move |period: &mut Period| fill(from, period)).collect();
    let parts: Vec<(i64, Fill<'_>)> = periods
        .iter()
        .zip(&fills)
        .map(|(period, fill)| (period["min"].as_i64().unwrap(), fill as Fill<'_>))
        .collect();
    session(start, &parts)
}
