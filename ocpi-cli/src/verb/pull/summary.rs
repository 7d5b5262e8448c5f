//! Summary of a pull.

use std::collections::BTreeMap;

use ocpi_client::Answer;
use ocpi_client::paging::{ListOutcome, Watermark};
use ocpi_types::Severity;
use ocpi_types::endpoint::Page;
use serde::Serialize;

use crate::exit::Exit;
use crate::output::text::count;
use crate::output::{self, Format};

/// Summary of a pull.
#[derive(Debug, Default, Serialize)]
pub(super) struct Summary {
    pages: usize,
    /// Objects that were written, those that lack members included.
    objects: u64,
    /// Objects that lack members.
    partial: usize,
    /// Objects that could not be read, and were not written.
    unreadable: usize,
    /// Number of objects that runs before had written.
    resumed_from: Option<u64>,
    /// Time since when the next pull has to ask, by the partner's clock; only if the list is complete.
    watermark: Option<String>,
    complete: bool,
    outcome: String,
    /// Findings by rule.
    rules: BTreeMap<&'static str, usize>,
    #[serde(skip)]
    has_errors: bool,
    #[serde(skip)]
    is_at_its_end: bool,
}

impl Summary {
    /// Nothing yet, behind this many objects of runs before.
    pub(super) fn resumed_from(objects: Option<u64>) -> Self {
        Self { resumed_from: objects, ..Self::default() }
    }

    /// Counts a page.
    pub(super) fn add<R>(&mut self, page: &Answer<Page<R>>) {
        self.pages += 1;
        let written = page.value.items.len() + page.value.partial.len();
        self.objects += u64::try_from(written).unwrap_or_default();
        self.partial += page.value.partial.len();
        self.unreadable += page.value.rejected.len();
        for finding in &page.findings {
            *self.rules.entry(finding.rule.id()).or_default() += 1;
            self.has_errors |= finding.severity == Severity::Error;
        }
    }

    /// Number of objects with those of runs before.
    pub(super) fn objects_in_all(&self) -> u64 {
        self.objects + self.resumed_from.unwrap_or_default()
    }

    /// Takes the outcome.
    pub(super) fn end(&mut self, outcome: ListOutcome, watermark: Watermark) {
        self.complete = outcome.is_complete();
        self.is_at_its_end = !matches!(outcome, ListOutcome::Incomplete(_));
        self.outcome = outcome.to_string();
        let time = watermark.time().filter(|_| self.complete);
        self.watermark = time.map(|time| time.with_zone().to_string());
    }

    /// Ends before the list does, because the output cannot be written.
    pub(super) fn end_unwritten(&mut self) {
        self.outcome = "the output broke off".to_owned();
    }

    /// Whether there is no page to go on with.
    pub(super) fn is_at_its_end(&self) -> bool {
        self.is_at_its_end
    }

    pub(super) fn exit(&self) -> Exit {
        match (self.complete, self.has_errors || self.partial + self.unreadable > 0) {
            (false, _) => Exit::Partner,
            (true, true) => Exit::Objections,
            (true, false) => Exit::Done,
        }
    }

    /// The summary on one line.
    ///
    /// # Errors
    /// When there is no JSON for it.
    pub(super) fn shown(&self, format: Format) -> serde_json::Result<String> {
        if let Format::Json = format {
            return output::json::line(self);
        }
        let objects = usize::try_from(self.objects).unwrap_or(usize::MAX);
        let mut text = format!(
            "{} on {}, {} partial, {} unreadable; {}",
            count(objects, "object"),
            count(self.pages, "page"),
            self.partial,
            self.unreadable,
            output::plain(&self.outcome)
        );
        if let Some(before) = self.resumed_from {
            text.push_str(&format!("; resumed behind {before}"));
        }
        if let Some(watermark) = &self.watermark {
            text.push_str(&format!("; next time: --from {watermark}"));
        }
        let rules: Vec<String> = self.rules.iter().map(|(rule, times)| format!("{rule} {times}")).collect();
        if !rules.is_empty() {
            text.push_str(&format!("; findings: {}", rules.join(", ")));
        }
        Ok(text + "\n")
    }
}
