//! The correct server over a socket.

use std::sync::Arc;

use ocpi_client::{Outbound, Reqwest, UrlPolicy};
use ocpi_testkit::{Loopback, Socket};
use ocpi_types::Version;

use crate::correct::{assert_passes, memory};
use crate::server::Server;

#[tokio::test(flavor = "multi_thread")]
async fn a_correct_server_passes_over_hyper_and_without_a_socket() {
    let server = Arc::new(Server::open(&[Version::V2_3_0], memory()).await);
    let socket = Socket::bind().await;
    let origin = socket.base().as_str().trim_end_matches("/ocpi").to_owned();
    let _serving = socket.serve(server.router.clone());
    let http = Reqwest::new(Outbound::new().with_urls(UrlPolicy::Any)).expect("an HTTP client");
    let report = server.check_over(Version::V2_3_0, server.through(&origin, http)).await;
    assert_passes(&report, Version::V2_3_0, "hyper");
    let report = server.check_over(Version::V2_3_0, Loopback(server.router.clone())).await;
    assert_passes(&report, Version::V2_3_0, "no socket");
}
