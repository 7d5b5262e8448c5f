//! Reactors: told of each change at least once, in order, after restarts, on two nodes, and past what they cannot handle.

mod courses;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::StreamExt;
use ocpi_platform::{Error, Platform, Reaction, ServerSentEvents, Settings};
use ocpi_server_traits::storage::{NewDocument, Position, Rejected, StoreExt};
use ocpi_server_traits::{AnyStore, Cause, Error as Refusal, Memory, Objects, Step, Store, Timer};
use ocpi_testkit::{
    Network, PlatformSetup, SimulatedTime, SteppedClock, TestPlatform, counted_random, location_json, parse,
    parse_list, roles_json, tariff_json,
};
use ocpi_types::endpoint::{EvseKey, LocationKey, Owned, RootResource, TariffKey};
use ocpi_types::v2_3_0::credentials::CredentialsRole;
use ocpi_types::v2_3_0::locations::{Evse, EvsePatch, Location, LocationPatch, Status};
use ocpi_types::v2_3_0::tariffs::Tariff;
use pollster::block_on;

type Log = Arc<Mutex<Vec<String>>>;

struct Node {
    time: SimulatedTime,
    side: TestPlatform,
    setup: PlatformSetup,
    network: Network,
}

fn node() -> Node {
    let (time, network) = (SimulatedTime::default(), Network::default());
    let store = Arc::new(Memory::with_clock(time.clock()));
    let setup = PlatformSetup { clock: time.clock(), timer: time.timer(), store, ..PlatformSetup::cpo() };
    let side = setup.clone().open(&network);
    Node { time, side, setup, network }
}

impl Node {
    /// Another process on the same store.
    fn again(&self) -> TestPlatform {
        PlatformSetup { name: "other", ..self.setup.clone() }.open(&self.network)
    }

    fn run<T: Store>(&self, platform: &Platform<T, Network>) -> Option<ocpi_types::DateTime> {
        self.time.run(platform.reactions_due()).expect("it does not hang").expect("a store")
    }
}

fn tariff(id: &str) -> Tariff {
    parse(&tariff_json("NL/ALF", id, "10:00:00"))
}

fn put(side: &TestPlatform, id: &str, price: &str) {
    let minute = price.len();
    let json = tariff_json("NL/ALF", id, &format!("11:0{minute}:00")).replace("0.45", price);
    side.put::<Tariff>(&json);
}

/// Lets a reactor write down what it hears; it fails where the object has one of these ids.
fn listen<S: Store>(
    platform: &Platform<S, Network>,
    options: Reaction,
    poison: &Arc<Mutex<Vec<String>>>,
) -> Log {
    let log = Log::default();
    let (lines, poison) = (Arc::clone(&log), Arc::clone(poison));
    platform.react_with::<Tariff, _>("billing", options, move |change| {
        let id = change.at.key.tariff_id.as_str().to_owned();
        let is_poison = poison.lock().expect("no panic").contains(&id);
        if !is_poison {
            let what = if change.now.is_some() { id } else { format!("-{id}") };
            lines.lock().expect("no panic").push(what);
        }
        async move { if is_poison { Err("no such contract".into()) } else { Ok(()) } }
    });
    log
}

fn heard(log: &Log) -> Vec<String> {
    std::mem::take(&mut *log.lock().expect("no panic"))
}

fn good() -> Arc<Mutex<Vec<String>>> {
    Arc::default()
}

#[test]
fn each_change_is_told_once_in_order_and_after_a_restart() {
    let node = node();
    for id in ["A", "B", "C"] {
        put(&node.side, id, "0.5");
    }
    let platform = &node.side.platform;
    let log = listen(platform, Reaction::default(), &good());
    assert_eq!(node.run(platform), None);
    assert_eq!(heard(&log), ["A", "B", "C"]);
    // Locations are none of its business; nothing is told again.
    node.side.put::<Location>(&location_json("NL/ALF", "L1", "10:00:00"));
    put(&node.side, "B", "0.55");
    let at = tariff("A").identity();
    assert!(block_on(node.side.platform.objects().delete::<Tariff>(&at)).expect("a store"));
    node.run(platform);
    assert_eq!(heard(&log), ["B", "-a"]);
    // Another process goes on where this one was, and this one behind it.
    let other = node.again();
    let others = listen(&other.platform, Reaction::default(), &good());
    put(&node.side, "D", "0.5");
    node.run(&other.platform);
    node.run(platform);
    assert_eq!((heard(&others), heard(&log)), (vec!["D".to_owned()], vec![]));
}

