//! Statements that are sent without waiting for one another.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use deadpool_postgres::Object;
use futures_util::future::try_join_all;
use ocpi_server_traits::storage::StoreError;
use tokio_postgres::types::Type;
use tokio_postgres::{Error, Row};

use super::error::explain;
use super::hidden::Hidden;
use super::numbers::corrupt;
use super::rows::Value;
use super::statements::{Statement, Statements};

/// A statement that is under way.
pub(super) type Sent<'a> = Pin<Box<dyn Future<Output = Result<Vec<Row>, Error>> + Send + 'a>>;

/// A connection that knows the statements of writes.
#[derive(Clone, Copy)]
pub(super) struct Session<'a> {
    client: &'a Object,
    pub(super) statements: &'a Statements,
}

impl<'a> Session<'a> {
    /// Has the session remember the statements, if it shall and does not yet. One that had to be prepared while others are
    /// under way would come too late.
    pub(super) async fn open(client: &'a Object, statements: &'a Statements) -> Result<Self, Error> {
        let all = statements.all();
        if statements.are_prepared && client.statement_cache.size() < all.len() {
            let prepared = all.map(|statement| client.prepare_typed_cached(&statement.sql, statement.types));
            try_join_all(prepared).await?;
        }
        Ok(Self { client, statements })
    }

    /// A statement with parameters.
    pub(super) fn query(self, statement: &'a Statement, values: Vec<Value<'a>>) -> Sent<'a> {
        let client = self.client;
        let hidden: Vec<Hidden<'a>> = values.into_iter().map(Hidden).collect();
        Box::pin(async move {
            let values = hidden.iter().map(|value| value as Value<'_>);
            if self.statements.are_prepared {
                // It is known already: nothing is waited for.
                let known = client.prepare_typed_cached(&statement.sql, statement.types).await?;
                return client.query(&known, &values.collect::<Vec<_>>()).await;
            }
            let typed: Vec<_> = values.zip(statement.types.iter().cloned()).collect();
            // Which no session has to remember.
            client.query_typed(&statement.sql, &typed).await
        })
    }

    /// Statements without parameters and answers.
    pub(super) fn batch(self, sql: &'a str) -> Sent<'a> {
        batch(self.client, sql)
    }
}

/// Statements without parameters and answers.
pub(super) fn batch<'a>(client: &'a Object, sql: &'a str) -> Sent<'a> {
    Box::pin(async move { client.batch_execute(sql).await.map(|()| Vec::new()) })
}

/// A statement that no session remembers.
pub(super) fn query_typed<'a>(client: &'a Object, sql: &'a str, values: Vec<(Value<'a>, Type)>) -> Sent<'a> {
    Box::pin(async move { client.query_typed(sql, &values).await })
}

/// Sends statements in their order, waits for all, and returns the first failure. After one the others of a transaction
/// fail too, and its `COMMIT` is a `ROLLBACK`.
pub(super) async fn in_order(mut statements: Vec<Sent<'_>>) -> Result<Vec<Vec<Row>>, Error> {
    let mut answers: Vec<Option<Result<Vec<Row>, Error>>> = Vec::new();
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

/// The number that a statement returned.
pub(super) fn number(rows: &[Row]) -> Result<i64, StoreError> {
    let row = rows.first().ok_or_else(|| corrupt("a statement had no answer"))?;
    row.try_get(0).map_err(explain)
}
