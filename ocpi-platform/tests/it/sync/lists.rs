//! Lists that are synced: counts, deltas, what goes, what stays, and where it goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ocpi_client::paging::{Budget, Stop};
use ocpi_platform::{Incomplete, Sweep, SyncOptions, Synced};
use ocpi_server_traits::Memory;
use ocpi_server_traits::storage::{Address, StoreExt, take};
use ocpi_testkit::{
    Network, PlatformSetup, SteppedClock, TestPlatform, respond, session_json, success, tariff_json,
};
use ocpi_types::Version;
use ocpi_types::endpoint::{Owned, RootResource, TariffKey};
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tariffs::Tariff;
use pollster::block_on;

use super::{page, queries, world};
use crate::calls::World;

fn sync(world: &World, options: &SyncOptions) -> Synced {
    world.run(world.emsp.platform.sync::<Tariff>("cpo", options)).0.expect("synced")
}

fn tariffs(side: &TestPlatform) -> usize {
    side.all::<Tariff>().len()
}

fn counts(synced: &Synced) -> [u64; 3] {
    [synced.created, synced.changed, synced.unchanged]
}

#[test]
fn what_came_is_counted_with_ids_and_reasons() {
    let world = world();
    world.answers(|_, _| {
        page(&[
            tariff_json("NL/ALF", "A", "10:00:00"),
            r#"{"country_code": "NL", "party_id": "ALF", "id": "PART", "currency": "EUR"}"#.to_owned(),
            r#"{"id": "BAD", "elements": 7}"#.to_owned(),
            "[]".to_owned(),
            tariff_json("BE/OTH", "X", "10:00:00"),
        ])
    });
    let synced = sync(&world, &SyncOptions::full());
    assert_eq!(counts(&synced), [1, 0, 1], "the delta has seen it again");
    let ids: Vec<_> = synced.reasons.iter().filter_map(|item| item.id.as_deref()).collect();
    assert!(ids.contains(&"PART") && ids.contains(&"BAD"), "{:?}", ids);
    assert!(synced.reasons.iter().all(|item| !item.reason.is_empty()));
    assert!(synced.partial + synced.rejected >= 3 && synced.foreign >= 1, "{synced}");
    assert_eq!(synced.foreign_at[0], Address::new("Tariff", "BE/OTH", "x"));
    assert_eq!(synced.incomplete, Some(Incomplete::Unsure(ocpi_client::paging::Doubt::ObjectsWithoutId)));
    assert!(!format!("{synced:?}").contains("BAD"), "ids may be drivers'");
    assert!(!synced.findings.is_empty());
}

#[test]
fn a_delta_asks_since_the_watermark_and_writes_what_changed() {
    let world = world();
    world.answers(|_, _| {
        page(&[tariff_json("NL/ALF", "A", "10:00:00"), tariff_json("NL/ALF", "B", "11:00:00")])
    });
    let first = sync(&world, &SyncOptions::delta());
    assert_eq!(first.watermark, "2026-11-22T11:00:00Z".parse().ok());
    assert_eq!(queries(&world), ["", "date_from=2026-11-22T10%3A55%3A00Z"]);
    let at = |id: &str| Address::new("Tariff", "NL/ALF", id);
    let revision =
        |id: &str| block_on(world.emsp.store.get(&at(id))).expect("a store").expect("there").revision;
    let (a, b) = (revision("a"), revision("b"));
    world.answers(|_, _| {
        page(&[
            tariff_json("NL/ALF", "A", "10:00:00"),
            tariff_json("NL/ALF", "B", "11:30:00").replace("0.45", "0.50"),
        ])
    });
    let delta = sync(&world, &SyncOptions::delta());
    assert_eq!((counts(&delta), delta.is_complete()), ([0, 1, 1], true));
    assert_eq!(queries(&world), ["date_from=2026-11-22T10%3A55%3A00Z"]);
    assert!(revision("a") == a && revision("b") > b);
    // A window leaves the watermark.
    let (from, to) =
        ("2026-11-01T00:00:00Z".parse().expect("a time"), "2026-11-02T00:00:00Z".parse().expect("a time"));
    let window = sync(&world, &SyncOptions::window(from, to));
    assert_eq!(window.watermark, "2026-11-22T11:30:00Z".parse().ok());
    assert_eq!(queries(&world), ["date_from=2026-11-01T00%3A00%3A00Z&date_to=2026-11-02T00%3A00%3A00Z"]);
}

