//! A CDR by its tariff.

use ocpi_types::Decimal;

use super::Findings;
use super::claims::{Claims, Money};
use super::rules::AuditRule;
use super::tolerance::is_money;
use crate::bill::{Amount, Bill, Category};
use crate::engine::Pricer;
use crate::policy::Policy;

pub(super) fn check(pricer: &Pricer, claims: &Claims, bill: &Bill<'_>, findings: &mut Findings) {
    let Some(total) = bill.total() else {
        for gap in bill.gaps() {
            let pointer = gap.period.map_or_else(String::new, |period| format!("/charging_periods/{period}"));
            findings.add_with(AuditRule::NotComputable, pointer, None, None, gap.to_string());
        }
        return;
    };
    let compared = Compared { claims, pricer };
    // A total may be the sum of its rounded parts.
    let terms = Category::ALL.iter().filter(|category| is_something(bill.part(**category))).count();
    let rules = (AuditRule::TotalCost, AuditRule::TotalTax);
    compared.amount("/total_cost", &claims.total, total, terms, rules, None, findings);
    for part in &claims.parts {
        let rules = (AuditRule::PartCost, AuditRule::PartTax);
        let pointer = format!("/{}", part.member);
        let due = bill.part(part.category);
        compared.amount(&pointer, &part.money, due, 0, rules, Some(part.category), findings);
    }
}

fn is_something(amount: Amount) -> bool {
    amount.before_taxes.or(amount.after_taxes).is_some_and(|amount| amount != Decimal::ZERO)
}

struct Compared<'a> {
    claims: &'a Claims,
    pricer: &'a Pricer,
}

impl Compared<'_> {
    #[expect(clippy::too_many_arguments, reason = "each says another thing of one amount")]
    fn amount(
        &self,
        pointer: &str,
        money: &Money,
        due: Amount,
        terms: usize,
        (cost, tax): (AuditRule, AuditRule),
        category: Option<Category>,
        findings: &mut Findings,
    ) {
        let names = self.claims.names;
        let is_right = |written: Decimal, due: Option<Decimal>, terms: usize| {
            due.is_none_or(|due| is_money(written, due, &self.claims.currency, terms))
        };
        let is_tax_right =
            money.after.is_none_or(|after| is_right(after, due.after_taxes, terms + money.taxes.len()));
        if is_right(money.before, due.before_taxes, terms) {
            if !is_tax_right {
                let found = money.after.map(|after| after.to_string());
                let pointer = format!("{pointer}{}", names.after);
                findings.add_with(
                    tax,
                    pointer,
                    shown(due.after_taxes),
                    found,
                    self.other_reading(money, category, terms),
                );
            }
            return;
        }
        let differs = due.before_taxes != due.after_taxes;
        let is_gross = differs
            && due
                .after_taxes
                .is_some_and(|after| is_money(money.before, after, &self.claims.currency, terms));
        if is_gross {
            let pointer = format!("{pointer}{}", names.before);
            findings.add(
                AuditRule::TaxSwapped,
                pointer,
                shown(due.before_taxes),
                Some(money.before.to_string()),
            );
            return;
        }
        let found = Some(money.before.to_string());
        let place = format!("{pointer}{}", names.before);
        findings.add_with(
            cost,
            place,
            shown(due.before_taxes),
            found,
            self.other_reading(money, category, terms),
        );
        if !is_tax_right {
            let found = money.after.map(|after| after.to_string());
            findings.add(tax, format!("{pointer}{}", names.after), shown(due.after_taxes), found);
        }
    }

    /// The policy by which the amount would be right, if one choice makes the difference.
    fn other_reading(&self, money: &Money, category: Option<Category>, terms: usize) -> String {
        let is_right = |policy: &Policy| {
            let pricer = Pricer::with_policy(self.pricer.plans().cloned(), *policy);
            let Ok(bill) = pricer.price(&self.claims.usage) else { return false };
            let due = match category {
                Some(category) => Some(bill.part(category)).filter(|_| bill.is_computable()),
                None => bill.total(),
            };
            let is_it = |written: Decimal, due: Option<Decimal>| {
                due.is_some_and(|due| is_money(written, due, &self.claims.currency, terms))
            };
            due.is_some_and(|due| {
                is_it(money.before, due.before_taxes)
                    && money.after.is_none_or(|after| is_it(after, due.after_taxes))
            })
        };
        let variants = self.pricer.policy().variants();
        let found = variants.iter().find(|(_, _, policy)| is_right(policy));
        found.map_or_else(String::new, |(question, choice, _)| format!("right if {question} = {choice}"))
    }
}

/// An exact amount, for people: at most six decimals.
fn shown(amount: Option<Decimal>) -> Option<String> {
    amount.map(|amount| amount.round(6).normalize().to_string())
}
