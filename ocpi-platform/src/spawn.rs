//! Background work.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::thread;

/// Starts background work, such as a command that a charge point does not answer at once. Clones share it.
///
/// ```
/// use std::sync::mpsc::channel;
/// use ocpi_platform::Spawn;
/// let (done, wait) = channel();
/// Spawn::system().start(async move { drop(done.send("done")) });
/// assert_eq!(wait.recv(), Ok("done"));
/// ```
#[derive(Clone)]
pub struct Spawn(Arc<dyn Fn(Work) + Send + Sync>);

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

impl Spawn {
    /// Starts work on the Tokio runtime of the caller, or on a thread of its own if there is none.
    pub fn system() -> Self {
        Self::new(|work| match tokio::runtime::Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn(work)),
            // Without a thread the work is lost. Whoever waits for it has a deadline.
            Err(_) => drop(thread::Builder::new().spawn(move || pollster::block_on(work))),
        })
    }

    /// Starts work with `start`, such as `|work| drop(tokio::spawn(work))`. It must not wait for the work.
    pub fn new(start: impl Fn(Pin<Box<dyn Future<Output = ()> + Send>>) + Send + Sync + 'static) -> Self {
        Self(Arc::new(start))
    }

    /// Starts work without waiting for it.
    pub fn start(&self, work: impl Future<Output = ()> + Send + 'static) {
        (self.0)(Box::pin(work));
    }
}

impl fmt::Debug for Spawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Spawn")
    }
}
