//! Short ways to plans, usages and bills.

use chrono::{NaiveDateTime, TimeDelta};
use ocpi_pricing::usage::{Period, Usage};
use ocpi_pricing::{Bill, Policy, PriceError, Pricer, TariffModel};
use ocpi_types::{DateTime, Decimal, Version, json, v2_1_1, v2_2_1, v2_3_0};
use serde_json::{Value, json};

pub(crate) fn dec(text: &str) -> Decimal {
    text.parse().unwrap_or_else(|_| panic!("{text} is no number"))
}

pub(crate) fn time(text: &str) -> DateTime {
    text.parse().unwrap_or_else(|_| panic!("{text} is no time"))
}

/// A tariff of some version from its elements; `more` are further members.
pub(crate) fn plan_of(version: Version, elements: &Value, more: &Value) -> TariffModel {
    let text = tariff_text(version, elements, more);
    match version {
        Version::V2_1_1 => TariffModel::from(&read::<v2_1_1::tariffs::Tariff>(&text)),
        Version::V2_2_1 => TariffModel::from(&read::<v2_2_1::tariffs::Tariff>(&text)),
        _ => TariffModel::from(&read::<v2_3_0::tariffs::Tariff>(&text)),
    }
}

/// The same as JSON.
pub(crate) fn tariff_text(version: Version, elements: &Value, more: &Value) -> String {
    let mut tariff = json!({
        "id": "T1", "currency": "EUR", "elements": elements, "last_updated": "2026-01-01T00:00:00Z",
    });
    if version != Version::V2_1_1 {
        tariff["country_code"] = "NL".into();
        tariff["party_id"] = "ALF".into();
    }
    if version == Version::V2_3_0 {
        tariff["tax_included"] = "NO".into();
    }
    for (name, value) in more.as_object().into_iter().flatten() {
        tariff[name] = value.clone();
    }
    tariff.to_string()
}

pub(crate) fn read<T: ocpi_types::Object>(text: &str) -> T {
    let item = json::read_item::<T>(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"));
    match item.reading {
        json::Reading::Whole(value) => value,
        json::Reading::Partial(partial) => partial.into_value(),
        json::Reading::Unreadable(_) => panic!("no such object: {text}"),
    }
}

/// A tariff of 2.2.1.
pub(crate) fn plan(elements: Value) -> TariffModel {
    plan_of(Version::V2_2_1, &elements, &json!({}))
}

/// An element with one price without VAT.
pub(crate) fn element(kind: &str, price: f64, step: i64, restrictions: Value) -> Value {
    json!({
        "price_components": [{"type": kind, "price": price, "step_size": step}],
        "restrictions": restrictions,
    })
}

/// A day of May 2026 in Amsterdam, two hours before UTC: Monday is the 4th.
pub(crate) fn local(text: &str) -> DateTime {
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").unwrap();
    (local - TimeDelta::hours(2)).and_utc().try_into().unwrap()
}

/// Function that fills a period.
pub(crate) type Fill<'a> = &'a dyn Fn(&mut Period);

/// A session whose periods follow each other: minutes, and the filling of each.
pub(crate) fn session(start: DateTime, periods: &[(i64, Fill<'_>)]) -> Usage {
    let mut usage = Usage::new("EUR".parse().unwrap());
    usage.start = Some(start);
    let mut at = start;
    for (minutes, fill) in periods {
        let mut period = Period::at(at);
        fill(&mut period);
        usage.periods.push(period);
        at = at.checked_add_seconds(minutes * 60).unwrap();
    }
    usage.end = Some(at);
    usage.with_time_zone("Europe/Amsterdam").unwrap()
}

/// So many minutes in hours, as far as decimals go.
pub(crate) fn hours(minutes: i64) -> Option<Decimal> {
    Decimal::from(minutes).checked_div(Decimal::from(60))
}

/// Prices, and hands the bill on.
pub(crate) fn with_bill<T>(
    plans: Vec<TariffModel>,
    usage: &Usage,
    policy: Policy,
    then: impl FnOnce(&Bill) -> T,
) -> T {
    let pricer = Pricer::with_policy(plans, policy);
    let bill = pricer.price(usage).unwrap_or_else(|error: PriceError| panic!("{error}"));
    then(&bill)
}
