//! Addresses of a request, its Booking and the booked period.

use ocpi_types::endpoint::{BookingKey, BookingLocationKey, Key, Owned};
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::bookings::{Booking, BookingLocation, BookingRequest};
use ocpi_types::{CiString, DateTime, Object};

use super::booked;
use super::{BookingDesk, Bookings};
use crate::objects::{ROWS, stored};
use crate::storage::{Abort, Address, Document, NewDocument, Query, Start, Store, StoreExt, Transaction};
use crate::{Caller, Error};

const COLLECTION: &str = "BookingRequest";
const FORMAT: &str = "booking_request/1";

/// The documents of a Booking.
pub(super) struct Place {
    /// Whether nothing is known of the request.
    pub(super) is_new: bool,
    pub(super) booking: Owned<BookingKey>,
    pub(super) location: Owned<BookingLocationKey>,
    request_at: Address,
    pub(super) booking_at: Address,
    pub(super) location_at: Address,
    pub(super) booked_at: Address,
}

impl<S: Store, D: BookingDesk> Bookings<S, D> {
    /// The place of a request: that of its Booking, or one for a new Booking at the booking location that it names, in one
    /// of the parties that are asked. Each `run` has another id for a new one.
    pub(super) async fn place_of(
        &self,
        caller: &Caller,
        request: &BookingRequest,
        run: u32,
    ) -> Result<Place, Error> {
        let emsp = Party { country_code: request.country_code.clone(), party_id: request.party_id.clone() };
        let request_at = Address::new(COLLECTION, emsp.canonical(), folded(&request.request_id));
        if let Some(document) = self.objects.store().get(&request_at).await? {
            let (owner, booking_id, booking_location_id) = read(&document)?;
            return Ok(Place::new(false, request_at, owner, booking_id, booking_location_id));
        }
        for owner in self.objects.asked(caller) {
            if let Some(location_id) = self.booking_location_of(caller, owner, request).await? {
                let id = booking_id(owner, &request_at, run)?;
                return Ok(Place::new(true, request_at, owner.clone(), id, location_id));
            }
        }
        Err(no_location())
    }

    /// The booking location of ours that a request names. One of Bookings 1.0 names the location alone: then it is the only
    /// one there.
    async fn booking_location_of(
        &self,
        caller: &Caller,
        owner: &Party,
        request: &BookingRequest,
    ) -> Result<Option<CiString<36>>, Error> {
        if names_location(request) {
            let key = BookingLocationKey { booking_location_id: request.booking_location_id.clone() };
            let found = self.objects.get::<BookingLocation>(&Owned { owner: owner.clone(), key }).await?;
            return Ok(found.map(|location| location.id));
        }
        let query = Query::list(BookingLocation::INFO.name, stored::list_name(owner, None));
        let (mut found, mut start) = (None, Start::First);
        loop {
            let page = self.objects.store().page(&query, start, ROWS).await?;
            for (_, document) in &page.rows {
                stored::must_be::<BookingLocation>(document)?;
                let location = match stored::read::<BookingLocation>(document) {
                    Ok(location) => location,
                    Err(error) => {
                        self.objects.leave_out::<BookingLocation>(caller, &error);
                        continue;
                    }
                };
                if location.location_id == request.location_id && found.replace(location.id).is_some() {
                    let message =
                        "there are several booking locations there: name one in booking_location_id";
                    return Err(Error::not_enough_information(message));
                }
            }
            match page.next {
                Some(cursor) => start = Start::After(cursor),
                None => return Ok(found),
            }
        }
    }
}

impl Place {
    fn new(
        is_new: bool,
        request_at: Address,
        owner: Party,
        booking_id: CiString<36>,
        booking_location_id: CiString<36>,
    ) -> Self {
        let booking = Owned { owner: owner.clone(), key: BookingKey { booking_id } };
        let location = Owned { owner, key: BookingLocationKey { booking_location_id } };
        Self {
            is_new,
            booking_at: Address::of::<Booking>(&booking),
            location_at: Address::of::<BookingLocation>(&location),
            booked_at: booked::address_of(&location),
            request_at,
            booking,
            location,
        }
    }

    pub(super) fn addresses(&self) -> Vec<Address> {
        [&self.request_at, &self.booking_at, &self.location_at, &self.booked_at].map(Clone::clone).into()
    }

    /// The request with the name of its booking location.
    pub(super) fn named(&self, request: BookingRequest) -> BookingRequest {
        let known = &self.location.key.booking_location_id;
        let booking_location_id =
            if names_location(&request) { request.booking_location_id } else { known.clone() };
        BookingRequest { booking_location_id, ..request }
    }

    /// Whether as much is known of the request as before.
    pub(super) fn is_as_before(&self, transaction: &mut Transaction<'_>) -> Result<bool, Abort> {
        let known = transaction.get(&self.request_at)?.map(|document| document.body.clone());
        Ok(match known {
            None => self.is_new,
            Some(body) => !self.is_new && body == self.body(),
        })
    }

    /// Notes the Booking of a new request.
    pub(super) fn write(&self, transaction: &mut Transaction<'_>, now: DateTime) -> Result<(), Abort> {
        if self.is_new {
            transaction.put(&self.request_at, NewDocument::new(self.body(), FORMAT, now))?;
        }
        Ok(())
    }

    fn body(&self) -> String {
        let (booking, location) = (&self.booking.key.booking_id, &self.location.key.booking_location_id);
        format!("{}\n{booking}\n{location}", self.booking.owner.canonical())
    }
}

fn read(document: &Document) -> Result<(Party, CiString<36>, CiString<36>), Error> {
    let read = || {
        let mut lines = std::str::from_utf8(&document.body).ok()?.splitn(3, '\n');
        let (country, id) = lines.next()?.split_once('/')?;
        let owner = Party::new(country, id).ok()?;
        Some((owner, lines.next()?.parse().ok()?, lines.next()?.parse().ok()?))
    };
    read().ok_or_else(|| Error::internal("a stored request for a Booking is broken"))
}

/// An id for the Booking of a request: the same for the same request, whichever process is asked.
fn booking_id(owner: &Party, request_at: &Address, run: u32) -> Result<CiString<36>, Error> {
    let text = format!("{}\n{}\n{}\n{run}", owner.canonical(), request_at.owner(), request_at.key());
    let hash = |seed: u64| {
        let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        text.bytes().fold(seed, step)
    };
    let id = format!("{:016x}{:016x}", hash(0xcbf2_9ce4_8422_2325), hash(0x6c62_272e_07bb_0142));
    id.parse().map_err(Error::failed)
}

fn folded(id: &CiString<36>) -> String {
    BookingKey { booking_id: id.clone() }.canonical()
}

/// Whether a request names its booking location.
fn names_location(request: &BookingRequest) -> bool {
    request.booking_location_id.as_str() != "#NA"
}

/// There is no such booking location: 2003. The URL is one that exists.
pub(super) fn no_location() -> Error {
    Error::unknown_location("no such booking location").with_http_status(http::StatusCode::OK)
}
