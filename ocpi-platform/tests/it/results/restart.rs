//! Results survive a restart, in memory and in a file, and two nodes agree on them.

use std::sync::Arc;

use http::Method;
use ocpi_platform::{AsyncRequest, Outcome, Platform, ResultId};
use ocpi_server_traits::storage::AnyStore;
use ocpi_server_traits::{Memory, Router, Timer};
use ocpi_testkit::{Network, PlatformSetup, SteppedClock, TestPlatform};
use ocpi_types::v2_3_0::commands::CommandResultType::{Accepted, Failed};
use ocpi_types::v2_3_0::commands::StopSession;
use pollster::block_on;

use super::world::{Told, post, register, settings_of_emsp, statuses};

type Emsp = Arc<Platform<AnyStore, Network>>;

/// A CPO, and an eMSP on a store that it may be opened on again.
struct Roaming {
    network: Network,
    cpo: TestPlatform,
    clock: SteppedClock,
    told: Told,
}

impl Roaming {
    fn new() -> Self {
        let network = Network::default();
        let cpo = PlatformSetup::cpo().open(&network);
        Self { network, cpo, clock: SteppedClock::default(), told: Told::default() }
    }

    /// A CPO with which an eMSP on this store is registered.
    fn registered(store: &AnyStore) -> (Self, Emsp) {
        let world = Self::new();
        let emsp = world.open(store);
        register(&world.cpo, &emsp);
        (world, emsp)
    }

    /// Opens the eMSP. What comes to it is answered by the one that was opened last.
    fn open(&self, store: &AnyStore) -> Emsp {
        // A store on a disk is not ready at once: nothing ends by waiting.
        let timer = Timer::new(|_| std::future::pending());
        let settings = settings_of_emsp(&self.clock, timer, &self.told);
        let platform = block_on(Platform::open(settings, store.clone(), self.network.clone()));
        let platform = Arc::new(platform.expect("a platform"));
        let router: Router = platform.router(|routes| platform.mount_results(routes)).expect("a router");
        self.network.add_router("emsp.example", router);
        platform
    }

    fn told(&self) -> Vec<String> {
        std::mem::take(&mut *self.told.lock().expect("no panic"))
    }
}

fn stop(emsp: &Emsp) -> ResultId {
    block_on(emsp.stop_session("cpo", &"S1".parse().expect("an id"))).expect("accepted").id().clone()
}

fn outcome(
    emsp: &Emsp,
    id: &ResultId,
) -> Option<Outcome<<StopSession as AsyncRequest>::Result, ocpi_types::v2_3_0::commands::CommandResponse>> {
    let handle = block_on(emsp.result_of::<StopSession>(id)).expect("a store").expect("it is known");
    block_on(handle.outcome()).expect("a store")
}

/// Runs a test on stores that are opened again and again: in memory, and in a file of SQLite.
fn on_both(test: impl Fn(&dyn Fn() -> AnyStore)) {
    let memory = Arc::new(Memory::new());
    test(&|| AnyStore::new(Arc::clone(&memory)));
    let directory = tempfile::tempdir().expect("a directory");
    let url = format!("sqlite:{}", directory.path().join("ocpi.db").display());
    test(&|| block_on(ocpi_store::open(&url)).expect("a store"));
}

#[test]
fn a_restart_at_any_time_loses_no_result() {
    on_both(|open| {
        let (world, emsp) = Roaming::registered(&open());

        // Between the answer and the result.
        let id = stop(&emsp);
        let url = world.cpo.chargers.response_url();
        drop(emsp);
        let emsp = world.open(&open());
        let pending = block_on(emsp.pending()).expect("a store");
        assert_eq!((pending.len(), &pending[0].id), (1, &id));
        assert_eq!(outcome(&emsp, &id), None);
        post(&world.cpo, &url, Accepted).expect("awaited");

        // Between the result and whoever waits for it.
        drop(emsp);
        let emsp = world.open(&open());
        assert!(outcome(&emsp, &id).expect("it is there").is_accepted());
        assert!(block_on(emsp.pending()).expect("a store").is_empty());
        post(&world.cpo, &url, Accepted).expect("a repeat");
        assert_eq!(statuses(&post(&world.cpo, &url, Failed).expect_err("another")), (200, 2001));
        assert_eq!(world.told(), ["cpo STOP_SESSION result.repeated", "cpo STOP_SESSION result.changed"]);
        assert!(outcome(&emsp, &id).expect("it is there").is_accepted());

        // Past the deadline: nobody was there to end the wait.
        let id = stop(&emsp);
        let url = world.cpo.chargers.response_url();
        drop(emsp);
        world.clock.advance(35);
        let emsp = world.open(&open());
        post(&world.cpo, &url, Accepted).expect("late");
        assert_eq!(world.told(), ["cpo STOP_SESSION result.late"]);
        assert_eq!(outcome(&emsp, &id), Some(Outcome::TimedOut));
        let handle = block_on(emsp.result_of::<StopSession>(&id)).expect("a store").expect("it is known");
        assert_eq!(block_on(handle.late_result()).expect("a store").map(|late| late.result), Some(Accepted));
    });
}

