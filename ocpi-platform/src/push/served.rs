//! A partner that this node serves, under a lease, with its own state machine.

use std::time::Duration;

use ocpi_server_traits::storage::{Address, Lease, Position};
use ocpi_types::DateTime;

use super::bases::Bases;
use super::facts::Facts;
use super::gaps::Gaps;
use super::pusher::Pusher;
use super::settings::{AfterLong, UsePatch};
use super::stored::Cursor;

/// Term of a lease.
pub(super) const LEASE: Duration = Duration::from_secs(6);
/// Its microseconds.
pub(super) const LEASE_MICROS: i64 = 6_000_000;
/// Time between two renewals.
pub(super) const RENEWAL: Duration = Duration::from_secs(2);
/// Nothing is sent when less than this is left of a lease.
const LEFT: Duration = Duration::from_secs(1);
/// Longest time from the beginning of a write to its end, in microseconds of the store's clock.
pub(super) const LONGEST_WRITE: i64 = 60_000_000;
/// PATCHes that a PUT cured, from which on whole objects are sent, and for how long.
const LESSONS: u32 = 3;
const LEARNED_FOR: Duration = Duration::from_secs(24 * 60 * 60);

pub(super) type Machine = Pusher<Address, String, Address>;

/// A partner that this node serves.
#[derive(Debug)]
pub(super) struct Served {
    /// Differs from that of any other time for which this node serves a partner.
    pub(super) generation: u64,
    pub(super) lease: Lease,
    /// The end of the lease, by our clock that does not jump.
    pub(super) lease_until: Duration,
    pub(super) pusher: Machine,
    pub(super) facts: Facts,
    pub(super) saved: Cursor,
    pub(super) bases: Bases,
    pub(super) gaps: Gaps,
    pub(super) lessons: u32,
    pub(super) no_patch_until: Option<Duration>,
    pub(super) away: Option<DateTime>,
    /// Whether the messages in the store are to be looked through.
    pub(super) wants_letters: bool,
}

impl Served {
    /// Whether the lease has long enough to run for a request to begin.
    pub(super) fn may_send(&self, now: Duration) -> bool {
        now.saturating_add(LEFT) < self.lease_until
    }

    pub(super) fn takes_patches(&self, now: Duration) -> bool {
        match self.facts.push.patch {
            UsePatch::Yes => true,
            UsePatch::Never => false,
            UsePatch::Learn => self.no_patch_until.is_none_or(|until| until <= now),
        }
    }

    /// A PATCH was refused that a PUT cured.
    pub(super) fn was_cured(&mut self, now: Duration) {
        self.lessons = self.lessons.saturating_add(1);
        if self.lessons >= LESSONS {
            (self.lessons, self.no_patch_until) = (0, Some(now.saturating_add(LEARNED_FOR)));
        }
    }

    /// The partner is back. If it was away for long and is to fetch what it missed, it is sent only what changes from `head` on.
    pub(super) fn is_back(&mut self, now: DateTime, head: Position) -> bool {
        let away = self.away.take().map_or(0, |since| now.seconds_since(since));
        let was_long = u64::try_from(away).is_ok_and(|away| away >= self.facts.push.give_way.as_secs());
        let gives_way = was_long && self.facts.push.after_long == AfterLong::LetItPull;
        if gives_way {
            self.pusher.give_way(head);
            self.gaps.give_way();
        }
        self.wants_letters = true;
        gives_way
    }

    /// The cursor to store, if it is another one than is stored.
    pub(super) fn unsaved(&mut self) -> Option<Cursor> {
        let position = self.pusher.cursor();
        self.gaps.close(position);
        if self.pusher.is_idle() && self.pusher.has_caught_up() && self.gaps.is_closed() {
            let store_now = self.lease.until.to_unix_micros().saturating_sub(LEASE_MICROS);
            self.bases.is_clean(store_now.saturating_sub(LONGEST_WRITE));
        }
        let (away, gaps) = (self.away, self.gaps.text(&self.facts));
        let is_saved = position == self.saved.position && away == self.saved.away && gaps == self.saved.gaps;
        (!is_saved).then_some(Cursor { position, clean: self.bases.clean(), away, gaps })
    }
}
