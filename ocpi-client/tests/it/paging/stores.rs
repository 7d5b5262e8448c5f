//! Many stores that change between all pages: a list that is said to be complete is, and nothing is missed after a delta.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use ocpi_client::paging::{Budget, ListOutcome, ListUrls, PageFailure, PageRequest, Paging, Range, Stop};
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
    let pagings: u64 = 2 * stores;
    assert!(counts.complete * 2 > pagings, "too few lists are complete: {counts:?}");
}

/// A full list of a store that changes, and a delta when it has come to rest.
fn pull(seed: u64, counts: &mut Counts) {
    let mut store = Store::new(seed);
    let mut copy = BTreeMap::new();
    let limits = [None, Some(4), Some(64), None, Some(3), Some(8), None, Some(1)];
    let limit = limits[usize::try_from(seed % 8).expect("small")];
    let full = paging(seed, &mut store, &mut copy, Range::default(), limit, counts);
    let is_complete = full.outcome().is_complete();
    store.is_quiet = true;
    store.live();
    let now = DateTime::from_unix_millis(store.now).expect("a time");
    let from = full.watermark(now).date_from(Duration::from_secs(5));
    let delta = paging(seed, &mut store, &mut copy, Range { from, to: None }, limit, counts);
    if is_complete && delta.outcome().is_complete() {
        for (id, version) in store.all() {
            assert_eq!(copy.get(&id), Some(&version), "seed {seed}, object {id}: {}", store.about());
        }
    }
}

/// Pages through a list, with crashes: the cursor is stored after each page, and a page may be lost.
fn paging(
    seed: u64,
    store: &mut Store,
    copy: &mut BTreeMap<u64, i64>,
    range: Range,
    limit: Option<u64>,
    counts: &mut Counts,
) -> Paging {
    let list_urls = || ListUrls::new(&LIST.parse().expect("a URL"), []).expect("a URL");
    let budget = Budget { pages: BUDGET, ..Budget::default() };
    let mut paging = Paging::new(list_urls()).with_range(range).with_budget(budget);
    if let Some(limit) = limit {
        paging = paging.with_limit(limit);
    }
    let mut stored = paging.cursor().to_string();
    let mut throughout = store.all();
    let mut seen = BTreeSet::new();
    let mut crashes = 3;
    let (mut requests, mut refused) = (0, 0);
    while let Ok(Some(request)) = paging.next() {
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
            paging = Paging::resume(list_urls(), stored.parse().expect("a cursor")).with_budget(budget);
            continue;
        }
        match answer {
            Err(failure) => {
                let is_another_way = paging.failed(failure).is_some();
                refused = if is_another_way || failure == PageFailure::Other { 0 } else { refused + 1 };
                if refused == 3 {
                    break;
                }
            }
            Ok(()) => {
                let taken = paging.page(&store.facts());
                for ((id, version), is_repeated) in store.ids().iter().zip(taken.repeated) {
                    assert!(!is_repeated || seen.contains(&(*id, *version)), "it has not come before");
                    seen.insert((*id, *version));
                    copy.insert(*id, *version);
                }
                if let Ok(Some(PageRequest::At { offset, .. })) = paging.next() {
                    assert!(offset < 2_000_000, "far behind the end");
                }
            }
        }
        stored = paging.cursor().to_string();
    }
    counts.requests += requests;
    counts.objects += seen.len() as u64;
    match paging.outcome() {
        ListOutcome::Complete => {
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
        ListOutcome::Unsure(doubt) => *counts.unsure.entry(doubt.to_string()).or_default() += 1,
        ListOutcome::Incomplete(stop) => {
            assert!(stop != Stop::UnderWay || refused == 3, "seed {seed}: it has stopped");
            *counts.incomplete.entry(stop.to_string()).or_default() += 1;
        }
        _ => panic!("another outcome"),
    }
    paging
}
