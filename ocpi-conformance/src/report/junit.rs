//! The report as JUnit's XML, for programs that run tests.

use std::fmt::Write as _;

use super::Report;
use crate::check::CheckOutcome;

impl Report {
    /// Returns the report as JUnit's XML. A warning is a test that passed, with a text.
    pub fn to_junit(&self) -> String {
        let (tests, failures, skipped) = (self.checks.len(), self.count("fail"), self.count("skip"));
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        // Writing into a `String` does not fail.
        let _ = writeln!(
            out,
            "<testsuite name=\"ocpi conformance\" tests=\"{tests}\" failures=\"{failures}\" skipped=\"{skipped}\">"
        );
        for it in &self.checks {
            let (module, id) = (escaped(&it.check.module), escaped(&it.check.id));
            let _ = write!(out, "  <testcase classname=\"{module}\" name=\"{id}\">");
            let _ = match &it.outcome {
                CheckOutcome::Passed(_) => Ok(()),
                CheckOutcome::Skipped(why) => write!(out, "<skipped message=\"{}\"/>", escaped(why)),
                CheckOutcome::Warned(failure) => {
                    write!(out, "<system-out>warning: {}</system-out>", escaped(&failure.to_string()))
                }
                CheckOutcome::Failed(failure) => {
                    let message = escaped(&failure.to_string());
                    let parts =
                        [failure.request.as_deref(), failure.answer.as_deref(), Some(&it.check.source)];
                    let text = parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n");
                    write!(out, "<failure message=\"{message}\">{}</failure>", escaped(&text))
                }
            };
            out.push_str("</testcase>\n");
        }
        out.push_str("</testsuite>\n");
        out
    }
}

/// Text that may stand in an attribute or between tags. XML has no way to write most control characters.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars().filter(|it| !it.is_control() || *it == '\n') {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}
