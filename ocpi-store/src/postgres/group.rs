//! One transaction: locks the documents of a group of writes, runs the edits, and stores what they left.
//!
//! Groups of all nodes have the effect of one after the other. A document that is there is locked until the commit, but no
//! row can be locked of one that is not, and an edit may rely on its absence. So, if an address was declared and nothing
//! was there, it is looked for once more, with a snapshot of its own:
//!
//! - behind the order lock, if the group takes it. Whoever creates a document holds that lock until it has committed: what is
//!   not there then is not there at the commit.
//! - else behind the locks of rows. A group that creates nothing and stands in no line comes before all that is created
//!   later: whoever reads what it writes waits for its locks, and whatever it has read was committed before it looked.
//!
//! A row that is found there is a conflict: the group is run again. The look is a statement of the pipeline that commits,
//! which fails there, so it costs no way to the database.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use deadpool_postgres::Object;
use ocpi_server_traits::storage::{
    Address, Edit, Loaded, Persist, Position, State, StoreError, WriteOutcome,
};
use ocpi_types::DateTime;
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::task::block_in_place;
use tokio_postgres::{Error, Row};

use super::absent::Absent;
use super::commit::finish;
use super::error::{explain, is_conflict, is_lost};
use super::load::{has_body, row};
use super::numbers::{corrupt, from_bigint, time, to_bigint};
use super::persist::{Plan, all_stay, is_ordered, kept, leaves_nothing, numbers};
use super::pipeline::{Session, in_order, number};
use super::read::{columns, values};
use super::rows::{Batches, Value};
use super::statements::Statements;
use super::text;

/// An edit, and the addresses that it may touch.
pub(super) struct Job {
    pub(super) at: Vec<Address>,
    pub(super) edit: Edit,
}

/// End of each job.
pub(super) type Verdicts = Vec<Result<WriteOutcome, StoreError>>;

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
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self { error, remedy: Remedy::None }
    }
}

/// Bytes, read or written, after which a transaction takes no more writes.
const BYTES: usize = 16 << 20;

/// Time after which a transaction runs no more edits. A session that does nothing for much longer is ended, and all of its
/// writes with it.
const TIME: Duration = Duration::from_secs(2);

/// Addresses, each with the first job that wants it.
type Wanted<'a> = BTreeMap<&'a Address, i64>;

/// Runs the first jobs of a group, at least one: as many as there are verdicts. After a failure the connection may be in a
/// transaction.
pub(super) async fn run(
    client: &Object,
    statements: &Statements,
    order_lock: i64,
    jobs: &mut [&mut Job],
) -> Result<(Verdicts, Position), Failure> {
    let session = Session::open(client, statements).await.map_err(Failure::early)?;
    // Each once, in one order, with the first job that wants it.
    let mut wanted: Wanted<'_> = BTreeMap::new();
    for (number, job) in (0..).zip(jobs.iter()) {
        for at in &job.at {
            wanted.entry(at).or_insert(number);
        }
    }
    let (state, loaded) = load(session, &mut wanted).await?;
    let absent: Vec<(Address, i64)> = wanted.into_iter().map(|(at, job)| (at.clone(), job)).collect();
    let most = loaded.map_or(jobs.len(), |loaded| loaded.max(1));
    let jobs = jobs.get_mut(..most).unwrap_or_default();
    let Edited { verdicts, changes, highest } = aside(|| {
        let began = Instant::now();
        edit(state, jobs, || began.elapsed())
    });
    let ran = i64::try_from(verdicts.len()).unwrap_or(i64::MAX);
    let absent: Vec<&Address> = absent.iter().filter(|(_, job)| *job < ran).map(|(at, _)| at).collect();
    let head = store(session, order_lock, &changes, to_bigint(highest), &Absent::new(&absent)).await?;
    let outcome = |is_kept| if is_kept { WriteOutcome::Committed(head) } else { WriteOutcome::Aborted };
    Ok((verdicts.into_iter().map(|verdict| verdict.map(outcome)).collect(), head))
}

/// Result of the edits of a group.
struct Edited {
    verdicts: Vec<Result<bool, StoreError>>,
    changes: Vec<Persist>,
    /// The highest revision that they gave out.
    highest: u64,
}

/// Runs the edits one after the other, until they have written too much or taken too long.
fn edit(mut state: State, jobs: &mut [&mut Job], elapsed: impl Fn() -> Duration) -> Edited {
    let mut verdicts = Vec::with_capacity(jobs.len());
    for job in jobs {
        if !verdicts.is_empty() && (state.bytes() >= BYTES || elapsed() >= TIME) {
            break;
        }
        verdicts.push(state.run(&job.at, &mut job.edit));
    }
    let highest = state.highest();
    Edited { verdicts, changes: state.finish(), highest }
}

/// Runs code that may take a while. The other tasks of this thread go on elsewhere, if the runtime has other threads: among
/// them are connections that readers wait for.
fn aside<T>(work: impl FnOnce() -> T) -> T {
    match Handle::current().runtime_flavor() {
        RuntimeFlavor::MultiThread => block_in_place(work),
        _ => work(),
    }
}

