//! Kinds of requests to charge points, with their answers and results.

use ocpi_server_traits::{Error as Refusal, ErrorKind};
use ocpi_types::endpoint::{
    ClearChargingProfile, Endpoint, GetActiveChargingProfile, PostActiveChargingProfileResult,
    PostChargingProfileResult, PostClearProfileResult, PostCommandResult, PutChargingProfile,
};
use ocpi_types::v2_3_0::charging_profiles::{
    ChargingProfileResponse, ChargingProfileResponseInit, ChargingProfileResponseType,
    ChargingProfileResultType,
};
use ocpi_types::v2_3_0::commands::{
    CancelReservation, CommandResponse, CommandResponseInit, CommandResponseType, CommandResult,
    CommandResultType, ReserveNow, StartSession, StopSession, UnlockConnector,
};
use ocpi_types::{DateTime, Private, Url};

use crate::AsyncRequest;

/// A request to charge points: see [`AsyncRequest`].
pub(super) trait Taken: AsyncRequest + Clone + Send + 'static {
    /// The endpoint by which its result is posted.
    type Post: Endpoint<Response = ()> + Send + Sync;

    /// The URL that the partner wants the result at.
    fn response_url(&self) -> &Private<Url>;

    /// The POST of a result.
    fn post(url: Private<Url>, result: Self::Result) -> Self::Post;

    /// The result if the charge point gives none.
    fn failed() -> Self::Result;

    /// The immediate answer that a result follows within so many seconds.
    fn accepted(timeout: i64) -> Self::Response;

    /// The immediate answer that says the same as a result, if there is one. No result follows then.
    fn at_once(result: &Self::Result) -> Option<Self::Response>;

    /// The immediate answer that says the same as a refusal, if there is one: it is no failure then.
    fn declined(refusal: &Refusal) -> Option<Self::Response>;

    /// The reservation that it makes, with its end.
    fn reservation(&self) -> Option<(&str, DateTime)> {
        None
    }
}

/// The immediate answer to a command that is not taken.
pub(super) fn command_response(result: CommandResponseType) -> CommandResponse {
    CommandResponseInit { result, timeout: 0 }.into()
}

/// The immediate answer to a request about charging profiles that is not taken.
pub(super) fn profile_response(result: ChargingProfileResponseType) -> ChargingProfileResponse {
    ChargingProfileResponseInit { result, timeout: 0 }.into()
}

macro_rules! commands {
    ($($command:ident $(reserves $id:ident until $until:ident)?,)+) => { $(
        impl Taken for $command {
            type Post = PostCommandResult;

            fn response_url(&self) -> &Private<Url> {
                &self.response_url
            }

            fn post(url: Private<Url>, result: CommandResult) -> PostCommandResult {
                PostCommandResult { url, result }
            }

            fn failed() -> CommandResult {
                CommandResultType::Failed.into()
            }

            fn accepted(timeout: i64) -> CommandResponse {
                CommandResponseInit { result: CommandResponseType::Accepted, timeout }.into()
            }

            fn at_once(result: &CommandResult) -> Option<CommandResponse> {
                let response = match result.result {
                    CommandResultType::NotSupported => CommandResponseType::NotSupported,
                    CommandResultType::Rejected => CommandResponseType::Rejected,
                    _ => return None,
                };
                Some(CommandResponse { message: result.message.clone(), ..command_response(response) })
            }

            fn declined(refusal: &Refusal) -> Option<CommandResponse> {
                let response = match refusal.kind() {
                    ErrorKind::NotImplemented => CommandResponseType::NotSupported,
                    ErrorKind::TooManyRequests => CommandResponseType::Rejected,
                    _ => return None,
                };
                Some(command_response(response))
            }

            $(
                fn reservation(&self) -> Option<(&str, DateTime)> {
                    Some((self.$id.as_str(), self.$until))
                }
            )?
        }
    )+ };
}

commands! {
    CancelReservation,
    ReserveNow reserves reservation_id until expiry_date,
    StartSession,
    StopSession,
    UnlockConnector,
}

macro_rules! profiles {
    ($($request:ident at $($url:ident).+ => $post:ident,)+) => { $(
        impl Taken for $request {
            type Post = $post;

            fn response_url(&self) -> &Private<Url> {
                &self.$($url).+
            }

            fn post(url: Private<Url>, result: Self::Result) -> $post {
                $post { url, result }
            }

            fn failed() -> Self::Result {
                ChargingProfileResultType::Rejected.into()
            }

            fn accepted(timeout: i64) -> ChargingProfileResponse {
                let result = ChargingProfileResponseType::Accepted;
                ChargingProfileResponseInit { result, timeout }.into()
            }

            fn at_once(result: &Self::Result) -> Option<ChargingProfileResponse> {
                let is_rejected = result.result == ChargingProfileResultType::Rejected;
                is_rejected.then(|| profile_response(ChargingProfileResponseType::Rejected))
            }

            fn declined(refusal: &Refusal) -> Option<ChargingProfileResponse> {
                let response = match refusal.kind() {
                    ErrorKind::NotImplemented => ChargingProfileResponseType::NotSupported,
                    ErrorKind::TooManyRequests => ChargingProfileResponseType::TooOften,
                    _ => return None,
                };
                Some(profile_response(response))
            }
        }
    )+ };
}

profiles! {
    GetActiveChargingProfile at response_url => PostActiveChargingProfileResult,
    PutChargingProfile at request.response_url => PostChargingProfileResult,
    ClearChargingProfile at response_url => PostClearProfileResult,
}
