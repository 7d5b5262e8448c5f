//! Sending over a transport.

use std::time::Duration;

use bytes::Bytes;
use ocpi_types::convert::Found;
use ocpi_types::endpoint::Endpoint;
use ocpi_types::{Timer, Version};

use super::{Answer, Asked, Client, RequestOptions};
use crate::{Error, Transport, TransportError, TransportErrorKind};

impl<T: Transport> Client<T> {
    /// Sends a request and reads the answer.
    ///
    /// # Errors
    /// As [`Client::request`], the transport, and [`Client::response`].
    pub async fn send<E: Endpoint + Sync>(&self, endpoint: &E) -> Result<Answer<E::Response>, Error> {
        self.send_with(endpoint, &RequestOptions::new()).await
    }

    /// [`Client::send`], with options for this request.
    ///
    /// # Errors
    /// As [`Client::send`], and as a timeout when the deadline of the options has passed.
    pub async fn send_with<E: Endpoint + Sync>(
        &self,
        endpoint: &E,
        options: &RequestOptions<'_>,
    ) -> Result<Answer<E::Response>, Error> {
        self.send_and_look(endpoint, options, |_| ()).await
    }

    /// [`Client::send_with`], with a look at the response before it is read.
    pub(crate) async fn send_and_look<E: Endpoint + Sync>(
        &self,
        endpoint: &E,
        options: &RequestOptions<'_>,
        look: impl FnOnce(&http::Response<Bytes>) + Send,
    ) -> Result<Answer<E::Response>, Error> {
        let request = self.request_with(endpoint, options);
        let request = request.inspect_err(|error| self.unsent::<E>(error))?;
        let (answer, watch) = self.carry(request, Asked::of::<E>(), options.deadline).await?;
        look(&answer);
        let http = answer.status();
        let about = endpoint.asks_about().filter(|_| self.version() < Version::V2_2_1);
        let nothing = Found::default();
        let lookup = options.lookup.unwrap_or(&nothing);
        let token = about.and_then(|key| self.token_asked_about(key, lookup));
        let read = self.response_about::<E>(answer, token.as_ref());
        watch.read(http, &read);
        read
    }

    /// Hands a request to the transport, and waits for the answer as long as the deadline allows.
    pub(super) async fn transmit(
        &self,
        request: http::Request<Bytes>,
        deadline: Option<Duration>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let sent = self.transport.send(request);
        let Some(deadline) = deadline else { return sent.await };
        let timer = self.partner.timer.clone().unwrap_or_else(Timer::system);
        timer.within(deadline, sent).await.unwrap_or_else(|| {
            let late = TransportError::new("no answer within the deadline of the request");
            Err(late.with_kind(TransportErrorKind::Timeout))
        })
    }
}
