//! serde's side: whatever reads or writes through serde agrees with the library's own functions.

use std::collections::BTreeMap;

use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::credentials::Credentials;
use ocpi_types::v2_3_0::locations::{Connector, Location, Status};
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::Token;
use ocpi_types::v2_3_0::types::Price;
use ocpi_types::{CiString, DateTime, Decimal, Object, json, v2_2_1};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

const LOCATION: &str = include_str!("../fixtures/2.3.0/location.full.json");
const CDR: &str = include_str!("../fixtures/2.3.0/cdr.full.json");
const TOKEN: &str = include_str!("../fixtures/2.3.0/token.full.json");

/// All the ways in and out give the same as the library's own.
#[track_caller]
fn agrees<T: Object + DeserializeOwned>(text: &str) {
    let ours: T = json::from_str(text).expect("it conforms");
    let written = json::to_string(&ours);

    assert_eq!(serde_json::from_str::<T>(text).expect("from_str"), ours);
    assert_eq!(serde_json::from_slice::<T>(text.as_bytes()).expect("from_slice"), ours);
    let tree: serde_json::Value = serde_json::from_str(text).expect("a tree");
    assert_eq!(serde_json::from_value::<T>(tree.clone()).expect("from_value"), ours);
    assert_eq!(T::deserialize(&tree).expect("from a borrowed tree"), ours);

    assert_eq!(serde_json::to_string(&ours).expect("to_string"), written);
    assert_eq!(serde_json::to_vec(&ours).expect("to_vec"), json::to_vec(&ours));
    let tree_of_ours = serde_json::to_value(&ours).expect("to_value");
    assert_eq!(tree_of_ours, serde_json::from_str::<serde_json::Value>(&written).expect("a tree"));
    assert_eq!(tree_of_ours, tree);
    let pretty = serde_json::to_string_pretty(&ours).expect("to_string_pretty");
    assert_eq!(json::to_string(&json::from_str::<T>(&pretty).expect("pretty text is read")), written);
}

#[test]
fn every_way_in_and_out_agrees() {
    agrees::<Location>(LOCATION);
    agrees::<Cdr>(CDR);
    agrees::<Token>(TOKEN);
    agrees::<Session>(include_str!("../fixtures/2.3.0/session.full.json"));
    agrees::<Tariff>(include_str!("../fixtures/2.3.0/tariff.full.json"));
    agrees::<Credentials>(include_str!("../fixtures/2.3.0/credentials.full.json"));
    agrees::<v2_2_1::locations::Location>(include_str!("../fixtures/2.2.1/location.full.json"));
    agrees::<v2_2_1::cdrs::Cdr>(include_str!("../fixtures/2.2.1/cdr.full.json"));
}

/// Numbers with their spelling, unknown members with theirs.
const PRICES: &[&str] = &[
    r#"{"before_taxes":0.10}"#,
    r#"{"before_taxes":100.00,"x":{"a":[1e2,0.10,1.0]}}"#,
    r#"{"before_taxes":123456789012.345678}"#,
    r#"{"before_taxes":1234567890123456789012345678}"#,
    r#"{"before_taxes":0.1234567890123456789012345678,"x":12345678901234567890123456789.10}"#,
];

/// Guards the private name by which serde_json hands out the text of a value: without it, `0.10` becomes
/// `0.1`.
#[test]
fn numbers_keep_their_spelling_through_serde_json() {
    for text in PRICES {
        let price: Price = serde_json::from_str(text).expect("it is a price");
        assert_eq!(serde_json::to_string(&price).expect("it is written"), *text);
    }
    assert_eq!(serde_json::from_str::<Decimal>("0.10").expect("a number").to_string(), "0.10");
    // Below other people's types as well, unless they buffer.
    let list: Vec<BTreeMap<String, Price>> =
        serde_json::from_str(&format!("[{{\"a\":{}}}]", PRICES[0])).expect("it is read");
    assert_eq!(serde_json::to_string(&list).expect("it is written"), format!("[{{\"a\":{}}}]", PRICES[0]));
}

