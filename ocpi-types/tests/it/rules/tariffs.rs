//! Rules about tariffs and prices.

use ocpi_types::{Ruleset, v2_1_1, v2_2_1, v2_3_0};
use serde_json::{Value as Json, json};

use super::{Pair, pair, with};

const OLD: &Ruleset = &Ruleset::V2_1_1;
const MID: &Ruleset = &Ruleset::V2_2_1;
const NEW: &Ruleset = &Ruleset::V2_3_0;
const BOOKINGS: &Ruleset = &Ruleset::V2_3_0_BOOKINGS;

const TARIFF_221: &str = include_str!("../../fixtures/2.2.1/tariff.minimal.json");
const TARIFF_230: &str = include_str!("../../fixtures/2.3.0/tariff.minimal.json");

pub(super) fn pairs() -> Vec<Pair> {
    [restrictions(), elements(), components(), tariffs(), prices()].into_iter().flatten().collect()
}

fn restrictions() -> Vec<Pair> {
    let limits = |low: &str, least: Json, high: &str, most: Json| json!({low: least, high: most});
    let mut pairs = Vec::new();
    for (low, high) in [
        ("min_kwh", "max_kwh"),
        ("min_current", "max_current"),
        ("min_power", "max_power"),
        ("min_duration", "max_duration"),
    ] {
        let broken = || limits(low, json!(20), high, json!(19));
        let same = || limits(low, json!(20), high, json!(20));
        let neighbour = || limits(low, json!(20), high, json!(21));
        let at = format!("/{high}");
        let at = (&*at, "range.empty");
        pairs.push(pair::<v2_2_1::tariffs::TariffRestrictions>(MID, broken(), at, neighbour()));
        pairs.push(pair::<v2_3_0::tariffs::TariffRestrictions>(NEW, broken(), at, neighbour()));
        let equal = (at.0, "range.equal");
        pairs.push(pair::<v2_3_0::tariffs::TariffRestrictions>(NEW, same(), equal, neighbour()));
        if low != "min_current" {
            pairs.push(pair::<v2_1_1::tariffs::TariffRestrictions>(OLD, broken(), at, neighbour()));
        }
    }
    let limit = |name: &str, value: f64| json!({name: value});
    for (name, watts, kilowatts) in
        [("min_power", 22_000.0, 22.0), ("max_power", 22_000.0, 99_999.0), ("min_kwh", 10_000.0, 10.0)]
    {
        let at = format!("/{name}");
        let at = (&*at, "unit.implausible");
        let (odd, plain) = (|| limit(name, watts), || limit(name, kilowatts));
        pairs.push(pair::<v2_1_1::tariffs::TariffRestrictions>(OLD, odd(), at, plain()));
        pairs.push(pair::<v2_2_1::tariffs::TariffRestrictions>(MID, odd(), at, plain()));
        pairs.push(pair::<v2_3_0::tariffs::TariffRestrictions>(NEW, odd(), at, plain()));
    }
    let dates = |last: &str| json!({"start_date": "2026-01-01", "end_date": last});
    let at = ("/end_date", "range.equal");
    let (same, next) = ("2026-01-01", "2026-01-02");
    let times = |end: &str| json!({"start_time": "08:00", "end_time": end});
    let equal = ("/end_time", "range.equal");
    // From midnight to midnight is the whole day.
    let day = || json!({"start_time": "00:00", "end_time": "00:00"});
    pairs.extend([
        pair::<v2_1_1::tariffs::TariffRestrictions>(OLD, times("08:00"), equal, times("07:59")),
        pair::<v2_2_1::tariffs::TariffRestrictions>(MID, times("08:00"), equal, times("08:01")),
        pair::<v2_3_0::tariffs::TariffRestrictions>(NEW, times("08:00"), equal, day()),
    ]);
    let days = |second: &str| json!({"day_of_week": ["MONDAY", second]});
    let twice = ("/day_of_week/1", "tariff.duplicate_day");
    pairs.extend([
        pair::<v2_1_1::tariffs::TariffRestrictions>(OLD, dates(same), at, dates(next)),
        pair::<v2_2_1::tariffs::TariffRestrictions>(MID, dates(same), at, dates(next)),
        pair::<v2_3_0::tariffs::TariffRestrictions>(
            NEW,
            dates("2025-12-31"),
            (at.0, "range.empty"),
            dates(next),
        ),
        pair::<v2_1_1::tariffs::TariffRestrictions>(OLD, days("MONDAY"), twice, days("SUNDAY")),
        pair::<v2_2_1::tariffs::TariffRestrictions>(MID, days("MONDAY"), twice, days("SUNDAY")),
        pair::<v2_3_0::tariffs::TariffRestrictions>(NEW, days("MONDAY"), twice, days("SUNDAY")),
        pair::<v2_3_0::tariffs::TariffRestrictions>(
            BOOKINGS,
            json!({"reservation": "RESERVATION", "booking": "BOOKING"}),
            ("/booking", "tariff.reservation_and_booking"),
            json!({"booking": "BOOKING"}),
        ),
    ]);
    pairs
}

