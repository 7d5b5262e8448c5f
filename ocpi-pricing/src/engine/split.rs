//! Places in a period at which a price may change.

use chrono::{DateTime, TimeDelta, Timelike, Utc};

use crate::fixed::Fixed;
use crate::zone::LocalClock;

use super::compiled::Changes;
use super::moment::DAY;

/// A place inside a period: how much of its time and of its energy has passed.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Place {
    pub(crate) time: Fixed,
    pub(crate) energy: Fixed,
    /// Whether the time was measured, not computed in proportion.
    pub(crate) time_is_exact: bool,
    /// Whether the energy was.
    pub(crate) energy_is_exact: bool,
}

/// A period as far as its changes are concerned.
#[derive(Debug)]
pub(crate) struct Stretch {
    pub(crate) start: DateTime<Utc>,
    /// Time of the session at the start.
    pub(crate) elapsed: Option<Fixed>,
    /// Energy of the session at the start.
    pub(crate) energy_before: Fixed,
    /// Length of the period; `None`: unknown.
    pub(crate) time: Option<Fixed>,
    pub(crate) energy: Fixed,
    pub(crate) clock: Option<LocalClock>,
}

/// A stretch of time in which the local clock neither shows a time that matters nor jumps, and the moment that ends it.
/// Many short periods fall into one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Calm {
    from: DateTime<Utc>,
    until: DateTime<Utc>,
}

impl Stretch {
    /// The next place after `from` at which an element may switch on or off, before the end; `None`: the end.
    #[inline]
    pub(crate) fn next(&self, from: Place, changes: &Changes, calm: &mut Option<Calm>) -> Option<Place> {
        let by_time = self.time.and_then(|time| {
            let next = self.next_time(from.time, changes, calm)?;
            (next < time).then_some((next, time))
        });
        let by_energy = self.next_energy(from.energy, changes);
        let energy_place = |energy: Fixed| {
            let time = self.time.and_then(|time| time.share(energy, self.energy)).unwrap_or(from.time);
            Place { time: time.max(from.time), energy, time_is_exact: false, energy_is_exact: true }
        };
        let time_place = |next: Fixed, time: Fixed| {
            let energy = self.energy.share(next, time).unwrap_or(from.energy);
            let is_fed_back = self.energy.is_negative();
            let energy = if is_fed_back { energy.min(from.energy) } else { energy.max(from.energy) };
            Place { time: next, energy, time_is_exact: true, energy_is_exact: false }
        };
        match (by_time, by_energy.map(energy_place)) {
            (None, by_energy) => by_energy,
            (Some((next, time)), None) => Some(time_place(next, time)),
            (Some((next, time)), Some(place)) => Some(match place.time.cmp(&next) {
                std::cmp::Ordering::Less => place,
                std::cmp::Ordering::Greater => time_place(next, time),
                std::cmp::Ordering::Equal => Place { time_is_exact: true, ..place },
            }),
        }
    }

    fn next_energy(&self, from: Fixed, changes: &Changes) -> Option<Fixed> {
        if changes.energies.is_empty() || self.energy <= Fixed::ZERO {
            return None;
        }
        let reached = self.energy_before.add(from)?;
        let next = changes.energies.iter().find(|bound| **bound > reached)?;
        next.sub(self.energy_before).filter(|energy| *energy < self.energy)
    }

    fn next_time(&self, from: Fixed, changes: &Changes, calm: &mut Option<Calm>) -> Option<Fixed> {
        let by_duration = self.elapsed.and_then(|start| {
            let reached = start.add(from)?;
            changes.durations.iter().find(|bound| **bound > reached)?.sub(start)
        });
        let by_clock = self.next_clock(from, changes, calm);
        match (by_duration, by_clock) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        }
    }

    /// The next moment at which the local clock shows a time that matters, or jumps.
    #[inline]
    fn next_clock(&self, from: Fixed, changes: &Changes, calm: &mut Option<Calm>) -> Option<Fixed> {
        let (first, clock) = (*changes.seconds.first()?, self.clock?);
        let at = if from.is_zero() { self.start } else { self.start.checked_add_signed(from.to_delta())? };
        let until = match *calm {
            Some(calm) if calm.from <= at && at < calm.until => calm.until,
            _ => {
                let until = change(at, first, &clock, changes)?;
                *calm = Some(Calm { from: at, until });
                until
            }
        };
        Some(Fixed::seconds(until - self.start))
    }
}

fn change(at: DateTime<Utc>, first: u32, clock: &LocalClock, changes: &Changes) -> Option<DateTime<Utc>> {
    let offset = clock.offset(at);
    let now = at.checked_add_signed(offset)?.time().num_seconds_from_midnight();
    let wait = match changes.seconds.iter().find(|second| **second > now) {
        Some(second) => second - now,
        None => DAY - now + first,
    };
    let whole = at.checked_sub_signed(TimeDelta::nanoseconds(at.timestamp_subsec_nanos().into()))?;
    let next = whole.checked_add_signed(TimeDelta::seconds(wait.into()))?;
    Some(if clock.offset(next) == offset { next } else { clock.next_offset(whole, next) })
}
