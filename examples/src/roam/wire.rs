//! A transport that counts.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use ocpi_client::{Outbound, Reqwest, Transport, TransportError, UrlPolicy};

/// Sends by HTTP, and counts requests and the bytes of bodies in both directions.
#[derive(Clone, Debug)]
pub(super) struct Counting {
    inner: Reqwest,
    tally: Arc<Tally>,
}

#[derive(Debug, Default)]
struct Tally {
    requests: AtomicU64,
    sent: AtomicU64,
    received: AtomicU64,
}

/// Number of requests, and of bytes in both directions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counts {
    pub(super) requests: u64,
    pub(super) sent: u64,
    pub(super) received: u64,
}

impl Counts {
    /// Requests per second, on average.
    pub(super) fn per_second(self, took: Duration) -> f64 {
        // In no time at all there is no rate.
        let requests = u32::try_from(self.requests).unwrap_or(u32::MAX);
        if took.is_zero() { 0.0 } else { f64::from(requests) / took.as_secs_f64() }
    }
}

impl Counting {
    pub(super) fn new() -> Result<Self, TransportError> {
        // Both platforms are on this machine.
        let outbound = Outbound::new().with_urls(UrlPolicy::Any);
        Ok(Self { inner: Reqwest::new(outbound)?, tally: Arc::default() })
    }

    pub(super) fn counts(&self) -> Counts {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Counts {
            requests: read(&self.tally.requests),
            sent: read(&self.tally.sent),
            received: read(&self.tally.received),
        }
    }
}

impl Transport for Counting {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let size = |body: &Bytes| u64::try_from(body.len()).unwrap_or_default();
        self.tally.requests.fetch_add(1, Ordering::Relaxed);
        self.tally.sent.fetch_add(size(request.body()), Ordering::Relaxed);
        let response = self.inner.send(request).await?;
        self.tally.received.fetch_add(size(response.body()), Ordering::Relaxed);
        Ok(response)
    }
}
