//! Bookings: the booking request, and the list of booking locations with free timeslots. The other endpoints are
//! regular.

use http::Method;

use super::declare::endpoint;
use super::regular::List;
use super::reply::Page;
use super::{Body, DecodeError, Endpoint, Incoming, Mount, Outgoing, Segment};
use crate::protocol::Party;
use crate::v2_3_0::bookings::{Booking, BookingLocation, BookingRequest};
use crate::{DateTime, Value};

/// POST with which an eMSP makes, changes or cancels a booking.
///
/// Spec: 2.3.0 mod_bookings
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PostBookingRequest(pub BookingRequest);

endpoint! {
    PostBookingRequest = "PostBookingRequest", POST Bookings Sender [] -> Booking,
    body Body::Whole(BookingRequest::TYPE),
    encode |this, to| to.body(&this.0),
    decode |from| from.read_body().map(Self),
    owner |this| {
        let BookingRequest { country_code, party_id, .. } = &this.0;
        Some(Party { country_code: country_code.clone(), party_id: party_id.clone() })
    },
}

/// GET of a page of booking locations, optionally only those with a free timeslot in a period.
///
/// Spec: 2.3.0 mod_bookings
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ListBookingLocations {
    /// Page to fetch.
    pub page: List<BookingLocation>,
    /// Only booking locations with a timeslot that is free at this time or later.
    pub timeslot_from: Option<DateTime>,
    /// Only booking locations with a timeslot that is free before this time.
    pub timeslot_to: Option<DateTime>,
}

impl Endpoint for ListBookingLocations {
    const METHOD: Method = Method::GET;
    const MOUNT: Mount = List::<BookingLocation>::MOUNT;
    type Response = Page<BookingLocation>;

    fn name() -> String {
        "ListBookingLocations".to_owned()
    }

    fn path() -> Vec<Segment> {
        List::<BookingLocation>::path()
    }

    fn encode(&self, to: &mut Outgoing) {
        self.page.encode(to);
        if self.page.url.is_some() {
            return;
        }
        let times = [("timeslot_from", self.timeslot_from), ("timeslot_to", self.timeslot_to)];
        to.query
            .extend(times.into_iter().filter_map(|(name, time)| Some((name, time?.with_zone().to_string()))));
    }

    fn decode(from: &mut Incoming<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            page: List::decode(from)?,
            timeslot_from: from.query("timeslot_from")?,
            timeslot_to: from.query("timeslot_to")?,
        })
    }
}
