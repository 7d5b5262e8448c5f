//! The bill in sentences.

use std::fmt;

use super::texts::{noun, per, quantity};
use super::{Amount, Bill, Category, Line};
use crate::engine::moment::Restriction;
use crate::rounding::Rounding;

impl Bill {
    /// Returns the bill in sentences, one per line: each amount with its computation and the reasons for its price,
    /// then the total.
    pub fn words(&self, rounding: Rounding) -> impl fmt::Display {
        let mut sentences: Vec<String> =
            self.lines().enumerate().map(|(index, line)| self.sentence(index, &line, rounding)).collect();
        let currency = &self.usage.currency;
        if self.is_limited() {
            let limit = self.money(self.limit(), rounding);
            sentences.push(format!("The limits of the price change the total by {limit}."));
        }
        sentences.extend(self.gap_groups().iter().map(|group| format!("It cannot be computed: {group}.")));
        sentences.extend(self.notes.iter().map(|note| format!("To know: {note}.")));
        sentences.push(match self.total() {
            None => "There is no total.".into(),
            Some(total) => {
                let parts: Vec<String> = Category::ALL
                    .into_iter()
                    .filter(|category| self.lines().any(|line| line.category == *category))
                    .map(|category| {
                        let part = self.part(category);
                        let amount = part.before_taxes.or(part.after_taxes).unwrap_or_default();
                        format!("{} {}", category.as_str(), rounding.apply(amount))
                    })
                    .collect();
                let parts = if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) };
                let credit = if self.usage.is_credit { "The credit is" } else { "The total is" };
                format!("{credit} {}{parts}, in {currency}.", self.money(total, rounding))
            }
        });
        Sentences(sentences)
    }

    fn sentence(&self, index: usize, line: &Line, rounding: Rounding) -> String {
        let what = noun(line.phase, line.kind);
        let billed = quantity(line.kind, line.billed);
        let mut text = format!(
            "Period {}, from {}: {what}, {billed} at {}{} (tariff {}, element {}, component {}), makes {}.",
            line.period,
            line.at,
            line.rate.price,
            per(line.kind),
            self.tariff_id(line.tariff),
            line.element,
            line.component,
            self.money(line.amount, rounding),
        );
        if line.billed != line.measured {
            let measured = quantity(line.kind, line.measured);
            text += &format!(
                " Measured were {measured}; the session is billed in steps of {}.",
                line.rate.step_size
            );
        }
        if line.is_estimate {
            text += " The price changes inside the period: the quantity is its share.";
        }
        let Some(why) = self.why(index) else { return text };
        if !why.held.is_empty() {
            text += &format!(" Its restrictions hold: {}.", list(why.held.iter().copied()));
        }
        for passed in &why.passed {
            text += &format!(
                " Element {} does not apply, because of {}.",
                passed.element,
                passed.restriction.as_str()
            );
        }
        if why.is_fallback {
            text += " There is no such price for an expired reservation, so that of the reservation holds.";
        }
        text
    }

    fn money(&self, amount: Amount, rounding: Rounding) -> String {
        let currency = &self.usage.currency;
        let text = |amount| format!("{} {currency}", rounding.apply(amount));
        match (amount.before_taxes, amount.after_taxes) {
            (Some(before), Some(after)) => format!("{} before and {} after taxes", text(before), text(after)),
            (Some(before), None) => format!("{} before taxes, which are not known", text(before)),
            (None, Some(after)) => format!("{} with taxes, which are not known", text(after)),
            (None, None) => "an unknown amount".into(),
        }
    }
}

struct Sentences(Vec<String>);

impl fmt::Display for Sentences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|sentence| writeln!(f, "{sentence}"))
    }
}

fn list(restrictions: impl Iterator<Item = Restriction>) -> String {
    restrictions.map(Restriction::as_str).collect::<Vec<_>>().join(", ")
}
