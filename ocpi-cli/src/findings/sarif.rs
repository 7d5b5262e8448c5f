//! SARIF 2.1.0: the format in which tools hand their findings to others.

use std::collections::BTreeMap;
use std::io::{self, Write};

use ocpi_types::Severity;
use serde_json::{Map, Value, json};

use super::{About, Entry, located};
use crate::output::RuleInfo;

/// A log whose results are written as they come, and whose rules stand behind them.
#[derive(Debug, Default)]
pub(super) struct SarifLog {
    /// The rules of the results so far, with their places in the list.
    rules: BTreeMap<&'static str, usize>,
    described: Vec<RuleInfo>,
    is_open: bool,
}

/// Text before the results.
const HEAD: &str = r#"{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"columnKind":"unicodeCodePoints","results":["#;

impl SarifLog {
    /// Writes the results of one item.
    pub(super) fn push(
        &mut self,
        about: &About<'_>,
        entries: &[&Entry<'_>],
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let pointers: Vec<&str> = entries.iter().map(|entry| entry.pointer).collect();
        let places = if pointers.is_empty() { Vec::new() } else { located(about.source, &pointers) };
        for (entry, place) in entries.iter().zip(places) {
            out.write_all(if self.is_open { b",\n" } else { HEAD.as_bytes() })?;
            self.is_open = true;
            let rule = self.index(entry.rule);
            serde_json::to_writer(&mut *out, &result(about, entry, rule, place))?;
        }
        Ok(())
    }

    /// Writes the text behind the results.
    pub(super) fn finish(self, out: &mut dyn Write) -> io::Result<()> {
        if !self.is_open {
            out.write_all(HEAD.as_bytes())?;
        }
        let driver = json!({
            "name": "ocpi",
            "version": env!("CARGO_PKG_VERSION"),
            "rules": self.described.iter().map(described).collect::<Vec<_>>(),
        });
        out.write_all(b"],\"tool\":")?;
        serde_json::to_writer(&mut *out, &json!({"driver": driver}))?;
        out.write_all(b"}]}\n")
    }

    fn index(&mut self, rule: RuleInfo) -> usize {
        let next = self.described.len();
        let index = *self.rules.entry(rule.id).or_insert(next);
        if index == next {
            self.described.push(rule);
        }
        index
    }
}

fn described(rule: &RuleInfo) -> Value {
    let mut text = format!("{}.", rule.message);
    for more in [rule.about.map(str::to_owned), rule.source.map(|source| format!("Source: {source}"))] {
        text += &more.map(|more| format!(" {more}")).unwrap_or_default();
    }
    json!({
        "id": rule.id,
        "shortDescription": {"text": rule.message},
        "fullDescription": {"text": text},
        "defaultConfiguration": {"level": level(rule.severity)},
    })
}

fn result(about: &About<'_>, entry: &Entry<'_>, rule: usize, place: Option<(usize, usize)>) -> Value {
    let mut result = json!({
        "ruleId": entry.rule.id,
        "ruleIndex": rule,
        "level": level(entry.rule.severity),
        "message": {"text": message(entry)},
        "locations": [location(about.file, about.item, entry.pointer, place)],
    });
    if let Some(other) = entry.other {
        result["relatedLocations"] = json!([location(other.file, other.item, other.pointer, None)]);
    }
    result
}

fn message(entry: &Entry<'_>) -> String {
    let mut text = entry.message.to_owned();
    for (label, value) in [("expected", entry.expected), ("found", entry.found)] {
        text += &value.map(|value| format!("; {label} {value}")).unwrap_or_default();
    }
    text
}

fn location(file: &str, item: Option<usize>, pointer: &str, place: Option<(usize, usize)>) -> Value {
    let index = item.map(|index| format!("/{index}")).unwrap_or_default();
    let mut physical = Map::from_iter([("artifactLocation".to_owned(), json!({"uri": uri(file)}))]);
    if let Some((line, column)) = place {
        physical.insert("region".to_owned(), json!({"startLine": line, "startColumn": column}));
    }
    json!({
        "physicalLocation": physical,
        "logicalLocations": [{"fullyQualifiedName": format!("{index}{pointer}")}],
    })
}

/// A path as a reference: what may not stand in one is escaped.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    if path.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in path.bytes() {
        match byte {
            b'\\' => uri.push('/'),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            byte => uri += &format!("%{byte:02X}"),
        }
    }
    uri
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}
