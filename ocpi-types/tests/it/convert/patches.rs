//! PATCHes convert as PATCHes: members that they do not mention are not mentioned there either.

use ocpi_types::convert::{
    Context, ConversionRule, Ledger, PriceChanges, V2_1_1, V2_2_1, V2_3_0, convert, kind,
};
use ocpi_types::json;
use ocpi_types::v2_3_0::tariffs::TaxIncluded;

use super::{context, converted, read, refusal, told};

/// Converts a PATCH; the result as JSON, and the places and rules of the ledger.
macro_rules! patched {
    ($kind:ident, $from:ident => $to:ident, $text:expr) => {{
        let (patch, told) = converted::<kind::$kind, $from, $to>($text);
        (json::to_string(&patch), told)
    }};
}

const UPDATED: &str = r#""last_updated":"2026-01-01T00:00:00Z""#;

/// Nothing is assumed of members that are not mentioned: no owner, no time zone, no publication.
#[test]
fn what_is_not_mentioned_stays_so() {
    let text = format!("{{{UPDATED}}}");
    assert_eq!(patched!(LocationPatch, V2_1_1 => V2_3_0, &text), (text.clone(), vec![]));
    assert_eq!(patched!(SessionPatch, V2_3_0 => V2_1_1, &text), (text.clone(), vec![]));
    assert_eq!(patched!(TokenPatch, V2_1_1 => V2_2_1, &text), (text.clone(), vec![]));
    assert_eq!(patched!(TariffPatch, V2_1_1 => V2_3_0, &text), (text, vec![]));
}