#[test]
fn a_reactor_can_begin_now() {
    let node = node();
    put(&node.side, "A", "0.5");
    let platform = &node.side.platform;
    let log = listen(platform, Reaction::default().from_now(), &good());
    node.run(platform);
    assert_eq!(heard(&log), [""; 0]);
    put(&node.side, "B", "0.5");
    node.run(platform);
    assert_eq!(heard(&log), ["B"]);
    // It was begun: another process does not begin now.
    put(&node.side, "C", "0.5");
    let other = node.again();
    let log = listen(&other.platform, Reaction::default().from_now(), &good());
    node.run(&other.platform);
    assert_eq!(heard(&log), ["C"]);
}

/// A change that fails holds up those behind it, is tried again, and at last set aside.
#[test]
fn poison_is_tried_again_and_set_aside() {
    let node = node();
    for id in ["A", "BAD", "C"] {
        put(&node.side, id, "0.5");
    }
    let platform = &node.side.platform;
    let poison = Arc::new(Mutex::new(vec!["BAD".to_owned()]));
    let log = listen(platform, Reaction::default().tries(3), &poison);
    let clock = node.time.clock();
    let next = node.run(platform).expect("a try");
    assert_eq!((heard(&log), next.seconds_since(clock.now())), (vec!["A".to_owned()], 1));
    // Not before its time.
    assert_eq!(node.run(platform), Some(next));
    assert_eq!(heard(&log), [""; 0]);
    node.time.advance(Duration::from_secs(1));
    // The number of tries outlives a restart.
    let other = node.again();
    let others = listen(&other.platform, Reaction::default().tries(3), &poison);
    let next = node.run(&other.platform).expect("a try");
    assert_eq!(next.seconds_since(clock.now()), 2);
    node.time.advance(Duration::from_secs(2));
    assert_eq!(node.run(&other.platform), None);
    assert_eq!(heard(&others), ["C"]);
    let aside = block_on(platform.set_aside("billing")).expect("a store");
    assert_eq!((aside.len(), aside[0].tries, aside[0].at.key()), (1, 3, "bad"));
    assert_eq!(aside[0].reason, "no such contract");
    // Once more, in vain; then the operator has mended what was wrong.
    assert!(block_on(platform.react_again("billing", &aside[0].at)).expect("a store"));
    node.run(platform);
    let still = block_on(platform.set_aside("billing")).expect("a store");
    assert_eq!((still.len(), still[0].tries), (1, 4));
    poison.lock().expect("no panic").clear();
    assert!(block_on(platform.react_again("billing", &aside[0].at)).expect("a store"));
    node.run(platform);
    assert_eq!(heard(&log), ["BAD"]);
    assert_eq!(block_on(platform.set_aside("billing")).expect("a store"), []);
    assert!(!block_on(platform.react_again("billing", &aside[0].at)).expect("a store"));
}

/// A change that was set aside is settled by a newer change of the object, too, and can be dropped.
#[test]
fn a_newer_change_settles_what_was_set_aside() {
    let node = node();
    let platform = &node.side.platform;
    let poison = Arc::new(Mutex::new(vec!["A".to_owned(), "B".to_owned()]));
    let log = listen(platform, Reaction::default().tries(1), &poison);
    put(&node.side, "A", "0.5");
    put(&node.side, "B", "0.5");
    node.run(platform);
    let aside = block_on(platform.set_aside("billing")).expect("a store");
    assert_eq!(aside.len(), 2);
    poison.lock().expect("no panic").clear();
    put(&node.side, "A", "0.55");
    node.run(platform);
    assert_eq!(heard(&log), ["A"]);
    assert_eq!(block_on(platform.set_aside("billing")).expect("a store").len(), 1);
    assert!(block_on(platform.drop_set_aside("billing", &aside[1].at)).expect("a store"));
    assert_eq!(block_on(platform.set_aside("billing")).expect("a store"), []);
}

