//! Partners on sockets.

use std::sync::Arc;
use std::time::Duration;

use ocpi_client::{Outbound, Reqwest, Retry, UrlPolicy};
use ocpi_platform::{Platform, Settings};
use ocpi_server_traits::Memory;
use ocpi_testkit::{self as testkit, Fault, Socket, WorstPartner, parse_list, roles_json};
use ocpi_types::Rule;
use ocpi_types::endpoint::List;
use ocpi_types::v2_3_0::credentials::CredentialsRole;
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::tariffs::Tariff;

type Emsp = Arc<Platform<Arc<Memory>, Reqwest>>;

/// An eMSP on a socket.
async fn emsp() -> (Emsp, testkit::Serving) {
    let socket = Socket::bind().await;
    let roles: Vec<CredentialsRole> = parse_list(&roles_json(&[("EMSP", "DE", "EMP")]));
    let settings = Settings { urls: UrlPolicy::Any, ..Settings::new(socket.base(), roles[0].clone()) };
    let http = Reqwest::new(Outbound::new().with_urls(UrlPolicy::Any)).expect("an HTTP client");
    let platform = Platform::open(settings, Arc::new(Memory::new()), http).await.expect("a platform");
    let platform = Arc::new(platform);
    let objects = platform.objects();
    let router = platform.router(|routes| platform.mount_results(routes.emsp(objects)));
    (platform, socket.serve(router.expect("a router")))
}

async fn register(emsp: &Emsp, cpo: &WorstPartner) {
    let registered = emsp.register("cpo", cpo.versions_url(), cpo.token_a(), cpo.allow()).await;
    registered.expect("registered");
}

#[tokio::test]
async fn a_partner_on_a_socket_has_its_faults() {
    let slow = Fault::Slow(Duration::from_millis(1));
    let cpo = testkit::cpo().seed_city(12).page_size(5).faults([Fault::WrongLinkHost, slow]).start().await;
    let (emsp, _serving) = emsp().await;
    register(&emsp, &cpo).await;
    let pulled = emsp.pull::<Location>("cpo", |_, _| {}).await.expect("pulled");
    assert_eq!((pulled.objects, pulled.outcome.is_complete()), (12, true));
    assert!(pulled.findings.iter().any(|finding| finding.rule == Rule::PageNextHost));
    assert!(
        cpo.requests().iter().all(|request| request.contains(" http://127.0.0.1:")),
        "{:?}",
        cpo.requests()
    );
}

#[tokio::test]
async fn its_line_breaks_and_its_results_come() {
    let cpo = testkit::cpo().seed_city(3).fault(Fault::LineBreaksOnce).start().await;
    let (emsp, _serving) = emsp().await;
    register(&emsp, &cpo).await;
    let client = emsp.client("cpo").await.expect("a partner").with_retry(Retry::NEVER);
    let broken = client.send(&List::<Tariff>::all()).await.expect_err("the line breaks");
    assert!(broken.to_string().starts_with("List<Tariff>: no answer"), "{broken}");
    assert_eq!(emsp.pull::<Tariff>("cpo", |_, _| {}).await.expect("pulled").objects, 3);
    let session_id = "S1".parse().expect("an id");
    let sent = emsp.stop_session("cpo", &session_id).await.expect("an answer");
    assert!(sent.result().await.expect("a store").is_accepted());
}