fn elements() -> Vec<Pair> {
    let element = |kind: &str, restrictions: Json| {
        let prices = json!([{"type": "FLAT", "price": 1, "step_size": 1},
            {"type": kind, "price": 1, "step_size": 1}]);
        json!({"price_components": prices, "restrictions": restrictions})
    };
    let reserved = |kind| element(kind, json!({"reservation": "RESERVATION_EXPIRES"}));
    let booked = |kind| element(kind, json!({"booking": "BOOKING_OVERTIME"}));
    let at = ("/price_components/1/type", "tariff.reservation_price");
    vec![
        pair::<v2_2_1::tariffs::TariffElement>(MID, reserved("ENERGY"), at, reserved("TIME")),
        pair::<v2_3_0::tariffs::TariffElement>(NEW, reserved("PARKING_TIME"), at, reserved("FLAT")),
        pair::<v2_3_0::tariffs::TariffElement>(BOOKINGS, booked("ENERGY"), at, booked("TIME")),
        pair::<v2_2_1::tariffs::TariffElement>(
            MID,
            reserved("ENERGY"),
            at,
            element("ENERGY", json!({"max_kwh": 20})),
        ),
    ]
}

fn components() -> Vec<Pair> {
    let step = |size: i64| json!({"type": "ENERGY", "price": 0.3, "step_size": size});
    let vat = |vat: f64| json!({"type": "ENERGY", "price": 0.3, "vat": vat, "step_size": 1});
    let negative = ("/step_size", "num.negative");
    let zero = ("/step_size", "tariff.step_zero");
    vec![
        pair::<v2_1_1::tariffs::PriceComponent>(OLD, step(-1), negative, step(1)),
        pair::<v2_2_1::tariffs::PriceComponent>(MID, step(-1), negative, step(1)),
        pair::<v2_1_1::tariffs::PriceComponent>(OLD, step(0), zero, step(1)),
        pair::<v2_3_0::tariffs::PriceComponent>(NEW, step(0), zero, step(1)),
        pair::<v2_2_1::tariffs::PriceComponent>(MID, vat(-0.5), ("/vat", "num.negative"), vat(0.0)),
    ]
}

fn tariffs() -> Vec<Pair> {
    let valid = |end: &str| json!({"start_date_time": "2026-01-01T00:00:00Z", "end_date_time": end});
    let (same, next) = ("2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z");
    let at = ("/end_date_time", "range.equal");
    let old = |change: Json| with(TARIFF_221, change);
    let new = |change: Json| with(TARIFF_230, change);
    let vat = |least: Json, most: Json| old(json!({"min_price": least, "max_price": most}));
    let tax = |least: Json, most: Json| new(json!({"min_price": least, "max_price": most}));
    vec![
        pair::<v2_2_1::tariffs::Tariff>(MID, old(valid(same)), at, old(valid(next))),
        pair::<v2_3_0::tariffs::Tariff>(NEW, new(valid(same)), at, new(valid(next))),
        pair::<v2_2_1::tariffs::Tariff>(
            MID,
            vat(json!({"excl_vat": 2}), json!({"excl_vat": 1})),
            ("/max_price/excl_vat", "tariff.price_limits"),
            vat(json!({"excl_vat": 1}), json!({"excl_vat": 1})),
        ),
        pair::<v2_2_1::tariffs::Tariff>(
            MID,
            vat(json!({"excl_vat": 1, "incl_vat": 3}), json!({"excl_vat": 1, "incl_vat": 2})),
            ("/max_price/incl_vat", "tariff.price_limits"),
            vat(json!({"excl_vat": 1, "incl_vat": 3}), json!({"excl_vat": 1})),
        ),
        pair::<v2_3_0::tariffs::Tariff>(
            NEW,
            tax(json!({"before_taxes": 2}), json!({"before_taxes": 1})),
            ("/max_price/before_taxes", "tariff.price_limits"),
            tax(json!({"before_taxes": 1}), json!({"before_taxes": 2})),
        ),
        pair::<v2_3_0::tariffs::Tariff>(
            NEW,
            tax(json!({"before_taxes": 1, "after_taxes": 3}), json!({"before_taxes": 1, "after_taxes": 2})),
            ("/max_price/after_taxes", "tariff.price_limits"),
            tax(json!({"before_taxes": 1, "after_taxes": 2}), json!({"before_taxes": 1, "after_taxes": 2})),
        ),
    ]
}

fn prices() -> Vec<Pair> {
    let vat = |net: f64, gross: f64| json!({"excl_vat": net, "incl_vat": gross});
    let tax = |net: f64, gross: f64| json!({"before_taxes": net, "after_taxes": gross});
    let at = ("/incl_vat", "price.tax_negative");
    vec![
        pair::<v2_2_1::types::Price>(MID, vat(10.0, 9.99), at, vat(10.0, 10.0)),
        // A credit is negative, and so is its tax.
        pair::<v2_2_1::types::Price>(MID, vat(-10.0, -9.99), at, vat(-10.0, -12.1)),
        pair::<v2_3_0::tariffs::PriceLimit>(
            NEW,
            tax(10.0, 9.99),
            ("/after_taxes", "price.tax_negative"),
            tax(10.0, 12.1),
        ),
    ]
}
