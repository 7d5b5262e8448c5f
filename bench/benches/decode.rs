//! Reading and writing one page of 1,000 locations: the library's own way, and serde_json's.

#![allow(missing_docs, reason = "the macros of criterion write functions without")]

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ocpi_types::json;
use ocpi_types::v2_3_0::locations::Location;

#[expect(dead_code, unused_imports, reason = "only the locations are measured, and no test runs here")]
#[path = "../../examples/src/city.rs"]
mod city;

fn locations() -> Vec<Location> {
    let party = city::Party { country_code: "NL", party_id: "ALF" };
    city::build(1, city::DEFAULT_LOCATIONS, &party).expect("the party is one").locations
}

fn decode(c: &mut Criterion) {
    let page = json::list_to_vec(&locations());
    let mut group = c.benchmark_group("decode");
    group.throughput(Throughput::Bytes(page.len() as u64));
    group.bench_function("own_strict", |b| {
        b.iter(|| json::from_slice::<Vec<Location>>(black_box(&page)).expect("a page"));
    });
    group.bench_function("own_tolerant_list", |b| {
        b.iter(|| json::read_list::<Location>(black_box(&page)).expect("a page"));
    });
    group.bench_function("serde", |b| {
        b.iter(|| serde_json::from_slice::<Vec<Location>>(black_box(&page)).expect("a page"));
    });
    group.bench_function("serde_value", |b| {
        b.iter(|| serde_json::from_slice::<serde_json::Value>(black_box(&page)).expect("a page"));
    });
    group.finish();
}

fn encode(c: &mut Criterion) {
    let locations = locations();
    let mut group = c.benchmark_group("encode");
    group.throughput(Throughput::Bytes(json::list_to_vec(&locations).len() as u64));
    group.bench_function("own", |b| b.iter(|| json::list_to_vec(black_box(&locations))));
    group.bench_function("serde", |b| {
        b.iter(|| serde_json::to_vec(black_box(&locations)).expect("a page"));
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).measurement_time(Duration::from_secs(3));
    targets = decode, encode
}
criterion_main!(benches);
