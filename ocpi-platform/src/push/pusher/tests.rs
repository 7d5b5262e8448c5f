//! Cases that the model leaves out: order, bounds, refusals, pauses and the breaker.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use ocpi_server_traits::storage::Position;

use super::{Answer, Pusher, Request, Rules, Turn, What};

type Machine = Pusher<u32, u32, u32>;

const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

fn machine(concurrency: usize) -> Machine {
    Pusher::resume(Rules::new(concurrency), Position::START, None)
}

fn changed(machine: &mut Machine, document: u32, part: u32, position: u64) {
    machine.changed(document, part, Position::new(position));
    machine.read_up_to(Position::new(position));
}

fn all(machine: &mut Machine, now: Duration) -> Vec<Request<u32, u32, u32>> {
    std::iter::from_fn(|| machine.next(now)).collect()
}

fn documents(requests: &[Request<u32, u32, u32>]) -> Vec<u32> {
    let document = |request: &Request<u32, u32, u32>| match &request.what {
        What::State { at, .. } => Some(*at),
        _ => None,
    };
    requests.iter().filter_map(document).collect()
}

#[test]
fn what_waits_keeps_its_place_and_no_more_than_allowed_are_under_way() {
    let mut machine = machine(2);
    for document in 1..=5 {
        changed(&mut machine, document, 0, document.into());
    }
    let first = all(&mut machine, secs(0));
    assert_eq!(documents(&first), [1, 2]);
    assert_eq!(machine.due(), None, "something has to end first");
    // 3 changes again and again, and is next all the same; 1 was sent, and goes behind the others.
    for position in 6..50 {
        changed(&mut machine, 3, 0, position);
        changed(&mut machine, 1, 0, position + 50);
    }
    assert_eq!(machine.answered(first[0].id, Answer::Done, secs(1), 0), None);
    assert_eq!(machine.answered(first[1].id, Answer::Done, secs(1), 0), None);
    let second = all(&mut machine, secs(1));
    assert_eq!(documents(&second), [3, 4]);
    for request in &second {
        assert_eq!(machine.answered(request.id, Answer::Done, secs(2), 0), None);
    }
    assert_eq!(documents(&all(&mut machine, secs(2))), [5, 1]);
}

#[test]
fn the_cursor_is_never_behind_what_is_not_answered() {
    let mut machine = machine(4);
    changed(&mut machine, 1, 1, 5);
    changed(&mut machine, 2, 1, 7);
    let requests = all(&mut machine, secs(0));
    assert_eq!(machine.cursor(), Position::new(4));
    machine.answered(requests[0].id, Answer::Done, secs(1), 0);
    assert_eq!(machine.cursor(), Position::new(6));
    // It changed while it was under way.
    changed(&mut machine, 2, 1, 9);
    machine.answered(requests[1].id, Answer::Done, secs(1), 0);
    assert_eq!(machine.cursor(), Position::new(8));
    let requests = all(&mut machine, secs(1));
    machine.answered(requests[0].id, Answer::Unclear, secs(1), u64::MAX);
    let again = all(&mut machine, secs(3));
    assert!(matches!(again[0].what, What::State { is_whole: true, .. }) && again[0].attempts == 1);
    machine.answered(again[0].id, Answer::Done, secs(3), 0);
    assert_eq!(machine.cursor(), Position::new(8), "it is to be confirmed");
    assert_eq!((machine.next(secs(60)), machine.due()), (None, Some(secs(61))));
    let confirmed = all(&mut machine, secs(61));
    assert!(matches!(confirmed[0].what, What::State { is_whole: true, .. }));
    machine.answered(confirmed[0].id, Answer::Done, secs(61), 0);
    assert_eq!((machine.cursor(), machine.is_idle()), (Position::new(9), true));
}

#[test]
fn a_refusal_is_an_end_and_a_newer_change_is_sent() {
    let mut machine = machine(4);
    changed(&mut machine, 1, 1, 1);
    let request = all(&mut machine, secs(0)).remove(0);
    assert_eq!(machine.answered(request.id, Answer::Refused, secs(0), 0), None);
    assert_eq!((machine.cursor(), machine.due()), (Position::new(1), None));
    changed(&mut machine, 1, 1, 2);
    assert_eq!(documents(&all(&mut machine, secs(0))), [1]);
}

