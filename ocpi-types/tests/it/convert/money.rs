//! Amounts of money. A price with tax is never taken for one without.

use ocpi_types::convert::{ConversionRule, V2_1_1, V2_2_1, V2_3_0, kind};

use super::{converted, refusal};

/// A Tariff of 2.3.0 with one price.
fn tariff(tax_included: &str, component: &str, more: &str) -> String {
    format!(
        r#"{{"country_code": "NL", "party_id": "ALF", "id": "T1", "currency": "EUR", {more}
            "elements": [{{"price_components": [{{"type": "ENERGY", {component}, "step_size": 1}}]}}],
            "tax_included": "{tax_included}", "last_updated": "2026-01-01T00:00:00Z"}}"#
    )
}

/// Converts the one price of a Tariff to 2.2.1; returns it, and the places and rules of the ledger.
fn price(tax_included: &str, component: &str) -> (String, Vec<String>) {
    let (tariff, told) = converted::<kind::Tariff, V2_3_0, V2_2_1>(&tariff(tax_included, component, ""));
    (tariff.elements[0].price_components[0].price.to_string(), told)
}

/// 2.2.1 has prices without VAT by definition, so those without tax stay as they are.
#[test]
fn prices_without_tax_stay_as_they_are() {
    assert_eq!(price("NO", r#""price": 0.25, "vat": 21"#), ("0.25".to_owned(), vec![]));
    let no_tax = vec!["/tax_included conv.no_tax".to_owned()];
    assert_eq!(price("N/A", r#""price": 0.25"#), ("0.25".to_owned(), no_tax));
}

/// The tax is taken out by the VAT of each price: exactly, or to four decimals, and then it is told.
#[test]
fn prices_with_tax_become_prices_without() {
    let taken_out = "/tax_included conv.tax_taken_out".to_owned();
    assert_eq!(price("YES", r#""price": 1.21, "vat": 21"#), ("1".to_owned(), vec![taken_out.clone()]));
    let rounded = "/elements/0/price_components/0/price conv.price_rounded".to_owned();
    assert_eq!(
        price("YES", r#""price": 0.55, "vat": 21"#),
        ("0.4545".to_owned(), vec![taken_out.clone(), rounded])
    );
    assert_eq!(price("YES", r#""price": 0"#), ("0".to_owned(), vec![taken_out]));
}

/// Where no rate is known, there is no price without tax; and a reading that nobody knows is none.
#[test]
fn prices_of_which_the_tax_is_not_known_are_refused() {
    let refused = refusal::<kind::Tariff, V2_3_0, V2_2_1>(&tariff("YES", r#""price": 1.21"#, ""));
    assert_eq!(refused.rule(), ConversionRule::GrossPrice);
    assert_eq!(refused.pointer(), "/elements/0/price_components/0/price");
    let refused =
        refusal::<kind::Tariff, V2_3_0, V2_2_1>(&tariff("YES", r#""price": 1.21, "vat": -100"#, ""));
    assert_eq!(refused.rule(), ConversionRule::GrossPrice);
    let refused =
        refusal::<kind::Tariff, V2_3_0, V2_2_1>(&tariff("MAYBE", r#""price": 1.21, "vat": 21"#, ""));
    assert_eq!((refused.rule(), refused.pointer()), (ConversionRule::TaxReading, "/tax_included"));
}

/// Over two steps a price with tax does not become one of 2.1.1 either.
#[test]
fn two_steps_do_not_lose_the_tax() {
    let refused = refusal::<kind::Tariff, V2_3_0, V2_1_1>(&tariff("YES", r#""price": 1.21"#, ""));
    assert_eq!((refused.from().as_str(), refused.rule()), ("2.3.0", ConversionRule::GrossPrice));
    let (tariff, told) =
        converted::<kind::Tariff, V2_3_0, V2_1_1>(&tariff("YES", r#""price": 1.21, "vat": 21"#, ""));
    assert_eq!(tariff.elements[0].price_components[0].price.to_string(), "1");
    assert_eq!(
        told,
        ["/tax_included conv.tax_taken_out", "/elements/0/price_components/0/vat conv.no_member"]
    );
}

/// The limits of both versions name the amounts with and without tax.
#[test]
fn price_limits_keep_both_amounts() {
    let limits = r#""max_price": {"before_taxes": 10, "after_taxes": 12.10},"#;
    let (tariff, told) =
        converted::<kind::Tariff, V2_3_0, V2_2_1>(&tariff("NO", r#""price": 0.25, "vat": 21"#, limits));
    let limit = tariff.max_price.expect("there is a limit");
    assert_eq!(
        (limit.excl_vat.to_string(), limit.incl_vat.map(|amount| amount.to_string())),
        ("10".to_owned(), Some("12.10".to_owned()))
    );
    assert_eq!(told, Vec::<String>::new());
}

fn session(cost: &str) -> String {
    format!(
        r#"{{"country_code": "NL", "party_id": "ALF", "id": "S1", "start_date_time": "2026-01-01T00:00:00Z", "kwh": 1,
            "cdr_token": {{"country_code": "DE", "party_id": "MSP", "uid": "U", "type": "RFID", "contract_id": "C"}},
            "auth_method": "WHITELIST", "location_id": "L1", "evse_uid": "1", "connector_id": "1", "currency": "EUR",
            "total_cost": {cost}, "status": "ACTIVE", "last_updated": "2026-01-01T00:00:00Z"}}"#
    )
}

/// Several taxes become one amount with VAT; their names and rates are told, and the amount is theirs.
#[test]
fn taxes_become_one_amount() {
    let cost = r#"{"before_taxes": 100, "taxes": [{"name": "GST", "percentage": 5, "amount": 5},
        {"name": "QST", "amount": 9.975}]}"#;
    let (session, told) = converted::<kind::Session, V2_3_0, V2_2_1>(&session(cost));
    let cost = session.total_cost.expect("there is a cost");
    assert_eq!(
        (cost.excl_vat.to_string(), cost.incl_vat.expect("with tax").to_string()),
        ("100".to_owned(), "114.975".to_owned())
    );
    assert_eq!(told, ["/total_cost/taxes conv.taxes_merged"]);
}

/// No tax that is named is not a tax of nothing.
#[test]
fn no_taxes_are_no_amount_with_vat() {
    let (session, told) = converted::<kind::Session, V2_3_0, V2_2_1>(&session(r#"{"before_taxes": 100}"#));
    assert_eq!(session.total_cost.expect("there is a cost").incl_vat, None);
    assert_eq!(told, Vec::<String>::new());
}

/// The difference of the two amounts of 2.2.1 is a tax, and comes back as it was.
#[test]
fn an_amount_with_vat_becomes_a_tax() {
    let (session, told) =
        converted::<kind::Session, V2_2_1, V2_3_0>(&session(r#"{"excl_vat": 10.0, "incl_vat": 12.10}"#));
    let cost = session.total_cost.expect("there is a cost");
    assert_eq!((cost.taxes[0].name.as_str(), cost.taxes[0].amount.to_string()), ("VAT", "2.10".to_owned()));
    assert_eq!(told, ["/total_cost/taxes conv.tax_named"]);
}

/// Amounts that cannot be added up have no sum; those that cannot be subtracted are carried along.
#[test]
fn amounts_with_too_many_digits_are_told() {
    let most = "9".repeat(28);
    let cost = format!(r#"{{"before_taxes": {most}, "taxes": [{{"name": "VAT", "amount": {most}}}]}}"#);
    let (session, told) = converted::<kind::Session, V2_3_0, V2_2_1>(&session(&cost));
    assert_eq!(session.total_cost.expect("there is a cost").incl_vat, None);
    assert_eq!(told, ["/total_cost/taxes conv.amount"]);

    let cost = format!(r#"{{"excl_vat": -{most}, "incl_vat": {most}}}"#);
    let (price, told) = converted::<kind::Price, V2_2_1, V2_3_0>(&cost);
    assert_eq!(price.extra.get("incl_vat"), Some(most.as_str()));
    assert_eq!(told, ["/incl_vat conv.member_kept"]);
}

/// A total of which a tax is missing would be a wrong one.
#[test]
fn a_total_of_taxes_that_cannot_be_read_is_not_made_up() {
    let text = r#"{"before_taxes": 10, "taxes": [{"name": "VAT", "amount": 2}, "x"]}"#;
    let (price, told) = converted::<kind::Price, V2_3_0, V2_2_1>(text);
    assert_eq!(ocpi_types::json::to_string(&price), r#"{"excl_vat":10}"#);
    assert_eq!(told, ["/taxes conv.part_unreadable"]);
}

/// Taxes that take each other back come to nothing, exactly.
#[test]
fn a_tax_that_is_taken_back_is_no_rounding() {
    let text =
        r#"{"before_taxes": 10, "taxes": [{"name": "VAT", "amount": 2}, {"name": "RELIEF", "amount": -2}]}"#;
    let (price, told) = converted::<kind::Price, V2_3_0, V2_2_1>(text);
    assert_eq!(price.incl_vat, Some(10.into()));
    assert_eq!(told, ["/taxes conv.taxes_merged"]);
}

/// A sum that has more digits than a number can have is none.
#[test]
fn a_tax_that_rounding_would_take_is_told() {
    let text =
        r#"{"before_taxes": 1000000000000000000000000000, "taxes": [{"name": "VAT", "amount": 0.21}]}"#;
    let (price, told) = converted::<kind::Price, V2_3_0, V2_2_1>(text);
    assert_eq!(price.incl_vat, None);
    assert_eq!(told, ["/taxes conv.amount"]);
}

/// An unknown member with the name of one that is written is gone, and told so.
#[test]
fn an_unknown_member_whose_name_is_taken_is_lost() {
    let text =
        r#"{"excl_vat": 10, "incl_vat": 12.1, "before_taxes": 9, "taxes": [{"name": "GST", "amount": 2.1}]}"#;
    let (price, told) = converted::<kind::Price, V2_2_1, V2_3_0>(text);
    assert_eq!(price.taxes[0].name.as_str(), "VAT");
    assert!(told.contains(&"/before_taxes conv.name_taken".to_owned()), "{told:?}");
    assert!(told.contains(&"/taxes conv.name_taken".to_owned()), "{told:?}");
    let (price, told) = converted::<kind::Price, V2_2_1, V2_3_0>(r#"{"excl_vat": 10, "taxes": []}"#);
    assert_eq!(ocpi_types::json::to_string(&price), r#"{"before_taxes":10,"taxes":[]}"#);
    assert_eq!(told, ["/taxes conv.name_kept"]);
}
