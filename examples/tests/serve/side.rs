//! A router with one partner, and that partner's client.

use std::sync::Arc;

use ocpi_client::{Client, Outbound, RequestIds, Reqwest, Transport, UrlPolicy};
use ocpi_server_traits::{Memory, Objects, Partner, RequestLimits, Router};
use ocpi_testkit::{KnownPartners, fixed_clock, location_json, parse, partner_id, party, token};
use ocpi_types::endpoint::{GetVersions, List, Put};
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::{CredentialsToken, Version};
use tokio::net::TcpListener;

/// A router, and what it is asked by.
pub(crate) struct Side {
    pub(crate) router: Router,
    pub(crate) objects: Arc<Objects<Memory>>,
    /// A client that is not connected to anything.
    pub(crate) client: Client,
}

impl Side {
    pub(crate) fn new(base: &str, limits: RequestLimits) -> Self {
        let objects = Arc::new(Objects::new(Memory::new(), vec![party("NL/ALF")]));
        let partner = Partner::new(partner_id("cpo"), [party("NL/ALF")]);
        let router = Router::builder(base.parse().expect("a URL"), fixed_clock())
            .with_limits(limits)
            .version(Version::V2_3_0, |routes| {
                routes.receiver::<Location>(&objects).sender::<Location>(&objects)
            })
            .build(KnownPartners::default().with("known", partner))
            .expect("a router");
        let client = client(&router, token("known"));
        Self { router, objects, client }
    }
}

/// A client of a router, with a token.
pub(crate) fn client(router: &Router, token: CredentialsToken) -> Client {
    Client::new(Version::V2_3_0, router.endpoints(Version::V2_3_0), token, RequestIds::new("serve"))
        .with_versions_url(router.versions_url())
}

/// A socket with a free port, and the URL of a router behind it.
pub(crate) async fn socket(scheme: &str) -> (TcpListener, String) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a socket");
    let base = format!("{scheme}://{}/ocpi", listener.local_addr().expect("an address"));
    (listener, base)
}

/// Requests by reqwest to this machine.
pub(crate) fn reqwest() -> Reqwest {
    Reqwest::new(Outbound::new().with_urls(UrlPolicy::Any)).expect("a transport")
}

/// Asks for the versions, puts a Location and lists it.
pub(crate) async fn talk(client: &Client<impl Transport>) {
    let versions = client.send(&GetVersions).await.expect("an answer").value;
    assert_eq!(versions.iter().map(|version| version.version.to_string()).collect::<Vec<_>>(), ["2.3.0"]);
    let location: Location = parse(&location_json("NL/ALF", "L 1", "10:00:00"));
    client.send(&Put::of(location.clone())).await.expect("an answer");
    let list = List::<Location> { limit: Some(10), ..List::all() };
    assert_eq!(client.send(&list).await.expect("an answer").value.items, [location]);
}
