//! Requests of eMSPs: to make, change or cancel a Booking.

use std::sync::Arc;

use bytes::Bytes;
use ocpi_types::endpoint::PostBookingRequest;
use ocpi_types::v2_3_0::bookings::{
    Booking, BookingInit, BookingLocation, BookingRequest, BookingRequestStatus, BookingRequestStatusInit,
    ReservationRequestStatus, ReservationStatus,
};
use ocpi_types::{DateTime, NonEmpty, json};

use super::booked::Booked;
use super::lifecycle::{is_final, resolve, timeslot};
use super::place::{Place, no_location};
use super::{BookingAsk, BookingDecision, BookingDesk, Bookings};
use crate::objects::handlers::tell_quota;
use crate::objects::quota::Charges;
use crate::objects::stored::document_of;
use crate::objects::{Cause, kept, put};
use crate::storage::{Document, Rejected, Store, Transaction};
use crate::{Caller, Error, Handle};

/// Most requests about one Booking.
const REQUESTS: usize = 100;
/// Runs of a write, each with what the one before found out.
const RUNS: u32 = 8;

impl<S: Store, D: BookingDesk> Handle<PostBookingRequest> for Bookings<S, D> {
    async fn handle(
        &self,
        caller: &Caller,
        PostBookingRequest(request): PostBookingRequest,
    ) -> Result<Booking, Error> {
        if request.canceled.is_none() && request.period.start_date_time >= request.period.end_date_time {
            return Err(Error::invalid("the period ends before it starts"));
        }
        for run in 0..RUNS {
            let place = self.place_of(caller, &request, run).await?;
            let addresses = place.addresses();
            let request = place.named(request.clone());
            let post = Post {
                place,
                request,
                desk: Arc::clone(&self.desk),
                cause: Cause::push(caller).to_bytes(),
                has_id: caller.request_id.is_some(),
                now: caller.now,
            };
            let posted = self
                .objects
                .charged(addresses, Some(&caller.partner.id), move |tx, charges| post.run(tx, charges))
                .await;
            if let Some(booking) = tell_quota::<Booking, _>(caller, posted)? {
                return Ok(booking);
            }
        }
        Err(Error::busy("the Booking changes at this moment", 1))
    }
}

/// A request that is to be decided on and stored.
struct Post<D> {
    place: Place,
    request: BookingRequest,
    desk: Arc<D>,
    cause: Bytes,
    /// Whether the request has an `X-Request-ID`, which is in the cause then.
    has_id: bool,
    now: DateTime,
}

impl<D: BookingDesk> Post<D> {
    /// Stores the request, its Booking and the time. `None`: there is another Booking at the place than was found before.
    fn run(
        &self,
        transaction: &mut Transaction<'_>,
        charges: &mut Charges<'_>,
    ) -> Result<Option<Booking>, Rejected<Error>> {
        let Self { place, now, .. } = self;
        let there = kept::<Booking>(transaction, &place.booking_at)?;
        if !place.is_as_before(transaction)? || (place.is_new && there.is_some()) {
            return Ok(None);
        }
        let location = kept::<BookingLocation>(transaction, &place.location_at)?;
        let booked = Booked::read(&place.booked_at, transaction.get(&place.booked_at)?);
        let booked = booked.map_err(Rejected::Because)?;
        let mut booking = match there {
            Some(there) if self.is_repeated(&there, transaction.get(&place.booking_at)?) => {
                return Ok(Some(there));
            }
            Some(there) => there,
            None => self.new_booking(location.as_ref()).map_err(Rejected::Because)?,
        };
        let decision = self.decide(&booking, location.as_ref(), &booked);
        if !place.is_new {
            if booking.booking_requests.len() >= REQUESTS {
                let message = "there are too many requests about this Booking";
                return Err(Rejected::Because(Error::forbidden(message)));
            }
            booking.booking_requests.push(self.received());
        }
        let newest = booking.booking_requests.len().saturating_sub(1);
        resolve(&mut booking, newest, decision);
        booking.last_updated = booking.last_updated.max(*now);
        let document = document_of(&place.booking.owner, &booking, "").map_err(Rejected::Because)?;
        put(transaction, charges, &place.booking_at, document.with_cause(self.cause.clone()))?;
        booked.write(transaction, &booking, *now)?;
        place.write(transaction, *now)?;
        Ok(Some(booking))
    }

    fn decide(
        &self,
        booking: &Booking,
        location: Option<&BookingLocation>,
        booked: &Booked,
    ) -> BookingDecision {
        let (place, request) = (&self.place, &self.request);
        let is_elsewhere = request.booking_location_id != place.location.key.booking_location_id
            || request.location_id != booking.location_id;
        if is_final(&booking.reservation_status) || (is_elsewhere && request.canceled.is_none()) {
            return BookingDecision::Declined;
        }
        self.desk.decide(&BookingAsk {
            request,
            booking: Some(booking).filter(|_| !place.is_new),
            location,
            terms: &booking.booking_terms,
            taken: &booked.without(&place.booking.key),
            capacity: location.map_or(1, |location| self.desk.capacity(location)),
            now: self.now,
        })
    }

    /// A Booking that waits for the decision.
    fn new_booking(&self, location: Option<&BookingLocation>) -> Result<Booking, Error> {
        let (place, request) = (&self.place, &self.request);
        let location = location.ok_or_else(no_location)?;
        if location.location_id != request.location_id {
            return Err(Error::invalid("the booking location is at another location"));
        }
        if request.canceled.is_some() {
            return Err(Error::invalid("there is no Booking to cancel"));
        }
        let terms = self.desk.terms(location);
        let booking_terms = terms.ok_or_else(|| Error::invalid("the booking location has no terms"))?;
        let mut booking = Booking::from(BookingInit {
            id: place.booking.key.booking_id.clone(),
            country_code: place.booking.owner.country_code.clone(),
            party_id: place.booking.owner.party_id.clone(),
            request_id: request.request_id.clone(),
            location_id: request.location_id.clone(),
            period: timeslot(request.period.start_date_time, request.period.end_date_time),
            reservation_status: ReservationStatus::Pending,
            authorization_reference: request.authorization_reference.clone(),
            booking_terms,
            booking_requests: NonEmpty::of(self.received()),
            last_updated: self.now,
        });
        booking.booking_option = request.booking_option.clone().or_else(|| location.booking_option.clone());
        booking.booking_tokens.clone_from(&request.tokens);
        booking.tariff_ids.clone_from(&location.tariff_ids);
        booking.access_information.clone_from(&request.access_information);
        Ok(booking)
    }

    /// Whether the request is the last one again, which has its answer. One that was declined, or that failed, can be asked
    /// again as long as the Booking goes on: that is another request, unless it has the id of the first.
    fn is_repeated(&self, booking: &Booking, document: Option<&Document>) -> bool {
        use ReservationRequestStatus::{Accepted, Pending};
        let Some(last) = booking.booking_requests.last().filter(|last| self.is_same(last)) else {
            return false;
        };
        matches!(last.request_status, Accepted | Pending)
            || is_final(&booking.reservation_status)
            || (self.has_id && document.is_some_and(|document| document.cause == self.cause))
    }

    /// Whether a request is the same. What was odd about it when it was read is not kept.
    fn is_same(&self, known: &BookingRequestStatus) -> bool {
        json::to_vec(&known.booking_request) == json::to_vec(&self.request)
    }

    /// The request, without an answer.
    fn received(&self) -> BookingRequestStatus {
        BookingRequestStatusInit {
            request_status: ReservationRequestStatus::Pending,
            booking_request: self.request.clone(),
            request_received: self.now,
        }
        .into()
    }
}
