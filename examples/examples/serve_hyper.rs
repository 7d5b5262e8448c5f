//! A router on hyper, over HTTP/1 and HTTP/2, that stops without losing a request:
//! `cargo run -p examples --example serve_hyper`, and Ctrl-C. A connection without a first byte is waited for without limit.

use std::{pin::pin, time::Duration};

use hyper::body::Incoming;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::{conn::auto, graceful::GracefulShutdown};
use hyper_util::service::TowerToHyperService;
use ocpi_server_traits::{RemoteAddress, Router};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// Time for the head of a request, and between two signs of life of an HTTP/2 connection.
const HEAD: Duration = Duration::from_secs(10);
/// Time for the requests that are open at the end.
const DRAIN: Duration = Duration::from_secs(30);

/// Answers requests until `stop` is ready, takes no more connections, and answers the requests that are open. Then the router
/// is dropped, and with it the store.
pub(crate) async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    let mut server = auto::Builder::new(TokioExecutor::new());
    server.http1().timer(TokioTimer::new()).header_read_timeout(HEAD);
    server.http2().timer(TokioTimer::new()).keep_alive_interval(HEAD);
    let (graceful, mut connections, mut stop) = (GracefulShutdown::new(), JoinSet::new(), pin!(stop));
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            Some(_) = connections.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, peer)) = accepted else {
            sleep(Duration::from_millis(100)).await; // There may be too many.
            continue;
        };
        let router = TowerToHyperService::new(router.clone());
        let answer = service_fn(move |mut request: http::Request<Incoming>| {
            request.extensions_mut().insert(RemoteAddress(peer.ip()));
            router.call(request)
        });
        let connection = server.serve_connection(TokioIo::new(stream), answer).into_owned();
        connections.spawn(graceful.watch(connection));
    }
    drop(listener);
    // Idle connections end at once. What is not done in time is broken off.
    drop(timeout(DRAIN, graceful.shutdown()).await);
    connections.shutdown().await;
}

#[tokio::main]
async fn main() -> Result<(), examples::roam::Failure> {
    let listener = TcpListener::bind(("127.0.0.1", 8080)).await?;
    let router = examples::cpo::open("http://127.0.0.1:8080/ocpi").await?;
    serve(listener, router, async { drop(tokio::signal::ctrl_c().await) }).await;
    Ok(())
}
