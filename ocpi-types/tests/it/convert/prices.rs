//! Tariffs that would cost something else in the other version, alone and in CDRs, by each policy.

use ocpi_types::convert::{
    Context, ConversionRule, Kind, Ledger, PriceChanges, SpecVersion, V2_1_1, V2_2_1, V2_3_0,
};
use ocpi_types::convert::{convert, kind};

use super::{context, converted, read, refusal, told};

/// A tariff of 2.2.1 with these members, or of 2.3.0 if they say whether tax is included.
fn tariff(members: &str) -> String {
    format!(
        r#"{{"country_code": "NL", "party_id": "ALF", "id": "T1", "currency": "EUR", {members} "elements": [
            {{"price_components": [{{"type": "ENERGY", "price": 0.30, "step_size": 1}}]}}],
            "last_updated": "2026-01-01T00:00:00Z"}}"#
    )
}

fn cdr(tariffs: &[&str], cost: &str) -> String {
    let tariffs = tariffs.join(",");
    format!(
        r#"{{"country_code": "NL", "party_id": "ALF", "id": "CDR1", "start_date_time": "2026-01-01T00:00:00Z",
            "end_date_time": "2026-01-01T01:00:00Z", "auth_method": "WHITELIST",
            "cdr_token": {{"country_code": "DE", "party_id": "MSP", "uid": "U", "type": "RFID", "contract_id": "C"}},
            "cdr_location": {{"id": "L1", "address": "A", "city": "Gent", "country": "BEL",
                "coordinates": {{"latitude": "51.04759", "longitude": "3.72999"}}, "evse_uid": "E1",
                "evse_id": "BE*ALF*E1", "connector_id": "C1", "connector_standard": "IEC_62196_T2",
                "connector_format": "SOCKET", "connector_power_type": "AC_3_PHASE"}},
            "tariffs": [{tariffs}],
            "currency": "EUR", "charging_periods": [{{"start_date_time": "2026-01-01T00:00:00Z",
                "dimensions": [{{"type": "ENERGY", "volume": 4.5}}]}}],
            "total_cost": {{{cost}}}, "total_energy": 4.5, "total_time": 1,
            "last_updated": "2026-01-01T01:00:00Z"}}"#
    )
}

fn by<K: Kind, From: SpecVersion, To: SpecVersion>(
    policy: PriceChanges,
    text: &str,
) -> (To::Of<K>, Vec<String>) {
    let mut ledger = Ledger::new();
    let context = Context { price_changes: policy, ..context() };
    let value = convert::<K, From, To>(read(text), &context, &mut ledger);
    (value.unwrap_or_else(|refused| panic!("{refused}: {text}")), told(&ledger))
}

const LIMIT: &str = r#""min_price": {"excl_vat": 4, "incl_vat": 5},"#;

