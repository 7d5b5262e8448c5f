//! The charge points, as partners command them: each request is accepted at once, and done a little later.

use std::sync::Arc;
use std::time::Duration;

use ocpi_platform::{ChargerRequest, Chargers};
use ocpi_server_traits::{Clock, Error, Timer};
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::cdrs::AuthMethod;
use ocpi_types::v2_3_0::commands::{
    CancelReservation, CommandResult, CommandResultType, ReserveNow, StartSession, StopSession,
    UnlockConnector,
};
use ocpi_types::v2_3_0::types::{DisplayText, DisplayTextInit};
use ocpi_types::{CiString, DateTime};

use crate::charge::Driver;
use crate::world::{Reservation, Start, Taken, World};

/// Time that a charge point takes for what it is asked.
const REACTION: Duration = Duration::from_secs(2);

/// The charge points of the city.
#[derive(Debug)]
pub(crate) struct Depot {
    pub(crate) world: Arc<World>,
    pub(crate) clock: Clock,
    pub(crate) timer: Timer,
}

impl Depot {
    fn now(&self) -> DateTime {
        self.clock.now()
    }

    /// The EVSE that is asked for; without a name, the first at the Location that is free, or else the first.
    fn place(
        &self,
        request: &ChargerRequest,
        evse: Option<&CiString<36>>,
        driver: &CiString<36>,
    ) -> Option<usize> {
        let location = request.location.as_ref()?;
        let owner = request.owner.as_ref()?;
        let is_there = |place: &usize| {
            let point = self.world.points.get(*place);
            point.is_some_and(|point| {
                point.owner() == owner
                    && *point.location_id() == location.id
                    && evse.is_none_or(|evse| point.evse_uid() == evse)
            })
        };
        let places: Vec<usize> = (0..self.world.points.len()).filter(is_there).collect();
        let now = self.now();
        let is_free = |place: &&usize| self.world.is_free(**place, Some(driver), now).is_ok();
        places.iter().find(is_free).or(places.first()).copied()
    }

    async fn react(&self) {
        self.timer.wait(REACTION).await;
    }
}

impl Chargers for Depot {
    async fn start_session(
        &self,
        start: StartSession,
        request: &ChargerRequest,
    ) -> Result<CommandResult, Error> {
        let Some(place) = self.place(request, start.evse_uid.as_ref(), &start.token.uid) else {
            return Ok(rejected("there is no such EVSE any more"));
        };
        let plug = self.world.points.get(place).and_then(|point| {
            let plug = point.plug(start.connector_id.as_ref())?;
            point.plugs.get(plug).filter(|plug| plug.tariff.is_some()).map(|_| plug)
        });
        let Some(plug) = plug else {
            return Ok(rejected("the connector has no tariff of which the sandbox knows"));
        };
        self.react().await;
        let driver = Driver::of(&start.token, AuthMethod::Command, start.authorization_reference);
        Ok(outcome(self.world.let_in(place, Start { plug, driver }, self.now())))
    }

    async fn stop_session(&self, stop: StopSession, _: &ChargerRequest) -> Result<CommandResult, Error> {
        let Some(place) = self.world.charging(&stop.session_id) else {
            return Ok(rejected("the session is over"));
        };
        self.react().await;
        // It may have ended meanwhile: then there is nothing left to stop.
        let is_it = self.world.charging(&stop.session_id) == Some(place);
        Ok(if is_it && self.world.stop(place) {
            CommandResultType::Accepted
        } else {
            CommandResultType::Rejected
        }
        .into())
    }

    async fn reserve_now(
        &self,
        reserve: ReserveNow,
        request: &ChargerRequest,
    ) -> Result<CommandResult, Error> {
        if reserve.expiry_date <= self.now() {
            return Ok(rejected("the reservation would be over before it begins"));
        }
        let Some(place) = self.place(request, reserve.evse_uid.as_ref(), &reserve.token.uid) else {
            return Ok(rejected("there is no such EVSE any more"));
        };
        self.react().await;
        let reservation = Reservation {
            partner: request.partner.clone(),
            id: reserve.reservation_id,
            token: reserve.token.uid.clone(),
            until: reserve.expiry_date,
        };
        Ok(outcome(self.world.reserve(place, reservation, self.now())))
    }

    async fn cancel_reservation(
        &self,
        cancel: CancelReservation,
        request: &ChargerRequest,
    ) -> Result<CommandResult, Error> {
        self.react().await;
        let is_known = self.world.cancel(&request.partner, &cancel.reservation_id);
        Ok(if is_known { CommandResultType::Accepted } else { CommandResultType::UnknownReservation }.into())
    }

    async fn unlock_connector(
        &self,
        unlock: UnlockConnector,
        request: &ChargerRequest,
    ) -> Result<CommandResult, Error> {
        let is_it = |place: &usize| {
            let point = self.world.points.get(*place);
            point.is_some_and(|point| {
                is_of(point.owner(), request)
                    && *point.location_id() == unlock.location_id
                    && *point.evse_uid() == unlock.evse_uid
            })
        };
        let place = (0..self.world.points.len()).find(is_it);
        let point = place.and_then(|place| self.world.points.get(place));
        let (Some(place), Some(point)) = (place, point) else {
            return Ok(rejected("there is no such EVSE any more"));
        };
        if !point.can_unlock {
            return Ok(CommandResultType::NotSupported.into());
        }
        self.react().await;
        // A cable that is let go ends the charge.
        self.world.stop(place);
        Ok(CommandResultType::Accepted.into())
    }
}

fn is_of(owner: &Party, request: &ChargerRequest) -> bool {
    request.owner.as_ref() == Some(owner)
}

fn outcome(taken: Result<(), Taken>) -> CommandResult {
    match taken {
        Ok(()) => CommandResultType::Accepted,
        Err(Taken::Busy) => CommandResultType::EvseOccupied,
        Err(Taken::Broken) => CommandResultType::EvseInoperative,
    }
    .into()
}

/// A refusal with a text for people.
fn rejected(text: &str) -> CommandResult {
    let message = || {
        Some(DisplayText::from(DisplayTextInit { language: "en".parse().ok()?, text: text.parse().ok()? }))
    };
    let mut result: CommandResult = CommandResultType::Rejected.into();
    result.message.extend(message());
    result
}
