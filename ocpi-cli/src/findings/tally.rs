//! Tally of the objects of a run, and of those that do not conform.

use std::collections::{BTreeMap, BTreeSet};

use ocpi_types::Severity;

use super::Findings;
use crate::exit::Exit;
use crate::kinds::Kind;
use crate::output::text::{count, type_name};

#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Objects by the name of their type.
    kinds: BTreeMap<&'static str, usize>,
    /// Inputs that were opened.
    pub(crate) files: usize,
    /// Inputs and objects that could not be read at all.
    pub(crate) unreadable: usize,
    /// The objects with a finding of severity error that counts: file and place in it.
    faulty: BTreeSet<(usize, Option<usize>)>,
}

impl Tally {
    /// Counts an object.
    pub(crate) fn add(&mut self, kind: &Kind) {
        *self.kinds.entry(kind.info.name).or_default() += 1;
    }

    /// The objects so far, for [`Tally::back_to`].
    pub(crate) fn mark(&self) -> BTreeMap<&'static str, usize> {
        self.kinds.clone()
    }

    /// Takes back the objects of the file that was opened last: the answer that held them says that it failed.
    pub(crate) fn back_to(&mut self, mark: BTreeMap<&'static str, usize>) {
        self.kinds = mark;
        let file = self.files;
        self.faulty.retain(|(number, _)| *number != file);
    }

    /// Says that an object does not conform.
    pub(crate) fn faulty(&mut self, file: usize, item: Option<usize>) {
        self.faulty.insert((file, item));
    }

    pub(crate) fn items(&self) -> usize {
        self.kinds.values().sum()
    }

    /// Objects without a finding of severity error.
    pub(crate) fn conformant(&self) -> usize {
        self.items().saturating_sub(self.faulty.len())
    }

    /// `2 locations, 1 tariff in 2 files`.
    pub(crate) fn items_in_files(&self) -> String {
        let kinds: Vec<String> =
            self.kinds.iter().map(|(name, number)| count(*number, &type_name(name))).collect();
        let items = if kinds.is_empty() { count(0, "object") } else { kinds.join(", ") };
        format!("{items} in {}", count(self.files, "file"))
    }

    /// `; 1 file not readable`, if there is one.
    pub(crate) fn not_readable(&self) -> String {
        match self.unreadable {
            0 => String::new(),
            number => format!("; {} not readable", count(number, "file")),
        }
    }

    /// The last line of a check.
    pub(crate) fn summary(&self, findings: &Findings) -> String {
        let (items, conformant) = (self.items(), self.conformant());
        let verdict = match items {
            0 => String::new(),
            _ if findings.are_none_new() => ": nothing new".to_owned(),
            _ if conformant == items && findings.count(Severity::Warning) == 0 => ": all conform".to_owned(),
            _ => format!(": {conformant} of {items} conform"),
        };
        format!("{}{verdict}; {}{}", self.items_in_files(), findings.counts(), self.not_readable())
    }

    pub(crate) fn exit(&self, findings: &Findings) -> Exit {
        if self.unreadable > 0 {
            Exit::Unreadable
        } else if findings.count(Severity::Error) > 0 {
            Exit::Objections
        } else {
            Exit::Done
        }
    }
}
