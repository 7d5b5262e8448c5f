//! The router as a `tower_service::Service`.

use std::convert::Infallible;
use std::error::Error as StdError;
use std::iter::successors;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Buf, Bytes};
use http::{HeaderMap, StatusCode, header};
use http_body::Body;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tower_service::Service;

use super::admission::{too_large, too_slow};
use super::{BoxFuture, ResponseBody, Router};
use crate::Error;

impl<B> Service<http::Request<B>> for Router
where
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    type Response = http::Response<ResponseBody>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<B>) -> Self::Future {
        let router = self.clone();
        Box::pin(async move { Ok(router.serve(request).await) })
    }
}

impl Router {
    /// Reads the body only after the request was admitted, only up to the limit, and only for a time.
    async fn serve<B>(&self, request: http::Request<B>) -> http::Response<ResponseBody>
    where
        B: Body + Send + 'static,
        B::Data: Send,
        B::Error: Into<Box<dyn StdError + Send + Sync>>,
    {
        let limits = &self.0.limits;
        let (parts, body) = request.into_parts();
        let mut body = Box::pin(body);
        let mut admitted = match self.admit(&parts).await {
            Ok(admitted) => admitted,
            Err(answer)
                if answer.status() == StatusCode::PAYLOAD_TOO_LARGE && !awaits_leave(&parts.headers) =>
            {
                return self.before_passing_over(answer, body, limits.body_bytes.saturating_mul(2));
            }
            Err(answer) => return ResponseBody::of(answer),
        };
        let read = Limited::new(body.as_mut(), limits.body_bytes).collect();
        let answer = match self.0.timer.within(limits.body_time, read).await {
            Some(Ok(body)) => match self.look_again(&parts.headers, &mut admitted).await {
                Ok(()) => admitted.answer(body.to_bytes()).await,
                Err(error) => admitted.refuse(error),
            },
            Some(Err(error)) if is_about_length(&*error) => {
                return self.before_passing_over(admitted.refuse(too_large()), body, limits.body_bytes);
            }
            Some(Err(error)) => admitted.refuse(Error::bad_request("the body broke off").with_source(error)),
            None => admitted.refuse(too_slow()),
        };
        ResponseBody::of(answer)
    }

    /// Answers, and then reads the rest of a body that is too large, if that is not too much and not too slow: as long as a
    /// partner is still sending, a connection that is closed would take the answer with it.
    fn before_passing_over<B>(
        &self,
        answer: http::Response<Bytes>,
        body: Pin<Box<B>>,
        most: usize,
    ) -> http::Response<ResponseBody>
    where
        B: Body + Send + 'static,
        B::Data: Send,
        B::Error: Into<Box<dyn StdError + Send + Sync>>,
    {
        if body.size_hint().lower() > u64::try_from(most).unwrap_or(u64::MAX) {
            return ResponseBody::of(answer);
        }
        let (timer, time) = (self.0.timer.clone(), self.0.limits.pass_over_time);
        let rest = async move { timer.within(time, pass_over(body, most)).await.unwrap_or(()) };
        ResponseBody::before(answer, Some(Box::pin(rest)))
    }
}

/// Whether a body is too long: for the router, or for a limit before it whose error a server has wrapped.
fn is_about_length(error: &(dyn StdError + 'static)) -> bool {
    successors(Some(error), |&error| error.source()).any(|error| error.is::<LengthLimitError>())
}

/// Whether the partner sends the body only after a word from the server.
fn awaits_leave(headers: &HeaderMap) -> bool {
    headers.contains_key(header::EXPECT)
}

async fn pass_over<B: Body>(mut body: Pin<Box<B>>, most: usize) {
    let mut left = most;
    while let Some(Ok(frame)) = body.as_mut().frame().await {
        let Some(rest) = left.checked_sub(frame.data_ref().map_or(0, Buf::remaining)) else { return };
        left = rest;
    }
}
