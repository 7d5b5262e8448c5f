//! Work that the platform does in the background, such as commands: it is waited for at the end.

use std::sync::Arc;

use ocpi_platform::Spawn;
use tokio::runtime::Handle;
use tokio::sync::watch;

/// Counts the work that goes on. Clones count together.
#[derive(Clone)]
pub(super) struct Background(Arc<watch::Sender<usize>>);

impl Background {
    pub(super) fn new() -> Self {
        Self(Arc::new(watch::channel(0).0))
    }

    /// Starts work on the runtime that the caller is in, and counts it.
    pub(super) fn spawn(&self) -> Spawn {
        let (count, runtime) = (Arc::clone(&self.0), Handle::current());
        Spawn::new(move |work| {
            let mark = Mark::new(&count);
            runtime.spawn(async move {
                work.await;
                drop(mark);
            });
        })
    }

    /// Waits until nothing goes on.
    pub(super) async fn idle(&self) {
        // The sender lives as long as this.
        drop(self.0.subscribe().wait_for(|count| *count == 0).await);
    }
}

/// Mark of work that goes on, as long as it lives: a runtime that ends drops the work.
struct Mark(Arc<watch::Sender<usize>>);

impl Mark {
    fn new(count: &Arc<watch::Sender<usize>>) -> Self {
        count.send_modify(|count| *count = count.saturating_add(1));
        Self(Arc::clone(count))
    }
}

impl Drop for Mark {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count = count.saturating_sub(1));
    }
}
