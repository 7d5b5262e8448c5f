//! The prices of a tariff that are told first.

use ocpi_pricing::HeadlinePrice;
use ocpi_types::json::{self, Reading};
use ocpi_types::{Object, v2_1_1, v2_2_1, v2_3_0};

fn tariff<T: Object>(elements: &str, more: &str) -> T {
    let text = format!(
        r#"{{"country_code": "NL", "party_id": "ALF", "id": "T1", "currency": "EUR", {more}
            "elements": [{elements}], "last_updated": "2026-01-01T00:00:00Z"}}"#
    );
    match json::read_item::<T>(text.as_bytes()).unwrap().reading {
        Reading::Whole(tariff) => tariff,
        Reading::Partial(partial) => partial.into_value(),
        Reading::Unreadable(_) => panic!("no tariff"),
    }
}

const ENERGY: &str =
    r#"{"price_components": [{"type": "ENERGY", "price": 0.30, "vat": 20, "step_size": 1}]}"#;
const AT_NIGHT: &str = r#"{"price_components": [{"type": "ENERGY", "price": 0.20, "step_size": 1}],
    "restrictions": {"start_time": "22:00", "end_time": "06:00"}}"#;
const RESERVED: &str = r#"{"price_components": [{"type": "TIME", "price": 5, "step_size": 1}],
    "restrictions": {"reservation": "RESERVATION"}}"#;
const HOURLY: &str = r#"{"price_components": [{"type": "TIME", "price": 2.4, "vat": 20, "step_size": 60},
    {"type": "FLAT", "price": 0.5, "vat": 20, "step_size": 1}]}"#;

fn told(elements: &[&str], more: &str) -> String {
    let tariff: v2_3_0::tariffs::Tariff = tariff(&elements.join(","), more);
    HeadlinePrice::of(&tariff).map_or_else(|obstacle| obstacle.to_string(), |price| price.to_string())
}

#[test]
fn prices_are_those_without_restrictions() {
    for (elements, expected) in [
        (&[ENERGY][..], "0.36 EUR per kWh, taxes included"),
        (&[AT_NIGHT, ENERGY], "0.36 EUR per kWh, taxes included, varies"),
        // What comes later does not count.
        (&[ENERGY, AT_NIGHT], "0.36 EUR per kWh, taxes included"),
        (&[AT_NIGHT], "no price without restrictions"),
        (&[RESERVED, ENERGY], "0.36 EUR per kWh, taxes included"),
        (
            &[ENERGY, HOURLY],
            "0.36 EUR per kWh, 2.88 EUR per hour of charging, 0.6 EUR per session, taxes included",
        ),
        (&[RESERVED], "free"),
    ] {
        assert_eq!(told(elements, r#""tax_included": "NO","#), expected, "{elements:?}");
    }
    assert_eq!(told(&[ENERGY], r#""tax_included": "YES","#), "0.3 EUR per kWh, taxes included");
}

#[test]
fn a_tax_that_is_not_known_is_left_out() {
    let tariff: v2_1_1::tariffs::Tariff = tariff(ENERGY, "");
    let energy = HeadlinePrice::of(&tariff).unwrap().energy.unwrap();
    assert_eq!((energy.before_taxes, energy.after_taxes), ("0.30".parse().ok(), None));
}

#[test]
fn an_obstacle_is_no_price() {
    let unread = r#"{"price_components": [{"type": "ENERGY", "price": null, "step_size": 1}]}"#;
    let tariff: v2_2_1::tariffs::Tariff = tariff(unread, "");
    let obstacle = HeadlinePrice::of(&tariff).unwrap_err();
    assert_eq!(obstacle.element, Some(0));
    let odd = r#"{"price_components": [{"type": "ENERGY", "price": 1, "step_size": 1}], "restrictions": {"moon": 1}}"#;
    assert_eq!(
        told(&[odd, ENERGY], r#""tax_included": "NO","#),
        "0.36 EUR per kWh, taxes included, varies",
        "an element that may apply makes the price vary"
    );
}
