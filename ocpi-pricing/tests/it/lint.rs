//! Lint of tariffs: content that is legal, but hardly meant.

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

/// Lints a tariff as of the 1st of June 2026.
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
        assert!(linter.lint(text).is_err(), "{text}");
    }
    // The pointers of all else would lead astray.
    for (elements, pointer) in [
        (json!([null, energy(json!({"start_time": "10:00", "end_time": "10:00"}))]), "/elements/0"),
        (json!([energy(json!({})), 7]), "/elements/1"),
        (
            json!([{"price_components": [null, component("ENERGY", json!(-1), 1)]}]),
            "/elements/0/price_components/0",
        ),
    ] {
        let text = tariff(Version::V2_2_1, &json!({"elements": elements}));
        assert_eq!(shown(&lint(Version::V2_2_1, &text)), [("tariff.not_computable", pointer)], "{text}");
    }
    // Members that have nothing to do with prices may be missing.
    let text = tariff(Version::V2_2_1, &json!({}));
    assert!(text.contains(r#","last_updated":"2026-01-01T00:00:00Z""#));
    let text = text.replace(r#","last_updated":"2026-01-01T00:00:00Z""#, "");
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

/// A price that is a blank is none: neither free, nor cheap, nor without tax.
#[test]
fn a_price_that_is_not_known_is_named_and_judged_no_further() {
    for (what, price) in
        [("null", json!(null)), ("words", json!("a lot")), ("an object", json!({"excl_vat": 1}))]
    {
        for kind in ["ENERGY", "FLAT", "TIME", "PARKING_TIME"] {
            let elements = json!([element(json!([component(kind, price.clone(), 1)]), json!({}))]);
            for version in [Version::V2_1_1, Version::V2_2_1, Version::V2_3_0] {
                let text = tariff(version, &json!({"elements": elements}));
                let found = lint(version, &text);
                assert_eq!(
                    shown(&found),
                    [("tariff.not_computable", "/elements/0/price_components/0/price")],
                    "{what} in {text}"
                );
            }
        }
    }
}

#[test]
fn a_member_that_stands_twice_with_different_values_is_named() {
    let text =
        tariff(Version::V2_2_1, &json!({"elements": [energy(json!({"min_kwh": 5})), energy(json!({}))]}));
    for (once, twice, pointer) in [
        ("\"price\":0.35", "\"price\":0.35,\"price\":0.25", "/elements/0/price_components/0/price"),
        ("\"min_kwh\":5", "\"min_kwh\":5,\"min_kwh\":7", "/elements/0/restrictions/min_kwh"),
        ("\"elements\":", "\"tariff_alt_text\":[],\"tariff_alt_text\":7,\"elements\":", "/tariff_alt_text"),
    ] {
        assert!(text.contains(once), "{text}");
        let text = text.replacen(once, twice, 1);
        let found = lint(Version::V2_2_1, &text);
        let named: Vec<_> = found.iter().filter(|it| it.pointer == pointer).map(|it| it.rule).collect();
        assert_eq!(named, [Rule::MemberTwice], "{text}");
    }
    // The same value twice decides nothing.
    let same = text.replacen("\"min_kwh\":5", "\"min_kwh\":5,\"min_kwh\":5.0", 1);
    assert!(!lint(Version::V2_2_1, &same).iter().any(|it| it.rule == Rule::MemberTwice));
}