/// Locks all, in the order of places, so that two groups seldom wait for one another; and loads what there is room for.
/// Returns the number of jobs whose documents are there, if it is not all of them. Those addresses of these jobs stay wanted
/// at which nothing is.
async fn load(session: Session<'_>, wanted: &mut Wanted<'_>) -> Result<(State, Option<usize>), Failure> {
    let at = columns(&wanted.keys().copied().collect::<Vec<_>>());
    let (jobs, most): (Vec<i64>, i64) =
        (wanted.values().copied().collect(), i64::try_from(BYTES).unwrap_or(i64::MAX));
    let sql = session.statements;
    let mut values = values(&at);
    values.extend([&jobs as Value<'_>, &most]);
    let lock = session.query(&sql.lock, values);
    // The clock is read behind the locks: whoever waited for a lease sees the time at which it got it.
    let statements = vec![session.batch(sql.begin), lock, session.query(&sql.clock, vec![])];
    let answers = in_order(statements).await.map_err(Failure::early)?;
    let [_, rows, clock] = answers.as_slice() else {
        return Err(corrupt("a statement had no answer").into());
    };
    let (now, revision) = clock.first().map_or(Err(corrupt("a statement had no answer")), read_clock)?;
    let mut state = State::new(now).above(revision).with_text_check(text::check);
    let mut first_without = None;
    for known in rows {
        if has_body(known)? {
            let (at, loaded): (Address, Loaded) = row(known)?;
            wanted.remove(&at);
            state.load(at, loaded);
        } else {
            let job: i64 = known.try_get(JOB).map_err(explain)?;
            first_without = Some(first_without.map_or(job, |first: i64| first.min(job)));
        }
    }
    Ok((state, first_without.map(|job| usize::try_from(job).unwrap_or(0))))
}

/// Number of the column with the first job that wants a document.
const JOB: usize = 14;

/// The time, and the revision of what left nothing.
fn read_clock(row: &Row) -> Result<(DateTime, u64), StoreError> {
    Ok((time(row.try_get(0).map_err(explain)?)?, from_bigint(row.try_get(1).map_err(explain)?)?))
}

/// Stores changes and commits, if nothing has come to the addresses where nothing was. Returns the position to which the
/// feed has come.
async fn store(
    session: Session<'_>,
    order_lock: i64,
    changes: &[Persist],
    highest: i64,
    absent: &Absent<'_>,
) -> Result<Position, Failure> {
    let kept = kept(changes);
    if !changes.iter().any(is_ordered) {
        // Without places and positions nobody stands in line: leases are renewed beside everything else.
        return end(finish(session, &kept, &Plan::new(changes, 0), None, absent).await);
    }
    if all_stay(changes) {
        // No number is given out before the commit.
        return end(finish(session, &kept, &Plan::new(changes, 0), Some(&order_lock), absent).await);
    }
    let (sql, count) = (session.statements, numbers(changes));
    let mut statements: Vec<_> = kept.iter().map(|rows| session.query(&sql.update, rows.values())).collect();
    statements.push(session.query(&sql.order, vec![&order_lock]));
    // Whoever created one of these was before us in the line.
    statements.extend(absent.check(session));
    if changes.iter().any(leaves_nothing) {
        statements.push(session.query(&sql.raise, vec![&highest]));
    }
    if count > 0 {
        statements.push(session.query(&sql.next, vec![&count]));
    }
    let answers = in_order(statements).await.map_err(Failure::early)?;
    let first = match answers.last() {
        Some(last) if count > 0 => number(last)?,
        _ => 0,
    };
    end(finish(session, &Batches::default(), &Plan::new(changes, first), None, &Absent::default()).await)
}

fn end(head: Result<i64, Error>) -> Result<Position, Failure> {
    Ok(Position::new(from_bigint(head.map_err(Failure::late)?)?))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::time::Duration;

    use ocpi_server_traits::storage::{Address, NewDocument, State};
    use ocpi_types::DateTime;

    use super::{Edited, Job, edit};

    /// Ten jobs, each of which writes so many bytes.
    fn jobs(bytes: usize) -> Vec<Job> {
        let job = |number: usize| {
            let at = Address::new("C", "NL/ALF", number.to_string());
            let place = at.clone();
            let document = NewDocument::new(vec![b'x'; bytes], "", DateTime::UNIX_EPOCH);
            Job { at: vec![at], edit: Box::new(move |tx| tx.put(&place, document.clone()).map(drop)) }
        };
        (0..10).map(job).collect()
    }

    /// Number of jobs that are run, where each takes so many seconds.
    fn ran(bytes: usize, seconds: f64) -> usize {
        let mut jobs = jobs(bytes);
        let time = Cell::new(0.0);
        let elapsed = || {
            time.set(time.get() + seconds);
            Duration::from_secs_f64(time.get())
        };
        let state = State::new(DateTime::UNIX_EPOCH);
        let Edited { verdicts, changes, .. } = edit(state, &mut jobs.iter_mut().collect::<Vec<_>>(), elapsed);
        assert!(verdicts.iter().all(|verdict| matches!(verdict, Ok(true))));
        assert_eq!(verdicts.len(), changes.len());
        verdicts.len()
    }

    #[test]
    fn a_transaction_ends_after_a_time_and_after_some_bytes() {
        assert_eq!([0.0, 0.5, 1.0, 2.5].map(|seconds| ran(1, seconds)), [10, 4, 2, 1]);
        assert_eq!([1, 5, 15].map(|mib| ran(mib << 20, 0.0)), [10, 4, 2]);
    }
}
