//! Parts of a tariff that are not understood have no price, wherever it may matter, and nowhere else.

use ocpi_pricing::bill::{Reason, Remedy};
use ocpi_pricing::policy::{Limits, Steps, UnknownDimensions};
use ocpi_pricing::usage::{Period, Usage};
use ocpi_pricing::{Policy, TariffModel};
use ocpi_types::{ObstacleCause, Version, json, v2_2_1};
use serde_json::{Value, json};

use crate::common::{dec, element, local, plan, plan_of, read, session, with_bill};

/// 10 kWh in an hour.
fn ten() -> Usage {
    session(
        local("2026-05-04T10:00"),
        &[(60, &|period: &mut Period| {
            period.energy = Some(dec("10"));
            period.time = Some(dec("1"));
        })],
    )
}

/// Returns the total before tax, or the gaps.
fn outcome(plans: Vec<TariffModel>, usage: &Usage, policy: Policy) -> Result<String, Vec<String>> {
    with_bill(plans, usage, policy, |bill| match bill.total() {
        Some(total) => Ok(total.before_taxes.unwrap().to_string()),
        None => Err(bill.gap_groups().iter().map(ToString::to_string).collect()),
    })
}

fn priced(elements: Value) -> Result<String, Vec<String>> {
    outcome(vec![plan(elements)], &ten(), Policy::default())
}

fn component(component: Value) -> Value {
    json!({"price_components": [component]})
}

#[test]
fn an_element_without_prices_is_not_free() {
    for prices in [json!({}), json!({"price_components": []}), json!({"price_components": null})] {
        let mut first = prices.clone();
        first["restrictions"] = json!({"max_kwh": 50});
        for elements in [json!([first]), json!([first, element("ENERGY", 0.3, 1, json!({}))])] {
            let gaps = priced(elements.clone()).unwrap_err();
            let cause = "energy: what element 0 prices is not known: `price_components` is empty";
            assert!(gaps.iter().any(|gap| gap.contains(cause)), "{gaps:?}");
        }
        // It never applies, or everything has a price before it.
        first["restrictions"] = json!({"min_kwh": 50});
        assert_eq!(priced(json!([first, element("ENERGY", 0.3, 1, json!({}))])), Ok("3".into()));
        let all = json!({"price_components": [
            {"type": "ENERGY", "price": 0.3, "step_size": 1}, {"type": "TIME", "price": 1, "step_size": 1},
            {"type": "FLAT", "price": 1, "step_size": 1}]});
        assert_eq!(priced(json!([all, prices])), Ok("5".into()));
    }
}

#[test]
fn the_cause_is_named_and_no_other() {
    for (it, cause) in [
        (
            json!({"type": "ENERGY", "price": null, "step_size": 1}),
            "the price of element 0 is not known: `price` is null",
        ),
        (
            json!({"type": "ENERGY", "price": "abc", "step_size": 1}),
            "`price` is no number (/elements/0/price_components/0/price)",
        ),
        (json!({"type": "ENERGY", "price": 1, "step_size": 1, "vat": "?"}), "`vat` is no number"),
        (json!({"type": "ENERGY", "price": 1}), "the step of element 0 is not known: `step_size` is missing"),
        (json!({"price": 1, "step_size": 1}), "what element 0 prices is not known: `type` is missing"),
    ] {
        let gaps = priced(json!([component(it)])).unwrap_err();
        assert!(gaps[0].contains(cause) && !gaps.iter().any(|gap| gap.contains("restriction")), "{gaps:?}");
    }
    let water = json!([component(json!({"type": "WATER", "price": 1, "step_size": 1}))]);
    let mut policy = Policy::default();
    policy.unknown_dimensions = UnknownDimensions::Ignored;
    assert_eq!(outcome(vec![plan(water.clone())], &ten(), policy), Ok("0".into()));
    let gaps = priced(water).unwrap_err();
    assert!(gaps[0].contains("a dimension that OCPI does not have"), "{gaps:?}");
    assert!(gaps[0].contains("policy unknown_dimensions=ignored"), "{gaps:?}");
}

