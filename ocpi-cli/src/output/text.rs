//! Text for people.

use std::fmt::Write;

use ocpi_types::Severity;
use ocpi_types::convert::Effect;

use super::{color, plain};
use crate::kinds::dashed;
use crate::ledger::Account;

/// Columns of a cell; a longer one runs over, so that one long pointer does not push all messages off the screen.
pub(crate) const WIDEST: usize = 60;

/// Lists the ledger entries of conversions, a line each, without the values; then the refusals.
pub(super) fn ledger(account: &Account) -> String {
    let mut out = String::new();
    let place = |file: &str, item: Option<usize>| {
        let item = item.map(|item| format!(" item {item}")).unwrap_or_default();
        format!("{}{item}", plain(file))
    };
    let places: Vec<String> = account.entries.iter().map(|told| place(&told.file, told.item)).collect();
    let pointers: Vec<String> = account.entries.iter().map(|told| plain(told.entry.pointer())).collect();
    let (place_width, pointer_width) = (width(places.iter()), width(pointers.iter()));
    for ((told, place), pointer) in account.entries.iter().zip(&places).zip(&pointers) {
        let rule = told.entry.rule;
        let style = color(if rule.effect() == Effect::Lost { Severity::Warning } else { Severity::Info });
        let _ = write!(
            out,
            "  {style}{:<7}{style:#}  {place:<place_width$}  {pointer:<pointer_width$}",
            rule.effect().as_str()
        );
        let _ = writeln!(out, "  {}  [{}]", rule.message(), rule.id());
    }
    let style = color(Severity::Error);
    for refusals in account.folded() {
        let _ = writeln!(out, "  {style}refused{style:#}  {}", plain(&refusals));
    }
    let _ = writeln!(out, "{}", account.summary());
    out
}

/// Which item it is, by its place and its id.
pub(crate) fn item_name(index: Option<usize>, id: Option<&str>) -> String {
    let index = index.map(|index| format!("item {index}"));
    match (index, id.map(plain)) {
        (Some(index), Some(id)) => format!("{index} ({id})"),
        (index, id) => index.or(id).unwrap_or_default(),
    }
}

fn width<'a>(cells: impl Iterator<Item = &'a String>) -> usize {
    cells.map(|cell| cell.chars().count()).max().unwrap_or(0).min(WIDEST)
}

/// The type of an object in a sentence: `location`, `CDR`, `charging profile`.
pub(crate) fn type_name(name: &str) -> String {
    match dashed(name).as_str() {
        name @ ("cdr" | "evse") => name.to_uppercase(),
        name => name.replace('-', " "),
    }
}

/// `1 item`, `2 items`.
pub(crate) fn count(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ if what.ends_with('s') => format!("{number} {what}"),
        _ if what.ends_with('x') => format!("{number} {what}es"),
        _ => format!("{number} {what}s"),
    }
}
