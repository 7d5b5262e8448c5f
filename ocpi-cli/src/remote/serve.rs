//! Serving a router or an inbox, while a partner calls back.

use std::convert::Infallible;
use std::error::Error;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use ocpi_conformance::Inbox;
use ocpi_server_traits::{RemoteAddress, Router};
use tokio::net::TcpListener;

use crate::remote::Failure;

/// Time in which the head of a request must have arrived.
const HEAD: Duration = Duration::from_secs(10);

/// Time to wait when no connection can be taken, as when there are too many.
const PAUSE: Duration = Duration::from_millis(100);

/// Largest body that an inbox takes, in bytes.
const LARGEST: usize = 1 << 20;

/// Opens a socket.
///
/// # Errors
/// When the address is not ours, or in use.
pub(crate) async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), Failure> {
    let failed = |error| Failure::Partner(format!("cannot listen at {address}: {error}"));
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok((listener, bound))
}

/// Answers requests by a router until it is dropped.
pub(crate) async fn serve(listener: TcpListener, router: Router) {
    let router = TowerToHyperService::new(router);
    serve_by(listener, move |mut request, peer| {
        request.extensions_mut().insert(RemoteAddress(peer));
        router.call(request)
    })
    .await;
}

/// Answers requests by an inbox until it is dropped.
pub(crate) async fn serve_inbox(listener: TcpListener, inbox: Inbox) {
    serve_by(listener, move |request: http::Request<Incoming>, _| {
        let inbox = inbox.clone();
        async move {
            let (parts, body) = request.into_parts();
            let Ok(body) = Limited::new(body, LARGEST).collect().await else {
                let mut refusal = http::Response::new(Full::default());
                *refusal.status_mut() = http::StatusCode::PAYLOAD_TOO_LARGE;
                return Ok(refusal);
            };
            let answer = inbox.handle(http::Request::from_parts(parts, body.to_bytes()));
            Ok::<_, Infallible>(answer.map(Full::new))
        }
    })
    .await;
}

async fn serve_by<A, B, F>(
    listener: TcpListener,
    answer: impl Fn(http::Request<Incoming>, IpAddr) -> F + Clone + Send + 'static,
) where
    A: Into<Box<dyn Error + Send + Sync>> + 'static,
    B: Body<Data: Send, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
    F: Future<Output = Result<http::Response<B>, A>> + Send + 'static,
{
    loop {
        let Ok((stream, peer)) = listener.accept().await else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let answer = answer.clone();
        let service = service_fn(move |request| answer(request, peer.ip()));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD)
            .serve_connection(TokioIo::new(stream), service);
        // A connection that breaks off concerns nobody else.
        tokio::spawn(async move { drop(connection.await) });
    }
}