#[test]
fn scalars_agree_too() {
    fn agree<T: ocpi_types::Value + DeserializeOwned>(text: &str) {
        let ours: T = json::from_str(text).expect("it is read");
        assert_eq!(serde_json::from_str::<T>(text).expect("from_str"), ours);
        let tree: serde_json::Value = serde_json::from_str(text).expect("a tree");
        assert_eq!(serde_json::from_value::<T>(tree).expect("from_value"), ours);
        assert_eq!(serde_json::to_string(&ours).expect("to_string"), json::to_string(&ours));
    }
    agree::<CiString<3>>(r#""aBc""#);
    agree::<DateTime>(r#""2026-11-22T10:00:00.120""#);
    agree::<Decimal>("1.25");
    agree::<Decimal>("\"1.25\"");
    agree::<Status>(r#""HOVERING""#);
    agree::<ocpi_types::Url>(r#""https://example.com/ä\"""#);
    agree::<ocpi_types::Latitude>("52.5");
    agree::<ocpi_types::TimeZone>(r#""Europe/Oslo""#);
}

/// serde reads strictly: a text that loses nothing is taken, one that loses something is refused.
#[test]
fn deviations_are_treated_as_in_the_strict_mode() {
    for text in [
        r#"[{"before_taxes":1}]"#,
        r#"{"before_taxes":"1","taxes":null}"#,
        r#"{"before_taxes":1,"taxes":[null]}"#,
        r#"{"before_taxes":1e2}"#,
    ] {
        let ours: Price = json::from_str(text).expect("it is read");
        assert_eq!(serde_json::from_str::<Price>(text).expect("from_str"), ours, "{text}");
        let tree: serde_json::Value = serde_json::from_str(text).expect("a tree");
        assert_eq!(serde_json::from_value::<Price>(tree).expect("from_value"), ours, "{text}");
    }
    for text in [
        r#"{"before_taxes":1,"taxes":[{}]}"#,
        r#"{"before_taxes":1,"before_taxes":1}"#,
        r#"{"taxes":[]}"#,
        "null",
    ] {
        let ours = json::from_str::<Price>(text).expect_err(text);
        let theirs = serde_json::from_str::<Price>(text).expect_err(text).to_string();
        assert!(theirs.contains(&ours.to_string()), "{theirs} does not hold {ours}");
    }
    serde_json::from_str::<Price>("{\"before_taxes\":1").expect_err("no JSON");
}

#[derive(Debug, Deserialize, PartialEq, Serialize)]
struct Stored {
    seen: u32,
    #[serde(flatten)]
    location: Location,
}

#[derive(Debug, Deserialize, PartialEq, Serialize)]
struct Optional {
    connector: Option<Connector>,
    #[serde(default)]
    prices: Vec<Price>,
}

#[derive(Debug, Deserialize, PartialEq, Serialize)]
#[serde(tag = "kind")]
enum Tagged {
    Token(Box<Token>),
    Cdr(Box<Cdr>),
}

#[derive(Debug, Deserialize, PartialEq, Serialize)]
#[serde(untagged)]
enum Untagged {
    Cdr(Box<Cdr>),
    Token(Box<Token>),
}

#[test]
fn below_flatten() {
    let location: Location = json::from_str(LOCATION).expect("it conforms");
    let stored = Stored { seen: 7, location };
    let text = serde_json::to_string(&stored).expect("it is written");
    assert_eq!(text, format!("{{\"seen\":7,{}", &json::to_string(&stored.location)[1..]));
    assert_eq!(serde_json::from_str::<Stored>(&text).expect("it is read"), stored);

    let with_unknown = format!("{{\"solar_roof\":{{\"panels\":[1,null,true,\"a\",-2.5]}},{}", &text[1..]);
    let read: Stored = serde_json::from_str(&with_unknown).expect("it is read");
    assert_eq!(read.location.extra.get("solar_roof"), Some(r#"{"panels":[1,null,true,"a",-2.5]}"#));
    assert_eq!(read.location.evses, stored.location.evses);
}

#[test]
fn inside_other_types() {
    let optional: Optional = serde_json::from_str(r#"{"connector":null}"#).expect("it is read");
    assert_eq!(optional, Optional { connector: None, prices: Vec::new() });
    let text = format!(r#"{{"connector":null,"prices":[{},{}]}}"#, PRICES[0], PRICES[1]);
    let optional: Optional = serde_json::from_str(&text).expect("it is read");
    assert_eq!(serde_json::to_string(&optional).expect("it is written"), text);

    let token: Token = json::from_str(TOKEN).expect("it conforms");
    let tagged = Tagged::Token(Box::new(token.clone()));
    let text = serde_json::to_string(&tagged).expect("it is written");
    assert_eq!(text, format!("{{\"kind\":\"Token\",{}", &json::to_string(&token)[1..]));
    assert_eq!(serde_json::from_str::<Tagged>(&text).expect("it is read"), tagged);

    assert_eq!(
        serde_json::from_str::<Untagged>(TOKEN).expect("it is read"),
        Untagged::Token(Box::new(token))
    );
    let cdr: Cdr = json::from_str(CDR).expect("it conforms");
    assert_eq!(serde_json::from_str::<Untagged>(CDR).expect("it is read"), Untagged::Cdr(Box::new(cdr)));
}

/// A PATCH says `null` for a member that is to go, and nothing for one that stays.
#[test]
fn patches() {
    use ocpi_types::v2_3_0::locations::ConnectorPatch;
    let text = r#"{"max_amperage":16,"max_electric_power":null,"tariff_ids":[],"x":0.10}"#;
    let ours: ConnectorPatch = json::from_str(text).expect("it is read");
    let theirs: ConnectorPatch = serde_json::from_str(text).expect("it is read");
    assert_eq!(ours, theirs);
    assert_eq!(json::to_string(&ours), text);
    assert_eq!(serde_json::to_string(&ours).expect("it is written"), text);
}
