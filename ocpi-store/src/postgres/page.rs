//! Pages of lists, windows of time, and look-ups by term.

use futures_util::future::{join, join3};
use ocpi_server_traits::storage::{Cursor, Page, Query, Start, StoreError};
use tokio_postgres::{Error, Row};

use super::error::explain;
use super::load::{COLUMNS, row};
use super::namespace::Namespace;
use super::numbers::to_bigint;
use super::snapshot::{MOST_ROWS, Snapshot};
use super::total::{first_number, jump, total};
use super::wanted::{Order, Wanted, count_term};

/// Documents with a term that are sorted for a page of a window.
const MOST_SORTED: u32 = 1_000;

/// Reads one page, and the total, in one snapshot, which has not begun yet.
pub(super) async fn page(
    snapshot: Snapshot,
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
    let mut is_begun = false;
    if wanted.order == Order::Times && wanted.term.is_some() {
        let is_common = is_common(&snapshot, namespace, &wanted).await.map_err(explain)?;
        if is_common {
            wanted.go_by_window();
        }
        is_begun = true;
    }
    let reader = Reader { snapshot: &snapshot, namespace, limit, is_begun };
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

/// Begins, and looks whether more documents have the term than are sorted for a page.
async fn is_common(snapshot: &Snapshot, namespace: &Namespace, wanted: &Wanted<'_>) -> Result<bool, Error> {
    let statement = namespace.sql(&count_term(MOST_SORTED));
    let parameters = wanted.parameters();
    let (begun, rows) = join(snapshot.begin(), snapshot.query(&statement, &parameters)).await;
    begun?;
    Ok(first_number(&rows?)? > i64::from(MOST_SORTED))
}

/// Total and rows.
type Answer = (u64, Vec<Row>);

struct Reader<'a> {
    snapshot: &'a Snapshot,
    namespace: &'a Namespace,
    limit: u32,
    is_begun: bool,
}

impl Reader<'_> {
    /// Begins, unless that is done. What is sent behind it does not wait for it.
    async fn begin(&self) -> Result<(), Error> {
        if self.is_begun { Ok(()) } else { self.snapshot.begin().await }
    }

    async fn behind(&self, wanted: &Wanted<'_>, carried: Option<u64>) -> Result<Answer, Error> {
        // All are sent before one is answered.
        if let Some(total) = carried {
            let (begun, rows) = join(self.begin(), self.rows(wanted, 0)).await;
            begun?;
            return Ok((total, rows?));
        }
        let (begun, total, rows) = join3(self.begin(), self.total(wanted), self.rows(wanted, 0)).await;
        begun?;
        Ok((total?, rows?))
    }

    async fn at_offset(&self, wanted: &mut Wanted<'_>, offset: i64) -> Result<Answer, Error> {
        if wanted.order == Order::Times || wanted.term.is_some() {
            let (begun, total) = join(self.begin(), self.total(wanted)).await;
            begun?;
            let total = total?;
            let is_behind = offset >= to_bigint(total);
            let rows = if is_behind { Vec::new() } else { self.rows(wanted, offset).await? };
            return Ok((total, rows));
        }
        let jump = jump(self.snapshot, self.namespace, wanted, offset);
        let (begun, total, found) = join3(self.begin(), self.total(wanted), jump).await;
        begun?;
        let total = total?;
        let Some(found) = found? else { return Ok((total, Vec::new())) };
        wanted.begin_at(found.list, found.bucket);
        Ok((total, self.rows(wanted, offset.saturating_sub(found.before)).await?))
    }

    async fn total(&self, wanted: &Wanted<'_>) -> Result<u64, Error> {
        total(self.snapshot, self.namespace, wanted).await
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
        let parameters = wanted.parameters();
        if skip == 0 {
            self.snapshot.query(&statement, &parameters).await
        } else {
            self.snapshot.query_once(&statement, &parameters).await
        }
    }
}
