//! Changes to the text of a tariff.

use std::collections::BTreeMap;
use std::ops::Range;

use super::document::Document;

/// A change to the text of a tariff that corrects the cause of a finding.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Fix {
    /// Short description of the effect.
    pub what: String,
    /// Whether every session costs the same afterwards. Other fixes correct a price, and need a review.
    pub is_price_neutral: bool,
    /// Edits, in the order of the text, without overlaps.
    pub edits: Vec<Edit>,
}

/// One change of the text.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Edit {
    /// The bytes to remove.
    pub range: Range<usize>,
    /// Text to insert there.
    pub text: String,
}

/// Selection of the fixes to apply.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Fixes {
    /// Fixes after which every session costs the same.
    PriceNeutral,
    /// All fixes.
    All,
}

impl Fixes {
    pub(super) fn include(self, fix: &Fix) -> bool {
        self == Self::All || fix.is_price_neutral
    }
}

impl Fix {
    /// Writes something else in the place of values.
    pub(super) fn write(document: &Document<'_>, values: &[(String, &str)]) -> Option<Self> {
        let edit = |(pointer, text): &(String, &str)| {
            let range = document.get(pointer)?.span.clone();
            Some(Edit { range, text: (*text).to_owned() })
        };
        let edits: Vec<Edit> = values.iter().map(edit).collect::<Option<_>>()?;
        let what = match values {
            [(_, text)] => format!("write {text}"),
            _ => "put in order".to_owned(),
        };
        Self::of(document, what, edits)
    }

    /// Takes a member or an element out.
    pub(super) fn remove(document: &Document<'_>, pointer: &str) -> Option<Self> {
        let name = pointer.rsplit('/').next().unwrap_or_default();
        let what =
            if name.parse::<usize>().is_ok() { "remove it".to_owned() } else { format!("remove {name}") };
        Self::of(document, what, vec![Edit { range: document.without(pointer)?, text: String::new() }])
    }

    /// The same, of which the price of a session depends.
    pub(super) fn of_prices(self) -> Self {
        Self { is_price_neutral: false, ..self }
    }

    fn of(document: &Document<'_>, what: String, edits: Vec<Edit>) -> Option<Self> {
        (!document.has_twins).then_some(Self { what, is_price_neutral: true, edits })
    }
}

/// The text with those fixes that do not get into each other's way; how many there were.
pub(super) fn apply<'a>(text: &str, fixes: impl Iterator<Item = &'a Fix>) -> (String, usize) {
    // By where they start.
    let (mut edits, mut count) = (BTreeMap::<usize, &Edit>::new(), 0);
    for fix in fixes {
        // Two that touch are left to the next round as well: one may be the comma of the other.
        let collides = |new: &Edit| {
            edits.range(..=new.range.end).next_back().is_some_and(|(_, old)| new.range.start <= old.range.end)
        };
        if !fix.edits.iter().any(collides) {
            edits.extend(fix.edits.iter().map(|edit| (edit.range.start, edit)));
            count += 1;
        }
    }
    let (mut fixed, mut at) = (String::with_capacity(text.len()), 0);
    for Edit { range, text: new } in edits.into_values() {
        // Places come from the text itself, so that nothing is lost.
        fixed.push_str(text.get(at..range.start).unwrap_or_default());
        fixed.push_str(new);
        at = range.end;
    }
    fixed.push_str(text.get(at..).unwrap_or_default());
    (fixed, count)
}
