//! Several nodes on one store: one serves a partner, and another one goes on where it was.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::join;
use ocpi_platform::{Platform, Settings, Spawn};
use ocpi_store::Sqlite;
use ocpi_testkit::{Fate, Network, PlatformSetup, SimulatedTime, cdr_json, counted_random, parse};
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::locations::{Location, Status};

use super::world::{Fault, World, cdrs, location, set_status};

/// A second node on the CPO's store.
fn second(world: &World) -> Arc<ocpi_testkit::NetworkedPlatform> {
    let setup = PlatformSetup {
        clock: world.time.clock(),
        timer: world.time.timer(),
        store: Arc::clone(&world.cpo.store),
        ..PlatformSetup::new("cpo", &[("CPO", "NL", "ALF")])
    };
    setup.open(&world.network).platform
}

#[test]
fn one_node_serves_a_partner() {
    let world = World::new();
    world.run(1, async {});
    world.take_got();
    let (first, other, timer) = (&world.cpo.platform, second(&world), world.time.timer());
    let life = |seconds: u64| timer.wait(Duration::from_secs(seconds));
    let work = async {
        for number in 0..20 {
            let on = if number % 2 == 0 { first } else { &other };
            let text = location(&format!("L{number}"), 1, "10:00:00");
            on.publish(parse::<Location>(&text)).await.expect("published");
            life(1).await;
        }
    };
    world.time.run(join(join(first.run(life(40)), other.run(life(40))), work)).expect("no hang");
    assert_eq!(world.lines().len(), 20);
    assert!(world.is_same());
}

#[test]
fn a_node_that_dies_is_taken_over_within_ten_seconds() {
    let world = World::new();
    world.publish::<Location>(&location("L1", 2, "10:00:00"));
    world.run(3, async {});
    world.take_got();
    let (other, timer) = (second(&world), world.time.timer());
    // The first one dies while its request is under way: its answer is never heard.
    world.fault([Fault::AnswerLost]);
    let dies = timer.within(Duration::from_secs(4), world.cpo.platform.run(std::future::pending()));
    let publishes = async {
        timer.wait(Duration::from_millis(3_500)).await;
        set_status(&other, "L1", "E1", Status::Charging).await;
    };
    world.time.run(join(dies, publishes)).expect("no hang");
    world.status("L1", "E1", Status::Blocked);
    world.take_got();
    let looks = async {
        timer.wait(Duration::from_secs(9)).await;
        assert!(world.is_same(), "taken over");
        // What the dead one may have under way does not have the last word: after its flight the whole is sent once more.
        world.take_got();
        timer.wait(Duration::from_secs(90)).await;
        let got = world.take_got();
        assert!(got.len() == 1 && got[0].method == http::Method::PUT, "{got:?}");
    };
    world.time.run(join(other.run(timer.wait(Duration::from_secs(100))), looks)).expect("no hang");
}

#[test]
fn a_node_that_was_asleep_changes_nothing() {
    let world = World::new();
    world.publish::<Location>(&location("L1", 2, "10:00:00"));
    world.live(2);
    // It is asleep for longer than its lease, and another one takes over.
    world.time.advance(Duration::from_secs(30));
    let other = second(&world);
    world.status("L1", "E1", Status::Charging);
    world.time.run(other.tick()).expect("no hang").expect("a tick");
    world.take_got();
    world.status("L1", "E2", Status::Blocked);
    world.live(3);
    assert_eq!(world.lines(), [""; 0], "the lease is another's");
    world.time.run(other.tick()).expect("no hang").expect("a tick");
    assert!(world.is_same());
}

