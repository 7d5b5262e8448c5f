//! The rules that a verb has beside those of the specification.

use std::fmt::Write;

use anstyle::Style;
use ocpi_types::Severity;
use serde::Serialize;

use super::{Format, json};

/// A rule, for people who look it up.
#[derive(Serialize)]
pub(crate) struct ShownRule {
    pub(crate) id: &'static str,
    #[serde(serialize_with = "json::as_word")]
    pub(crate) severity: Severity,
    pub(crate) message: &'static str,
    pub(crate) about: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) source: Option<&'static str>,
}

#[derive(Serialize)]
struct Rules {
    rules: Vec<ShownRule>,
}

/// The table of rules.
///
/// # Errors
/// When there is no JSON for it.
pub(crate) fn rules(rules: Vec<ShownRule>, format: Format) -> serde_json::Result<String> {
    match format {
        Format::Text => Ok(as_text(&rules)),
        Format::Json => json::line(&Rules { rules }),
    }
}

/// Writing into a `String` does not fail: the results of `write!` are let go.
fn as_text(rules: &[ShownRule]) -> String {
    let bold = Style::new().bold();
    let mut out = String::new();
    for ShownRule { id, severity, message, about, source } in rules {
        let _ = writeln!(out, "{bold}{id}{bold:#} ({severity}): {message}\n    {about}");
        if let Some(source) = source {
            let _ = writeln!(out, "    Source: {source}");
        }
    }
    out
}
