//! The checks that write: the correct server passes in each version, on each store.

use std::sync::Arc;
use std::time::Duration;

use ocpi_client::Transport;
use ocpi_conformance::{CheckOutcome, Journey, Report};
use ocpi_server_traits::AnyStore;
use ocpi_testkit::{Network, parse, tariff_json};
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::{Role, Version};
use pollster::block_on;

use crate::correct::memory;
use crate::layer::Deed::After;
use crate::layer::{Asked, over};
use crate::server::Server;

/// Fewest checks that pass, in a version: of those that are skipped nothing is said.
fn least(version: Version) -> usize {
    match version {
        Version::V2_1_1 => 290,
        Version::V2_3_0 => 575,
        _ => 370,
    }
}

async fn check(version: Version, store: AnyStore) -> Report {
    let server = Server::invited(&[version], store, &Network::default()).await;
    let inbox = server.inbox();
    server.suite(version, server.network.clone()).inbox(inbox).registering(Role::Emsp).run().await
}

fn assert_passes(report: &Report, version: Version, on: &str) {
    let text = report.to_string();
    assert_eq!(report.breached(), [""; 0], "{on}\n{}", text.split("CHECKS").next().unwrap_or_default());
    let passed = report.count("pass");
    println!("{version} on {on}: {passed} passed, {} skipped", report.count("skip"));
    assert!(passed >= least(version), "{passed} passed\n{report}");
}

#[test]
fn a_correct_server_passes_in_memory() {
    let reports: Vec<_> = Version::SPOKEN.iter().map(|it| (*it, block_on(check(*it, memory())))).collect();
    for (_, report) in reports.iter().filter(|it| !it.1.breached().is_empty()) {
        println!("{}", report.to_string().split("CHECKS").next().unwrap_or_default());
    }
    for (version, report) in &reports {
        assert_passes(report, *version, "memory");
    }
}

#[test]
fn a_correct_server_passes_on_sqlite() {
    let directory = tempfile::tempdir().expect("a directory");
    for version in Version::SPOKEN {
        let url = format!("sqlite:{}", directory.path().join(version.as_str()).display());
        let store = block_on(ocpi_store::open(&url)).expect("a store");
        assert_passes(&block_on(check(*version, store)), *version, "SQLite");
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
        let schema = format!("active_{}_{}", std::process::id(), version.as_str().replace('.', "_"));
        let url = format!("{url}{mark}schema={schema}");
        let report = tokio::task::unconstrained(async move {
            check(*version, ocpi_store::open(&url).await.expect("a store")).await
        });
        assert_passes(&report.await, *version, "PostgreSQL");
    }
}

#[test]
fn both_journeys_lead_to_a_new_start() {
    for version in Version::SPOKEN {
        for journey in [Journey::Cpo, Journey::Emsp] {
            let server = Arc::new(block_on(invited(*version)));
            let report = block_on(travel(&server, server.network.clone(), *version, journey));
            let text = report.to_string();
            assert_eq!(report.breached(), [""; 0], "{version} {journey:?}\n{text}");
            let skipped = report.checks.iter().filter(|it| matches!(it.outcome, CheckOutcome::Skipped(_)));
            let steps: Vec<_> = skipped.filter(|it| it.check.id.starts_with("journey.")).collect();
            assert!(steps.is_empty(), "{version} {journey:?}: {steps:?}");
        }
    }
}

#[test]
fn a_change_during_an_outage_that_cannot_be_pulled_is_told() {
    let server = Arc::new(block_on(invited(Version::V2_3_0)));
    let is_delta = |it: &Asked| it.path.ends_with("/sender/tariffs") && it.query("date_from").is_some();
    let forgets = After(|_, told| {
        told.items(|it| it.retain(|it| it["last_updated"] != ocpi_testkit::NOW));
    });
    let faulty = over(&server.network, server.token.to_header(true), is_delta, forgets);
    let report = block_on(travel(&server, faulty, Version::V2_3_0, Journey::Cpo));
    assert_eq!(report.breached(), ["journey.outage"], "{report}");
}

async fn invited(version: Version) -> Server {
    Server::invited(&[version], memory(), &Network::default()).await
}

/// During the outage a Tariff of the server changes.
async fn travel(
    server: &Arc<Server>,
    over: impl Transport + 'static,
    version: Version,
    journey: Journey,
) -> Report {
    let (again, platform) = (Arc::clone(server), Arc::clone(&server.platform));
    let suite = server.suite(version, over).inbox(server.inbox());
    let suite = suite.outage(Duration::from_secs(600), move || {
        let platform = Arc::clone(&platform);
        async move {
            let changed = parse::<Tariff>(&tariff_json("NL/ALF", "T3", "12:00:00"));
            platform.objects().put_all([changed]).await.expect("a store");
        }
    });
    let suite = suite.next_token(move || {
        let server = Arc::clone(&again);
        async move { server.invite_again().await }
    });
    suite.run_journey(journey).await
}