/// An object that is asked for again is told once, also while a change of another one fails.
#[test]
fn what_is_asked_again_is_told_once() {
    let node = node();
    let platform = &node.side.platform;
    let poison = Arc::new(Mutex::new(vec!["A".to_owned()]));
    let log = listen(platform, Reaction::default().tries(1), &poison);
    put(&node.side, "A", "0.5");
    node.run(platform);
    let aside = block_on(platform.set_aside("billing")).expect("a store");
    *poison.lock().expect("no panic") = vec!["B".to_owned()];
    drop(log);
    let log = listen(platform, Reaction::default().tries(5), &poison);
    put(&node.side, "B", "0.5");
    assert!(node.run(platform).is_some(), "it is tried again");
    assert!(block_on(platform.react_again("billing", &aside[0].at)).expect("a store"));
    for _ in 0..3 {
        node.run(platform);
    }
    assert_eq!(heard(&log), ["A"]);
    assert_eq!(block_on(platform.set_aside("billing")).expect("a store"), []);
    poison.lock().expect("no panic").clear();
    node.time.advance(Duration::from_secs(1));
    node.run(platform);
    assert_eq!(heard(&log), ["B"]);
}

/// An object that was set aside and cannot be read: that try failed, too, and others are told.
#[test]
fn what_is_asked_again_and_cannot_be_read_holds_up_nobody() {
    let node = node();
    let platform = &node.side.platform;
    let poison = Arc::new(Mutex::new(vec!["A".to_owned()]));
    let log = listen(platform, Reaction::default().tries(1), &poison);
    put(&node.side, "A", "0.5");
    node.run(platform);
    let aside = block_on(platform.set_aside("billing")).expect("a store").remove(0);
    let (at, now) = (aside.at.clone(), node.time.clock().now());
    let broken = node.side.store.update(vec![at.clone()], move |transaction| {
        transaction.put(&at, NewDocument::new("no object", "odd/1", now))?;
        Ok::<_, Rejected<()>>(())
    });
    block_on(broken).expect("a store");
    assert!(block_on(platform.react_again("billing", &aside.at)).expect("a store"));
    put(&node.side, "B", "0.5");
    node.run(platform);
    assert_eq!(heard(&log), ["B"]);
    let still = block_on(platform.set_aside("billing")).expect("a store").remove(0);
    assert_eq!((still.tries, still.is_asked_again), (2, false));
    assert_ne!(still.reason, aside.reason);
}

/// A try that was put off while the clock was ahead is not put off for as long.
#[test]
fn a_try_is_made_although_the_clock_was_ahead() {
    let (stepped, network) = (SteppedClock::default(), Network::default());
    let setup = PlatformSetup {
        clock: stepped.clock(),
        timer: Timer::new(|_| std::future::pending()),
        store: Arc::new(Memory::with_clock(stepped.clock())),
        ..PlatformSetup::cpo()
    };
    let side = setup.open(&network);
    let poison = Arc::new(Mutex::new(vec!["A".to_owned()]));
    let log = listen(&side.platform, Reaction::default(), &poison);
    put(&side, "A", "0.5");
    stepped.advance(10 * 24 * 60 * 60);
    assert!(block_on(side.platform.reactions_due()).expect("a store").is_some());
    stepped.advance(-10 * 24 * 60 * 60);
    poison.lock().expect("no panic").clear();
    assert_eq!(block_on(side.platform.reactions_due()).expect("a store"), None);
    assert_eq!(heard(&log), ["A"]);
}

/// A process that dies between the handler and the place tells the change again: none is lost.
#[test]
fn a_run_that_is_dropped_loses_nothing() {
    let node = node();
    for id in ["A", "B", "C"] {
        put(&node.side, id, "0.5");
    }
    let platform = &node.side.platform;
    let log = Log::default();
    let lines = Arc::clone(&log);
    platform.react::<Tariff, _>("slow", move |change| {
        let lines = Arc::clone(&lines);
        async move {
            let id = change.at.key.tariff_id.to_string();
            let hangs = id == "B" && !lines.lock().expect("no panic").contains(&"B".to_owned());
            lines.lock().expect("no panic").push(id);
            if hangs {
                std::future::pending::<()>().await;
            }
            Ok(())
        }
    });
    let timer = node.time.timer();
    let cut = timer.within(Duration::from_secs(60), platform.reactions_due());
    assert!(node.time.run(cut).expect("it does not hang").is_none());
    node.time.advance(Duration::from_secs(60));
    node.run(platform);
    assert_eq!(heard(&log), ["A", "B", "A", "B", "C"]);
}

