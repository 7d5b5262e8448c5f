//! Failures of a real transport: their kinds, and the errors that they lead to.

use std::error::Error as _;
use std::io;
use std::time::Duration;

use ocpi_client::{Client, Error, ErrorKind, Outbound, RequestIds, Reqwest, TransportError, UrlPolicy};
use ocpi_testkit::token;
use ocpi_types::Version;
use ocpi_types::endpoint::{GetVersions, List};
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::versions::EndpointInit;
use ocpi_types::{InterfaceRole, ModuleId};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const TOKEN: &str = "canary-4f1c9be27d";

/// Asks for a list at a URL; it must fail within this time.
async fn failure(url: &str, within: Duration) -> Error {
    let endpoint = EndpointInit {
        identifier: ModuleId::Locations,
        role: InterfaceRole::Sender,
        url: url.parse().expect("a URL"),
    };
    let client = Client::new(Version::V2_3_0, vec![endpoint.into()], token(TOKEN), RequestIds::new("wire"));
    let outbound = Outbound::new().with_urls(UrlPolicy::Any).with_whole_time(within);
    let http = Reqwest::new(outbound).expect("a client");
    let client = client.with_retry(ocpi_client::Retry::NEVER).over(http);
    let error = client.send(&List::<Location>::all()).await.expect_err("a failure");
    assert_eq!((error.kind(), error.endpoint()), (ErrorKind::Transport, "List<Location>"));
    assert!(
        error.is_retryable() != error.is_tls()
            && error.http_status().is_none()
            && error.partner_message().is_none()
    );
    let transport = error.source().expect("a cause");
    assert!(transport.is::<TransportError>());
    for shown in [error.to_string(), format!("{error:?}"), ocpi_types::observe::Chain(&error).to_string()] {
        assert!(!shown.contains(TOKEN) && !shown.contains("DRIVER"), "{shown}");
    }
    error
}

const LONG: Duration = Duration::from_secs(60);

/// A port at which somebody listens, or nobody any more.
async fn listener() -> (TcpListener, u16) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a socket");
    let port = listener.local_addr().expect("an address").port();
    (listener, port)
}

fn deepest(error: &Error) -> &(dyn std::error::Error + 'static) {
    let mut deepest: &(dyn std::error::Error + 'static) = error;
    while let Some(cause) = deepest.source() {
        deepest = cause;
    }
    deepest
}

#[tokio::test]
async fn a_refused_connection_leads_to_the_error_of_the_socket() {
    let (closed, port) = listener().await;
    drop(closed);
    let error = failure(&format!("http://127.0.0.1:{port}/DRIVER"), LONG).await;
    assert!(error.is_connect() && !error.is_timeout() && !error.is_tls());
    let socket = deepest(&error).downcast_ref::<io::Error>().expect("an error of the socket");
    assert_eq!(socket.kind(), io::ErrorKind::ConnectionRefused);
    assert!(error.to_string().starts_with("List<Location>: no answer: cannot connect: "), "{error}");
    assert!(error.to_string().contains(&socket.to_string()), "{error}");
}

#[tokio::test]
async fn silence_is_a_timeout() {
    let (_silent, port) = listener().await;
    let error = failure(&format!("http://127.0.0.1:{port}/DRIVER"), Duration::from_millis(50)).await;
    assert!(error.is_timeout() && !error.is_connect() && !error.is_tls(), "{error}");
    assert!(error.to_string().starts_with("List<Location>: no answer: timed out: "), "{error}");
}

/// A connection that breaks off, and one that does not speak HTTP.
#[tokio::test]
async fn what_is_no_answer_is_neither_of_these() {
    for sent in
        ["", "SSH-2.0-OpenSSH_9.6\r\n\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\n{\"data\": "]
    {
        let (listener, port) = listener().await;
        let serving = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            let mut head = [0; 64];
            let read = stream.read(&mut head).await.expect("a request");
            assert!(head[..read].starts_with(b"GET "));
            stream.write_all(sent.as_bytes()).await.expect("sent");
        });
        let error = failure(&format!("http://127.0.0.1:{port}/DRIVER"), LONG).await;
        assert!(!error.is_connect() && !error.is_timeout() && !error.is_tls(), "{sent:?}: {error}");
        serving.await.expect("no panic");
    }
}

#[test]
fn errors_of_nothing_sent_have_no_transport() {
    let client = Client::new(Version::V2_3_0, vec![], token(TOKEN), RequestIds::new("wire"));
    let error = client.request(&GetVersions).expect_err("no URL of versions");
    assert!(error.is_not_offered() && error.source().is_none() && !error.is_connect());
}
