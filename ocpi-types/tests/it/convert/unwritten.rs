//! Members that stand twice with different values, and members of which a part could not be read: not written, so told.

use ocpi_types::Version;
use ocpi_types::convert::{AnyVersion, Context, ConversionRule, Ledger, V2_1_1, V2_2_1, V2_3_0, kind};

use super::{context, converted, refusal, told};

const TARIFF: &str = r#"{"country_code": "NL", "party_id": "ALF", "id": "T1", "currency": "EUR", "elements": [
    {"price_components": [{"type": "ENERGY", "price": 0.30, "step_size": 1}]}],
    "last_updated": "2026-01-01T00:00:00Z"}"#;

const CONNECTOR: &str = r#"{"id": "1", "standard": "IEC_62196_T2", "format": "SOCKET", "power_type": "AC_3_PHASE",
    "max_voltage": 230, "max_amperage": 32, "tariff_ids": ["T1"], "last_updated": "2026-01-01T00:00:00Z"}"#;

/// A tariff with a price that has two readings is refused, up and down, with the place and the cause.
#[test]
fn a_price_that_stands_twice_is_refused() {
    let twice = TARIFF.replace(r#""price": 0.30"#, r#""price": 0.30, "price": 0.03"#);
    for refused in [
        refusal::<kind::Tariff, V2_1_1, V2_2_1>(&twice),
        refusal::<kind::Tariff, V2_2_1, V2_3_0>(&twice),
        refusal::<kind::Tariff, V2_2_1, V2_1_1>(&twice),
    ] {
        assert_eq!(
            (refused.rule(), refused.pointer()),
            (ConversionRule::NotPriceable, "/elements/0/price_components/0/price")
        );
        assert!(refused.to_string().contains("`price` stands twice with different values"), "{refused}");
    }
    let same = TARIFF.replace(r#""price": 0.30"#, r#""price": 0.30, "price": 0.3"#);
    let (_, told) = converted::<kind::Tariff, V2_2_1, V2_3_0>(&same);
    assert!(told.is_empty(), "{told:?}");
}

/// In any other object the value that is not taken is in the ledger, at its place, in every direction.
#[test]
fn what_stands_twice_is_told() {
    let twice = CONNECTOR.replace(r#""max_amperage": 32"#, r#""max_amperage": 32, "max_amperage": 16"#);
    let expected = vec!["/max_amperage conv.duplicate".to_owned()];
    let (connector, told) = converted::<kind::Connector, V2_2_1, V2_3_0>(&twice);
    assert_eq!((connector.max_amperage, told), (32, expected.clone()));
    let (connector, told) = converted::<kind::Connector, V2_2_1, V2_1_1>(&twice);
    assert_eq!((connector.amperage, told), (32, expected));
    let old = twice.replace("max_", "").replace(r#"tariff_ids": ["T1"]"#, r#"tariff_id": "T1""#);
    let (connector, told) = converted::<kind::Connector, V2_1_1, V2_3_0>(&old);
    assert_eq!((connector.max_amperage, told), (32, vec!["/amperage conv.duplicate".to_owned()]));
    let patch = r#"{"status": "CHARGING", "status": "AVAILABLE"}"#;
    let (_, told) = converted::<kind::EvsePatch, V2_1_1, V2_2_1>(patch);
    assert_eq!(told, ["/status conv.duplicate"]);
    let hours = r#"{"twentyfourseven": true, "twentyfourseven": false}"#;
    let mut ledger = Ledger::new();
    let any = AnyVersion::<kind::Hours>::read(Version::V2_2_1, hours.as_bytes()).expect("it is read").value;
    any.convert(Version::V2_1_1, &context(), &mut ledger).expect("it is converted");
    assert_eq!((ledger.entries()[0].pointer(), ledger.entries()[0].value()), ("/twentyfourseven", "false"));
}

/// Also where nothing is converted, because the version is the same.
#[test]
fn what_is_not_written_is_told_in_the_same_version() {
    let odd = CONNECTOR
        .replace(r#""max_amperage": 32"#, r#""max_amperage": 32, "max_amperage": 16"#)
        .replace(r#"["T1"]"#, r#"["T1", {}]"#);
    let any = AnyVersion::<kind::Connector>::read(Version::V2_2_1, odd.as_bytes()).expect("it is read").value;
    let mut ledger = Ledger::new();
    let same = any.clone().convert(Version::V2_2_1, &Context::default(), &mut ledger);
    assert_eq!(same, Ok(any));
    assert_eq!(told(&ledger), ["/tariff_ids conv.part_unreadable", "/max_amperage conv.duplicate"]);
}

/// A list of which an element could not be read is not whole there: its text is told.
#[test]
fn what_is_read_in_part_is_told() {
    let odd = CONNECTOR.replace(r#"["T1"]"#, r#"["T1", {}]"#);
    let (connector, told) = converted::<kind::Connector, V2_2_1, V2_3_0>(&odd);
    assert_eq!(connector.tariff_ids.len(), 1);
    assert_eq!(told, ["/tariff_ids conv.part_unreadable"]);
}
