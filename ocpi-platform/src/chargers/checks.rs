//! Checks before a request reaches a charge point.

use ocpi_client::{RequestOptions, Transport};
use ocpi_server_traits::{Caller, Error as Refusal, Store};
use ocpi_types::CiString;
use ocpi_types::endpoint::{LocationKey, Owned, SessionKey};
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::commands::CommandResponseType;
use ocpi_types::v2_3_0::locations::{Capability, Evse, Location};
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tokens::Token;

use super::ChargerRequest;
use super::request::{Taken, command_response};
use crate::{Error, Platform};

/// Id of an object.
type Id = CiString<36>;

/// A place at which something is asked for.
pub(super) struct At<'a> {
    pub(super) location_id: &'a Id,
    pub(super) evse_uid: Option<&'a Id>,
    pub(super) connector_id: Option<&'a Id>,
    /// Whether a session is to be started there, in a version in which the connector can be named.
    pub(super) may_need_connector: bool,
}

/// Circumstances of a request about a Session.
pub(super) enum AskedAbout {
    /// The session of a driver of the caller.
    Own(ChargerRequest),
    /// The session of a driver of another eMSP.
    Foreign(ChargerRequest),
}

/// Whether a token of a command is the caller's own. Nothing else of it is judged: the eMSP has authorized the driver.
pub(super) fn is_callers(caller: &Caller, token: &Token) -> bool {
    caller.speaks_for(&Party { country_code: token.country_code.clone(), party_id: token.party_id.clone() })
}

impl<S: Store, T: Transport> Platform<S, T> {
    /// The parties of ours that are asked: the one that is named, if one is.
    pub(crate) fn asked_parties(&self, caller: &Caller) -> &[Party] {
        let named = self.parties().iter().find(|own| caller.to.as_ref() == Some(*own));
        named.map_or(self.parties(), std::slice::from_ref)
    }

    /// The circumstances of a request about a place, which must be there.
    pub(super) async fn asked_at(&self, caller: &Caller, at: &At<'_>) -> Result<ChargerRequest, Refusal> {
        let mut missing = "no such location";
        for owner in self.asked_parties(caller) {
            let Some(location) = self.location_of(owner, at.location_id).await? else { continue };
            if let Some(uid) = at.evse_uid {
                // Another party of ours may have a Location of this id.
                let Some(evse) = location.evse(uid.as_str()) else {
                    missing = "no such EVSE";
                    continue;
                };
                look_at(evse, at)?;
            } else if at.connector_id.is_some() {
                return Err(Refusal::invalid("a `connector_id` needs the `evse_uid` of its EVSE"));
            }
            let owner = Some(owner.clone());
            return Ok(ChargerRequest { owner, location: Some(location), ..asked(caller) });
        }
        Err(nowhere(missing))
    }

    async fn location_of(&self, owner: &Party, id: &Id) -> Result<Option<Location>, Refusal> {
        let key = LocationKey { location_id: id.clone() };
        self.objects.get(&Owned { owner: owner.clone(), key }).await
    }

    /// The circumstances of a request about a Session of the caller's driver; `None`: it has none of this id.
    pub(super) async fn asked_in(
        &self,
        caller: &Caller,
        session_id: &Id,
    ) -> Result<Option<ChargerRequest>, Refusal> {
        Ok(match self.asked_about(caller, session_id).await? {
            Some(AskedAbout::Own(asked)) => Some(asked),
            Some(AskedAbout::Foreign(_)) | None => None,
        })
    }

    /// The circumstances of a request about a Session, the caller's own if there is one; `None`: there is none of this id.
    pub(super) async fn asked_about(
        &self,
        caller: &Caller,
        session_id: &Id,
    ) -> Result<Option<AskedAbout>, Refusal> {
        let mut foreign = None;
        for owner in self.asked_parties(caller) {
            let key = SessionKey { session_id: session_id.clone() };
            let Some(session) = self.objects.get::<Session>(&Owned { owner: owner.clone(), key }).await?
            else {
                continue;
            };
            let token = &session.cdr_token;
            let driver_is_of =
                Party { country_code: token.country_code.clone(), party_id: token.party_id.clone() };
            if caller.speaks_for(&driver_is_of) {
                return self.asked_of(caller, owner, session).await.map(AskedAbout::Own).map(Some);
            }
            foreign.get_or_insert((owner, session));
        }
        let Some((owner, session)) = foreign else { return Ok(None) };
        self.asked_of(caller, owner, session).await.map(AskedAbout::Foreign).map(Some)
    }

    async fn asked_of(
        &self,
        caller: &Caller,
        owner: &Party,
        session: Session,
    ) -> Result<ChargerRequest, Refusal> {
        let location = self.location_of(owner, &session.location_id).await?;
        Ok(ChargerRequest { owner: Some(owner.clone()), location, session: Some(session), ..asked(caller) })
    }

    /// Refuses a request whose result may not be posted to where the partner wants it: to somebody else's host.
    pub(super) async fn may_post<R: Taken>(&self, partner: &str, request: &R) -> Result<(), Refusal> {
        let client = self.client(partner).await.map_err(|error| match error {
            Error::Store(error) => error,
            error => Refusal::failed(error),
        })?;
        let post = R::post(request.response_url().clone(), R::failed());
        let made = client.request_with(&post, &RequestOptions::new());
        made.map(drop).map_err(|error| {
            Refusal::invalid("the `response_url` is not at a host of this partner").with_source(error)
        })
    }
}

/// Context of a request without any look-ups.
pub(super) fn asked(caller: &Caller) -> ChargerRequest {
    ChargerRequest {
        partner: caller.partner.id.clone(),
        version: caller.version,
        at: caller.now,
        owner: None,
        location: None,
        session: None,
    }
}

/// The EVSE of a session, where it takes the wishes of drivers.
pub(super) fn takes_preferences(asked: &ChargerRequest) -> bool {
    let (Some(session), Some(location)) = (&asked.session, &asked.location) else { return false };
    let evse = location.evse(session.evse_uid.as_str());
    evse.is_some_and(|evse| evse.capabilities.contains(&Capability::ChargingPreferencesCapable))
}

/// Nothing is commanded there: 2003 beside `REJECTED`. The URL of the command is one that exists.
fn nowhere(message: &str) -> Refusal {
    let rejected = command_response(CommandResponseType::Rejected);
    Refusal::unknown_location(message).with_http_status(http::StatusCode::OK).with_data(rejected)
}

fn look_at(evse: &Evse, at: &At<'_>) -> Result<(), Refusal> {
    match at.connector_id {
        Some(id) if evse.connectors.iter().any(|it| it.id == *id) => Ok(()),
        Some(_) => Err(nowhere("no such connector")),
        None if at.may_need_connector
            && evse.capabilities.contains(&Capability::StartSessionConnectorRequired) =>
        {
            Err(Refusal::invalid("this EVSE needs the `connector_id`"))
        }
        None => Ok(()),
    }
}
