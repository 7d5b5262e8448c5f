//! The CPO's chargers: they take commands, and tell later what became of them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ocpi_server_traits::{Caller, Error, Handle};
use ocpi_types::endpoint::{EvseKey, LocationKey, Owned, PostCommandResult};
use ocpi_types::protocol::{PartnerId, Party};
use ocpi_types::v2_3_0::commands::{
    CancelReservation, CommandResponse, CommandResponseInit, CommandResponseType, CommandResult,
    CommandResultInit, CommandResultType, ReserveNow, StartSession, StopSession, UnlockConnector,
};
use ocpi_types::v2_3_0::locations::{Evse, Location, Status};
use ocpi_types::v2_3_0::tokens::Token;
use ocpi_types::{CiString, Private, Url};

use super::side::Roaming;

/// Seconds in which a result comes, or never.
pub(super) const TIMEOUT: i64 = 10;

/// Takes commands for the chargers of the CPO.
pub(super) struct Chargers {
    platform: Arc<Roaming>,
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

impl Chargers {
    pub(super) fn new(platform: Arc<Roaming>) -> Self {
        Self { platform, state: Mutex::default() }
    }

    /// The session that runs, with the command that started it.
    pub(super) fn running(&self) -> Option<(CiString<36>, StartSession)> {
        self.state().running.last().cloned()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where the CPO has the location, and in whose name.
    async fn owner_of(&self, location_id: &CiString<36>) -> Result<Option<Party>, Error> {
        for owner in self.platform.parties() {
            let at = Owned { owner: owner.clone(), key: LocationKey { location_id: location_id.clone() } };
            if self.platform.objects().get::<Location>(&at).await?.is_some() {
                return Ok(Some(owner.clone()));
            }
        }
        Ok(None)
    }

    async fn evse(
        &self,
        location_id: &CiString<36>,
        uid: Option<&CiString<36>>,
    ) -> Result<Option<Evse>, Error> {
        let Some(owner) = self.owner_of(location_id).await? else {
            return Err(Error::unknown_location("no such location"));
        };
        let Some(uid) = uid else { return Ok(None) };
        let key = EvseKey { location_id: location_id.clone(), evse_uid: uid.clone() };
        self.platform.objects().get::<Evse>(&Owned { owner, key }).await
    }

    /// Answers now; the result goes to its URL a moment later, on a connection of its own.
    fn answer(
        &self,
        caller: &Caller,
        url: Private<Url>,
        outcome: Option<CommandResultType>,
    ) -> CommandResponse {
        let Some(outcome) = outcome else {
            return CommandResponseInit { result: CommandResponseType::Rejected, timeout: 0 }.into();
        };
        let (platform, partner) = (Arc::clone(&self.platform), caller.partner.id.clone());
        tokio::spawn(async move {
            let result: CommandResult = CommandResultInit { result: outcome }.into();
            // A result is sent once. If it is lost, the eMSP takes the command for lost after its timeout.
            if let Ok(client) = platform.client(partner.as_str()).await {
                let _ = client.send(&PostCommandResult { url, result }).await;
            }
        });
        CommandResponseInit { result: CommandResponseType::Accepted, timeout: TIMEOUT }.into()
    }
}

/// A token in a command must be the eMSP's own; nothing else of it is checked.
fn is_callers(caller: &Caller, token: &Token) -> bool {
    caller.speaks_for(&Party { country_code: token.country_code.clone(), party_id: token.party_id.clone() })
}

impl Handle<ReserveNow> for Chargers {
    async fn handle(&self, caller: &Caller, reserve: ReserveNow) -> Result<CommandResponse, Error> {
        let evse = self.evse(&reserve.location_id, reserve.evse_uid.as_ref()).await?;
        if !is_callers(caller, &reserve.token) {
            return Ok(self.answer(caller, reserve.response_url, None));
        }
        let outcome = match evse.map(|evse| evse.status) {
            None | Some(Status::Available) => {
                let whose = caller.partner.id.clone();
                self.state().reservations.push((whose, reserve.reservation_id));
                CommandResultType::Accepted
            }
            Some(Status::Inoperative | Status::Outoforder) => CommandResultType::EvseInoperative,
            Some(_) => CommandResultType::EvseOccupied,
        };
        Ok(self.answer(caller, reserve.response_url, Some(outcome)))
    }
}

impl Handle<CancelReservation> for Chargers {
    async fn handle(&self, caller: &Caller, cancel: CancelReservation) -> Result<CommandResponse, Error> {
        let outcome = {
            let mut state = self.state();
            let known = state.reservations.len();
            state
                .reservations
                .retain(|(whose, id)| *whose != caller.partner.id || *id != cancel.reservation_id);
            if state.reservations.len() < known {
                CommandResultType::Accepted
            } else {
                CommandResultType::UnknownReservation
            }
        };
        Ok(self.answer(caller, cancel.response_url, Some(outcome)))
    }
}

impl Handle<StartSession> for Chargers {
    async fn handle(&self, caller: &Caller, start: StartSession) -> Result<CommandResponse, Error> {
        self.evse(&start.location_id, start.evse_uid.as_ref()).await?;
        let url = start.response_url.clone();
        if !is_callers(caller, &start.token) {
            return Ok(self.answer(caller, url, None));
        }
        {
            let mut state = self.state();
            state.sessions += 1;
            let id = format!("SES{:04}", state.sessions);
            let id = id.parse().map_err(|error| Error::internal("an id of a session").with_source(error))?;
            state.running.push((id, start));
        }
        Ok(self.answer(caller, url, Some(CommandResultType::Accepted)))
    }
}

impl Handle<StopSession> for Chargers {
    async fn handle(&self, caller: &Caller, stop: StopSession) -> Result<CommandResponse, Error> {
        let known = {
            let mut state = self.state();
            let running = state.running.len();
            state.running.retain(|(id, start)| *id != stop.session_id || !is_callers(caller, &start.token));
            state.running.len() < running
        };
        if known {
            return Ok(self.answer(caller, stop.response_url, Some(CommandResultType::Accepted)));
        }
        Ok(CommandResponseInit { result: CommandResponseType::UnknownSession, timeout: 0 }.into())
    }
}

impl Handle<UnlockConnector> for Chargers {
    async fn handle(&self, caller: &Caller, unlock: UnlockConnector) -> Result<CommandResponse, Error> {
        let evse = self.evse(&unlock.location_id, Some(&unlock.evse_uid)).await?;
        let outcome = if evse.is_some() { CommandResultType::Accepted } else { CommandResultType::Failed };
        Ok(self.answer(caller, unlock.response_url, Some(outcome)))
    }
}