/// The handler takes longer than the lease: it is made longer meanwhile, and the other node waits.
#[test]
fn two_nodes_do_not_run_a_slow_reactor_side_by_side() {
    let node = node();
    put(&node.side, "A", "0.5");
    let other = node.again();
    let log = Log::default();
    for side in [&node.side, &other] {
        let (lines, timer) = (Arc::clone(&log), node.time.timer());
        side.platform.react::<Tariff, _>("slow", move |_| {
            let (lines, timer) = (Arc::clone(&lines), timer.clone());
            lines.lock().expect("no panic").push("begin".to_owned());
            async move {
                timer.wait(Duration::from_secs(60)).await;
                lines.lock().expect("no panic").push("end".to_owned());
                Ok(())
            }
        });
    }
    let both = async {
        let mut second = None;
        let first = futures_util::future::join(node.side.platform.reactions_due(), async {
            node.time.timer().wait(Duration::from_secs(30)).await;
            second = other.platform.reactions_due().await.expect("a store");
        });
        first.await.0.expect("a store");
        assert!(second.is_some(), "the lease ends some time");
    };
    node.time.run(both).expect("it does not hang");
    assert_eq!(heard(&log), ["begin", "end"]);
    assert_eq!(node.run(&other.platform), None);
    assert_eq!(heard(&log), [""; 0]);
}

/// Many handlers that are each quicker than the lease together outlast it: it is made longer between them, too.
#[test]
fn a_batch_outlasts_the_lease() {
    let node = node();
    for id in ["A", "B", "C", "D", "E", "F"] {
        put(&node.side, id, "0.5");
    }
    let other = node.again();
    let log = Log::default();
    for side in [&node.side, &other] {
        let (lines, timer) = (Arc::clone(&log), node.time.timer());
        side.platform.react::<Tariff, _>("slow", move |change| {
            let (lines, timer) = (Arc::clone(&lines), timer.clone());
            async move {
                lines.lock().expect("no panic").push(change.at.key.tariff_id.to_string());
                timer.wait(Duration::from_millis(1_900)).await;
                Ok(())
            }
        });
    }
    let second = async {
        for _ in 0..10 {
            node.time.timer().wait(Duration::from_secs(1)).await;
            other.platform.reactions_due().await.expect("a store");
        }
    };
    let both = futures_util::future::join(node.side.platform.reactions_due(), second);
    node.time.run(both).expect("it does not hang").0.expect("a store");
    assert_eq!(heard(&log), ["A", "B", "C", "D", "E", "F"]);
}

/// A tick and a loop of one process: the same reactor does not run twice, and two syncs of a list do not mix.
#[test]
fn one_process_does_nothing_twice_at_once() {
    let node = node();
    put(&node.side, "A", "0.5");
    let log = Log::default();
    let (lines, timer) = (Arc::clone(&log), node.time.timer());
    node.side.platform.react::<Tariff, _>("slow", move |_| {
        let (lines, timer) = (Arc::clone(&lines), timer.clone());
        async move {
            timer.wait(Duration::from_secs(1)).await;
            lines.lock().expect("no panic").push("end".to_owned());
            Ok(())
        }
    });
    let platform = &node.side.platform;
    let both = futures_util::future::join(platform.reactions_due(), platform.reactions_due());
    node.time.run(both).expect("it does not hang").0.expect("a store");
    assert_eq!(heard(&log), ["end"]);
}

#[test]
fn changed_parts_and_members_are_named() {
    let node = node();
    node.side.put::<Location>(&location_json("NL/ALF", "L1", "10:00:00"));
    let log = Log::default();
    let lines = Arc::clone(&log);
    let platform = &node.side.platform;
    platform.react::<Location, _>("map", move |change| {
        assert!(change.now.is_some() && !change.in_doubt);
        let line = format!("{:?} {:?} by {}", change.parts, change.members, change.by.expect("a cause"));
        lines.lock().expect("no panic").push(line);
        async { Ok(()) }
    });
    node.run(platform);
    heard(&log);
    let location: Location = node.side.all::<Location>().remove(0);
    let uid = location.evses.first().expect("an EVSE").uid.clone();
    let at = Owned {
        owner: location.identity().owner,
        key: EvseKey { location_id: location.id, evse_uid: uid.clone() },
    };
    let patch = EvsePatch {
        status: Status::Charging.into(),
        last_updated: ocpi_testkit::time("11:00:00").into(),
        ..EvsePatch::default()
    };
    block_on(platform.objects().patch::<Evse>(&at, patch)).expect("a store");
    node.run(platform);
    let key = uid.as_str().to_ascii_lowercase();
    assert_eq!(heard(&log), [format!("[{:?}] Some([\"{key}/status\"]) by the application", uid.as_str())]);
}

