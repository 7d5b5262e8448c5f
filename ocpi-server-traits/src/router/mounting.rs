//! Mounting of interfaces, and of all modules of a role.

use std::sync::Arc;

use ocpi_types::Object;
use ocpi_types::endpoint::{Delete, GetCopy, GetOwn, List, PostBookingRequest, Put, RootResource};
use ocpi_types::v2_3_0::bookings::{Booking, BookingLocation};
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::commands::{
    CancelReservation, ReserveNow, StartSession, StopSession, UnlockConnector,
};
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::Token;

use super::interfaces::{ReceiverInterface, SenderInterface};
use super::routes::Routes;
use crate::Handle;

impl Routes {
    /// Mounts the Sender interface for an object and its parts: partners GET the objects of the application.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// use ocpi_server_traits::{Objects, Routes, Store};
    /// use ocpi_types::v2_3_0::{locations::Location, tariffs::Tariff};
    ///
    /// fn mount<S: Store>(objects: &Arc<Objects<S>>, routes: Routes) -> Routes {
    ///     routes.sender::<Location>(objects).sender::<Tariff>(objects)
    /// }
    /// ```
    #[must_use]
    pub fn sender<T: Object>(self, handler: &Arc<impl SenderInterface<T>>) -> Self {
        self.interface::<T>("sender", |routes| SenderInterface::mount(routes, handler))
    }

    /// Mounts the Receiver interface for an object and its parts: partners push their objects, and GET the copies.
    #[must_use]
    pub fn receiver<T: Object>(self, handler: &Arc<impl ReceiverInterface<T>>) -> Self {
        self.interface::<T>("receiver", |routes| ReceiverInterface::mount(routes, handler))
    }

    /// Mounts the object modules of a CPO: Locations, Sessions, CDRs and Tariffs as Sender, Tokens as Receiver.
    ///
    /// Commands, charging profiles and charging preferences need handlers of the application. Bookings and invoice
    /// reconciliation are mounted by agreement with partners, with [`Routes::sender`] and [`Routes::receiver`].
    #[must_use]
    pub fn cpo<H>(self, handler: &Arc<H>) -> Self
    where
        H: SenderInterface<Location>
            + SenderInterface<Session>
            + SenderInterface<Cdr>
            + SenderInterface<Tariff>
            + ReceiverInterface<Token>,
    {
        self.sender::<Location>(handler)
            .sender::<Session>(handler)
            .sender::<Cdr>(handler)
            .sender::<Tariff>(handler)
            .receiver::<Token>(handler)
    }

    /// Mounts the object modules of an eMSP: Locations, Sessions, CDRs and Tariffs as Receiver, Tokens as Sender.
    ///
    /// Real-time authorization and the results of commands need handlers of the application. Bookings and invoice
    /// reconciliation are mounted by agreement with partners, with [`Routes::sender`] and [`Routes::receiver`].
    #[must_use]
    pub fn emsp<H>(self, handler: &Arc<H>) -> Self
    where
        H: ReceiverInterface<Location>
            + ReceiverInterface<Session>
            + ReceiverInterface<Cdr>
            + ReceiverInterface<Tariff>
            + SenderInterface<Token>,
    {
        self.receiver::<Location>(handler)
            .receiver::<Session>(handler)
            .receiver::<Cdr>(handler)
            .receiver::<Tariff>(handler)
            .sender::<Token>(handler)
    }

    /// Mounts the commands, which an eMSP sends to a CPO; 2.1.1 has no CANCEL_RESERVATION.
    #[must_use]
    pub fn commands<H>(self, handler: &Arc<H>) -> Self
    where
        H: Handle<CancelReservation>
            + Handle<ReserveNow>
            + Handle<StartSession>
            + Handle<StopSession>
            + Handle<UnlockConnector>,
    {
        self.group("commands", |routes| {
            routes
                .on::<CancelReservation, H>(handler)
                .on::<ReserveNow, H>(handler)
                .on::<StartSession, H>(handler)
                .on::<StopSession, H>(handler)
                .on::<UnlockConnector, H>(handler)
        })
    }

    /// Mounts Bookings of a CPO: the lists of Bookings and of booking locations with their calendars, and the requests.
    #[must_use]
    pub fn bookings<O, H>(self, objects: &Arc<O>, desk: &Arc<H>) -> Self
    where
        O: SenderInterface<Booking> + SenderInterface<BookingLocation>,
        H: Handle<PostBookingRequest>,
    {
        self.group("bookings", |routes| {
            routes
                .sender::<Booking>(objects)
                .sender::<BookingLocation>(objects)
                .on::<PostBookingRequest, _>(desk)
        })
    }

    /// Mounts the Sender interface for an object of a custom module ([`ocpi_types::module!`]): its list, and the single
    /// object.
    ///
    /// Partners may use a custom module only with permission, given in the settings of the platform or for a single
    /// partner: [`Permissions::allow`](crate::Permissions::allow).
    #[must_use]
    pub fn custom_sender<T: RootResource>(
        self,
        handler: &Arc<impl Handle<List<T>> + Handle<GetOwn<T>>>,
    ) -> Self {
        self.interface::<T>("custom_sender", |routes| {
            routes.on::<List<T>, _>(handler).on::<GetOwn<T>, _>(handler)
        })
    }

    /// Mounts the Receiver interface for an object of a custom module: GET, PUT and DELETE. Mount a PATCH with
    /// [`Routes::on`].
    #[must_use]
    pub fn custom_receiver<T: RootResource>(
        self,
        handler: &Arc<impl Handle<GetCopy<T>> + Handle<Put<T>> + Handle<Delete<T>>>,
    ) -> Self {
        self.interface::<T>("custom_receiver", |routes| {
            routes.on::<GetCopy<T>, _>(handler).on::<Put<T>, _>(handler).on::<Delete<T>, _>(handler)
        })
    }

    fn interface<T: Object>(self, side: &str, mount: impl FnOnce(Self) -> Self) -> Self {
        self.group(&format!("{side}::<{}>", T::INFO.name), mount)
    }
}