/// The process dies while the partner works on the request: it is stored before it is sent.
#[test]
fn a_request_is_stored_before_it_is_sent() {
    on_both(|open| {
        let (world, emsp) = Roaming::registered(&open());
        let seen = Arc::new(std::sync::Mutex::new(None));
        let (noted, other) = (Arc::clone(&seen), Arc::clone(&emsp));
        world.network.watch(move |request| {
            if *request.method() == Method::POST && request.uri().path().contains("/commands/") {
                noted.lock().expect("no panic").get_or_insert_with(|| {
                    block_on(other.pending())
                        .expect("a store")
                        .into_iter()
                        .map(|it| it.id)
                        .collect::<Vec<_>>()
                });
            }
            None
        });
        let id = stop(&emsp);
        assert_eq!(seen.lock().expect("no panic").clone(), Some(vec![id]));
    });
}

/// Two nodes on one store: one sends, the other gets the result, and each says the same.
#[test]
fn two_nodes_agree() {
    on_both(|open| {
        let world = Roaming::new();
        let (one, two) = (world.open(&open()), world.open(&open()));
        register(&world.cpo, &two);
        let id = stop(&one);
        post(&world.cpo, &world.cpo.chargers.response_url(), Failed).expect("awaited");
        for node in [&one, &two] {
            assert!(
                matches!(outcome(node, &id), Some(Outcome::Unsuccessful(result)) if result.result == Failed)
            );
        }

        // The one node says that no result came, so the other takes none.
        let id = stop(&one);
        let url = world.cpo.chargers.response_url();
        world.clock.advance(35);
        assert_eq!(outcome(&one, &id), Some(Outcome::TimedOut));
        world.clock.advance(-35);
        post(&world.cpo, &url, Accepted).expect("late, whatever the clock says");
        assert_eq!(outcome(&two, &id), Some(Outcome::TimedOut));
        assert_eq!(world.told(), ["cpo STOP_SESSION result.missing", "cpo STOP_SESSION result.late"]);
    });
}

/// Results that come at the same time: one is the outcome, in a file as in memory.
#[test]
fn one_of_many_results_at_once_is_the_outcome() {
    on_both(|open| {
        let (world, emsp) = Roaming::registered(&open());
        let id = stop(&emsp);
        let url = world.cpo.chargers.response_url();
        let taken: usize = std::thread::scope(|scope| {
            let posts: Vec<_> = (0..8)
                .map(|number| {
                    let (cpo, url) = (&world.cpo, &url);
                    let result = if number % 2 == 0 { Accepted } else { Failed };
                    scope.spawn(move || usize::from(post(cpo, url, result).is_ok()))
                })
                .collect();
            posts.into_iter().map(|post| post.join().expect("no panic")).sum()
        });
        // One is taken and three repeat it; four are another.
        assert_eq!(taken, 4);
        let told = world.told();
        let count = |rule: &str| told.iter().filter(|line| line.ends_with(rule)).count();
        assert_eq!((count("result.repeated"), count("result.changed")), (3, 4));
        assert!(outcome(&emsp, &id).expect("it is there").result().is_some());
    });
}

/// The part of a URL that nobody can guess is not in the store.
#[test]
fn the_store_holds_no_secret_of_a_url() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("ocpi.db");
    let store = block_on(ocpi_store::open(&format!("sqlite:{}", file.display()))).expect("a store");
    let (world, emsp) = Roaming::registered(&store);
    let id = stop(&emsp);
    let url = world.cpo.chargers.response_url();
    let secret = url.as_str().rsplit('/').next().expect("a segment").as_bytes();
    drop((emsp, store));
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(directory.path()).expect("a directory") {
        bytes.extend(std::fs::read(entry.expect("a file").path()).expect("a file"));
    }
    let holds = |text: &[u8]| bytes.windows(text.len()).any(|window| window == text);
    assert!(holds(id.as_str().as_bytes()) && !holds(secret));
}