#[test]
fn a_busy_partner_is_left_alone_as_long_as_it_says() {
    for (told, until) in [(Some(secs(20)), 20), (Some(secs(100_000)), 3_600), (None, 1)] {
        let mut machine = machine(1);
        changed(&mut machine, 1, 1, 1);
        changed(&mut machine, 2, 1, 2);
        let request = all(&mut machine, secs(0)).remove(0);
        machine.answered(request.id, Answer::Down(told), secs(0), 0);
        assert_eq!((machine.next(secs(until - 1)), machine.due()), (None, Some(secs(until))), "{told:?}");
        assert!(machine.next(secs(until)).is_some());
    }
    // One that is busy with one request is not away, and is sent the same again.
    let mut machine = machine(1);
    changed(&mut machine, 1, 1, 1);
    for attempt in 0..20 {
        let request = all(&mut machine, secs(1_000 * (attempt + 1))).remove(0);
        assert!(matches!(request.what, What::State { is_whole: false, .. }));
        assert_eq!(machine.answered(request.id, Answer::Busy(None), secs(1_000 * (attempt + 1)), 0), None);
    }
}

/// Our own store and our own rate say nothing of the partner: neither that it is away nor that it is there.
#[test]
fn what_is_hindered_neither_opens_nor_closes_the_breaker() {
    let mut machine = machine(1);
    changed(&mut machine, 1, 1, 1);
    let mut now = secs(0);
    for _ in 0..3 {
        for answer in [Answer::Hindered(None), Answer::Hindered(Some(secs(40))), Answer::Unclear] {
            now = machine.due().expect("something waits").max(now);
            let request = all(&mut machine, now).remove(0);
            assert_eq!(machine.answered(request.id, answer, now, u64::MAX), None, "{answer:?}");
        }
        assert!(machine.due() >= Some(now), "{now:?}");
    }
    // The failures in a row count on.
    for due in [None, Some(Turn::Opened)] {
        now = machine.due().expect("something waits").max(now);
        let request = all(&mut machine, now).remove(0);
        assert_eq!(machine.answered(request.id, Answer::Unclear, now, 0), due);
    }
    for (answer, wait) in [(Answer::Hindered(None), 30), (Answer::Hindered(Some(secs(100))), 100)] {
        now = machine.due().expect("a probe");
        let probe = all(&mut machine, now).remove(0);
        assert_eq!((&probe.what, machine.answered(probe.id, answer, now, 0)), (&What::Probe, None));
        assert!(!machine.reads());
        assert_eq!(machine.due(), Some(now + secs(wait)));
    }
    now = machine.due().expect("a probe");
    let probe = all(&mut machine, now).remove(0);
    assert_eq!(machine.answered(probe.id, Answer::Done, now, 0), Some(Turn::Closed));
}

#[test]
fn the_breaker_opens_probes_and_closes() {
    for (answer, failures) in [(Answer::Unclear, 5), (Answer::Down(None), 5), (Answer::Unauthorized, 1)] {
        let mut machine = machine(1);
        for document in 0..100 {
            changed(&mut machine, document, 1, u64::from(document) + 1);
        }
        machine.message(7);
        let mut now = secs(0);
        for failure in 1..=failures {
            let request = all(&mut machine, now).remove(0);
            let turn = machine.answered(request.id, answer, now, 0);
            assert_eq!(turn, (failure == failures).then_some(Turn::Opened), "{answer:?}");
            now += secs(2);
        }
        assert!(!machine.reads());
        assert_eq!(machine.read(), Position::START, "what is not answered is read again");
        let opened = now - secs(2);
        let mut due = opened;
        for wait in [30, 60, 120, 240, 480, 600, 600] {
            due += secs(wait);
            assert_eq!((machine.next(due - secs(1)), machine.due()), (None, Some(due)));
            let probe = machine.next(due).unwrap();
            assert_eq!((&probe.what, machine.next(due)), (&What::Probe, None), "one at a time");
            assert_eq!(machine.answered(probe.id, Answer::Down(None), due, 0), None);
        }
        due += secs(600);
        let probe = machine.next(due).unwrap();
        assert_eq!(machine.answered(probe.id, Answer::Done, due, 0), Some(Turn::Closed));
        assert!(machine.reads());
        changed(&mut machine, 3, 1, 4);
        machine.caught_up();
        let requests: Vec<_> = all(&mut machine, due + secs(10)).into_iter().collect();
        assert!(!requests.is_empty());
    }
}

#[test]
fn successes_between_failures_keep_the_breaker_closed() {
    let mut machine = machine(1);
    for round in 0..20_u32 {
        changed(&mut machine, round, 1, u64::from(round) + 1);
        let now = secs(1_000 * (u64::from(round) + 1));
        let request = all(&mut machine, now).remove(0);
        let answer = if round % 5 == 4 { Answer::Done } else { Answer::Unclear };
        assert_eq!(machine.answered(request.id, answer, now, 0), None, "{round}");
    }
}

