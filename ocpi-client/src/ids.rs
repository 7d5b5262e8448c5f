//! Ids of requests.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Generator of request ids: a prefix and a number. Clones share the counter.
///
/// The prefix distinguishes the ids of different runs: use a random one, such as a UUID.
///
/// ```
/// use ocpi_client::RequestIds;
/// let ids = RequestIds::new("5f2c");
/// assert_eq!(ids.next(), "5f2c-0");
/// assert_eq!(ids.clone().next(), "5f2c-1");
/// ```
#[derive(Clone, Debug)]
pub struct RequestIds {
    prefix: Arc<str>,
    count: Arc<AtomicU64>,
}

impl RequestIds {
    /// Creates a generator with this prefix.
    pub fn new(prefix: &str) -> Self {
        Self { prefix: prefix.into(), count: Arc::default() }
    }

    /// Returns the next id.
    #[allow(clippy::should_implement_trait, reason = "an iterator would need `&mut`, and never ends")]
    pub fn next(&self) -> String {
        format!("{}-{}", self.prefix, self.count.fetch_add(1, Ordering::Relaxed))
    }
}
