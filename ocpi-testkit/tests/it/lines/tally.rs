//! Count of what happened in many courses.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::course::Played;
use super::line::Fate;

/// Calls of a name that are so rare say nothing.
const RARE: u64 = 2_000;

#[derive(Debug, Default)]
pub(crate) struct Tally {
    calls: BTreeMap<String, u64>,
    /// Fates, and the calls that met them.
    pub(crate) fates: BTreeMap<Fate, BTreeMap<String, u64>>,
    pub(crate) crashes: u64,
    /// Steps at which a process crashed.
    steps: BTreeSet<(usize, u64)>,
    done: u64,
    told: u64,
}

impl Tally {
    pub(crate) fn add(&mut self, played: &Played) {
        for call in &played.calls {
            *self.calls.entry(call.name.clone()).or_default() += 1;
            if let Some(fate) = call.fate {
                *self.fates.entry(fate).or_default().entry(call.name.clone()).or_default() += 1;
            }
        }
        self.crashes += played.crashes.len() as u64;
        self.steps.extend(&played.crashes);
        self.done += played.done;
        self.told += played.told;
    }

    /// Calls that did not meet a fate, of those that are made often.
    pub(crate) fn unmet(&self) -> Vec<(Fate, &str)> {
        let often = || self.calls.iter().filter(|(_, count)| **count >= RARE).map(|(name, _)| name.as_str());
        let has_met =
            |fate: &Fate, name: &str| self.fates.get(fate).is_some_and(|met| met.contains_key(name));
        let all = Fate::ALL.iter().flat_map(|fate| often().map(move |name| (*fate, name)));
        all.filter(|(fate, name)| !has_met(fate, name)).collect()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let calls: u64 = self.calls.values().sum();
        let met: u64 = self.fates.values().flat_map(BTreeMap::values).sum();
        let kinds: usize = self.fates.values().map(BTreeMap::len).sum();
        write!(
            f,
            "{} operations done, {} told to have failed; {calls} calls of {} kinds, {met} of them met a fate, {kinds} pairs of call \
             and fate; {} crashes at {} different steps",
            self.done,
            self.told,
            self.calls.len(),
            self.crashes,
            self.steps.len()
        )
    }
}
