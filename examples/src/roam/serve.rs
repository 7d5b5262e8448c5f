//! Serving a router over hyper.
//!
//! `axum::serve` takes a router as well, but waits for the head of a request for ever, and does not tell the router who
//! asks.

use std::time::Duration;

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use ocpi_server_traits::{RemoteAddress, Router};
use tokio::net::TcpListener;

/// Time in which the head of a request must have arrived.
const HEAD: Duration = Duration::from_secs(10);

/// Time to wait when no connection can be taken, as when there are too many.
const PAUSE: Duration = Duration::from_millis(100);

/// Answers requests until it is dropped.
pub(crate) async fn serve(listener: TcpListener, router: Router) {
    loop {
        let Ok((stream, peer)) = listener.accept().await else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let router = TowerToHyperService::new(router.clone());
        let answer = service_fn(move |mut request: http::Request<Incoming>| {
            request.extensions_mut().insert(RemoteAddress(peer.ip()));
            router.call(request)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD)
            .serve_connection(TokioIo::new(stream), answer);
        // A connection that breaks off concerns nobody else.
        tokio::spawn(async move { drop(connection.await) });
    }
}
