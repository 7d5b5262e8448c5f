//! Keeps objects in a database of one's own: redb, which is embedded and has one writer and any number of readers.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use event_listener::Event;
use futures_timer::Delay;
use futures_util::future::select;
use ocpi_server_traits::Clock;
use ocpi_server_traits::conformance::store::{Fixture, all};
use ocpi_server_traits::storage::{
    Address, After, Change, Changes, Document, Edit, Loaded, Page, Persist, Position, Query, Start, State,
    Store, StoreError, StoreErrorKind, WriteOutcome,
};
use ocpi_types::DateTime;
use pollster::block_on;
use redb::{AccessGuard, Database, ReadableTable, TableDefinition, WriteTransaction};
use tempfile::TempDir;

// [task]
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// A store in a file of redb. A write is a transaction, and a page goes over the documents of its collection.
struct Redb {
    database: Database,
    committed: Event,
}

impl Redb {
    fn new(database: Database) -> Result<Self, Failure> {
        let within = database.begin_write()?;
        let _ = (within.open_table(ROWS)?, within.open_table(PLACES)?);
        let _ = (within.open_table(FEED)?, within.open_table(COUNTS)?);
        within.commit()?;
        Ok(Self { database, committed: Event::new() })
    }
}

/// Collection, owner and key.
type Name<'a> = (&'a str, &'a str, &'a str);
/// Name; format, list, terms; time, revision, whether it is deleted; body, stamps, cause; parts with their positions.
type Row<'a> = (Name<'a>, Texts<'a>, (i64, u64, bool), [&'a [u8]; 3], Vec<(&'a str, u64)>);
type Texts<'a> = (&'a str, &'a str, Vec<(&'a str, &'a str)>);
const ROWS: TableDefinition<'_, (&str, u64), Row<'static>> =
    TableDefinition::new("rows by collection and place");
const PLACES: TableDefinition<'_, Name<'static>, u64> = TableDefinition::new("places by name");
const FEED: TableDefinition<'_, u64, ((&str, u64), &str)> =
    TableDefinition::new("rows and parts by position");
const COUNTS: TableDefinition<'_, &str, u64> = TableDefinition::new("counts");
/// Counts: the last place or position, the purge position, the highest revision.
const LAST: &str = "last";
const PURGED: &str = "purged";
const HIGHEST: &str = "highest";

/// Place, document, and parts with their positions.
type Kept = (u64, Document, BTreeMap<String, u64>);

fn name(at: &Address) -> Name<'_> {
    (at.collection(), at.owner(), at.key())
}

fn document((_, (format, list, terms), (time, revision, is_deleted), bytes, _): Row<'_>) -> Document {
    let time = DateTime::from_unix_micros(time).unwrap_or(DateTime::UNIX_EPOCH);
    let [body, stamps, cause] = bytes.map(|bytes| bytes.to_vec().into());
    let mut document = Document::tombstone(list.to_owned(), time, revision, stamps);
    (document.body, document.cause, document.is_deleted) = (body, cause, is_deleted);
    document.terms = terms.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    document.format = format.to_owned();
    document
}

/// Puts in a row.
fn row<'a>(at: &'a Address, document: &'a Document, parts: &'a BTreeMap<String, u64>) -> Row<'a> {
    let terms = document.terms.iter().map(|(name, value)| (&**name, &**value)).collect();
    let facts = (document.micros(), document.revision, document.is_deleted);
    let bytes = [&*document.body, &*document.stamps, &*document.cause];
    let parts = parts.iter().map(|(part, position)| (&**part, *position)).collect();
    (name(at), (&document.format, &document.list, terms), facts, bytes, parts)
}

