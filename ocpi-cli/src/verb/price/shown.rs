//! A price as text and as JSON.

use std::fmt::Write;

use anstyle::Style;
use ocpi_pricing::bill::{Amount, Record};
use ocpi_pricing::rounding::Rounding;
use ocpi_pricing::{Bill, Comparison, PriceError, Usage};
use ocpi_types::Decimal;
use serde::Serialize;

use crate::kinds::Kind;
use crate::output;
use crate::policies::named;

/// Price of one CDR or session, or the reason why it has none.
pub(super) struct Shown<'a> {
    pub(super) file: String,
    pub(super) kind: &'static Kind,
    pub(super) item: Option<usize>,
    pub(super) usage: &'a Usage,
    pub(super) bill: Result<Bill, PriceError>,
    pub(super) comparison: Option<Result<Comparison, PriceError>>,
    pub(super) explain: bool,
}

impl Shown<'_> {
    /// A heading, the table, and what else was asked for. Writing into a `String` does not fail.
    pub(super) fn text(&self) -> String {
        let bold = Style::new().bold();
        let rounding = Rounding::of(&self.usage.currency);
        let name = if self.file == "-" { "standard input" } else { &self.file };
        let item = self.item.map(|item| format!(", item {item}")).unwrap_or_default();
        let id = self.usage.id.as_deref().unwrap_or("without id");
        let mut out = String::new();
        let _ = writeln!(
            out,
            "{bold}{}{item}{bold:#}: {} {}, OCPI {}",
            output::plain(name),
            self.kind.name(),
            output::plain(id),
            self.kind.version()
        );
        match &self.bill {
            Ok(bill) => {
                out += &output::plain_lines(&bill.table(rounding).to_string());
                if self.explain {
                    let _ = write!(out, "\n{}", output::plain_lines(&bill.words(rounding).to_string()));
                }
            }
            Err(error) => {
                let _ = writeln!(out, "not computable: {error}");
            }
        }
        match &self.comparison {
            None => {}
            Some(Err(error)) => {
                let _ = writeln!(out, "\npolicies cannot be compared: {error}");
            }
            Some(Ok(comparison)) if comparison.differences().is_empty() => {
                let _ = writeln!(out, "\nthe price is the same under every policy");
            }
            Some(Ok(comparison)) => {
                let _ = write!(out, "\nunder other policies:\n{comparison}");
            }
        }
        out.push('\n');
        out
    }

    /// One line.
    ///
    /// # Errors
    /// None that is known.
    pub(super) fn json(&self) -> serde_json::Result<String> {
        let line = match &self.bill {
            Ok(bill) => serde_json::to_string(&Priced {
                record: bill.record(Rounding::none()),
                sentences: self.explain.then(|| {
                    let words = bill.words(Rounding::none()).to_string();
                    words.lines().map(str::to_owned).collect()
                }),
                policies: match &self.comparison {
                    Some(Ok(comparison)) => Some(policies(comparison)),
                    _ => None,
                },
                file: &self.file,
                item: self.item,
            })?,
            Err(error) => serde_json::to_string(&Priced {
                record: Record::without_bill(self.usage, error),
                sentences: None,
                policies: None,
                file: &self.file,
                item: self.item,
            })?,
        };
        Ok(line + "\n")
    }
}

#[derive(Serialize)]
struct Priced<'a> {
    #[serde(flatten)]
    record: Record,
    #[serde(skip_serializing_if = "Option::is_none")]
    sentences: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policies: Option<Vec<OtherPolicy>>,
    file: &'a str,
    item: Option<usize>,
}

#[derive(Serialize)]
struct OtherPolicy {
    policy: String,
    instead_of: String,
    total: Money,
}

#[derive(Serialize)]
struct Money {
    before_taxes: Option<String>,
    after_taxes: Option<String>,
}

fn policies(comparison: &Comparison) -> Vec<OtherPolicy> {
    let others = comparison.differences().iter().map(|difference| OtherPolicy {
        policy: named(difference.question, difference.choice),
        instead_of: named(difference.question, difference.instead_of),
        total: money(difference.total),
    });
    others.collect()
}

fn money(total: Option<Amount>) -> Money {
    let text = |of: fn(&Amount) -> Option<Decimal>| total.as_ref().and_then(of).map(|it| it.to_string());
    Money { before_taxes: text(|total| total.before_taxes), after_taxes: text(|total| total.after_taxes) }
}
