//! Partners that send too slowly, too much or too often, with real sockets between them and the router.

use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use ocpi_server_traits::{Memory, Objects, Partner, Rate, RequestLimits, Router, Timer};
use ocpi_testkit::{KnownPartners, fixed_clock, partner_id, party};
use ocpi_types::Version;
use ocpi_types::v2_3_0::tariffs::Tariff;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};

/// The largest body that the server reads.
const LIMIT: usize = 4 << 10;

const TOKEN: &str = "Authorization: Token d2lyZS10b2tlbg==\r\nHost: emsp.example\r\n";

/// Times that the router waits for; each is up when its sender is used or dropped.
type Waiting = mpsc::UnboundedReceiver<(Duration, oneshot::Sender<()>)>;

/// A timer whose times are up when the test says so.
fn held() -> (Timer, Waiting) {
    let (tell, waiting) = mpsc::unbounded_channel();
    let timer = Timer::new(move |time| {
        let (up, is_up) = oneshot::channel();
        let told = tell.send((time, up));
        async move {
            told.expect("the test listens");
            let _ = is_up.await;
        }
    });
    (timer, waiting)
}

fn router(timer: Timer) -> Router {
    let objects = Arc::new(Objects::new(Memory::new(), vec![party("DE/EMP")]));
    let limits = RequestLimits::default()
        .with_body_bytes(LIMIT)
        .with_body_time(Duration::from_secs(7))
        .with_pass_over_time(Duration::from_secs(3))
        .with_rate(Rate::new(3, Duration::from_secs(60)));
    Router::builder("https://emsp.example/ocpi".parse().expect("a URL"), fixed_clock())
        .with_timer(timer)
        .with_limits(limits)
        .version(Version::V2_3_0, |routes| routes.receiver::<Tariff>(&objects))
        .build(
            KnownPartners::default().with("wire-token", Partner::new(partner_id("cpo"), [party("NL/ALF")])),
        )
        .expect("a router")
}

/// A connection to a router behind a socket.
async fn connect(timer: Timer) -> TcpStream {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a socket");
    let address = listener.local_addr().expect("an address");
    let app = axum::Router::new().fallback_service(router(timer));
    tokio::spawn(async move { axum::serve(listener, app).await });
    TcpStream::connect(address).await.expect("a connection")
}

/// The head of a PUT.
fn put(length: usize) -> String {
    format!("PUT /ocpi/2.3.0/receiver/tariffs/NL/ALF/T1 HTTP/1.1\r\n{TOKEN}Content-Length: {length}\r\n\r\n")
}

/// Reads until a text was read.
async fn read_to(stream: &mut (impl AsyncRead + Unpin), end: &str) -> String {
    let (mut text, mut piece) = (String::new(), [0; 1024]);
    while !text.contains(end) {
        let count = stream.read(&mut piece).await.expect("a connection");
        assert_ne!(count, 0, "closed after {text:?}");
        text.push_str(std::str::from_utf8(&piece[..count]).expect("text"));
    }
    text
}

async fn read_to_end(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    stream.read_to_string(&mut text).await.expect("a connection");
    text
}

#[tokio::test]
async fn a_body_that_stalls_is_answered_and_the_connection_closed() {
    let (timer, mut waiting) = held();
    let mut stream = connect(timer).await;
    stream.write_all(format!("{}{{", put(100)).as_bytes()).await.expect("sent");
    let (time, up) = waiting.recv().await.expect("a deadline");
    assert_eq!(time, Duration::from_secs(7));
    up.send(()).expect("the router waits");
    let answer = read_to_end(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains(r#""status_code":2000"#), "{answer}");
}

/// Not a byte of the body is there when the answer comes.
#[tokio::test]
async fn too_much_is_refused_before_it_is_sent() {
    let (timer, mut waiting) = held();
    let mut stream = connect(timer).await;
    let size = LIMIT + LIMIT / 2;
    stream.write_all(put(size).as_bytes()).await.expect("sent");
    let answer = read_to(&mut stream, "}").await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    let (time, _up) = waiting.recv().await.expect("a deadline");
    assert_eq!(time, Duration::from_secs(3));
    // Who sends it all the same may go on with the connection.
    stream.write_all(&vec![b' '; size]).await.expect("sent");
    read_to(&mut stream, "0\r\n\r\n").await;
    stream.write_all(format!("GET /ocpi/versions HTTP/1.1\r\n{TOKEN}\r\n").as_bytes()).await.expect("sent");
    let answer = read_to(&mut stream, "}").await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[tokio::test]
async fn the_rest_of_too_much_is_not_waited_for() {
    let (timer, mut waiting) = held();
    let mut stream = connect(timer).await;
    stream.write_all(put(LIMIT + 1).as_bytes()).await.expect("sent");
    let answer = read_to(&mut stream, "}").await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    let (_, up) = waiting.recv().await.expect("a deadline");
    up.send(()).expect("the router waits");
    read_to_end(&mut stream).await;
}

#[tokio::test]
async fn too_often_is_refused_with_a_time() {
    let (timer, _waiting) = held();
    let mut stream = connect(timer).await;
    let get = format!("GET /ocpi/versions HTTP/1.1\r\n{TOKEN}\r\n");
    for status in ["200", "200", "200", "429"] {
        stream.write_all(get.as_bytes()).await.expect("sent");
        let answer = read_to(&mut stream, "}").await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
        assert_eq!(answer.contains("retry-after: 20\r\n"), status == "429", "{answer}");
    }
}

#[tokio::test]
async fn head_has_no_body_on_the_wire() {
    let (timer, _waiting) = held();
    let mut stream = connect(timer).await;
    let ask = |method: &str| format!("{method} /ocpi/versions HTTP/1.1\r\n{TOKEN}\r\n");
    stream.write_all(format!("{}{}", ask("HEAD"), ask("OPTIONS")).as_bytes()).await.expect("sent");
    let answers = read_to(&mut stream, "}").await;
    let (head, options) = answers.split_once("\r\n\r\n").expect("two answers");
    assert!(head.starts_with("HTTP/1.1 200") && !head.contains("content-length: 0"), "{head}");
    assert!(
        options.starts_with("HTTP/1.1 200") && options.contains("allow: GET, HEAD, OPTIONS"),
        "{options}"
    );
}

/// The head is read by the server. This is how hyper is told not to wait for it for ever.
#[tokio::test(start_paused = true)]
async fn half_a_head_is_not_waited_for() {
    let (mut client, server) = tokio::io::duplex(1024);
    client.write_all(b"GET /ocpi/versions HTTP/1.1\r\nAuthor").await.expect("sent");
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(10))
        .serve_connection(TokioIo::new(server), TowerToHyperService::new(router(held().0)));
    assert!(connection.await.expect_err("a time-out").is_timeout());
}
