//! Estimates as text.

use std::fmt::Write;

use anstyle::Style;
use ocpi_pricing::bill::Amount;
use ocpi_pricing::estimate::{Estimate, Ranked};
use ocpi_pricing::rounding::Rounding;
use ocpi_types::Decimal;

use super::offers::{Choice, Named};
use super::reasons::{known, reasons};
use crate::output::{plain, plain_lines};

/// One estimate in full, or several compared. Writing into a `String` does not fail.
pub(super) fn text(choice: &Choice, ranked: &[Ranked], explain: bool) -> String {
    let offers = &choice.offers;
    let mut out = String::new();
    match ranked {
        [] => {}
        [only] => out += &in_full(offers, only, explain),
        _ => {
            out += &comparison(offers, ranked);
            for ranked in ranked.iter().filter(|_| explain) {
                out.push('\n');
                out += &in_full(offers, ranked, explain);
            }
        }
    }
    for missing in &choice.missing {
        let place = plain(&missing.place());
        let _ = writeln!(out, "{place}: not computable: {}", plain(&missing.why));
    }
    out
}

fn in_full(offers: &[Named], ranked: &Ranked, explain: bool) -> String {
    let Some(named) = offers.get(ranked.offer) else { return String::new() };
    let bold = Style::new().bold();
    let mut out = String::new();
    let heading = format!("{} at {}, {} kW", named.tariff(), named.place(), named.supply.power);
    let _ = writeln!(out, "{bold}{}{bold:#}", plain(&heading));
    // A table of what is known would look like a price.
    let Some((estimate, _)) = known(ranked) else {
        for reason in reasons(named, ranked) {
            let _ = writeln!(out, "not computable: {}", plain(&reason));
        }
        return out;
    };
    let rounding = Rounding::of(estimate.currency());
    if let Ok(bill) = named.offer().pricer.price(&estimate.usage) {
        out += &plain_lines(&bill.table(rounding).to_string());
        if explain {
            let _ = write!(out, "\n{}", plain_lines(&bill.words(rounding).to_string()));
        }
    }
    let (charging, seconds) = (clock(estimate.charging_seconds), clock(estimate.seconds));
    let _ = write!(out, "\n{} kWh, charging {charging}, plugged in {seconds} (h:mm:ss)", estimate.energy);
    if let Some(price) = to_pay(estimate.per_kwh()) {
        let _ = write!(out, "; all in {} {} per kWh", fine(price), estimate.currency());
    }
    out.push('\n');
    out
}

const HEADINGS: [&str; 9] =
    ["tariff", "connector", "kW", "kWh", "charging", "plugged in", "before taxes", "after taxes", "per kWh"];
/// Columns of words, which start on the left; numbers end on the right.
const WORDS: usize = 2;

fn comparison(offers: &[Named], ranked: &[Ranked]) -> String {
    let rows = ranked.iter().filter_map(|ranked| offers.get(ranked.offer).map(|named| (named, ranked)));
    let mut remarks = String::new();
    let mut table = vec![HEADINGS.map(str::to_owned)];
    for (named, ranked) in rows {
        table.push(row(named, ranked));
        let what = format!("{} at {}", plain(named.tariff()), plain(&named.place()));
        for reason in reasons(named, ranked) {
            let _ = writeln!(remarks, "{what}: not computable: {}", plain(&reason));
        }
        let priced = ranked.outcome.as_ref().ok().map(|estimate| named.offer().pricer.price(&estimate.usage));
        for note in priced.iter().flatten().flat_map(|bill| bill.notes()) {
            let _ = writeln!(remarks, "{what}: note: {}", plain(&note.to_string()));
        }
    }
    let width = |column: usize| {
        let cells = table.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..HEADINGS.len()).map(width).collect();
    let mut out = String::new();
    for row in &table {
        let mut line = String::new();
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let gap = if column == 0 { "" } else { "  " };
            let _ = match column < WORDS {
                true => write!(line, "{gap}{cell:<width$}"),
                false => write!(line, "{gap}{cell:>width$}"),
            };
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out + &remarks
}

fn row(named: &Named, ranked: &Ranked) -> [String; HEADINGS.len()] {
    let estimate = ranked.outcome.as_ref().ok();
    let total = estimate.and_then(|estimate| estimate.total);
    let money = |of: fn(&Amount) -> Option<Decimal>| {
        let amount = total.as_ref().and_then(of).zip(estimate);
        amount.map_or("?".to_owned(), |(amount, estimate)| {
            let currency = estimate.currency();
            plain(&format!("{} {currency}", Rounding::of(currency).apply(amount)))
        })
    };
    let known = |of: fn(&Estimate) -> String| estimate.map_or_else(|| "?".to_owned(), of);
    [
        plain(named.tariff()),
        plain(&named.place()),
        named.supply.power.to_string(),
        known(|estimate| estimate.energy.to_string()),
        known(|estimate| clock(estimate.charging_seconds)),
        known(|estimate| clock(estimate.seconds)),
        money(|total| total.before_taxes),
        money(|total| total.after_taxes),
        estimate.and_then(|estimate| to_pay(estimate.per_kwh())).map_or_else(|| "?".to_owned(), fine),
    ]
}

/// With tax, where it is known.
fn to_pay(amount: Option<Amount>) -> Option<Decimal> {
    amount.and_then(|amount| amount.after_taxes.or(amount.before_taxes))
}

/// A price of one unit is finer than what is paid.
fn fine(price: Decimal) -> String {
    Rounding::to_decimals(4).apply(price).to_string()
}

/// `1:05:09` for 3909 seconds.
fn clock(seconds: i64) -> String {
    format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}
