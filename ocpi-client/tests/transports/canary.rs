//! Attempts to make the client connect into our own network.

mod named;
mod spellings;

use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ocpi_client::outbound::Resolver;
use ocpi_client::{Outbound, TransportErrorKind, UrlPolicy};

use crate::server::{Server, answer};
use crate::way::ways;

/// Listeners to which nobody may connect.
struct Canary {
    listeners: Vec<TcpListener>,
    port: u16,
}

impl Canary {
    fn new() -> Self {
        let v4 = TcpListener::bind(("127.0.0.1", 0)).expect("a socket");
        let port = v4.local_addr().expect("an address").port();
        // Not every machine has IPv6.
        let v6 = TcpListener::bind(("::1", port)).ok();
        let listeners: Vec<_> = [Some(v4), v6].into_iter().flatten().collect();
        for listener in &listeners {
            listener.set_nonblocking(true).expect("a socket");
        }
        Self { listeners, port }
    }

    /// Connections since the last time. They stand in the queue of the listener before whoever connects knows of it.
    fn connections(&self) -> usize {
        self.listeners.iter().map(|listener| std::iter::from_fn(|| listener.accept().ok()).count()).sum()
    }

    /// Rules of production, but for the port: it must not be what saves us.
    fn rules(&self) -> Outbound {
        Outbound::new().with_ports([self.port, 443])
    }
}

fn leads_to(address: IpAddr) -> (Resolver, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let resolver = Resolver::from_fn(move |_| {
        counter.fetch_add(1, Ordering::SeqCst);
        Ok(vec![address])
    });
    (resolver, asked)
}

#[test]
fn no_spelling_of_a_private_host_is_connected_to() {
    let canary = Canary::new();
    // Whatever is no address by its text leads to the canary by its name.
    let (resolver, _) = leads_to(Ipv4Addr::LOCALHOST.into());
    let (mut tried, mut unparsed) = (0, 0);
    for way in ways(&canary.rules().with_resolver(resolver)) {
        for host in spellings::all() {
            for text in [
                format!("https://{host}:{}/ocpi", canary.port),
                format!("http://{host}:{}/ocpi", canary.port),
                format!("https://{host}/ocpi"),
                format!("https://user:hunter2@{host}:{}/ocpi", canary.port),
                format!("https://cpo.example@{host}:{}/ocpi", canary.port),
            ] {
                // As the client does: the parser of URLs makes it ASCII, if it can.
                let Some(uri) =
                    url::Url::parse(&text).ok().and_then(|url| url.as_str().parse::<http::Uri>().ok())
                else {
                    unparsed += 1;
                    continue;
                };
                tried += 1;
                let error = way.get(&uri.to_string()).expect_err("a refusal");
                assert_eq!(error.kind(), TransportErrorKind::Refused, "{} {text}: {error}", way.name);
                assert!(error.is_refused() && !error.is_retryable());
                assert!(!error.to_string().contains("hunter2"), "{error}");
            }
        }
    }
    assert_eq!(canary.connections(), 0);
    assert!(tried >= 2 * 5 * 300, "{tried} tried, {unparsed} are no URLs");
}

/// Texts that no parser of URLs saw, as a caller may make them.
#[test]
fn no_raw_uri_is_connected_to() {
    let canary = Canary::new();
    let (resolver, _) = leads_to(Ipv4Addr::LOCALHOST.into());
    let mut tried = 0;
    for way in ways(&canary.rules().with_resolver(resolver)) {
        for host in spellings::all() {
            let Ok(uri) = format!("https://{host}:{}/ocpi", canary.port).parse::<http::Uri>() else {
                continue;
            };
            tried += 1;
            let error = way.get(&uri.to_string()).expect_err("a refusal");
            assert_eq!(error.kind(), TransportErrorKind::Refused, "{} {host}: {error}", way.name);
        }
    }
    assert_eq!(canary.connections(), 0);
    assert!(tried >= 2 * 200, "{tried}");
}

