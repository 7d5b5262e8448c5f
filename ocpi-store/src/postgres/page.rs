//! Pages of lists, windows of time, and look-ups by term.

use deadpool_postgres::Object;
use futures_util::future::join;
use ocpi_server_traits::storage::{Cursor, Page, Query, Start, StoreError};
use tokio_postgres::{Client, Error, Row};

use super::error::explain;
use super::load::{COLUMNS, row};
use super::namespace::Namespace;
use super::numbers::to_bigint;
use super::snapshot::{MOST_ROWS, Snapshot};
use super::total::{jump, total};
use super::wanted::{Order, Wanted, count_term};

/// Documents with a term that are sorted for a page of a window.
const MOST_SORTED: u32 = 1_000;

/// Reads one page, and the total, in one snapshot.
pub(super) async fn page(
    client: Object,
    namespace: &Namespace,
    query: &Query,
    start: &Start,
    limit: u32,
) -> Result<Page, StoreError> {
    let limit = limit.min(MOST_ROWS);
    let carried = match start {
        Start::After(cursor) => cursor.total,
        Start::First | Start::Offset(_) => None,
    };
    let Some(mut wanted) = Wanted::new(query) else {
        return Ok(Page::new(Vec::new(), None, carried.unwrap_or_default()));
    };
    let is_exact = wanted.order != Order::Times && wanted.term.is_none();
    let carried = carried.filter(|_| !is_exact);
    if let Start::After(cursor) = start {
        wanted.begin_after(cursor);
    }
    let snapshot = Snapshot::open(client).await.map_err(explain)?;
    if wanted.order == Order::Times && wanted.term.is_some() {
        let is_common = is_common(&snapshot, namespace, &wanted).await.map_err(explain)?;
        if is_common {
            wanted.go_by_window();
        }
    }
    let reader = Reader { client: &snapshot, namespace, limit };
    let (total, rows) = match start {
        Start::Offset(offset) => reader.at_offset(&mut wanted, to_bigint(*offset)).await,
        Start::First | Start::After(_) => reader.behind(&wanted, carried).await,
    }
    .map_err(explain)?;
    let has_more = rows.len() > limit as usize;
    let rows: Vec<_> = rows
        .iter()
        .take(limit as usize)
        .map(|known| row(known).map(|(at, loaded)| ((at, loaded.document), loaded.place)))
        .collect::<Result<_, _>>()?;
    let next = rows.last().filter(|_| has_more).map(|((_, document), place)| Cursor {
        list: if wanted.order == Order::Lists { document.list.clone() } else { String::new() },
        updated: if wanted.order == Order::Times { document.micros() } else { 0 },
        place: *place,
        total: (!is_exact).then_some(total),
    });
    Ok(Page::new(rows.into_iter().map(|(row, _)| row).collect(), next, total))
}

/// Whether more documents have the term than are sorted for a page.
async fn is_common(client: &Client, namespace: &Namespace, wanted: &Wanted<'_>) -> Result<bool, Error> {
    let statement = namespace.sql(&count_term(MOST_SORTED));
    let row = client.query_typed_one(&statement, &wanted.parameters()).await?;
    Ok(row.try_get::<_, i64>(0)? > i64::from(MOST_SORTED))
}

/// Total and rows.
type Answer = (u64, Vec<Row>);

struct Reader<'a> {
    client: &'a Client,
    namespace: &'a Namespace,
    limit: u32,
}

impl Reader<'_> {
    async fn behind(&self, wanted: &Wanted<'_>, carried: Option<u64>) -> Result<Answer, Error> {
        if let Some(total) = carried {
            return Ok((total, self.rows(wanted, 0).await?));
        }
        // Both are sent before either is answered.
        let (total, rows) = join(self.total(wanted), self.rows(wanted, 0)).await;
        Ok((total?, rows?))
    }

    async fn at_offset(&self, wanted: &mut Wanted<'_>, offset: i64) -> Result<Answer, Error> {
        if wanted.order == Order::Times || wanted.term.is_some() {
            let total = self.total(wanted).await?;
            let is_behind = offset >= to_bigint(total);
            let rows = if is_behind { Vec::new() } else { self.rows(wanted, offset).await? };
            return Ok((total, rows));
        }
        let (total, found) =
            join(self.total(wanted), jump(self.client, self.namespace, wanted, offset)).await;
        let total = total?;
        let Some(found) = found? else { return Ok((total, Vec::new())) };
        wanted.begin_at(found.list, found.bucket);
        Ok((total, self.rows(wanted, offset.saturating_sub(found.before)).await?))
    }

    async fn total(&self, wanted: &Wanted<'_>) -> Result<u64, Error> {
        total(self.client, self.namespace, wanted).await
    }

    /// The rows of the page, and one more if there is one.
    async fn rows(&self, wanted: &Wanted<'_>, skip: i64) -> Result<Vec<Row>, Error> {
        if self.limit == 0 {
            return Ok(Vec::new());
        }
        let statement = self.namespace.sql(&format!(
            "SELECT {COLUMNS} FROM ({}) k JOIN §.documents d ON d.place = k.place ORDER BY {}",
            wanted.keys(skip, i64::from(self.limit) + 1),
            wanted.columns("k")
        ));
        self.client.query_typed(&statement, &wanted.parameters()).await
    }
}
