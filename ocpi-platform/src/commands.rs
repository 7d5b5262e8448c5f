//! Commands, and the results that come back later.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ocpi_client::Transport;
use ocpi_server_traits::{Caller, Error as Refusal, Handle, Store};
use ocpi_types::endpoint::{Endpoint, PostCommandResult};
use ocpi_types::v2_3_0::commands::{
    CancelReservation, CommandResponse, CommandResponseType, CommandResult, CommandType, ReserveNow,
    StartSession, StopSession, UnlockConnector,
};
use ocpi_types::{InterfaceRole, ModuleId, Url};
use tokio::sync::mpsc;

use crate::{Error, Platform};

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
pub struct CommandSent {
    /// The CPO's answer. Only if it is `ACCEPTED` a result will come.
    pub response: CommandResponse,
    /// Where results arrive.
    pub results: Results,
}

/// The results of one command, as they arrive. When it is dropped, nobody waits any more.
#[derive(Debug)]
pub struct Results {
    uid: String,
    incoming: mpsc::Receiver<CommandResult>,
    waiting: Arc<Mutex<Waiting>>,
}

/// Results of one command that wait to be fetched; more than these are refused.
const RESULTS: usize = 8;

impl Results {
    /// The next result: the outcome of the command, later perhaps that a reservation was canceled. `None` if
    /// the command was not accepted.
    ///
    /// If none has come when the `timeout` of the response is over, the command is lost: stop waiting then.
    pub async fn next(&mut self) -> Option<CommandResult> {
        self.incoming.recv().await
    }

    /// The part of the `response_url` that is this command's own.
    pub fn uid(&self) -> &str {
        &self.uid
    }
}

impl Drop for Results {
    fn drop(&mut self) {
        lock(&self.waiting).remove(&self.uid);
    }
}

/// The commands whose results are waited for, by the id in their URL.
#[derive(Debug, Default)]
pub(crate) struct Commands(Arc<Mutex<Waiting>>);

type Waiting = BTreeMap<String, Entry>;

#[derive(Debug)]
struct Entry {
    partner: String,
    kind: CommandType,
    results: mpsc::Sender<CommandResult>,
}

fn lock(waiting: &Mutex<Waiting>) -> MutexGuard<'_, Waiting> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Commands {
    fn wait(&self, uid: String, partner: &str, kind: CommandType) -> Results {
        let (results, incoming) = mpsc::channel(RESULTS);
        lock(&self.0).insert(uid.clone(), Entry { partner: partner.to_owned(), kind, results });
        Results { uid, incoming, waiting: Arc::clone(&self.0) }
    }

    /// Hands a result to whoever waits for it. Only the partner that got the command may send it, and only to
    /// the URL that this command was given.
    fn arrive(&self, partner: &str, path: &[&str], result: CommandResult) -> Result<(), Refusal> {
        let unknown = || Refusal::not_found("no such command");
        let [kind, uid] = path else { return Err(unknown()) };
        let waiting = lock(&self.0);
        let entry =
            waiting.get(*uid).filter(|entry| entry.partner == partner && entry.kind.as_str() == *kind);
        match entry.ok_or_else(unknown)?.results.try_send(result) {
            Ok(()) => Ok(()),
            Err(mpsc::error::TrySendError::Full(_)) => {
                Err(Refusal::invalid("too many results for one command"))
            }
            Err(mpsc::error::TrySendError::Closed(_)) => Err(unknown()),
        }
    }
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
        let peer = self.peer(partner)?;
        let uid = self.settings.secrets.id()?;
        let endpoint = self.own_url(peer.version(), &ModuleId::Commands, &InterfaceRole::Sender);
        let command = make(endpoint.join([C::KIND.as_str(), &uid]));
        // The result may come before the response.
        let mut results = self.commands.wait(uid, partner, C::KIND);
        let response = peer.send(&self.transport, &command).await?.value;
        if response.result != CommandResponseType::Accepted {
            results.incoming.close();
        }
        Ok(CommandSent { response, results })
    }
}

impl<S: Store, T: Transport + 'static> Handle<PostCommandResult> for Platform<S, T> {
    async fn handle(&self, caller: &Caller, post: PostCommandResult) -> Result<(), Refusal> {
        let path = post.url.as_str().strip_prefix(caller.endpoint.as_str()).unwrap_or_default();
        let path: Vec<&str> = path.trim_matches('/').split('/').collect();
        self.commands.arrive(&caller.connection.id, &path, post.result)
    }
}
