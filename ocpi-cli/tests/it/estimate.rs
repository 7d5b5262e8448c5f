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
    let document = json.json();
    let Some([day, twin, fast]) = document["offers"].as_array().map(Vec::as_slice) else {
        panic!("{json:?}")
    };
    assert_eq!((&day["tariff"], &day["power_kw"]), (&json!("DAY"), &json!("11.04")));
    let plugs = [day, twin, fast]
        .map(|offer| (offer["evse"].as_str().unwrap(), offer["connector"].as_str().unwrap()));
    assert_eq!(plugs, [("E1", "1"), ("E2", "1"), ("E3", "1")]);
    assert_eq!(
        (&fast["charging_s"], &fast["plugged_in_s"], &fast["energy_kwh"]),
        (&json!(1321), &json!(3121), &json!("42"))
    );
    assert_eq!((&fast["time_h"], &fast["parking_h"]), (&json!("0.3669"), &json!("0.5")));
    assert_eq!(fast["total"], json!({"before_taxes": "27.3", "after_taxes": "33.033"}));
    assert_eq!(document["not_computable"], json!([]));
    assert_eq!(fast["bill"]["total"], json!({"before_taxes": "27.3", "after_taxes": "33.033"}));
    assert_eq!(fast["per_kwh"]["after_taxes"], "0.7865");
    assert!(fast["sentences"][0].as_str().unwrap().contains("42 kWh at 0.65"), "{fast}");
}

#[test]
fn a_connector_can_be_chosen() {
    let at = "--location location.json --arrival 2026-05-04T16:30:00Z --energy 20";
    let one = estimate(&format!("--tariff tariffs {at} --evse e3"));
    assert!(one.code == 0 && one.out.starts_with("FAST at E3/1, 150 kW\n"), "{one:?}");
    let none = estimate(&format!("--tariff day.json {at} --connector 7"));
    assert!(none.code == 2 && none.err.contains("there is no such connector"), "{none:?}");
}

/// A location whose connectors name these tariffs.
fn naming(ids: &[&[&str]]) -> Value {
    let mut place: Value = serde_json::from_str(&location()).unwrap();
    let evse = place["evses"][0].clone();
    let evses = ids.iter().enumerate().map(|(index, ids)| {
        let mut evse = evse.clone();
        evse["uid"] = json!(format!("E{index}"));
        evse["connectors"][0]["tariff_ids"] = json!(ids);
        evse
    });
    place["evses"] = evses.collect();
    place
}

fn at_location(place: &Value, tariffs: &[(&str, &str)], more: &[&str]) -> crate::Run {
    let place = place.to_string();
    let files: Vec<(&str, &str)> = tariffs.iter().copied().chain([("location.json", &*place)]).collect();
    let dir = folder(&files);
    let mut arguments = vec![
        "estimate",
        "--location",
        "location.json",
        "--arrival",
        "2026-05-04T16:30:00Z",
        "--energy",
        "20",
    ];
    tariffs.iter().for_each(|(name, _)| arguments.extend(["--tariff", name]));
    arguments.extend(more);
    ocpi(dir.path(), &arguments)
}

/// Tariff and connector of each offer, and tariff and connector of what cannot be computed.
fn offered(run: &crate::Run) -> (Vec<String>, Vec<String>) {
    let name = |entry: &Value| {
        format!("{}@{}", entry["tariff"].as_str().unwrap_or("-"), entry["evse"].as_str().unwrap_or("-"))
    };
    let list = |member: &str| run.json()[member].as_array().unwrap().iter().map(name).collect();
    (list("offers"), list("not_computable"))
}

