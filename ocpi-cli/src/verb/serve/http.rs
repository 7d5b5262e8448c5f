//! Serving over HTTP until the end, at which the requests that are open are answered.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::uri::{Authority, Scheme};
use http::{Request, Response, Uri};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use ocpi_server_traits::{RemoteAddress, Router};
use ocpi_testkit::FaultLayer;
use ocpi_types::Url;
use tokio::net::TcpListener;

/// Time in which the head of a request must have arrived.
const HEAD: Duration = Duration::from_secs(10);
/// Time to wait when no connection can be taken, as when there are too many.
const PAUSE: Duration = Duration::from_millis(100);
/// Longest time for which requests that are open are waited for at the end.
const DRAIN: Duration = Duration::from_secs(30);

/// Body of an answer.
pub(super) type Body = UnsyncBoxBody<Bytes, Infallible>;

/// Answers requests until `stop` is over. Then it takes no more connections, closes those that are idle, and waits for the
/// requests that are open. An answer that is an error breaks the connection.
pub(super) async fn serve<A, F>(listener: TcpListener, answer: A, stop: impl Future<Output = ()>)
where
    A: Fn(Request<Incoming>) -> F + Clone + Send + 'static,
    F: Future<Output = io::Result<Response<Body>>> + Send + 'static,
{
    let (graceful, mut stop) = (GracefulShutdown::new(), pin!(stop));
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, peer)) = accepted else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let answer = answer.clone();
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(RemoteAddress(peer.ip()));
            answer(request)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD)
            .serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
        // A connection that breaks off concerns nobody else.
        tokio::spawn(async move { drop(connection.await) });
    }
    drop(listener);
    drop(tokio::time::timeout(DRAIN, graceful.shutdown()).await);
}

/// Most bytes of a request to a server with faults.
const MOST: usize = 32 * 1024 * 1024;

/// The server of partners.
#[derive(Clone)]
pub(super) enum Site {
    Correct(TowerToHyperService<Router>),
    Faulty(Arc<FaultLayer>, Option<(Scheme, Authority)>),
}

impl Site {
    pub(super) fn of(router: Router) -> Self {
        Self::Correct(TowerToHyperService::new(router))
    }

    /// A server with faults, for a platform whose URLs begin so.
    pub(super) fn with_faults(layer: FaultLayer, base: &Url) -> Self {
        let origin = base.as_str().parse::<Uri>().ok().map(Uri::into_parts);
        Self::Faulty(Arc::new(layer), origin.and_then(|base| base.scheme.zip(base.authority)))
    }

    pub(super) async fn answer(self, request: Request<Incoming>) -> io::Result<Response<Body>> {
        match self {
            Self::Correct(router) => {
                let Ok(answer) = router.call(request).await;
                Ok(answer.map(BodyExt::boxed_unsync))
            }
            Self::Faulty(layer, origin) => {
                let (mut parts, body) = request.into_parts();
                parts.uri = whole(parts.uri, origin);
                let body = Limited::new(body, MOST).collect().await.map_err(io::Error::other)?;
                let answer = layer.answer(Request::from_parts(parts, body.to_bytes())).await;
                let answer = answer.ok_or_else(|| io::Error::other("the fault breaks the connection"))?;
                Ok(answer.map(|body| Full::new(body).boxed_unsync()))
            }
        }
    }
}

/// The URL of a request as its sender knows it: most requests have the path only.
fn whole(uri: Uri, origin: Option<(Scheme, Authority)>) -> Uri {
    let Some((scheme, authority)) = origin else { return uri };
    let mut parts = uri.clone().into_parts();
    (parts.scheme, parts.authority) = (Some(scheme), Some(authority));
    Uri::from_parts(parts).unwrap_or(uri)
}
