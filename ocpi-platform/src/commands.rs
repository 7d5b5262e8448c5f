//! Commands, and the results that come back later.

mod results;

use ocpi_client::Transport;
use ocpi_server_traits::{Caller, Error as Refusal, Handle, Store};
use ocpi_types::endpoint::{Endpoint, PostCommandResult};
use ocpi_types::v2_3_0::commands::{
    CancelReservation, CommandResponse, CommandResponseType, CommandType, ReserveNow, StartSession,
    StopSession, UnlockConnector,
};
use ocpi_types::{InterfaceRole, ModuleId, Url};

use crate::{Error, Platform};

pub(crate) use results::Commands;
pub use results::Results;

/// A command: an endpoint whose request holds a `response_url`.
///
/// Sealed: the library implements it for the commands of the specification.
pub trait Command: Endpoint<Response = CommandResponse> + sealed::Sealed + Sync {
    /// Its name in URLs.
    const KIND: CommandType;
}

mod sealed {
    #[expect(unnameable_types, reason = "nobody else may implement it")]
    pub trait Sealed {}
}

macro_rules! commands {
    ($($command:ident,)+) => { $(
        impl sealed::Sealed for $command {}

        impl Command for $command {
            const KIND: CommandType = CommandType::$command;
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

/// A command that the CPO answered.
#[derive(Debug)]
#[non_exhaustive]
#[must_use]
pub struct CommandSent {
    /// The CPO's answer. Only if it is `ACCEPTED` a result will come.
    pub response: CommandResponse,
    /// Where results arrive.
    pub results: Results,
}

impl<S: Store, T: Transport + 'static> Platform<S, T> {
    /// Sends the command that `make` makes of its `response_url`: a URL that cannot be guessed, for this
    /// command alone.
    ///
    /// Commands are never sent twice by themselves.
    ///
    /// # Errors
    /// When there is no registration with the partner, or the request fails.
    ///
    /// ```
    /// use ocpi_client::Transport;
    /// use ocpi_platform::{Error, Platform};
    /// use ocpi_server_traits::Store;
    /// use ocpi_types::CiString;
    /// use ocpi_types::v2_3_0::commands::{CommandResult, StopSession, StopSessionInit};
    ///
    /// async fn stop<S: Store, T: Transport + 'static>(
    ///     emsp: &Platform<S, T>,
    ///     session_id: CiString<36>,
    /// ) -> Result<Option<CommandResult>, Error> {
    ///     let stop = |response_url| StopSession::from(StopSessionInit { response_url, session_id });
    ///     let mut sent = emsp.command("cpo", stop).await?;
    ///     Ok(sent.results.next().await)
    /// }
    /// ```
    pub async fn command<C: Command>(
        &self,
        partner: &str,
        make: impl FnOnce(Url) -> C,
    ) -> Result<CommandSent, Error> {
        let client = self.client(partner).await?;
        let uid = self.settings.secrets.id()?;
        let endpoint = self.own_url(client.version(), &ModuleId::Commands, &InterfaceRole::Sender);
        let command = make(endpoint.join([C::KIND.as_str(), &uid]));
        // The result may come before the response.
        let mut results = self.commands.wait(uid, partner, C::KIND);
        let response = client.send(&command).await?.value;
        if response.result != CommandResponseType::Accepted {
            results.close();
        }
        Ok(CommandSent { response, results })
    }
}

impl<S: Store, T: Transport + 'static> Handle<PostCommandResult> for Platform<S, T> {
    async fn handle(&self, caller: &Caller, post: PostCommandResult) -> Result<(), Refusal> {
        let path = post.url.as_str().strip_prefix(caller.endpoint.as_str()).unwrap_or_default();
        let path: Vec<&str> = path.trim_matches('/').split('/').collect();
        self.commands.arrive(caller.partner.id.as_str(), &path, post.result)
    }
}
