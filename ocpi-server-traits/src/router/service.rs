//! The router as a `tower_service::Service`.

use std::convert::Infallible;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use bytes::{Buf, Bytes};
use http::StatusCode;
use http_body::Body;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use tower_service::Service;

use super::admission::too_large;
use super::{BoxFuture, Router};
use crate::Error;

impl<B> Service<http::Request<B>> for Router
where
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Response = http::Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<B>) -> Self::Future {
        let router = self.clone();
        Box::pin(async move { Ok(router.serve(request).await.map(Full::new)) })
    }
}

impl Router {
    /// Reads the body only after the request was admitted, and only up to the limit.
    async fn serve<B>(&self, request: http::Request<B>) -> http::Response<Bytes>
    where
        B: Body + Send + 'static,
        B::Data: Send,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let (parts, body) = request.into_parts();
        let mut body = pin!(body);
        let admitted = match self.admit(&parts).await {
            Ok(admitted) => admitted,
            Err(answer) => {
                if answer.status() == StatusCode::PAYLOAD_TOO_LARGE {
                    pass_over(body, self.body_limit().saturating_mul(2)).await;
                }
                return answer;
            }
        };
        match Limited::new(body.as_mut(), self.body_limit()).collect().await {
            Ok(body) => admitted.answer(body.to_bytes()).await,
            Err(error) if error.is::<LengthLimitError>() => {
                pass_over(body, self.body_limit()).await;
                admitted.refuse(too_large())
            }
            Err(error) => admitted.refuse(Error::bad_request("the body broke off").with_source(error)),
        }
    }
}

/// Reads the rest of a body that is too large, if that is not too much: as long as a partner is still sending, a
/// connection that is closed would take the answer with it.
async fn pass_over<B: Body>(mut body: Pin<&mut B>, most: usize) {
    if body.size_hint().lower() > u64::try_from(most).unwrap_or(u64::MAX) {
        return;
    }
    let mut left = most;
    while let Some(Ok(frame)) = body.as_mut().frame().await {
        let Some(rest) = left.checked_sub(frame.data_ref().map_or(0, Buf::remaining)) else { return };
        left = rest;
    }
}
