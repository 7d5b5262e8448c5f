//! Pages of a list with very many documents.

use std::sync::Arc;
use std::time::Duration;

use ocpi_server_traits::AnyStore;
use ocpi_server_traits::storage::{Address, Cursor, NewDocument, Query, Rejected, Start, Store, StoreExt};
use ocpi_types::DateTime;
use tokio::task::JoinSet;

use crate::machine::{Cost, median, millis, percentile};
use crate::place::{Place, SCHEMA, connect};
use crate::report::Report;

/// Rounds; one before them warms up.
const ROUNDS: usize = 31;
/// Documents of a page.
const PAGE: u32 = 100;
/// Documents of a write.
const WRITE: u64 = 500;
/// Seconds between two documents.
const STEP: u64 = 10;
/// Bytes of a document.
const BYTES: usize = 600;

/// A store with a long list.
pub struct Loaded {
    /// Where it is.
    pub place: Place,
    /// It.
    pub store: AnyStore,
    /// Its documents.
    pub documents: u64,
}

/// Fills a store. A tenth of the documents are for one partner; those for everybody and those for it are one list to it.
pub async fn load(place: &Place, documents: u64) -> Loaded {
    let store = place.open_empty().await;
    let mut writes = JoinSet::new();
    let ((), cost) = Cost::of(async {
        let mut first = 0;
        while first < documents {
            while writes.len() >= 8 {
                writes.join_next().await.expect("one").expect("it does not panic");
            }
            let numbers = first..(first + WRITE).min(documents);
            first = numbers.end;
            let store = store.clone();
            writes.spawn(async move {
                let rows: Arc<[_]> = numbers.map(|number| document(number, documents)).collect();
                let at = rows.iter().map(|(at, _)| at.clone()).collect();
                let write = store.update(at, move |transaction| {
                    for (at, document) in rows.iter() {
                        transaction.put(at, document.clone())?;
                    }
                    Ok::<_, Rejected<()>>(())
                });
                write.await.expect("it is written");
            });
        }
        while let Some(write) = writes.join_next().await {
            write.expect("it does not panic");
        }
    })
    .await;
    eprintln!("{}: {documents} documents in {:.0} s", place.name(), cost.wall.as_secs_f64());
    if let Place::Postgres(url) = place {
        // As the guide says.
        let tables = ["documents", "changes", "terms"].map(|table| format!("{SCHEMA}.{table}")).join(", ");
        let vacuum = format!("VACUUM (ANALYZE) {tables}");
        connect(url).await.batch_execute(&vacuum).await.expect("it is vacuumed");
    }
    Loaded { place: place.clone(), store, documents }
}

