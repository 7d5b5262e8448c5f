//! Removal of old tombstones.

use deadpool_postgres::Object;
use ocpi_server_traits::storage::StoreError;
use ocpi_types::DateTime;
use tokio_postgres::Error;
use tokio_postgres::types::Type;

use super::connect::{Connections, clean};
use super::error::explain;
use super::namespace::Namespace;
use super::pipeline::{batch, in_order, query_typed};
use super::statements::{BEGIN, RAISE};

/// Tombstones of a transaction: others wait for no more.
const BATCH: usize = 1_000;

/// Forgets tombstones of deletions before a time, and returns their number.
pub(super) async fn run(
    connections: &Connections,
    namespace: &Namespace,
    before: DateTime,
) -> Result<u64, StoreError> {
    let mut all = 0;
    loop {
        let client = connections.get().await?;
        let purged = match forget(&client, namespace, before.to_unix_micros()).await {
            Ok(purged) => purged,
            Err(error) => {
                let error = explain(error);
                clean(client, &error).await;
                return Err(error);
            }
        };
        all += u64::try_from(purged).unwrap_or_default();
        if purged < BATCH {
            return Ok(all);
        }
    }
}

/// Forgets some, in a transaction. Nothing but one way to the database and back is between the lock in which commits stand in
/// line and the commit that ends it.
async fn forget(client: &Object, namespace: &Namespace, before: i64) -> Result<usize, Error> {
    let lock = namespace.sql(&format!(
        "SELECT place, revision FROM §.documents WHERE deleted AND updated < $1 ORDER BY updated LIMIT {BATCH} \
         FOR UPDATE SKIP LOCKED"
    ));
    let statements = vec![batch(client, BEGIN), query_typed(client, &lock, vec![(&before, Type::INT8)])];
    let rows = in_order(statements).await?.pop().unwrap_or_default();
    let places: Vec<i64> = rows.iter().map(|row| row.try_get(0)).collect::<Result<_, Error>>()?;
    let revisions: Vec<i64> = rows.iter().map(|row| row.try_get(1)).collect::<Result<_, Error>>()?;
    let highest = revisions.into_iter().max().unwrap_or_default();
    let (order, raise) = (namespace.order_lock(), namespace.sql(RAISE));
    let purge = namespace.sql(
        "WITH told AS (DELETE FROM §.changes c USING unnest($1::bigint[]) u (place) \
                       WHERE c.place = u.place RETURNING c.position), \
              gone AS (DELETE FROM §.documents d USING unnest($1::bigint[]) u (place) WHERE d.place = u.place) \
         UPDATE §.version SET purged = greatest(purged, (SELECT max(position) FROM told))",
    );
    let mut statements = Vec::new();
    if !places.is_empty() {
        let lock = "SELECT pg_advisory_xact_lock($1)";
        statements.push(query_typed(client, lock, vec![(&order, Type::INT8)]));
        statements.push(query_typed(client, &raise, vec![(&highest, Type::INT8)]));
        statements.push(query_typed(client, &purge, vec![(&places, Type::INT8_ARRAY)]));
    }
    statements.push(batch(client, "COMMIT"));
    in_order(statements).await?;
    Ok(places.len())
}
