//! Seeded faults, each caught by the check that it is for.

mod active;
mod lists;
mod receivers;
mod whole;

use ocpi_types::Version;
use pollster::block_on;

use crate::correct::memory;
use crate::layer::{Asked, Deed, over};
use crate::server::Server;

/// Ids of the checks that a fault broke.
pub(crate) fn breached(
    version: Version,
    concerns: impl Fn(&Asked) -> bool + Clone + Send + Sync + 'static,
    deed: Deed,
) -> Vec<String> {
    let server = block_on(Server::open(&[version], memory()));
    let right = server.token.to_header(version >= Version::V2_2);
    let faulty = over(&server.network, right, concerns, deed);
    let report = block_on(server.check_over(version, faulty));
    report.breached().into_iter().map(str::to_owned).collect()
}
