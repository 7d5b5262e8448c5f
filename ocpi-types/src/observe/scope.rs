//! Scopes: the context in which the work on an exchange runs, for logging.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Context of the work on an exchange, such as a span.
pub trait Scope: Send {
    /// Runs a piece of the work in the context. It must call `work` exactly once.
    fn within(&self, work: &mut dyn FnMut());
}

/// Two scopes, one in the other.
pub(super) struct Both(pub(super) Box<dyn Scope>, pub(super) Box<dyn Scope>);

impl Scope for Both {
    fn within(&self, work: &mut dyn FnMut()) {
        self.0.within(&mut || self.1.within(work));
    }
}

/// A future that is polled in a scope: see [`Observer::scoped`](super::Observer::scoped).
#[must_use = "futures do nothing unless polled"]
pub struct Scoped<F> {
    scope: Option<Box<dyn Scope>>,
    work: F,
}

impl<F> Scoped<F> {
    pub(super) fn new(scope: Option<Box<dyn Scope>>, work: F) -> Self {
        Self { scope, work }
    }
}

impl<F: Future + Unpin> Future for Scoped<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let Self { scope, work } = self.get_mut();
        let Some(scope) = scope else { return Pin::new(work).poll(context) };
        let mut result = None;
        scope.within(&mut || {
            if result.is_none() {
                result = Some(Pin::new(&mut *work).poll(context));
            }
        });
        match result {
            Some(result) => result,
            // The scope did not call: the work is done without it.
            None => Pin::new(work).poll(context),
        }
    }
}

impl<F> fmt::Debug for Scoped<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scoped").field("has_scope", &self.scope.is_some()).finish_non_exhaustive()
    }
}
