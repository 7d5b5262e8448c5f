//! Turns in chronological order, limited to a rate in every time window.

use std::collections::VecDeque;
use std::time::Duration;

/// Times of requests, the past ones as far as the rate still counts them, in order.
#[derive(Default)]
pub(super) struct Turns(VecDeque<Duration>);

impl Turns {
    /// The earliest time from `from` on at which one more turn leaves no stretch of `time` with more than `most`.
    ///
    /// Turns of others may lie later already, so each run of `most` turns is looked at that the new one would complete.
    pub(super) fn earliest(&self, from: Duration, most: usize, time: Duration) -> Duration {
        let mut turn = from;
        while let Some(next) = self.next_after_a_breach(turn, most, time) {
            turn = next;
        }
        turn
    }

    /// The next time that may do where a turn at this one would be too many.
    fn next_after_a_breach(&self, turn: Duration, most: usize, time: Duration) -> Option<Duration> {
        let before = self.0.partition_point(|taken| *taken <= turn);
        let after = self.0.len() - before;
        let fewest = most.saturating_sub(after);
        let ends = (fewest..=most.min(before)).filter_map(|earlier| {
            let first =
                before.checked_sub(earlier).and_then(|index| self.0.get(index)).filter(|_| earlier > 0);
            let last = (before + most - earlier).checked_sub(1).and_then(|index| self.0.get(index));
            let first = first.copied().unwrap_or(turn);
            let last = last.copied().filter(|_| earlier < most).unwrap_or(turn);
            // Later than the first by the whole time, it is no longer in one stretch with all of them.
            (last.saturating_sub(first) < time).then(|| first.saturating_add(time))
        });
        let end = ends.min()?;
        // Behind the next turn, other stretches count.
        Some(self.0.get(before).map_or(end, |next| end.min(*next)))
    }

    /// Takes a turn.
    pub(super) fn take(&mut self, turn: Duration) {
        let index = self.0.partition_point(|taken| *taken <= turn);
        self.0.insert(index, turn);
    }

    /// Gives a turn back.
    pub(super) fn give_back(&mut self, turn: Duration) {
        if let Ok(index) = self.0.binary_search(&turn) {
            self.0.remove(index);
        }
    }

    /// The last turn.
    pub(super) fn last(&self) -> Option<Duration> {
        self.0.back().copied()
    }

    /// The last turn that is not among others, each of which is also among these.
    pub(super) fn last_beside(&self, others: &Self) -> Option<Duration> {
        let mut others = others.0.iter().rev().peekable();
        self.0.iter().rev().find(|turn| others.next_if(|other| other == turn).is_none()).copied()
    }

    /// Forgets the turns that no stretch beginning after `now` has.
    pub(super) fn forget(&mut self, now: Duration, time: Duration) {
        while self.0.front().is_some_and(|first| first.saturating_add(time) <= now) {
            self.0.pop_front();
        }
    }
}
