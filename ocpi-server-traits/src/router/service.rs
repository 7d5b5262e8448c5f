//! The router as a `tower_service::Service`.

use std::convert::Infallible;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::Body;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use tower_service::Service;

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
        let admitted = match self.admit(&parts).await {
            Ok(admitted) => admitted,
            Err(answer) => return answer,
        };
        match Limited::new(body, self.body_limit()).collect().await {
            Ok(body) => admitted.answer(body.to_bytes()).await,
            Err(error) if error.is::<LengthLimitError>() => admitted.refuse(super::too_large()),
            Err(error) => admitted.refuse(Error::bad_request("the body broke off").with_source(error)),
        }
    }
}
