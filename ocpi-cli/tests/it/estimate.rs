//! `ocpi estimate`.

use serde_json::{Value, json};

use crate::price::TARIFF;
use crate::{LOCATION, folder, ocpi};

const FAST: &str = r#"{"country_code":"NL","party_id":"ALF","id":"FAST","currency":"EUR","tax_included":"NO","elements":[{"price_components":[{"type":"ENERGY","price":0.65,"vat":21,"step_size":1}]}],"last_updated":"2026-01-01T00:00:00Z"}"#;

/// Two sockets of 11 kW and a fast charger, with their tariffs.
fn location() -> String {
    let connector = |limits: Value, tariff: &str| {
        let mut connector = json!({"id": "1", "standard": "IEC_62196_T2", "format": "SOCKET",
            "power_type": "AC_3_PHASE", "tariff_ids": [tariff], "last_updated": "2026-01-01T00:00:00Z"});
        for (name, value) in limits.as_object().unwrap() {
            connector[name] = value.clone();
        }
        connector
    };
    let socket = json!({"max_voltage": 230, "max_amperage": 16});
    let cable =
        json!({"max_voltage": 400, "max_amperage": 500, "max_electric_power": 150_000, "power_type": "DC"});
    let evse = |uid: &str, connector: Value| json!({"uid": uid, "status": "AVAILABLE", "connectors": [connector], "last_updated": "2026-01-01T00:00:00Z"});
    let mut location: Value = serde_json::from_str(LOCATION).unwrap();
    location["evses"] = json!([
        evse("E1", connector(socket.clone(), "DAY")),
        evse("E2", connector(socket, "DAY")),
        evse("E3", connector(cable, "FAST")),
    ]);
    location.to_string()
}

fn estimate(arguments: &str) -> crate::Run {
    let dir = folder(&[("day.json", TARIFF), ("tariffs/fast.json", FAST), ("location.json", &location())]);
    let arguments: Vec<&str> = ["estimate"].into_iter().chain(arguments.split_whitespace()).collect();
    ocpi(dir.path(), &arguments)
}

#[test]
fn one_tariff_is_shown_in_full() {
    let run = estimate(
        "--tariff day.json --arrival 2026-05-04T16:30:00Z --time-zone Europe/Amsterdam --energy 22 --power 11 --idle 30",
    );
    assert_eq!(run.code, 0, "{run:?}");
    let expected = "\
DAY at any, 11 kW
from                  what          measured    billed          price  before taxes  after taxes
--------------------  ------------  --------  --------  -------------  ------------  -----------
2026-05-04T16:30:00Z  fee               once      once           0.50          0.50         0.50
2026-05-04T16:30:00Z  energy         5.5 kWh   5.5 kWh   0.60 per kWh          3.30         3.99
2026-05-04T17:00:00Z  energy        16.5 kWh  16.5 kWh   0.40 per kWh          6.60         7.99
2026-05-04T18:30:00Z  parking time    30 min    30 min  3.00 per hour          1.50         1.82
--------------------  ------------  --------  --------  -------------  ------------  -----------
                      energy                                                   9.90        11.98
                      parking                                                  1.50         1.82
                      fixed                                                    0.50         0.50
                      total EUR                                               11.90        14.29

22 kWh, charging 2:00:00, plugged in 2:30:00 (h:mm:ss); all in 0.6497 EUR per kWh
";
    assert_eq!(run.out, expected);
}

#[test]
fn several_are_compared_the_cheapest_first() {
    let battery = "--tariff tariffs --tariff day.json --location location.json --arrival 2026-05-04T16:30:00Z \
        --battery 60 --from 20 --to 90 --power 120 --idle 30";
    let run = estimate(battery);
    assert_eq!(run.code, 0, "{run:?}");
    let expected = "\
tariff  connector           kW  kWh  charging  plugged in  before taxes  after taxes  per kWh
DAY     E1/1 and 1 more  11.04   42   3:48:16     4:18:16     19.90 EUR    23.98 EUR   0.5709
FAST    E3/1               150   42   0:22:01     0:52:01     27.30 EUR    33.03 EUR   0.7865
";
    assert_eq!(run.out, expected);

    let json = estimate(&format!("{battery} --format json --explain"));
    let lines: Vec<Value> = json.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let [day, fast] = lines.as_slice() else { panic!("{json:?}") };
    assert_eq!((&day["tariff"], &day["power_kw"]), (&json!("DAY"), &json!("11.04")));
    let connectors = json!([{"evse": "E1", "connector": "1"}, {"evse": "E2", "connector": "1"}]);
    assert_eq!(day["connectors"], connectors);
    assert_eq!(
        (&fast["charging_s"], &fast["plugged_in_s"], &fast["energy_kwh"]),
        (&json!(1321), &json!(3121), &json!("42"))
    );
    assert_eq!(fast["bill"]["total"], json!({"before_taxes": "27.3", "after_taxes": "33.033"}));
    assert_eq!(fast["per_kwh"]["after_taxes"], "0.7865");
    assert!(fast["sentences"][0].as_str().unwrap().contains("42 kWh at 0.65"), "{fast}");
}

