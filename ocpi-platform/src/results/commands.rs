//! Commands, one call each.

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

use super::{Awaited, Target};
use crate::{Error, Platform};

impl<S: Store, T: Transport> Platform<S, T> {
    /// Starts a session at a Location, an EVSE or a Connector: `START_SESSION`. The token must be one of ours.
    ///
    /// A request with more members, such as an `authorization_reference`, is sent by [`Platform::ask`].
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
    pub async fn start_session(
        &self,
        partner: &str,
        token: &Token,
        at: impl Into<Target>,
    ) -> Result<Awaited<StartSession>, Error> {
        self.start_session_with(partner, token, at, &RequestOptions::new()).await
    }

    /// [`Platform::start_session`], with options for this request. The parties that they name come before those of the token
    /// and the place.
    ///
    /// # Errors
    /// As [`Platform::ask`].
    pub async fn start_session_with(
        &self,
        partner: &str,
        token: &Token,
        at: impl Into<Target>,
        options: &RequestOptions<'_>,
    ) -> Result<Awaited<StartSession>, Error> {
        let Target { owner, location_id, evse_uid, connector_id } = at.into();
        let options = self.routed(options, token, owner);
        let start = |response_url| StartSession {
            evse_uid,
            connector_id,
            ..StartSessionInit { response_url, token: token.clone(), location_id }.into()
        };
        self.ask_with(partner, start, &options).await
    }

    /// Stops a session: `STOP_SESSION`.
    ///
    /// # Errors
    /// As [`Platform::ask`].
    pub async fn stop_session(
        &self,
        partner: &str,
        session_id: &CiString<36>,
    ) -> Result<Awaited<StopSession>, Error> {
        self.stop_session_with(partner, session_id, &RequestOptions::new()).await
    }

    /// [`Platform::stop_session`], with options for this request: for a party behind a hub, for example,
    /// `RequestOptions::to`.
    ///
    /// # Errors
    /// As [`Platform::ask`].
    pub async fn stop_session_with(
        &self,
        partner: &str,
        session_id: &CiString<36>,
        options: &RequestOptions<'_>,
    ) -> Result<Awaited<StopSession>, Error> {
        let session_id = session_id.clone();
        let stop = |response_url| StopSessionInit { response_url, session_id }.into();
        self.ask_with(partner, stop, options).await
    }

    /// Reserves a Location, or an EVSE of it, until `expiry_date`: `RESERVE_NOW`. The same `reservation_id` at the same
    /// Location replaces a reservation. For a partner of 2.1.1 it must be a number.
    ///
    /// # Errors
    /// As [`Platform::ask`].
    pub async fn reserve_now(
        &self,
        partner: &str,
        token: &Token,
        at: impl Into<Target>,
        reservation_id: &CiString<36>,
        expiry_date: DateTime,
    ) -> Result<Awaited<ReserveNow>, Error> {
        let options = RequestOptions::new();
        self.reserve_now_with(partner, token, at, reservation_id, expiry_date, &options).await
    }

    /// [`Platform::reserve_now`], with options for this request. The parties that they name come before those of the token
    /// and the place.
    ///
    /// # Errors
    /// As [`Platform::ask`].
    pub async fn reserve_now_with(
        &self,
        partner: &str,
        token: &Token,
        at: impl Into<Target>,
        reservation_id: &CiString<36>,
        expiry_date: DateTime,
        options: &RequestOptions<'_>,
    ) -> Result<Awaited<ReserveNow>, Error> {
        let Target { owner, location_id, evse_uid, connector_id: _ } = at.into();
        let options = self.routed(options, token, owner);
        let (token, reservation_id) = (token.clone(), reservation_id.clone());
        let reserve = |response_url| ReserveNow {
            evse_uid,
            ..ReserveNowInit { response_url, token, expiry_date, reservation_id, location_id }.into()
        };
        self.ask_with(partner, reserve, &options).await
    }

    /// Cancels a reservation: `CANCEL_RESERVATION`. 2.1.1 has no such command.
    ///
    /// # Errors
    /// As [`Platform::ask`].
    pub async fn cancel_reservation(
        &self,
        partner: &str,
        reservation_id: &CiString<36>,
    ) -> Result<Awaited<CancelReservation>, Error> {
        self.cancel_reservation_with(partner, reservation_id, &RequestOptions::new()).await
    }

    /// [`Platform::cancel_reservation`], with options for this request: for a party behind a hub, for example,
    /// `RequestOptions::to`.
    ///
    /// # Errors
    /// As [`Platform::ask`].
    pub async fn cancel_reservation_with(
        &self,
        partner: &str,
        reservation_id: &CiString<36>,
        options: &RequestOptions<'_>,
    ) -> Result<Awaited<CancelReservation>, Error> {
        let reservation_id = reservation_id.clone();
        let cancel = |response_url| CancelReservationInit { response_url, reservation_id }.into();
        self.ask_with(partner, cancel, options).await
    }

    /// Unlocks a Connector that stayed locked: `UNLOCK_CONNECTOR`. For the staff of an operator or eMSP only.
    ///
    /// # Errors
    /// As [`Platform::ask`].
    pub async fn unlock_connector(
        &self,
        partner: &str,
        at: &ConnectorKey,
    ) -> Result<Awaited<UnlockConnector>, Error> {
        self.unlock_connector_with(partner, at, &RequestOptions::new()).await
    }

    /// [`Platform::unlock_connector`], with options for this request: for a party behind a hub, for example,
    /// `RequestOptions::to`.
    ///
    /// # Errors
    /// As [`Platform::ask`].
    pub async fn unlock_connector_with(
        &self,
        partner: &str,
        at: &ConnectorKey,
        options: &RequestOptions<'_>,
    ) -> Result<Awaited<UnlockConnector>, Error> {
        let ConnectorKey { location_id, evse_uid, connector_id } = at.clone();
        let unlock =
            |response_url| UnlockConnectorInit { response_url, location_id, evse_uid, connector_id }.into();
        self.ask_with(partner, unlock, options).await
    }

    /// The options, with the parties of a command where they name none: from the owner of the token, if that is us, to the
    /// owner of the place.
    fn routed<'a>(
        &self,
        options: &RequestOptions<'a>,
        token: &Token,
        owner: Option<Party>,
    ) -> RequestOptions<'a> {
        let from = Party { country_code: token.country_code.clone(), party_id: token.party_id.clone() };
        let mut routing = RequestOptions::new();
        if self.parties().contains(&from) {
            routing = routing.from(from);
        }
        if let Some(owner) = owner {
            routing = routing.to(owner);
        }
        options.clone().or(routing)
    }
}
