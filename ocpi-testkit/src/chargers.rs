//! Chargers that take commands.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};

use ocpi_server_traits::{Caller, Error as Refusal, Handle};
use ocpi_types::Url;
use ocpi_types::endpoint::PostCommandResult;
use ocpi_types::v2_3_0::commands::{
    CommandResponse, CommandResponseInit, CommandResponseType, CommandResultInit, CommandResultType,
    ReserveNow, StopSession,
};

use crate::network::NetworkedPlatform;

/// Reaction of the chargers to a command.
#[derive(Clone, Copy, Debug)]
pub enum ChargerReaction {
    /// The command is accepted; a test sends the result.
    Accept,
    /// The command is rejected.
    Reject,
    /// The result is sent before the answer.
    ResultFirst,
    /// The answer is an error.
    Fail,
}

/// Chargers that keep the URLs where results are due.
#[derive(Debug, Default)]
pub struct Chargers {
    platform: Mutex<Option<Arc<NetworkedPlatform>>>,
    plan: Mutex<VecDeque<ChargerReaction>>,
    urls: Mutex<Vec<Url>>,
}

impl Chargers {
    /// Gives the chargers the platform by which they send results.
    pub fn connect(&self, platform: &Arc<NetworkedPlatform>) {
        *lock(&self.platform) = Some(Arc::clone(platform));
    }

    /// Plans the reactions to the next commands; after them all are accepted.
    pub fn plan(&self, reactions: impl IntoIterator<Item = ChargerReaction>) {
        lock(&self.plan).extend(reactions);
    }

    /// Returns the URL where the result of the last command is due.
    pub fn response_url(&self) -> Url {
        lock(&self.urls).last().cloned().expect("a command")
    }

    async fn answer(&self, caller: &Caller, url: Url) -> Result<CommandResponse, Refusal> {
        lock(&self.urls).push(url.clone());
        let reaction = lock(&self.plan).pop_front().unwrap_or(ChargerReaction::Accept);
        let platform = lock(&self.platform).clone().expect("a platform");
        let result = match reaction {
            ChargerReaction::Fail => return Err(Refusal::internal("a charger burns")),
            ChargerReaction::Reject => CommandResponseType::Rejected,
            ChargerReaction::Accept => CommandResponseType::Accepted,
            ChargerReaction::ResultFirst => {
                let client = platform.client(caller.partner.id.as_str()).await.expect("a partner");
                let sent = client.send(&result_to(url, CommandResultType::Accepted)).await;
                sent.expect("it is waited for");
                CommandResponseType::Accepted
            }
        };
        Ok(CommandResponseInit { result, timeout: 30 }.into())
    }
}

/// Makes the request that sends the result of a command to its URL.
pub fn result_to(url: Url, result: CommandResultType) -> PostCommandResult {
    PostCommandResult { url, result: CommandResultInit { result }.into() }
}

impl Handle<StopSession> for Chargers {
    async fn handle(&self, caller: &Caller, stop: StopSession) -> Result<CommandResponse, Refusal> {
        self.answer(caller, stop.response_url).await
    }
}

impl Handle<ReserveNow> for Chargers {
    async fn handle(&self, caller: &Caller, reserve: ReserveNow) -> Result<CommandResponse, Refusal> {
        self.answer(caller, reserve.response_url).await
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("nobody panicked")
}
