//! The endpoints that are not about one object of a list.

use http::Method;

use super::key::{Key, Owned, TokenKey};
use super::reply::Created;
use super::resource::Resource;
use super::{Body, DecodeError, Endpoint, Incoming, Mount, Outgoing, Segment};
use crate::protocol::Party;
use crate::v2_2_1::commands::{
    CancelReservation, CommandResponse, CommandResult, ReserveNow, StartSession, StopSession, UnlockConnector,
};
use crate::v2_2_1::sessions::{ChargingPreferences, ChargingPreferencesResponse};
use crate::v2_2_1::tokens::{AuthorizationInfo, LocationReferences};
use crate::v2_2_1::versions::{InterfaceRole, ModuleId};
use crate::{CiString, Url, Value};

/// POST by which a CPO asks, while a driver waits, whether a token may charge.
///
/// Spec: 2.2.1 mod_tokens §real-time_authorization
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Authorize {
    /// The token.
    pub token: TokenKey,
    /// Where the driver is.
    pub location: Option<LocationReferences>,
}

impl Endpoint for Authorize {
    const METHOD: Method = Method::POST;
    const MOUNT: Mount = Mount::Module(ModuleId::Tokens, InterfaceRole::Sender);
    type Response = AuthorizationInfo;

    fn name() -> String {
        "Authorize".to_owned()
    }

    fn path() -> Vec<Segment> {
        vec![Segment::Parameter("token_uid"), Segment::Fixed("authorize")]
    }

    fn body() -> Body {
        Body::Optional(LocationReferences::TYPE)
    }

    fn encode(&self, to: &mut Outgoing) {
        self.token.encode(to);
        to.segment("authorize");
        if let Some(location) = &self.location {
            to.body(location);
        }
    }

    fn asks_about(&self) -> Option<&TokenKey> {
        Some(&self.token)
    }

    fn decode(from: &mut Incoming<'_>) -> Result<Self, DecodeError> {
        let token = TokenKey::decode(from, 0)?;
        let location = from.read_body_if_any()?;
        Ok(Self { token, location })
    }
}

/// PUT by which an eMSP sends the charging preferences of a driver.
///
/// Spec: 2.2.1 mod_sessions §set_charging_preferences
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SetChargingPreferences {
    /// The session.
    pub session_id: CiString<36>,
    /// The wishes.
    pub preferences: ChargingPreferences,
}

impl Endpoint for SetChargingPreferences {
    const METHOD: Method = Method::PUT;
    const MOUNT: Mount = Mount::Module(ModuleId::Sessions, InterfaceRole::Sender);
    type Response = ChargingPreferencesResponse;

    fn name() -> String {
        "SetChargingPreferences".to_owned()
    }

    fn path() -> Vec<Segment> {
        vec![Segment::Parameter("session_id"), Segment::Fixed("charging_preferences")]
    }

    fn body() -> Body {
        Body::Whole(ChargingPreferences::TYPE)
    }

    fn encode(&self, to: &mut Outgoing) {
        to.segment(self.session_id.as_str());
        to.segment("charging_preferences");
        to.body(&self.preferences);
    }

    fn decode(from: &mut Incoming<'_>) -> Result<Self, DecodeError> {
        Ok(Self { session_id: from.parameter(0, "session_id")?, preferences: from.read_body()? })
    }
}

/// POST of a CDR; the answer says where it can be had from then on.
///
/// Spec: 2.2.1 mod_cdrs §cdr_post_method
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PostCdr<T>(pub T);

impl<T: Resource> Endpoint for PostCdr<T> {
    const METHOD: Method = Method::POST;
    const MOUNT: Mount = Mount::Module(ModuleId::Cdrs, InterfaceRole::Receiver);
    type Response = Created;

    fn name() -> String {
        "PostCdr".to_owned()
    }

    fn path() -> Vec<Segment> {
        Vec::new()
    }

    fn body() -> Body {
        Body::Whole(T::TYPE)
    }

    fn encode(&self, to: &mut Outgoing) {
        to.body(&self.0);
    }

