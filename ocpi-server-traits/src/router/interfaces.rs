//! Interfaces of modules: an object with its parts, and the methods that the specification defines for them.

use std::sync::Arc;

use ocpi_types::endpoint::{
    ActivateTerminal, DeactivateTerminal, Delete, GetCdr, GetClientInfo, GetCopy,
    GetFinancialAdviceConfirmation, GetOwn, GetTerminal, List, ListBookingLocations, Patch, PatchTerminal,
    PostCdr, PostFinancialAdviceConfirmation, PostInvoiceReconciliationRecord, PostTerminal, Put,
    PutClientInfo, PutTerminal,
};
use ocpi_types::{v2_1_1, v2_2_1, v2_3_0};

use super::routes::Routes;
use crate::Handle;

/// Serves the endpoints of the Sender interface for an object and its parts.
///
/// Implemented for every type that has the [`Handle`]s: for a Location, for example, those of the list, and of a single
/// Location, EVSE and Connector. For objects of custom modules, use [`Routes::custom_sender`].
pub trait SenderInterface<T>: Sized {
    /// Mounts the endpoints.
    fn mount(routes: Routes, handler: &Arc<Self>) -> Routes;
}

/// Serves the endpoints of the Receiver interface for an object and its parts.
///
/// Implemented for every type that has the [`Handle`]s: for a Location, for example, GET, PUT and PATCH of the
/// Location, its EVSEs and Connectors. For objects of custom modules, use [`Routes::custom_receiver`].
pub trait ReceiverInterface<T>: Sized {
    /// Mounts the endpoints.
    fn mount(routes: Routes, handler: &Arc<Self>) -> Routes;
}

macro_rules! interfaces {
    ($($side:ident<$object:ty>: $($endpoint:ty),+;)+) => { $(
        impl<H: $(Handle<$endpoint> +)+> $side<$object> for H {
            fn mount(routes: Routes, handler: &Arc<Self>) -> Routes {
                routes$(.on::<$endpoint, _>(handler))+
            }
        }
    )+ };
}

/// The modules that all versions have.
macro_rules! core {
    ($version:ident) => {
        const _: () = {
            use $version::cdrs::Cdr;
            use $version::locations::{Connector, Evse, Location};
            use $version::sessions::Session;
            use $version::tariffs::Tariff;

            interfaces! {
                SenderInterface<Location>: List<Location>, GetOwn<Location>, GetOwn<Evse>, GetOwn<Connector>;
                SenderInterface<Session>: List<Session>;
                SenderInterface<Cdr>: List<Cdr>;
                SenderInterface<Tariff>: List<Tariff>;
                ReceiverInterface<Location>:
                    GetCopy<Location>, Put<Location>, Patch<Location>,
                    GetCopy<Evse>, Put<Evse>, Patch<Evse>,
                    GetCopy<Connector>, Put<Connector>, Patch<Connector>;
                ReceiverInterface<Session>: GetCopy<Session>, Put<Session>, Patch<Session>;
                ReceiverInterface<Cdr>: PostCdr<Cdr>, GetCdr<Cdr>;
                ReceiverInterface<Tariff>: GetCopy<Tariff>, Put<Tariff>, Patch<Tariff>, Delete<Tariff>;
            }
        };
    };
}

macro_rules! tokens {
    ($($token:ty),+) => { $(
        interfaces! {
            SenderInterface<$token>: List<$token>;
            ReceiverInterface<$token>: GetCopy<$token>, Put<$token>, Patch<$token>;
        }
    )+ };
}

core!(v2_1_1);
core!(v2_2_1);
core!(v2_3_0);
// One type in 2.2.1 and 2.3.0.
tokens!(v2_1_1::tokens::Token, v2_2_1::tokens::Token);

const _: () = {
    use v2_2_1::hub_client_info::ClientInfo;

    interfaces! {
        SenderInterface<ClientInfo>: List<ClientInfo>;
        ReceiverInterface<ClientInfo>: GetClientInfo, PutClientInfo;
    }
};

const _: () = {
    use v2_3_0::payments::{FinancialAdviceConfirmation as Confirmation, Terminal};

    interfaces! {
        SenderInterface<Terminal>:
            List<Terminal>, GetOwn<Terminal>, ActivateTerminal, DeactivateTerminal, PutTerminal, PatchTerminal;
        SenderInterface<Confirmation>: List<Confirmation>, GetOwn<Confirmation>;
        ReceiverInterface<Terminal>: GetTerminal, PostTerminal;
        ReceiverInterface<Confirmation>: GetFinancialAdviceConfirmation, PostFinancialAdviceConfirmation;
    }
};

const _: () = {
    use v2_3_0::bookings::{Booking, BookingLocation, Calendar};
    use v2_3_0::invoice_reconciliation::InvoiceReconciliationRecord as Record;

    interfaces! {
        SenderInterface<Booking>: List<Booking>;
        SenderInterface<BookingLocation>: ListBookingLocations, GetOwn<BookingLocation>, GetOwn<Calendar>;
        SenderInterface<Record>: List<Record>;
        ReceiverInterface<Booking>: GetCopy<Booking>, Put<Booking>, Patch<Booking>;
        ReceiverInterface<BookingLocation>:
            GetCopy<BookingLocation>, Put<BookingLocation>, Patch<BookingLocation>,
            GetCopy<Calendar>, Put<Calendar>, Patch<Calendar>;
        ReceiverInterface<Record>:
            GetCopy<Record>, Put<Record>, PostInvoiceReconciliationRecord, Delete<Record>;
    }
};
