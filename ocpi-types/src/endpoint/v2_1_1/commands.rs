//! Commands and their results: response and result are the same object.

use http::Method;

use crate::endpoint::commands::commands;
use crate::endpoint::declare::endpoint;
use crate::endpoint::{Body, DecodeError, Endpoint, Incoming, Mount, Outgoing, Segment};
use crate::v2_1_1::commands::{CommandResponse, ReserveNow, StartSession, StopSession, UnlockConnector};
use crate::v2_2_1::versions::{InterfaceRole, ModuleId};
use crate::{Private, Url, Value};

commands! {
    -> CommandResponse;
    ReserveNow = "RESERVE_NOW",
    StartSession = "START_SESSION",
    StopSession = "STOP_SESSION",
    UnlockConnector = "UNLOCK_CONNECTOR",
}

/// POST of the result of a command, to the command's `response_url`.
///
/// The URL is opaque to the CPO. The eMSP chooses it: this library mounts `{command}/{uid}`.
///
/// Spec: 2.1.1 mod_commands
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PostCommandResult {
    /// The command's `response_url`.
    pub url: Private<Url>,
    /// Result of the command.
    pub result: CommandResponse,
}

endpoint! {
    PostCommandResult = "PostCommandResult", POST Commands Sender [{"command"}, {"uid"}] -> (),
    body Body::Whole(CommandResponse::TYPE),
    encode |this, to| {
        to.absolute = Some((*this.url).clone());
        to.body(&this.result);
    },
    decode |from| Ok(Self { url: from.url.clone().into(), result: from.read_body()? }),
}
