//! All objects of a list.

use std::collections::BTreeMap;

use ocpi_types::Finding;
use ocpi_types::convert::Ledger;
use ocpi_types::endpoint::{Page, Resource};
use ocpi_types::json::{PartialItem, Rejected};

use super::{ItemFacts, ListOutcome, Stop};
use crate::Answer;

/// All objects of a list, from [`Pages::collect_items`](super::Pages::collect_items). Indexes of findings and of
/// objects that were not read refer to their page.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Collected<R> {
    /// The readable objects, each once.
    pub items: Vec<R>,
    /// The objects that lack required members.
    pub partial: Vec<PartialItem<R>>,
    /// The unreadable objects, as text.
    pub rejected: Vec<Rejected>,
    /// Findings on the pages.
    pub findings: Vec<Finding>,
    /// Losses and assumptions, if the partner uses another version.
    pub ledger: Ledger,
    /// Number of pages.
    pub pages: usize,
    /// Completeness of the list: whether an object that is missing here is missing from the partner's list.
    pub outcome: ListOutcome,
    /// Places of the objects by the marks of their ids.
    places: BTreeMap<u64, usize>,
}

impl<R: Resource> Collected<R> {
    pub(super) fn new() -> Self {
        Self {
            items: Vec::new(),
            partial: Vec::new(),
            rejected: Vec::new(),
            findings: Vec::new(),
            ledger: Ledger::new(),
            pages: 0,
            outcome: ListOutcome::Incomplete(Stop::UnderWay),
            places: BTreeMap::new(),
        }
    }

    pub(super) fn append(&mut self, answer: Answer<Page<R>>) {
        self.pages += 1;
        for item in answer.value.items {
            let place = *self.places.entry(ItemFacts::of(&item).mark).or_insert(self.items.len());
            match self.items.get_mut(place) {
                Some(known) => *known = item,
                None => self.items.push(item),
            }
        }
        self.partial.extend(answer.value.partial);
        self.rejected.extend(answer.value.rejected);
        self.findings.extend(answer.findings);
        self.ledger.append(answer.ledger);
    }

    pub(super) fn end(&mut self, outcome: ListOutcome) {
        self.outcome = outcome;
        self.places = BTreeMap::new();
    }
}
