//! The example `hyper`, against a router behind a socket.

#[allow(dead_code, reason = "its `main` is for the command line")]
#[path = "../examples/hyper.rs"]
mod example;

use std::sync::Arc;

use example::Hyper;
use ocpi_client::{Client, Outbound, RequestIds, UrlPolicy};
use ocpi_server_traits::{Memory, Objects, Partner, Router};
use ocpi_testkit::{KnownPartners, fixed_clock, location_json, parse, partner_id, party, token};
use ocpi_types::Version;
use ocpi_types::endpoint::{GetVersions, List, Put};
use ocpi_types::v2_3_0::locations::Location;
use tokio::net::TcpListener;

#[tokio::test(flavor = "multi_thread")]
async fn a_transport_of_ones_own_carries_requests() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a socket");
    let base = format!("http://{}/ocpi", listener.local_addr().expect("an address"));
    let objects = Arc::new(Objects::new(Memory::new(), vec![party("NL/ALF")]));
    let router = Router::builder(base.parse().expect("a URL"), fixed_clock())
        .version(Version::V2_3_0, |routes| routes.receiver::<Location>(&objects).sender::<Location>(&objects))
        .build(
            KnownPartners::default().with("wire-token", Partner::new(partner_id("cpo"), [party("NL/ALF")])),
        )
        .expect("a router");
    let endpoints = router.endpoints(Version::V2_3_0);
    let client = Client::new(Version::V2_3_0, endpoints, token("wire-token"), RequestIds::new("hyper"))
        .with_versions_url(router.versions_url());
    let app = axum::Router::new().fallback_service(router);
    tokio::spawn(async move { axum::serve(listener, app).await });

    let development = client.clone().over(Hyper(Outbound::new().with_urls(UrlPolicy::Any)));
    assert_eq!(development.send(&GetVersions).await.expect("an answer").value.len(), 1);
    let location: Location = parse(&location_json("NL/ALF", "L 1", "10:00:00"));
    development.send(&Put::of(location.clone())).await.expect("an answer");
    let page = development
        .send(&List::<Location> { limit: Some(10), ..List::all() })
        .await
        .expect("an answer")
        .value;
    assert_eq!(page.items, [location]);

    let production = client.over(Hyper(Outbound::new()));
    let error = production.send(&GetVersions).await.expect_err("a refusal");
    assert!(error.to_string().contains("is refused by `UrlPolicy::Public`: not https"), "{error}");
}
