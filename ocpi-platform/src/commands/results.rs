//! Results of commands, from their arrival to whoever waits for them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ocpi_server_traits::Error as Refusal;
use ocpi_types::v2_3_0::commands::{CommandResult, CommandType};
use tokio::sync::mpsc;

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

    /// Ends the wait: no result will come.
    pub(super) fn close(&mut self) {
        self.incoming.close();
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
    pub(super) fn wait(&self, uid: String, partner: &str, kind: CommandType) -> Results {
        let (results, incoming) = mpsc::channel(RESULTS);
        lock(&self.0).insert(uid.clone(), Entry { partner: partner.to_owned(), kind, results });
        Results { uid, incoming, waiting: Arc::clone(&self.0) }
    }

    /// Hands a result to whoever waits for it. Only the partner that got the command may send it, and only to
    /// the URL that this command was given.
    pub(super) fn arrive(&self, partner: &str, path: &[&str], result: CommandResult) -> Result<(), Refusal> {
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
