//! The trait that an application implements to answer requests.

use std::future::Future;

use ocpi_types::endpoint::{EncodedResponse, Endpoint};

use crate::{Caller, Error};

/// Answers one endpoint. Write it as an `async fn`.
///
/// The router has already checked the token, ownership and the rules of PATCH, and read the body; it adds the envelope, status
/// codes and headers afterwards.
///
/// ```
/// use ocpi_server_traits::{Caller, Error, Handle};
/// use ocpi_types::v2_3_0::commands::{CommandResponse, CommandResponseInit, CommandResponseType, StopSession};
///
/// struct Chargers;
///
/// impl Handle<StopSession> for Chargers {
///     async fn handle(&self, _: &Caller, stop: StopSession) -> Result<CommandResponse, Error> {
///         let result = match stop.session_id.as_str() {
///             "S1" => CommandResponseType::Accepted,
///             _ => CommandResponseType::UnknownSession,
///         };
///         Ok(CommandResponseInit { result, timeout: 30 }.into())
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not answer `{E}`",
    label = "lacks `impl Handle<{E}>`",
    note = "mount the endpoint on something that answers it, or do not mount it"
)]
pub trait Handle<E: Endpoint>: Send + Sync + 'static {
    /// Handles a request.
    fn handle(&self, caller: &Caller, request: E) -> impl Future<Output = Result<E::Response, Error>> + Send;

    /// Returns the encoded answer in the version and style of the caller, if the handler has it. Called before
    /// [`handle`](Handle::handle); the default returns none.
    fn encoded(
        &self,
        caller: &Caller,
        request: &E,
    ) -> impl Future<Output = Result<Option<EncodedResponse>, Error>> + Send {
        let _ = (caller, request);
        async { Ok(None) }
    }
}
