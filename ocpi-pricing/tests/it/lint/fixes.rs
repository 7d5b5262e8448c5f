//! Effects of fixes on the text, and on prices.

use std::collections::BTreeSet;

use ocpi_pricing::generate::{Generator, Simulate, Template};
use ocpi_pricing::lint::{Fix, Fixes, Linter, Rule};
use ocpi_pricing::tariff_model::TariffDimension;
use ocpi_pricing::usage::Period;
use ocpi_pricing::{Pricer, TariffModel, Usage};
use ocpi_types::{Decimal, Object, Version, v2_1_1, v2_2_1, v2_3_0};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{component, element, energy, tariff};
use crate::common::{plan_of, read, tariff_text};

fn fixed(text: &str, fixes: Fixes) -> String {
    Linter::new(Version::V2_2_1).fix(text, fixes).unwrap().text
}

/// The fix of the first finding of a rule.
fn fix_of(rule: Rule, text: &str) -> Option<Fix> {
    let findings = Linter::new(Version::V2_2_1).lint(text).unwrap();
    findings.into_iter().find(|it| it.rule == rule).unwrap_or_else(|| panic!("no {rule}: {text}")).fix
}

#[test]
fn a_fix_leaves_all_the_rest_as_it_was() {
    let text = r#"{
  "id" : "é\u0041", "country_code":"NL",   "party_id":"ALF", "currency": "EUR", "x_ours": [1.50, null],
  "elements": [
    {
      "price_components": [ {"type": "FLAT", "price": 1.00, "step_size": 60} ],
      "restrictions": { "start_time": "00:00", "end_time": "00:00",
                        "day_of_week": ["FRIDAY" , "MONDAY",  "MONDAY"] }
    },
    { "price_components": [{"type": "ENERGY", "vat": 0.21, "price": 0.3500, "step_size": 1}],
      "restrictions": { "end_time": "23:59" } },
    { "price_components": [{"type": "ENERGY", "price": 0.3500, "step_size": 1}], "restrictions": {} }
  ],
  "min_price": {"excl_vat": 0.00},
  "last_updated": "2026-01-01T00:00:00Z"
}
"#;
    let neutral = text
        .replace(r#""step_size": 60"#, r#""step_size": 1"#)
        .replace("\"start_time\": \"00:00\", \"end_time\": \"00:00\",\n                        ", "")
        .replace(r#"["FRIDAY" , "MONDAY",  "MONDAY"]"#, r#"["MONDAY" , "FRIDAY"]"#)
        .replace(r#", "restrictions": {} }"#, " }")
        .replace(",\n  \"min_price\": {\"excl_vat\": 0.00}", "");
    assert_eq!(fixed(text, Fixes::PriceNeutral), neutral);
    let all = neutral.replace("0.21", "21").replace(r#""23:59""#, r#""00:00""#);
    // Until 00:00 is always: that can go then.
    let all = all.replace(",\n      \"restrictions\": { \"end_time\": \"00:00\" }", "");
    assert_eq!(fixed(text, Fixes::All), all);
}

#[test]
fn what_changes_a_price_is_said_to() {
    let flat =
        |step: i64| json!({"elements": [element(json!([component("FLAT", json!(1), step)]), json!({}))]});
    let at = |limits: Value| json!({"elements": [energy(limits), energy(json!({}))]});
    let vat = |vat: f64| {
        let component = json!({"type": "ENERGY", "price": 0.3, "vat": vat, "step_size": 1});
        json!({"elements": [element(json!([component]), json!({}))]})
    };
    let zero = json!({"elements": [element(json!([component("ENERGY", json!(0.3), 0)]), json!({}))]});
    for (rule, members, expected) in [
        (Rule::FlatStep, flat(60), Some(true)),
        (Rule::FlatStep, flat(-60), Some(false)),
        (Rule::ZeroStep, zero, Some(false)),
        (Rule::IdleMinimum, at(json!({"min_kwh": 0})), Some(true)),
        // Where power was not measured there is no price with the bound, and there is one without.
        (Rule::IdleMinimum, at(json!({"min_power": 0})), Some(false)),
        (Rule::End2359, at(json!({"end_time": "23:59"})), Some(false)),
        (Rule::Time2400, at(json!({"end_time": "24:00"})), Some(false)),
        (Rule::Time2400, at(json!({"start_time": "24:00"})), None),
        (Rule::VatFraction, vat(0.21), Some(false)),
        // A town may take half a percent.
        (Rule::VatFraction, vat(0.005), None),
        (Rule::MinPriceZero, json!({"min_price": {"excl_vat": 0}}), Some(true)),
        (Rule::EmptyWindow, at(json!({"start_time": "10:00", "end_time": "10:00"})), None),
    ] {
        let fix = fix_of(rule, &tariff(Version::V2_2_1, &members));
        assert_eq!(fix.map(|fix| fix.is_price_neutral), expected, "{rule} in {members}");
    }
}

#[test]
fn with_a_member_twice_nothing_is_fixed() {
    // Without the first list the second one would count.
    let days = r#"["MONDAY","TUESDAY","WEDNESDAY","THURSDAY","FRIDAY","SATURDAY","SUNDAY"]"#;
    let text =
        tariff(Version::V2_2_1, &json!({"elements": [energy(json!({"min_kwh": 1})), energy(json!({}))]}));
    let twice = text.replace("\"min_kwh\":1", &format!(r#""day_of_week":{days},"day_of_week":["MONDAY"]"#));
    assert!(twice != text);
    assert_eq!(fix_of(Rule::AllDays, &twice), None);
    assert_eq!(fixed(&twice, Fixes::All), twice);
}

#[test]
fn a_huge_tariff_is_no_burden() {
    let days = vec!["MONDAY"; 30_000];
    let odd = element(json!([component("FLAT", json!(1), 60)]), json!({"day_of_week": days}));
    let idle = energy(json!({"start_time": "00:00", "end_time": "00:00", "min_vehicle_soc": 3}));
    let mut elements = vec![idle; 5_000];
    elements.push(odd);
    let text = tariff(Version::V2_2_1, &json!({"elements": elements}));
    let fixed = Linter::new(Version::V2_2_1).fix(&text, Fixes::PriceNeutral).unwrap();
    assert_eq!(fixed.count, 30_000 + 2 * 5_000);
    assert!(fixed.text.contains(r#"{"day_of_week":["MONDAY"]}"#), "{}", fixed.text.len());
}

/// Restrictions with much to fix.
fn restrictions() -> impl Strategy<Value = Value> {
    let time = prop::sample::select(vec!["00:00", "06:00", "22:00", "23:59", "24:00"]);
    let day = prop::sample::select(vec![
        "MONDAY",
        "TUESDAY",
        "WEDNESDAY",
        "THURSDAY",
        "FRIDAY",
        "SATURDAY",
        "SUNDAY",
    ]);
    let days = prop_oneof![
        2 => prop::collection::vec(day, 0..9),
        1 => Just(vec!["SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]),
    ];
    let bound = prop::sample::select(vec![0_i64, 0, 10]);
    (
        prop::option::of(time.clone()),
        prop::option::of(time),
        prop::option::of(days),
        prop::option::of(bound.clone()),
        prop::option::of(bound),
    )
        .prop_map(|(start, end, days, kwh, duration)| {
            let mut limits = json!({});
            let members = [
                ("start_time", json!(start)),
                ("end_time", json!(end)),
                ("day_of_week", json!(days)),
                ("min_kwh", json!(kwh)),
                ("min_duration", json!(duration)),
            ];
            for (name, value) in members.into_iter().filter(|(_, value)| !value.is_null()) {
                limits[name] = value;
            }
            limits
        })
}

fn elements(version: Version) -> impl Strategy<Value = Value> {
    let kind = prop::sample::select(vec!["ENERGY", "TIME", "PARKING_TIME", "FLAT"]);
    let price = prop::sample::select(vec![0.0, 0.25, 3.0]);
    let step = prop::sample::select(vec![0_i64, 1, 60, 300]);
    let vat = prop::sample::select(vec![None, Some(0.21), Some(21.0)]);
    let component = (kind, price, step, vat).prop_map(move |(kind, price, step, vat)| {
        let mut component = component(kind, json!(price), step);
        if let Some(vat) = vat.filter(|_| version != Version::V2_1_1) {
            component["vat"] = json!(vat);
        }
        component
    });
    let components = prop::collection::vec(component, 1..4);
    let element = (components, prop::option::of(restrictions())).prop_map(|(components, limits)| {
        let mut element = json!({"price_components": components});
        if let Some(limits) = limits {
            element["restrictions"] = limits;
        }
        element
    });
    (prop::collection::vec(element, 1..5), any::<bool>()).prop_map(|(mut elements, repeats)| {
        // The first one again.
        elements.extend(elements.first().cloned().filter(|_| repeats));
        Value::from(elements)
    })
}

fn any_tariff() -> impl Strategy<Value = (Version, String)> {
    let versions = prop::sample::select(vec![Version::V2_1_1, Version::V2_2_1, Version::V2_3_0]);
    let more = prop::sample::select(vec![
        json!({}),
        json!({"tariff_alt_text": [{"language": "en", "text": " "}]}),
        json!({"min_price": {"excl_vat": 0, "before_taxes": 0.0}}),
    ]);
    (versions, more, any::<bool>()).prop_flat_map(|(version, more, spaced)| {
        elements(version).prop_map(move |elements| {
            let text = tariff_text(version, &elements, &more);
            let value: Value = serde_json::from_str(&text).unwrap();
            (version, if spaced { serde_json::to_string_pretty(&value).unwrap() } else { text })
        })
    })
}

/// Some usages under the tariff; none if its price cannot be computed.
fn usages(version: Version, text: &str, seed: u64) -> Vec<Usage> {
    let usage = |seed| match version {
        Version::V2_1_1 => usage::<v2_1_1::tariffs::Tariff>(text, seed),
        Version::V2_2_1 => usage::<v2_2_1::tariffs::Tariff>(text, seed),
        _ => usage::<v2_3_0::tariffs::Tariff>(text, seed),
    };
    (0..8).filter_map(|more| usage(seed.wrapping_add(more))).collect()
}

fn usage<T: Simulate + Object>(text: &str, seed: u64) -> Option<Usage> {
    let mut generator = Generator::new(seed, "Europe/Amsterdam".parse().unwrap());
    let record = generator.record(&Template::new(read::<T>(text))).ok()?;
    Some(record.usage)
}

fn plan(version: Version, text: &str) -> TariffModel {
    let value: Value = serde_json::from_str(text).unwrap();
    plan_of(version, &value["elements"], &value)
}

fn costs(version: Version, text: &str, usage: &Usage) -> String {
    let pricer = Pricer::new([plan(version, text)]);
    let bill = pricer.price(usage).unwrap();
    format!("{:?} {:?}", bill.total(), bill.billed(TariffDimension::Energy))
}

proptest! {
    #[test]
    fn fixing_twice_does_no_more_than_once((version, text) in any_tariff()) {
        let linter = Linter::new(version);
        for fixes in [Fixes::PriceNeutral, Fixes::All] {
            let once = linter.fix(&text, fixes).unwrap();
            prop_assert!(serde_json::from_str::<Value>(&once.text).is_ok(), "{}", once.text);
            let twice = linter.fix(&once.text, fixes).unwrap();
            prop_assert_eq!((&twice.text, twice.count), (&once.text, 0));
            // Findings that are left have no fix, or one that changes prices.
            for finding in linter.lint(&once.text).unwrap() {
                let is_left = finding.fix.as_ref().is_none_or(|fix| !fix.is_price_neutral && fixes != Fixes::All);
                prop_assert!(is_left, "{:?} in {}", finding, once.text);
            }
            if once.count == 0 {
                prop_assert_eq!(&once.text, &text);
            }
        }
    }

    #[test]
    fn fixes_that_are_neutral_change_no_price((version, text) in any_tariff(), seed in any::<u64>()) {
        let fixed = Linter::new(version).fix(&text, Fixes::PriceNeutral).unwrap().text;
        for usage in usages(version, &text, seed) {
            prop_assert_eq!(costs(version, &fixed, &usage), costs(version, &text, &usage), "{} {}", text, fixed);
        }
    }

    #[test]
    fn a_price_that_is_said_to_be_never_used_is_not((version, text) in any_tariff(), seed in any::<u64>()) {
        let findings = Linter::new(version).lint(&text).unwrap();
        let unused = [Rule::UnreachableElement, Rule::ShadowedComponent, Rule::RepeatedElement];
        let unused: Vec<String> = findings
            .iter()
            .filter(|it| unused.contains(&it.rule))
            .map(|it| format!("{}/", it.pointer))
            .collect();
        let plan = plan(version, &text);
        // Where it is not clear when an element applies, nobody says that there is a gap.
        let may_have_gap =
            findings.iter().any(|it| it.rule == Rule::EnergyGap) || plan.all_obstacles().next().is_some();
        let has_energy = plan.elements.iter().flat_map(|it| &it.components).any(|it| it.kind == TariffDimension::Energy);
        let pricer = Pricer::new([plan]);
        for usage in usages(version, &text, seed) {
            let bill = pricer.price(&usage).unwrap();
            let mut priced = BTreeSet::new();
            for line in bill.lines() {
                let pointer = format!("/elements/{}/price_components/{}/", line.element, line.component);
                prop_assert!(!unused.iter().any(|it| pointer.starts_with(it)), "{} in {}", pointer, text);
                if matches!(line.kind, TariffDimension::Energy | TariffDimension::Time) {
                    priced.insert(line.period);
                }
            }
            let is_charging = |period: &Period| period.energy.is_some_and(|it| it > Decimal::ZERO);
            let charging = usage.periods.iter().enumerate().filter(|(_, it)| is_charging(it));
            let is_free = charging.map(|(index, _)| index).any(|index| !priced.contains(&index));
            prop_assert!(may_have_gap || !has_energy || !is_free, "{}", text);
        }
    }

    #[test]
    fn whatever_the_text_is_nothing_breaks(text in r#"[\[\]{}",:0-9a-z\\ é]{0,60}"#) {
        for version in [Version::V2_1_1, Version::V2_3_0] {
            let _ = Linter::new(version).fix(&text, Fixes::All);
        }
    }
}
