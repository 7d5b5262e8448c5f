//! Tools for the behaviours.

use std::fmt::Debug;
use std::future::{Future, poll_fn};
use std::task::Poll;

use super::Failure;

/// Compares what was found with what was expected.
pub(super) fn same<T: Debug + PartialEq>(
    behavior: &'static str,
    what: &str,
    found: T,
    expected: T,
) -> Result<(), Failure> {
    if found == expected {
        return Ok(());
    }
    let detail = format!("{what}: expected {}, found {}", brief(&expected), brief(&found));
    Err(Failure { behavior, detail, source: None })
}

/// A value in few words: a body may have two million bytes.
fn brief(value: &impl Debug) -> String {
    const MOST: usize = 400;
    let whole = format!("{value:?}");
    match whole.char_indices().nth(MOST) {
        None => whole,
        Some((end, _)) => format!("{}… ({} bytes)", &whole[..end], whole.len()),
    }
}

/// Polls all of them until the last is done, each in its turn; needs no runtime.
pub(super) async fn together<F: Future>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let mut running: Vec<_> = futures.into_iter().map(|future| (Box::pin(future), None)).collect();
    poll_fn(|context| {
        for (future, output) in running.iter_mut().filter(|(_, output)| output.is_none()) {
            if let Poll::Ready(done) = future.as_mut().poll(context) {
                *output = Some(done);
            }
        }
        if running.iter().all(|(_, output)| output.is_some()) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    running.into_iter().filter_map(|(_, output)| output).collect()
}