/// Members with another name, and lists of one.
#[test]
fn changes_get_the_names_of_the_version() {
    let (patch, told) = patched!(ConnectorPatch, V2_1_1 => V2_2_1, r#"{"voltage":400,"tariff_id":null}"#);
    assert_eq!((patch.as_str(), told), (r#"{"max_voltage":400,"tariff_ids":[]}"#, vec![]));
    let (patch, told) =
        patched!(ConnectorPatch, V2_2_1 => V2_1_1, r#"{"max_amperage":16,"tariff_ids":["T1","T2"]}"#);
    assert_eq!(patch, r#"{"amperage":16,"tariff_id":"T1"}"#);
    assert_eq!(told, ["/tariff_ids/1 conv.only_one"]);
}

/// A change that cannot be expressed is told, and the rest of the PATCH stays.
#[test]
fn changes_that_cannot_be_expressed_are_told() {
    let (patch, told) =
        patched!(EvsePatch, V2_3_0 => V2_2_1, r#"{"status":"BLOCKED","parking":[{"parking_id":"P"}]}"#);
    assert_eq!(
        (patch.as_str(), told),
        (r#"{"status":"BLOCKED"}"#, vec!["/parking conv.no_member".to_owned()])
    );
    let (patch, told) =
        patched!(ConnectorPatch, V2_3_0 => V2_2_1, r#"{"standard":"MCS","max_voltage":1250}"#);
    assert_eq!(
        (patch.as_str(), told),
        (r#"{"max_voltage":1250}"#, vec!["/standard conv.enum_value".to_owned()])
    );
    let (patch, told) = patched!(SessionPatch, V2_2_1 => V2_1_1, r#"{"kwh":5,"evse_uid":"E2"}"#);
    assert_eq!((patch.as_str(), told), (r#"{"kwh":5}"#, vec!["/evse_uid conv.location_unknown".to_owned()]));
    let (patch, told) = patched!(LocationPatch, V2_2_1 => V2_1_1, r#"{"publish":false,"name":"N"}"#);
    assert_eq!((patch.as_str(), told), (r#"{"name":"N"}"#, vec!["/publish conv.unpublished".to_owned()]));
}

/// An optional value that the version lacks is taken back there: the value known before does not hold any more.
#[test]
fn an_optional_value_that_cannot_be_expressed_is_taken_back() {
    let (patch, told) =
        patched!(TariffPatch, V2_3_0 => V2_2_1, r#"{"type":"REGULAR","tariff_alt_url":null}"#);
    assert_eq!((patch.as_str(), told), (r#"{"type":"REGULAR","tariff_alt_url":null}"#, vec![]));
    let (patch, told) = patched!(LocationPatch, V2_3_0 => V2_2_1, r#"{"parking_type":"ON_ROOF"}"#);
    assert_eq!(
        (patch.as_str(), told),
        (r#"{"parking_type":null}"#, vec!["/parking_type conv.enum_value".to_owned()])
    );
}

const ELEMENTS: &str =
    r#""elements":[{"price_components":[{"type":"ENERGY","price":1.21,"vat":21,"step_size":1}]}]"#;

/// Prices of a PATCH mean nothing without knowing whether tax is in them.
#[test]
fn prices_of_a_patch_need_a_reading() {
    let text = format!("{{{ELEMENTS}}}");
    let refused = refusal::<kind::TariffPatch, V2_3_0, V2_2_1>(&text);
    assert_eq!((refused.rule(), refused.pointer()), (ConversionRule::TaxReading, "/elements"));
    let allowed = Context { price_changes: PriceChanges::Allow, ..context() };
    let mut ledger = Ledger::new();
    let patch = convert::<kind::TariffPatch, V2_3_0, V2_2_1>(read(&text), &allowed, &mut ledger);
    assert_eq!(json::to_string(&patch.expect("it is converted")), "{}");
    assert_eq!(told(&ledger), ["/elements conv.tax_reading"]);

    let context = Context { tax_included: Some(TaxIncluded::Yes), ..context() };
    let patch = convert::<kind::TariffPatch, V2_3_0, V2_2_1>(read(&text), &context, &mut Ledger::new());
    assert_eq!(json::to_string(&patch.expect("it is converted")), text.replace("1.21", "1"));

    let text = format!(r#"{{{ELEMENTS},"tax_included":"NO"}}"#);
    let (patch, told) = patched!(TariffPatch, V2_3_0 => V2_2_1, &text);
    assert_eq!((patch, told), (format!("{{{ELEMENTS}}}"), vec![]));
}

/// The embedded Location of a PATCH becomes its ids, and comes back.
#[test]
fn the_location_of_a_patch_becomes_ids() {
    let location = r#"{"id":"L1","type":"ON_STREET","address":"A","city":"C","postal_code":"P","country":"BEL","coordinates":{"latitude":"51.047590","longitude":"3.729990"},"last_updated":"2026-01-01T00:00:00Z"}"#;
    let text = format!(r#"{{"location":{location}}}"#);
    let mut ledger = Ledger::new();
    let new = convert::<kind::SessionPatch, V2_1_1, V2_2_1>(read(&text), &context(), &mut ledger);
    let new = new.expect("it is converted");
    let ids = [&new.location_id, &new.evse_uid].map(|id| id.as_set().map(|id| id.as_str()));
    assert_eq!(ids, [Some("L1"), Some("#NA")]);
    assert_eq!(
        told(&ledger),
        ["/evse_uid conv.not_available", "/connector_id conv.not_available", "/location conv.member_kept"]
    );
    let old = convert::<kind::SessionPatch, V2_2_1, V2_1_1>(new, &context(), &mut Ledger::new());
    assert_eq!(json::to_string(&old.expect("it is converted")), text);
}

/// The tax reading of the partner's prices cannot be changed without the prices.
#[test]
fn a_reading_of_prices_that_are_not_there_is_told() {
    let (patch, told) =
        patched!(TariffPatch, V2_3_0 => V2_2_1, &format!(r#"{{"tax_included":"YES",{UPDATED}}}"#));
    assert_eq!((patch, told), (format!("{{{UPDATED}}}"), vec!["/tax_included conv.tax_reading".to_owned()]));
}

/// Prices that the version cannot say are no change to leave out: the partner would go on with those that it has.
#[test]
fn a_change_of_prices_is_made_in_whole_or_refused() {
    let limit = r#"{"min_price":{"excl_vat":5},"tariff_alt_url":null}"#;
    let refused = refusal::<kind::TariffPatch, V2_2_1, V2_1_1>(limit);
    assert_eq!((refused.rule(), refused.pointer()), (ConversionRule::PriceLimit, "/min_price"));
    let refused = refusal::<kind::TariffPatch, V2_3_0, V2_1_1>(r#"{"max_price":{"before_taxes":5}}"#);
    assert_eq!((refused.rule(), refused.pointer()), (ConversionRule::PriceLimit, "/max_price"));
    let refused = refusal::<kind::TariffPatch, V2_2_1, V2_1_1>(r#"{"type":"AD_HOC_PAYMENT"}"#);
    assert_eq!((refused.rule(), refused.pointer()), (ConversionRule::Restriction, "/type"));
    let strong = ELEMENTS.replace(r#"}]}]"#, r#"}],"restrictions":{"max_current":32}}]"#);
    let refused = refusal::<kind::TariffPatch, V2_2_1, V2_1_1>(&format!("{{{strong}}}"));
    assert_eq!(refused.pointer(), "/elements/0/restrictions/max_current");
    let twice = ELEMENTS.replace(r#""price":1.21,"vat":21"#, r#""price":1.21,"price":2"#);
    for refused in [
        refusal::<kind::TariffPatch, V2_1_1, V2_2_1>(&format!("{{{twice}}}")),
        refusal::<kind::TariffPatch, V2_2_1, V2_3_0>(&format!("{{{twice}}}")),
        refusal::<kind::TariffPatch, V2_2_1, V2_1_1>(&format!("{{{twice}}}")),
    ] {
        assert_eq!(
            (refused.rule(), refused.pointer()),
            (ConversionRule::NotPriceable, "/elements/0/price_components/0/price")
        );
    }
    // A limit that is taken back is no limit there either.
    let (patch, told) = patched!(TariffPatch, V2_2_1 => V2_1_1, r#"{"min_price":null,"currency":"EUR"}"#);
    assert_eq!(
        (patch.as_str(), told),
        (r#"{"currency":"EUR"}"#, vec!["/min_price conv.price_limit".to_owned()])
    );
}

/// A value that later versions require cannot be taken away there.
#[test]
fn a_time_zone_cannot_be_taken_away() {
    let (patch, told) = patched!(LocationPatch, V2_1_1 => V2_2_1, r#"{"time_zone":null,"name":"N"}"#);
    assert_eq!((patch.as_str(), told), (r#"{"name":"N"}"#, vec!["/time_zone conv.required".to_owned()]));
    let (patch, told) = patched!(LocationPatch, V2_1_1 => V2_3_0, r#"{"time_zone":null,"country":"BEL"}"#);
    assert_eq!(
        (patch.as_str(), told),
        (
            r#"{"country":"BEL","time_zone":"Europe/Brussels"}"#,
            vec!["/time_zone conv.time_zone_assumed".to_owned()]
        )
    );
    let (patch, told) = patched!(LocationPatch, V2_2_1 => V2_3_0, r##"{"time_zone":"#NA"}"##);
    assert_eq!((patch.as_str(), told), ("{}", vec!["/time_zone conv.required".to_owned()]));
}

/// The owner that a PATCH of 2.1.1 names is a member in later versions.
#[test]
fn the_owner_of_a_patch_is_kept() {
    let owner = r#"{"country_code":"NL","party_id":"ALF","name":"N"}"#;
    assert_eq!(patched!(LocationPatch, V2_1_1 => V2_2_1, owner), (owner.to_owned(), vec![]));
    let other = r#"{"country_code":"NL","party_id":"XXX"}"#;
    for refused in [
        refusal::<kind::LocationPatch, V2_1_1, V2_2_1>(other),
        refusal::<kind::TariffPatch, V2_1_1, V2_2_1>(other),
        refusal::<kind::SessionPatch, V2_1_1, V2_2_1>(other),
    ] {
        assert_eq!((refused.rule(), refused.pointer()), (ConversionRule::OwnerDiffers, "/party_id"));
    }
    let refused = refusal::<kind::TokenPatch, V2_1_1, V2_2_1>(other);
    assert_eq!(refused.rule(), ConversionRule::OwnerDiffers);
}
