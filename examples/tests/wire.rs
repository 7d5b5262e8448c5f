//! Client and router with real sockets between them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::response::IntoResponse;
use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use ocpi_client::{Client, Outbound, RequestIds, Reqwest, Transport, UrlPolicy};
use ocpi_server_traits::{Memory, Objects, Partner, Router};
use ocpi_testkit::{KnownPartners, fixed_clock, location_json, parse, partner_id, party, time, token};
use ocpi_types::Version;
use ocpi_types::endpoint::{
    ConnectorKey, Delete, EvseKey, GetCopy, List, Owned, Patch, PushOutcome, Put, RootResource,
};
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::locations::{
    Connector, ConnectorPatch, Evse, EvsePatch, Location, LocationPatch, Status,
};
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::versions::EndpointInit;
use ocpi_types::{InterfaceRole, ModuleId};
use tokio::net::TcpListener;

/// The largest body that the server reads.
const LIMIT: usize = 4 << 20;

const TOKEN: &str = "wire-token";

fn alf() -> Party {
    party("NL/ALF")
}

/// Client of an eMSP behind a socket.
async fn emsp() -> Client<Reqwest> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a socket");
    let port = listener.local_addr().expect("an address").port();
    let base = format!("http://127.0.0.1:{port}/ocpi").parse().expect("a URL");
    let objects = Arc::new(Objects::new(Memory::new(), vec![alf()]).with_page_size(2));
    let router = Router::builder(base, fixed_clock())
        .with_body_limit(LIMIT)
        .version(Version::V2_3_0, |routes| {
            routes.receiver::<Location>(&objects).receiver::<Tariff>(&objects).sender::<Location>(&objects)
        })
        .build(KnownPartners::default().with(TOKEN, Partner::new(partner_id("cpo"), [alf()])))
        .expect("a router");
    let client = Client::new(
        Version::V2_3_0,
        router.endpoints(Version::V2_3_0),
        token(TOKEN),
        RequestIds::new("wire"),
    )
    .with_versions_url(router.versions_url());
    serve(listener, axum::Router::new().fallback_service(router));
    client.over(http())
}

fn serve(listener: TcpListener, app: axum::Router) {
    tokio::spawn(async move { axum::serve(listener, app).await });
}

fn http() -> Reqwest {
    http_within(64 << 20)
}

fn http_within(body_limit: usize) -> Reqwest {
    let outbound = Outbound::new().with_urls(UrlPolicy::Any).with_body_limit(body_limit);
    Reqwest::new(outbound).expect("a client")
}

fn location(id: &str) -> Location {
    parse(&location_json("NL/ALF", id, "10:00:00").replace("E1", "E/1"))
}

