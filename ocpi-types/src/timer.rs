//! Timer: the only source of waiting.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use futures_timer::Delay;

/// Timer for deadlines. Clones share it.
///
/// ```
/// use std::time::Duration;
/// use ocpi_types::Timer;
/// let at_once = Timer::new(|_: Duration| std::future::ready(()));
/// # pollster::block_on(async {
/// assert_eq!(at_once.within(Duration::from_secs(30), std::future::pending::<()>()).await, None);
/// assert_eq!(Timer::system().within(Duration::from_secs(30), async { 1 }).await, Some(1));
/// # });
/// ```
#[derive(Clone)]
pub struct Timer(Arc<Wait>);

type Wait = dyn Fn(Duration) -> Waiting + Send + Sync;
type Waiting = Pin<Box<dyn Future<Output = ()> + Send>>;

impl Timer {
    /// Returns a timer that uses the system's clock and its own thread, so it needs no async runtime.
    pub fn system() -> Self {
        Self::new(Delay::new)
    }

    /// Returns a timer that waits with `wait`, such as `tokio::time::sleep`.
    pub fn new<F>(wait: impl Fn(Duration) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        Self(Arc::new(move |duration| Box::pin(wait(duration))))
    }

    /// Waits for this long.
    pub fn wait(&self, duration: Duration) -> impl Future<Output = ()> + Send + 'static {
        (self.0)(duration)
    }

    /// Returns the outcome of a future; `None` if it takes longer, in which case it is dropped.
    pub async fn within<F: Future>(&self, duration: Duration, future: F) -> Option<F::Output> {
        let mut future = pin!(future);
        let mut waiting = None;
        poll_fn(|context| match future.as_mut().poll(context) {
            Poll::Ready(outcome) => Poll::Ready(Some(outcome)),
            Poll::Pending => {
                // What is ready at once needs no alarm: to set one may wake a thread.
                let waiting = waiting.get_or_insert_with(|| (self.0)(duration));
                waiting.as_mut().poll(context).map(|()| None)
            }
        })
        .await
    }
}

impl fmt::Debug for Timer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Timer")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn no_alarm_is_set_for_what_is_ready() {
        let alarms = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&alarms);
        let timer = Timer::new(move |_| {
            count.fetch_add(1, Ordering::Relaxed);
            std::future::pending()
        });
        let minute = Duration::from_secs(60);
        assert_eq!(pollster::block_on(timer.within(minute, async { 1 })), Some(1));
        assert_eq!(alarms.load(Ordering::Relaxed), 0);
        let mut polls = 0;
        let later = poll_fn(|context| {
            polls += 1;
            context.waker().wake_by_ref();
            if polls < 3 { Poll::Pending } else { Poll::Ready(polls) }
        });
        assert_eq!(pollster::block_on(timer.within(minute, later)), Some(3));
        assert_eq!(alarms.load(Ordering::Relaxed), 1);
    }
}
