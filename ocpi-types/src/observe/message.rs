//! Whole messages, for observers that request them.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};

/// A request with its answer, as written: **with tokens and drivers' ids**. `Debug` shows neither.
///
/// Given only to observers that [take messages](super::Observe::takes_messages).
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Message<'a> {
    /// The request. Its body is empty if the request was refused before its body was read.
    pub request: &'a Request<Bytes>,
    /// The answer; `None` if there is none.
    pub response: Option<&'a Response<Bytes>>,
    /// The reason why a request of ours got no answer.
    pub error: Option<&'a (dyn Error + 'static)>,
    /// Time from the request to the answer, or to its failure.
    pub duration: Duration,
}

impl<'a> Message<'a> {
    /// Creates a message without an answer.
    pub const fn new(request: &'a Request<Bytes>, duration: Duration) -> Self {
        Self { request, response: None, error: None, duration }
    }

    /// Sets the answer.
    #[must_use]
    pub const fn with_response(self, response: &'a Response<Bytes>) -> Self {
        Self { response: Some(response), ..self }
    }

    /// Sets the reason why there is no answer.
    #[must_use]
    pub fn with_error(self, error: &'a (dyn Error + 'static)) -> Self {
        Self { error: Some(error), ..self }
    }
}

impl fmt::Debug for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("bytes", &self.request.body().len())
            .field("status", &self.response.map(Response::status))
            .field("duration", &self.duration)
            .finish_non_exhaustive()
    }
}
