//! Panics of handlers.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Poll;

use super::BoxFuture;
use crate::Error;

/// Returns the outcome of a handler, or an error of ours if it panics: the partner gets an envelope, and the connection goes
/// on. Where panics abort the program there is nothing to catch.
pub(super) async fn caught<T>(mut handler: BoxFuture<'_, Result<T, Error>>) -> Result<T, Error> {
    poll_fn(|context| {
        // After a panic the future is dropped and not looked at again.
        match catch_unwind(AssertUnwindSafe(|| handler.as_mut().poll(context))) {
            Ok(poll) => poll,
            Err(_) => {
                Poll::Ready(Err(Error::internal("the server failed").with_source("the handler panicked")))
            }
        }
    })
    .await
}