/// The same without the filter, so that the test above is known to be one.
#[test]
fn without_the_filter_they_are_connected_to() {
    let server = Server::says(answer("", b"here"));
    let (resolver, _) = leads_to(Ipv4Addr::LOCALHOST.into());
    for way in ways(&Outbound::new().with_resolver(resolver).with_urls(UrlPolicy::Any)) {
        for host in
            ["127.0.0.1", "2130706433", "0x7f.1", "017700000001", "localhost", "cpo.example", "a.local"]
        {
            let url = url::Url::parse(&format!("http://{host}:{}/ocpi", server.port)).expect("a URL");
            assert_eq!(way.get(url.as_str()).expect("an answer").body(), "here", "{} {host}", way.name);
        }
    }
    assert_eq!(server.connections(), 14);
}

#[test]
fn no_address_that_is_not_public_is_connected_to() {
    let canary = Canary::new();
    let mut tried = 0;
    for text in spellings::addresses() {
        let address: IpAddr = text.parse().expect("an address");
        let (resolver, asked) = leads_to(address);
        for way in ways(&canary.rules().with_resolver(resolver)) {
            tried += 1;
            let error = way.get(&format!("https://cpo.example:{}/ocpi", canary.port)).expect_err("a refusal");
            assert_eq!(error.kind(), TransportErrorKind::Refused, "{} {text}: {error}", way.name);
            assert!(
                error.to_string().starts_with("`cpo.example` is refused by `UrlPolicy::Public`: "),
                "{error}"
            );
        }
        assert_eq!(asked.load(Ordering::SeqCst), 2, "one look-up for each attempt");
    }
    assert_eq!(canary.connections(), 0);
    assert!(tried > 100, "{tried}");
}

/// Of two addresses, the one that is not public is left out.
#[test]
fn the_other_addresses_of_a_name_are_used() {
    let (port, came) = hangs_up(([127, 0, 0, 1], 0).into());
    let resolver = Resolver::from_fn(|_| Ok(vec![[10, 0, 0, 1].into(), [127, 0, 0, 1].into()]));
    let rules = Outbound::new()
        .with_ports([port])
        .with_networks(["127.0.0.0/8".parse().expect("a network")])
        .with_resolver(resolver);
    for (before, way) in ways(&rules).into_iter().enumerate() {
        way.get(&format!("https://cpo.example:{port}/ocpi")).expect_err("no TLS");
        assert_eq!(came.load(Ordering::SeqCst), before + 1, "{}", way.name);
    }
}

/// A server that counts its connections and closes them; its port.
fn hangs_up(at: SocketAddr) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind(at).expect("a socket");
    let port = listener.local_addr().expect("an address").port();
    let came = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&came);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            counter.fetch_add(1, Ordering::SeqCst);
            drop(stream);
        }
    });
    (port, came)
}

/// A name leads to a good address when it is checked, and to another one a moment later.
#[cfg(target_os = "linux")]
#[test]
fn a_name_cannot_be_rebound() {
    let canary = Canary::new();
    // Stands for a public one; the same port, so that only the address tells them apart.
    let (_, came) = hangs_up(([127, 0, 0, 2], canary.port).into());
    for name in ["reqwest", "ureq"] {
        let asked = Arc::new(AtomicUsize::new(0));
        let turn = Arc::clone(&asked);
        let resolver = Resolver::from_fn(move |_| {
            let is_first = turn.fetch_add(1, Ordering::SeqCst) % 2 == 0;
            Ok(vec![[127, 0, 0, if is_first { 2 } else { 1 }].into()])
        });
        let rules = canary
            .rules()
            .with_networks(["127.0.0.2/32".parse().expect("a network")])
            .with_resolver(resolver);
        let before = came.load(Ordering::SeqCst);
        let way = ways(&rules).into_iter().find(|way| way.name == name).expect("a client");
        for round in 0..1000 {
            let error =
                way.get(&format!("https://cpo.example:{}/ocpi", canary.port)).expect_err("no TLS there");
            let is_refused = error.kind() == TransportErrorKind::Refused;
            assert_eq!(is_refused, round % 2 == 1, "{name} {round}: {error}");
        }
        assert_eq!(asked.load(Ordering::SeqCst), 1000, "{name}: one look-up for each connection");
        assert_eq!(came.load(Ordering::SeqCst) - before, 500, "{name}");
    }
    assert_eq!(canary.connections(), 0);
}
