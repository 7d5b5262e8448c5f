//! The CPO's charge points: what they do when they are asked.

use std::sync::{Mutex, MutexGuard, PoisonError};

use ocpi_platform::{ChargerRequest, Chargers};
use ocpi_server_traits::Error;
use ocpi_types::CiString;
use ocpi_types::protocol::PartnerId;
use ocpi_types::v2_3_0::commands::{
    CancelReservation, CommandResult, CommandResultType, ReserveNow, StartSession, StopSession,
    UnlockConnector,
};
use ocpi_types::v2_3_0::locations::Status;

/// The charge points of the CPO.
#[derive(Default)]
pub(super) struct Depot {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Reservations: the partner of each, and the id that it has there.
    reservations: Vec<(PartnerId, CiString<36>)>,
    /// Sessions that were started and not stopped: the id, and the command.
    running: Vec<(CiString<36>, StartSession)>,
    sessions: usize,
}

impl Depot {
    /// The session that runs, with the command that started it.
    pub(super) fn running(&self) -> Option<(CiString<36>, StartSession)> {
        self.state().running.last().cloned()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Chargers for Depot {
    async fn reserve_now(
        &self,
        reserve: ReserveNow,
        request: &ChargerRequest,
    ) -> Result<CommandResult, Error> {
        let evse = request.location.as_ref().zip(reserve.evse_uid.as_ref());
        let evse = evse.and_then(|(location, uid)| location.evse(uid.as_str()));
        let result = match evse.map(|evse| &evse.status) {
            None | Some(Status::Available) => {
                self.state().reservations.push((request.partner.clone(), reserve.reservation_id));
                CommandResultType::Accepted
            }
            Some(Status::Inoperative | Status::Outoforder) => CommandResultType::EvseInoperative,
            Some(_) => CommandResultType::EvseOccupied,
        };
        Ok(result.into())
    }

    async fn cancel_reservation(
        &self,
        cancel: CancelReservation,
        request: &ChargerRequest,
    ) -> Result<CommandResult, Error> {
        let reservation = (request.partner.clone(), cancel.reservation_id);
        let mut state = self.state();
        let known = state.reservations.len();
        state.reservations.retain(|it| *it != reservation);
        let is_known = state.reservations.len() < known;
        let result =
            if is_known { CommandResultType::Accepted } else { CommandResultType::UnknownReservation };
        Ok(result.into())
    }

    async fn start_session(&self, start: StartSession, _: &ChargerRequest) -> Result<CommandResult, Error> {
        let mut state = self.state();
        state.sessions += 1;
        let id = format!("SES{:04}", state.sessions);
        let id = id.parse().map_err(|error| Error::internal("an id of a session").with_source(error))?;
        state.running.push((id, start));
        Ok(CommandResultType::Accepted.into())
    }

    async fn stop_session(&self, stop: StopSession, _: &ChargerRequest) -> Result<CommandResult, Error> {
        self.state().running.retain(|(id, _)| *id != stop.session_id);
        Ok(CommandResultType::Accepted.into())
    }

    async fn unlock_connector(&self, _: UnlockConnector, _: &ChargerRequest) -> Result<CommandResult, Error> {
        Ok(CommandResultType::Accepted.into())
    }
}
