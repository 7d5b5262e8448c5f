//! The example `serve_layers`.

#[allow(dead_code, reason = "its `main` is for the command line")]
#[path = "../../examples/serve_layers.rs"]
mod example;

use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::routing::get;
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use ocpi_client::Transport;
use ocpi_server_traits::RequestLimits;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::side::{Side, reqwest, socket, talk};

const LONG: Duration = Duration::from_secs(60);

/// Serves a router and two routes that fail, inside the layers. Returns the URL of the router.
async fn served(limits: RequestLimits, time: Duration) -> (Side, String) {
    let (listener, base) = socket("http").await;
    let side = Side::new(&base, limits);
    let app = axum::Router::new()
        .route("/panics", get(panics))
        .route("/hangs", get(std::future::pending::<()>))
        .fallback_service(side.router.clone());
    let serving = axum::serve(listener, example::layered(app, time));
    tokio::spawn(async move { serving.await });
    (side, base)
}

async fn panics() -> &'static str {
    panic!("as a test wants it")
}

async fn ask(request: http::request::Builder, body: impl Into<Bytes>) -> Response<Bytes> {
    reqwest().send(request.body(body.into()).expect("a request")).await.expect("an answer")
}

#[tokio::test]
async fn a_panic_outside_the_router_is_answered() {
    let (side, base) = served(RequestLimits::default(), LONG).await;
    let answer = ask(Request::get(base.replace("/ocpi", "/panics")), "").await;
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    talk(&side.client.over(reqwest())).await;
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_answered() {
    let (_, base) = served(RequestLimits::default(), Duration::from_millis(1)).await;
    let answer = ask(Request::get(base.replace("/ocpi", "/hangs")), "").await;
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
}

/// Sends the head of a PUT and a part of its body over a connection of its own, and reads the answer.
async fn put(base: &str, length: &str, body: &[u8]) -> String {
    let host = base.trim_start_matches("http://").trim_end_matches("/ocpi");
    let mut stream = TcpStream::connect(host).await.expect("a connection");
    let head = format!(
        "PUT /ocpi/2.3.0/receiver/locations/NL/ALF/L1 HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\
         authorization: Token a25vd24=\r\nx-request-id: r-1\r\n{length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.expect("a head");
    stream.write_all(body).await.expect("a body");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    answer
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_by_the_layer_and_one_below_by_the_router() {
    let (_, base) = served(RequestLimits::default().with_body_bytes(1_000), LONG).await;
    let answer = put(&base, &format!("content-length: {}", example::BODY + 1), b"").await;
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.ends_with("length limit exceeded"), "{answer}");
    let answer = put(&base, "content-length: 1001", &[b' '; 1_001]).await;
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains(r#""status_code":2"#), "{answer}");
}

#[tokio::test]
async fn a_body_that_grows_over_the_limit_of_the_layer_is_too_large_for_the_router() {
    let (_, base) = served(RequestLimits::default().with_body_bytes(2 * example::BODY), LONG).await;
    let mut body = format!("{:x}\r\n", example::BODY + 1).into_bytes();
    body.resize(body.len() + example::BODY + 1, b' ');
    let answer = put(&base, "transfer-encoding: chunked", &body).await;
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains(r#""status_code":2"#), "{answer}");
}

/// The texts of spans and events.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.push_str(&format!(" {field}={value:?}"));
    }
}

impl Log {
    fn write(&self, line: Line) {
        self.0.lock().expect("no panic").push(line.0);
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("tower_http") || metadata.name() == "request"
    }
    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut line = Line(span.metadata().name().to_owned());
        span.record(&mut line);
        self.write(line);
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        let mut line = Line(event.metadata().target().to_owned());
        event.record(&mut line);
        self.write(line);
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn requests_are_traced_without_their_urls() {
    let log = Log::default();
    // For this thread, on which the server is, too.
    let _traced = tracing::subscriber::set_default(log.clone());
    let (_, base) = served(RequestLimits::default(), LONG).await;
    let request = Request::get(format!("{base}/2.3.0/receiver/tokens/NL/ALF/DRIVER-1"))
        .header("authorization", "Token a25vd24=")
        .header("x-request-id", "r-1");
    assert_eq!(ask(request, "").await.status(), StatusCode::NOT_FOUND);
    let lines = log.0.lock().expect("no panic").join("\n");
    assert!(lines.contains(r#"request method=GET id="r-1""#), "{lines}");
    assert!(lines.contains("status=404"), "{lines}");
    for secret in ["DRIVER-1", "a25vd24=", "known"] {
        assert!(!lines.contains(secret), "{lines}");
    }
}