#[test]
fn a_stream_gives_changes_and_errors_of_gaps() {
    let node = node();
    put(&node.side, "A", "0.5");
    let platform = &node.side.platform;
    let mut changes = platform.changes::<Tariff>(Position::START);
    let first = block_on(changes.next()).expect("no end").expect("a store");
    assert_eq!((first.at.key.tariff_id.as_str(), first.by), ("A", Some(Cause::Here)));
    assert_eq!(first.members, None);
    put(&node.side, "A", "0.55");
    let second = block_on(changes.next()).expect("no end").expect("a store");
    assert_eq!(second.members, Some(vec!["elements".to_owned()]));
    assert!(second.position > first.position);
    // From a position on; and what was purged before it was read is told.
    put(&node.side, "B", "0.5");
    let mut later = platform.changes::<Tariff>(first.position);
    assert_eq!(block_on(later.next()).expect("no end").expect("a store").at.key.tariff_id, "A");
    for id in ["A", "B"] {
        let at = Owned { key: TariffKey { tariff_id: id.parse().expect("an id") }, ..tariff("A").identity() };
        block_on(platform.objects().delete::<Tariff>(&at)).expect("a store");
    }
    node.time.advance(Duration::from_secs(3_600));
    node.side.store.purge(node.time.clock().now());
    put(&node.side, "C", "0.5");
    let mut late = platform.changes::<Tariff>(first.position);
    assert!(matches!(block_on(late.next()), Some(Err(Error::ChangesPurged))));
    assert_eq!(block_on(late.next()).expect("no end").expect("a store").at.key.tariff_id, "C");
}

