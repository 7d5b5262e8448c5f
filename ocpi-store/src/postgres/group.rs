//! One transaction: locks the documents of a group of writes, runs the edits, and stores what they left.

use std::collections::BTreeSet;

use deadpool_postgres::Object;
use ocpi_server_traits::storage::{
    Address, Edit, Loaded, Outcome, Persist, Position, State, StoreError, StoreErrorKind,
};
use ocpi_types::DateTime;
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::task::block_in_place;
use tokio_postgres::types::Type;
use tokio_postgres::{Error, Row};

use super::commit::finish;
use super::error::{explain, is_conflict, is_lost};
use super::load::{COLUMNS, row};
use super::namespace::Namespace;
use super::numbers::{corrupt, from_bigint, time};
use super::persist::{Plan, is_ordered, kept, numbers};
use super::pipeline::{Parameter, batch, in_order, number, query};
use super::read::columns;
use super::rows::{Batches, UPDATE};
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
    let (verdicts, changes) = aside(|| edit(state, jobs));
    let head = store(client, namespace, &changes).await?;
    let outcome = |is_kept| if is_kept { Outcome::Committed(head) } else { Outcome::Aborted };
    Ok((verdicts.into_iter().map(|verdict| verdict.map(outcome)).collect(), head))
}

/// Runs the edits one after the other. They are many and quick, and the documents are in memory.
fn edit(mut state: State, jobs: &mut [&mut Job]) -> (Vec<Result<bool, StoreError>>, Vec<Persist>) {
    let verdicts = jobs.iter_mut().map(|job| state.run(&job.at, &mut job.edit)).collect();
    (verdicts, state.finish())
}

/// Runs code that may take a while. The other tasks of this thread go on elsewhere, if the runtime has other threads: among
/// them are connections that readers wait for.
fn aside<T>(work: impl FnOnce() -> T) -> T {
    match Handle::current().runtime_flavor() {
        RuntimeFlavor::MultiThread => block_in_place(work),
        _ => work(),
    }
}

/// Locks and loads, in the order of places, so that two groups seldom wait for one another.
async fn load(client: &Object, namespace: &Namespace, at: &[&Address]) -> Result<State, Failure> {
    let at = columns(at);
    let lock = namespace.sql(&format!("SELECT {COLUMNS} FROM {AT} ORDER BY d.place FOR UPDATE OF d"));
    // The clock is read behind the locks: whoever waited for a lease sees the time at which it got it.
    let clock = "SELECT floor(extract(epoch FROM clock_timestamp()) * 1000000)::bigint";
    let statements =
        vec![batch(client, BEGIN), query(client, &lock, addresses(&at)), query(client, clock, vec![])];
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
        return end(finish(client, namespace, &kept, &Plan::new(changes, 0)).await);
    }
    let order = namespace.order_lock();
    let count = numbers(changes);
    let update = namespace.sql(UPDATE);
    let taken = namespace.sql(&format!("SELECT count(*) FROM {AT}"));
    let next = namespace.sql("SELECT setval('§.counter', nextval('§.counter') + $1 - 1) - $1 + 1");
    let at = columns(&created(changes));
    let mut statements: Vec<_> = kept.iter().map(|rows| query(client, &update, rows.parameters())).collect();
    statements.push(query(client, "SELECT pg_advisory_xact_lock($1)", vec![(&order, Type::INT8)]));
    // Whoever created one of these was before us in the line.
    statements.push(query(client, &taken, addresses(&at)));
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
    end(finish(client, namespace, &Batches::default(), &Plan::new(changes, first)).await)
}

fn end(head: Result<i64, Error>) -> Result<Position, Failure> {
    Ok(Position::new(from_bigint(head.map_err(Failure::late)?)?))
}

/// Documents by their addresses, as parameters.
const AT: &str = "unnest($1::text[], $2::text[], $3::text[]) a (collection, owner, key) \
                  JOIN §.documents d ON d.collection = a.collection AND d.owner = a.owner AND d.key = a.key";

fn addresses<'a>(columns: &'a [Vec<&'a str>; 3]) -> Vec<Parameter<'a>> {
    columns.iter().map(|column| (column as _, Type::TEXT_ARRAY)).collect()
}

/// Addresses where nothing was.
fn created(changes: &[Persist]) -> Vec<&Address> {
    changes.iter().filter(|change| change.before.is_none()).map(|change| &change.at).collect()
}
