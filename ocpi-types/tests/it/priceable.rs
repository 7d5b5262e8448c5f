//! Parts of a price that are not understood are never ignored.

use ocpi_types::{Priceable, json, v2_1_1, v2_2_1, v2_3_0};

fn obstacles<T: Priceable>(text: &str) -> Vec<String> {
    let item = json::read_item::<T>(text.as_bytes()).expect("it is read");
    let value = match item.reading {
        json::Reading::Whole(value) => value,
        json::Reading::Partial(partial) => partial.into_value(),
        json::Reading::Unreadable(_) => panic!("{text} is no object"),
    };
    let obstacles = value.obstacles();
    assert!(obstacles.iter().all(|found| found.message().contains(&*found.member)));
    assert_eq!(obstacles.is_empty(), value.is_priceable());
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
        // A member that only describes is no obstacle.
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

/// The pointers of all obstacles, with the causes.
fn told<T: Priceable>(text: &str) -> Vec<String> {
    let item = json::read_item::<T>(text.as_bytes()).expect("it is read");
    let value = match item.reading {
        json::Reading::Whole(value) => value,
        json::Reading::Partial(partial) => partial.into_value(),
        json::Reading::Unreadable(_) => panic!("{text} is no object"),
    };
    value.obstacles().iter().map(ToString::to_string).collect()
}

/// Of an element of every version.
fn all_versions(element: &str, expected: &[&str]) {
    assert_eq!(told::<v2_1_1::tariffs::TariffElement>(element), expected, "2.1.1 {element}");
    assert_eq!(told::<v2_2_1::tariffs::TariffElement>(element), expected, "2.2.1 {element}");
    assert_eq!(told::<v2_3_0::tariffs::TariffElement>(element), expected, "2.3.0 {element}");
}

#[test]
fn every_cause_is_named() {
    for (members, expected) in [
        ("", "/price_components: `price_components` is empty or missing"),
        (r#""price_components":[]"#, "/price_components: `price_components` is empty or missing"),
        (r#""price_components":null"#, "/price_components: `price_components` is empty or missing"),
        (
            r#""restrictions":{"min_kwh":1},"price_components":"none""#,
            "/price_components: `price_components` is no list",
        ),
        (
            r#""restrictions":{"min_kwh":1},"price_components":[null]"#,
            "/price_components: an element of `price_components` cannot be read",
        ),
        (
            r#""restrictions":{"min_kwh":1},"price_components":["free"]"#,
            "/price_components: an element of `price_components` cannot be read",
        ),
        (
            &format!(r#""price_component":[{PRICE}]"#),
            "/price_component: `price_component` looks like `price_components`",
        ),
    ] {
        let members = if members.is_empty() { r#""note":1"#.to_owned() } else { members.to_owned() };
        all_versions(&format!("{{{members}}}"), &[expected]);
    }
    for (component, expected) in [
        (r#""type":"ENERGY","price":null,"step_size":1"#, "price: `price` is null"),
        (r#""type":"ENERGY","price":"abc","step_size":1"#, "price: `price` is no number"),
        (r#""type":"ENERGY","step_size":1"#, "price: `price` is missing"),
        (r#""type":"ENERGY","prices":1,"step_size":1"#, "prices: `prices` looks like `price`"),
        (r#""price":1,"step_size":1"#, "type: `type` is missing"),
        (r#""type":"WATER","price":1,"step_size":1"#, "type: `type` is a dimension that OCPI does not have"),
        (r#""type":"ENERGY","price":1"#, "step_size: `step_size` is missing"),
        (r#""type":"ENERGY","price":1,"step_size":-1"#, "step_size: `step_size` is below zero"),
        (
            r#""type":"ENERGY","price":1,"step_size":1,"min_kwh":3"#,
            "min_kwh: `min_kwh` belongs into `restrictions`",
        ),
        (
            r#""type":"ENERGY","price":0.10,"price":0.25,"step_size":1"#,
            "price: `price` stands twice with different values",
        ),
        (
            r#""type":"ENERGY","price":0.10,"step_size":1,"step_size":1000"#,
            "step_size: `step_size` stands twice with different values",
        ),
        (
            r#""type":"ENERGY","price":0.10,"step_size":1,"type":"TIME""#,
            "type: `type` stands twice with different values",
        ),
    ] {
        let element = format!(r#"{{"price_components":[{PRICE},{{{component}}}]}}"#);
        all_versions(&element, &[&format!("/price_components/1/{expected}")]);
    }
    for (members, expected) in [
        (r#""restrictions":"always""#, "/restrictions: `restrictions` is no object that can be read"),
        (r#""restriction":{"min_kwh":1}"#, "/restriction: `restriction` looks like `restrictions`"),
        (r#""start_time":"08:00""#, "/start_time: `start_time` belongs into `restrictions`"),
        (r#""restrictions":{"min_soc":1}"#, "/restrictions/min_soc: unknown restriction `min_soc`"),
        (r#""restrictions":{"max_powr":1}"#, "/restrictions/max_powr: `max_powr` looks like `max_power`"),
        (r#""restrictions":{"min_kwh":"lots"}"#, "/restrictions/min_kwh: `min_kwh` is no number"),
        (
            r#""restrictions":{"start_time":"noon"}"#,
            "/restrictions/start_time: `start_time` is no time of day",
        ),
        (r#""restrictions":{"end_date":"soon"}"#, "/restrictions/end_date: `end_date` is no date"),
        (
            r#""restrictions":{"day_of_week":["MONDAY","WEEKEND"]}"#,
            "/restrictions/day_of_week/1: `day_of_week` has a value that OCPI does not have",
        ),
        (
            r#""restrictions":{"day_of_week":[null]}"#,
            "/restrictions/day_of_week: an element of `day_of_week` cannot be read",
        ),
        (
            r#""restrictions":{"max_kwh":1,"max_kwh":2}"#,
            "/restrictions/max_kwh: `max_kwh` stands twice with different values",
        ),
        (
            r#""restrictions":{"max_kwh":1},"restrictions":{"max_kwh":2}"#,
            "/restrictions: `restrictions` stands twice with different values",
        ),
    ] {
        all_versions(&format!(r#"{{"price_components":[{PRICE}],{members}}}"#), &[expected]);
    }
}

#[test]
fn what_says_nothing_is_no_obstacle() {
    for members in [
        r#""restrictions":null"#,
        r#""restrictions":{}"#,
        r#""restrictions":[]"#,
        r#""restriction":null"#,
        r#""restrictions":{"min_soc":null}"#,
        r#""restrictions":{"max_kwh":2.0,"max_kwh":2}"#,
        r#""note":"night","x_price":3,"name":"A","vendor":{"price":1}"#,
    ] {
        all_versions(&format!(r#"{{"price_components":[{PRICE}],{members}}}"#), &[]);
    }
    for component in [
        // A fee has no steps.
        r#""type":"FLAT","price":1"#,
        r#""type":"FLAT","price":1,"step_size":"none""#,
        r#""type":"ENERGY","price":0.10,"price":0.1,"step_size":1"#,
    ] {
        all_versions(&format!(r#"{{"price_components":[{{{component}}}]}}"#), &[]);
    }
}

#[test]
fn tax_of_a_component() {
    let component =
        |vat: &str| format!(r#"{{"price_components":[{}]}}"#, PRICE.replacen('{', &format!("{{{vat},"), 1));
    for (vat, expected) in [
        (r#""vat":"high""#, "vat: `vat` is no number"),
        (r#""vat":19,"vat":7"#, "vat: `vat` stands twice with different values"),
        (r#""vat":-100"#, "vat: `vat` is -100 percent or less"),
        (r#""vats":19"#, "vats: `vats` looks like `vat`"),
    ] {
        let expected = [format!("/price_components/0/{expected}")];
        assert_eq!(told::<v2_2_1::tariffs::TariffElement>(&component(vat)), expected);
        assert_eq!(told::<v2_3_0::tariffs::TariffElement>(&component(vat)), expected);
        // 2.1.1 has no such member.
        assert_eq!(told::<v2_1_1::tariffs::TariffElement>(&component(vat)), [""; 0]);
    }
    assert_eq!(told::<v2_2_1::tariffs::TariffElement>(&component(r#""vat":null"#)), [""; 0]);
}

#[test]
fn what_stands_around_the_elements() {
    let tariff = |version: &str, member: &str| {
        let text = std::fs::read_to_string(format!(
            "{}/tests/fixtures/{version}/tariff.minimal.json",
            env!("CARGO_MANIFEST_DIR")
        ));
        text.expect("a fixture").trim_end().trim_end_matches('}').to_owned() + &format!(",{member}}}")
    };
    let later = |member: &str, expected: &str| {
        assert_eq!(told::<v2_2_1::tariffs::Tariff>(&tariff("2.2.1", member)), [expected], "2.2.1");
        assert_eq!(told::<v2_3_0::tariffs::Tariff>(&tariff("2.3.0", member)), [expected], "2.3.0");
    };
    let all = |member: &str, expected: &str| {
        assert_eq!(told::<v2_1_1::tariffs::Tariff>(&tariff("2.1.1", member)), [expected], "2.1.1");
        later(member, expected);
    };
    all(r#""currency":"XXX""#, "/currency: `currency` stands twice with different values");
    all(r#""elements":[]"#, "/elements: `elements` stands twice with different values");
    all(r#""elemnts":[1]"#, "/elemnts: `elemnts` looks like `elements`");
    all(r#""day_of_week":["MONDAY"]"#, "/day_of_week: `day_of_week` belongs into `restrictions`");
    later(r#""min_price":"free""#, "/min_price: `min_price` is no object that can be read");
    later(r#""max_prices":{"excl_vat":1}"#, "/max_prices: `max_prices` looks like `max_price`");
    later(r#""start_date_time":"soon""#, "/start_date_time: `start_date_time` is no time");
    for (member, expected) in [
        (r#""min_price":{"excl_vat":1}"#, "/min_price: `min_price` is a member of another version of OCPI"),
        (r#""tax_included":"YES""#, "/tax_included: `tax_included` is a member of another version of OCPI"),
    ] {
        assert_eq!(told::<v2_1_1::tariffs::Tariff>(&tariff("2.1.1", member)), [expected]);
    }
    let limit = r#""min_price":{"excl_vat":1,"incl_vatt":2}"#;
    let expected = "/min_price/incl_vatt: `incl_vatt` looks like `incl_vat`";
    assert_eq!(told::<v2_2_1::tariffs::Tariff>(&tariff("2.2.1", limit)), [expected]);
    let harmless =
        r#""name":"Day","x_elements":[],"tariff_alt_txt":[],"preauthorize_amont":3,"energy_mx":{}"#;
    assert_eq!(told::<v2_2_1::tariffs::Tariff>(&tariff("2.2.1", harmless)), [""; 0]);
    assert_eq!(told::<v2_3_0::tariffs::Tariff>(&tariff("2.3.0", harmless)), [""; 0]);
    assert_eq!(told::<v2_2_1::tariffs::Tariff>(&tariff("2.2.1", r#""tax_included":"NO""#)), [""; 0]);
    for tax in [r#""tax_included":"MAYBE""#, r#""tax_included":"YES""#] {
        assert_eq!(told::<v2_3_0::tariffs::Tariff>(&tariff("2.3.0", tax)).len(), 1, "{tax}");
    }
}

#[test]
fn a_price_that_is_given_later_is_no_obstacle() {
    use ocpi_types::Patched as _;
    let twice = r#"{"country_code":"NL","party_id":"ABC","id":"T1","currency":"EUR","currency":"SEK",
        "elements":[{"price_components":[{"type":"FLAT","price":1,"step_size":1}]}],
        "last_updated":"2026-01-01T00:00:00Z"}"#;
    let mut tariff = json::read::<v2_2_1::tariffs::Tariff>(twice.as_bytes()).expect("it is read").value;
    assert!(!tariff.is_priceable());
    let patch = r#"{"currency":"SEK","last_updated":"2026-01-02T00:00:00Z"}"#;
    tariff.apply(json::from_str(patch).expect("a PATCH"));
    assert!(tariff.is_priceable());
}

/// The obstacles of a tariff of 2.2.1 and of 2.3.0 with this least and this most price.
fn limited(limit: &str) -> [Vec<String>; 2] {
    let with = |text: &str| {
        let limits = format!(r#""min_price":{limit},"max_price":{limit},"elements""#);
        text.replacen("\"elements\"", &limits, 1)
    };
    [
        told::<v2_2_1::tariffs::Tariff>(&with(include_str!("../fixtures/2.2.1/tariff.minimal.json"))),
        told::<v2_3_0::tariffs::Tariff>(&with(include_str!("../fixtures/2.3.0/tariff.minimal.json"))),
    ]
}

#[test]
fn only_null_is_no_limit() {
    assert_eq!(limited("null"), [vec![""; 0], vec![""; 0]]);
    for told in limited("[]") {
        assert_eq!(told.len(), 2, "{told:?}");
        assert_eq!(told[0], "/min_price: `min_price` is no object that can be read");
    }
    let [old, new] = limited("{}");
    assert_eq!((old.len(), &*old[0]), (2, "/min_price/excl_vat: `excl_vat` is missing"));
    assert_eq!((new.len(), &*new[0]), (2, "/min_price/before_taxes: `before_taxes` is missing"));
}

#[test]
fn a_limit_that_cannot_be_read_names_its_member() {
    for (limit, old, new) in [
        (
            r#"{"excl_vat":null}"#,
            "/min_price/excl_vat: `excl_vat` is null",
            "/min_price/excl_vat: `excl_vat` is a member of another version of OCPI",
        ),
        (
            r#"{"excl_vatt":7}"#,
            "/min_price/excl_vatt: `excl_vatt` looks like `excl_vat`",
            "/min_price/before_taxes: `before_taxes` is missing",
        ),
        (
            r#"{"excl_vat":"7,00"}"#,
            "/min_price/excl_vat: `excl_vat` is no number",
            "/min_price/excl_vat: `excl_vat` is a member of another version of OCPI",
        ),
        (
            r#"{"incl_vat":7}"#,
            "/min_price/excl_vat: `excl_vat` is missing",
            "/min_price/incl_vat: `incl_vat` is a member of another version of OCPI",
        ),
        (
            r#"{"before_taxes":7}"#,
            "/min_price/before_taxes: `before_taxes` is a member of another version of OCPI",
            "",
        ),
        (r#"{"excl_vat":7}"#, "", "/min_price/excl_vat: `excl_vat` is a member of another version of OCPI"),
        // What another version calls it may stand beside it.
        (r#"{"excl_vat":7,"before_taxes":7}"#, "", ""),
    ] {
        for (told, expected) in limited(limit).into_iter().zip([old, new]) {
            assert_eq!(told.first().map(String::as_str).unwrap_or_default(), expected, "{limit}");
            assert_eq!(told.len(), if expected.is_empty() { 0 } else { 2 }, "{told:?}");
        }
    }
}

#[test]
fn what_a_cdr_is_priced_and_audited_by() {
    let cdr = |from: &str, to: &str| {
        let text = include_str!("../fixtures/2.2.1/cdr.minimal.json");
        let compact: serde_json::Value = serde_json::from_str(text).expect("JSON");
        let compact = compact.to_string();
        let changed = compact.replacen(from, to, 1);
        assert_ne!(compact, changed, "{from}");
        told::<v2_2_1::cdrs::Cdr>(&changed)
    };
    for (from, to, expected) in [
        (
            "\"total_cost\":{",
            "\"total_cost\":{\"excl_vat\":-9,",
            "/total_cost/excl_vat: `excl_vat` stands twice with different values",
        ),
        (
            "\"total_cost\":{",
            "\"total_time_cost\":{\"incl_vat\":1},\"total_cost\":{",
            "/total_time_cost/excl_vat: `excl_vat` is missing",
        ),
        (
            "\"end_date_time\":",
            "\"end_date_time\":\"2015-01-01T00:00:00Z\",\"end_date_time\":",
            "/end_date_time: `end_date_time` stands twice with different values",
        ),
        ("\"end_date_time\":", "\"x_end\":", "/end_date_time: `end_date_time` is missing"),
        ("\"currency\":", "\"x_currency\":", "/currency: `currency` is missing"),
        ("\"total_energy\":", "\"x_energy\":", "/total_energy: `total_energy` is missing"),
        (
            "\"total_cost\":{",
            "\"total_cost\":\"4 EUR\",\"x\":{",
            "/total_cost: `total_cost` is no object that can be read",
        ),
        ("\"volume\":", "\"x_volume\":", "/charging_periods/0/dimensions/0/volume: `volume` is missing"),
    ] {
        assert_eq!(cdr(from, to), [expected], "{from} {to}");
    }
    // An empty part says nothing.
    assert_eq!(cdr("\"total_cost\":{", "\"total_time_cost\":{},\"total_cost\":{"), [""; 0]);
}
