//! The example, asked by a client.

#[allow(dead_code, reason = "its `main` is for the command line")]
#[path = "../src/main.rs"]
mod example;

use std::net::TcpListener;
use std::sync::Arc;

use ocpi_client::{Client, Outbound, RequestIds, Reqwest, Retry, UrlPolicy};
use ocpi_server_traits::{Memory, Objects, Partner, Rate, RequestLimits, Router};
use ocpi_testkit::{KnownPartners, fixed_clock, location_json, parse, partner_id, party, token};
use ocpi_types::Version;
use ocpi_types::endpoint::{GetVersions, List, Put};
use ocpi_types::v2_3_0::locations::Location;

/// Serves a router with one partner. Returns it, and a client with a token.
fn served(limits: RequestLimits, text: &str) -> Client<Reqwest> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a socket");
    let base = format!("http://{}/ocpi", listener.local_addr().expect("an address"));
    let objects = Arc::new(Objects::new(Memory::new(), vec![party("NL/ALF")]));
    let partner = Partner::new(partner_id("cpo"), [party("NL/ALF")]);
    let router = Router::builder(base.parse().expect("a URL"), fixed_clock())
        .with_limits(limits)
        .version(Version::V2_3_0, |routes| routes.receiver::<Location>(&objects).sender::<Location>(&objects))
        .build(KnownPartners::default().with("known", partner))
        .expect("a router");
    let endpoints = router.endpoints(Version::V2_3_0);
    let client = Client::new(Version::V2_3_0, endpoints, token(text), RequestIds::new("actix"))
        .with_versions_url(router.versions_url())
        .with_retry(Retry::NEVER);
    actix_web::rt::spawn(example::serve(listener, router).expect("a server"));
    client.over(Reqwest::new(Outbound::new().with_urls(UrlPolicy::Any)).expect("a transport"))
}

#[actix_web::test]
async fn actix_web_answers() {
    let client = served(RequestLimits::default(), "known");
    assert_eq!(client.send(&GetVersions).await.expect("an answer").value.len(), 1);
    let location: Location = parse(&location_json("NL/ALF", "L 1", "10:00:00"));
    client.send(&Put::of(location.clone())).await.expect("an answer");
    let list = List::<Location> { limit: Some(10), ..List::all() };
    assert_eq!(client.send(&list).await.expect("an answer").value.items, [location]);
}

#[actix_web::test]
async fn the_router_refuses_bodies_and_addresses() {
    let limits = RequestLimits::default().with_refusals(Rate::per_minute(1));
    let stranger = served(limits, "guessed");
    for status in [401, 429] {
        let error = stranger.send(&GetVersions).await.expect_err("a refusal");
        assert_eq!(error.http_status().map(|status| status.as_u16()), Some(status));
    }
    let location: Location = parse(&location_json("NL/ALF", "L 1", "10:00:00"));
    let length = serde_json::to_vec(&location).expect("JSON").len();
    let client = served(RequestLimits::default().with_body_bytes(length - 1), "known");
    let error = client.send(&Put::of(location)).await.expect_err("a refusal");
    assert_eq!(error.http_status().map(|status| status.as_u16()), Some(413));
    assert!(error.status_code().is_some(), "an envelope");
}
