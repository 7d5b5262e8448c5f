//! What a run converted, and what that lost.

use std::fmt;

use ocpi_types::convert::{Entry, Ledger};

use crate::converters::Unconverted;
use crate::exit::Exit;
use crate::input::Source;

#[derive(Debug, Default)]
pub(crate) struct Account {
    pub(crate) items: usize,
    pub(crate) converted: usize,
    pub(crate) refusals: Vec<Refusal>,
    pub(crate) entries: Vec<Told>,
    /// Inputs that could not be read at all.
    pub(crate) unreadable: usize,
}

/// An entry of the ledger of one object.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) file: String,
    /// Its place in the array or page.
    pub(crate) item: Option<usize>,
    pub(crate) entry: Entry,
}

/// An object that has no counterpart.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) file: String,
    pub(crate) item: Option<usize>,
    pub(crate) reason: Unconverted,
}

impl Account {
    /// Takes over what is told of an object.
    pub(crate) fn take(&mut self, source: &Source, item: Option<usize>, ledger: &mut Ledger) {
        let entries = ledger.take().into_iter();
        self.entries.extend(entries.map(|entry| Told { file: source.name(), item, entry }));
    }

    pub(crate) fn exit(&self) -> Exit {
        match (self.unreadable, self.refusals.len()) {
            (0, 0) => Exit::Done,
            (0, _) => Exit::Objections,
            _ => Exit::Unreadable,
        }
    }

    /// In a line.
    pub(crate) fn summary(&self) -> String {
        let plural = if self.items == 1 { "" } else { "s" };
        format!("{} item{plural}: {} converted, {} refused", self.items, self.converted, self.refusals.len())
    }
}

impl Refusal {
    /// Where in the object.
    pub(crate) fn pointer(&self) -> &str {
        match &self.reason {
            Unconverted::Unreadable(remark) => &remark.pointer,
            Unconverted::Inexpressible(refused) => refused.pointer(),
        }
    }

    /// The id of the rule.
    pub(crate) fn rule(&self) -> &'static str {
        match &self.reason {
            Unconverted::Unreadable(remark) => remark.rule.id(),
            Unconverted::Inexpressible(refused) => refused.rule().id(),
        }
    }

    /// What it means.
    pub(crate) fn message(&self) -> &str {
        match &self.reason {
            Unconverted::Unreadable(remark) => &remark.message,
            Unconverted::Inexpressible(refused) => refused.rule().message(),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let item = self.item.map(|item| format!(" item {item}")).unwrap_or_default();
        let at = if self.pointer().is_empty() { String::new() } else { format!(" at {}", self.pointer()) };
        write!(f, "{}{item}: refused{at}: {} [{}]", self.file, self.message(), self.rule())
    }
}