#[test]
fn a_price_that_is_not_known_matters_only_where_it_would_be_used() {
    let broken = |kind: &str| json!({"type": kind, "price": null, "step_size": 1});
    let energy = json!({"type": "ENERGY", "price": 0.3, "step_size": 1});
    // Nothing was parked, and energy has a price before it.
    assert_eq!(priced(json!([{"price_components": [energy, broken("PARKING_TIME")]}])), Ok("3".into()));
    assert_eq!(priced(json!([component(energy.clone()), component(broken("ENERGY"))])), Ok("3".into()));
    assert!(priced(json!([component(broken("ENERGY")), component(energy)])).is_err());
    // A fee has no steps, and steps of a price of zero make no difference.
    assert_eq!(priced(json!([component(json!({"type": "FLAT", "price": 2}))])), Ok("2".into()));
    assert_eq!(priced(json!([component(json!({"type": "ENERGY", "price": 0}))])), Ok("0".into()));
    let mut policy = Policy::default();
    policy.steps = Steps::Ignored;
    let plans = vec![plan(json!([component(json!({"type": "ENERGY", "price": 0.3}))]))];
    assert_eq!(outcome(plans, &ten(), policy), Ok("3".into()));
}

#[test]
fn misspelt_restrictions_may_hold_or_not() {
    let night = |name: &str| {
        let mut night = component(json!({"type": "ENERGY", "price": 1, "step_size": 1}));
        night[name] = json!({"end_time": "07:00"});
        json!([night, element("ENERGY", 10.0, 1, json!({}))])
    };
    let gaps = priced(night("restriction")).unwrap_err();
    assert!(
        gaps[0].contains("whether element 0 applies is not known: `restriction` looks like `restrictions`"),
        "{gaps:?}"
    );
    assert_eq!(priced(night("restrictions")), Ok("100".into()));
    // They may be those of a reservation.
    let mut usage = ten();
    usage.periods[0].energy = None;
    usage.periods[0].time = None;
    usage.periods[0].reservation_time = Some(dec("1"));
    let mut reserved = component(json!({"type": "TIME", "price": 1, "step_size": 1}));
    reserved["restriction"] = json!({"reservation": "RESERVATION"});
    assert!(outcome(vec![plan(json!([reserved]))], &usage, Policy::default()).is_err());
}

#[test]
fn members_of_the_tariff_stand_in_the_way_of_all() {
    let prices = json!([element("ENERGY", 0.3, 1, json!({}))]);
    for (more, cause) in [
        (json!({"elemnts": [1]}), "`elemnts` looks like `elements` (/elemnts)"),
        (json!({"tax_included": "YES"}), "another version"),
        (
            json!({"min_price": "free"}),
            "the least or most that it costs is not known: `min_price` is no object",
        ),
        (json!({"maxPrice": {"excl_vatt": 1}}), "max"),
    ] {
        let plans = vec![plan_of(Version::V2_2_1, &prices, &more)];
        let gaps = outcome(plans, &ten(), Policy::default()).unwrap_err();
        assert!(gaps[0].contains(cause), "{gaps:?}");
    }
    let mut policy = Policy::default();
    policy.limits = Limits::Ignored;
    let plans = vec![plan_of(Version::V2_2_1, &prices, &json!({"min_price": "free"}))];
    assert_eq!(outcome(plans, &ten(), policy), Ok("3".into()));
}

