//! Stored schedule of the syncs of a list. The time at which it is due is the time of its document.

use ocpi_server_traits::storage::{Address, Document, NewDocument};
use ocpi_types::DateTime;

use crate::lines::{fields, line};

/// Collection of the schedules.
pub(super) const SCHEDULES: &str = "Keep";
const FORMAT: &str = "keep/1";
/// Seconds until a list that failed is asked for again, doubled each time.
const BACK_OFF: u64 = 60;

/// Schedule of the syncs of a list.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Schedule {
    /// Seconds between two deltas, and between two whole lists.
    pub(super) every: (u64, u64),
    pub(super) next_delta: DateTime,
    pub(super) next_full: DateTime,
    /// Failures in a row.
    pub(super) failures: u32,
    /// Whether the last walk stopped where going on leads nowhere.
    pub(super) is_stuck: bool,
}

/// End of a sync by schedule.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Ended {
    Done,
    /// Its time limit was reached; it continues at its cursor.
    UnderWay,
    /// It stopped, and starts over.
    Stuck,
    Failed,
}

pub(super) fn address(partner: &str, kind: &str) -> Address {
    Address::new(SCHEDULES, "", line(&[partner, kind]))
}

/// The partner and the kind of a schedule.
pub(super) fn list_of(at: &Address) -> Option<[String; 2]> {
    fields(at.key()).try_into().ok()
}

impl Schedule {
    pub(super) fn new(every: (u64, u64), now: DateTime) -> Self {
        Self { every, next_delta: now, next_full: now, failures: 0, is_stuck: false }
    }

    /// When it is due. A time that is further away than any that is chosen now was stored while the clock was ahead.
    pub(super) fn due(&self, now: DateTime) -> DateTime {
        let (delta, full) = (self.next_delta(now), self.next_full(now));
        // After failures the whole list waits as long as what changed does.
        if self.failures > 0 { delta } else { delta.min(full) }
    }

    pub(super) fn is_full_due(&self, now: DateTime) -> bool {
        self.next_full(now) <= now
    }

    fn next_delta(&self, now: DateTime) -> DateTime {
        in_reach(self.next_delta, self.every.0, now)
    }

    fn next_full(&self, now: DateTime) -> DateTime {
        in_reach(self.next_full, self.every.0.max(self.every.1), now)
    }

    /// The time at which it stands in the store.
    fn stands_at(&self) -> DateTime {
        if self.failures > 0 { self.next_delta } else { self.next_delta.min(self.next_full) }
    }

    /// The schedule after a sync that read the whole list to its end, whatever came of the delta behind it.
    pub(super) fn after_full(&self, now: DateTime, chance: u32) -> Self {
        Self { next_full: later(now, splayed(self.every.1, chance)), ..self.clone() }
    }

    /// The schedule after a sync that ended at `now`. `chance` chooses the times around the intervals.
    pub(super) fn after(&self, ended: Ended, was_full: bool, now: DateTime, chance: [u32; 2]) -> Self {
        let [of_delta, of_full] = chance;
        let (delta, full) = self.every;
        let mut next = self.clone();
        next.is_stuck = ended == Ended::Stuck;
        if ended == Ended::Failed {
            next.failures = self.failures.saturating_add(1);
            let doubled = BACK_OFF.checked_shl(self.failures.min(32)).unwrap_or(u64::MAX);
            next.next_delta = later(now, splayed(doubled.min(delta.max(BACK_OFF)), of_delta));
            return next;
        }
        next.failures = 0;
        if ended == Ended::UnderWay {
            // Due, but behind those that are due for longer.
            next.next_delta = self.next_delta.max(now);
            if was_full {
                next.next_full = now;
            } else {
                next.next_delta = now;
            }
            return next;
        }
        next.next_delta = later(now, splayed(delta, of_delta));
        if was_full && ended == Ended::Done {
            next.next_full = later(now, splayed(full, of_full));
        } else if was_full {
            next.next_full = next.next_delta;
        }
        next
    }

