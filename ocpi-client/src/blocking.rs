//! Client without an async runtime.

use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use bytes::Bytes;

use crate::transport::{Transport, TransportError};

/// Sends a request and brings the answer, and blocks the thread meanwhile. Implemented for closures and by `Ureq`.
pub trait BlockingTransport: Send + Sync {
    /// Sends a request and brings the answer.
    ///
    /// # Errors
    /// When no answer came.
    fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError>;
}

/// Blocking transport as a [`Transport`]: its future blocks where it is polled, so do not poll it on an async runtime.
#[derive(Clone)]
pub struct Blocking<T>(pub T);

impl<T: BlockingTransport> Transport for Blocking<T> {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        self.0.send(request)
    }
}

impl<F> BlockingTransport for F
where
    F: Fn(http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> + Send + Sync,
{
    fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        self(request)
    }
}

impl<T> fmt::Debug for Blocking<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Blocking")
    }
}

/// Runs a future on this thread, until it is done.
///
/// The futures of this crate need no runtime, apart from those of `Reqwest`.
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
