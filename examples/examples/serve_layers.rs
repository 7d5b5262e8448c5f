//! A router inside layers of tower-http: `cargo run -p examples --example serve_layers`.
//!
//! The router has limits of its own, of size, time and number, and takes care of handlers that panic, and its answers have
//! envelopes; those of layers have none. Layers are for all of a program, of which OCPI is a part.

use std::time::Duration;

use axum::body::Body;
use http::{Request, StatusCode};
use tokio::net::TcpListener;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;
use tracing::{Span, info_span};

/// Most bytes of a body. More than the router takes: the layer refuses without reading, and a partner that is still sending
/// may not see the answer.
pub(crate) const BODY: usize = 16 << 20;

/// Puts the layers around an application, the outermost first.
pub(crate) fn layered(app: axum::Router, time: Duration) -> axum::Router {
    app.layer(
        ServiceBuilder::new()
            .layer(TraceLayer::new_for_http().make_span_with(span))
            .layer(CatchPanicLayer::new())
            .layer(RequestBodyLimitLayer::new(BODY))
            .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, time)),
    )
}

/// The span of a request. Not the one of tower-http: it has the URL, and there are drivers' tokens in URLs.
fn span(request: &Request<Body>) -> Span {
    let id = request.headers().get("x-request-id").and_then(|id| id.to_str().ok());
    info_span!("request", method = %request.method(), id)
}

#[tokio::main]
async fn main() -> Result<(), examples::roam::Failure> {
    let listener = TcpListener::bind(("127.0.0.1", 8080)).await?;
    let router = examples::cpo::open("http://127.0.0.1:8080/ocpi").await?;
    let app = axum::Router::new().fallback_service(router);
    Ok(axum::serve(listener, layered(app, Duration::from_secs(60))).await?)
}
