//! One transaction: locks the documents of a group of writes, runs the edits, and stores what they left.

use std::collections::BTreeSet;

use deadpool_postgres::Object;
use ocpi_server_traits::storage::{
    Address, Edit, Loaded, Outcome, Persist, Position, State, StoreError, StoreErrorKind,
};
use ocpi_types::DateTime;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Error, Row};

use super::error::{explain, is_conflict, is_lost};
use super::load::{COLUMNS, row};
use super::namespace::Namespace;
use super::numbers::{corrupt, from_bigint, time};
use super::persist::{Plan, is_ordered, kept, numbers};
use super::pipeline::{Sent, in_order};
use super::read::columns;
use super::rows::{Batches, INSERT, UPDATE};
use super::text;

/// Settings of a transaction that writes, and of it alone. Each statement sees what the lock before it waited for. A
/// node that stops in the middle must not stop the others.
const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL jit = off; \
                     SET LOCAL enable_seqscan = off; SET LOCAL lock_timeout = '30s'; \
                     SET LOCAL idle_in_transaction_session_timeout = '15s'";

/// An edit, and the addresses that it may touch.
pub(super) struct Job {
    pub(super) at: Vec<Address>,
    pub(super) edit: Edit,
}

/// End of each job.
pub(super) type Verdicts = Vec<Result<Outcome, StoreError>>;

/// Failure of a group. Nothing is stored, unless the connection broke in the commit.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) error: StoreError,
    pub(super) remedy: Remedy,
}

/// Way out of a failure.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Remedy {
    /// Another writer was in the way: run the group again.
    Again,
    /// The connection broke before anything was committed: run the group again on another.
    Reconnect,
    None,
}

impl Failure {
    fn early(error: Error) -> Self {
        let remedy = match (is_conflict(&error), is_lost(&error)) {
            (true, _) => Remedy::Again,
            (_, true) => Remedy::Reconnect,
            _ => Remedy::None,
        };
        Self { error: explain(error), remedy }
    }

    /// Whether it was committed is not known when the connection is lost.
    fn late(error: Error) -> Self {
        let remedy = if is_conflict(&error) { Remedy::Again } else { Remedy::None };
        Self { error: explain(error), remedy }
    }

    fn overtaken() -> Self {
        let message = "other writers were in the way every time";
        Self { error: StoreError::new(StoreErrorKind::Busy, message), remedy: Remedy::Again }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self { error, remedy: Remedy::None }
    }
}

/// Runs a group. After a failure the connection may be in a transaction.
pub(super) async fn run(
    client: &Object,
    namespace: &Namespace,
    jobs: &mut [&mut Job],
) -> Result<(Verdicts, Position), Failure> {
    // Each once, in one order.
    let addresses: BTreeSet<&Address> = jobs.iter().flat_map(|job| &job.at).collect();
    let state = load(client, namespace, &addresses.into_iter().collect::<Vec<_>>()).await?;
    let (verdicts, changes) = edit(state, jobs);
    let head = store(client, namespace, &changes).await?;
    let outcome = |is_kept| if is_kept { Outcome::Committed(head) } else { Outcome::Aborted };
    Ok((verdicts.into_iter().map(|verdict| verdict.map(outcome)).collect(), head))
}

/// Runs the edits one after the other. They are many and quick, and the documents are in memory.
fn edit(mut state: State, jobs: &mut [&mut Job]) -> (Vec<Result<bool, StoreError>>, Vec<Persist>) {
    let verdicts = jobs.iter_mut().map(|job| state.run(&job.at, &mut job.edit)).collect();
    (verdicts, state.finish())
}

/// Locks and loads, in the order of places, so that two groups seldom wait for one another.
async fn load(client: &Object, namespace: &Namespace, at: &[&Address]) -> Result<State, Failure> {
    let [collections, owners, keys] = columns(at);
    let lock = namespace.sql(&format!("SELECT {COLUMNS} FROM {AT} ORDER BY d.place FOR UPDATE OF d"));
    // The clock is read behind the locks: whoever waited for a lease sees the time at which it got it.
    let clock = "SELECT floor(extract(epoch FROM clock_timestamp()) * 1000000)::bigint";
    let statements = vec![
        batch(client, BEGIN),
        query(client, &lock, addresses(&collections, &owners, &keys)),
        query(client, clock, vec![]),
    ];
    let answers = in_order(statements).await.map_err(Failure::early)?;
    let [_, rows, clock] = answers.as_slice() else {
        return Err(corrupt("a statement had no answer").into());
    };
    let mut state = State::new(now(clock)?).with_text_check(text::check);
    for known in rows {
        let (at, loaded): (Address, Loaded) = row(known)?;
        state.load(at, loaded);
    }
    Ok(state)
}

