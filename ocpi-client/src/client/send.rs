//! Sending over a transport.

use bytes::Bytes;
use ocpi_types::Version;
use ocpi_types::convert::{Found, Lookup};
use ocpi_types::endpoint::Endpoint;

use super::{Answer, Asked, Peer};
use crate::{Error, Transport};

impl Peer {
    /// Sends a request and reads the answer.
    ///
    /// # Errors
    /// As [`Peer::request`], the transport, and [`Peer::response`].
    pub async fn send<E: Endpoint + Sync>(
        &self,
        transport: &impl Transport,
        endpoint: &E,
    ) -> Result<Answer<E::Response>, Error> {
        self.send_with(transport, endpoint, &Found::default()).await
    }

    /// [`Peer::send`], with what was looked up: see [`Peer::request_with`].
    ///
    /// # Errors
    /// As [`Peer::send`].
    pub async fn send_with<E: Endpoint + Sync>(
        &self,
        transport: &impl Transport,
        endpoint: &E,
        lookup: &dyn Lookup,
    ) -> Result<Answer<E::Response>, Error> {
        let request = self.request_with(endpoint, lookup);
        let request = request.inspect_err(|error| self.unsent::<E>(error))?;
        let (answer, watch) = self.carry(transport, request, Asked::of::<E>()).await?;
        let http = answer.status();
        let about = endpoint.asks_about().filter(|_| self.version < Version::V2_2_1);
        let token = about.and_then(|key| self.token_asked_about(key, lookup));
        let read = self.response_about::<E>(answer, token.as_ref());
        watch.read(http, &read);
        read
    }

    /// Sends a request that was made before, and reads the answer.
    pub(crate) async fn exchange<E: Endpoint>(
        &self,
        transport: &impl Transport,
        request: http::Request<Bytes>,
    ) -> Result<Answer<E::Response>, Error> {
        let (answer, watch) = self.carry(transport, request, Asked::of::<E>()).await?;
        let http = answer.status();
        let read = self.response::<E>(answer);
        watch.read(http, &read);
        read
    }
}