#[test]
fn a_page_gets_events_and_goes_on_where_it_was() {
    let node = node();
    put(&node.side, "A", "0.5");
    put(&node.side, "B", "0.5");
    let platform = &node.side.platform;
    let mut events = platform.changes::<Tariff>(Position::START).into_events();
    let event = String::from_utf8(block_on(events.next()).expect("no end").expect("never")).expect("a text");
    let mut lines = event.lines();
    let id = lines.next().and_then(|line| line.strip_prefix("id: ")).expect("an id").to_owned();
    assert_eq!(lines.next(), Some("event: Tariff"));
    let data = lines.next().and_then(|line| line.strip_prefix("data: ")).expect("data");
    assert_eq!(parse::<Tariff>(data), node.side.all::<Tariff>()[0]);
    assert!(event.ends_with("\n\n"));
    let mut headers = http::HeaderMap::new();
    assert_eq!(ServerSentEvents::<Tariff, Arc<Memory>>::last_seen(&headers), None);
    headers.insert("last-event-id", id.parse().expect("a header"));
    let after = ServerSentEvents::<Tariff, Arc<Memory>>::last_seen(&headers).expect("a position");
    let mut events = platform.changes::<Tariff>(after).into_events();
    let event = String::from_utf8(block_on(events.next()).expect("no end").expect("never")).expect("a text");
    assert!(event.contains(r#""id":"B""#), "{event}");
    // A sign of life where there is nothing to tell.
    assert_eq!(block_on(events.next()).expect("no end").expect("never"), b":\n\n");
}

/// A guard sees both sides inside the write, and what it refuses is not stored.
#[test]
fn a_guard_refuses() {
    let (_, cpo, emsp) = ocpi_testkit::registered();
    emsp.platform.guard(|step: &Step<'_, Location>| match (step.before, step.after) {
        (Some(before), Some(after)) if before.city != after.city => {
            Err(Refusal::invalid("a location keeps its city"))
        }
        _ => Ok(()),
    });
    let push = |json: &str| {
        let put = ocpi_types::endpoint::Put::of(parse::<Location>(json));
        block_on(cpo.platform.send("emsp", &put)).map(drop)
    };
    push(&location_json("NL/ALF", "L1", "10:00:00")).expect("taken");
    push(&location_json("NL/ALF", "L1", "10:01:00")).expect("taken");
    let moved = location_json("NL/ALF", "L1", "10:02:00").replace(r#""city": ""#, r#""city": "New "#);
    let Err(Error::Client(refused)) = push(&moved) else { panic!("not refused") };
    assert!(refused.is_refused_by_partner());
    assert_eq!(refused.partner_message(), Some("a location keeps its city"));
    assert!(!emsp.all::<Location>()[0].city.as_str().starts_with("New"));
    // What the application writes is guarded, too; a list loses the refused object only.
    let moved: Location = parse(&moved);
    assert!(block_on(emsp.platform.objects().put(&moved.identity(), moved.clone())).is_err());
    let asked = ocpi_testkit::time("11:00:00");
    let by = Cause::Sync("cpo".parse().expect("an id"));
    let page = vec![moved, parse(&location_json("NL/ALF", "L2", "10:04:00"))];
    let answers = block_on(emsp.platform.objects().answer_all(page, asked, asked, &by)).expect("a store");
    assert_eq!(answers.iter().map(Result::is_ok).collect::<Vec<_>>(), [false, true]);
    assert_eq!(emsp.all::<Location>().len(), 2);
}

/// Published objects are guarded as well: a step that is refused is not stored, and nobody is told.
#[test]
fn a_guard_sees_what_is_published() {
    let node = node().side.platform;
    node.guard(|step: &Step<'_, Location>| match (step.before, step.after) {
        (Some(before), Some(after)) if before.city != after.city => {
            Err(Refusal::invalid("a location keeps its city"))
        }
        (Some(_), None) => Err(Refusal::invalid("a location stays")),
        _ => Ok(()),
    });
    let first = location_json("NL/ALF", "L1", "10:00:00");
    let later = location_json("NL/ALF", "L1", "10:01:00");
    block_on(node.publish(parse::<Location>(&first))).expect("taken");
    block_on(node.publish(parse::<Location>(&later))).expect("the same city");
    let moved = location_json("NL/ALF", "L1", "10:02:00").replace(r#""city": ""#, r#""city": "New "#);
    let moved: Location = parse(&moved);
    assert!(block_on(node.publish(moved.clone())).is_err());
    let patch = LocationPatch { city: moved.city.clone().into(), ..LocationPatch::default() };
    assert!(block_on(node.patch::<Location>(&moved.identity(), patch)).is_err());
    let kept = block_on(node.objects().get::<Location>(&moved.identity())).expect("a store");
    assert_eq!(kept, Some(parse(&later)));
}

/// Two platforms on one SQLite file: the place outlives both.
#[test]
fn a_place_is_kept_in_a_database() {
    let directory = tempfile::tempdir().expect("a directory");
    let url = format!("sqlite:{}", directory.path().join("emsp.db").display());
    let roles: Vec<CredentialsRole> = parse_list(&roles_json(&[("CPO", "NL", "ALF")]));
    let open = |name: &'static str| {
        let store: AnyStore = block_on(ocpi_store::open(&url)).expect("a database");
        let settings = Settings::new("https://cpo.example/ocpi".parse().expect("a URL"), roles[0].clone());
        let settings = Settings { secrets: counted_random(name), ..settings };
        block_on(Platform::open(settings, store, Network::default())).expect("a platform")
    };
    let put = |objects: &Objects<AnyStore>, id: &str| {
        let tariff = tariff(id);
        block_on(objects.put(&tariff.identity(), tariff)).expect("a store");
    };
    for (name, id) in [("one", "A"), ("two", "B")] {
        let platform = open(name);
        put(platform.objects(), id);
        let log = listen(&platform, Reaction::default(), &good());
        block_on(platform.reactions_due()).expect("a store");
        assert_eq!(heard(&log), [id]);
    }
}

/// The key of a deleted object is read from its address.
#[test]
fn a_deleted_object_is_named() {
    let node = node();
    let location: Location = parse(&location_json("NL/ALF", "L1", "10:00:00"));
    let at =
        Owned { key: LocationKey { location_id: "odd/id %".parse().expect("an id") }, ..location.identity() };
    let mut odd = location;
    odd.id = at.key.location_id.clone();
    let objects = node.side.platform.objects();
    block_on(objects.put(&at, odd)).expect("a store");
    let mut changes = node.side.platform.changes::<Location>(Position::START);
    assert_eq!(block_on(changes.next()).expect("no end").expect("a store").at, at);
    block_on(objects.delete::<Location>(&at)).expect("a store");
    let gone = block_on(changes.next()).expect("no end").expect("a store");
    assert_eq!((gone.at, gone.now.is_none(), gone.by), (at, true, None));
}