fn now(clock: &[Row]) -> Result<DateTime, StoreError> {
    time(number(clock)?)
}

/// Stores changes and commits. Returns the position to which the feed has come.
async fn store(client: &Object, namespace: &Namespace, changes: &[Persist]) -> Result<Position, Failure> {
    let kept = kept(changes);
    if !changes.iter().any(is_ordered) {
        // Without places and positions nobody stands in line: leases are renewed beside everything else.
        return finish(client, namespace, &kept, &Plan::new(changes, 0)).await;
    }
    let order = namespace.order_lock();
    let count = numbers(changes);
    let update = namespace.sql(UPDATE);
    let taken = namespace.sql(&format!("SELECT count(*) FROM {AT}"));
    let next = namespace.sql("SELECT setval('§.counter', nextval('§.counter') + $1 - 1) - $1 + 1");
    let [collections, owners, keys] = columns(&created(changes));
    let mut statements: Vec<_> = kept.iter().map(|rows| query(client, &update, rows.parameters())).collect();
    statements.push(query(client, "SELECT pg_advisory_xact_lock($1)", vec![(&order, Type::INT8)]));
    // Whoever created one of these was before us in the line.
    statements.push(query(client, &taken, addresses(&collections, &owners, &keys)));
    let check = statements.len() - 1;
    if count > 0 {
        statements.push(query(client, &next, vec![(&count, Type::INT8)]));
    }
    let answers = in_order(statements).await.map_err(Failure::early)?;
    if answers.get(check).map_or(Ok(0), |taken| number(taken))? > 0 {
        return Err(Failure::overtaken());
    }
    let first = match answers.last() {
        Some(last) if count > 0 => number(last)?,
        _ => 0,
    };
    finish(client, namespace, &Batches::default(), &Plan::new(changes, first)).await
}

/// Documents by their addresses, as parameters.
const AT: &str = "unnest($1::text[], $2::text[], $3::text[]) a (collection, owner, key) \
                  JOIN §.documents d ON d.collection = a.collection AND d.owner = a.owner AND d.key = a.key";

fn addresses<'a>(
    collections: &'a Vec<&str>,
    owners: &'a Vec<&str>,
    keys: &'a Vec<&str>,
) -> Vec<Parameter<'a>> {
    vec![(collections, Type::TEXT_ARRAY), (owners, Type::TEXT_ARRAY), (keys, Type::TEXT_ARRAY)]
}

/// Addresses where nothing was.
fn created(changes: &[Persist]) -> Vec<&Address> {
    changes.iter().filter(|change| change.before.is_none()).map(|change| &change.at).collect()
}

type Parameter<'a> = (&'a (dyn ToSql + Sync), Type);

