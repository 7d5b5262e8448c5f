//! The bill as a table for a terminal.

use std::fmt;

use ocpi_types::Decimal;

use super::texts::{noun, per, quantity};
use super::{Amount, Bill, Category};
use crate::rounding::Rounding;

const HEADINGS: [&str; 7] = ["from", "what", "measured", "billed", "price", "before taxes", "after taxes"];
/// Columns of words, which start on the left; numbers end on the right.
const WORDS: usize = 2;

impl Bill {
    /// Returns the bill as a table of plain text: the lines, the totals, the gaps and the notes.
    pub fn table(&self, rounding: Rounding) -> impl fmt::Display {
        let mut rows: Vec<Row> = vec![HEADINGS.map(str::to_owned)];
        rows.extend(self.lines().map(|line| {
            let [before, after] = amounts(line.amount, rounding);
            let estimate = if line.is_estimate { " (estimated)" } else { "" };
            [
                line.at.to_string(),
                format!("{}{estimate}", noun(line.phase, line.kind)),
                quantity(line.kind, line.measured),
                quantity(line.kind, line.billed),
                format!("{}{}", line.rate.price, per(line.kind)),
                before,
                after,
            ]
        }));
        let ruler = rows.len();
        let mut total = |name: &str, amount: Amount| {
            let [before, after] = amounts(amount, rounding);
            let empty = String::new;
            rows.push([empty(), name.to_owned(), empty(), empty(), empty(), before, after]);
        };
        for category in Category::ALL {
            if self.lines().any(|line| line.category == category) {
                total(category.as_str(), self.part(category));
            }
        }
        if self.is_limited() {
            total("limit", self.limit());
        }
        total(&format!("total {}", self.usage.currency), self.total().unwrap_or_default());
        let gaps = self.gap_groups().into_iter().map(|group| format!("not computable: {group}"));
        let notes = self.notes.iter().map(|note| format!("note: {note}"));
        Table { rows, ruler, remarks: gaps.chain(notes).collect() }
    }
}

type Row = [String; HEADINGS.len()];

struct Table {
    rows: Vec<Row>,
    /// The row above which a line is drawn.
    ruler: usize,
    remarks: Vec<String>,
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut widths = [0; HEADINGS.len()];
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = cell.chars().count().max(*width);
            }
        }
        for (index, row) in self.rows.iter().enumerate() {
            if index == 1 || index == self.ruler {
                let line = widths.map(|width| "-".repeat(width)).join("  ");
                writeln!(f, "{line}")?;
            }
            let cells = row.iter().zip(widths).enumerate().map(|(column, (cell, width))| {
                if column < WORDS { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
            });
            writeln!(f, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
        }
        for remark in &self.remarks {
            writeln!(f, "{remark}")?;
        }
        Ok(())
    }
}

/// Unknown amounts are a question mark.
fn amounts(amount: Amount, rounding: Rounding) -> [String; 2] {
    let text =
        |amount: Option<Decimal>| amount.map_or("?".into(), |amount| rounding.apply(amount).to_string());
    [text(amount.before_taxes), text(amount.after_taxes)]
}
