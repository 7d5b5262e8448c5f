//! Objects, read and checked by the specification.

use ocpi_types::json::{self, Reading};
use ocpi_types::{Finding, Object, Ruleset, Severity, check_ruleset};

/// Reads an object without a second chance, and checks it: all deviations that are errors, each as text.
pub(crate) fn inspect<T: Object>(text: &str, ruleset: &'static Ruleset) -> Vec<String> {
    let shown = |finding: &Finding| finding.to_string();
    let item = match json::read_item::<T>(text.as_bytes()) {
        Ok(item) => item,
        Err(error) => return vec![error.to_string()],
    };
    let is_error = |finding: &&Finding| finding.severity == Severity::Error;
    let mut found: Vec<String> = item.findings.iter().filter(is_error).map(shown).collect();
    let value = match item.reading {
        Reading::Whole(value) => value,
        Reading::Partial(partial) => {
            found.extend(
                partial.missing().iter().map(|place| format!("{place}: a required member is missing")),
            );
            return found;
        }
        Reading::Unreadable(_) => {
            found.push("no object of this kind".to_owned());
            return found;
        }
    };
    found.extend(check_ruleset(&value, ruleset).iter().filter(is_error).map(shown));
    found
}
