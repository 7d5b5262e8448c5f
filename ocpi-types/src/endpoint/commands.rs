//! Commands and their results.

use http::Method;

use super::{Body, DecodeError, Endpoint, Incoming, Mount, Outgoing, Segment};
use crate::v2_2_1::commands::{
    CancelReservation, CommandResponse, CommandResult, ReserveNow, StartSession, StopSession, UnlockConnector,
};
use crate::v2_2_1::versions::{InterfaceRole, ModuleId};
use crate::{Private, Url, Value};

/// A command is an endpoint itself: its body is the request.
macro_rules! commands {
    (-> $response:ty; $($ty:ident = $text:literal $(in $versions:ident)?,)+) => { $(
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

            $(
                fn exists_in(version: $crate::Version) -> bool {
                    $crate::Versions::$versions.contains(version)
                }
            )?

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
    CancelReservation = "CANCEL_RESERVATION" in V2_2_UP,
    ReserveNow = "RESERVE_NOW",
    StartSession = "START_SESSION",
    StopSession = "STOP_SESSION",
    UnlockConnector = "UNLOCK_CONNECTOR",
}

/// POST of the result of a command, to the command's `response_url`.
///
/// The URL is opaque to the CPO. The eMSP chooses it: this library mounts `{command}/{uid}`.
///
/// Spec: 2.2.1 mod_commands §commandresult_object
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PostCommandResult {
    /// The command's `response_url`.
    pub url: Private<Url>,
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
        to.absolute = Some((*self.url).clone());
        to.body(&self.result);
    }

    fn decode(from: &mut Incoming<'_>) -> Result<Self, DecodeError> {
        Ok(Self { url: from.url.clone().into(), result: from.read_body()? })
    }
}
