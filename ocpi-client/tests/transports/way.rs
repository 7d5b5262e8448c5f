//! The transports, as one.

use bytes::Bytes;
use http::{Request, Response};
use ocpi_client::blocking::BlockingTransport;
use ocpi_client::{Outbound, Reqwest, Transport, TransportError, Ureq, UrlPolicy};

/// One of the transports, which blocks.
pub(crate) struct Way {
    pub(crate) name: &'static str,
    send: Box<Send>,
}

type Send = dyn Fn(Request<Bytes>) -> Result<Response<Bytes>, TransportError> + std::marker::Send + Sync;

impl Way {
    pub(crate) fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        (self.send)(request)
    }

    pub(crate) fn get(&self, url: &str) -> Result<Response<Bytes>, TransportError> {
        self.send(request("GET", url))
    }
}

pub(crate) fn reqwest(outbound: Outbound) -> Result<Way, TransportError> {
    let http = Reqwest::new(outbound)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    Ok(Way { name: "reqwest", send: Box::new(move |request| runtime.block_on(http.send(request))) })
}

pub(crate) fn ureq(outbound: Outbound) -> Result<Way, TransportError> {
    let http = Ureq::new(outbound)?;
    Ok(Way { name: "ureq", send: Box::new(move |request| http.send(request)) })
}

/// All of them, by the same rules.
pub(crate) fn ways(outbound: &Outbound) -> [Way; 2] {
    [reqwest(outbound.clone()).expect("a client"), ureq(outbound.clone()).expect("a client")]
}

/// Rules without the filter.
pub(crate) fn development() -> Outbound {
    Outbound::new().with_urls(UrlPolicy::Any)
}

pub(crate) fn request(method: &str, url: &str) -> Request<Bytes> {
    let body = if matches!(method, "GET" | "DELETE") { Bytes::new() } else { Bytes::from_static(b"{}") };
    Request::builder()
        .method(method)
        .uri(url)
        .header("authorization", "Token canary")
        .body(body)
        .expect("a request")
}
