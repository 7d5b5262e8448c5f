//! Queue of waiting items, in order of their places once they are due.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Keys that wait: each for a time, and from then on for its turn.
#[derive(Debug)]
pub(super) struct Queue<K> {
    known: BTreeMap<K, (Duration, u64)>,
    timers: BTreeSet<(Duration, K)>,
    ready: BTreeSet<(u64, K)>,
}

impl<K: Clone + Ord> Queue<K> {
    pub(super) fn new() -> Self {
        Self { known: BTreeMap::new(), timers: BTreeSet::new(), ready: BTreeSet::new() }
    }

    /// Lets a key wait until `due`, and then at `place`; `None`: it waits for nothing.
    pub(super) fn set(&mut self, key: &K, wait: Option<(Duration, u64)>) {
        if self.known.get(key) == wait.as_ref() {
            return;
        }
        if let Some((due, place)) = self.known.remove(key) {
            if !self.timers.remove(&(due, key.clone())) {
                self.ready.remove(&(place, key.clone()));
            }
        }
        if let Some((due, place)) = wait {
            self.known.insert(key.clone(), (due, place));
            self.timers.insert((due, key.clone()));
        }
    }

    /// Takes the key with the first place among those whose time has come.
    pub(super) fn pop(&mut self, now: Duration) -> Option<K> {
        while self.timers.first().is_some_and(|(due, _)| *due <= now) {
            let Some((_, key)) = self.timers.pop_first() else { break };
            if let Some((_, place)) = self.known.get(&key) {
                self.ready.insert((*place, key));
            }
        }
        let (_, key) = self.ready.pop_first()?;
        self.known.remove(&key);
        Some(key)
    }

    /// The time at which there is something to take.
    pub(super) fn due(&self) -> Option<Duration> {
        if !self.ready.is_empty() {
            return Some(Duration::ZERO);
        }
        self.timers.first().map(|(due, _)| *due)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Queue;

    const fn secs(secs: u64) -> Duration {
        Duration::from_secs(secs)
    }

    #[test]
    fn keys_come_at_their_time_in_the_order_of_their_places() {
        let mut queue = Queue::new();
        for (key, due, place) in [("a", 1, 9), ("b", 2, 3), ("c", 1, 5), ("d", 7, 1)] {
            queue.set(&key, Some((secs(due), place)));
        }
        assert_eq!((queue.pop(secs(0)), queue.due()), (None, Some(secs(1))));
        assert_eq!(queue.pop(secs(1)), Some("c"));
        // One that is ready may be put off, moved or taken out.
        queue.set(&"a", Some((secs(8), 0)));
        assert_eq!(queue.pop(secs(2)), Some("b"));
        queue.set(&"d", None);
        assert_eq!((queue.pop(secs(7)), queue.pop(secs(8)), queue.due()), (None, Some("a"), None));
    }
}
