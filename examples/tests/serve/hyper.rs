//! The example `serve_hyper`.

#[allow(dead_code, reason = "its `main` is for the command line")]
#[path = "../../examples/serve_hyper.rs"]
mod example;

use std::io::ErrorKind;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response, Version};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use ocpi_client::TransportError;
use ocpi_client::transport::from_fn;
use ocpi_server_traits::RequestLimits;
use ocpi_testkit::location_json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;

use crate::side::{Side, reqwest, socket, talk};

#[tokio::test]
async fn a_request_under_way_is_answered_before_the_store_is_dropped() {
    let (listener, base) = socket("http").await;
    let address = listener.local_addr().expect("an address");
    let Side { router, objects, client } = Side::new(&base, RequestLimits::default());
    let store = Arc::downgrade(&objects);
    drop(objects);
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(example::serve(listener, router, async { drop(stopped.await) }));
    // This one leaves a connection that is idle.
    let client = client.over(reqwest());
    talk(&client).await;

    let body = location_json("NL/ALF", "L2", "10:00:00");
    let mut open = TcpStream::connect(address).await.expect("a connection");
    let head = format!(
        "PUT /ocpi/2.3.0/receiver/locations/NL/ALF/L2 HTTP/1.1\r\nhost: {address}\r\n\
         authorization: Token a25vd24=\r\nx-request-id: last\r\nx-correlation-id: last\r\n\
         content-type: application/json\r\ncontent-length: {}\r\nexpect: 100-continue\r\n\r\n",
        body.len()
    );
    open.write_all(head.as_bytes()).await.expect("a head");
    let leave = b"HTTP/1.1 100 Continue\r\n\r\n";
    let mut read = vec![0; leave.len()];
    open.read_exact(&mut read).await.expect("leave to go on");
    assert_eq!(read, leave);

    stop.send(()).expect("a server");
    // Connections that come before the server takes notice are opened, or reset.
    let refused = |error: std::io::Error| error.kind() == ErrorKind::ConnectionRefused;
    while !TcpStream::connect(address).await.is_err_and(refused) {
        tokio::task::yield_now().await;
    }
    assert!(!serving.is_finished());
    assert_eq!(store.upgrade().map(|_| ()), Some(()));

    open.write_all(body.as_bytes()).await.expect("a body");
    let mut answer = String::new();
    open.read_to_string(&mut answer).await.expect("an answer, and the end of the connection");
    assert!(answer.starts_with("HTTP/1.1 201 Created\r\n"), "{answer}");
    assert!(answer.contains(r#""status_code":1000"#), "{answer}");
    serving.await.expect("no panic");
    assert!(store.upgrade().is_none());
}

#[tokio::test]
async fn the_same_server_speaks_http_2() {
    let (listener, base) = socket("http").await;
    let address = listener.local_addr().expect("an address");
    let side = Side::new(&base, RequestLimits::default());
    tokio::spawn(example::serve(listener, side.router, std::future::pending()));

    let stream = TokioIo::new(TcpStream::connect(address).await.expect("a connection"));
    let (sender, connection) =
        http2::handshake(TokioExecutor::new(), stream).await.expect("a connection of HTTP/2");
    tokio::spawn(connection);
    let versions = Arc::new(Mutex::new(Vec::new()));
    let over_http_2 = from_fn(|request: Request<Bytes>| {
        let (mut sender, versions) = (sender.clone(), Arc::clone(&versions));
        async move {
            let answer = sender.send_request(request.map(Full::new)).await.map_err(TransportError::new)?;
            versions.lock().expect("no panic").push(answer.version());
            let (head, body) = answer.into_parts();
            let body = body.collect().await.map_err(TransportError::new)?;
            Ok(Response::from_parts(head, body.to_bytes()))
        }
    });
    talk(&side.client.clone().over(over_http_2)).await;
    assert_eq!(*versions.lock().expect("no panic"), [Version::HTTP_2; 3]);
    // And HTTP/1, on the same port.
    talk(&side.client.over(reqwest())).await;
}
