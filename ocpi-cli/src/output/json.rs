//! JSON for programs.

use ocpi_types::Severity;
use serde::{Serialize, Serializer};

use crate::remark::Remark;
use crate::report::Report;

#[derive(Serialize)]
struct Check<'a> {
    items: usize,
    conformant: usize,
    findings: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Finding<'a> {
    file: &'a str,
    item: Option<usize>,
    pointer: &'a str,
    rule: &'static str,
    #[serde(serialize_with = "as_word")]
    severity: Severity,
    message: &'a str,
}

fn as_word<S: Serializer>(severity: &Severity, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(severity)
}

pub(super) fn render(report: &Report) -> serde_json::Result<String> {
    let findings = report.files.iter().flat_map(|file| {
        file.all_remarks().map(|(item, remark)| finding(&file.name, item.and_then(|item| item.index), remark))
    });
    let check =
        Check { items: report.items(), conformant: report.conformant(), findings: findings.collect() };
    Ok(serde_json::to_string(&check)? + "\n")
}

fn finding<'a>(file: &'a str, item: Option<usize>, remark: &'a Remark) -> Finding<'a> {
    let Remark { pointer, rule, severity, message } = remark;
    Finding { file, item, pointer, rule: rule.id(), severity: *severity, message }
}
