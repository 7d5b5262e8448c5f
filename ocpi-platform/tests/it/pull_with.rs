//! Pulls with options, and pulls that fail and go on.

use std::sync::Arc;

use bytes::Bytes;
use http::Response;
use ocpi_client::paging::{Budget, Cursor, Watermark};
use ocpi_platform::{Error, PullOptions};
use ocpi_server_traits::Quota;
use ocpi_testkit::{Fate, PlatformSetup, TestPlatform, respond, success, tariff_json};
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::{DateTime, Rate};
use pollster::block_on;

use super::calls::World;

fn ids(side: &TestPlatform) -> Vec<String> {
    side.all::<Tariff>().iter().map(|tariff| tariff.id.to_string()).collect()
}

/// The page of a list of 10 Tariffs that a request asks for, 2 on each.
fn page(request: &http::Request<Bytes>) -> Response<Bytes> {
    let query = request.uri().query().unwrap_or_default();
    let number = |name: &str| {
        let value = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        value.map(|value| value.parse::<usize>().expect("a number"))
    };
    let (offset, limit) = (number("offset").unwrap_or(0), number("limit").unwrap_or(2).min(2));
    let tariffs: Vec<String> = (offset..(offset + limit).min(10))
        .map(|id| tariff_json("NL/ALF", &format!("T{id}"), "10:00:00"))
        .collect();
    let mut answer = success(&format!("[{}]", tariffs.join(",")));
    let next = offset + limit;
    if next < 10 {
        let link =
            format!(r#"<https://cpo.example/ocpi/2.3.0/sender/tariffs?offset={next}&limit=2>; rel="next""#);
        answer.headers_mut().insert("link", link.parse().expect("a header"));
    }
    answer.headers_mut().insert("x-total-count", "10".parse().expect("a header"));
    answer
}

fn queries(world: &World) -> Vec<String> {
    world.asked().iter().map(|it| it.uri().query().unwrap_or_default().to_owned()).collect()
}

/// Requests of the pages of the whole list, one after the other.
const PAGES: usize = 5;

#[test]
fn pages_are_asked_for_again_and_nothing_is_lost() {
    let world = World::new(|setup| setup);
    world.answers(|number, request| match number {
        1 => respond(429, &[("retry-after", "30")], ""),
        3 => respond(503, &[], ""),
        _ => page(request),
    });
    let (pulled, took) = world.run(world.emsp.platform.pull::<Tariff>("cpo", |_, _| {}));
    let pulled = pulled.expect("pulled");
    assert_eq!((pulled.objects, pulled.outcome.is_complete()), (10, true));
    assert!((30.5..=31.0).contains(&took), "{took}");
    assert_eq!(ids(&world.emsp).len(), 10);
    // A cut line, too.
    let world = World::new(|setup| setup);
    world.answers(|_, request| page(request));
    let mut cut = 0;
    world.network.watch(move |_| {
        cut += 1;
        (cut == 2).then_some(Fate::AnswerLost)
    });
    let (pulled, _) = world.run(world.emsp.platform.pull::<Tariff>("cpo", |_, _| {}));
    assert_eq!(pulled.expect("pulled").objects, 10);
}

#[test]
fn a_pull_that_failed_is_counted_and_goes_on_in_another_process() {
    let world = World::new(|setup| setup);
    world.answers(|number, request| if number < 2 { page(request) } else { respond(500, &[], "") });
    let (failed, _) = world.run(world.emsp.platform.pull::<Tariff>("cpo", |_, _| {}));
    let failed = failed.expect_err("the third page fails");
    assert!(matches!(failed.error(), Error::Client(error) if error.is_retryable()), "{failed}");
    assert_eq!(failed.to_string(), failed.error().to_string());
    let pulled = failed.pulled();
    assert!(!pulled.outcome.is_complete());
    assert_eq!((pulled.pages, ids(&world.emsp).len()), (2, pulled.objects));
    assert!((1..10).contains(&pulled.objects), "{}", pulled.objects);
    let stored = failed.cursor().expect("it was begun").to_string();

    let again = world.setup.clone().open(&world.network);
    world.answers(|_, request| page(request));
    let cursor: Cursor = stored.parse().expect("a cursor");
    let resumed = PullOptions::new().resume(cursor);
    let rest = world.run(again.platform.pull_with::<Tariff>("cpo", &resumed, |_| {})).0.expect("pulled");
    assert_eq!((pulled.objects + rest.objects, rest.outcome.is_complete()), (10, true));
    let queries = queries(&world);
    assert!(queries.iter().all(|query| query.contains("offset=")), "not from the beginning: {queries:?}");
    // The cursor of another list.
    let failed = world.run(again.platform.pull_with::<Location>("cpo", &resumed, |_| {})).0;
    assert!(matches!(failed.map_err(Error::from), Err(Error::Cursor(_))));
}

#[test]
fn the_place_to_go_on_from_can_be_stored_behind_each_page() {
    let world = World::new(|setup| setup);
    world.answers(|_, request| page(request));
    let mut places = Vec::new();
    let pulled = world.run(world.emsp.platform.pull_with::<Tariff>("cpo", &PullOptions::new(), |progress| {
        assert_eq!(progress.total(), Some(10));
        places.push((progress.pulled().objects, progress.cursor()));
    }));
    let pulled = pulled.0.expect("pulled");
    assert_eq!(places.len(), pulled.pages);
    for (objects, place) in places {
        let resumed = PullOptions::new().resume(place);
        let rest = world.run(world.emsp.platform.pull_with::<Tariff>("cpo", &resumed, |_| {})).0;
        let rest = rest.expect("pulled");
        assert_eq!((objects + rest.objects, rest.outcome.is_complete()), (10, true));
    }
}

/// A page that is not stored is not passed.
#[test]
fn a_pull_that_the_store_refused_goes_on_before_the_page() {
    let quotas = |most| Quota::default().with_objects(most).into();
    let world = World::new(|setup| PlatformSetup { quotas: quotas(5), ..setup });
    world.answers(|_, request| page(request));
    let failed = world.run(world.emsp.platform.pull::<Tariff>("cpo", |_, _| {})).0;
    let failed = failed.expect_err("over quota");
    assert!(matches!(failed.error(), Error::Store(error) if error.to_string().contains("quota")), "{failed}");
    assert_eq!(failed.pulled().objects, ids(&world.emsp).len());
    let larger = PlatformSetup { quotas: quotas(10), ..world.setup.clone() }.open(&world.network);
    world.answers(|_, request| page(request));
    let resumed = PullOptions::new().resume(failed.cursor().expect("a place").clone());
    let rest = world.run(larger.platform.pull_with::<Tariff>("cpo", &resumed, |_| {})).0.expect("pulled");
    assert_eq!((failed.pulled().objects + rest.objects, ids(&larger).len()), (10, 10));
    assert!(queries(&world).iter().all(|query| query.contains("offset=")));
}

/// M3: a delta, with ownership and counts.
#[test]
fn what_changed_since_the_last_time_is_fetched_and_stored() {
    let world = World::new(|setup| setup);
    let tariffs = |all: &[String]| success(&format!("[{}]", all.join(",")));
    world.answers(move |_, _| {
        let mut answer =
            tariffs(&[tariff_json("NL/ALF", "A", "10:00:00"), tariff_json("NL/ALF", "B", "11:00:00")]);
        answer.headers_mut().insert("x-total-count", "2".parse().expect("a header"));
        answer
    });
    let (platform, new) = (&world.emsp.platform, PullOptions::new);
    let all = world.run(platform.pull::<Tariff>("cpo", |_, _| {})).0.expect("pulled");
    assert_eq!(all.watermark, Watermark::at("2026-11-22T11:00:00Z".parse().expect("a time")));
    world.asked();

    world.answers(move |_, _| {
        let changed = tariff_json("NL/ALF", "B", "11:30:00").replace("0.45", "0.50");
        let mut answer = tariffs(&[changed, tariff_json("BE/OTH", "X", "11:30:00")]);
        answer.headers_mut().insert("x-total-count", "2".parse().expect("a header"));
        answer
    });
    let since = new().since(all.watermark).limit(50);
    let delta = world.run(platform.pull_with::<Tariff>("cpo", &since, |_| {})).0.expect("pulled");
    assert_eq!((delta.objects, delta.foreign, delta.outcome.is_complete()), (1, 1, true));
    assert_eq!(queries(&world), ["date_from=2026-11-22T10%3A55%3A00Z&limit=50"]);
    assert_eq!(ids(&world.emsp), ["A", "B"]);
    assert_eq!(delta.watermark.time(), "2026-11-22T11:30:00Z".parse::<DateTime>().ok());

    // Nothing new: what is known stays known, also where the next pull fails.
    world.answers(|_, _| {
        let mut answer = success("[]");
        answer.headers_mut().insert("x-total-count", "0".parse().expect("a header"));
        answer
    });
    let since = new().since(delta.watermark);
    let none = world.run(platform.pull_with::<Tariff>("cpo", &since, |_| {})).0.expect("pulled");
    assert_eq!(none.watermark, delta.watermark);
    world.answers(|_, _| respond(403, &[], ""));
    let failed = world.run(platform.pull_with::<Tariff>("cpo", &since, |_| {})).0.expect_err("refused");
    assert_eq!(failed.pulled().watermark, delta.watermark);
}

/// Sessions are asked for by time in any case (U4).
#[test]
fn a_range_of_time_and_a_budget_are_kept_to() {
    let world = World::new(|setup| setup);
    world.answers(|_, _| success("[]"));
    let time = |text: &str| format!("2026-11-{text}T00:00:00Z").parse().expect("a time");
    let range = PullOptions::new().from(time("01")).to(time("02"));
    let platform = &world.emsp.platform;
    world.run(platform.pull_with::<Session>("cpo", &range, |_| {})).0.expect("pulled");
    let first = queries(&world).remove(0);
    assert_eq!(first, "date_from=2026-11-01T00%3A00%3A00Z&date_to=2026-11-02T00%3A00%3A00Z");
    world.answers(|_, request| page(request));
    let few = PullOptions::new().budget(Budget { pages: 2, ..Budget::default() });
    let failed = world.run(platform.pull_with::<Tariff>("cpo", &few, |_| {})).0.expect_err("a budget");
    assert_eq!((failed.pulled().pages, world.asked().len()), (2, 2));
}

/// The pages of a list wait for their turn, and no time of the machine passes.
#[test]
fn a_pull_keeps_to_the_rate() {
    let world = World::new(|setup| PlatformSetup { rate: Some(Rate::per_minute(2)), ..setup });
    world.answers(|_, request| page(request));
    let (pulled, took) = world.run(world.emsp.platform.pull::<Tariff>("cpo", |_, _| {}));
    assert_eq!(pulled.expect("pulled").objects, 10);
    let asked = world.asked().len();
    assert!(asked >= PAGES);
    assert_eq!(took, 60.0 * ((asked - 1) / 2) as f64);
}

/// The token changes while a list is fetched: the pull goes on with the new one.
#[test]
fn a_pull_outlives_a_rotation() {
    let world = World::new(|setup| setup);
    for number in 0..250 {
        world.cpo.put::<Tariff>(&tariff_json("NL/ALF", &format!("T{number}"), "10:00:00"));
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
    let pulled = world.run(world.emsp.platform.pull::<Tariff>("cpo", |_, _| {})).0.expect("pulled");
    assert_eq!((pulled.objects, pulled.outcome.is_complete()), (250, true));
}
