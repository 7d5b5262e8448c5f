//! Copies that a complete list no longer contains: marked the first time, and removed the second time.

use std::collections::BTreeMap;

use ocpi_server_traits::storage::Address;
use ocpi_types::DateTime;

use super::state::{Absent, SyncState};
use super::{Sweep, SyncOptions};

/// Complete lists in a row without an object before it goes.
const SETTLE: u32 = 2;
/// Most copies that are marked: the marks stand in one document.
const MOST: usize = 50_000;

/// Copy of an object, as far as a sweep needs to know it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Known {
    pub(super) at: Address,
    /// When the newest value of it came.
    pub(super) came: DateTime,
    /// Whether the list has shown it.
    pub(super) is_seen: bool,
}

/// Decision on the copies that a complete list no longer has.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Verdict {
    /// These go.
    pub(super) vanish: Vec<Address>,
    /// These are gone, and are too many.
    pub(super) held: Vec<Address>,
}

impl SyncState {
    /// Takes note that an object was shown: it is not absent.
    pub(super) fn shown(&mut self, at: &Address) -> bool {
        !self.absent.is_empty() && self.absent.remove(&key_of(at)).is_some()
    }

    /// Decides on the copies that a complete list, begun at a time, has not shown.
    pub(super) fn judge(&mut self, copies: &[Known], began: DateTime, options: &SyncOptions) -> Verdict {
        let gone: Vec<&Known> = copies.iter().filter(|copy| !copy.is_seen && copy.came < began).collect();
        let (percent, free) = options.most_gone;
        let is_too_many =
            gone.len() > free && gone.len().saturating_mul(100) > copies.len().saturating_mul(percent.into());
        let is_forced = options.sweep == Sweep::Forced;
        let at = |gone: &[&Known]| gone.iter().map(|copy| copy.at.clone()).collect();
        self.held = 0;
        if !is_forced && (is_too_many || gone.len() > MOST) {
            self.held = gone.len();
            // What came since clears a mark all the same.
            for copy in copies {
                let key = key_of(&copy.at);
                if self.absent.get(&key).is_some_and(|absent| copy.is_seen || copy.came >= absent.since) {
                    self.absent.remove(&key);
                }
            }
            return Verdict { vanish: Vec::new(), held: at(&gone) };
        }
        let (mut vanish, mut marks) = (Vec::new(), BTreeMap::new());
        for copy in gone {
            let key = key_of(&copy.at);
            let before = self.absent.get(&key).filter(|absent| copy.came < absent.since);
            let walks = before.map_or(0, |absent| absent.walks).saturating_add(1);
            if is_forced || walks >= SETTLE {
                vanish.push(copy.at.clone());
            } else {
                marks.insert(key, Absent { walks, since: began });
            }
        }
        self.absent = marks;
        Verdict { vanish, held: Vec::new() }
    }
}

fn key_of(at: &Address) -> (String, String) {
    (at.owner().to_owned(), at.key().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(seconds: i64) -> DateTime {
        DateTime::from_unix_micros(seconds * 1_000_000).expect("a time")
    }

    fn copies(count: usize, gone: usize, came: i64) -> Vec<Known> {
        let copy = |number: usize| Known {
            at: Address::new("Tariff", "NL/ALF", format!("t{number}")),
            came: time(came),
            is_seen: number >= gone,
        };
        (0..count).map(copy).collect()
    }

    #[test]
    fn the_second_complete_list_counts() {
        let (mut state, options) = (SyncState::default(), SyncOptions::full());
        assert_eq!(state.judge(&copies(20, 2, 0), time(100), &options), Verdict::default());
        assert_eq!(state.absent.len(), 2);
        // A push since the first list begins anew.
        let mut seen = copies(20, 2, 0);
        seen[1].came = time(150);
        let verdict = state.judge(&seen, time(200), &options);
        assert_eq!((verdict.vanish.len(), state.absent.len()), (1, 1));
        // One that is shown in between, too.
        assert!(state.shown(&seen[1].at) && !state.shown(&seen[1].at));
        assert_eq!(state.judge(&seen[1..], time(300), &options), Verdict::default());
    }

    /// More than 20 percent, and more than 10.
    #[test]
    fn too_many_are_kept() {
        for (count, gone, is_held) in [
            (100, 20, false),
            (100, 21, true),
            (10, 10, false),
            (11, 11, true),
            (12, 10, false),
            (0, 0, false),
            (1_000, 200, false),
        ] {
            let (mut state, options) = (SyncState::default(), SyncOptions::full());
            let verdict = state.judge(&copies(count, gone, 0), time(1), &options);
            assert_eq!(verdict.held.len(), if is_held { gone } else { 0 }, "{gone} of {count}");
            assert_eq!(state.absent.len(), if is_held { 0 } else { gone }, "{gone} of {count}");
            // The operator's word.
            let forced = SyncOptions::full().sweep(Sweep::Forced);
            assert_eq!(state.judge(&copies(count, gone, 0), time(2), &forced).vanish.len(), gone);
        }
    }

    #[test]
    fn what_came_since_the_walk_began_stays() {
        let (mut state, options) = (SyncState::default(), SyncOptions::full().sweep(Sweep::Forced));
        assert_eq!(state.judge(&copies(3, 3, 100), time(100), &options), Verdict::default());
    }
}
