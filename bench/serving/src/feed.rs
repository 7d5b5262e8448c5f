//! The change feed: its speed, and whether it passes anything over.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use ocpi_server_traits::AnyStore;
use ocpi_server_traits::storage::{Address, NewDocument, Position, Rejected, Store, StoreExt};
use ocpi_types::DateTime;

use crate::full_list::Loaded;
use crate::machine::{Cost, median};
use crate::place::Place;
use crate::report::Report;

/// Rows of a read.
const ROWS: u32 = 1_000;
/// Times that the feed is read through.
const ROUNDS: usize = 5;
/// Time for which two nodes write.
const WRITING: Duration = Duration::from_secs(5);
/// Writes of a node at the same time.
const TASKS: usize = 16;

/// Reads the feed of a full list from its start.
pub async fn read_through(report: &mut Report, loaded: &Loaded) {
    let Loaded { place, store, documents } = loaded;
    let (mut wall, mut cpu) = (Vec::new(), Vec::new());
    let database = place.processes().await;
    for _ in 0..ROUNDS {
        let (rows, cost) = Cost::with(&database, rows(store)).await;
        assert_eq!(rows, *documents, "each document has one part");
        let rate = |time: Duration| *documents as f64 / time.as_secs_f64();
        wall.push(rate(cost.wall));
        cpu.push(rate(cost.cpu));
    }
    let goal = if place.is_postgres() { 200_000.0 } else { 500_000.0 };
    let (wall, cpu) = (median(&wall), median(&cpu));
    report.table(
        &format!("The feed of {documents} rows from its start, {}", place.name()),
        "",
        &["rows of a read", "rows a second", "rows per second of CPU"],
    );
    report.row(&[ROWS.to_string(), format!("{wall:.0}"), format!("{cpu:.0}")]);
    report.goal(
        &format!("feed, {}", place.name()),
        &format!("≥ {goal} rows/s"),
        &format!("{cpu:.0} rows per second of CPU, {wall:.0} on the clock"),
        cpu >= goal,
    );
}

async fn rows(store: &AnyStore) -> u64 {
    let (mut after, mut rows) = (Position::START, 0);
    loop {
        let changes = store.changes(after, ROWS).await.expect("changes");
        if changes.rows.is_empty() {
            return rows;
        }
        rows += changes.rows.len() as u64;
        after = changes.upto;
    }
}

/// Two nodes write documents, each its own, while a third reads the feed: it must see all of them.
pub async fn two_nodes(report: &mut Report, place: &Place) {
    let nodes = [place.open().await, place.open().await];
    let reader = place.open().await;
    let start = newest(&reader).await;
    let is_over = Arc::new(AtomicBool::new(false));
    let reading = tokio::spawn(follow(reader, start, Arc::clone(&is_over)));
    let writing: Vec<_> = nodes
        .iter()
        .enumerate()
        .flat_map(|(node, store)| (0..TASKS).map(move |task| (node, task, store.clone())))
        .map(|(node, task, store)| tokio::spawn(write(store, format!("{node}-{task}"))))
        .collect();
    let mut written = HashSet::new();
    for task in writing {
        written.extend(task.await.expect("it does not panic"));
    }
    is_over.store(true, Ordering::Release);
    let seen = reading.await.expect("it does not panic");
    let missed = written.difference(&seen).count();
    report.remark(&format!(
        "While two nodes wrote {} documents in {} s to {}, a reader of the feed missed {missed}.",
        written.len(),
        WRITING.as_secs(),
        place.name(),
    ));
    report.goal(
        &format!("missed by a reader of the feed while two nodes write, {}", place.name()),
        "0",
        &format!("{missed} of {}", written.len()),
        missed == 0 && !written.is_empty(),
    );
}

/// The end of the feed.
async fn newest(store: &AnyStore) -> Position {
    let mut after = Position::START;
    loop {
        let changes = store.changes(after, 10_000).await.expect("changes");
        if changes.rows.is_empty() {
            return after;
        }
        after = changes.upto;
    }
}

/// Writes documents that nobody else writes: a row that all wrote would put all commits in order, and hide a fault.
async fn write(store: AnyStore, name: String) -> Vec<String> {
    let (start, mut keys) = (Instant::now(), Vec::new());
    while start.elapsed() < WRITING {
        let key = format!("{name}-{}", keys.len());
        let at = Address::new("Note", "NL/BNC", key.clone());
        let address = at.clone();
        let new = NewDocument::new(key.clone(), "text", DateTime::UNIX_EPOCH).in_list("NL/BNC").with_part("");
        let write = store.update(vec![at], move |transaction| {
            transaction.put(&address, new.clone())?;
            Ok::<_, Rejected<()>>(())
        });
        write.await.expect("it is written");
        keys.push(key);
    }
    keys
}

/// Reads on from a position, never back, until nobody writes any more.
async fn follow(store: AnyStore, start: Position, is_over: Arc<AtomicBool>) -> HashSet<String> {
    let (mut after, mut seen) = (start, HashSet::new());
    loop {
        let was_over = is_over.load(Ordering::Acquire);
        let changes = store.changes(after, ROWS).await.expect("changes");
        for change in &changes.rows {
            assert!(change.position > after, "positions grow");
            after = change.position;
            seen.insert(change.at.key().to_owned());
        }
        after = after.max(changes.upto);
        if changes.rows.is_empty() {
            if was_over {
                return seen;
            }
            store.moved(after, Duration::from_millis(100)).await;
        }
    }
}
