//! Bookings and booking locations; calendars are stored in their booking location.

use super::declare::{patched, root};
use super::{Addressed, Resource, Upsert};
use crate::endpoint::Incoming;
use crate::endpoint::key::{BookingKey, BookingLocationKey, CalendarKey, Owned};
use crate::protocol::Party;
use crate::v2_2_1::versions::ModuleId;
use crate::v2_3_0::bookings::{Booking, BookingLocation, Calendar};
use crate::{DateTime, Version};

const BOOKING_LOCATIONS: &[&str] = &["booking_locations"];

root!(V2_3_0, Booking, Bookings, BookingKey { booking_id: id }, audience asked_by, in_url booking_in_url);
root!(
    V2_3_0, BookingLocation, Bookings, BookingLocationKey { booking_location_id: id },
    in BOOKING_LOCATIONS, parts calendars
);
patched!(Booking; BookingLocation; Calendar);

/// The eMSP that asked for it: to others it would tell who charges where and when.
fn asked_by(booking: &Booking) -> Option<Party> {
    let request = &booking.booking_requests.iter().next()?.booking_request;
    Some(Party { country_code: request.country_code.clone(), party_id: request.party_id.clone() })
}

/// The table of the parameters of a PUT has the id of the request in the place of the id of the Booking.
fn booking_in_url(booking: &Booking, at: Owned<BookingKey>, _: &Incoming<'_>) -> Owned<BookingKey> {
    let is_request = at.key.booking_id == booking.request_id;
    let key = if is_request { BookingKey { booking_id: booking.id.clone() } } else { at.key };
    Owned { key, ..at }
}

impl Addressed for Calendar {
    const MODULE: ModuleId = ModuleId::Bookings;
    const COLLECTION: &'static [&'static str] = BOOKING_LOCATIONS;
    type Key = CalendarKey;
}

impl Resource for Calendar {
    const VERSION: Version = Version::V2_3_0;
    type Root = BookingLocation;

    fn root_key(key: &CalendarKey) -> BookingLocationKey {
        BookingLocationKey { booking_location_id: key.booking_location_id.clone() }
    }

    fn find<'a>(root: &'a BookingLocation, key: &CalendarKey) -> Option<&'a Self> {
        root.calendars.iter().find(|calendar| calendar.id == key.calendar_id)
    }

    fn put_into(self, root: &mut BookingLocation, key: &CalendarKey) -> Upsert {
        root.last_updated = root.last_updated.max(self.last_updated);
        match root.calendars.iter_mut().find(|calendar| calendar.id == key.calendar_id) {
            Some(calendar) => {
                *calendar = self;
                Upsert::Replaced
            }
            None => {
                root.calendars.push(self);
                Upsert::Added
            }
        }
    }

    fn into_root(self) -> Option<BookingLocation> {
        None
    }

    fn is_at(&self, at: &Owned<CalendarKey>) -> bool {
        self.id == at.key.calendar_id
    }

    fn last_updated(&self) -> DateTime {
        self.last_updated
    }
}
