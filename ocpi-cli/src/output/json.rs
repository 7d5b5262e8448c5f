//! JSON for programs.

use std::collections::BTreeMap;

use ocpi_types::Severity;
use ocpi_types::convert::Effect;
use ocpi_types::json::Verdict;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::ledger::{Account, Refusal, Told};
use crate::remark::Remark;
use crate::report::Report;

#[derive(Serialize)]
struct Check<'a> {
    items: usize,
    conformant: usize,
    findings: Vec<Finding<'a>>,
}

/// The shape of a finding of any verb.
#[derive(Serialize)]
pub(crate) struct Finding<'a> {
    pub(crate) file: &'a str,
    pub(crate) item: Option<usize>,
    pub(crate) pointer: &'a str,
    pub(crate) rule: &'static str,
    #[serde(serialize_with = "as_word")]
    pub(crate) severity: Severity,
    pub(crate) message: &'a str,
}

pub(crate) fn as_word<S: Serializer>(severity: &Severity, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(severity)
}

pub(super) fn check(report: &Report) -> serde_json::Result<String> {
    line(&Check { items: report.items(), conformant: report.conformant(), findings: findings(report) })
}

#[derive(Serialize)]
struct Read<'a> {
    items: usize,
    clean: usize,
    repaired: usize,
    partial: usize,
    unreadable: usize,
    rules: BTreeMap<&'static str, usize>,
    findings: Vec<Finding<'a>>,
}

pub(super) fn read(report: &Report) -> serde_json::Result<String> {
    let [clean, repaired, partial, unreadable] =
        [Verdict::Clean, Verdict::Repaired, Verdict::Partial, Verdict::Unreadable]
            .map(|verdict| report.with_verdict(verdict));
    let rules = report.by_rule().into_iter().map(|(rule, count)| (rule.id(), count)).collect();
    let findings = findings(report);
    line(&Read { items: report.items(), clean, repaired, partial, unreadable, rules, findings })
}

/// One line of JSON.
///
/// # Errors
/// When the value has no JSON.
pub(crate) fn line(value: &impl Serialize) -> serde_json::Result<String> {
    Ok(serde_json::to_string(value)? + "\n")
}

fn findings(report: &Report) -> Vec<Finding<'_>> {
    let all = report.files.iter().flat_map(|file| {
        file.all_remarks().map(|(item, remark)| finding(&file.name, item.and_then(|item| item.index), remark))
    });
    all.collect()
}

fn finding<'a>(file: &'a str, item: Option<usize>, remark: &'a Remark) -> Finding<'a> {
    let Remark { pointer, rule, severity, message } = remark;
    Finding { file, item, pointer, rule: rule.id(), severity: *severity, message }
}

#[derive(Serialize)]
struct Converted<'a> {
    items: usize,
    converted: usize,
    refused: usize,
    ledger: Vec<LedgerEntry<'a>>,
    refusals: Vec<Refused<'a>>,
}

/// One of the last three has the value, as it was written.
#[derive(Serialize)]
struct LedgerEntry<'a> {
    file: &'a str,
    item: Option<usize>,
    pointer: &'a str,
    rule: &'static str,
    from: &'static str,
    to: &'static str,
    message: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    lost: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    assumed: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kept: Option<&'a RawValue>,
}

#[derive(Serialize)]
struct Refused<'a> {
    file: &'a str,
    item: Option<usize>,
    pointer: &'a str,
    rule: &'static str,
    message: &'a str,
}

pub(super) fn ledger(account: &Account) -> serde_json::Result<String> {
    fn refused(refusal: &Refusal) -> Refused<'_> {
        Refused {
            file: &refusal.file,
            item: refusal.item,
            pointer: refusal.pointer(),
            rule: refusal.rule(),
            message: refusal.message(),
        }
    }
    line(&Converted {
        items: account.items,
        converted: account.converted,
        refused: account.refusals.len(),
        ledger: account.entries.iter().map(ledger_entry).collect::<serde_json::Result<_>>()?,
        refusals: account.refusals.iter().map(refused).collect(),
    })
}

fn ledger_entry(told: &Told) -> serde_json::Result<LedgerEntry<'_>> {
    let Told { file, item, entry } = told;
    let value: &RawValue = serde_json::from_str(entry.value())?;
    let of = |effect| (entry.effect() == effect).then_some(value);
    Ok(LedgerEntry {
        file,
        item: *item,
        pointer: entry.pointer(),
        rule: entry.rule.id(),
        from: entry.from.as_str(),
        to: entry.to.as_str(),
        message: entry.rule.message(),
        lost: of(Effect::Lost),
        assumed: of(Effect::Assumed),
        kept: of(Effect::Kept),
    })
}
