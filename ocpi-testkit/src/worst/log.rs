//! Requests that came to a partner.

use std::sync::Mutex;

use super::lock;

/// Most requests that a partner answers: whoever asks more often runs in a circle.
const MOST: usize = 5_000;

/// Requests that came to a partner, as method and path.
#[derive(Debug, Default)]
pub(super) struct Log(Mutex<Vec<String>>);

impl Log {
    /// Writes a request down; `false` if there were too many.
    pub(super) fn add<B>(&self, request: &http::Request<B>) -> bool {
        let mut requests = lock(&self.0);
        requests.push(format!("{} {}", request.method(), request.uri()));
        requests.len() <= MOST
    }

    pub(super) fn requests(&self) -> Vec<String> {
        lock(&self.0).clone()
    }
}