/// Sends all that is left with the commit behind it.
async fn finish(
    client: &Object,
    namespace: &Namespace,
    kept: &Batches<'_>,
    plan: &Plan<'_>,
) -> Result<Position, Failure> {
    let sql = Statements::new(namespace);
    let (collections, lists, buckets, deltas) = plan.deltas.columns();
    let keys = || -> Vec<Parameter<'_>> {
        vec![(&collections, Type::TEXT_ARRAY), (&lists, Type::TEXT_ARRAY), (&buckets, Type::INT8_ARRAY)]
    };
    let Plan { created, moved, gone, forgotten, feed, terms_gone, terms_new, .. } = plan;
    let places = |places| vec![(places as _, Type::INT8_ARRAY)];
    let mut statements = Vec::new();
    let mut send = |sql, parameters| statements.push(query(client, sql, parameters));
    kept.iter().for_each(|rows| send(&sql.update, rows.parameters()));
    if !gone.is_empty() {
        send(&sql.gone, places(gone));
    }
    if !forgotten.is_empty() {
        send(&sql.forgotten, places(forgotten));
    }
    created.iter().for_each(|rows| send(&sql.insert, rows.parameters()));
    moved.iter().for_each(|rows| send(&sql.update, rows.parameters()));
    for (sql, terms) in [(&sql.terms_gone, terms_gone), (&sql.terms_new, terms_new)] {
        if !terms.places.is_empty() {
            let parameters: Vec<Parameter<'_>> = vec![
                (&terms.collections, Type::TEXT_ARRAY),
                (&terms.names, Type::TEXT_ARRAY),
                (&terms.values, Type::TEXT_ARRAY),
                (&terms.places, Type::INT8_ARRAY),
            ];
            send(sql, parameters);
        }
    }
    if !buckets.is_empty() {
        send(&sql.count, [keys(), vec![(&deltas, Type::INT8_ARRAY)]].concat());
        if deltas.iter().any(|delta| *delta < 0) {
            send(&sql.uncount, keys());
        }
    }
    if !feed.positions.is_empty() {
        let parameters: Vec<Parameter<'_>> = vec![
            (&feed.positions, Type::INT8_ARRAY),
            (&feed.places, Type::INT8_ARRAY),
            (&feed.parts, Type::TEXT_ARRAY),
        ];
        send(&sql.feed, parameters);
    }
    send(&sql.head, vec![]);
    statements.push(batch(client, "COMMIT"));
    let answers = in_order(statements).await.map_err(Failure::late)?;
    let head = answers.iter().rev().nth(1).map_or(Ok(0), |head| number(head))?;
    Ok(Position::new(from_bigint(head)?))
}

struct Statements {
    gone: String,
    forgotten: String,
    insert: String,
    update: String,
    terms_gone: String,
    terms_new: String,
    count: String,
    uncount: String,
    feed: String,
    head: String,
}

impl Statements {
    fn new(namespace: &Namespace) -> Self {
        let sql = |statement| namespace.sql(statement);
        Self {
            gone: sql(
                "DELETE FROM §.documents d USING unnest($1::bigint[]) u (place) WHERE d.place = u.place",
            ),
            forgotten: sql(
                "DELETE FROM §.changes c USING unnest($1::bigint[]) u (place) WHERE c.place = u.place",
            ),
            insert: sql(INSERT),
            update: sql(UPDATE),
            terms_gone: sql("DELETE FROM §.terms t \
                 USING unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) u (collection, name, value, place) \
                 WHERE t.collection = u.collection AND t.name = u.name AND t.value = u.value AND t.place = u.place"),
            terms_new: sql("INSERT INTO §.terms (collection, name, value, place) \
                 SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) ON CONFLICT DO NOTHING"),
            count: sql("INSERT INTO §.buckets AS b (collection, list, bucket, n) \
                 SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) \
                 ON CONFLICT (collection, list, bucket) DO UPDATE SET n = b.n + excluded.n"),
            uncount: sql("DELETE FROM §.buckets b \
                 USING unnest($1::text[], $2::text[], $3::bigint[]) u (collection, list, bucket) \
                 WHERE b.collection = u.collection AND b.list = u.list AND b.bucket = u.bucket AND b.n <= 0"),
            feed: sql("INSERT INTO §.changes (position, place, part) \
                 SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[]) \
                 ON CONFLICT (place, part) DO UPDATE SET position = excluded.position"),
            head: sql(
                "SELECT greatest((SELECT max(position) FROM §.changes), (SELECT purged FROM §.version), 0)",
            ),
        }
    }
}

fn query<'a>(client: &'a Object, sql: &'a str, parameters: Vec<Parameter<'a>>) -> Sent<'a, Vec<Row>> {
    Box::pin(async move { client.query_typed(sql, &parameters).await })
}

fn batch<'a>(client: &'a Object, sql: &'a str) -> Sent<'a, Vec<Row>> {
    Box::pin(async move { client.batch_execute(sql).await.map(|()| Vec::new()) })
}

/// The number that a statement returned.
fn number(rows: &[Row]) -> Result<i64, StoreError> {
    let row = rows.first().ok_or_else(|| corrupt("a statement had no answer"))?;
    row.try_get(0).map_err(explain)
}
