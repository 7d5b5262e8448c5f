//! Totals, and the way to an offset.

use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Error, Row};

use super::namespace::Namespace;
use super::snapshot::Snapshot;
use super::wanted::{Order, Wanted};

/// The number of documents that are wanted: from the buckets where all of a list are, else counted.
pub(super) async fn total(
    snapshot: &Snapshot,
    namespace: &Namespace,
    wanted: &Wanted<'_>,
) -> Result<u64, Error> {
    let statement = match wanted.order {
        Order::Lists | Order::Places if wanted.term.is_none() => format!(
            "SELECT coalesce(sum(n), 0)::bigint FROM §.buckets d WHERE collection = $1{}",
            wanted.in_lists()
        ),
        _ => format!("SELECT count(*) FROM {}", wanted.source()),
    };
    let statement = namespace.sql(&statement);
    let rows = snapshot.query(&statement, &wanted.parameters()).await?;
    Ok(u64::try_from(first_number(&rows)?).unwrap_or_default())
}

/// The number that a statement returned.
pub(super) fn first_number(rows: &[Row]) -> Result<i64, Error> {
    rows.first().map_or(Ok(0), |row| row.try_get(0))
}

/// The bucket in which an offset is.
#[derive(Debug)]
pub(super) struct Jump {
    /// Its list, where all lists are read.
    pub(super) list: String,
    pub(super) bucket: i64,
    /// Documents in the buckets before it.
    pub(super) before: i64,
}

/// Walks the sums of the buckets to an offset. `None`: it is behind the last document.
pub(super) async fn jump(
    snapshot: &Snapshot,
    namespace: &Namespace,
    wanted: &Wanted<'_>,
    offset: i64,
) -> Result<Option<Jump>, Error> {
    let list = if wanted.order == Order::Lists { "list" } else { "''::text" };
    let statement = namespace.sql(&format!(
        "SELECT list, bucket, (upto - n)::bigint FROM ( \
             SELECT list, bucket, n, sum(n) OVER (ORDER BY list COLLATE \"C\", bucket) AS upto FROM ( \
                 SELECT {list} AS list, bucket, sum(n) AS n FROM §.buckets d WHERE collection = $1{} GROUP BY 1, 2) a) b \
         WHERE upto > $10 ORDER BY upto LIMIT 1",
        wanted.in_lists()
    ));
    let mut parameters: Vec<(&(dyn ToSql + Sync), Type)> = wanted.parameters();
    parameters.push((&offset, Type::INT8));
    let rows = snapshot.query(&statement, &parameters).await?;
    rows.first()
        .map(|row| Ok(Jump { list: row.try_get(0)?, bucket: row.try_get(1)?, before: row.try_get(2)? }))
        .transpose()
}
