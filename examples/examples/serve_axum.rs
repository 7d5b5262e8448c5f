//! A router on axum, beside other routes: `cargo run -p examples --example serve_axum`.
//!
//! `axum::serve` waits for the head of a request without limit. Where no proxy in front of it does better, serve the
//! application as the example `serve_hyper` serves a router.

use std::io;
use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request};
use axum::middleware::map_request;
use axum::routing::get;
use ocpi_server_traits::{RemoteAddress, Router};
use tokio::net::TcpListener;

/// Answers requests until it is dropped.
pub(crate) async fn serve(listener: TcpListener, router: Router) -> io::Result<()> {
    let app = axum::Router::new()
        .route("/health", get(|| async { "up" }))
        // Not `nest`, which would cut the beginning off the paths that the router knows.
        .fallback_service(router)
        .layer(map_request(hand_on_address));
    axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await
}

/// Tells the router where a request comes from, so that it can slow down those who guess tokens. Behind a proxy, the address
/// is the one that the proxy names.
async fn hand_on_address(ConnectInfo(peer): ConnectInfo<SocketAddr>, mut request: Request) -> Request {
    request.extensions_mut().insert(RemoteAddress(peer.ip()));
    request
}

#[tokio::main]
async fn main() -> Result<(), examples::roam::Failure> {
    let listener = TcpListener::bind(("127.0.0.1", 8080)).await?;
    let router = examples::cpo::open("http://127.0.0.1:8080/ocpi").await?;
    Ok(serve(listener, router).await?)
}