#[test]
fn a_tariff_of_a_cdr_that_could_not_be_read_is_not_passed_over() {
    let text = |tariffs: &str, period: &str| {
        format!(
            r#"{{"id": "C1", "start_date_time": "2026-05-04T08:00:00Z", "stop_date_time": "2026-05-04T09:00:00Z",
            "currency": "EUR", "total_cost": 3, "total_energy": 10, "total_time": 1, {tariffs},
            "charging_periods": [{{"start_date_time": "2026-05-04T08:00:00Z",
                "dimensions": [{{"type": "ENERGY", {period}}}]}}], "last_updated": "2026-05-04T09:00:00Z"}}"#
        )
    };
    let good = r#"{"id": "T1", "currency": "EUR", "last_updated": "2026-01-01T00:00:00Z",
        "elements": [{"price_components": [{"type": "ENERGY", "price": 0.3, "step_size": 1}]}]}"#;
    let priced = |text: &str| {
        let item = json::read_item::<ocpi_types::v2_1_1::cdrs::Cdr>(text.as_bytes()).unwrap();
        let json::Reading::Partial(cdr) = item.reading else { panic!("it lacks members: {text}") };
        let cdr = cdr.into_value();
        outcome(TariffModel::all_of(&cdr.tariffs, &cdr, &cdr.currency), &Usage::from(&cdr), Policy::default())
    };
    let volume = r#""volume": 10"#;
    assert_eq!(priced(&text(&format!(r#""tariffs": [{good}]"#), volume)), Ok("3".into()));
    for (tariffs, cause) in [
        (format!(r#""tariffs": ["T0", {good}]"#), "an element of `tariffs` cannot be read"),
        (format!(r#""tariffs": [{good}], "tariffs": []"#), "`tariffs` stands twice"),
        (format!(r#""tarifs": [{good}]"#), "`tarifs` looks like `tariffs`"),
    ] {
        let gaps = priced(&text(&tariffs, volume)).unwrap_err();
        assert!(gaps[0].contains(cause), "{gaps:?}");
    }
    let gaps =
        priced(&text(&format!(r#""tariffs": [{good}]"#), r#""volume": 10, "volume": 20"#)).unwrap_err();
    assert!(gaps[0].contains("what was used is not known: `volume` stands twice"), "{gaps:?}");
}

#[test]
fn refusals_are_folded_and_say_how_to_go_on() {
    let hour = |period: &mut Period| period.energy = Some(dec("10"));
    let usage = session(
        local("2026-05-04T10:00"),
        &[(60, &hour), (60, &hour), (60, &hour), (60, &hour), (60, &hour)],
    );
    let tariff = plan(json!([
        element("ENERGY", 1.0, 1, json!({"max_power": 11})),
        element("ENERGY", 2.0, 1, json!({}))
    ]));
    with_bill(vec![tariff], &usage, Policy::default(), |bill| {
        let groups = bill.gap_groups();
        assert_eq!((groups.len(), bill.gaps().len()), (1, 5));
        assert_eq!(groups[0].periods, [0, 1, 2, 3, 4]);
        assert_eq!(groups[0].remedies, [Remedy::Policy("power", "average")]);
        assert_eq!(
            groups[0].to_string(),
            "5 periods (0, 1, 2, …): energy: whether element 0 applies depends on max_power, which is not known; \
             give the policy power=average"
        );
    });
    let tariff = plan(json!([component(json!({"type": "ENERGY", "price": null, "step_size": 1}))]));
    with_bill(vec![tariff], &ten(), Policy::default(), |bill| {
        let Reason::Obstacle(obstacle) = &bill.gaps()[0].reason else { panic!("{:?}", bill.gaps()) };
        assert_eq!(obstacle.cause, ObstacleCause::Null);
        assert_eq!(bill.gap_groups()[0].remedies, [Remedy::Tariff]);
    });
}

#[test]
fn currencies_are_the_same_in_lower_case() {
    let text = crate::common::tariff_text(
        Version::V2_2_1,
        &json!([element("ENERGY", 0.3, 1, json!({}))]),
        &json!({"currency": "eur"}),
    );
    let tariff = TariffModel::from(&read::<v2_2_1::tariffs::Tariff>(&text));
    assert_eq!(outcome(vec![tariff], &ten(), Policy::default()), Ok("3".into()));
}
