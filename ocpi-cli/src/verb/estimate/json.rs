//! Estimates as JSON.

use ocpi_pricing::bill::{Amount, Record};
use ocpi_pricing::estimate::{Estimate, Ranked};
use ocpi_pricing::rounding::Rounding;
use ocpi_types::Decimal;
use serde::Serialize;

use super::offers::{Choice, Named};
use super::reasons::{known, reasons};

/// One document: the offers, the cheapest first, and what cannot be computed.
///
/// # Errors
/// None that is known.
pub(super) fn json(choice: &Choice, ranked: &[Ranked], explain: bool) -> serde_json::Result<String> {
    let mut document = Document { offers: Vec::new(), not_computable: Vec::new() };
    for ranked in ranked {
        let Some(named) = choice.offers.get(ranked.offer) else { continue };
        match known(ranked) {
            Some((estimate, total)) => {
                let offers = plugs(&named.plugs).map(|plug| offer(named, plug, estimate, total, explain));
                document.offers.extend(offers);
            }
            None => document.not_computable.extend(plugs(&named.plugs).flat_map(|plug| {
                let missing = move |message| Missing { plug, tariff: Some(named.tariff()), message };
                reasons(named, ranked).into_iter().map(missing)
            })),
        }
    }
    for missing in &choice.missing {
        let entry = |plug| Missing { plug, tariff: missing.tariff.as_deref(), message: missing.why.clone() };
        document.not_computable.extend(plugs(&missing.plugs).map(entry));
    }
    Ok(serde_json::to_string(&document)? + "\n")
}

#[derive(Serialize)]
struct Document<'a> {
    offers: Vec<Shown<'a>>,
    not_computable: Vec<Missing<'a>>,
}

/// A connector; `None`: any.
#[derive(Clone, Copy, Serialize)]
struct Plug<'a> {
    evse: Option<&'a str>,
    connector: Option<&'a str>,
}

#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    plug: Plug<'a>,
    tariff: &'a str,
    currency: String,
    total: Money,
    per_kwh: Money,
    energy_kwh: String,
    /// Time in which the car charges, in hours.
    time_h: String,
    /// Time in which it is plugged in without charging, in hours.
    parking_h: String,
    charging_s: i64,
    plugged_in_s: i64,
    power_kw: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    sentences: Option<Vec<String>>,
    bill: Option<Record>,
}

#[derive(Serialize)]
struct Missing<'a> {
    #[serde(flatten)]
    plug: Plug<'a>,
    tariff: Option<&'a str>,
    message: String,
}

#[derive(Serialize)]
struct Money {
    before_taxes: Option<String>,
    after_taxes: Option<String>,
}

fn plugs(plugs: &[(String, String)]) -> impl Iterator<Item = Plug<'_>> {
    let any = plugs.is_empty().then_some(Plug { evse: None, connector: None });
    let named = plugs.iter().map(|(evse, connector)| Plug { evse: Some(evse), connector: Some(connector) });
    any.into_iter().chain(named)
}

fn offer<'a>(
    named: &'a Named,
    plug: Plug<'a>,
    estimate: &Estimate,
    total: Amount,
    explain: bool,
) -> Shown<'a> {
    let bill = named.offer().pricer.price(&estimate.usage).ok();
    let sentences = |bill: &ocpi_pricing::Bill| {
        bill.words(Rounding::none()).to_string().lines().map(str::to_owned).collect()
    };
    let parking = estimate.seconds.saturating_sub(estimate.charging_seconds);
    Shown {
        plug,
        tariff: named.tariff(),
        currency: estimate.currency().to_string(),
        total: money(Some(total)),
        per_kwh: money(estimate.per_kwh()),
        energy_kwh: estimate.energy.to_string(),
        time_h: hours(estimate.charging_seconds),
        parking_h: hours(parking),
        charging_s: estimate.charging_seconds,
        plugged_in_s: estimate.seconds,
        power_kw: named.supply.power.to_string(),
        sentences: bill.as_ref().filter(|_| explain).map(sentences),
        bill: bill.map(|bill| bill.record(Rounding::none())),
    }
}

fn money(amount: Option<Amount>) -> Money {
    let text = |of: fn(&Amount) -> Option<Decimal>| amount.as_ref().and_then(of).map(|it| it.to_string());
    Money { before_taxes: text(|it| it.before_taxes), after_taxes: text(|it| it.after_taxes) }
}

/// Seconds in hours, to four decimals as in CDRs.
fn hours(seconds: i64) -> String {
    let hours = Decimal::from(seconds).checked_div(Decimal::from(3600)).unwrap_or_default();
    hours.round(4).normalize().to_string()
}
