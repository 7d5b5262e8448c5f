//! SARIF 2.1.0: the format in which tools hand their findings to others.

use ocpi_types::{Rule, Severity};
use serde_json::{Value, json};

use crate::remark::Remark;
use crate::report::{Item, Report};

pub(super) fn render(report: &Report) -> serde_json::Result<String> {
    let rules: Vec<Value> = report.by_rule().into_iter().map(|(rule, _)| described(rule)).collect();
    let results: Vec<Value> = report
        .files
        .iter()
        .flat_map(|file| file.all_remarks().map(|(item, remark)| result(&file.name, item, remark)))
        .collect();
    let driver = json!({
        "name": "ocpi",
        "version": env!("CARGO_PKG_VERSION"),
        "rules": rules,
    });
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    });
    Ok(serde_json::to_string(&log)? + "\n")
}

fn described(rule: Rule) -> Value {
    json!({
        "id": rule.id(),
        "shortDescription": {"text": rule.message()},
        "fullDescription": {"text": format!("{}. Source: {}", rule.message(), rule.source())},
        "defaultConfiguration": {"level": level(rule.severity())},
    })
}

fn result(file: &str, item: Option<&Item>, remark: &Remark) -> Value {
    let index = item.and_then(|item| item.index).map(|index| format!("/{index}")).unwrap_or_default();
    json!({
        "ruleId": remark.rule.id(),
        "level": level(remark.severity),
        "message": {"text": remark.message},
        "locations": [{
            "physicalLocation": {"artifactLocation": {"uri": file}},
            "logicalLocations": [{"fullyQualifiedName": format!("{index}{}", remark.pointer)}],
        }],
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}