/// A least or most price is a condition like others: without it sessions would cost something else.
#[test]
fn limits_of_prices_are_not_dropped() {
    for (members, place) in [
        (LIMIT, "/min_price"),
        (r#""max_price": {"excl_vat": 4},"#, "/max_price"),
        // One that cannot be read is there, too.
        (r#""max_price": "low","#, "/max_price"),
    ] {
        let refused = refusal::<kind::Tariff, V2_2_1, V2_1_1>(&tariff(members));
        assert_eq!((refused.rule(), refused.pointer()), (ConversionRule::PriceLimit, place), "{members}");
    }
    let newer = r#""tax_included": "NO", "max_price": {"before_taxes": 4},"#;
    let refused = refusal::<kind::Tariff, V2_3_0, V2_1_1>(&tariff(newer));
    assert_eq!((refused.rule(), refused.pointer()), (ConversionRule::PriceLimit, "/max_price"));
    let (there, told) = converted::<kind::Tariff, V2_3_0, V2_2_1>(&tariff(newer));
    assert!(there.max_price.is_some() && told.is_empty());

    let (there, told) = by::<kind::Tariff, V2_2_1, V2_1_1>(PriceChanges::Allow, &tariff(LIMIT));
    assert_eq!((there.elements.len(), told), (1, vec!["/min_price conv.price_limit".to_owned()]));
    let context = Context { price_changes: PriceChanges::LeaveOut, ..context() };
    let refused = convert::<kind::Tariff, V2_2_1, V2_1_1>(read(&tariff(LIMIT)), &context, &mut Ledger::new());
    assert_eq!(refused.expect_err("alone").rule(), ConversionRule::PriceLimit);
}

/// A session never costs less than nothing, unless a price is below that.
#[test]
fn a_least_price_of_0_limits_nothing() {
    let free = r#""min_price": {"excl_vat": 0, "incl_vat": 0.00},"#;
    let (there, told) = converted::<kind::Tariff, V2_2_1, V2_1_1>(&tariff(free));
    assert_eq!((there.elements.len(), told), (1, vec!["/min_price conv.price_limit".to_owned()]));
    for tariff in [
        tariff(free).replace("0.30", "-0.30"),
        tariff(&free.replace("0.00", "1")),
        tariff(&free.replace("min_price", "max_price")),
        tariff(&free.replace("\"excl_vat\": 0", "\"excl_vat\": 0, \"excl_vat\": 3")),
    ] {
        let refused = refusal::<kind::Tariff, V2_2_1, V2_1_1>(&tariff);
        assert_eq!(refused.rule(), ConversionRule::PriceLimit, "{tariff}");
    }
}

/// Of a limit both amounts hold: with one of them it would be another.
#[test]
fn a_part_of_a_limit_is_not_the_limit() {
    let part = r#""tax_included": "NO", "min_price": {"before_taxes": 4, "after_taxes": "five"},"#;
    let refused = refusal::<kind::Tariff, V2_3_0, V2_2_1>(&tariff(part));
    assert_eq!((refused.rule(), refused.pointer()), (ConversionRule::PriceLimit, "/min_price"));
    let (there, told) = by::<kind::Tariff, V2_3_0, V2_2_1>(PriceChanges::Allow, &tariff(part));
    let limit = there.min_price.expect("the amount that could be read");
    assert!(limit.incl_vat.is_none() && limit.extra.is_empty());
    assert!(told.contains(&"/min_price/after_taxes conv.unreadable".to_owned()), "{told:?}");
}

/// Losses that are allowed are told: of conditions, kinds, and texts that are not read.
#[test]
fn price_changes_that_are_allowed_are_told() {
    let strong = tariff(r#""type": "PROFILE_FAST","#)
        .replace(r#""step_size": 1}]"#, r#""step_size": 1}], "restrictions": {"min_current": 16}"#);
    let (there, told) = by::<kind::Tariff, V2_2_1, V2_1_1>(PriceChanges::Allow, &strong);
    assert_eq!(there.elements.len(), 1);
    for entry in ["/type conv.no_member", "/elements/0/restrictions/min_current conv.restriction"] {
        assert!(told.contains(&entry.to_owned()), "{entry}: {told:?}");
    }
    let twice = tariff("").replace(r#""price": 0.30"#, r#""price": 0.30, "price": 3"#);
    for (_, told) in [
        (0, by::<kind::Tariff, V2_2_1, V2_1_1>(PriceChanges::Allow, &twice).1),
        (1, by::<kind::Tariff, V2_2_1, V2_3_0>(PriceChanges::Allow, &twice).1),
    ] {
        assert!(told.contains(&"/elements/0/price_components/0/price conv.duplicate".to_owned()), "{told:?}");
    }
}

/// A tariff that nobody can price is refused; on a connection it goes up as it is, if no part of it would be gone.
#[test]
fn a_tariff_that_cannot_be_priced_is_carried_on_connections_only() {
    let unknown = tariff("")
        .replace(r#""step_size": 1}]"#, r#""step_size": 1}], "restrictions": {"min_vehicle_soc": 20}"#);
    let refused = refusal::<kind::Tariff, V2_2_1, V2_3_0>(&unknown);
    let place = "/elements/0/restrictions/min_vehicle_soc";
    assert_eq!((refused.rule(), refused.pointer()), (ConversionRule::NotPriceable, place));
    let (there, told) = by::<kind::Tariff, V2_2_1, V2_3_0>(PriceChanges::LeaveOut, &unknown);
    let limits = there.elements[0].restrictions.as_ref().expect("it is carried along");
    assert_eq!(limits.extra.get("min_vehicle_soc"), Some("20"));
    assert_eq!(told, ["/elements conv.not_priceable_kept"]);
    let context = Context { price_changes: PriceChanges::LeaveOut, ..context() };
    for broken in [
        tariff("").replace(r#""price": 0.30"#, r#""price": 0.30, "price": 3"#),
        tariff("").replace(r#""step_size": 1}]"#, r#""step_size": 1}, 5]"#),
    ] {
        let refused = convert::<kind::Tariff, V2_2_1, V2_3_0>(read(&broken), &context, &mut Ledger::new());
        assert_eq!(refused.expect_err("broken").rule(), ConversionRule::NotPriceable, "{broken}");
    }
}

/// A CDR with such a tariff is refused; on a connection the bill arrives, without tariffs.
#[test]
fn a_cdr_with_such_a_tariff_is_refused_or_sent_without() {
    let text = cdr(&[&tariff(""), &tariff(LIMIT)], r#""excl_vat": 1.5"#);
    let refused = refusal::<kind::Cdr, V2_2_1, V2_1_1>(&text);
    assert_eq!((refused.rule(), refused.pointer()), (ConversionRule::PriceLimit, "/tariffs/1/min_price"));
    let (there, told) = by::<kind::Cdr, V2_2_1, V2_1_1>(PriceChanges::LeaveOut, &text);
    assert!(
        there.tariffs.is_empty(),
        "periods of 2.1.1 name no tariff: the other one would be taken for all"
    );
    assert_eq!(told[..2], ["/tariffs/0 conv.price_limit", "/tariffs/1 conv.price_limit"]);
    let (there, told) = by::<kind::Cdr, V2_2_1, V2_1_1>(PriceChanges::Allow, &text);
    assert_eq!(there.tariffs.len(), 2);
    assert!(told.contains(&"/tariffs/1/min_price conv.price_limit".to_owned()), "{told:?}");
    let twice = text.replacen(r#""price": 0.30"#, r#""price": 0.30, "price": 3"#, 1);
    let refused = refusal::<kind::Cdr, V2_2_1, V2_3_0>(&twice);
    assert_eq!(refused.pointer(), "/tariffs/0/elements/0/price_components/0/price");
}

/// The same holds where the tax of prices is not known; there periods may name the other tariff, which stays.
#[test]
fn a_cdr_with_a_tariff_of_unknown_tax_is_refused_or_sent_without() {
    let (gross, net) = (tariff(r#""tax_included": "YES","#), tariff(r#""tax_included": "NO","#));
    let text = cdr(&[&gross, &net], r#""before_taxes": 1.5"#);
    let refused = refusal::<kind::Cdr, V2_3_0, V2_2_1>(&text);
    assert_eq!(refused.rule(), ConversionRule::GrossPrice);
    assert_eq!(refused.pointer(), "/tariffs/0/elements/0/price_components/0/price");
    for policy in [PriceChanges::LeaveOut, PriceChanges::Allow] {
        let (there, told) = by::<kind::Cdr, V2_3_0, V2_2_1>(policy, &text);
        assert_eq!((there.tariffs.len(), told), (1, vec!["/tariffs/0 conv.gross_price".to_owned()]));
    }
}

/// The kind of a tariff says whom it is for: in a CDR that is settled.
#[test]
fn the_kind_of_a_tariff_is_no_matter_in_a_cdr() {
    let text = cdr(&[&tariff(r#""type": "AD_HOC_PAYMENT","#)], r#""excl_vat": 1.5"#);
    let (there, told) = converted::<kind::Cdr, V2_2_1, V2_1_1>(&text);
    assert_eq!(there.tariffs.len(), 1);
    assert!(told.contains(&"/tariffs/0/type conv.no_member".to_owned()), "{told:?}");
    let (there, _) = converted::<kind::Cdr, V2_3_0, V2_1_1>(&cdr(
        &[&tariff(r#""type": "PROFILE_GREEN", "tax_included": "NO","#)],
        r#""before_taxes": 1.5"#,
    ));
    assert_eq!(there.tariffs.len(), 1);
}
