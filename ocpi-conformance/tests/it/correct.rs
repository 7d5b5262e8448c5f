//! The correct server passes, in each version, on each store.

use std::sync::Arc;

use ocpi_conformance::Report;
use ocpi_server_traits::{AnyStore, Memory};
use ocpi_testkit::fixed_clock;
use ocpi_types::Version;
use pollster::block_on;

use crate::server::Server;

/// Fewest checks that pass, in a version: of those that are skipped nothing is said.
fn least(version: Version) -> usize {
    match version {
        Version::V2_1_1 => 155,
        Version::V2_3_0 => 330,
        _ => 210,
    }
}

pub(crate) fn assert_passes(report: &Report, version: Version, on: &str) {
    assert_eq!(report.breached(), [""; 0], "{on}\n{report}");
    let passed = report.count("pass");
    println!("{version} on {on}: {passed} passed, {} skipped", report.count("skip"));
    assert!(passed >= least(version), "{passed} passed\n{report}");
}

pub(crate) fn memory() -> AnyStore {
    AnyStore::new(Arc::new(Memory::with_clock(fixed_clock())))
}

#[test]
fn a_correct_server_passes_in_memory() {
    for version in Version::SPOKEN {
        let server = block_on(Server::open(&[*version], memory()));
        assert_passes(&block_on(server.check(*version)), *version, "memory");
    }
    let all = block_on(Server::open(Version::SPOKEN, memory()));
    assert_passes(&block_on(all.check(Version::V2_2_1)), Version::V2_2_1, "memory, among others");
}

#[test]
fn a_correct_server_passes_on_sqlite() {
    let directory = tempfile::tempdir().expect("a directory");
    for version in Version::SPOKEN {
        let url = format!("sqlite:{}", directory.path().join(version.as_str()).display());
        let store = block_on(ocpi_store::open(&url)).expect("a store");
        let server = block_on(Server::open(&[*version], store));
        assert_passes(&block_on(server.check(*version)), *version, "SQLite");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correct_server_passes_on_postgresql() {
    let Ok(url) = std::env::var("OCPI_TEST_POSTGRES") else {
        println!("skipped: OCPI_TEST_POSTGRES is not set");
        return;
    };
    let mark = if url.contains('?') { '&' } else { '?' };
    for version in Version::SPOKEN {
        let schema = format!("conformance_{}_{}", std::process::id(), version.as_str().replace('.', "_"));
        let url = format!("{url}{mark}schema={schema}");
        // The network blocks the task, which would use up what Tokio lets a task do at a time.
        let report = tokio::task::unconstrained(async move {
            let server = Server::open(&[*version], ocpi_store::open(&url).await.expect("a store")).await;
            server.check(*version).await
        });
        assert_passes(&report.await, *version, "PostgreSQL");
    }
}
