//! JSON for programs.

use std::io::{self, Write};

use ocpi_pricing::lint::{Edit, Fix};
use ocpi_types::Severity;
use serde::Serialize;

use super::{About, Entry, Other};
use crate::output;

/// A document whose member `findings` is written as findings come.
#[derive(Debug, Default)]
pub(super) struct JsonList {
    count: usize,
}

impl JsonList {
    pub(super) fn push(
        &mut self,
        about: &About<'_>,
        entry: &Entry<'_>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        out.write_all(if self.count == 0 { b"{\"findings\":[" } else { b",\n" })?;
        self.count += 1;
        serde_json::to_writer(out, &json_finding(about, entry))?;
        Ok(())
    }

    /// Writes the members of an object behind the findings.
    pub(super) fn finish(self, members: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
        if self.count == 0 {
            out.write_all(b"{\"findings\":[")?;
        }
        let members = serde_json::to_string(members)?;
        let members = members.strip_prefix('{').unwrap_or("}");
        out.write_all(if members == "}" { b"]" } else { b"]," })?;
        out.write_all(members.as_bytes())?;
        out.write_all(b"\n")
    }
}

/// The shape of a finding of any verb.
#[derive(Serialize)]
pub(crate) struct JsonFinding<'a> {
    file: &'a str,
    item: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    pointer: &'a str,
    rule: &'static str,
    #[serde(serialize_with = "output::json::as_word")]
    severity: Severity,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    other: Option<Other<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<JsonFix<'a>>,
}

#[derive(Serialize)]
struct JsonFix<'a> {
    what: &'a str,
    price_neutral: bool,
    /// Bytes of the item's text.
    edits: Vec<Replacement<'a>>,
}

#[derive(Serialize)]
struct Replacement<'a> {
    start: usize,
    end: usize,
    text: &'a str,
}

pub(crate) fn json_finding<'a>(about: &About<'a>, entry: &Entry<'a>) -> JsonFinding<'a> {
    let Entry { pointer, rule, message, fix, other, .. } = *entry;
    JsonFinding {
        file: about.file,
        item: about.item,
        id: about.id,
        pointer,
        rule: rule.id,
        severity: rule.severity,
        message,
        other,
        fix: fix.map(json_fix),
    }
}

fn json_fix(fix: &Fix) -> JsonFix<'_> {
    fn replacement(edit: &Edit) -> Replacement<'_> {
        Replacement { start: edit.range.start, end: edit.range.end, text: &edit.text }
    }
    JsonFix {
        what: &fix.what,
        price_neutral: fix.is_price_neutral,
        edits: fix.edits.iter().map(replacement).collect(),
    }
}
