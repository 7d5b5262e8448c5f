//! Handles that wait: woken at once, or by looking again.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use ocpi_platform::Outcome;
use ocpi_server_traits::Timer;
use ocpi_testkit::{PlatformSetup, fixed_clock};
use ocpi_types::Version;
use ocpi_types::v2_3_0::commands::CommandResultType::Accepted;
use pollster::block_on;

use super::world::World;

/// Counts how often a task is woken.
#[derive(Default)]
struct Counting(AtomicUsize);

impl Wake for Counting {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// A timer that never ends.
fn never() -> Timer {
    Timer::new(|_| std::future::pending())
}

#[test]
fn a_result_wakes_who_waits_for_it_and_nobody_else() {
    let world = World::with(Version::V2_3_0, |setup| PlatformSetup { timer: never(), ..setup });
    let first = world.stop().expect("accepted");
    let url = world.cpo.chargers.response_url();
    let second = world.stop().expect("accepted");
    let wakes = [(); 3].map(|()| Arc::new(Counting::default()));
    let wakers = wakes.each_ref().map(|it| Waker::from(Arc::clone(it)));
    let mut results = [pin!(first.result()), pin!(first.result()), pin!(second.result())];
    for (result, waker) in results.iter_mut().zip(&wakers) {
        assert!(result.as_mut().poll(&mut Context::from_waker(waker)).is_pending());
    }
    let counts = || wakes.each_ref().map(|it| it.0.load(Ordering::SeqCst));
    assert_eq!(counts(), [0, 0, 0]);
    world.post(&url, Accepted).expect("awaited");
    assert_eq!(counts(), [1, 1, 0]);
    for (place, (result, waker)) in results.iter_mut().zip(&wakers).enumerate() {
        let is_there = match result.as_mut().poll(&mut Context::from_waker(waker)) {
            Poll::Ready(outcome) => outcome.expect("a store").is_accepted(),
            Poll::Pending => false,
        };
        assert_eq!(is_there, place < 2);
    }
}

/// Another process has taken the result: only the store knows.
#[test]
fn a_result_that_another_process_took_is_found_by_looking_again() {
    let world = World::new();
    let pauses = Arc::new(std::sync::Mutex::new(Vec::new()));
    let noted = Arc::clone(&pauses);
    let steps = world.clock.timer();
    let timer = Timer::new(move |pause: Duration| {
        noted.lock().expect("no panic").push(pause);
        let steps = steps.clone();
        async move { steps.wait(pause).await }
    });
    let other = PlatformSetup {
        store: Arc::clone(&world.emsp.store),
        clock: world.clock.clock(),
        timer,
        ..PlatformSetup::emsp()
    };
    // It is opened last, so results arrive there; the other one sends.
    let (here, there) = (&world.emsp, other.open(&world.network));
    let sent = block_on(here.platform.stop_session("cpo", &"S1".parse().expect("an id"))).expect("accepted");
    let known = block_on(there.platform.result_of(sent.id())).expect("a store").expect("it is known");
    let _: &ocpi_platform::PendingResult<ocpi_types::v2_3_0::commands::StopSession> = &known;
    world.post(&world.cpo.chargers.response_url(), Accepted).expect("awaited");
    assert!(block_on(sent.result()).expect("a store").is_accepted());
    assert!(block_on(known.result()).expect("a store").is_accepted());
    assert_eq!(pauses.lock().expect("no panic").len(), 0, "the result was there at the first look");

    // Nothing comes: it looks each second, and no longer than it has to.
    let sent = block_on(there.platform.stop_session("cpo", &"S1".parse().expect("an id"))).expect("accepted");
    assert_eq!(block_on(sent.result()).expect("a store"), Outcome::TimedOut);
    let pauses = pauses.lock().expect("no panic").clone();
    assert_eq!(pauses, vec![Duration::from_secs(1); 35]);
}

/// A clock that stands still, or is set back, does not make a wait longer.
#[test]
fn the_timer_ends_a_wait_too() {
    let world = World::with(Version::V2_3_0, |setup| PlatformSetup {
        clock: fixed_clock(),
        timer: Timer::new(|_| std::future::ready(())),
        ..setup
    });
    let sent = world.stop().expect("accepted");
    let url = world.cpo.chargers.response_url();
    assert_eq!(block_on(sent.result()).expect("a store"), Outcome::TimedOut);
    // By the clock it would be in time; but it was said that none came.
    world.post(&url, Accepted).expect("late");
    assert_eq!(world.told(), ["cpo STOP_SESSION result.missing", "cpo STOP_SESSION result.late"]);
    assert_eq!(block_on(sent.result()).expect("a store"), Outcome::TimedOut);
    assert!(block_on(sent.late_result()).expect("a store").is_some());
}

/// A handle that is dropped while it waits takes nothing along.
#[test]
fn a_wait_may_be_given_up_and_begun_again() {
    let world = World::with(Version::V2_3_0, |setup| PlatformSetup { timer: never(), ..setup });
    let sent = world.stop().expect("accepted");
    let mut context = Context::from_waker(Waker::noop());
    assert!(pin!(sent.result()).poll(&mut context).is_pending());
    let id = sent.id().clone();
    drop(sent);
    world.post(&world.cpo.chargers.response_url(), Accepted).expect("awaited");
    let again = block_on(world.emsp.platform.result_of::<ocpi_types::v2_3_0::commands::StopSession>(&id));
    let again = again.expect("a store").expect("it is known");
    assert!(again.answer.value.is_some(), "the answer was stored");
    assert!(block_on(again.result()).expect("a store").is_accepted());
}

/// Handles and their futures go to other threads.
#[test]
fn handles_are_sent_between_threads() {
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    let world = World::new();
    let session = "S1".parse().expect("an id");
    let asking = world.emsp.platform.stop_session("cpo", &session);
    let sent = is_send(block_on(is_send(asking)).expect("accepted"));
    world.post(&world.cpo.chargers.response_url(), Accepted).expect("awaited");
    let waiting =
        std::thread::spawn(move || block_on(is_send(sent.result())).expect("a store").is_accepted());
    assert!(waiting.join().expect("no panic"));
}