fn remove(side: &TestPlatform, ids: impl IntoIterator<Item = u32>) {
    for id in ids {
        let key = TariffKey { tariff_id: format!("T{id}").parse().expect("an id") };
        let at = Owned { owner: ocpi_testkit::party("NL/ALF"), key };
        assert!(block_on(side.platform.objects().delete::<Tariff>(&at)).expect("a store"));
    }
}

#[test]
fn what_two_whole_lists_do_not_have_goes() {
    let world = world();
    for id in 0..30 {
        world.cpo.put::<Tariff>(&tariff_json("NL/ALF", &format!("T{id}"), "10:00:00"));
    }
    assert_eq!(sync(&world, &SyncOptions::full()).created, 30);
    remove(&world.cpo, [3, 4]);
    world.time.advance(Duration::from_secs(60));
    let first = sync(&world, &SyncOptions::full());
    assert!(first.vanished.is_empty() && tariffs(&world.emsp) == 30);
    let list = block_on(world.emsp.platform.lists("cpo")).expect("a store").remove(0);
    assert_eq!((list.absent.len(), list.kind.as_str(), list.held), (2, "Tariff", 0));
    // One is there again.
    world.cpo.put::<Tariff>(&tariff_json("NL/ALF", "T4", "10:30:00"));
    assert!(sync(&world, &SyncOptions::delta()).is_complete());
    world.time.advance(Duration::from_secs(60));
    assert!(sync(&world, &SyncOptions::full().sweep(Sweep::Never)).vanished.is_empty());
    let second = sync(&world, &SyncOptions::full());
    assert_eq!(second.vanished, [Address::new("Tariff", "NL/ALF", "t3")]);
    assert_eq!(tariffs(&world.emsp), 29);
}

/// The partner has lost half of its data: ours stays until an operator has looked at it.
#[test]
fn too_many_are_held() {
    let world = world();
    for id in 0..30 {
        world.cpo.put::<Tariff>(&tariff_json("NL/ALF", &format!("T{id}"), "10:00:00"));
    }
    assert!(sync(&world, &SyncOptions::full()).is_complete());
    remove(&world.cpo, 0..15);
    for _ in 0..3 {
        world.time.advance(Duration::from_secs(60));
        let synced = sync(&world, &SyncOptions::full());
        assert_eq!((synced.held.len(), synced.vanished.len(), tariffs(&world.emsp)), (15, 0, 30));
        assert_eq!(block_on(world.emsp.platform.lists("cpo")).expect("a store")[0].held, 15);
    }
    let forced = sync(&world, &SyncOptions::full().sweep(Sweep::Forced));
    assert_eq!((forced.held.len(), forced.vanished.len(), tariffs(&world.emsp)), (0, 15, 15));
}

#[test]
fn sessions_stay_whatever_lists_show() {
    let world = world();
    world.answers(|_, _| page(&[session_json("NL/ALF", "S1", "10:00:00")]));
    let full =
        || world.run(world.emsp.platform.sync::<Session>("cpo", &SyncOptions::full())).0.expect("synced");
    assert_eq!(full().created, 1);
    // OCPI demands a date: what is 30 days old is enough for a start.
    assert_eq!(queries(&world)[0], "date_from=2026-10-23T12%3A00%3A00Z");
    world.answers(|_, _| page(&[]));
    for _ in 0..3 {
        world.time.advance(Duration::from_secs(60));
        let synced = full();
        assert!(synced.vanished.is_empty() && synced.held.is_empty());
    }
    assert_eq!(world.emsp.all::<Session>().len(), 1);
}

/// A CPO and an eMSP of 2.1.1 that are registered, and the clock of the eMSP.
fn of_2_1_1() -> (Network, SteppedClock, TestPlatform, TestPlatform) {
    let network = Network::default();
    let cpo = PlatformSetup {
        versions: vec![Version::V2_1_1],
        ..PlatformSetup::new("cpo", &[("CPO", "NL", "ALF")])
    };
    let cpo = cpo.open(&network);
    let stepped = SteppedClock::default();
    let emsp = PlatformSetup {
        versions: vec![Version::V2_1_1],
        clock: stepped.clock(),
        store: Arc::new(Memory::with_clock(stepped.clock())),
        ..PlatformSetup::emsp()
    };
    let emsp = emsp.open(&network);
    emsp.register_with(&cpo, "cpo", "emsp").expect("registered");
    (network, stepped, cpo, emsp)
}

