//! Many stores that change between all pages: a list that is said to be complete is, and nothing is missed after a delta.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use ocpi_client::paging::{Budget, Outcome, PageFailure, PageRequest, Range, Registered, Stop, Walk};
use ocpi_types::DateTime;

use super::store::{LIST, Store};

/// Stores in every run of the tests; `OCPI_STORES` asks for more.
const STORES: u64 = 1_000;
const BUDGET: u64 = 300;

#[derive(Debug, Default)]
struct Counts {
    complete: u64,
    unsure: BTreeMap<String, u64>,
    incomplete: BTreeMap<String, u64>,
    requests: u64,
    objects: u64,
}

#[test]
fn nothing_is_missed_in_stores_that_change() {
    let stores = std::env::var("OCPI_STORES").ok().and_then(|count| count.parse().ok()).unwrap_or(STORES);
    let mut counts = Counts::default();
    let first = std::env::var("OCPI_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(0);
    for seed in first..first + stores {
        pull(seed, &mut counts);
    }
    println!("{stores} stores: {counts:?}");
    let walks: u64 = 2 * stores;
    assert!(counts.complete * 2 > walks, "too few lists are complete: {counts:?}");
}

/// A full list of a store that changes, and a delta when it has come to rest.
fn pull(seed: u64, counts: &mut Counts) {
    let mut store = Store::new(seed);
    let mut copy = BTreeMap::new();
    let limits = [None, Some(4), Some(64), None, Some(3), Some(8), None, Some(1)];
    let limit = limits[usize::try_from(seed % 8).expect("small")];
    let full = walk(seed, &mut store, &mut copy, Range::default(), limit, counts);
    let is_complete = full.outcome().is_complete();
    store.is_quiet = true;
    store.live();
    let now = DateTime::from_unix_millis(store.now).expect("a time");
    let from = full.watermark(now).date_from(Duration::from_secs(5));
    let delta = walk(seed, &mut store, &mut copy, Range { from, to: None }, limit, counts);
    if is_complete && delta.outcome().is_complete() {
        for (id, version) in store.all() {
            assert_eq!(copy.get(&id), Some(&version), "seed {seed}, object {id}: {}", store.about());
        }
    }
}

/// Walks over a list, with crashes: the cursor is stored after each page, and a page may be lost.
fn walk(
    seed: u64,
    store: &mut Store,
    copy: &mut BTreeMap<u64, i64>,
    range: Range,
    limit: Option<u64>,
    counts: &mut Counts,
) -> Walk {
    let registered = || Registered::new(&LIST.parse().expect("a URL"), []).expect("a URL");
    let budget = Budget { pages: BUDGET, ..Budget::default() };
    let mut walk = Walk::new(registered()).with_range(range).with_budget(budget);
    if let Some(limit) = limit {
        walk = walk.with_limit(limit);
    }
    let mut stored = walk.cursor().to_string();
    let mut throughout = store.all();
    let mut seen = BTreeSet::new();
    let mut crashes = 3;
    let (mut requests, mut refused) = (0, 0);
    while let Ok(Some(request)) = walk.next() {
        requests += 1;
        assert!(requests < 3 * BUDGET, "seed {seed}: no end: {}", store.about());
        let answer = store.get(&request);
        if std::env::var_os("OCPI_TRACE").is_some() {
            println!(
                "{request:?} -> {answer:?} {:?} {:?} all {:?}",
                store.ids(),
                store.facts().link,
                store.all().keys()
            );
        }
        let now = store.all();
        throughout.retain(|id, version| now.get(id) == Some(version));
        if crashes > 0 && store.numbers.chance(5) {
            crashes -= 1;
            walk = Walk::resume(registered(), stored.parse().expect("a cursor")).with_budget(budget);
            continue;
        }
        match answer {
            Err(failure) => {
                let is_another_way = walk.failed(failure).is_some();
                refused = if is_another_way || failure == PageFailure::Other { 0 } else { refused + 1 };
                if refused == 3 {
                    break;
                }
            }
            Ok(()) => {
                let taken = walk.page(&store.facts());
                for ((id, version), is_repeated) in store.ids().iter().zip(taken.repeated) {
                    assert!(!is_repeated || seen.contains(&(*id, *version)), "it has not come before");
                    seen.insert((*id, *version));
                    copy.insert(*id, *version);
                }
                if let Ok(Some(PageRequest::At { offset, .. })) = walk.next() {
                    assert!(offset < 2_000_000, "far behind the end");
                }
            }
        }
        stored = walk.cursor().to_string();
    }
    counts.requests += requests;
    counts.objects += seen.len() as u64;
    match walk.outcome() {
        Outcome::Complete => {
            counts.complete += 1;
            for (id, version) in throughout {
                let is_due = range.from.is_none_or(|from| version >= from.to_unix_micros() / 1_000);
                assert!(
                    !is_due || seen.contains(&(id, version)),
                    "seed {seed}: object {id} is missing: {}",
                    store.about()
                );
            }
        }
        Outcome::Unsure(doubt) => *counts.unsure.entry(doubt.to_string()).or_default() += 1,
        Outcome::Incomplete(stop) => {
            assert!(stop != Stop::UnderWay || refused == 3, "seed {seed}: it has stopped");
            *counts.incomplete.entry(stop.to_string()).or_default() += 1;
        }
        _ => panic!("another outcome"),
    }
    walk
}
