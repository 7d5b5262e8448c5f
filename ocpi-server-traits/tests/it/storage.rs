//! The conformance suite of storages: the one in memory passes it, and every behaviour can fail.

mod crash;
mod fault;
mod faulty;
mod tables;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use ocpi_server_traits::conformance::store::{self, Fixture, Fresh};
use ocpi_server_traits::conformance::{Failure, Report};
use ocpi_server_traits::storage::{AnyStore, Memory};
use ocpi_types::DateTime;

use fault::FAULTS;
pub(crate) use fault::Fault;
pub(crate) use faulty::Faulty;

/// Stores in memory; a second one on the same database is the same one.
struct InMemory;

impl Fixture for InMemory {
    type Store = Arc<Memory>;

    async fn fresh(&self) -> Arc<Memory> {
        Arc::new(Memory::new())
    }

    async fn second(&self, store: &Arc<Memory>) -> Option<Arc<Memory>> {
        Some(Arc::clone(store))
    }

    async fn purge(&self, store: &Arc<Memory>, before: DateTime) -> bool {
        store.purge(before);
        true
    }

    fn steps(&self, store: &Arc<Memory>) -> Option<u64> {
        Some(store.steps())
    }
}

/// Stores with a fault.
struct WithFault(Fault);

impl Fixture for WithFault {
    type Store = Faulty;

    async fn fresh(&self) -> Faulty {
        Faulty::new(self.0)
    }

    async fn second(&self, store: &Faulty) -> Option<Faulty> {
        Some(store.second())
    }

    async fn reopened(&self, store: Faulty) -> Option<Faulty> {
        Some(store.reopened())
    }

    async fn purge(&self, store: &Faulty, before: DateTime) -> bool {
        store.purge(before);
        true
    }

    fn steps(&self, store: &Faulty) -> Option<u64> {
        Some(store.steps())
    }

    fn many(&self) -> u32 {
        2_000
    }

    fn patience(&self) -> Duration {
        // Faults that let somebody wait let them wait for ever.
        if self.0.makes_wait() { Duration::from_millis(20) } else { Duration::from_secs(60) }
    }
}

fn all(fixture: &impl Fixture) -> Report {
    pollster::block_on(store::all(fixture))
}

fn names(report: &Report) -> BTreeSet<&'static str> {
    report.outcomes().iter().map(|outcome| outcome.behavior).collect()
}

#[test]
fn memory_conforms() {
    let report = all(&InMemory);
    assert!(report.passed(), "{report}");
    let missing: Vec<_> = report
        .outcomes()
        .iter()
        .filter(|outcome| !outcome.is_applicable)
        .map(|outcome| outcome.behavior)
        .collect();
    assert_eq!(missing, ["acknowledged_writes_outlast_the_store"], "nothing of it is kept");
}

#[test]
fn any_store_conforms() {
    let report = all(&Fresh(|| async { AnyStore::new(Memory::new()) }));
    assert!(report.passed(), "{report}");
    let missing = report.outcomes().iter().filter(|outcome| !outcome.is_applicable).count();
    assert_eq!(missing, 10, "{report}");
    assert!(report.to_string().contains("n/a     feed_misses_no_commit\n"));
}

#[test]
fn the_faulty_store_conforms_without_a_fault() {
    let report = all(&WithFault(Fault::None));
    assert!(report.passed(), "{report}");
    assert!(report.outcomes().iter().all(|outcome| outcome.is_applicable), "{report}");
}

#[test]
fn a_fault_fails_the_behaviors_that_it_breaks() {
    let mut can_fail = BTreeSet::new();
    let mut passed = Vec::new();
    for (fault, behaviors) in FAULTS {
        let fixture = WithFault(*fault);
        let report = pollster::block_on(store::only(&fixture, |name| behaviors.contains(&name)));
        let failed: BTreeSet<_> = report.failures().map(Failure::behavior).collect();
        passed.extend(behaviors.iter().filter(|name| !failed.contains(*name)).map(|name| (*fault, *name)));
        can_fail.extend(behaviors.iter().copied());
    }
    assert!(passed.is_empty(), "passed with a fault that breaks them: {passed:#?}");
    let all = names(&all(&Fresh(|| async { Memory::new() })));
    assert_eq!(can_fail, all, "each behaviour needs a fault that breaks it");
}

#[test]
fn a_failure_has_the_name_of_its_behavior_and_the_cause() {
    let report = all(&WithFault(Fault::AlwaysFails));
    for outcome in report.outcomes() {
        let failure = outcome.result.as_ref().expect_err("a store that always fails passed a behaviour");
        assert_eq!(failure.behavior(), outcome.behavior);
        let cause = std::error::Error::source(failure).expect("the store's error");
        assert_eq!(cause.to_string(), "storage: out of order", "{failure}");
    }
    assert!(!report.passed());
}

#[test]
fn every_public_behavior_is_run() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/conformance/store");
    let mut written = BTreeSet::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let file = file.unwrap();
        if file.file_name() == "crash.rs" {
            continue;
        }
        let source = std::fs::read_to_string(file.path()).unwrap();
        let functions = source.lines().filter_map(|line| line.strip_prefix("pub async fn "));
        written.extend(functions.filter_map(|line| Some(line.split_once(['(', '<'])?.0.to_owned())));
    }
    let run = names(&all(&Fresh(|| async { Memory::new() })));
    assert_eq!(run, written.iter().map(|name| &**name).collect());
}
