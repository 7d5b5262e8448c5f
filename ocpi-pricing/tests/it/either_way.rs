//! Unknown values that make no difference: the price can be computed.

use ocpi_pricing::policy::Steps;
use ocpi_pricing::usage::{Period, Usage};
use ocpi_pricing::{Policy, TariffModel};
use serde_json::{Value, json};

use crate::common::{dec, element, local, plan, session, with_bill};

/// Energy, then parking; nobody gives the power.
fn stay() -> Usage {
    let charging = |period: &mut Period| {
        period.energy = Some(dec("10"));
        period.time = Some(dec("0.5"));
    };
    let parking = |period: &mut Period| period.parking_time = Some(dec("0.5"));
    session(local("2026-05-04T10:00"), &[(30, &charging), (30, &parking)])
}

fn total(elements: Value, policy: Policy) -> Option<String> {
    with_bill(vec![plan(elements)], &stay(), policy, |bill| {
        bill.total().map(|total| total.before_taxes.unwrap().to_string())
    })
}

fn some(total: &str) -> Option<String> {
    Some(total.to_owned())
}

/// Conditions that the session says nothing of.
fn unknown() -> [Value; 3] {
    [json!({"min_power": 50}), json!({"max_current": 16}), json!({"min_soc": 3})]
}

#[test]
fn the_same_price_whichever_element_applies() {
    for limits in unknown() {
        let either = |kind: &str, one: f64, other: f64| {
            json!([element(kind, one, 1, limits.clone()), element(kind, other, 1, json!({}))])
        };
        assert_eq!(total(either("ENERGY", 0.3, 0.3), Policy::default()), some("3"));
        assert_eq!(total(either("ENERGY", 0.3, 0.4), Policy::default()), None);
        assert_eq!(total(either("PARKING_TIME", 0.0, 0.0), Policy::default()), some("0"));
        assert_eq!(total(either("FLAT", 2.0, 2.0), Policy::default()), some("2"));
        assert_eq!(total(either("FLAT", 2.0, 1.0), Policy::default()), None);
        // Steps of a price of zero make no difference; those of another price do.
        let steps = |price: f64| {
            json!([element("ENERGY", price, 1, limits.clone()), element("ENERGY", price, 500, json!({}))])
        };
        assert_eq!(total(steps(0.0), Policy::default()), some("0"));
        assert_eq!(total(steps(0.3), Policy::default()), None);
        // A tax on top is part of the price.
        let mut taxed = either("ENERGY", 0.3, 0.3);
        taxed[0]["price_components"][0]["vat"] = json!(20);
        assert_eq!(total(taxed, Policy::default()), None);
        // Of three, one that differs is one too many; behind the one that holds none matters.
        let mut three = either("ENERGY", 0.3, 0.3);
        three.as_array_mut().unwrap().insert(1, element("ENERGY", 0.4, 1, limits.clone()));
        assert_eq!(total(three.clone(), Policy::default()), None);
        three.as_array_mut().unwrap().swap(1, 2);
        assert_eq!(total(three, Policy::default()), some("3"));
    }
}

#[test]
fn nothing_or_a_price_of_nothing() {
    for limits in unknown() {
        for kind in ["ENERGY", "TIME", "PARKING_TIME", "FLAT"] {
            assert_eq!(total(json!([element(kind, 0.0, 1, limits.clone())]), Policy::default()), some("0"));
            assert_eq!(total(json!([element(kind, 0.1, 1, limits.clone())]), Policy::default()), None);
        }
        // Free parking that may be none at all decides whether charging time is rounded up.
        let elements =
            json!([element("PARKING_TIME", 0.0, 1, limits.clone()), element("TIME", 2.0, 3600, json!({})),]);
        assert_eq!(total(elements.clone(), Policy::default()), None);
        let mut policy = Policy::default();
        policy.steps = Steps::Ignored;
        assert_eq!(total(elements, policy), some("1"));
        // A fee of nothing that may not apply leaves room for another.
        let fees = json!([
            element("FLAT", 0.0, 1, limits.clone()),
            element("FLAT", 3.0, 1, json!({"min_duration": 1800})),
        ]);
        assert_eq!(total(fees, Policy::default()), None);
    }
}

#[test]
fn without_a_time_zone_the_same_price_by_day_and_night() {
    let elements = |night: f64| {
        json!([
            element("ENERGY", night, 1, json!({"start_time": "22:00", "end_time": "06:00"})),
            element("ENERGY", 0.3, 1, json!({})),
        ])
    };
    let mut usage = stay();
    usage.zone = None;
    let is_computable =
        |plan: TariffModel| with_bill(vec![plan], &usage, Policy::default(), |bill| bill.is_computable());
    assert!(is_computable(plan(elements(0.3))));
    assert!(!is_computable(plan(elements(0.2))));
}
