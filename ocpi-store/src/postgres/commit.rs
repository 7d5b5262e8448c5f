//! The end of a transaction that writes.

use tokio_postgres::Error;

use super::absent::Absent;
use super::persist::Plan;
use super::pipeline::{Session, in_order};
use super::rows::{Batches, Value};

/// Sends all that is left with the commit behind it, and returns the position to which the feed has come.
///
/// With a lock, commits stand in line from the rows that are kept on, and positions are given out there: those of the plan do
/// not count. Then nothing but this way to the database and back is between the lock and the commit that ends it.
pub(super) async fn finish(
    session: Session<'_>,
    kept: &Batches<'_>,
    plan: &Plan<'_>,
    order_lock: Option<&i64>,
    absent: &Absent<'_>,
) -> Result<i64, Error> {
    let sql = session.statements;
    let positions = i64::try_from(plan.feed.places.len()).unwrap_or(i64::MAX);
    let (collections, lists, buckets, deltas) = plan.deltas.columns();
    let Plan { created, moved, gone, forgotten, feed, terms_gone, terms_new, erased, .. } = plan;
    let mut statements = Vec::new();
    for rows in kept.iter() {
        statements.push(session.query(&sql.update, rows.values()));
    }
    if let Some(lock) = order_lock {
        statements.push(session.query(&sql.order, vec![lock]));
    }
    statements.extend(absent.check(session));
    if !erased.is_empty() || plan.purged > 0 {
        // Before the rows of the feed go.
        statements.push(session.query(&sql.purged, vec![&plan.purged, erased]));
    }
    if !gone.is_empty() {
        statements.push(session.query(&sql.gone, vec![gone]));
    }
    if !forgotten.is_empty() {
        statements.push(session.query(&sql.forgotten, vec![forgotten]));
    }
    for rows in created.iter() {
        statements.push(session.query(&sql.insert, rows.values()));
    }
    for rows in moved.iter() {
        statements.push(session.query(&sql.update, rows.values()));
    }
    for (sql, terms) in [(&sql.terms_gone, terms_gone), (&sql.terms_new, terms_new)] {
        if !terms.places.is_empty() {
            let values: [Value<'_>; 4] = [&terms.collections, &terms.names, &terms.values, &terms.places];
            statements.push(session.query(sql, values.into()));
        }
    }
    if !buckets.is_empty() {
        statements.push(session.query(&sql.count, vec![&collections, &lists, &buckets, &deltas]));
        if deltas.iter().any(|delta| *delta < 0) {
            statements.push(session.query(&sql.uncount, vec![&collections, &lists, &buckets]));
        }
    }
    if positions > 0 && order_lock.is_some() {
        let values: [Value<'_>; 3] = [&positions, &feed.places, &feed.parts];
        statements.push(session.query(&sql.tell, values.into()));
    } else {
        if positions > 0 {
            let values: [Value<'_>; 3] = [&feed.positions, &feed.places, &feed.parts];
            statements.push(session.query(&sql.feed, values.into()));
        }
        statements.push(session.query(&sql.head, vec![]));
    }
    statements.push(session.batch("COMMIT"));
    let answers = in_order(statements).await?;
    // The last but one: the position to which the feed has come.
    answers.iter().rev().nth(1).and_then(|rows| rows.first()).map_or(Ok(0), |row| row.try_get(0))
}
