//! Members of a credit CDR that differ from those of the original.

use std::fmt::Display;

use ocpi_types::Decimal;

use crate::audit::Rule;
use crate::audit::scope::Scope;
use crate::audit::tolerance::same;

/// Texts, without regard to case.
pub(super) fn text(scope: &mut Scope<'_>, pointer: &str, expected: Option<&str>, found: Option<&str>) {
    let is_same = match (expected, found) {
        (Some(expected), Some(found)) => expected.eq_ignore_ascii_case(found),
        (expected, found) => expected == found,
    };
    if !is_same {
        differ(scope, pointer, expected, found);
    }
}

pub(super) fn value<T: PartialEq + Display>(
    scope: &mut Scope<'_>,
    pointer: impl Into<String>,
    expected: Option<T>,
    found: Option<T>,
) {
    if expected != found {
        differ(scope, pointer, expected, found);
    }
}

pub(super) fn number(
    scope: &mut Scope<'_>,
    pointer: impl Into<String>,
    expected: Option<Decimal>,
    found: Option<Decimal>,
) {
    let is_same = expected.zip(found).is_some_and(|(expected, found)| same(expected, found));
    if !is_same {
        value(scope, pointer, expected, found);
    }
}

fn differ<T: Display>(
    scope: &mut Scope<'_>,
    pointer: impl Into<String>,
    expected: Option<T>,
    found: Option<T>,
) {
    let shown = |it: Option<T>| it.map_or("none".to_owned(), |it| it.to_string());
    scope.find(Rule::CreditCopy, pointer, shown(expected), shown(found));
}
