//! What is legal in a tariff, but hardly meant.

mod fixes;
mod rules;

use ocpi_pricing::lint::{Finding, Linter, Rule};
use ocpi_types::Version;
use serde_json::{Value, json};

use crate::common::{tariff_text, time};

/// A tariff about which there is nothing to say, with other members.
fn tariff(version: Version, members: &Value) -> String {
    tariff_text(version, &json!([energy(json!({}))]), members)
}

/// An element with a price for energy.
fn energy(restrictions: Value) -> Value {
    element(json!([component("ENERGY", json!(0.35), 1)]), restrictions)
}

fn element(components: Value, restrictions: Value) -> Value {
    let mut element = json!({"price_components": components});
    if restrictions != json!({}) {
        element["restrictions"] = restrictions;
    }
    element
}

fn component(kind: &str, price: Value, step: i64) -> Value {
    json!({"type": kind, "price": price, "step_size": step})
}

/// What a linter of the 1st of June 2026 finds.
fn lint(version: Version, text: &str) -> Vec<Finding> {
    let linter = Linter::new(version).at(time("2026-06-01T12:00:00Z"));
    linter.lint(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn shown(findings: &[Finding]) -> Vec<(&'static str, &str)> {
    findings.iter().map(|it| (it.rule.id(), it.pointer.as_str())).collect()
}

#[test]
fn ids_are_unique_and_say_where_they_belong() {
    for (index, rule) in Rule::ALL.iter().enumerate() {
        assert!(rule.id().starts_with("tariff."), "{rule}");
        assert!(!rule.about().is_empty() && !rule.message().is_empty());
        assert_eq!(Rule::ALL.iter().position(|it| it.id() == rule.id()), Some(index), "{rule} twice");
        assert_eq!(Rule::named(rule.id()), Some(*rule));
    }
    assert_eq!(Rule::named("tariff.nonsense"), None);
}

#[test]
fn what_cannot_be_read_is_not_looked_at() {
    let linter = Linter::new(Version::V2_2_1);
    for text in ["", "[1", "7", "null"] {
        assert!(linter.lint(text).unwrap_err().is_unreadable(), "{text}");
    }
    // The pointers would lead astray.
    let text = tariff(Version::V2_2_1, &json!({"elements": [null, energy(json!({}))]}));
    let error = linter.lint(&text).unwrap_err();
    assert!(error.is_lost() && error.to_string().contains("/elements/0"), "{error}");
    let text = tariff(
        Version::V2_2_1,
        &json!({"elements": [{"price_components": [{"type": "ENERGY", "price": "a lot", "step_size": 1}]}]}),
    );
    assert!(linter.lint(&text).unwrap_err().is_lost());
    // What has nothing to do with prices may be missing.
    assert!(text.contains(r#","last_updated":"2026-01-01T00:00:00Z""#));
    let text = text.replace("\"a lot\"", "0.3").replace(r#","last_updated":"2026-01-01T00:00:00Z""#, "");
    assert_eq!(linter.lint(&text).map(|it| it.len()), Ok(0));
}

#[test]
fn tariffs_as_they_are_used_elsewhere_have_no_surprises() {
    let day = json!([
        element(
            json!([component("ENERGY", json!(0.60), 1)]),
            json!({"start_time": "07:00", "end_time": "19:00"})
        ),
        element(
            json!([
                component("ENERGY", json!(0.40), 1),
                component("PARKING_TIME", json!(3), 900),
                component("FLAT", json!(0.5), 1)
            ]),
            json!({})
        ),
    ]);
    let free = json!([element(json!([component("FLAT", json!(0), 1)]), json!({}))]);
    let reserved = json!([
        element(json!([component("TIME", json!(5), 300)]), json!({"reservation": "RESERVATION"})),
        element(json!([component("FLAT", json!(4), 1)]), json!({"reservation": "RESERVATION_EXPIRES"})),
        energy(json!({})),
    ]);
    for version in [Version::V2_1_1, Version::V2_2_1, Version::V2_3_0] {
        for elements in [&day, &free] {
            let text = tariff(version, &json!({"elements": elements}));
            assert_eq!(shown(&lint(version, &text)), [], "{text}");
        }
    }
    let text =
        tariff(Version::V2_3_0, &json!({"elements": reserved, "tariff_alt_url": "https://example.com/t"}));
    assert_eq!(shown(&lint(Version::V2_3_0, &text)), []);
}