    pub(super) fn to_document(&self) -> NewDocument {
        let numbers = [
            self.every.0.to_string(),
            self.every.1.to_string(),
            self.next_delta.to_unix_micros().to_string(),
            self.next_full.to_unix_micros().to_string(),
            self.failures.to_string(),
            u8::from(self.is_stuck).to_string(),
        ];
        NewDocument::new(numbers.join(" "), FORMAT, self.stands_at())
    }

    pub(super) fn read(document: &Document) -> Option<Self> {
        let fields = fields(std::str::from_utf8(&document.body).ok()?);
        let [delta, full, next_delta, next_full, failures, stuck]: [String; 6] = fields.try_into().ok()?;
        let time = |text: &str| DateTime::from_unix_micros(text.parse().ok()?);
        Some(Self {
            every: (delta.parse().ok()?, full.parse().ok()?),
            next_delta: time(&next_delta)?,
            next_full: time(&next_full)?,
            failures: failures.parse().ok()?,
            is_stuck: stuck == "1",
        })
    }
}

fn later(now: DateTime, seconds: u64) -> DateTime {
    now.checked_add_seconds(i64::try_from(seconds).unwrap_or(i64::MAX)).unwrap_or(now)
}

/// A time, or `now` where it is further away than an interval can be.
fn in_reach(time: DateTime, interval: u64, now: DateTime) -> DateTime {
    let longest = splayed(interval.max(BACK_OFF), u32::MAX).saturating_add(1);
    if time > later(now, longest) { now } else { time }
}

/// A time 20 percent around one, as chance has it.
fn splayed(seconds: u64, chance: u32) -> u64 {
    let (whole, chance) = (u128::from(u32::MAX), u128::from(chance));
    let splayed = u128::from(seconds) * (80 * whole + 40 * chance) / (100 * whole);
    u64::try_from(splayed).unwrap_or(u64::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(seconds: i64) -> DateTime {
        DateTime::from_unix_micros(seconds * 1_000_000).expect("a time")
    }

    #[test]
    fn times_are_20_percent_around_the_interval() {
        assert_eq!([0, u32::MAX / 2, u32::MAX].map(|chance| splayed(1_000, chance)), [800, 999, 1_200]);
        assert_eq!(splayed(1, 0), 1);
    }

    /// The clock was ahead when the times were stored.
    #[test]
    fn times_out_of_reach_are_due() {
        let ahead = Schedule::new((3_600, 86_400), time(0)).after(Ended::Done, true, time(100_000), [0; 2]);
        assert_eq!((ahead.due(time(0)), ahead.is_full_due(time(0))), (time(0), true));
        assert_eq!((ahead.due(time(99_000)), ahead.is_full_due(time(99_000))), (time(102_880), false));
        let failed = ahead.after(Ended::Failed, true, time(100_000), [0; 2]);
        assert_eq!([0, 99_990].map(|now| failed.due(time(now))), [time(0), time(100_048)]);
    }

    #[test]
    fn failures_wait_longer_and_longer() {
        let mut schedule = Schedule::new((3_600, 86_400), time(0));
        let mut waits = Vec::new();
        for _ in 0..8 {
            schedule = schedule.after(Ended::Failed, true, time(0), [u32::MAX / 2; 2]);
            waits.push(schedule.due(time(0)).to_unix_micros() / 1_000_000);
        }
        assert_eq!(waits, [59, 119, 239, 479, 959, 1_919, 3_599, 3_599]);
        assert!(schedule.is_full_due(time(10)), "the whole list is still to come");
        let done = schedule.after(Ended::Done, true, time(10), [u32::MAX; 2]);
        assert_eq!((done.failures, done.next_delta, done.next_full), (0, time(4_330), time(103_690)));
        let written = Document::written(done.to_document(), 1);
        assert_eq!((written.last_updated, Schedule::read(&written)), (done.due(time(10)), Some(done)));
    }
}
