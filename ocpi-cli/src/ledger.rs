//! Objects that a run converted or refused, and the losses and assumptions.

use std::collections::BTreeMap;

use ocpi_types::convert::{ConversionRule, Effect, Entry, Ledger};

use crate::converters::Unconverted;
use crate::exit::Exit;
use crate::input::Source;

#[derive(Debug, Default)]
pub(crate) struct Account {
    pub(crate) items: usize,
    pub(crate) converted: usize,
    pub(crate) refusals: Vec<Refusal>,
    pub(crate) entries: Vec<Told>,
    /// Number of ledger entries of each rule.
    counts: BTreeMap<ConversionRule, usize>,
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
    /// Advice to the user that would let it be converted.
    pub(crate) way_on: Option<&'static str>,
}

/// Items that are named in a line on several refusals.
const NAMED: usize = 5;

impl Account {
    /// Counts the ledger entries of an object.
    pub(crate) fn count(&mut self, ledger: &Ledger) {
        for entry in ledger.entries() {
            *self.counts.entry(entry.rule).or_default() += 1;
        }
    }

    /// Whether the result is not all there is to say.
    pub(crate) fn tells(&self) -> bool {
        !self.counts.is_empty() || !self.refusals.is_empty()
    }

    /// The refusals, a line for those of the same place and reason in a file.
    pub(crate) fn folded(&self) -> Vec<String> {
        let mut groups: Vec<Vec<&Refusal>> = Vec::new();
        let mut places = BTreeMap::new();
        for refusal in &self.refusals {
            let place = *places.entry(refusal.alike()).or_insert(groups.len());
            match groups.get_mut(place) {
                Some(group) => group.push(refusal),
                None => groups.push(vec![refusal]),
            }
        }
        groups.iter().map(|group| folded(group)).collect()
    }

    /// Takes over the ledger entries of an object.
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
        let counts = format!(
            "{} item{plural}: {} converted, {} refused",
            self.items,
            self.converted,
            self.refusals.len()
        );
        let by_effect = |effect| {
            let of_effect = self.counts.iter().filter(move |(rule, _)| rule.effect() == effect);
            let rules: Vec<_> =
                of_effect.clone().map(|(rule, count)| format!("{count} {}", rule.id())).collect();
            let total: usize = of_effect.map(|(_, count)| count).sum();
            (total > 0).then(|| format!("; {total} {}: {}", effect.as_str(), rules.join(", ")))
        };
        let told: String =
            [Effect::Lost, Effect::Assumed, Effect::Kept].into_iter().filter_map(by_effect).collect();
        counts + &told
    }
}

/// One line on refusals of the same place and reason.
fn folded(group: &[&Refusal]) -> String {
    let Some(first) = group.first() else { return String::new() };
    let items: Vec<_> =
        group.iter().filter_map(|refusal| refusal.item).map(|item| item.to_string()).collect();
    let named = items.get(..NAMED).unwrap_or(&items).join(", ");
    let more = items.len().saturating_sub(NAMED);
    let items = match (items.len(), more) {
        (0, _) => String::new(),
        (1, _) => format!(" item {named}"),
        (count, 0) => format!(" items {named} ({count} in all)"),
        (count, _) => format!(" items {named}, … ({count} in all)"),
    };
    first.line(&items)
}

impl Refusal {
    /// Where in the object.
    pub(crate) fn pointer(&self) -> &str {
        match &self.reason {
            Unconverted::Unreadable(remark) => &remark.pointer,
            Unconverted::ConversionError(refused) => refused.pointer(),
        }
    }

    /// The id of the rule.
    pub(crate) fn rule(&self) -> &'static str {
        match &self.reason {
            Unconverted::Unreadable(remark) => remark.rule.id(),
            Unconverted::ConversionError(refused) => refused.rule().id(),
        }
    }

    /// Returns the meaning of the rule, as a message.
    pub(crate) fn message(&self) -> &str {
        match &self.reason {
            Unconverted::Unreadable(remark) => &remark.message,
            Unconverted::ConversionError(refused) => refused.rule().message(),
        }
    }

    /// The cause, where the rule has several.
    pub(crate) fn detail(&self) -> &str {
        match &self.reason {
            Unconverted::Unreadable(_) => "",
            Unconverted::ConversionError(refused) => refused.detail(),
        }
    }

    /// Returns the traits that refusals told in one line share: all but the item, and the places in lists.
    fn alike(&self) -> (&str, String, &'static str, &str) {
        let is_index = |segment: &&str| segment.bytes().all(|byte| byte.is_ascii_digit());
        let place = self.pointer().split('/').filter(|segment| !is_index(segment)).collect();
        (&self.file, place, self.rule(), self.detail())
    }

    fn line(&self, items: &str) -> String {
        let at = if self.pointer().is_empty() { String::new() } else { format!(" at {}", self.pointer()) };
        let [detail, way_on] = [self.detail(), self.way_on.unwrap_or_default()]
            .map(|more| if more.is_empty() { String::new() } else { format!(": {more}") });
        format!("{}{items}: refused{at}: {}{detail} [{}]{way_on}", self.file, self.message(), self.rule())
    }
}
