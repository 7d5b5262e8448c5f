//! Every order of events: the outcome is decided once.

use ocpi_types::DateTime;

use super::{Arrival, Entry, Incoming, Next, State};
use crate::results::RequestKind;
use crate::trust::later;

/// Events in the life of a request.
#[derive(Clone, Copy, Debug)]
enum Event {
    Accepts,
    Refuses,
    Fails,
    Result(&'static str),
    Cancels,
    /// Time passes.
    Passes(i64),
    /// Somebody looks whether the time is over.
    Looks,
    /// Somebody has waited for the deadline by a timer.
    Waited,
}

const EVENTS: [Event; 10] = [
    Event::Accepts,
    Event::Refuses,
    Event::Fails,
    Event::Result("yes"),
    Event::Result("no"),
    Event::Cancels,
    Event::Passes(10),
    Event::Passes(100),
    Event::Looks,
    Event::Waited,
];

struct Life {
    entry: Entry,
    now: DateTime,
}

impl Life {
    fn step(&mut self, event: Event) -> Option<Arrival> {
        let Self { entry, now } = self;
        let incoming = |text: &str| Incoming { text: text.to_owned(), is_cancellation: text == "canceled" };
        match event {
            Event::Accepts => drop(entry.acknowledge(Some("{}".to_owned()), Next::Wait(30), *now)),
            Event::Refuses => drop(entry.acknowledge(Some("{}".to_owned()), Next::Refused, *now)),
            Event::Fails => drop(entry.acknowledge(None, Next::Failed, *now)),
            Event::Result(text) => return Some(entry.arrive(&incoming(text), *now)),
            Event::Cancels => return Some(entry.arrive(&incoming("canceled"), *now)),
            Event::Passes(seconds) => *now = later(*now, seconds),
            Event::Looks => drop(entry.expire(*now, None)),
            Event::Waited => drop(entry.expire(*now, Some(entry.deadline))),
        }
        None
    }
}

fn check(before: &Entry, life: &Life, event: Event, arrival: Option<Arrival>) {
    let after = &life.entry;
    // The outcome is decided once.
    if before.state != State::Open {
        assert_eq!((before.state, &before.result), (after.state, &after.result));
    }
    // There is a result if and only if one came in time.
    assert_eq!(after.state == State::Answered, after.result.is_some());
    if arrival == Some(Arrival::Taken) {
        assert!(before.state == State::Open && life.now < before.deadline);
    }
    // Nothing that was told is lost, and nothing comes to be known but by a result.
    for (before, after) in [
        (&before.result, &after.result),
        (&before.late, &after.late),
        (&before.cancellation, &after.cancellation),
    ] {
        assert!(before == after || before.is_none() && arrival.is_some_and(Arrival::is_stored));
    }
    // Late results belong to time-outs, cancellations to reservations that have a result.
    assert!(after.late.is_none() || after.state == State::TimedOut);
    let has_result = after.result.is_some() || after.late.is_some();
    assert!(after.cancellation.is_none() || after.kind == RequestKind::ReserveNow && has_result);
    // What is not stored changes nothing but that the time is over, and is told.
    if let Some(arrival) = arrival {
        assert_eq!(arrival.rule().is_none(), matches!(arrival, Arrival::Taken | Arrival::Cancels));
        if !arrival.is_stored() {
            assert_eq!(before, after);
        }
    }
    if matches!(event, Event::Waited) {
        assert_ne!(after.state, State::Open);
    }
    // Who waits for the deadline before the last sees no end.
    if after.is_open() {
        let mut other = after.clone();
        assert!(!other.expire(life.now, Some(later(after.deadline, 1))) || after.is_overdue(life.now));
    }
}

#[test]
fn the_outcome_is_decided_once_in_every_order_of_events() {
    const LENGTH: u32 = 5;
    let start: DateTime = "2026-11-22T12:00:00Z".parse().expect("a time");
    let mut taken = 0;
    for kind in [RequestKind::StartSession, RequestKind::ReserveNow] {
        for number in 0..EVENTS.len().pow(LENGTH) {
            let mut life = Life { entry: Entry::new("cpo", kind, None, start, 65), now: start };
            let mut rest = number;
            for _ in 0..LENGTH {
                let event = EVENTS[rest % EVENTS.len()];
                rest /= EVENTS.len();
                let before = life.entry.clone();
                let arrival = life.step(event);
                check(&before, &life, event, arrival);
                taken += usize::from(arrival == Some(Arrival::Taken));
            }
        }
    }
    assert!(taken > 50_000, "{taken}");
}
