//! Booking locations of the city: the EVSEs that can be booked, with a calendar of the next days.

use std::sync::atomic::{AtomicI64, Ordering};

use ocpi_client::Transport;
use ocpi_platform::Platform;
use ocpi_server_traits::Store;
use ocpi_types::endpoint::RootResource;
use ocpi_types::v2_3_0::bookings::{
    AccessMethod, BookingLocation, BookingLocationInit, BookingOption, BookingTerms, BookingTermsInit,
    Calendar, CalendarInit, Timeslot, TimeslotInit,
};
use ocpi_types::v2_3_0::locations::{Capability, Evse, Location};
use ocpi_types::{CiString, DateTime, Decimal, NonEmpty, Value as _};

use crate::ours::own;
use crate::{Error, day};

/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;
/// Days in a calendar.
const DAYS: i64 = 7;
/// Seconds of a time slot.
const SLOT: i64 = 4 * 60 * 60;
/// Booking locations of the city.
#[derive(Debug, Default)]
pub(crate) struct Offers {
    /// Those that are offered, without their calendars.
    all: Vec<BookingLocation>,
    /// The first day of the calendars, counted since 1970; 0: there are none yet.
    day: AtomicI64,
}

impl Offers {
    /// Offers the first EVSE of each Location that can be reserved. Where the store has other booking locations of ours, such as
    /// those of a file, they stand for themselves.
    pub(crate) async fn of<S: Store, T: Transport>(
        platform: &Platform<S, T>,
        locations: &[Location],
    ) -> Result<Self, Error> {
        let is_reservable = |evse: &&Evse| evse.capabilities.contains(&Capability::Reservable);
        let mut all = Vec::new();
        for location in locations {
            if let Some(evse) = location.evses.iter().find(is_reservable) {
                all.push(offer(location, evse)?);
            }
        }
        let known = own::<S, T, BookingLocation>(platform).await?;
        if known.iter().any(|known| all.iter().all(|offer| offer.id != known.id)) {
            all.clear();
        }
        Ok(Self { all, day: AtomicI64::new(0) })
    }

    /// Makes new calendars on a new day of the platform, by whose time partners book.
    pub(crate) async fn keep<S: Store, T: Transport>(&self, platform: &Platform<S, T>) -> Result<(), Error> {
        let today = platform.clock().now().to_unix_micros().div_euclid(1_000_000).div_euclid(DAY);
        if self.day.load(Ordering::Acquire) == today {
            return Ok(());
        }
        for offer in &self.all {
            let Some((midnight, calendar)) = calendar(today)? else { continue };
            let offer =
                BookingLocation { calendars: vec![calendar], last_updated: midnight, ..offer.clone() };
            let put = platform.objects().put(&offer.identity(), offer).await;
            put.map_err(|error| Error::platform("a booking location cannot be written", error))?;
        }
        self.day.store(today, Ordering::Release);
        Ok(())
    }
}

fn offer(location: &Location, evse: &Evse) -> Result<BookingLocation, Error> {
    let id = format!("B-{}", evse.uid).parse::<CiString<36>>();
    let id = match id {
        Ok(id) => id,
        Err(_) => format!("B-{:016X}", day::hash(evse.uid.as_str())).parse().map_err(Error::id)?,
    };
    let terms = BookingTermsInit {
        supported_access_methods: vec![AccessMethod::Open].try_into().map_err(Error::id)?,
        change_until_minutes: Decimal::from(15),
        cancel_until_minutes: Decimal::from(15),
    };
    let terms = BookingTerms {
        min_booking_duration: Some(Decimal::from(15)),
        max_booking_duration: Some(Decimal::from(240)),
        ..terms.into()
    };
    let option = BookingOption { evse_uid: Some(evse.uid.clone()), ..BookingOption::blank() };
    let tariffs = evse.connectors.first().map(|it| it.tariff_ids.clone()).unwrap_or_default();
    let init = BookingLocationInit {
        country_code: location.country_code.clone(),
        party_id: location.party_id.clone(),
        id,
        location_id: location.id.clone(),
        last_updated: location.last_updated,
    };
    Ok(BookingLocation {
        booking_option: Some(Box::new(option)),
        booking_terms: Some(Box::new(terms)),
        tariff_ids: tariffs,
        ..init.into()
    })
}

/// The midnight at which a day begins, and a calendar from then on, all of it free.
fn calendar(day: i64) -> Result<Option<(DateTime, Calendar)>, Error> {
    let at = |seconds: i64| day.checked_mul(DAY)?.checked_add(seconds).and_then(DateTime::from_unix);
    let slots = (0..DAYS * DAY / SLOT).filter_map(|slot| {
        let (start_date_time, end_date_time) = (at(slot * SLOT)?, at((slot + 1) * SLOT)?);
        Some(Timeslot::from(TimeslotInit { start_date_time, end_date_time }))
    });
    let slots = NonEmpty::try_from(slots.collect::<Vec<_>>()).map_err(Error::id)?;
    let Some((midnight, end_before)) = at(0).zip(at(DAYS * DAY)) else { return Ok(None) };
    let init = CalendarInit {
        id: "C1".parse().map_err(Error::id)?,
        begin_from: midnight,
        end_before,
        available_timeslots: slots,
        last_updated: midnight,
    };
    Ok(Some((midnight, Calendar { timeslot_increment: Some(15), ..init.into() })))
}
