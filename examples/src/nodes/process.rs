//! The processes that nodes are.

use std::net::SocketAddr;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::roam::Failure;

/// The store of the nodes: the one that was named, or a file that is gone afterwards.
pub(super) struct Store {
    url: String,
    _folder: Option<tempfile::TempDir>,
}

impl Store {
    pub(super) fn open(url: Option<String>) -> Result<Self, Failure> {
        if let Some(url) = url {
            return Ok(Self { url, _folder: None });
        }
        let folder = tempfile::tempdir()?;
        Ok(Self { url: format!("sqlite:{}", folder.path().join("cpo.db").display()), _folder: Some(folder) })
    }
}

/// A node in a process of its own, which takes orders on its standard input and says on its standard output what it did.
pub(super) struct Process {
    child: Child,
    orders: ChildStdin,
    answers: UnboundedReceiver<String>,
    /// The times at which it sent something to the eMSP.
    sent: Arc<Mutex<Vec<Instant>>>,
    address: Option<SocketAddr>,
}

impl Process {
    pub(super) fn start(store: &Store, base: String) -> Result<Self, Failure> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["--store", &store.url, "--node", &base])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let orders = child.stdin.take().ok_or("the node has no input")?;
        let lines = child.stdout.take().ok_or("the node has no output")?;
        let (tell, answers) = unbounded_channel();
        let sent = Arc::<Mutex<Vec<_>>>::default();
        let noted = Arc::clone(&sent);
        tokio::spawn(async move {
            let mut lines = BufReader::new(lines).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                match line.strip_prefix("= ") {
                    Some(answer) => drop(tell.send(answer.to_owned())),
                    None => noted.lock().unwrap_or_else(PoisonError::into_inner).push(Instant::now()),
                }
            }
        });
        Ok(Self { child, orders, answers, sent, address: None })
    }

    /// The address at which it listens.
    pub(super) async fn address(&mut self) -> Result<SocketAddr, Failure> {
        let address = match self.address {
            Some(address) => address,
            None => self.answer().await?.parse()?,
        };
        self.address = Some(address);
        Ok(address)
    }

    /// Gives an order, and waits for the answer.
    pub(super) async fn order(&mut self, order: &str) -> Result<String, Failure> {
        self.orders.write_all(format!("{order}\n").as_bytes()).await?;
        self.answer().await
    }

    async fn answer(&mut self) -> Result<String, Failure> {
        Ok(self.answers.recv().await.ok_or("a node ended")?)
    }

    /// Kills it, with no time to do anything more.
    pub(super) async fn kill(&mut self) -> Result<(), Failure> {
        Ok(self.child.kill().await?)
    }

    pub(super) fn has_sent_last(&self, other: &Self) -> bool {
        self.times().last() > other.times().last()
    }

    /// The time from a moment to the first request to the eMSP after it.
    pub(super) fn first_sent_after(&self, moment: Instant) -> Option<Duration> {
        self.times().iter().find(|time| **time > moment).map(|time| time.duration_since(moment))
    }

    fn times(&self) -> Vec<Instant> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
