//! Local civil time.

use std::str::FromStr;

use chrono::{DateTime, NaiveDateTime, Offset, TimeDelta, TimeZone as _, Utc};
use chrono_tz::{OffsetComponents, Tz};

use crate::policy::Clock;

/// A time zone of the IANA database, with its rules for daylight saving time.
///
/// ```
/// use ocpi_pricing::Zone;
/// assert_eq!("Europe/Lisbon".parse::<Zone>()?.as_str(), "Europe/Lisbon");
/// assert!("Europe/Atlantis".parse::<Zone>().is_err());
/// # Ok::<(), ocpi_pricing::UnknownZone>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Zone(Tz);

/// Error: no time zone has this name.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("no time zone is called {0:?}")]
pub struct UnknownZone(Box<str>);

impl Zone {
    /// Returns the name in the database.
    pub fn as_str(&self) -> &'static str {
        self.0.name()
    }

    fn offset(self, at: DateTime<Utc>, clock: Clock) -> TimeDelta {
        let offset = self.0.offset_from_utc_datetime(&at.naive_utc());
        match clock {
            Clock::Standard => offset.base_utc_offset(),
            Clock::Civil => TimeDelta::seconds(offset.fix().local_minus_utc().into()),
        }
    }
}

impl FromStr for Zone {
    type Err = UnknownZone;

    fn from_str(name: &str) -> Result<Self, UnknownZone> {
        Tz::from_str(name).map(Self).map_err(|_| UnknownZone(name.into()))
    }
}

/// The clock at a location, for one session.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LocalClock {
    zone: Zone,
    clock: Clock,
    /// While the offset is known to be the same: from, until, and the offset.
    steady: Option<(DateTime<Utc>, DateTime<Utc>, TimeDelta)>,
}

/// No zone changes its offset and back within so short a time.
const STEADY: TimeDelta = TimeDelta::days(2);

impl LocalClock {
    pub(crate) fn new(zone: Zone, clock: Clock) -> Self {
        Self { zone, clock, steady: None }
    }

    /// The same clock, which looks up the zone's rules once if they do not change in so short a session.
    pub(crate) fn between(zone: Zone, clock: Clock, from: DateTime<Utc>, until: DateTime<Utc>) -> Self {
        let is_short = until - from <= STEADY;
        let offset = zone.offset(from, clock);
        let is_steady = is_short && zone.offset(until, clock) == offset;
        Self { zone, clock, steady: is_steady.then_some((from, until, offset)) }
    }

    /// Returns the local time.
    #[inline]
    pub(crate) fn local(&self, at: DateTime<Utc>) -> NaiveDateTime {
        // Years 0 to 9999 leave room for an offset.
        at.naive_utc().checked_add_signed(self.offset(at)).unwrap_or(at.naive_utc())
    }

    /// The local time minus UTC.
    #[inline]
    pub(crate) fn offset(&self, at: DateTime<Utc>) -> TimeDelta {
        match self.steady {
            Some((from, until, offset)) if from <= at && at <= until => offset,
            _ => self.zone.offset(at, self.clock),
        }
    }

    /// The first second after `from` at which the offset is another than at `from`; it is at `until`.
    pub(crate) fn next_offset(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> DateTime<Utc> {
        let offset = self.offset(from);
        let (mut before, mut after) = (from.timestamp(), until.timestamp());
        while after - before > 1 {
            let middle = before + (after - before) / 2;
            match DateTime::from_timestamp(middle, 0) {
                Some(at) if self.offset(at) == offset => before = middle,
                _ => after = middle,
            }
        }
        DateTime::from_timestamp(after, 0).unwrap_or(until)
    }
}
