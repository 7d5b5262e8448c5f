//! News of commits.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ocpi_server_traits::storage::{Position, StoreError};
use tokio::sync::{Notify, watch};
use tokio::time::{sleep, timeout};

use super::connect::Connections;
use super::error::explain;
use super::namespace::Namespace;
use super::numbers::{corrupt, from_bigint};

/// Times between two looks at the database: short after a change, longer while there is none.
const SHORTEST: Duration = Duration::from_millis(20);
const LONGEST: Duration = Duration::from_millis(250);

/// The newest position that is known. Commits of this store make it known at once; those of others are looked for, by
/// one task for all, and only while somebody waits.
pub(super) struct Wake {
    head: watch::Sender<Position>,
    waiting: AtomicUsize,
    arrived: Notify,
}

impl Wake {
    /// Starts the task. It ends when this is dropped.
    pub(super) fn start(connections: Connections, namespace: &Namespace) -> Arc<Self> {
        let wake = Arc::new(Self {
            head: watch::Sender::new(Position::START),
            waiting: AtomicUsize::new(0),
            arrived: Notify::new(),
        });
        let statement = namespace
            .sql("SELECT greatest((SELECT max(position) FROM §.changes), (SELECT purged FROM §.version), 0)");
        let looker = Arc::downgrade(&wake);
        tokio::spawn(async move {
            let mut pause = SHORTEST;
            loop {
                let Some(wake) = looker.upgrade() else { return };
                if wake.waiting.load(Ordering::SeqCst) == 0 {
                    // Not for ever: the store may be dropped.
                    let _ = timeout(Duration::from_secs(1), wake.arrived.notified()).await;
                    pause = SHORTEST;
                    continue;
                }
                // A failure is no news. Whoever waits has a timeout, and learns of it by its next read.
                let has_moved = match look(&connections, &statement).await {
                    Ok(head) => wake.advance(head),
                    Err(_) => false,
                };
                pause = if has_moved { SHORTEST } else { (pause * 3 / 2).min(LONGEST) };
                tokio::select! {
                    () = sleep(pause) => {}
                    () = wake.arrived.notified() => {}
                }
            }
        });
        wake
    }

    /// Makes a position known; `false` if it is no news.
    pub(super) fn advance(&self, head: Position) -> bool {
        self.head.send_if_modified(|known| {
            let is_news = head > *known;
            *known = head.max(*known);
            is_news
        })
    }

    /// Waits until the feed has gone past a position.
    pub(super) async fn moved(&self, after: Position, patience: Duration) {
        let mut head = self.head.subscribe();
        if *head.borrow_and_update() > after {
            return;
        }
        let _waiting = Waiting::new(self);
        // It fails when the time is over, or the store is closed: both end the wait.
        let _ = timeout(patience, head.wait_for(|head| *head > after)).await;
    }
}

/// Somebody who waits.
struct Waiting<'a>(&'a Wake);

impl<'a> Waiting<'a> {
    fn new(wake: &'a Wake) -> Self {
        wake.waiting.fetch_add(1, Ordering::SeqCst);
        // The feed may be ahead already: look now.
        wake.arrived.notify_one();
        Self(wake)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
    }
}

async fn look(connections: &Connections, statement: &str) -> Result<Position, StoreError> {
    let client = connections.get().await?;
    let rows = client.query_typed(statement, &[]).await.map_err(explain)?;
    let row = rows.first().ok_or_else(|| corrupt("a statement had no answer"))?;
    Ok(Position::new(from_bigint(row.try_get(0).map_err(explain)?)?))
}