#[test]
fn a_connector_can_be_chosen() {
    let at = "--location location.json --arrival 2026-05-04T16:30:00Z --energy 20";
    let one = estimate(&format!("--tariff tariffs {at} --evse e3"));
    assert!(one.code == 0 && one.out.starts_with("FAST at E3/1, 150 kW\n"), "{one:?}");
    // The tariff of the connector is not among those given.
    let other = estimate(&format!("--tariff day.json {at} --evse E3"));
    assert!(other.code == 0 && other.out.starts_with("DAY at E3/1"), "{other:?}");
    assert!(other.err.contains("its tariffs (FAST) are not among those given"), "{other:?}");
    let none = estimate(&format!("--tariff day.json {at} --connector 7"));
    assert!(none.code == 2 && none.err.contains("there is no such connector"), "{none:?}");
}

#[test]
fn what_cannot_be_computed_comes_last_with_the_reason() {
    let by_current = FAST.replace("FAST", "AMPS").replace(
        r#""vat":21,"step_size":1}]"#,
        r#""vat":21,"step_size":1}],"restrictions":{"min_current":16}"#,
    );
    let dir = folder(&[("amps.json", &by_current), ("fast.json", FAST)]);
    let all = [
        "estimate",
        "--tariff",
        "amps.json",
        "--tariff",
        "fast.json",
        "--arrival",
        "2026-05-04T16:30:00Z",
        "--time-zone",
        "Europe/Oslo",
        "--energy",
        "10",
        "--power",
        "50",
    ];
    let run = ocpi(dir.path(), &all);
    assert_eq!(run.code, 1, "{run:?}");
    let expected = "\
tariff  connector  kW  kWh  charging  plugged in  before taxes  after taxes  per kWh
FAST    any        50   10   0:12:00     0:12:00      6.50 EUR     7.87 EUR   0.7865
AMPS    any        50   10   0:12:00     0:12:00             ?            ?        ?
AMPS at any: not computable: period 0: energy: whether element 0 applies depends on min_current, which is not known
";
    assert_eq!(run.out, expected);
}

#[test]
fn wrong_usage_ends_with_2() {
    let at = "--tariff day.json --arrival 2026-05-04T16:30:00Z --time-zone Europe/Oslo";
    for (arguments, why) in [
        ("--tariff day.json --time-zone Europe/Oslo --energy 3 --power 11".to_owned(), "--arrival"),
        (format!("{at} --power 11"), "--energy"),
        (format!("{at} --energy 3"), "--power"),
        (format!("{at} --power 11 --battery 60 --from 20"), "--to"),
        (format!("{at} --power 11 --battery 60 --from 80 --to 20"), "cannot go from 80 to 20 percent"),
        (format!("{at} --power 11 --energy -3"), "'-3'"),
        (format!("{at} --power 11 --energy=-3"), "the energy is negative"),
        (format!("{at} --power 11 --energy 3 --evse E1"), "--location"),
        ("--tariff day.json --arrival 2026-05-04T16:30:00Z --energy 3 --power 11".to_owned(), "--time-zone"),
        (format!("{at} --power 11 --energy much"), "not a decimal number"),
    ] {
        let run = estimate(&arguments);
        assert_eq!((run.code, &*run.out), (2, ""), "{run:?}");
        assert!(run.err.contains(why), "{arguments}: {run:?}");
    }
    let missing = estimate(
        "--tariff none.json --arrival 2026-05-04T16:30:00Z --time-zone Europe/Oslo --energy 3 --power 1",
    );
    assert_eq!(missing.code, 3, "{missing:?}");
}

/// Local time to some and UTC to others: hours apart, and another price.
#[test]
fn an_arrival_says_in_which_zone_it_is() {
    let at = |arrival: &str| {
        estimate(&format!(
            "--tariff day.json --arrival {arrival} --time-zone Europe/Amsterdam --energy 22 --power 11 --format json"
        ))
    };
    let run = at("2026-05-04T16:30:00");
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("neither Z nor an offset"), "{}", run.err);
    assert_eq!(at("2026-05-04T18:30:00+02:00").out, at("2026-05-04T16:30:00Z").out);
}
