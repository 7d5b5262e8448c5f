//! What a run found.

use std::collections::BTreeMap;

use ocpi_types::json::Verdict;
use ocpi_types::{Rule, Severity};
use serde_json::Value;

use crate::exit::Exit;
use crate::input::Span;
use crate::kinds::Kind;
use crate::remark::Remark;

#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) files: Vec<File>,
    /// Inputs that could not be read at all.
    pub(crate) unreadable: usize,
}

#[derive(Debug)]
pub(crate) struct File {
    pub(crate) name: String,
    /// `None` for a file without items.
    pub(crate) kind: Option<&'static Kind>,
    pub(crate) items: Vec<Item>,
    /// What there is to say about the file around its items.
    pub(crate) remarks: Vec<Remark>,
}

#[derive(Debug)]
pub(crate) struct Item {
    /// Its place in the array or page.
    pub(crate) index: Option<usize>,
    /// Its `id`, for people; looked up only if there is something to say.
    pub(crate) id: Option<String>,
    pub(crate) verdict: Verdict,
    pub(crate) remarks: Vec<Remark>,
}

impl Report {
    pub(crate) fn items(&self) -> usize {
        self.files.iter().map(|file| file.items.len()).sum()
    }

    /// Items with a verdict.
    pub(crate) fn with_verdict(&self, verdict: Verdict) -> usize {
        self.files.iter().flat_map(|file| &file.items).filter(|item| item.verdict == verdict).count()
    }

    /// How often each rule was broken, the most frequent first.
    pub(crate) fn by_rule(&self) -> Vec<(Rule, usize)> {
        let mut counts = BTreeMap::<Rule, usize>::new();
        for (_, remark) in self.files.iter().flat_map(File::all_remarks) {
            *counts.entry(remark.rule).or_default() += 1;
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by_key(|(rule, count)| (std::cmp::Reverse(*count), rule.id()));
        counts
    }

    /// Items without a finding of severity error.
    pub(crate) fn conformant(&self) -> usize {
        self.files.iter().flat_map(|file| &file.items).filter(|item| item.conforms()).count()
    }

    pub(crate) fn count(&self, severity: Severity) -> usize {
        self.files.iter().flat_map(File::all_remarks).filter(|(_, it)| it.severity == severity).count()
    }

    pub(crate) fn exit(&self) -> Exit {
        if self.unreadable > 0 {
            Exit::Unreadable
        } else if self.count(Severity::Error) > 0 {
            Exit::Objections
        } else {
            Exit::Done
        }
    }
}

impl File {
    /// Everything there is to say, first about the file, then about its items.
    pub(crate) fn all_remarks(&self) -> impl Iterator<Item = (Option<&Item>, &Remark)> {
        let around = self.remarks.iter().map(|remark| (None, remark));
        let inside = self.items.iter().flat_map(|item| item.remarks.iter().map(move |it| (Some(item), it)));
        around.chain(inside)
    }
}

impl Item {
    pub(crate) fn new(span: &Span, (verdict, remarks): (Verdict, Vec<Remark>)) -> Self {
        let id = if remarks.is_empty() { None } else { id(&span.text) };
        Self { index: span.index, id, verdict, remarks }
    }

    pub(crate) fn conforms(&self) -> bool {
        !self.remarks.iter().any(Remark::is_error)
    }
}

/// Not `uid`: a token's is what is read from the driver's card.
pub(crate) fn id(text: &str) -> Option<String> {
    let object: Value = serde_json::from_str(text).ok()?;
    object.get("id")?.as_str().map(str::to_owned)
}
