//! Booked periods of a booking location, in a document of their own.

use ocpi_types::DateTime;
use ocpi_types::endpoint::{BookingKey, BookingLocationKey, Key, Owned};
use ocpi_types::v2_3_0::bookings::{Booking, Period, PeriodInit};

use super::lifecycle::holds;
use crate::Error;
use crate::storage::{Abort, Address, Document, NewDocument, Transaction};

const COLLECTION: &str = "BookedTime";
const FORMAT: &str = "booked_time/1";

/// Where the time of a booking location is kept.
pub(super) fn address_of(location: &Owned<BookingLocationKey>) -> Address {
    Address::new(COLLECTION, location.owner.canonical(), location.key.canonical())
}

/// Time that is taken, each with the key of its Booking.
pub(super) struct Booked {
    at: Address,
    rows: Vec<(i64, i64, String)>,
}

impl Booked {
    /// # Errors
    /// When the document is broken: nothing may be booked then.
    pub(super) fn read(at: &Address, document: Option<&Document>) -> Result<Self, Error> {
        let broken = || Error::internal("the booked time of a booking location is broken");
        let body = document.map_or(Ok(""), |document| std::str::from_utf8(&document.body));
        let rows = body.map_err(|_| broken())?.lines().map(|line| {
            let mut parts = line.splitn(3, ' ');
            let mut time = || parts.next()?.parse().ok();
            let (start, end) = (time()?, time()?);
            Some((start, end, parts.next()?.to_owned()))
        });
        let rows: Option<Vec<_>> = rows.collect();
        Ok(Self { at: at.clone(), rows: rows.ok_or_else(broken)? })
    }

    /// Time of all Bookings but one.
    pub(super) fn without(&self, booking: &BookingKey) -> Vec<Period> {
        let key = booking.canonical();
        let others = self.rows.iter().filter(|(_, _, of)| *of != key);
        others.filter_map(|(start, end, _)| period(*start, *end)).collect()
    }

    /// Writes what a Booking holds now, and drops what is over.
    pub(super) fn write(
        mut self,
        transaction: &mut Transaction<'_>,
        booking: &Booking,
        now: DateTime,
    ) -> Result<(), Abort> {
        let key = BookingKey { booking_id: booking.id.clone() }.canonical();
        let over = now.to_unix_micros();
        self.rows.retain(|(_, end, of)| *of != key && *end > over);
        let held = holds(booking).into_iter();
        self.rows
            .extend(held.map(|(start, end)| (start.to_unix_micros(), end.to_unix_micros(), key.clone())));
        if self.rows.is_empty() {
            transaction.delete(&self.at, now)?;
            return Ok(());
        }
        let lines = self.rows.iter().map(|(start, end, of)| format!("{start} {end} {of}\n"));
        transaction.put(&self.at, NewDocument::new(lines.collect::<String>(), FORMAT, now))?;
        Ok(())
    }
}

fn period(start: i64, end: i64) -> Option<Period> {
    let (start, end) = (DateTime::from_unix_micros(start)?, DateTime::from_unix_micros(end)?);
    Some(PeriodInit { start_date_time: start, end_date_time: end }.into())
}
