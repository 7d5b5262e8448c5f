//! Local civil time.

use std::str::FromStr;

use chrono::{DateTime, NaiveDateTime, Offset, TimeDelta, TimeZone as _, Utc};
use chrono_tz::{OffsetComponents, Tz};

use crate::policy::Clock;

/// A time zone of the IANA database, with its rules for summer time.
///
/// ```
/// use ocpi_pricing::Zone;
/// assert_eq!("Europe/Lisbon".parse::<Zone>()?.as_str(), "Europe/Lisbon");
/// assert!("Europe/Atlantis".parse::<Zone>().is_err());
/// # Ok::<(), ocpi_pricing::UnknownZone>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Zone(Tz);

/// A name that no time zone has.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("no time zone is called {0:?}")]
pub struct UnknownZone(Box<str>);

impl Zone {
    /// The name in the database.
    pub fn as_str(&self) -> &'static str {
        self.0.name()
    }

    /// What the clock shows.
    pub(crate) fn local(self, at: DateTime<Utc>, clock: Clock) -> NaiveDateTime {
        // Years 0 to 9999 leave room for an offset.
        at.naive_utc().checked_add_signed(self.offset(at, clock)).unwrap_or(at.naive_utc())
    }

    /// The local time minus UTC.
    pub(crate) fn offset(self, at: DateTime<Utc>, clock: Clock) -> TimeDelta {
        let offset = self.0.offset_from_utc_datetime(&at.naive_utc());
        match clock {
            Clock::Standard => offset.base_utc_offset(),
            Clock::Civil => TimeDelta::seconds(offset.fix().local_minus_utc().into()),
        }
    }

    /// The first second after `from` at which the offset is another than at `from`; it is at `until`.
    pub(crate) fn next_offset(
        self,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
        clock: Clock,
    ) -> DateTime<Utc> {
        let offset = self.offset(from, clock);
        let (mut before, mut after) = (from.timestamp(), until.timestamp());
        while after - before > 1 {
            let middle = before + (after - before) / 2;
            match DateTime::from_timestamp(middle, 0) {
                Some(at) if self.offset(at, clock) == offset => before = middle,
                _ => after = middle,
            }
        }
        DateTime::from_timestamp(after, 0).unwrap_or(until)
    }
}

impl FromStr for Zone {
    type Err = UnknownZone;

    fn from_str(name: &str) -> Result<Self, UnknownZone> {
        Tz::from_str(name).map(Self).map_err(|_| UnknownZone(name.into()))
    }
}