#[test]
fn messages_are_sent_until_they_are_answered_once() {
    let mut machine = machine(4);
    machine.message(1);
    machine.message(1);
    let mut now = secs(0);
    for attempt in 0..4 {
        let request = machine.next(now).unwrap();
        assert_eq!((&request.what, request.attempts), (&What::Message(1), attempt));
        assert_eq!(machine.next(now), None);
        machine.answered(request.id, Answer::Unclear, now, u64::MAX);
        now += secs(1 << attempt);
    }
    let request = machine.next(now).unwrap();
    machine.answered(request.id, Answer::Done, now, 0);
    assert_eq!((machine.due(), machine.messages()), (None, 0));
    machine.answered(request.id, Answer::Unclear, now, 0);
    assert_eq!(machine.due(), None, "an answer that comes twice changes nothing");
}

/// A receiver that goes by arrival, over a line that loses, delays and doubles, and a machine that crashes: it ends with the
/// newest state. The production cursor, which knows less than the model's, is as good.
#[test]
fn whatever_happens_the_partner_has_the_newest_state_in_the_end() {
    for seed in 0..1_000_u64 {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x1234_5678;
        let mut chance = move |bound: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % bound
        };
        let mut rules = Rules::new(2);
        rules.failures = u32::MAX;
        let mut machine: Machine = Pusher::resume(rules, Position::START, None);
        let (mut feed, mut values) = (BTreeMap::new(), BTreeMap::new());
        let mut copy: BTreeMap<(u32, u32), u64> = BTreeMap::new();
        // Requests on their way: when they arrive, and what they carry.
        let mut line: BTreeMap<(u64, u64), BTreeMap<(u32, u32), u64>> = BTreeMap::new();
        let mut answers: BTreeSet<(u64, u64, bool)> = BTreeSet::new();
        let (mut head, mut cursor, mut number) = (0, Position::START, 0);
        for now in 0..1_500_u64 {
            if now < 120 && chance(3) == 0 {
                head += 1;
                let key = (chance(3) as u32, chance(3) as u32);
                feed.insert(key, head);
                values.insert(key, head);
            }
            if now < 200 && chance(40) == 0 {
                machine = Pusher::resume(rules, cursor, Some(secs(now + 6 + 60)));
                answers.clear();
            }
            let mut rows: Vec<_> = feed.iter().map(|(key, position)| (*position, *key)).collect();
            rows.sort_unstable();
            rows.iter()
                .for_each(|(position, (at, part))| machine.changed(*at, *part, Position::new(*position)));
            machine.read_up_to(Position::new(head));
            machine.caught_up();
            for request in all(&mut machine, secs(now)) {
                let What::State { at, parts, is_whole } = request.what else { panic!("a state") };
                let carried =
                    values.iter().filter(|((of, part), _)| *of == at && (is_whole || parts.contains(part)));
                let carried: BTreeMap<_, _> = carried.map(|(key, value)| (*key, *value)).collect();
                let is_calm = now > 250;
                let arrives = if is_calm { 0 } else { [0, 1, 2, 40, 58][chance(5) as usize] };
                let is_lost = !is_calm && chance(4) == 0;
                if !is_lost {
                    number += 1;
                    line.insert((now + arrives, number), carried);
                }
                let is_heard = !is_lost && (is_calm || (arrives < 3 && chance(4) != 0));
                answers.insert((now + if is_heard { arrives } else { 5 }, request.id, is_heard));
            }
            while line.first_key_value().is_some_and(|((arrives, _), _)| *arrives <= now) {
                copy.extend(line.pop_first().map(|(_, carried)| carried).unwrap_or_default());
            }
            while answers.first().is_some_and(|(comes, ..)| *comes <= now) {
                let (_, id, is_heard) = answers.pop_first().unwrap();
                let answer = if is_heard { Answer::Done } else { Answer::Unclear };
                machine.answered(id, answer, secs(now), chance(1 << 31) << 32);
            }
            cursor = machine.cursor();
        }
        assert_eq!(copy, values, "seed {seed}");
        assert!(machine.is_idle() && machine.cursor() == Position::new(head), "seed {seed}");
    }
}

/// 20,000 documents that wait cost no more than their number.
#[test]
fn very_many_documents_are_sent_in_the_order_in_which_they_changed() {
    let mut machine = machine(4);
    for document in 0..20_000 {
        changed(&mut machine, document, 0, u64::from(document) + 1);
    }
    let (mut sent, mut now) = (Vec::new(), secs(0));
    while sent.len() < 20_000 {
        for request in all(&mut machine, now) {
            sent.extend(documents(std::slice::from_ref(&request)));
            machine.answered(request.id, Answer::Done, now, 0);
        }
        now += secs(1);
    }
    assert!(sent.is_sorted() && machine.is_idle());
}
