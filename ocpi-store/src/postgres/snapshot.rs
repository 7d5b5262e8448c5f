//! One view of the database for several statements.

use std::ops::Deref;

use deadpool_postgres::Object;
use futures_util::FutureExt;
use tokio_postgres::Error;

/// Most rows of a page, and of a read of the feed.
pub(super) const MOST_ROWS: u32 = 10_000;

/// Settings of a transaction that reads, and of it alone. Pages walk through indexes, whatever the planner believes of
/// tables that were just filled.
const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL jit = off; \
                     SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off";

/// A transaction that reads. It ends when it is dropped.
pub(super) struct Snapshot(Object);

impl Snapshot {
    pub(super) async fn open(client: Object) -> Result<Self, Error> {
        // It exists before anything is sent: when this future is dropped, the transaction ends.
        let snapshot = Self(client);
        snapshot.0.batch_execute(BEGIN).await?;
        Ok(snapshot)
    }
}

impl Deref for Snapshot {
    type Target = Object;

    fn deref(&self) -> &Object {
        &self.0
    }
}

impl Drop for Snapshot {
    fn drop(&mut self) {
        // It is sent when it is polled, and stands before whatever the next user of the connection sends.
        let _ = self.0.batch_execute("ROLLBACK").now_or_never();
    }
}
