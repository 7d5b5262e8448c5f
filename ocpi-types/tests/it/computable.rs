//! What is not understood about a price is never ignored.

use ocpi_types::{Computable, json, v2_1_1, v2_2_1, v2_3_0};

fn obstacles<T: Computable>(text: &str) -> Vec<String> {
    let item = json::read_item::<T>(text.as_bytes()).expect("it is read");
    let value = match item.reading {
        json::Reading::Whole(value) => value,
        json::Reading::Partial(partial) => partial.into_value(),
        json::Reading::Unreadable(_) => panic!("{text} is no object"),
    };
    let obstacles = value.obstacles();
    assert!(obstacles.iter().all(|found| found.rule.id() == "tariff.not_computable"));
    assert_eq!(obstacles.is_empty(), value.is_computable());
    obstacles.into_iter().map(|found| found.pointer).collect()
}

const PRICE: &str = r#"{"type":"ENERGY","price":0.30,"step_size":1}"#;

#[test]
fn elements_that_are_not_understood() {
    for (element, expected) in [
        (format!(r#"{{"price_components":[{PRICE}]}}"#), vec![]),
        (
            format!(
                r#"{{"price_components":[{PRICE}],"restrictions":{{"min_kwh":5,"day_of_week":["MONDAY"]}}}}"#
            ),
            vec![],
        ),
        // What only describes is no obstacle.
        (format!(r#"{{"price_components":[{PRICE}],"note":"night"}}"#), vec![]),
        (
            format!(r#"{{"price_components":[{PRICE}],"restrictions":{{"min_soc":5}}}}"#),
            vec!["/restrictions/min_soc"],
        ),
        (
            format!(r#"{{"price_components":[{PRICE}],"restrictions":{{"min_kwh":"lots"}}}}"#),
            vec!["/restrictions/min_kwh"],
        ),
        (format!(r#"{{"price_components":[{PRICE}],"restrictions":"always"}}"#), vec!["/restrictions"]),
        (
            format!(r#"{{"price_components":[{PRICE}],"restrictions":{{"start_time":"noon"}}}}"#),
            vec!["/restrictions/start_time"],
        ),
        (
            format!(r#"{{"price_components":[{PRICE}],"restrictions":{{"day_of_week":["WEEKEND"]}}}}"#),
            vec!["/restrictions/day_of_week/0"],
        ),
        (
            PRICE.replace("ENERGY", "CONGESTION").replacen('{', r#"{"price_components":[{"#, 1) + "]}",
            vec!["/price_components/0/type"],
        ),
        (
            PRICE.replace("0.30", "\"free\"").replacen('{', r#"{"price_components":[{"#, 1) + "]}",
            vec!["/price_components/0/price"],
        ),
        (format!(r#"{{"price_components":["free",{PRICE}]}}"#), vec!["/price_components"]),
        (r#"{"price_components":[]}"#.to_owned(), vec!["/price_components"]),
    ] {
        assert_eq!(obstacles::<v2_1_1::tariffs::TariffElement>(&element), expected, "2.1.1 {element}");
        assert_eq!(obstacles::<v2_2_1::tariffs::TariffElement>(&element), expected, "2.2.1 {element}");
        assert_eq!(obstacles::<v2_3_0::tariffs::TariffElement>(&element), expected, "2.3.0 {element}");
    }
}

#[test]
fn a_tariff_without_elements_is_not_free_of_charge() {
    let tariff = include_str!("../fixtures/2.2.1/tariff.minimal.json");
    assert_eq!(obstacles::<v2_2_1::tariffs::Tariff>(tariff), [""; 0]);
    let without = tariff.replace("\"elements\"", "\"x_elements\"");
    assert_eq!(obstacles::<v2_2_1::tariffs::Tariff>(&without), ["/elements"]);
    // A gross price must not be read as net.
    let tariff = include_str!("../fixtures/2.3.0/tariff.minimal.json");
    let without = tariff.replace("\"tax_included\"", "\"x_tax_included\"");
    assert_eq!(obstacles::<v2_3_0::tariffs::Tariff>(&without), ["/tax_included"]);
}
