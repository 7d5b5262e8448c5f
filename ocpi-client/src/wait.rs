//! Running of a future without a runtime.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

/// Runs a future to completion on this thread.
///
/// The futures of this crate need no runtime, except those of `Reqwest`.
///
/// ```
/// use std::time::Duration;
/// use ocpi_client::blocking::wait;
/// use ocpi_types::Timer;
/// assert_eq!(wait(async { 1 }), 1);
/// wait(Timer::system().wait(Duration::ZERO));
/// ```
pub fn wait<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Parked(thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(outcome) => return outcome,
            // A wake that came before is remembered; one without a reason only polls again.
            Poll::Pending => thread::park(),
        }
    }
}

/// Wakes a thread that waits for a future.
struct Parked(Thread);

impl Wake for Parked {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