/// A document. Its time says nothing of its place in the list.
fn document(number: u64, documents: u64) -> (Address, NewDocument) {
    let list = if number % 10 == 0 { "NL/BNC>DE/EMP" } else { "NL/BNC" };
    let mut body = format!(r#"{{"id":"LOC{number:08}","note":""#);
    body.extend(std::iter::repeat_n('x', BYTES - body.len() - 2));
    body += "\"}";
    let spread = number.wrapping_mul(7_919) % documents;
    let new = NewDocument::new(body, "2.3.0", time(spread * STEP)).in_list(list).with_part("");
    (Address::new("Location", "NL/BNC", format!("loc{number:08}")), new)
}

/// Seconds after the beginning.
fn time(seconds: u64) -> DateTime {
    let seconds = i64::try_from(seconds).expect("some years");
    DateTime::from_unix(1_500_000_000 + seconds).expect("a time")
}

/// The documents that one partner sees.
fn query() -> Query {
    Query::lists("Location", vec!["NL/BNC".to_owned(), "NL/BNC>DE/EMP".to_owned()])
}

/// Pages of one kind.
struct Kind {
    name: &'static str,
    place: &'static str,
    query: Query,
    starts: Vec<Start>,
    total: u64,
    costs: Vec<Cost>,
}

/// Measures pages at the start, in the middle and at the end.
pub async fn measure(report: &mut Report, loaded: &Loaded) {
    let Loaded { place, store, documents } = loaded;
    let everything = query().from(time(0)).to(time(documents * STEP));
    let hundredth = documents / 100;
    let part = query().from(time(hundredth * STEP)).to(time(2 * hundredth * STEP));
    let mut kinds = Vec::new();
    for (at, offset) in regions(*documents) {
        let mut add = |name, query: Query, starts: Vec<Start>, total| {
            kinds.push(Kind { name, place: at, query, starts, total, costs: Vec::new() });
        };
        let offsets = (0..=ROUNDS as u64).map(|round| offset + round * u64::from(PAGE));
        add("by offset", query(), offsets.map(Start::Offset).collect(), *documents);
        add("by cursor", query(), cursors(store, &query(), offset).await, *documents);
        let window = cursors(store, &everything, offset).await;
        add("next page of a window of all", everything.clone(), window, *documents);
    }
    let first = vec![Start::First; ROUNDS + 1];
    kinds.push(Kind {
        name: "first page of a window of 1 %, counted",
        place: "start",
        query: part,
        starts: first,
        total: hundredth,
        costs: Vec::new(),
    });
    let database = place.processes().await;
    for round in 0..=ROUNDS {
        for kind in &mut kinds {
            let start = kind.starts[round].clone();
            let (page, cost) = Cost::with(&database, store.page(&kind.query, start, PAGE)).await;
            let page = page.expect("a page");
            assert_eq!(
                (page.rows.len(), page.total),
                (PAGE as usize, kind.total),
                "{} {}",
                kind.name,
                kind.place
            );
            if round > 0 {
                kind.costs.push(cost);
            }
        }
    }
    report.table(
        &format!("Pages of 100 from a full list of {documents}, {}", place.name()),
        "Two lists merged, the total exact on every page. The times of windows say nothing of the places in the list.",
        &["page", "where", "CPU ms", "time ms", "time ms, p90"],
    );
    for kind in &kinds {
        report.row(&[
            kind.name.to_owned(),
            kind.place.to_owned(),
            millis(kind.cpu()),
            millis(kind.wall()),
            millis(percentile(&kind.costs.iter().map(|cost| cost.wall).collect::<Vec<_>>(), 90)),
        ]);
    }
    let most = if place.is_postgres() { [2, 2, 5] } else { [500, 500, 1_000] };
    let unit: fn(u64) -> Duration =
        if place.is_postgres() { Duration::from_millis } else { Duration::from_micros };
    for (name, most) in ["by cursor", "next page of a window of all", "by offset"].into_iter().zip(most) {
        let times: Vec<Duration> = kinds.iter().filter(|kind| kind.name == name).map(Kind::cpu).collect();
        let (least, worst) = (percentile(&times, 0), percentile(&times, 100));
        let measured = times.iter().map(|time| millis(*time)).collect::<Vec<_>>().join(" / ");
        report.goal(
            &format!("page of {documents}, {}, {name}: start / middle / end", place.name()),
            &format!("≤ {} ms, flat", millis(unit(most)).trim_end_matches('0').trim_end_matches('.')),
            &format!("{measured} ms ({:.1} ×)", worst.as_secs_f64() / least.as_secs_f64()),
            worst <= unit(most) && worst <= least * 3,
        );
    }
}

/// The places in a list, each with room for a page for each round.
fn regions(documents: u64) -> [(&'static str, u64); 3] {
    let room = (ROUNDS as u64 + 1) * u64::from(PAGE);
    [("start", 0), ("middle", documents / 2), ("end", documents - room)]
}

/// The cursors of pages that follow one another, of which the first begins at an offset.
async fn cursors(store: &AnyStore, query: &Query, offset: u64) -> Vec<Start> {
    let first = match offset {
        0 => Start::First,
        _ => Start::Offset(offset - u64::from(PAGE)),
    };
    let mut starts = Vec::with_capacity(ROUNDS + 1);
    let mut next: Option<Cursor> = None;
    if offset == 0 {
        starts.push(Start::First);
    }
    while starts.len() <= ROUNDS {
        let start = next.take().map_or_else(|| first.clone(), Start::After);
        let page = store.page(query, start, PAGE).await.expect("a page");
        let cursor = page.next.expect("there is more");
        starts.push(Start::After(cursor.clone()));
        next = Some(cursor);
    }
    starts
}

impl Kind {
    fn cpu(&self) -> Duration {
        median(&self.costs.iter().map(|cost| cost.cpu).collect::<Vec<_>>())
    }

    fn wall(&self) -> Duration {
        median(&self.costs.iter().map(|cost| cost.wall).collect::<Vec<_>>())
    }
}
