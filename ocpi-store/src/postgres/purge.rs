//! Removal of old tombstones.

use deadpool_postgres::Object;
use ocpi_server_traits::storage::StoreError;
use ocpi_types::DateTime;
use tokio_postgres::Error;
use tokio_postgres::types::Type;

use super::connect::Connections;
use super::error::explain;
use super::namespace::Namespace;

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
        let purged = batch(&client, namespace, before.to_unix_micros()).await;
        let end = if purged.is_ok() { "COMMIT" } else { "ROLLBACK" };
        let ended = client.batch_execute(end).await;
        if ended.is_err() {
            drop(Object::take(client));
        }
        let purged = purged.map_err(explain)?;
        ended.map_err(explain)?;
        all += u64::try_from(purged).unwrap_or_default();
        if purged < BATCH {
            return Ok(all);
        }
    }
}

async fn batch(client: &Object, namespace: &Namespace, before: i64) -> Result<usize, Error> {
    client.batch_execute("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL jit = off").await?;
    let lock = namespace.sql(&format!(
        "SELECT place FROM §.documents WHERE deleted AND updated < $1 ORDER BY updated LIMIT {BATCH} \
         FOR UPDATE SKIP LOCKED"
    ));
    let rows = client.query_typed(&lock, &[(&before, Type::INT8)]).await?;
    let places: Vec<i64> = rows.iter().map(|row| row.try_get(0)).collect::<Result<_, Error>>()?;
    if places.is_empty() {
        return Ok(0);
    }
    let order = namespace.order_lock();
    client.query_typed("SELECT pg_advisory_xact_lock($1)", &[(&order, Type::INT8)]).await?;
    let purge = namespace.sql(
        "WITH told AS (DELETE FROM §.changes c USING unnest($1::bigint[]) u (place) \
                       WHERE c.place = u.place RETURNING c.position), \
              gone AS (DELETE FROM §.documents d USING unnest($1::bigint[]) u (place) WHERE d.place = u.place) \
         UPDATE §.version SET purged = greatest(purged, (SELECT max(position) FROM told))",
    );
    client.execute_typed(&purge, &[(&places, Type::INT8_ARRAY)]).await?;
    Ok(places.len())
}