#[test]
fn nothing_is_lost_in_a_restart_on_sqlite() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("cpo.db");
    let (time, network) = (SimulatedTime::default(), Network::default());
    let emsp =
        PlatformSetup { clock: time.clock(), timer: time.timer(), ..PlatformSetup::emsp() }.open(&network);
    network.add_router(
        "emsp.example",
        emsp.platform.router(|routes| routes.emsp(emsp.platform.objects())).unwrap(),
    );
    let open = |name: &str| {
        let base = "https://cpo.example/ocpi".parse().unwrap();
        let roles: Vec<ocpi_types::v2_3_0::credentials::CredentialsRole> =
            ocpi_testkit::parse_list(&ocpi_testkit::roles_json(&[("CPO", "NL", "ALF")]));
        let settings = Settings {
            clock: time.clock(),
            timer: time.timer(),
            secrets: counted_random(name),
            rate: None,
            ..Settings::new(base, roles[0].clone())
        };
        let store = Sqlite::builder(&path).clock(time.clock()).open().expect("a store");
        let cpo = Arc::new(
            pollster::block_on(Platform::open(settings, store, network.clone())).expect("a platform"),
        );
        network.add_router("cpo.example", cpo.router(|routes| routes.cpo(cpo.objects())).expect("a router"));
        cpo
    };
    let cpo = open("cpo");
    let token = pollster::block_on(cpo.invite("emsp", emsp.allow())).unwrap();
    let allow = ocpi_platform::Allow::default().party(ocpi_testkit::party("NL/ALF")).host("cpo.example");
    let versions = "https://cpo.example/ocpi/versions".parse().unwrap();
    pollster::block_on(emsp.platform.register("cpo", versions, token, allow)).unwrap();
    pollster::block_on(cpo.tick()).unwrap();
    // The partner hears nothing until the process has ended.
    network.watch(|request| (request.uri().host() == Some("emsp.example")).then_some(Fate::Lost));
    pollster::block_on(cpo.publish(parse::<Location>(&location("L1", 2, "10:00:00")))).unwrap();
    pollster::block_on(cpo.publish(parse::<Cdr>(&cdr_json("NL/ALF", "CDR1", "10:00:00")))).unwrap();
    pollster::block_on(cpo.tick()).unwrap();
    assert_eq!((emsp.all::<Location>().len(), cdrs(&emsp).len()), (0, 0));
    drop(cpo);
    network.calm();
    // The dead process has the lease for some seconds more.
    let cpo = open("cpo again");
    for _ in 0..10 {
        pollster::block_on(cpo.tick()).unwrap();
        time.advance(Duration::from_secs(3));
    }
    assert_eq!((emsp.all::<Location>().len(), cdrs(&emsp).len()), (1, 1));
    let lag = pollster::block_on(cpo.deliveries("emsp").lag()).unwrap();
    assert_eq!((lag.messages, lag.dead), (0, 0));
}

/// A platform that runs tells its reactors of a change when it happens, not at the next tick.
#[test]
fn reactors_are_told_at_once() {
    let (time, network) = (SimulatedTime::default(), Network::default());
    let setup = PlatformSetup {
        clock: time.clock(),
        timer: time.timer(),
        spawn: Spawn::new(pollster::block_on),
        ..PlatformSetup::new("cpo", &[("CPO", "NL", "ALF")])
    };
    let cpo = setup.open(&network).platform;
    let (heard, clock, timer) = (Arc::new(Mutex::new(Vec::new())), time.clock(), time.timer());
    let (log, at) = (Arc::clone(&heard), clock.clone());
    cpo.react::<Location, _>("log", move |change| {
        let (log, now) = (Arc::clone(&log), at.now());
        async move {
            log.lock().expect("no panic").push((change.at.key.location_id.to_string(), now));
            Ok(())
        }
    });
    let work = async {
        timer.wait(Duration::from_millis(1_300)).await;
        let published = clock.now();
        cpo.publish(parse::<Location>(&location("L1", 1, "10:00:00"))).await.expect("published");
        timer.wait(Duration::from_secs(1)).await;
        published
    };
    let life = cpo.run(timer.wait(Duration::from_secs(4)));
    let ((), published) = time.run(join(life, work)).expect("no hang");
    assert_eq!(*heard.lock().expect("no panic"), [("L1".to_owned(), published)]);
}
