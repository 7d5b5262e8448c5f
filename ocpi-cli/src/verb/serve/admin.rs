//! The second listener, for whoever runs the sandbox.

use std::io;
use std::sync::Arc;

use http::{Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use ocpi_sandbox::{Counters, Sandbox};
use ocpi_server_traits::AnyStore;
use tokio::sync::watch;

use super::http::Body;
use super::outgoing::Outgoing;

/// Answers `/health/live`, `/health/ready` and `/metrics`.
#[derive(Clone)]
pub(super) struct Admin {
    sandbox: Arc<Sandbox<AnyStore, Outgoing>>,
    counters: Counters,
    stopping: Option<watch::Receiver<bool>>,
}

impl Admin {
    pub(super) fn new(sandbox: Arc<Sandbox<AnyStore, Outgoing>>, counters: Counters) -> Self {
        Self { sandbox, counters, stopping: None }
    }

    /// It is not ready any more when this says so.
    pub(super) fn stopping(self, stopping: watch::Receiver<bool>) -> Self {
        Self { stopping: Some(stopping), ..self }
    }

    pub(super) async fn answer(self, request: Request<Incoming>) -> io::Result<Response<Body>> {
        let (status, text) = match (request.method(), request.uri().path()) {
            (&Method::GET | &Method::HEAD, "/health/live") => (StatusCode::OK, "live\n".to_owned()),
            (&Method::GET | &Method::HEAD, "/health/ready") => self.ready().await,
            (&Method::GET | &Method::HEAD, "/metrics") => self.metrics().await,
            (_, "/health/live" | "/health/ready" | "/metrics") => {
                (StatusCode::METHOD_NOT_ALLOWED, "only GET\n".to_owned())
            }
            _ => (StatusCode::NOT_FOUND, "there are /health/live, /health/ready and /metrics\n".to_owned()),
        };
        let answer = Response::builder()
            .status(status)
            .header(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")
            .body(Full::from(text).boxed_unsync());
        answer.map_err(io::Error::other)
    }

    async fn ready(&self) -> (StatusCode, String) {
        if self.stopping.as_ref().is_some_and(|stopping| *stopping.borrow()) {
            return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n".to_owned());
        }
        match self.sandbox.is_ready().await {
            true => (StatusCode::OK, "ready\n".to_owned()),
            false if self.sandbox.is_stalled() => (
                StatusCode::SERVICE_UNAVAILABLE,
                "no step of the city has succeeded for a minute\n".to_owned(),
            ),
            false => (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n".to_owned()),
        }
    }

    async fn metrics(&self) -> (StatusCode, String) {
        match self.sandbox.metrics(&self.counters).await {
            Ok(text) => (StatusCode::OK, text),
            Err(error) => (StatusCode::SERVICE_UNAVAILABLE, format!("{error}\n")),
        }
    }
}
