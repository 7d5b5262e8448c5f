//! One view of the database for several statements.

use deadpool_postgres::Object;
use futures_util::FutureExt;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Error, Row};

use super::hidden::Hidden;
use super::rows::Value;

/// Most rows of a page, and of a read of the feed.
pub(super) const MOST_ROWS: u32 = 10_000;

/// Settings of a transaction that reads, and of it alone. Pages walk through indexes, whatever the planner believes of
/// tables that were just filled.
const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL jit = off; \
                     SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off";

/// [`BEGIN`], and no plan is made twice.
const BEGIN_PREPARED: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL jit = off; \
     SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; \
     SET LOCAL plan_cache_mode = force_generic_plan";

/// Most statements that a session remembers for pages. Their texts have the limit in them, which partners choose.
const MOST_PREPARED: usize = 64;

/// A transaction that reads. It ends when it is dropped.
pub(super) struct Snapshot {
    client: Object,
    prepares: bool,
}

impl Snapshot {
    /// A transaction that is still to [begin](Self::begin). It exists before anything is sent: when its future is dropped,
    /// it ends.
    pub(super) fn new(client: Object, prepares: bool) -> Self {
        Self { client, prepares }
    }

    /// Begins it. Statements may be sent at once behind this.
    pub(super) async fn begin(&self) -> Result<(), Error> {
        self.client.batch_execute(if self.prepares { BEGIN_PREPARED } else { BEGIN }).await
    }

    /// Rows of a statement whose text comes again and again; the session remembers it, if it shall.
    pub(super) async fn query(
        &self,
        sql: &str,
        parameters: &[(&(dyn ToSql + Sync), Type)],
    ) -> Result<Vec<Row>, Error> {
        if !self.prepares || self.client.statement_cache.size() >= MOST_PREPARED {
            return self.client.query_typed(sql, parameters).await;
        }
        let types: Vec<Type> = parameters.iter().map(|(_, kind)| kind.clone()).collect();
        let known = self.client.prepare_typed_cached(sql, &types).await?;
        // The driver logs them: terms may be ids of drivers.
        let hidden: Vec<Hidden<'_>> = parameters.iter().map(|(value, _)| Hidden(*value)).collect();
        let values: Vec<Value<'_>> = hidden.iter().map(|value| value as _).collect();
        self.client.query(&known, &values).await
    }

    /// Rows of a statement whose text does not come again.
    pub(super) async fn query_once(
        &self,
        sql: &str,
        parameters: &[(&(dyn ToSql + Sync), Type)],
    ) -> Result<Vec<Row>, Error> {
        self.client.query_typed(sql, parameters).await
    }
}

impl Drop for Snapshot {
    fn drop(&mut self) {
        // It is sent when it is polled, and stands before whatever the next user of the connection sends.
        let _ = self.client.batch_execute("ROLLBACK").now_or_never();
    }
}