#[tokio::test]
async fn locations_at_all_three_levels() {
    let client = emsp().await;
    let whole = location("L 1");
    let evse = whole.evses[0].clone();
    let connector = evse.connectors.first().cloned().expect("a connector");
    let at = whole.identity();
    let location_id = at.key.location_id.clone();
    let evse_key = EvseKey { location_id: location_id.clone(), evse_uid: evse.uid.clone() };
    let evse_at = Owned { owner: alf(), key: evse_key };
    let connector_key =
        ConnectorKey { location_id, evse_uid: evse.uid.clone(), connector_id: connector.id.clone() };
    let connector_at = Owned { owner: alf(), key: connector_key };

    let error = client.send(&GetCopy::<Location>::new(at.clone())).await.expect_err("not there yet");
    assert!(error.is_not_found());
    let put = Put::of(whole.clone());
    assert_eq!(client.send(&put).await.expect("an answer").value, PushOutcome::Created);
    assert_eq!(client.send(&put).await.expect("an answer").value, PushOutcome::Updated);
    assert_eq!(client.send(&GetCopy::<Location>::new(at.clone())).await.expect("an answer").value, whole);
    assert_eq!(client.send(&GetCopy::<Evse>::new(evse_at.clone())).await.expect("an answer").value, evse);
    let get = GetCopy::<Connector>::new(connector_at.clone());
    assert_eq!(client.send(&get).await.expect("an answer").value, connector);

    let patch = LocationPatch {
        publish: false.into(),
        last_updated: time("10:00:01").into(),
        ..LocationPatch::default()
    };
    client.send(&Patch::<Location> { at: at.clone(), patch }).await.expect("an answer");
    let put = Put { at: evse_at.clone(), object: Evse { last_updated: time("10:00:02"), ..evse } };
    client.send(&put).await.expect("an answer");
    let patch = EvsePatch {
        status: Status::Charging.into(),
        last_updated: time("10:00:03").into(),
        ..EvsePatch::default()
    };
    client.send(&Patch::<Evse> { at: evse_at, patch }).await.expect("an answer");
    let put =
        Put { at: connector_at.clone(), object: Connector { last_updated: time("10:00:04"), ..connector } };
    client.send(&put).await.expect("an answer");
    let patch = ConnectorPatch {
        max_amperage: 16.into(),
        last_updated: time("10:00:05").into(),
        ..ConnectorPatch::default()
    };
    client.send(&Patch::<Connector> { at: connector_at, patch }).await.expect("an answer");

    let got = client.send(&GetCopy::<Location>::new(at)).await.expect("an answer").value;
    let evse = &got.evses[0];
    let connector = evse.connectors.first().expect("a connector");
    assert_eq!((got.publish, &evse.status, connector.max_amperage), (false, &Status::Charging, 16));
    let times = [got.last_updated, evse.last_updated, connector.last_updated];
    assert_eq!(times, [time("10:00:05"); 3]);
}

#[tokio::test]
async fn a_list_in_pages() {
    let client = emsp().await;
    for number in 0..5 {
        client.send(&Put::of(location(&format!("L{number}")))).await.expect("an answer");
    }
    let all = client.pages::<Location>().collect_items().await.expect("all of them");
    let ids: Vec<&str> = all.items.iter().map(|location| location.id.as_str()).collect();
    assert_eq!(ids, ["L0", "L1", "L2", "L3", "L4"]);
    let page =
        client.send(&List::<Location> { limit: Some(1), ..List::all() }).await.expect("an answer").value;
    assert_eq!((page.items.len(), page.total_count, page.limit), (1, Some(5), Some(2)));
}

/// A server that sends everybody elsewhere, and counts who comes.
async fn moved(status: StatusCode, to: String) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a socket");
    let port = listener.local_addr().expect("an address").port();
    let came = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&came);
    let app = axum::Router::new().fallback(move || {
        counter.fetch_add(1, Ordering::Relaxed);
        let to = HeaderValue::from_str(&to).expect("a header");
        async move { (status, [(header::LOCATION, to)]).into_response() }
    });
    serve(listener, app);
    (port, came)
}

