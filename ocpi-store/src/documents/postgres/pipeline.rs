//! Statements that are sent without waiting for one another.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use tokio_postgres::Error;

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
