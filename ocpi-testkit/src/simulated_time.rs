//! Time that passes only while something waits for it.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use ocpi_server_traits::{Clock, Timer};
use ocpi_types::DateTime;

use crate::NOW;

/// Time that passes only where something waits for it: an hour of waiting is over at once, and a program runs the same way
/// each time. Clones are the same time. It begins at [`NOW`].
///
/// ```
/// use std::time::Duration;
/// use ocpi_testkit::SimulatedTime;
///
/// let time = SimulatedTime::default();
/// let (clock, timer) = (time.clock(), time.timer());
/// let waited = time.run(async {
///     let start = clock.now();
///     timer.wait(Duration::from_secs(3_600)).await;
///     clock.now().seconds_since(start)
/// });
/// assert_eq!(waited, Ok(3_600));
///
/// let hung = time.run(std::future::pending::<()>());
/// assert!(hung.is_err(), "nothing would ever wake it");
/// ```
#[derive(Clone)]
pub struct SimulatedTime(Arc<Mutex<Inside>>);

struct Inside {
    /// Microseconds since 1970.
    now: i64,
    /// Those who wait, by the end of their wait.
    alarms: BTreeMap<i64, Vec<Waker>>,
}

/// Error of a program that would wait for ever.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Hung;

impl fmt::Display for Hung {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it waits for something that never comes")
    }
}

impl std::error::Error for Hung {}

impl Default for SimulatedTime {
    fn default() -> Self {
        let now: DateTime = NOW.parse().expect("a time");
        let inside = Inside { now: now.to_unix_micros(), alarms: BTreeMap::new() };
        Self(Arc::new(Mutex::new(inside)))
    }
}

impl SimulatedTime {
    /// Returns a clock that shows it.
    pub fn clock(&self) -> Clock {
        let time = self.clone();
        Clock::new(move || DateTime::from_unix_micros(time.lock().now).unwrap_or(DateTime::UNIX_EPOCH))
    }

    /// Returns a timer that waits by it.
    pub fn timer(&self) -> Timer {
        let time = self.clone();
        Timer::new(move |duration| {
            let micros = i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
            let until = time.lock().now.saturating_add(micros);
            Waiting { time: time.clone(), until }
        })
    }

    /// Sets it forward.
    pub fn advance(&self, duration: Duration) {
        let micros = i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
        let mut inside = self.lock();
        inside.now = inside.now.saturating_add(micros);
    }

    /// Runs a program to its end. Where nothing else can go on, time passes until the next wait is over.
    ///
    /// # Errors
    /// When nothing can go on and nobody waits for a time.
    pub fn run<F: IntoFuture>(&self, program: F) -> Result<F::Output, Hung> {
        let mut program = pin!(program.into_future());
        let woken = Arc::new(Woken::default());
        let waker = Waker::from(Arc::clone(&woken));
        let mut context = Context::from_waker(&waker);
        loop {
            if let Poll::Ready(output) = program.as_mut().poll(&mut context) {
                return Ok(output);
            }
            if woken.0.swap(false, Ordering::AcqRel) {
                continue;
            }
            let mut inside = self.lock();
            let (next, waiting) = inside.alarms.pop_first().ok_or(Hung)?;
            inside.now = inside.now.max(next);
            drop(inside);
            // A program that has parts of its own polls those that are woken only.
            waiting.into_iter().for_each(Waker::wake);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for SimulatedTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SimulatedTime").field(&self.clock().now()).finish()
    }
}

#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Release);
    }
}

/// A wait until a time.
struct Waiting {
    time: SimulatedTime,
    until: i64,
}

impl Future for Waiting {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut inside = self.time.lock();
        if inside.now >= self.until {
            return Poll::Ready(());
        }
        let waiting = inside.alarms.entry(self.until).or_default();
        if !waiting.iter().any(|known| known.will_wake(context.waker())) {
            waiting.push(context.waker().clone());
        }
        Poll::Pending
    }
}
