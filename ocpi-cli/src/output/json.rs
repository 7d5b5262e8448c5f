//! JSON for programs.

use std::collections::BTreeMap;

use ocpi_types::Severity;
use ocpi_types::json::Verdict;
use serde::{Serialize, Serializer};

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