fn read(
    rows: &impl ReadableTable<(&'static str, u64), Row<'static>>,
    places: &impl ReadableTable<Name<'static>, u64>,
    at: &Address,
) -> Result<Option<Kept>, Failure> {
    let Some(place) = places.get(name(at))?.map(|place| place.value()) else { return Ok(None) };
    let Some(found) = rows.get((at.collection(), place))? else { return Ok(None) };
    let parts = found.value().4.into_iter().map(|(part, position)| (part.to_owned(), position)).collect();
    Ok(Some((place, document(found.value()), parts)))
}

/// A number that only grows: what it was, or more.
fn raise(within: &WriteTransaction, name: &str, change: impl Fn(u64) -> u64) -> Result<u64, Failure> {
    let mut counts = within.open_table(COUNTS)?;
    let before = counts.get(name)?.map_or(0, |count| count.value());
    counts.insert(name, change(before))?;
    Ok(change(before))
}

fn load(within: &WriteTransaction, at: &[Address]) -> Result<State, Failure> {
    let mut state = State::new(Clock::system().now()).above(raise(within, HIGHEST, |highest| highest)?);
    let (rows, places) = (within.open_table(ROWS)?, within.open_table(PLACES)?);
    for at in at {
        if let Some((place, document, parts)) = read(&rows, &places, at)? {
            state.load(at.clone(), Loaded { document, place, is_in_feed: !parts.is_empty() });
        }
    }
    Ok(state)
}

/// Takes out the row of before with all that leads to it, and puts in the one of after.
fn persist(within: &WriteTransaction, Persist { at, before, after }: Persist) -> Result<(), Failure> {
    let next = || raise(within, LAST, |last| last + 1);
    let (mut rows, mut places) = (within.open_table(ROWS)?, within.open_table(PLACES)?);
    let mut feed = within.open_table(FEED)?;
    let mut parts = BTreeMap::new();
    if let Some((place, _, known)) = read(&rows, &places, &at)? {
        rows.remove((at.collection(), place))?;
        places.remove(name(&at))?;
        known.values().try_for_each(|position| feed.remove(position).map(drop))?;
        parts = known;
    }
    let (document, is_new, changed) = match after {
        After::Row { document, is_new, parts } => (document, is_new, parts),
        After::Gone => return Ok(()),
        After::Erased => {
            let is_told = before.is_some_and(|before| before.is_in_feed && !before.document.is_deleted);
            let purged = if is_told { next()? } else { parts.into_values().max().unwrap_or(0) };
            return raise(within, PURGED, |before| before.max(purged)).map(drop);
        }
    };
    let place = before.filter(|_| !is_new).map(|before| before.place);
    parts.retain(|_, _| place.is_some() && !document.is_deleted);
    let place = place.map_or_else(next, Ok)?;
    for part in changed {
        parts.insert(part, next()?);
    }
    for (part, position) in &parts {
        feed.insert(position, ((at.collection(), place), &**part))?;
    }
    places.insert(name(&at), place)?;
    rows.insert((at.collection(), place), row(&at, &document, &parts))?;
    Ok(())
}

/// The newest position of the feed.
fn head(within: &WriteTransaction) -> Result<u64, Failure> {
    let last = within.open_table(FEED)?.last()?.map_or(0, |(position, _)| position.value());
    Ok(raise(within, PURGED, |purged| purged)?.max(last))
}

fn failed(error: impl Into<Failure>) -> StoreError {
    StoreError::new(StoreErrorKind::Other, "redb does not answer").with_source(error)
}

impl Store for Redb {
    async fn read(&self, at: &[Address]) -> Result<Vec<Option<Document>>, StoreError> {
        let within = self.database.begin_read().map_err(failed)?;
        let (rows, places) =
            (within.open_table(ROWS).map_err(failed)?, within.open_table(PLACES).map_err(failed)?);
        let one = |at| Ok(read(&rows, &places, at)?.map(|found| found.1).filter(|found| !found.is_deleted));
        at.iter().map(one).collect::<Result<_, Failure>>().map_err(failed)
    }

    async fn page(&self, query: &Query, start: Start, limit: u32) -> Result<Page, StoreError> {
        let within = self.database.begin_read().map_err(failed)?;
        let rows = within.open_table(ROWS).map_err(failed)?;
        let all = rows.range((query.collection(), 0)..=(query.collection(), u64::MAX)).map_err(failed)?;
        let row = |(key, row): (AccessGuard<'_, (&str, u64)>, AccessGuard<'_, Row<'static>>)| {
            let ((collection, place), found) = (key.value(), row.value());
            (place, Address::new(collection.to_owned(), found.0.1, found.0.2), document(found))
        };
        let all = all.map(|found| found.map(row)).collect::<Result<Vec<_>, _>>().map_err(failed)?;
        Ok(Page::of_all(all, query, &start, limit))
    }

    async fn write(&self, at: Vec<Address>, mut edit: Edit) -> Result<WriteOutcome, StoreError> {
        State::admit(&at)?;
        let within = self.database.begin_write().map_err(failed)?;
        let mut state = load(&within, &at).map_err(failed)?;
        if !state.run(&at, &mut edit)? {
            return Ok(WriteOutcome::Aborted);
        }
        let highest = state.highest();
        raise(&within, HIGHEST, |before| before.max(highest)).map_err(failed)?;
        state.finish().into_iter().try_for_each(|one| persist(&within, one)).map_err(failed)?;
        let position = head(&within).map_err(failed)?;
        within.commit().map_err(failed)?;
        self.committed.notify(usize::MAX);
        Ok(WriteOutcome::Committed(Position::new(position)))
    }

    async fn changes(&self, after: Position, limit: u32) -> Result<Changes, StoreError> {
        self.read_changes(after, limit).map_err(failed)
    }

    async fn moved(&self, after: Position, timeout: Duration) {
        let committed = self.committed.listen();
        if self.changes(after, 1).await.is_ok_and(|changes| changes.upto == after) {
            select(committed, Delay::new(timeout)).await;
        }
    }
}

impl Redb {
    fn read_changes(&self, after: Position, limit: u32) -> Result<Changes, Failure> {
        let within = self.database.begin_read()?;
        let (rows, feed) = (within.open_table(ROWS)?, within.open_table(FEED)?);
        let purged = Position::new(within.open_table(COUNTS)?.get(PURGED)?.map_or(0, |count| count.value()));
        let mut changes = Vec::new();
        for found in feed.range(after.number() + 1..)?.take(limit as usize) {
            let (position, told) = found?;
            let (row, part) = told.value();
            let Some(found) = rows.get(row)? else { continue };
            let (name, _, (_, revision, is_deleted), ..) = found.value();
            let at = Address::new(name.0.to_owned(), name.1, name.2);
            changes.push(Change::new(
                Position::new(position.value()),
                at,
                part.to_owned(),
                revision,
                is_deleted,
            ));
        }
        let last = changes.last().map_or(after, |last| last.position);
        let upto = if changes.len() < limit as usize { last.max(purged) } else { last };
        Ok(Changes::new(changes, upto, purged))
    }
}
// [end]

/// Stores in files.
struct Files(TempDir, AtomicUsize);

impl Fixture for Files {
    type Store = Redb;

    async fn fresh(&self) -> Redb {
        let file = format!("{}.redb", self.1.fetch_add(1, Ordering::Relaxed));
        let database = Database::create(self.0.path().join(file)).expect("a file");
        Redb::new(database).expect("tables")
    }
}

#[test]
fn it_is_a_store() {
    let report = block_on(all(&Files(TempDir::new().expect("a directory"), AtomicUsize::new(0))));
    println!("{report}");
    assert!(report.passed(), "{report}");
}