/// A list that is read in two runs: what the first one could not read is not taken for gone.
#[test]
fn unreadable_objects_of_an_earlier_run_stay() {
    let (network, stepped, cpo, emsp) = of_2_1_1();
    for id in 10..30 {
        cpo.put::<Tariff>(&tariff_json("NL/ALF", &format!("T{id}"), "10:00:00"));
    }
    let run = |options: &SyncOptions| block_on(emsp.platform.sync::<Tariff>("cpo", options)).expect("synced");
    assert_eq!(run(&SyncOptions::full()).created, 20);
    let router = cpo.router;
    network.add_host("cpo.example", move |request| {
        let answer = block_on(router.call(request));
        let body = String::from_utf8(answer.body().to_vec()).expect("a text");
        let (head, broken) = (answer.into_parts().0, body.replace(r#""id":"T12""#, r#""id":7,"elements":7"#));
        http::Response::from_parts(head, broken.into())
    });
    for _ in 0..3 {
        stepped.advance(60);
        let first = SyncOptions::full().limit(10).budget(Budget { pages: 1, ..Budget::default() });
        let first = run(&first);
        assert_eq!(first.incomplete, Some(Incomplete::Stopped(Stop::Pages)));
        assert!(first.partial + first.rejected > 0, "{first}");
        let rest = run(&SyncOptions::full());
        assert!(rest.vanished.is_empty(), "{rest}");
    }
    assert_eq!(tariffs(&emsp), 20);
}

/// One object of the far future, by a partner that tells no time: what changes later is asked for all the same.
#[test]
fn a_watermark_is_never_in_the_future() {
    let world = world();
    world.answers(|_, _| {
        let far = tariff_json("NL/ALF", "A", "10:00:00").replace("2026-11-22T10", "2099-11-22T10");
        let answer = page(&[far]);
        let body = String::from_utf8(answer.body().to_vec()).expect("a text");
        let body = body.replace(r#""timestamp""#, r#""no_timestamp""#);
        http::Response::from_parts(answer.into_parts().0, body.into())
    });
    let synced = sync(&world, &SyncOptions::full());
    let now = world.time.clock().now();
    assert!(synced.watermark.is_some_and(|watermark| watermark <= now), "{:?}", synced.watermark);
}

/// A process that ends in the middle: another one goes on where it was, and ends with the same.
#[test]
fn a_sync_goes_on_in_another_process() {
    let world = world();
    for id in 0..250 {
        world.cpo.put::<Tariff>(&tariff_json("NL/ALF", &format!("T{id}"), "10:00:00"));
    }
    let router = world.cpo.router.clone();
    let is_down = Arc::new(AtomicBool::new(true));
    let down = Arc::clone(&is_down);
    world.answers(move |number, request| {
        if number >= 1 && down.load(Ordering::Relaxed) {
            return respond(400, &[], "");
        }
        let (parts, body) = request.clone().into_parts();
        block_on(router.call(http::Request::from_parts(parts, body)))
    });
    let failed = world.run(world.emsp.platform.sync::<Tariff>("cpo", &SyncOptions::full())).0;
    let failed = failed.expect_err("cut off");
    assert_eq!(
        (failed.synced().created, failed.synced().is_complete(), tariffs(&world.emsp)),
        (100, false, 100)
    );
    world.asked();
    is_down.store(false, Ordering::Relaxed);
    let other = world.setup.clone().open(&world.network);
    let rest = world.run(other.platform.sync::<Tariff>("cpo", &SyncOptions::full())).0.expect("synced");
    assert!(rest.is_complete(), "{rest}");
    assert_eq!((rest.created, tariffs(&other)), (150, 250));
    let first = queries(&world).remove(0);
    assert!(first.contains("offset="), "not from the beginning: {first}");
}

#[test]
fn a_budget_stops_and_afresh_begins_again() {
    let world = world();
    for id in 0..250 {
        world.cpo.put::<Tariff>(&tariff_json("NL/ALF", &format!("T{id}"), "10:00:00"));
    }
    let few = SyncOptions::full().budget(Budget { pages: 1, ..Budget::default() });
    let stopped = sync(&world, &few);
    assert_eq!((stopped.incomplete, stopped.created), (Some(Incomplete::Stopped(Stop::Pages)), 100));
    let all = sync(&world, &SyncOptions::full().afresh());
    assert_eq!((all.is_complete(), all.created), (true, 150));
    // A delta waits for a whole list that was begun.
    assert_eq!(sync(&world, &few).incomplete, Some(Incomplete::Stopped(Stop::Pages)));
    assert_eq!(sync(&world, &SyncOptions::delta()).incomplete, Some(Incomplete::FullUnderWay));
    assert!(sync(&world, &SyncOptions::full()).is_complete());
    assert!(sync(&world, &SyncOptions::delta()).is_complete());
}

#[test]
fn one_node_at_a_time_syncs_a_list() {
    let world = world();
    let held = block_on(take(&*world.emsp.store, "sync/cpo/Tariff", "another", Duration::from_secs(6)))
        .expect("a lease");
    world.answers(|_, _| page(&[]));
    let synced = sync(&world, &SyncOptions::full());
    assert_eq!(synced.incomplete, Some(Incomplete::Elsewhere { until: held.until }));
    assert!(world.asked().is_empty());
    world.time.advance(Duration::from_secs(7));
    assert!(sync(&world, &SyncOptions::full()).is_complete());
}

/// The partner's clock was an hour ahead and is put right: what it stamps now lies before the watermark.
#[test]
fn a_clock_that_is_put_back_costs_a_whole_list() {
    let world = world();
    world.answers(|_, _| {
        let ahead = success(&format!("[{}]", tariff_json("NL/ALF", "A", "13:00:00")));
        let body =
            String::from_utf8(ahead.body().to_vec()).expect("a text").replace("T12:00:00", "T13:00:00");
        respond(200, &[("x-total-count", "1")], &body)
    });
    assert_eq!(sync(&world, &SyncOptions::full()).watermark, "2026-11-22T13:00:00Z".parse().ok());
    world.answers(|_, request| {
        let is_delta = request.uri().query().is_some_and(|query| query.contains("T12%3A55"));
        let all = [tariff_json("NL/ALF", "A", "13:00:00"), tariff_json("NL/ALF", "B", "12:00:00")];
        page(if is_delta { &[] } else { &all })
    });
    let synced = sync(&world, &SyncOptions::delta());
    assert_eq!((synced.created, synced.is_complete()), (1, true));
    assert_eq!(synced.watermark, "2026-11-22T12:00:00Z".parse().ok());
    let queries = queries(&world);
    assert_eq!(queries[..2], ["date_from=2026-11-22T12%3A55%3A00Z", ""], "{queries:?}");
}

/// The token changes while the list is read.
#[test]
fn a_sync_outlives_a_rotation() {
    let world = world();
    for id in 0..250 {
        world.cpo.put::<Tariff>(&tariff_json("NL/ALF", &format!("T{id}"), "10:00:00"));
    }
    let platform = Arc::clone(&world.emsp.platform);
    let mut lists = 0;
    world.network.watch(move |request| {
        lists += u32::from(request.uri().path().ends_with("/tariffs"));
        if lists == 2 {
            lists += 1;
            block_on(platform.rotate("cpo")).expect("rotated");
        }
        None
    });
    let synced = sync(&world, &SyncOptions::full());
    assert_eq!((synced.created, synced.is_complete()), (250, true));
}

/// An object in doubt is settled by a list that shows it.
#[test]
fn doubts_are_settled_by_lists() {
    let world = world();
    let known = tariff_json("NL/ALF", "A", "10:00:00");
    world.emsp.put::<Tariff>(&known);
    let tariff: Tariff = ocpi_testkit::parse(&known.replace("0.45", "0.60"));
    let objects = world.emsp.platform.objects();
    let update = ocpi_server_traits::order::Update::put(tariff.clone());
    let arrival = ocpi_server_traits::order::Arrival::of(&update, world.time.clock().now());
    let by = ocpi_server_traits::Cause::Push { partner: "cpo".parse().expect("an id"), request_id: None };
    block_on(objects.take::<Tariff>(&tariff.identity(), update, arrival, &by)).expect("a store");
    assert_eq!(block_on(objects.doubts()).expect("a store").len(), 1);
    world.time.advance(Duration::from_secs(30));
    world.answers(move |_, _| page(&[tariff_json("NL/ALF", "A", "10:30:00").replace("0.45", "0.70")]));
    assert_eq!(sync(&world, &SyncOptions::full()).settled, 1);
    assert_eq!(block_on(objects.doubts()).expect("a store"), []);
}

/// Objects of 2.1.1 do not name their owner, and the partner knows no dates: what goes and what stays is the same.
#[test]
fn a_partner_of_2_1_1_is_synced_and_swept() {
    let (_network, stepped, cpo, emsp) = of_2_1_1();
    for id in 0..12 {
        cpo.put::<Tariff>(&tariff_json("NL/ALF", &format!("T{id}"), "10:00:00"));
    }
    let full = || block_on(emsp.platform.sync::<Tariff>("cpo", &SyncOptions::full())).expect("synced");
    assert_eq!(full().created, 12);
    remove(&cpo, [7]);
    for vanished in [0, 1, 0] {
        stepped.advance(60);
        let synced = full();
        assert_eq!(
            (synced.vanished.len(), synced.held.len(), synced.is_complete()),
            (vanished, 0, true),
            "{synced}"
        );
    }
    assert_eq!(tariffs(&emsp), 11);
}
