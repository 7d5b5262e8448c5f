//! Every contender over every page, by criterion. `table` sets them beside each other.

#![allow(missing_docs, reason = "the macros of criterion write functions without")]

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ocpi_bench::{contenders, ours, pages};

fn reading(criterion: &mut Criterion) {
    for contender in [contenders::all(), ours::all()].concat() {
        let page = pages::page(contender.kind, contender.version);
        let mut group = criterion.benchmark_group(format!("read {} {}", contender.kind, contender.version));
        group.throughput(Throughput::Bytes(page.len() as u64));
        group.bench_function(contender.name, |bencher| bencher.iter(|| (contender.decode)(black_box(&page))));
        group.finish();
    }
}

fn writing(criterion: &mut Criterion) {
    for encoder in [contenders::encoders(), ours::encoders()].concat() {
        let page = pages::page(encoder.kind, encoder.version);
        let encode = (encoder.prepare)(&page);
        let mut group = criterion.benchmark_group(format!("write {} {}", encoder.kind, encoder.version));
        group.throughput(Throughput::Bytes(page.len() as u64));
        group.bench_function(encoder.name, |bencher| bencher.iter(&encode));
        group.finish();
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).measurement_time(Duration::from_secs(1));
    targets = reading, writing
}
criterion_main!(benches);
