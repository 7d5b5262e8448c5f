//! The change feed.

use deadpool_postgres::Object;
use ocpi_server_traits::storage::{Address, Change, Changes, Position, StoreError};
use tokio_postgres::types::Type;
use tokio_postgres::{Error, Row};

use super::error::explain;
use super::namespace::Namespace;
use super::numbers::{corrupt, from_bigint, to_bigint};
use super::snapshot::MOST_ROWS;

/// Reads changes after a position. One statement is one snapshot.
pub(super) async fn changes(
    client: Object,
    namespace: &Namespace,
    after: Position,
    limit: u32,
) -> Result<Changes, StoreError> {
    let limit = limit.min(MOST_ROWS);
    // The limit is no parameter: the planner would take it for a tenth of the table. Nor is it left to guess the rows of a
    // table that is never analysed: it would compile each read.
    let statement = namespace.sql(&format!(
        "SELECT v.purged, c.position, c.part, d.revision, d.deleted, d.collection, d.owner, d.key \
         FROM (SELECT purged FROM §.version LIMIT 1) v \
         LEFT JOIN (SELECT * FROM §.changes WHERE position > $1 ORDER BY position LIMIT {limit}) c ON true \
         LEFT JOIN §.documents d ON d.place = c.place \
         ORDER BY c.position"
    ));
    let position = to_bigint(after.number());
    let rows = client.query_typed(&statement, &[(&position, Type::INT8)]).await.map_err(explain)?;
    let first = rows.first().ok_or_else(|| corrupt("the tables do not say their version"))?;
    let purged = Position::new(from_bigint(first.try_get(0).map_err(explain)?)?);
    let mut found = Vec::with_capacity(rows.len());
    let mut upto = after;
    let mut count = 0;
    for row in &rows {
        let Some(position) = row.try_get::<_, Option<i64>>(1).map_err(explain)? else { continue };
        count += 1;
        upto = Position::new(from_bigint(position)?);
        if let Some((at, part, revision, is_deleted)) = document(row).map_err(explain)? {
            found.push(Change::new(upto, at, part, from_bigint(revision)?, is_deleted));
        }
    }
    if count < limit {
        // Nothing is left before what was purged: the next read has no gap.
        upto = upto.max(purged);
    }
    Ok(Changes::new(found, upto, purged))
}

fn document(row: &Row) -> Result<Option<(Address, String, i64, bool)>, Error> {
    let Some(revision) = row.try_get(3)? else { return Ok(None) };
    let at = Address::new(
        row.try_get::<_, String>(5)?,
        row.try_get::<_, String>(6)?,
        row.try_get::<_, String>(7)?,
    );
    Ok(Some((at, row.try_get(2)?, revision, row.try_get(4)?)))
}
