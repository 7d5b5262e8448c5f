//! Methods for commands.

use ocpi_client::{RequestOptions, Transport};
use ocpi_server_traits::Store;
use ocpi_types::endpoint::ConnectorKey;
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::commands::{
    CancelReservation, CancelReservationInit, ReserveNow, ReserveNowInit, StartSession, StartSessionInit,
    StopSession, StopSessionInit, UnlockConnector, UnlockConnectorInit,
};
use ocpi_types::v2_3_0::tokens::Token;
use ocpi_types::{CiString, DateTime};

use super::{AsyncRequestBuilder, Target};
use crate::Platform;

impl<S: Store, T: Transport> Platform<S, T> {
    /// Starts a session at a Location, an EVSE or a Connector: `START_SESSION`. The token must be one of ours.
    ///
    /// It is sent from the owner of the token, if that is us, to the owner of the place, unless
    /// [`AsyncRequestBuilder::options`] name other parties. For a request with more members, such as an
    /// `authorization_reference`, use [`Platform::ask`].
    ///
    /// ```
    /// use ocpi_platform::Outcome;
    /// # use ocpi_testkit::{ChargerReaction, parse, registered, token_json};
    /// # use ocpi_types::endpoint::EvseKey;
    /// # use ocpi_types::v2_3_0::tokens::Token;
    /// # let (_, cpo, emsp) = registered();
    /// # cpo.chargers.plan([ChargerReaction::ResultFirst]);
    /// # let emsp = &emsp.platform;
    /// # let token: Token = parse(&token_json("DE/EMP", "04A2", "10:00:00"));
    /// # let evse = EvseKey { location_id: "LOC1".parse()?, evse_uid: "3256".parse()? };
    /// # let reached = pollster::block_on(async {
    /// let started = emsp.start_session("cpo", &token, &evse).await?; // the partner's answer
    /// match started.result().await? { // ends at the partner's time-out
    ///     Outcome::Accepted(_) => println!("the charge point gives power"),
    ///     other => println!("it does not: {other:?}"),
    /// }
    /// # Ok::<_, ocpi_platform::Error>(started.result().await?.is_accepted())
    /// # })?;
    /// # assert!(reached);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Platform::ask`].
    pub fn start_session<'a>(
        &'a self,
        partner: &'a str,
        token: &Token,
        at: impl Into<Target>,
    ) -> AsyncRequestBuilder<'a, StartSession, S, T> {
        let Target { owner, location_id, evse_uid, connector_id } = at.into();
        let routing = self.routing(token, owner);
        let token = token.clone();
        let start = move |response_url| StartSession {
            evse_uid,
            connector_id,
            ..StartSessionInit { response_url, token, location_id }.into()
        };
        self.ask(partner, start).options(routing)
    }

    /// Stops a session: `STOP_SESSION`.
    ///
    /// # Errors
    /// As [`Platform::ask`].
    pub fn stop_session<'a>(
        &'a self,
        partner: &'a str,
        session_id: &CiString<36>,
    ) -> AsyncRequestBuilder<'a, StopSession, S, T> {
        let session_id = session_id.clone();
        let stop = move |response_url| StopSessionInit { response_url, session_id }.into();
        self.ask(partner, stop)
    }

    /// Reserves a Location, or an EVSE of it, until `expiry_date`: `RESERVE_NOW`. The same `reservation_id` at the same
    /// Location replaces a reservation. For a partner of 2.1.1 it must be a number.
    ///
    /// # Errors
    /// As [`Platform::ask`].
    pub fn reserve_now<'a>(
        &'a self,
        partner: &'a str,
        token: &Token,
        at: impl Into<Target>,
        reservation_id: &CiString<36>,
        expiry_date: DateTime,
    ) -> AsyncRequestBuilder<'a, ReserveNow, S, T> {
        let Target { owner, location_id, evse_uid, connector_id: _ } = at.into();
        let routing = self.routing(token, owner);
        let (token, reservation_id) = (token.clone(), reservation_id.clone());
        let reserve = move |response_url| ReserveNow {
            evse_uid,
            ..ReserveNowInit { response_url, token, expiry_date, reservation_id, location_id }.into()
        };
        self.ask(partner, reserve).options(routing)
    }

    /// Cancels a reservation: `CANCEL_RESERVATION`. 2.1.1 has no such command.
    ///
    /// # Errors
    /// As [`Platform::ask`].
    pub fn cancel_reservation<'a>(
        &'a self,
        partner: &'a str,
        reservation_id: &CiString<36>,
    ) -> AsyncRequestBuilder<'a, CancelReservation, S, T> {
        let reservation_id = reservation_id.clone();
        let cancel = move |response_url| CancelReservationInit { response_url, reservation_id }.into();
        self.ask(partner, cancel)
    }

    /// Unlocks a Connector that is stuck: `UNLOCK_CONNECTOR`. Only for staff of an operator or eMSP.
    ///
    /// # Errors
    /// As [`Platform::ask`].
    pub fn unlock_connector<'a>(
        &'a self,
        partner: &'a str,
        at: &ConnectorKey,
    ) -> AsyncRequestBuilder<'a, UnlockConnector, S, T> {
        let ConnectorKey { location_id, evse_uid, connector_id } = at.clone();
        let unlock = move |response_url| {
            UnlockConnectorInit { response_url, location_id, evse_uid, connector_id }.into()
        };
        self.ask(partner, unlock)
    }

    /// The parties of a command: from the owner of the token, if that is us, to the owner of the place.
    fn routing(&self, token: &Token, owner: Option<Party>) -> RequestOptions<'static> {
        let from = Party { country_code: token.country_code.clone(), party_id: token.party_id.clone() };
        let mut routing = RequestOptions::new();
        if self.parties().contains(&from) {
            routing = routing.from(from);
        }
        if let Some(owner) = owner {
            routing = routing.to(owner);
        }
        routing
    }
}
