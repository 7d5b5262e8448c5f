//! Tariffs: conditions that a version lacks.

use ocpi_types::convert::{ConversionRule, V2_1_1, V2_2_1, V2_3_0, kind};

use super::{converted, refusal};

fn tariff(restrictions: &[&str]) -> String {
    let element = |restrictions: &&str| {
        format!(
            r#"{{"price_components": [{{"type": "TIME", "price": 1, "step_size": 1}}], "restrictions": {{{restrictions}}}}}"#
        )
    };
    let elements: Vec<_> = restrictions.iter().map(element).collect();
    format!(
        r#"{{"country_code": "NL", "party_id": "ALF", "id": "T1", "currency": "EUR", "elements": [{}],
            "tax_included": "NO", "last_updated": "2026-01-01T00:00:00Z"}}"#,
        elements.join(",")
    )
}

/// A price of a reservation is none where there are no reservations: its element can be left out.
#[test]
fn prices_of_reservations_are_left_out() {
    let (tariff, told) = converted::<kind::Tariff, V2_3_0, V2_1_1>(&tariff(&[
        r#""reservation": "RESERVATION""#,
        r#""min_kwh": 10"#,
    ]));
    assert_eq!(tariff.elements.len(), 1);
    assert!(tariff.elements[0].restrictions.as_ref().is_some_and(|limits| limits.min_kwh.is_some()));
    assert_eq!(told, ["/elements/0 conv.restriction"]);
}

/// So are prices of bookings, in 2.2.1.
#[test]
fn prices_of_bookings_are_left_out() {
    let (tariff, told) =
        converted::<kind::Tariff, V2_3_0, V2_2_1>(&tariff(&[r#""max_kwh": 10"#, r#""booking": "BOOKING""#]));
    assert_eq!(tariff.elements.len(), 1);
    assert_eq!(told, ["/elements/1 conv.restriction"]);
}

/// A tariff of such prices only has none left.
#[test]
fn a_tariff_of_reservations_is_refused() {
    let refused = refusal::<kind::Tariff, V2_3_0, V2_1_1>(&tariff(&[r#""reservation": "RESERVATION""#]));
    assert_eq!(refused.rule(), ConversionRule::Restriction);
    assert_eq!(refused.pointer(), "/elements/0/restrictions/reservation");
}

/// A price for a strong current, without its condition, would hold for all: the tariff is refused as a whole.
#[test]
fn a_condition_on_the_current_is_not_dropped() {
    let refused =
        refusal::<kind::Tariff, V2_3_0, V2_1_1>(&tariff(&[r#""min_kwh": 1"#, r#""max_current": 32"#]));
    assert_eq!(refused.rule(), ConversionRule::Restriction);
    assert_eq!(refused.pointer(), "/elements/1/restrictions/max_current");
    assert_eq!((refused.from().as_str(), refused.to().as_str()), ("2.2.1", "2.1.1"));
    assert_eq!(
        refused.to_string(),
        "cannot be expressed in 2.1.1 at /elements/1/restrictions/max_current: the version has no such condition: \
         its prices would hold too often [conv.restriction]"
    );
}

/// Nor one that cannot be read.
#[test]
fn a_condition_that_cannot_be_read_is_not_dropped() {
    for (condition, name) in
        [(r#""max_current": "32A""#, "max_current"), (r#""min_current": [6]"#, "min_current")]
    {
        let refused = refusal::<kind::Tariff, V2_2_1, V2_1_1>(&tariff(&[condition]));
        assert_eq!(refused.rule(), ConversionRule::Restriction);
        assert_eq!(refused.pointer(), format!("/elements/0/restrictions/{name}"));
    }
    let (tariff, told) =
        converted::<kind::Tariff, V2_3_0, V2_2_1>(&tariff(&[r#""max_kwh": 10"#, r#""booking": [5]"#]));
    assert_eq!(tariff.elements.len(), 1);
    assert_eq!(told, ["/elements/1 conv.restriction"]);
}

/// Nor is an element or a price.
#[test]
fn a_tariff_of_which_a_part_cannot_be_read_is_no_whole_one() {
    let whole = tariff(&[""]);
    let elements = whole.replace(r#"}], "restrictions": {}}]"#, r#"}], "restrictions": {}}, 5]"#);
    assert_ne!(whole, elements.as_str(), "one that cannot be read");
    let refused = refusal::<kind::Tariff, V2_3_0, V2_2_1>(&elements);
    assert_eq!((refused.rule(), refused.pointer()), (ConversionRule::NotPriceable, "/elements"));
    let prices = whole.replace(r#""step_size": 1}]"#, r#""step_size": 1}, "x"]"#);
    for refused in
        [refusal::<kind::Tariff, V2_3_0, V2_2_1>(&prices), refusal::<kind::Tariff, V2_2_1, V2_1_1>(&prices)]
    {
        let expected = (ConversionRule::NotPriceable, "/elements/0/price_components");
        assert_eq!((refused.rule(), refused.pointer()), expected);
    }
}

/// A tariff for some sessions only is none for all; that it is valid later cannot be said, and is told.
#[test]
fn whom_a_tariff_is_for_is_not_dropped() {
    let with = |member: &str| tariff(&[""]).replace(r#""elements""#, &format!(r#"{member}, "elements""#));
    let refused = refusal::<kind::Tariff, V2_2_1, V2_1_1>(&with(r#""type": "AD_HOC_PAYMENT""#));
    assert_eq!((refused.rule(), refused.pointer()), (ConversionRule::Restriction, "/type"));
    let (_, told) = converted::<kind::Tariff, V2_2_1, V2_1_1>(&with(
        r#""type": "REGULAR", "start_date_time": "2027-01-01T00:00:00Z""#,
    ));
    assert_eq!(told, ["/type conv.no_member", "/start_date_time conv.validity"]);
}

/// Where no tax applies a rate means nothing; in 2.2.1 it would be charged.
#[test]
fn a_rate_of_no_tax_is_not_charged() {
    let text =
        tariff(&[""]).replace(r#""NO""#, r#""N/A""#).replace(r#""price": 1"#, r#""price": 1.21, "vat": 21"#);
    let (tariff, told) = converted::<kind::Tariff, V2_3_0, V2_2_1>(&text);
    assert_eq!(tariff.elements[0].price_components[0].vat, None);
    assert!(told.contains(&"/elements/0/price_components/0/vat conv.no_tax".to_owned()), "{told:?}");
    let (patch, told) = converted::<kind::TariffPatch, V2_3_0, V2_2_1>(&text);
    assert!(!ocpi_types::json::to_string(&patch).contains("vat"), "{told:?}");
}