    fn decode(from: &mut Incoming<'_>) -> Result<Self, DecodeError> {
        from.read_body().map(Self)
    }

    fn owner(&self) -> Option<Party> {
        self.0.owner()
    }
}

/// GET of a CDR at the URL that the answer to its POST named.
///
/// To a client the URL is opaque. A server chooses it: this library mounts `{country_code}/{party_id}/{cdr_id}`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GetCdr<T: Resource> {
    /// The URL.
    pub url: Url,
    /// Key and owner that the URL stands for, to the server that chose it; `None` on the client's side.
    pub at: Option<Owned<T::Key>>,
}

impl<T: Resource> GetCdr<T> {
    /// The CDR at a URL.
    pub fn at(url: Url) -> Self {
        Self { url, at: None }
    }
}

impl<T: Resource> Endpoint for GetCdr<T> {
    const METHOD: Method = Method::GET;
    const MOUNT: Mount = Mount::Module(ModuleId::Cdrs, InterfaceRole::Receiver);
    type Response = T;

    fn name() -> String {
        "GetCdr".to_owned()
    }

    fn path() -> Vec<Segment> {
        Owned::<T::Key>::path_in(T::COLLECTION)
    }

    fn encode(&self, to: &mut Outgoing) {
        to.absolute = Some(self.url.clone());
    }

    fn decode(from: &mut Incoming<'_>) -> Result<Self, DecodeError> {
        Ok(Self { url: from.url.clone(), at: Some(Owned::decode(from)?) })
    }

    fn owner(&self) -> Option<Party> {
        self.at.as_ref().map(|at| at.owner.clone())
    }
}

/// A command is an endpoint itself: its body is the request.
macro_rules! commands {
    (-> $response:ty; $($ty:ident = $text:literal,)+) => { $(
        impl Endpoint for $ty {
            const METHOD: Method = Method::POST;
            const MOUNT: Mount = Mount::Module(ModuleId::Commands, InterfaceRole::Receiver);
            type Response = $response;

            fn name() -> String {
                stringify!($ty).to_owned()
            }

            fn path() -> Vec<Segment> {
                vec![Segment::Fixed($text)]
            }

            fn body() -> Body {
                Body::Whole(<Self as Value>::TYPE)
            }

            fn encode(&self, to: &mut Outgoing) {
                to.segment($text);
                to.body(self);
            }

            fn decode(from: &mut Incoming<'_>) -> Result<Self, DecodeError> {
                from.read_body()
            }
        }
    )+ };
}

pub(super) use commands;

commands! {
    -> CommandResponse;
    CancelReservation = "CANCEL_RESERVATION",
    ReserveNow = "RESERVE_NOW",
    StartSession = "START_SESSION",
    StopSession = "STOP_SESSION",
    UnlockConnector = "UNLOCK_CONNECTOR",
}

/// POST of the result of a command, to the URL that came with it.
///
/// To the CPO the URL is opaque. The eMSP chooses it: this library mounts `{command}/{uid}`.
///
/// Spec: 2.2.1 mod_commands §commandresult_object
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PostCommandResult {
    /// The command's `response_url`.
    pub url: Url,
    /// Result of the command.
    pub result: CommandResult,
}

impl Endpoint for PostCommandResult {
    const METHOD: Method = Method::POST;
    const MOUNT: Mount = Mount::Module(ModuleId::Commands, InterfaceRole::Sender);
    type Response = ();

    fn name() -> String {
        "PostCommandResult".to_owned()
    }

    fn path() -> Vec<Segment> {
        ["command", "uid"].map(Segment::Parameter).to_vec()
    }

    fn body() -> Body {
        Body::Whole(CommandResult::TYPE)
    }

    fn encode(&self, to: &mut Outgoing) {
        to.absolute = Some(self.url.clone());
        to.body(&self.result);
    }

    fn decode(from: &mut Incoming<'_>) -> Result<Self, DecodeError> {
        Ok(Self { url: from.url.clone(), result: from.read_body()? })
    }
}
