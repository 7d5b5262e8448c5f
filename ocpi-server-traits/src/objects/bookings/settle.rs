//! Later decisions of the application.

use ocpi_types::DateTime;
use ocpi_types::endpoint::{BookingKey, BookingLocationKey, Owned};
use ocpi_types::v2_3_0::bookings::{Booking, Cancellation, ReservationStatus};

use super::booked::{self, Booked};
use super::lifecycle::{decline_waiting, is_final, resolve, waiting};
use super::{BookingDecision, BookingDesk, Bookings};
use crate::Error;
use crate::objects::stored::document_of;
use crate::objects::{kept, put};
use crate::storage::{Address, Rejected, Store};

impl<S: Store, D: BookingDesk> Bookings<S, D> {
    /// Answers, at `now`, the newest request about a Booking that awaits a decision, and returns the Booking, which has
    /// to be pushed to the eMSP.
    ///
    /// ```
    /// use ocpi_server_traits::{BookingDecision, Bookings, Error, Store};
    /// use ocpi_types::DateTime;
    /// use ocpi_types::endpoint::{Put, RootResource};
    /// use ocpi_types::v2_3_0::bookings::Booking;
    ///
    /// async fn accept<S: Store>(
    ///     bookings: &Bookings<S>,
    ///     pending: &Booking,
    ///     now: DateTime,
    /// ) -> Result<Put<Booking>, Error> {
    ///     let decision = BookingDecision::Accepted;
    ///     Ok(Put::of(bookings.answer(&pending.identity(), decision, now).await?))
    /// }
    /// ```
    ///
    /// # Errors
    /// When the storage fails, the Booking does not exist, or no request awaits a decision.
    pub async fn answer(
        &self,
        at: &Owned<BookingKey>,
        decision: BookingDecision,
        now: DateTime,
    ) -> Result<Booking, Error> {
        self.settle(at, now, move |booking| {
            let place = waiting(booking).ok_or_else(|| Error::conflict("no request waits for an answer"))?;
            resolve(booking, place, decision);
            Ok(())
        })
        .await
    }

    /// Moves a Booking to a final state at `now`, frees its period, and returns it, to be pushed to the eMSP. Open
    /// requests are declined. A Booking that is already in this state is unchanged.
    ///
    /// # Errors
    /// When the storage fails, the Booking does not exist or is in another final state, or the state is not final.
    pub async fn finish(
        &self,
        at: &Owned<BookingKey>,
        status: ReservationStatus,
        canceled: Option<Cancellation>,
        now: DateTime,
    ) -> Result<Booking, Error> {
        if !is_final(&status) {
            return Err(Error::invalid("a Booking ends in a final state only"));
        }
        self.settle(at, now, move |booking| {
            if booking.reservation_status == status {
                return Ok(());
            }
            if is_final(&booking.reservation_status) {
                return Err(Error::conflict("the Booking is in a final state"));
            }
            decline_waiting(booking);
            booking.reservation_status = status.clone();
            booking.canceled.clone_from(&canceled);
            Ok(())
        })
        .await
    }

    async fn settle(
        &self,
        at: &Owned<BookingKey>,
        now: DateTime,
        edit: impl Fn(&mut Booking) -> Result<(), Error> + Send + Sync + 'static,
    ) -> Result<Booking, Error> {
        let missing = || Error::not_found("no such Booking");
        let known = self.objects.get::<Booking>(at).await?.ok_or_else(missing)?;
        // All requests about a Booking are at the booking location of the first one, or declined.
        let first = known.booking_requests.first().ok_or_else(missing)?;
        let booking_location_id = first.booking_request.booking_location_id.clone();
        let location = Owned { owner: at.owner.clone(), key: BookingLocationKey { booking_location_id } };
        let (booking_at, booked_at) = (Address::of::<Booking>(at), booked::address_of(&location));
        let (addresses, owner) = (vec![booking_at.clone(), booked_at.clone()], at.owner.clone());
        self.objects
            .charged(addresses, None, move |transaction, charges| {
                let there = kept::<Booking>(transaction, &booking_at)?;
                let mut booking = there.ok_or_else(|| Rejected::Because(missing()))?;
                let before = booking.clone();
                edit(&mut booking).map_err(Rejected::Because)?;
                if booking == before {
                    return Ok(booking);
                }
                booking.last_updated = booking.last_updated.max(now);
                let cause = transaction.get(&booking_at)?.map(|document| document.cause.clone());
                let document = document_of(&owner, &booking, "").map_err(Rejected::Because)?;
                let document = document.with_cause(cause.unwrap_or_default());
                put(transaction, charges, &booking_at, document)?;
                let booked = Booked::read(&booked_at, transaction.get(&booked_at)?);
                booked.map_err(Rejected::Because)?.write(transaction, &booking, now)?;
                Ok(booking)
            })
            .await
    }
}
