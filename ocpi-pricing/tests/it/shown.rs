//! Output for people: JSON, table and sentences of one bill with everything in it.

use ocpi_pricing::rounding::Rounding;
use ocpi_pricing::usage::{Period, Usage};
use ocpi_pricing::{Policy, TariffModel};
use ocpi_types::Version;
use serde_json::json;

use crate::common::{dec, hours, local, plan_of, session, with_bill};

/// A reservation, charging over 17:00 at two prices, parking, and a least price that does not matter.
fn example() -> (TariffModel, Usage) {
    let elements = json!([
        {"price_components": [{"type": "FLAT", "price": 2.00, "vat": 20, "step_size": 1},
            {"type": "TIME", "price": 5.00, "vat": 20, "step_size": 300}],
            "restrictions": {"reservation": "RESERVATION"}},
        {"price_components": [{"type": "ENERGY", "price": 0.30, "vat": 10, "step_size": 1}],
            "restrictions": {"end_time": "17:00", "max_kwh": 100}},
        {"price_components": [{"type": "ENERGY", "price": 0.45, "vat": 10, "step_size": 1},
            {"type": "PARKING_TIME", "price": 2.00, "vat": 20, "step_size": 900},
            {"type": "FLAT", "price": 0.50, "vat": 20, "step_size": 1}]},
    ]);
    let plan =
        plan_of(Version::V2_3_0, &elements, &json!({"max_price": {"before_taxes": 12, "after_taxes": 14}}));
    let reserve = |period: &mut Period| period.reservation_time = hours(13);
    let charge = |period: &mut Period| {
        period.time = hours(60);
        period.energy = Some(dec("20"));
    };
    let park = |period: &mut Period| period.parking_time = hours(40);
    let mut usage = session(local("2026-05-04T16:17"), &[(13, &reserve), (60, &charge), (40, &park)]);
    usage.id = Some("CDR1".into());
    (plan, usage)
}

#[test]
fn a_bill_as_a_table_in_words_and_as_json() {
    let (plan, usage) = example();
    with_bill(vec![plan], &usage, Policy::default(), |bill| {
        let rounding = Rounding::of(&usage.currency);
        same("table.txt", include_str!("../shown/table.txt"), &bill.table(rounding).to_string());
        same("words.txt", include_str!("../shown/words.txt"), &bill.words(rounding).to_string());
        let json = serde_json::to_string_pretty(&bill.record(Rounding::none())).unwrap();
        same("record.json", include_str!("../shown/record.json"), &(json + "\n"));
    });
}

/// `OCPI_SHOW=1` rewrites the files.
fn same(file: &str, expected: &str, found: &str) {
    if std::env::var_os("OCPI_SHOW").is_some() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/shown").join(file);
        std::fs::write(path, found).unwrap();
        return;
    }
    assert_eq!(found, expected, "{file}");
}
