//! A partner's Locations with its URL and a token, and nothing else.

use std::io::Write;

use ocpi_client::{Client, ErrorKind, Outbound, Reqwest, Ureq, UrlPolicy, blocking};
use ocpi_types::v2_3_0::locations::Location;

use crate::server::{Server, answer};

/// A partner of 2.3.0 without Locations.
fn partner() -> Server {
    Server::new(|head, stream| {
        let path = head.split(' ').nth(1).unwrap_or_default();
        let host = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("host").then(|| value.trim().to_owned())
        });
        let base = format!("http://{}", host.expect("a host"));
        let data = match path.split('?').next().unwrap_or_default() {
            "/versions" => format!(r#"[{{"version": "2.3.0", "url": "{base}/2.3.0"}}]"#),
            "/2.3.0" => format!(
                r#"{{"version": "2.3.0", "endpoints": [
                {{"identifier": "locations", "role": "SENDER", "url": "{base}/locations"}}]}}"#
            ),
            _ => "[]".to_owned(),
        };
        let body = format!(r#"{{"data": {data}, "status_code": 1000, "timestamp": "2026-11-22T10:00:00Z"}}"#);
        drop(stream.write_all(&answer("x-total-count: 0\r\n", body.as_bytes())));
    })
}

fn any() -> Outbound {
    Outbound::new().with_urls(UrlPolicy::Any)
}

fn asked(server: &Server) -> Vec<String> {
    server.heads().iter().filter_map(|head| head.split(' ').nth(1).map(str::to_owned)).collect()
}

#[tokio::test]
async fn locations_are_fetched_in_two_lines() {
    let server = partner();
    let (http, token) = (Reqwest::new(any()).expect("a client"), "secret".parse().expect("a token"));
    let cpo = Client::discover_over(http, server.url("/versions"), token).await.expect("found");
    let locations: Vec<Location> = cpo.pages().collect_items().await.expect("a list").items;
    assert!(locations.is_empty());
    assert_eq!(asked(&server), ["/versions", "/2.3.0", "/locations"]);
}

#[test]
fn locations_are_fetched_without_a_runtime() {
    let server = partner();
    let (http, token) = (Ureq::new(any()).expect("a client"), "secret".parse().expect("a token"));
    let cpo = blocking::Client::discover_over(http, server.url("/versions"), token).expect("found");
    let locations: Vec<Location> = cpo.pages().collect_items().expect("a list").items;
    assert!(locations.is_empty());
    assert_eq!(asked(&server), ["/versions", "/2.3.0", "/locations"]);
}

/// By default only public https URLs are asked; nothing is sent elsewhere.
#[tokio::test]
async fn by_default_no_private_host_is_asked() {
    let server = partner();
    let token = || "secret".parse().expect("a token");
    let error = Client::discover(server.url("/versions"), token()).await.expect_err("it is private");
    assert_eq!(error.kind(), ErrorKind::Transport);
    let url = server.url("/versions");
    let error = tokio::task::spawn_blocking(move || blocking::Client::discover(url, token()))
        .await
        .expect("no panic")
        .expect_err("it is private");
    assert_eq!(error.kind(), ErrorKind::Transport);
    let error = Client::discover("no URL", token()).await.expect_err("it is none");
    assert_eq!(error.kind(), ErrorKind::Unsendable);
    assert_eq!(server.connections(), 0);
}
