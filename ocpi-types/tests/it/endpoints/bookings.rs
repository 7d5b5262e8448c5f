//! The endpoints that the branch Bookings adds.

use ocpi_types::endpoint::{
    CalendarKey, List, ListBookingLocations, Owned, PostBookingRequest, RootResource,
};
use ocpi_types::v2_3_0::bookings::{Booking, BookingLocation, Calendar};

use super::entry::{Entry, entry, fixture, regular};

pub(super) fn endpoints() -> Vec<Entry> {
    let mut entries = Vec::new();

    let offer: BookingLocation = fixture!("2.3.0", "booking_location");
    let calendar: Calendar = fixture!("2.3.0", "calendar");
    let at = offer.identity();
    let key = CalendarKey {
        booking_location_id: at.key.booking_location_id.clone(),
        calendar_id: calendar.id.clone(),
    };
    let calendar_at = Owned { owner: at.owner.clone(), key };
    entries.push(entry(ListBookingLocations {
        page: List {
            date_from: "2026-01-01T00:00:00Z".parse().ok(),
            date_to: "2026-02-01T00:00:00Z".parse().ok(),
            offset: Some(50),
            limit: Some(25),
            ..List::all()
        },
        timeslot_from: "2026-03-01T00:00:00Z".parse().ok(),
        timeslot_to: "2026-04-01T00:00:00Z".parse().ok(),
    }));
    regular!(entries, lookup BookingLocation, at);
    regular!(entries, lookup Calendar, calendar_at);
    regular!(entries, get and put BookingLocation, at, offer);
    regular!(entries, get and put Calendar, calendar_at, calendar);
    regular!(entries, patch BookingLocation, at);
    regular!(entries, patch Calendar, calendar_at);

    let booking: Booking = fixture!("2.3.0", "booking");
    let at = booking.identity();
    regular!(entries, list Booking);
    entries.push(entry(PostBookingRequest(fixture!("2.3.0", "booking_request"))));
    regular!(entries, get and put Booking, at, booking);
    regular!(entries, patch Booking, at);
    entries
}
