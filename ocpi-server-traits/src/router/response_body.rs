//! Bodies of answers.

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use super::BoxFuture;
use super::usage::InFlight;

/// Most bytes of a frame. A server asks for the next one when there is room: so it says how far the answer is sent.
const FRAME: usize = 64 << 10;

/// Body of an answer of a [`Router`](crate::Router): an envelope, in frames of at most 64 KiB. Until it is dropped, its
/// request counts as being answered.
///
/// After a refusal of a body that is too large, it ends only when the rest of that body has been discarded, or the time
/// for that is over. If the server closed the connection earlier, the answer would be lost.
pub struct ResponseBody {
    envelope: Bytes,
    rest: Option<BoxFuture<'static, ()>>,
    _in_flight: Option<InFlight>,
}

impl ResponseBody {
    /// The body of an answer, with the request that it is of.
    pub(super) fn of(answer: http::Response<Bytes>) -> http::Response<Self> {
        Self::before(answer, None)
    }

    /// The body of an answer that ends with the end of `rest`.
    pub(super) fn before(
        mut answer: http::Response<Bytes>,
        rest: Option<BoxFuture<'static, ()>>,
    ) -> http::Response<Self> {
        let in_flight = answer.extensions_mut().remove();
        answer.map(|envelope| Self { envelope, rest, _in_flight: in_flight })
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
            let bytes = FRAME.min(self.envelope.len());
            return Poll::Ready(Some(Ok(Frame::data(self.envelope.split_to(bytes)))));
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
