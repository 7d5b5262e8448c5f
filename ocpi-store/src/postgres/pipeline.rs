//! Statements that are sent without waiting for one another.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use deadpool_postgres::Object;
use ocpi_server_traits::storage::StoreError;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Error, Row};

use super::error::explain;
use super::numbers::corrupt;

/// A parameter of a statement, and its type.
pub(super) type Parameter<'a> = (&'a (dyn ToSql + Sync), Type);

/// A statement that is under way.
pub(super) type Sent<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// Sends statements in their order, waits for all, and returns the first failure. After one the others of a transaction
/// fail too, and its `COMMIT` is a `ROLLBACK`.
pub(super) async fn in_order<T>(mut statements: Vec<Sent<'_, T>>) -> Result<Vec<T>, Error> {
    let mut answers: Vec<Option<Result<T, Error>>> = Vec::new();
    answers.resize_with(statements.len(), || None);
    poll_fn(|context| {
        // A statement is sent when it is polled for the first time: these polls are the order.
        for (statement, answer) in statements.iter_mut().zip(&mut answers) {
            if answer.is_none() {
                if let Poll::Ready(done) = statement.as_mut().poll(context) {
                    *answer = Some(done);
                }
            }
        }
        if answers.iter().all(Option::is_some) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    answers.into_iter().flatten().collect()
}

/// A statement with parameters, which no session has to remember.
pub(super) fn query<'a>(
    client: &'a Object,
    sql: &'a str,
    parameters: Vec<Parameter<'a>>,
) -> Sent<'a, Vec<Row>> {
    Box::pin(async move { client.query_typed(sql, &parameters).await })
}

/// Statements without parameters and answers.
pub(super) fn batch<'a>(client: &'a Object, sql: &'a str) -> Sent<'a, Vec<Row>> {
    Box::pin(async move { client.batch_execute(sql).await.map(|()| Vec::new()) })
}

/// The number that a statement returned.
pub(super) fn number(rows: &[Row]) -> Result<i64, StoreError> {
    let row = rows.first().ok_or_else(|| corrupt("a statement had no answer"))?;
    row.try_get(0).map_err(explain)
}