/// A write that is redirected would lose its body, or send it to somebody else.
#[tokio::test]
async fn nobody_is_followed() {
    for status in [301, 302, 303, 307, 308] {
        let status = StatusCode::from_u16(status).expect("a status");
        // Were somebody to come, the second server would say so.
        let (second, came_to_second) = moved(StatusCode::OK, String::new()).await;
        let (first, came_to_first) = moved(status, format!("http://127.0.0.1:{second}/stolen")).await;
        let endpoint = |module: ModuleId, role| {
            let url = format!("http://127.0.0.1:{first}/{module}").parse().expect("a URL");
            EndpointInit { identifier: module, role, url }.into()
        };
        let endpoints = vec![
            endpoint(ModuleId::Locations, InterfaceRole::Receiver),
            endpoint(ModuleId::Locations, InterfaceRole::Sender),
            endpoint(ModuleId::Tariffs, InterfaceRole::Receiver),
        ];
        let client =
            Client::new(Version::V2_3_0, endpoints, token(TOKEN), RequestIds::new("wire")).over(http());
        let whole = location("L1");
        let at = whole.identity();
        let patch = LocationPatch { last_updated: time("10:00:01").into(), ..LocationPatch::default() };
        let tariff_key = ocpi_types::endpoint::TariffKey { tariff_id: "T1".parse().expect("an id") };
        let statuses = [
            client.send(&Put::of(whole)).await.expect_err("a write").http_status(),
            client
                .send(&Patch::<Location> { at: at.clone(), patch })
                .await
                .expect_err("a write")
                .http_status(),
            client
                .send(&Delete::<Tariff> { at: Owned { owner: alf(), key: tariff_key } })
                .await
                .expect_err("a write")
                .http_status(),
            client.send(&GetCopy::<Location>::new(at)).await.expect_err("a read").http_status(),
            client.send(&List::<Location>::all()).await.expect_err("a read").http_status(),
        ];
        assert_eq!(statuses, [Some(status); 5]);
        assert_eq!(came_to_first.load(Ordering::Relaxed), 5);
        assert_eq!(came_to_second.load(Ordering::Relaxed), 0, "{status} was followed");
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_and_the_refusal_is_seen() {
    let client = emsp().await;
    let put = Put::of(location("L1"));
    // More than a socket holds, so that it is still being sent when it is refused.
    for size in [LIMIT + 1, LIMIT + LIMIT / 2, 2 * LIMIT] {
        let request = client.request(&put).expect("a request").map(|_| Bytes::from(vec![b' '; size]));
        let answer =
            client.response::<Put<Location>>(client.transport().send(request).await.expect("an answer"));
        assert_eq!(
            answer.expect_err("too large").http_status(),
            Some(StatusCode::PAYLOAD_TOO_LARGE),
            "{size}"
        );
    }
    client.send(&GetCopy::<Location>::new(put.at.clone())).await.expect_err("nothing was stored");
    client.send(&put).await.expect("the server is still there");
}

/// A body without end: the server stops reading, whatever the client makes of it.
#[tokio::test]
async fn a_body_far_too_large_is_not_read() {
    let client = emsp().await;
    let put = Put::of(location("L1"));
    let request = client.request(&put).expect("a request").map(|_| Bytes::from(vec![b' '; 64 << 20]));
    match client.transport().send(request).await {
        Ok(answer) => assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE),
        // The server closed the connection while we were still sending.
        Err(error) => assert!(!error.to_string().contains(TOKEN), "{error}"),
    }
    client.send(&put).await.expect("the server is still there");
}

/// An answer larger than the client's limit.
#[tokio::test]
async fn an_answer_that_is_too_large_is_refused() {
    let client = emsp().await;
    client.send(&Put::of(location("L1"))).await.expect("an answer");
    let get = GetCopy::<Location>::new(location("L1").identity());
    let request = client.request(&get).expect("a request");
    let size = client.transport().send(request).await.expect("an answer").body().len();
    client.clone().over(http_within(size)).send(&get).await.expect("it just fits");
    let error = client.over(http_within(size - 1)).send(&get).await.expect_err("too large");
    assert_eq!(error.to_string(), "GetCopy<Location>: no answer: the answer is larger than the limit");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_a_failure_without_secrets() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a socket");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    let url = format!("http://127.0.0.1:{port}/locations").parse().expect("a URL");
    let endpoint = EndpointInit { identifier: ModuleId::Locations, role: InterfaceRole::Receiver, url };
    let client = Client::new(Version::V2_3_0, vec![endpoint.into()], token(TOKEN), RequestIds::new("wire"));
    let client = client.with_retry(ocpi_client::Retry::NEVER);
    let error = client.over(http()).send(&Put::of(location("SECRET"))).await.expect_err("nobody is there");
    assert!(error.is_retryable());
    let encoded = token(TOKEN).to_header(true);
    for shown in [error.to_string(), format!("{error:?}")] {
        for secret in [TOKEN, encoded.trim_start_matches("Token "), "SECRET"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}
