//! Chargers that take commands and charging profiles.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};

use ocpi_server_traits::{Caller, Error as Refusal, Handle};
use ocpi_types::endpoint::{
    ClearChargingProfile, Endpoint, GetActiveChargingProfile, PostActiveChargingProfileResult,
    PostChargingProfileResult, PostClearProfileResult, PostCommandResult, PutChargingProfile,
};
use ocpi_types::v2_3_0::charging_profiles::{
    ActiveChargingProfileResultInit, ChargingProfileResponse, ChargingProfileResponseInit,
    ChargingProfileResponseType, ChargingProfileResultInit, ChargingProfileResultType,
    ClearProfileResultInit,
};
use ocpi_types::v2_3_0::commands::{
    CancelReservation, CommandResponse, CommandResponseInit, CommandResponseType, CommandResultInit,
    CommandResultType, ReserveNow, StartSession, StopSession, UnlockConnector,
};
use ocpi_types::{Private, Url};

use crate::network::NetworkedPlatform;

/// Reaction of the chargers to a command or a charging profile.
#[derive(Clone, Copy, Debug)]
pub enum ChargerReaction {
    /// It is accepted; a test sends the result.
    Accept,
    /// It is rejected.
    Reject,
    /// The result is sent before the answer.
    ResultFirst,
    /// The answer is an error.
    Fail,
}

/// Seconds in which they promise a result.
const TIMEOUT: i64 = 30;

/// Chargers that keep the URLs where results are due.
#[derive(Debug, Default)]
pub struct Chargers {
    platform: Mutex<Option<Arc<NetworkedPlatform>>>,
    plan: Mutex<VecDeque<ChargerReaction>>,
    urls: Mutex<Vec<Private<Url>>>,
}

impl Chargers {
    /// Gives the chargers the platform by which they send results.
    pub fn connect(&self, platform: &Arc<NetworkedPlatform>) {
        *lock(&self.platform) = Some(Arc::clone(platform));
    }

    /// Plans the reactions to the next requests; after them all are accepted.
    pub fn plan(&self, reactions: impl IntoIterator<Item = ChargerReaction>) {
        lock(&self.plan).extend(reactions);
    }

    /// Returns the URL where the result of the last request is due.
    pub fn response_url(&self) -> Private<Url> {
        lock(&self.urls).last().cloned().expect("a request")
    }

    /// Whether a request is accepted; `success` is the result that may come first.
    async fn accepts<P: Endpoint<Response = ()> + Sync>(
        &self,
        caller: &Caller,
        url: Private<Url>,
        success: impl FnOnce(Private<Url>) -> P,
    ) -> Result<bool, Refusal> {
        lock(&self.urls).push(url.clone());
        let reaction = lock(&self.plan).pop_front().unwrap_or(ChargerReaction::Accept);
        let platform = lock(&self.platform).clone().expect("a platform");
        match reaction {
            ChargerReaction::Fail => Err(Refusal::internal("a charger burns")),
            ChargerReaction::Reject => Ok(false),
            ChargerReaction::Accept => Ok(true),
            ChargerReaction::ResultFirst => {
                let client = platform.client(caller.partner.id.as_str()).await.expect("a partner");
                client.send(&success(url)).await.expect("it is waited for");
                Ok(true)
            }
        }
    }

    async fn command(&self, caller: &Caller, url: Private<Url>) -> Result<CommandResponse, Refusal> {
        let success = |url| result_to(url, CommandResultType::Accepted);
        let is_accepted = self.accepts(caller, url, success).await?;
        let result = if is_accepted { CommandResponseType::Accepted } else { CommandResponseType::Rejected };
        Ok(CommandResponseInit { result, timeout: TIMEOUT }.into())
    }
}

fn profile_response(is_accepted: bool) -> ChargingProfileResponse {
    use ChargingProfileResponseType::{Accepted, Rejected};
    let result = if is_accepted { Accepted } else { Rejected };
    ChargingProfileResponseInit { result, timeout: TIMEOUT }.into()
}

/// Makes the request that sends the result of a command to its URL.
pub fn result_to(url: Private<Url>, result: CommandResultType) -> PostCommandResult {
    PostCommandResult { url, result: CommandResultInit { result }.into() }
}

macro_rules! commands {
    ($($command:ident,)+) => { $(
        impl Handle<$command> for Chargers {
            async fn handle(&self, caller: &Caller, command: $command) -> Result<CommandResponse, Refusal> {
                self.command(caller, command.response_url).await
            }
        }
    )+ };
}

commands! {
    CancelReservation,
    ReserveNow,
    StartSession,
    StopSession,
    UnlockConnector,
}

/// Result of a charge point that does as it is asked.
const DONE: ChargingProfileResultType = ChargingProfileResultType::Accepted;

macro_rules! profiles {
    ($($request:ident at $($url:ident).+ => $post:ident, $result:ident;)+) => { $(
        impl Handle<$request> for Chargers {
            async fn handle(&self, caller: &Caller, it: $request) -> Result<ChargingProfileResponse, Refusal> {
                let success = |url| $post { url, result: $result { result: DONE }.into() };
                self.accepts(caller, it.$($url).+, success).await.map(profile_response)
            }
        }
    )+ };
}

profiles! {
    GetActiveChargingProfile at response_url => PostActiveChargingProfileResult, ActiveChargingProfileResultInit;
    PutChargingProfile at request.response_url => PostChargingProfileResult, ChargingProfileResultInit;
    ClearChargingProfile at response_url => PostClearProfileResult, ClearProfileResultInit;
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("nobody panicked")
}
