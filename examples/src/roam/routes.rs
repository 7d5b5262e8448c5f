//! Endpoints that the two platforms mount.

use std::sync::Arc;

use ocpi_server_traits::Routes;
use ocpi_types::endpoint::{Authorize, GetCdr, PostCdr, PostCommandResult};
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::commands::{
    CancelReservation, ReserveNow, StartSession, StopSession, UnlockConnector,
};
use ocpi_types::v2_3_0::locations::{Connector, Evse, Location};
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::Token;

use super::chargers::Chargers;
use super::side::Roaming;

/// Mounts the endpoints of the CPO.
pub(super) fn cpo(cpo: &Arc<Roaming>, chargers: &Arc<Chargers>, routes: Routes) -> Routes {
    let objects = cpo.objects();
    routes
        .send::<Location, _>(objects)
        .lookup::<Location, _>(objects)
        .lookup::<Evse, _>(objects)
        .lookup::<Connector, _>(objects)
        .send::<Tariff, _>(objects)
        .send::<Session, _>(objects)
        .send::<Cdr, _>(objects)
        .receive::<Token, _>(objects)
        .patch::<Token, _>(objects)
        .on::<ReserveNow, _>(chargers)
        .on::<CancelReservation, _>(chargers)
        .on::<StartSession, _>(chargers)
        .on::<StopSession, _>(chargers)
        .on::<UnlockConnector, _>(chargers)
}

/// Mounts the endpoints of the eMSP.
pub(super) fn emsp(emsp: &Arc<Roaming>, routes: Routes) -> Routes {
    let objects = emsp.objects();
    routes
        .receive::<Location, _>(objects)
        .patch::<Location, _>(objects)
        .receive::<Evse, _>(objects)
        .patch::<Evse, _>(objects)
        .receive::<Connector, _>(objects)
        .patch::<Connector, _>(objects)
        .receive::<Tariff, _>(objects)
        .delete::<Tariff, _>(objects)
        .receive::<Session, _>(objects)
        .patch::<Session, _>(objects)
        .on::<PostCdr<Cdr>, _>(objects)
        .on::<GetCdr<Cdr>, _>(objects)
        .send::<Token, _>(objects)
        .on::<Authorize, _>(emsp)
        .on::<PostCommandResult, _>(emsp)
}
