//! Cases for rules on amounts, and on members for people.

use ocpi_pricing::lint::Rule::*;
use ocpi_types::Version::V2_3_0;
use serde_json::{Value, json};

use super::super::{component, element, energy};
use super::{Case, always, components, elements, energy_price, members, night, taxed};

pub(super) fn steps() -> Vec<Case> {
    let stepped = |kind: &'static str| move |step: i64| component(kind, json!(3), step);
    let (flat, time) = (stepped("FLAT"), stepped("TIME"));
    let wh = |step: i64| component("ENERGY", json!(0.3), step);
    let two = |step: i64| json!([element(json!([wh(100)]), night()), always(json!([wh(step)]))]);
    vec![
        components(FlatStep, "step_size", flat(60), flat(1)),
        components(ZeroStep, "step_size", wh(0), wh(1)),
        components(NegativeStep, "step_size", wh(-1), wh(1)),
        components(HugeStep, "step_size", wh(1_000_000), wh(1000)),
        components(HugeStep, "step_size", time(86_401), time(86_400)),
        components(EnergyStepUnit, "step_size", wh(5), wh(100)),
        components(TimeStepUnit, "step_size", time(15), time(900)),
        elements(DifferentSteps, "/elements/1/price_components/0/step_size", two(1), two(100)),
    ]
}

pub(super) fn prices() -> Vec<Case> {
    let timed = |price: f64| component("TIME", json!(price), 60);
    let flat = |currency: &str, price: f64| json!({"currency": currency, "elements": [always(json!([component("FLAT", json!(price), 1)]))]});
    let limit = |least: [f64; 2], most: [f64; 2]| {
        let price = |[net, gross]: [f64; 2]| json!({"excl_vat": net, "incl_vat": gross});
        json!({"min_price": price(least), "max_price": price(most)})
    };
    let new = |net: f64, gross: f64| json!({"max_price": {"before_taxes": net, "after_taxes": gross}});
    let flat_at = "/elements/0/price_components/0/price";
    vec![
        components(TimePricePerMinute, "price", timed(0.05), timed(3.0)),
        components(TimePriceHigh, "price", timed(180.0), timed(60.0)),
        components(EnergyPriceCents, "price", energy_price(35.0), energy_price(0.99)),
        components(EnergyPricePerWh, "price", energy_price(0.000_35), energy_price(0.01)),
        components(NegativePrice, "price", energy_price(-0.1), energy_price(0.1)),
        members(MinorUnit, flat_at, flat("JPY", 99.5), flat("JPY", 99.0)),
        members(MinorUnit, flat_at, flat("EUR", 1.255), flat("KWD", 1.255)),
        members(
            LimitsInverted,
            "/max_price/excl_vat",
            limit([10.0, 12.0], [5.0, 20.0]),
            limit([5.0, 6.0], [10.0, 12.0]),
        ),
        members(
            LimitsInverted,
            "/max_price/incl_vat",
            limit([1.0, 12.0], [5.0, 6.0]),
            limit([5.0, 6.0], [10.0, 12.0]),
        ),
        members(LimitsEqual, "/max_price", limit([5.0, 6.0], [5.0, 6.0]), limit([5.0, 6.0], [5.0, 6.5])),
        members(
            LimitTax,
            "/max_price/incl_vat",
            limit([5.0, 6.0], [10.0, 8.0]),
            limit([5.0, 6.0], [10.0, 12.0]),
        ),
        Case(LimitTax, "/max_price/after_taxes", V2_3_0, new(10.0, 8.0), new(10.0, 10.0)),
        members(
            MinPriceZero,
            "/min_price",
            json!({"min_price": {"excl_vat": 0}}),
            json!({"min_price": {"excl_vat": 0.5}}),
        ),
        members(
            MaxPriceZero,
            "/max_price",
            json!({"max_price": {"excl_vat": 0}}),
            json!({"max_price": {"excl_vat": 50}}),
        ),
    ]
}

pub(super) fn taxes() -> Vec<Case> {
    let two = |first: Value, second: Value| json!([always(json!([first, second]))]);
    let taxed_at = |vat: f64| taxed("ENERGY", 0.3, vat);
    let flat = |vat: f64| taxed("FLAT", 1.0, vat);
    let under =
        |tax: &str, component: Value| json!({"tax_included": tax, "elements": [always(json!([component]))]});
    vec![
        components(VatFraction, "vat", taxed_at(0.21), taxed_at(21.0)),
        components(VatRange, "vat", taxed_at(210.0), taxed_at(27.0)),
        components(VatRange, "vat", taxed_at(-1.0), taxed_at(0.0)),
        elements(
            VatMixed,
            "/elements/0/price_components/1/vat",
            two(taxed_at(21.0), flat(9.0)),
            two(taxed_at(21.0), flat(0.0)),
        ),
        elements(
            VatPartial,
            "/elements/0/price_components/1",
            two(taxed_at(21.0), component("FLAT", json!(1), 1)),
            two(taxed_at(21.0), flat(21.0)),
        ),
        Case(
            VatWithoutTax,
            "/elements/0/price_components/0/vat",
            V2_3_0,
            under("N/A", taxed_at(21.0)),
            under("NO", taxed_at(21.0)),
        ),
        Case(
            TaxWithoutVat,
            "/tax_included",
            V2_3_0,
            under("YES", energy_price(0.3)),
            under("YES", taxed_at(21.0)),
        ),
    ]
}

pub(super) fn texts() -> Vec<Case> {
    let valid = |from: &str, until: &str| json!({"start_date_time": from, "end_date_time": until});
    let three = || json!([energy(night()), energy(json!({"min_kwh": 5})), energy(json!({}))]);
    let told = |texts: Value| json!({"tariff_alt_text": texts});
    let text = |language: &str, text: &str| json!({"language": language, "text": text});
    let mix = |share: f64| {
        json!({"energy_mix": {"is_green_energy": true, "energy_sources": [
            {"source": "WIND", "percentage": 40}, {"source": "SOLAR", "percentage": share}]}})
    };
    vec![
        members(
            Expired,
            "/end_date_time",
            valid("2026-01-01T00:00:00Z", "2026-06-01T12:00:00Z"),
            valid("2026-01-01T00:00:00Z", "2026-06-01T12:00:01Z"),
        ),
        members(
            ValidityInverted,
            "/end_date_time",
            valid("2027-02-01T00:00:00Z", "2027-01-01T00:00:00Z"),
            valid("2027-01-01T00:00:00Z", "2027-02-01T00:00:00Z"),
        ),
        members(
            AltTextMissing,
            "",
            json!({"elements": three()}),
            json!({"elements": three(), "tariff_alt_text": [text("en", "cheap at night")]}),
        ),
        members(
            AltTextEmpty,
            "/tariff_alt_text/0",
            told(json!([text("en", "  ")])),
            told(json!([text("en", "a")])),
        ),
        members(
            AltTextLanguage,
            "/tariff_alt_text/1/language",
            told(json!([text("en", "a"), text("en", "b")])),
            told(json!([text("en", "a"), text("nl", "b")])),
        ),
        members(
            AltTextMarkup,
            "/tariff_alt_text/0/text",
            told(json!([text("en", "<b>2</b> per kWh")])),
            told(json!([text("en", "2 < 3 & more > 1; per kWh")])),
        ),
        members(
            AltUrlPlain,
            "/tariff_alt_url",
            json!({"tariff_alt_url": "http://example.com/t"}),
            json!({"tariff_alt_url": "https://example.com/t"}),
        ),
        members(EnergyMixSum, "/energy_mix/energy_sources", mix(70.0), mix(59.9)),
    ]
}
