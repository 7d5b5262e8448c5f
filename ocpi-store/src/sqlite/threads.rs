//! Ends of threads.

use std::thread::{self, JoinHandle};

/// Waits for a thread that was told to end.
pub(super) fn join(thread: Option<JoinHandle<()>>) {
    let Some(thread) = thread else { return };
    // An answer wakes a task on a thread of the store. Should the task drop the store, the thread cannot wait for itself.
    if thread.thread().id() != thread::current().id() {
        // It has nothing to say; after a panic, every open question was told so.
        let _ = thread.join();
    }
}
