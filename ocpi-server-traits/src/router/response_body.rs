//! Bodies of answers.

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use super::BoxFuture;

/// Body of an answer of a [`Router`](crate::Router): an envelope in one piece.
///
/// After a refusal of a body that is too large it ends only when the rest of that body was passed over, or the time for
/// it is up. A server that closed the connection before would take the answer with it.
pub struct ResponseBody {
    envelope: Bytes,
    rest: Option<BoxFuture<'static, ()>>,
}

impl ResponseBody {
    pub(super) fn new(envelope: Bytes) -> Self {
        Self { envelope, rest: None }
    }

    pub(super) fn before(envelope: Bytes, rest: BoxFuture<'static, ()>) -> Self {
        Self { envelope, rest: Some(rest) }
    }
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if !self.envelope.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(std::mem::take(&mut self.envelope)))));
        }
        if let Some(rest) = &mut self.rest {
            ready!(rest.as_mut().poll(context));
            self.rest = None;
        }
        Poll::Ready(None)
    }

    fn is_end_stream(&self) -> bool {
        self.envelope.is_empty() && self.rest.is_none()
    }

    /// With an exact size, servers would end the answer, and with it the request, after that many bytes.
    fn size_hint(&self) -> SizeHint {
        if self.rest.is_some() {
            return SizeHint::default();
        }
        SizeHint::with_exact(u64::try_from(self.envelope.len()).unwrap_or(u64::MAX))
    }
}

impl fmt::Debug for ResponseBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseBody").field("envelope", &self.envelope.len()).finish_non_exhaustive()
    }
}
