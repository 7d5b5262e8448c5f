//! Chargers that accept START_SESSION, and send its result a moment later.

use std::sync::Arc;

use ocpi_client::Transport;
use ocpi_platform::Platform;
use ocpi_server_traits::{Caller, Error, Handle, Store};
use ocpi_types::endpoint::PostCommandResult;
use ocpi_types::v2_3_0::commands::{
    CommandResponse, CommandResponseInit, CommandResponseType, CommandResult, CommandResultInit,
    CommandResultType, StartSession,
};

/// Seconds in which the result comes.
const TIMEOUT: i64 = 10;

/// Takes commands for all chargers of the platform.
pub(crate) struct Chargers<S, T>(pub(crate) Arc<Platform<S, T>>);

impl<S: Store + 'static, T: Transport + 'static> Handle<StartSession> for Chargers<S, T> {
    async fn handle(&self, caller: &Caller, start: StartSession) -> Result<CommandResponse, Error> {
        let (platform, partner) = (Arc::clone(&self.0), caller.partner.id.clone());
        tokio::spawn(async move {
            let result: CommandResult = CommandResultInit { result: CommandResultType::Accepted }.into();
            let post = PostCommandResult { url: start.response_url, result };
            // If it does not arrive, the partner says so: it waits for it.
            drop(platform.send(partner.as_str(), &post).await);
        });
        Ok(CommandResponseInit { result: CommandResponseType::Accepted, timeout: TIMEOUT }.into())
    }
}
