//! Seeded faults of a server that is written to, each caught by the check that it is for.

mod events;
mod pushes;
mod registration;

use ocpi_types::Version;
use pollster::block_on;

use crate::correct::memory;
use crate::layer::{Asked, Deed, Told, over};
use crate::server::Server;

/// A fault: the modules to look at, the checks that are for it, the requests that it concerns, and what is done wrong.
struct Fault(&'static [&'static str], &'static [&'static str], fn(&Asked) -> bool, Deed);

/// Looks that each fault breaks all of its checks, in 2.3.0.
fn assert_caught(faults: &[Fault]) {
    for (number, Fault(modules, checks, concerns, deed)) in faults.iter().enumerate() {
        let found = broken(modules, *concerns, *deed);
        for check in *checks {
            assert!(found.contains(&(*check).to_owned()), "fault {number} should break {check}: {found:?}");
        }
    }
}

/// Ids of the checks that a fault broke, in these modules.
fn broken(
    modules: &[&str],
    concerns: impl Fn(&Asked) -> bool + Clone + Send + Sync + 'static,
    deed: Deed,
) -> Vec<String> {
    let server = block_on(Server::open(&[Version::V2_3_0], memory()));
    let faulty = over(&server.network, server.token.to_header(true), concerns, deed);
    let suite = server.suite(Version::V2_3_0, faulty).inbox(server.inbox()).active();
    let report = block_on(suite.only(modules.iter().copied()).run());
    report.breached().into_iter().map(str::to_owned).collect()
}

/// Nothing is asked who is there.
fn open(it: &mut Asked) -> Option<Told> {
    it.authorize();
    None
}

/// A refusal is turned into a success.
fn swallow_refusal(_: &Asked, told: &mut Told) {
    told.envelope(|it| {
        if it["status_code"].as_u64().is_some_and(|code| code >= 2_000) {
            it["status_code"] = 1000.into();
        }
    });
    if told.status.is_client_error() {
        told.status = http::StatusCode::OK;
    }
}

/// A success is turned into a refusal.
fn refuse(_: &Asked, told: &mut Told) {
    if told.status.is_success() {
        told.envelope(|it| *it = refusal());
    }
}

fn refusal() -> serde_json::Value {
    serde_json::json!({"status_code": 2001, "timestamp": ocpi_testkit::NOW})
}
