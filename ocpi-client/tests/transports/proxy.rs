use std::io::Write;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ocpi_client::outbound::{Proxy, Resolver};
use ocpi_client::{Outbound, TransportErrorKind};

use crate::server::{Server, answer, head_of};
use crate::way::{development, ways};

/// A proxy that answers in the place of everybody, and in a tunnel too.
fn proxy() -> Server {
    Server::new(|head, stream: &mut TcpStream| {
        if head.starts_with("connect ") {
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").expect("sent");
            head_of(stream).expect("a request");
        }
        drop(stream.write_all(&answer("", b"by proxy")));
    })
}

#[test]
fn hosts_that_are_named_are_reached_through_the_proxy() {
    let proxy = proxy();
    let url = format!("http://user:word@proxy.lan:{}", proxy.port);
    let looked_up = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&looked_up);
    // The proxy itself is on a private address, as they are; nobody else is looked up by us.
    let resolver = Resolver::from_fn(move |host| {
        assert_eq!(host, "proxy.lan");
        counter.fetch_add(1, Ordering::SeqCst);
        Ok(vec![[127, 0, 0, 1].into()])
    });
    let hosts = ["cpo.example", "EMSP.example:8080", "10.1.2.3"];
    let outbound =
        development().with_resolver(resolver).with_proxy(Proxy::new(&url, hosts).expect("a proxy"));
    for way in ways(&outbound) {
        for url in ["http://cpo.example/ocpi", "http://emsp.example:8080/ocpi", "http://10.1.2.3/ocpi"] {
            let got = way.get(url).expect("an answer");
            assert_eq!(got.body(), "by proxy", "{} {url}", way.name);
            let heads = proxy.heads().concat();
            assert!(heads.contains("proxy-authorization: basic dxnlcjp3b3jk"), "{} {heads}", way.name);
        }
        for url in
            ["http://cpo.example:8080/", "http://emsp.example/", "http://other.example/", "http://10.1.2.4/"]
        {
            let error = way.get(url).expect_err("a refusal");
            assert_eq!(error.kind(), TransportErrorKind::Refused, "{} {url}", way.name);
            assert!(
                error
                    .to_string()
                    .contains("not a host to which the proxy may connect. Name it in `Proxy::new`")
            );
        }
        assert_eq!(proxy.heads().len(), 0, "{}", way.name);
    }
    assert!(looked_up.load(Ordering::SeqCst) > 0);
    assert!(!format!("{outbound:?}").contains("word"));
}

/// With a proxy, https is still asked for.
#[test]
fn the_text_of_urls_is_still_looked_at() {
    let proxy = proxy();
    let url = proxy.url("");
    let outbound = Outbound::new().with_proxy(Proxy::new(&url, ["cpo.example"]).expect("a proxy"));
    for way in ways(&outbound) {
        for url in ["http://cpo.example/", "https://user@cpo.example/"] {
            assert_eq!(way.get(url).expect_err("a refusal").kind(), TransportErrorKind::Refused, "{url}");
        }
    }
    assert_eq!(proxy.connections(), 0);
}

/// The environment names a proxy, for a program of its own: this test in [`asks_directly`].
#[test]
fn the_environment_names_no_proxy() {
    let proxy = proxy();
    let server = Server::says(answer("", b"direct"));
    let mut child = std::process::Command::new(std::env::current_exe().expect("a program"));
    for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        child.env(name, proxy.url(""));
    }
    child.env_remove("no_proxy").env_remove("NO_PROXY").env("OCPI_TEST_URL", server.url("/"));
    let output = child.args(["--exact", "proxy::asks_directly", "--ignored"]).output().expect("a program");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
    assert_eq!((server.heads().len(), proxy.connections()), (2, 0));
}

#[test]
#[ignore = "run by the_environment_names_no_proxy"]
fn asks_directly() {
    let url = std::env::var("OCPI_TEST_URL").expect("a URL");
    for way in ways(&development()) {
        assert_eq!(way.get(&url).expect("an answer").body(), "direct", "{}", way.name);
    }
}