#[test]
fn a_connector_is_priced_by_the_tariffs_that_it_names() {
    let given = [("day.json", TARIFF), ("fast.json", FAST)];
    let json = ["--format", "json"];
    // One, several, in another case; one that is not given, beside one that is; none at all.
    let place = naming(&[&["day"], &["DAY", "FAST"], &["FAST", "WINTER"], &["WINTER"], &[]]);
    let run = at_location(&place, &given, &json);
    assert_eq!(run.code, 1, "{run:?}");
    let (mut offers, missing) = offered(&run);
    offers.sort();
    assert_eq!(offers, ["DAY@E0", "DAY@E1", "FAST@E1", "FAST@E2"]);
    assert_eq!(missing, ["WINTER@E2", "WINTER@E3", "-@E4"]);
    let reason = |index: usize| run.json()["not_computable"][index]["message"].as_str().unwrap().to_owned();
    assert!(reason(0).contains("its tariff WINTER is not in day.json, fast.json"), "{}", reason(0));
    assert!(reason(2).contains("names no tariff") && reason(2).contains("--any-tariff"), "{}", reason(2));
    // The same reason is told once.
    let text = at_location(&place, &given, &[]);
    assert_eq!(text.code, 1, "{text:?}");
    assert_eq!(text.out.matches("WINTER").count(), 1, "{text:?}");
    assert!(text.out.contains("E2/1 and 1 more: not computable: its tariff WINTER"), "{text:?}");
    // Only those that are looked at are missed.
    assert_eq!(at_location(&place, &given, &["--evse", "E0"]).code, 0);
    // All are tried when that is asked for.
    let all = at_location(&place, &given, &["--any-tariff", "--format", "json"]);
    assert_eq!(all.code, 0, "{all:?}");
    assert_eq!((offered(&all).0.len(), offered(&all).1.len()), (10, 0));
}

#[test]
fn a_tariff_of_another_party_is_not_the_one_that_is_named() {
    let place = naming(&[&["DAY"]]);
    let foreign = TARIFF.replace("\"party_id\":\"ALF\"", "\"party_id\":\"OTH\"");
    assert_ne!(foreign, TARIFF);
    let run = at_location(&place, &[("foreign.json", &foreign)], &[]);
    assert!(run.code == 1 && run.out.contains("that of another party"), "{run:?}");
    let both =
        at_location(&place, &[("foreign.json", &foreign), ("day.json", TARIFF)], &["--format", "json"]);
    assert_eq!((both.code, offered(&both)), (0, (vec!["DAY@E0".to_owned()], vec![])), "{both:?}");
}

#[test]
fn an_old_location_names_one_tariff() {
    let connector = json!({"id": "1", "standard": "IEC_62196_T2", "format": "SOCKET", "power_type": "AC_1_PHASE",
        "voltage": 230, "amperage": 16, "tariff_id": "OLD", "last_updated": "2026-01-01T00:00:00Z"});
    let place = json!({"id": "L1", "type": "ON_STREET", "address": "A", "city": "B", "postal_code": "1", "country": "NLD",
        "coordinates": {"latitude": "52.100000", "longitude": "5.100000"}, "time_zone": "Europe/Amsterdam",
        "evses": [{"uid": "E0", "status": "AVAILABLE", "connectors": [connector], "last_updated": "2026-01-01T00:00:00Z"}],
        "last_updated": "2026-01-01T00:00:00Z"});
    let old = r#"{"id":"OLD","currency":"EUR","elements":[{"price_components":[{"type":"ENERGY","price":0.5,"step_size":1}]}],"last_updated":"2026-01-01T00:00:00Z"}"#;
    let run = at_location(&place, &[("old.json", old), ("fast.json", FAST)], &["--format", "json"]);
    assert_eq!((run.code, offered(&run)), (0, (vec!["OLD@E0".to_owned()], vec![])), "{run:?}");
    assert_eq!(run.json()["offers"][0]["total"]["before_taxes"], "10");
    let other = at_location(&place, &[("fast.json", FAST)], &["--format", "json"]);
    assert_eq!((other.code, offered(&other)), (1, (vec![], vec!["OLD@E0".to_owned()])), "{other:?}");
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
AMPS at any: not computable: energy: whether element 0 applies depends on min_current, which is not known; set --voltage
";
    assert_eq!(run.out, expected);
    let known = ocpi(dir.path(), &[&all[..], &["--voltage", "230"]].concat());
    assert!(known.code == 0 && !known.out.contains('?'), "{known:?}");
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

#[test]
fn a_tariff_that_is_not_valid_on_arrival_is_told() {
    let old = FAST.replacen("\"elements\"", "\"end_date_time\":\"2020-01-01T00:00:00Z\",\"elements\"", 1);
    let dir = folder(&[("old.json", &old), ("day.json", TARIFF)]);
    let when = ["--arrival", "2026-05-04T16:30:00Z", "--time-zone", "Europe/Amsterdam"];
    let what = ["--energy", "22", "--power", "11", "--tariff", "old.json"];
    for more in [&[][..], &["--tariff", "day.json"]] {
        let run = ocpi(dir.path(), &[&["estimate"], &when[..], &what, more].concat());
        assert_eq!(run.code, 0, "{run:?}");
        assert_eq!(run.out.matches("starts when its tariff is not valid").count(), 1, "{run:?}");
    }
}
