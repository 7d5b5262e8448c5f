//! Tariffs in words, in every language. `OCPI_BLESS=1` rewrites the files.

use std::fmt::Write;
use std::path::Path;

use ocpi_pricing::TariffModel;
use ocpi_pricing::explain::{Explanation, Language, Topic};
use ocpi_types::Version;
use serde_json::{Value, json};

use crate::common::{element, plan_of};

fn component(kind: &str, price: f64, vat: Option<f64>, step: i64) -> Value {
    let mut component = json!({"type": kind, "price": price, "step_size": step});
    if let Some(vat) = vat {
        component["vat"] = json!(vat);
    }
    component
}

fn elements(components: Value, restrictions: Value) -> Value {
    json!({"price_components": components, "restrictions": restrictions})
}

/// Tariffs that between them use every condition.
fn tariffs() -> Vec<(&'static str, TariffModel)> {
    let v2_1_1 = |elements: Value| plan_of(Version::V2_1_1, &elements, &json!({}));
    let v2_2_1 = |elements: Value, more: Value| plan_of(Version::V2_2_1, &elements, &more);
    let v2_3_0 = |elements: Value, more: Value| plan_of(Version::V2_3_0, &elements, &more);
    let days = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY"];
    vec![
        ("energy", v2_1_1(json!([element("ENERGY", 0.25, 1, json!({}))]))),
        (
            "energy_and_fee",
            v2_2_1(
                json!([elements(
                    json!([
                        component("ENERGY", 0.35, Some(21.0), 500),
                        component("FLAT", 0.5, Some(21.0), 1)
                    ]),
                    json!({})
                )]),
                json!({}),
            ),
        ),
        (
            "day_and_night",
            v2_2_1(
                json!([
                    elements(
                        json!([component("ENERGY", 0.60, Some(25.0), 1)]),
                        json!({"start_time": "07:00", "end_time": "19:00", "day_of_week": days})
                    ),
                    elements(json!([component("ENERGY", 0.40, Some(25.0), 1)]), json!({})),
                ]),
                json!({"currency": "SEK"}),
            ),
        ),
        (
            "parking_after_charging",
            v2_2_1(
                json!([
                    elements(json!([component("ENERGY", 0.45, Some(21.0), 1)]), json!({})),
                    elements(
                        json!([component("PARKING_TIME", 3.0, Some(21.0), 900)]),
                        json!({"min_duration": 7200})
                    ),
                ]),
                json!({}),
            ),
        ),
        (
            "free_at_first",
            v2_2_1(
                json!([
                    elements(json!([component("TIME", 0.0, None, 1)]), json!({"max_duration": 1800})),
                    elements(
                        json!([component("TIME", 2.0, None, 300)]),
                        json!({"min_duration": 1800, "max_duration": 3600})
                    ),
                    elements(json!([component("TIME", 4.0, None, 300)]), json!({"min_duration": 3600})),
                ]),
                json!({}),
            ),
        ),
        (
            "by_energy_and_power",
            v2_2_1(
                json!([
                    elements(json!([component("ENERGY", 0.20, Some(20.0), 1)]), json!({"max_kwh": 10})),
                    elements(
                        json!([component("ENERGY", 0.30, Some(20.0), 1)]),
                        json!({"min_kwh": 10, "max_kwh": 40, "min_power": 22})
                    ),
                    elements(
                        json!([component("ENERGY", 0.50, Some(20.0), 1)]),
                        json!({"min_kwh": 40, "max_current": 96})
                    ),
                ]),
                json!({"currency": "GBP"}),
            ),
        ),
        (
            "reservation",
            v2_2_1(
                json!([
                    elements(
                        json!([
                            component("FLAT", 2.0, Some(20.0), 1),
                            component("TIME", 5.0, Some(20.0), 300)
                        ]),
                        json!({"reservation": "RESERVATION"})
                    ),
                    elements(
                        json!([component("FLAT", 4.0, Some(20.0), 1)]),
                        json!({"reservation": "RESERVATION_EXPIRES"})
                    ),
                    elements(json!([component("ENERGY", 0.25, Some(10.0), 1)]), json!({})),
                ]),
                json!({}),
            ),
        ),
        (
            "limits_and_validity",
            v2_2_1(
                json!([elements(json!([component("ENERGY", 0.25, Some(20.0), 1000)]), json!({}))]),
                json!({"min_price": {"excl_vat": 0.5, "incl_vat": 0.6}, "max_price": {"excl_vat": 20},
                "start_date_time": "2026-05-01T00:00:00Z", "end_date_time": "2026-12-31T23:00:00Z", "type": "AD_HOC_PAYMENT"}),
            ),
        ),
        (
            "tax_included",
            v2_3_0(
                json!([elements(
                    json!([component("ENERGY", 120.0, Some(10.0), 1)]),
                    json!({"start_date": "2026-07-01", "end_date": "2026-09-01"})
                )]),
                json!({"tax_included": "YES", "currency": "JPY"}),
            ),
        ),
        (
            "free",
            v2_3_0(
                json!([elements(json!([component("FLAT", 0.0, None, 1)]), json!({}))]),
                json!({"tax_included": "N/A"}),
            ),
        ),
        (
            "not_understood",
            v2_2_1(
                json!([
                    elements(json!([component("ENERGY", 0.30, None, 1)]), json!({"min_vehicle_soc": 20})),
                    elements(json!([component("ENERGY", 0.40, None, 1)]), json!({})),
                ]),
                json!({}),
            ),
        ),
        (
            "weekend",
            v2_2_1(
                json!([elements(
                    json!([component("PARKING_TIME", 1.0, Some(21.0), 3600)]),
                    json!({"day_of_week": ["SATURDAY", "SUNDAY"], "start_time": "22:00"})
                )]),
                json!({}),
            ),
        ),
    ]
}

#[test]
fn tariffs_are_explained_in_every_language() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/explained");
    let is_blessed = std::env::var_os("OCPI_BLESS").is_some();
    let mut wrong = Vec::new();
    for (name, plan) in tariffs() {
        let mut text = String::new();
        for language in Language::ALL {
            let _ = writeln!(text, "[{}]\n{}", language.code(), Explanation::of(&plan, language));
        }
        let file = folder.join(format!("{name}.txt"));
        if is_blessed {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&file, &text).unwrap();
        }
        if std::fs::read_to_string(&file).ok().as_ref() != Some(&text) {
            wrong.push(format!("{name}:\n{text}"));
        }
    }
    assert!(wrong.is_empty(), "OCPI_BLESS=1 writes\n{}", wrong.join("\n"));
}

#[test]
fn what_is_not_understood_is_said() {
    let (_, plan) = tariffs().into_iter().find(|(name, _)| *name == "not_understood").unwrap();
    let explanation = Explanation::of(&plan, Language::English);
    let told: Vec<&str> = explanation
        .sentences
        .iter()
        .filter(|sentence| sentence.topic == Topic::Obstacle)
        .map(|sentence| sentence.text.as_str())
        .collect();
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("/elements/0/restrictions/min_vehicle_soc"), "{told:?}");
}

#[test]
fn languages_have_their_two_letters() {
    for language in Language::ALL {
        assert_eq!(Language::named(&language.code().to_uppercase()), Some(language));
    }
    assert_eq!(Language::named("fr"), None);
}
