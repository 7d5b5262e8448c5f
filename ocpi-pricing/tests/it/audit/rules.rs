//! A broken CDR for each rule, which fires that rule and no other.

use std::collections::BTreeSet;

use ocpi_pricing::audit::{Report, Rule, Verdict};
use ocpi_types::{Severity, Version};
use serde_json::{Value, json};

use super::credit::credit;
use super::{VERSIONS, audit, auditor, case, cdr, cdr_claims, in_full, remove, sessions, set, shown};

const V2: Version = Version::V2_2_1;
const V3: Version = Version::V2_3_0;

/// A CDR that breaks a rule: by pointer, the changes to the correct one; the place of the finding, with the expected
/// and the found value. For a credit CDR also the changes to the original.
struct Broken {
    rule: Rule,
    version: Version,
    set: Value,
    original: Value,
    at: String,
    expected: Option<String>,
    found: Option<String>,
}

fn broken() -> Vec<Broken> {
    table(include_str!("../../audited/broken.json"))
}

fn credits() -> Vec<Broken> {
    table(include_str!("../../audited/credits.json"))
}

fn table(text: &str) -> Vec<Broken> {
    let rows: Vec<Value> = serde_json::from_str(text).unwrap();
    let row = |row: Value| {
        let text = |name: &str| row[name].as_str().map(str::to_owned);
        Broken {
            rule: Rule::named(&text("rule").unwrap()).unwrap_or_else(|| panic!("{row}")),
            version: text("version").unwrap().parse().unwrap(),
            set: row["set"].clone(),
            original: row["original"].clone(),
            at: text("at").unwrap(),
            expected: text("expected"),
            found: text("found"),
        }
    };
    rows.into_iter().map(row).collect()
}

fn changed(mut cdr: Value, changes: &Value) -> Value {
    for (pointer, new) in changes.as_object().into_iter().flatten() {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        match cdr.pointer_mut(parent) {
            Some(Value::Array(list)) if name.parse() == Ok(list.len()) => list.push(new.clone()),
            _ => set(&mut cdr, pointer, new.clone()),
        }
    }
    cdr
}

fn credit_report(version: Version, changes: &Value, original: &Value) -> Report {
    let original = cdr_claims(version, &changed(cdr(version), original));
    auditor().case(&case(version, &changed(credit(version), changes)).original(original))
}

#[test]
fn each_rule_fires_and_no_other() {
    for Broken { rule, version, set, at, expected, found, .. } in broken() {
        let report = audit(version, &changed(cdr(version), &set));
        assert_eq!(shown(&report), [(rule.id(), &*at)], "{:?}", in_full(&report));
        let finding = &report.findings[0];
        assert_eq!((&finding.expected, &finding.found), (&expected, &found), "{rule}");
        let is_wrong = rule.severity() == Severity::Error;
        assert_eq!(report.verdict() == Verdict::Differs, is_wrong, "{rule}");
    }
}

#[test]
fn a_tariff_of_the_same_id() {
    let mut twice = cdr(V2);
    let tariff = twice["tariffs"][0].clone();
    set(&mut twice, "/tariffs", json!([tariff, tariff]));
    assert_eq!(shown(&audit(V2, &twice)), [(Rule::TariffRepeated.id(), "/tariffs/1/id")]);
}

#[test]
fn credit_cdrs_are_held_to_the_original() {
    for version in [V2, V3] {
        let report = credit_report(version, &json!({}), &json!({}));
        assert_eq!((in_full(&report), report.verdict()), (vec![], Verdict::Agrees));
    }
    for Broken { rule, version, set, original, at, .. } in credits() {
        let report = credit_report(version, &set, &original);
        assert_eq!(shown(&report), [(rule.id(), &*at)], "{:?}", in_full(&report));
    }
}

#[test]
fn every_rule_has_a_test() {
    let tables = broken().into_iter().chain(credits()).map(|it| it.rule);
    let tested: BTreeSet<Rule> = tables.chain(sessions::tested()).chain([Rule::TariffRepeated]).collect();
    let missing: Vec<_> = Rule::ALL.iter().filter(|rule| !tested.contains(rule)).collect();
    assert_eq!(missing, [&Rule::TotalCost; 0]);
}

#[test]
fn rules_are_well_formed() {
    for (index, rule) in Rule::ALL.iter().enumerate() {
        assert_eq!(Rule::ALL.iter().position(|it| it.id() == rule.id()), Some(index), "{rule} twice");
        assert_eq!(Rule::named(rule.id()), Some(*rule));
        assert!(
            !rule.message().is_empty() && !rule.about().is_empty() && !rule.source().is_empty(),
            "{rule}"
        );
    }
    // Rules that have the id of a rule of the check are that rule.
    for rule in ocpi_types::Rule::ALL {
        // Periods are priced in order of time, whatever their order.
        if *rule == ocpi_types::Rule::PeriodsOrder {
            assert_eq!(Rule::PeriodsOrder.severity(), Severity::Warning);
            continue;
        }
        if let Some(same) = Rule::named(rule.id()) {
            assert_eq!((same.message(), same.severity()), (rule.message(), rule.severity()), "{}", rule.id());
        }
    }
}

#[test]
fn another_policy_that_agrees_is_named() {
    // 0.45 per started kWh, and the measured quantity is billed.
    let mut cdr = cdr(V2);
    set(&mut cdr, "/tariffs/0/elements/0/price_components/0/step_size", json!(1000));
    let report = audit(V2, &cdr);
    assert_eq!(shown(&report)[0], ("cdr.part_cost", "/total_energy_cost/excl_vat"), "{:?}", in_full(&report));
    assert!(!report.findings.iter().any(|it| it.message.contains("agrees under")), "parking has steps too");
    for part in ["/total_parking_cost", "/total_parking_time"] {
        remove(&mut cdr, part);
    }
    set(&mut cdr, "/charging_periods/1/dimensions", json!([{"type": "ENERGY", "volume": 0}]));
    set(&mut cdr, "/total_time", json!(1.1667));
    set(&mut cdr, "/total_cost", json!({"excl_vat": 9.73, "incl_vat": 11.66}));
    let report = audit(V2, &cdr);
    let total = report.findings.iter().find(|it| it.rule == Rule::TotalCost).unwrap();
    assert_eq!(total.message, "the total is not what the tariffs come to: agrees under steps = ignored");
}

#[test]
fn what_is_wrong_is_found_in_all_versions() {
    for version in VERSIONS {
        let mut wrong = cdr(version);
        set(&mut wrong, "/total_energy", json!(19));
        assert_eq!(shown(&audit(version, &wrong)), [("cdr.total_energy", "/total_energy")]);
    }
}
