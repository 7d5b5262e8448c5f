//! One transaction: locks the documents of a group of writes, runs the edits, and stores what they left.

use std::collections::BTreeSet;

use deadpool_postgres::Object;
use ocpi_server_traits::storage::{
    Address, Edit, Loaded, Outcome, Persist, Position, State, StoreError, StoreErrorKind,
};
use ocpi_types::DateTime;
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::task::block_in_place;
use tokio_postgres::{Error, Row};

use super::commit::finish;
use super::error::{explain, is_conflict, is_lost};
use super::load::row;
use super::numbers::{corrupt, from_bigint, time};
use super::persist::{Plan, all_stay, is_ordered, kept, numbers};
use super::pipeline::{Session, in_order, number};
use super::read::columns;
use super::rows::{Batches, Value};
use super::statements::Statements;
use super::text;

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
    statements: &Statements,
    order_lock: i64,
    jobs: &mut [&mut Job],
) -> Result<(Verdicts, Position), Failure> {
    let session = Session::open(client, statements).await.map_err(Failure::early)?;
    // Each once, in one order.
    let addresses: BTreeSet<&Address> = jobs.iter().flat_map(|job| &job.at).collect();
    let state = load(session, &addresses.into_iter().collect::<Vec<_>>()).await?;
    let (verdicts, changes) = aside(|| edit(state, jobs));
    let head = store(session, order_lock, &changes).await?;
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
async fn load(session: Session<'_>, at: &[&Address]) -> Result<State, Failure> {
    let at = columns(at);
    let sql = session.statements;
    let lock = session.query(&sql.lock, addresses(&at));
    // The clock is read behind the locks: whoever waited for a lease sees the time at which it got it.
    let statements = vec![session.batch(sql.begin), lock, session.query(&sql.clock, vec![])];
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
async fn store(session: Session<'_>, order_lock: i64, changes: &[Persist]) -> Result<Position, Failure> {
    let kept = kept(changes);
    if !changes.iter().any(is_ordered) {
        // Without places and positions nobody stands in line: leases are renewed beside everything else.
        return end(finish(session, &kept, &Plan::new(changes, 0), None).await);
    }
    if all_stay(changes) {
        // Nobody can have created one of these before us: there is nothing to look at before the commit.
        return end(finish(session, &kept, &Plan::new(changes, 0), Some(&order_lock)).await);
    }
    let (sql, count) = (session.statements, numbers(changes));
    let at = columns(&created(changes));
    let mut statements: Vec<_> = kept.iter().map(|rows| session.query(&sql.update, rows.values())).collect();
    statements.push(session.query(&sql.order, vec![&order_lock]));
    // Whoever created one of these was before us in the line.
    statements.push(session.query(&sql.taken, addresses(&at)));
    let check = statements.len() - 1;
    if count > 0 {
        statements.push(session.query(&sql.next, vec![&count]));
    }
    let answers = in_order(statements).await.map_err(Failure::early)?;
    if answers.get(check).map_or(Ok(0), |taken| number(taken))? > 0 {
        return Err(Failure::overtaken());
    }
    let first = match answers.last() {
        Some(last) if count > 0 => number(last)?,
        _ => 0,
    };
    end(finish(session, &Batches::default(), &Plan::new(changes, first), None).await)
}

fn end(head: Result<i64, Error>) -> Result<Position, Failure> {
    Ok(Position::new(from_bigint(head.map_err(Failure::late)?)?))
}

/// Addresses as values of three parameters.
fn addresses<'a>(columns: &'a [Vec<&'a str>; 3]) -> Vec<Value<'a>> {
    columns.iter().map(|column| column as _).collect()
}

/// Addresses where nothing was.
fn created(changes: &[Persist]) -> Vec<&Address> {
    changes.iter().filter(|change| change.before.is_none()).map(|change| &change.at).collect()
}
