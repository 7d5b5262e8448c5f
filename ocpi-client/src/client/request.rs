//! From an endpoint to a request.

use bytes::Bytes;
use http::{HeaderValue, header};
use ocpi_types::convert::{Context, Lookup};
use ocpi_types::endpoint::{Endpoint, Mount, Outgoing};
use ocpi_types::json::Cuts;
use ocpi_types::protocol::headers;
use ocpi_types::{Url, Version};

use super::Peer;
use crate::Error;
use crate::error::Kind;

impl Peer {
    /// The request for an endpoint, in the version spoken, whatever version its type is of.
    ///
    /// If something was lost or assumed on the way there, the request's extensions have a
    /// [`Ledger`](ocpi_types::convert::Ledger); if the partner's profile made something shorter, [`Cuts`].
    ///
    /// # Errors
    /// When the partner does not offer it, its version cannot express it, an id cannot stand in a URL, or the URL is
    /// not the partner's.
    pub fn request<E: Endpoint>(&self, endpoint: &E) -> Result<http::Request<Bytes>, Error> {
        self.request_in(endpoint, &self.relation.sent())
    }

    /// [`Peer::request`], with what was looked up: a Session of 2.1.1 embeds its Location ([`Endpoint::embeds`]).
    ///
    /// # Errors
    /// As [`Peer::request`].
    pub fn request_with<E: Endpoint>(
        &self,
        endpoint: &E,
        lookup: &dyn Lookup,
    ) -> Result<http::Request<Bytes>, Error> {
        self.request_in(endpoint, &Context { lookup: Some(lookup), ..self.relation.sent() })
    }

    fn request_in<E: Endpoint>(
        &self,
        endpoint: &E,
        context: &Context<'_>,
    ) -> Result<http::Request<Bytes>, Error> {
        let fail = |kind| Error::new(E::name(), kind);
        let outgoing = Outgoing::over(endpoint, self.wire::<E>(context));
        let outgoing = outgoing.map_err(|error| fail(Kind::Version(error)))?;
        let base = self.base_of::<E>();
        if base.is_none() && outgoing.absolute.is_none() {
            return Err(fail(Kind::NoEndpoint));
        }
        let url = outgoing.url(base).ok_or_else(|| fail(Kind::Unsendable))?;
        if outgoing.absolute.is_some() && !self.knows_host_of(&url) {
            return Err(fail(Kind::ForeignUrl));
        }
        let url = url.parse().map_err(|_| fail(Kind::Unsendable))?;
        let mut request = http::Request::builder().method(E::METHOD).uri(url.as_str());
        if let Some(headers) = request.headers_mut() {
            self.write_headers::<E>(headers);
            if outgoing.body.is_some() {
                headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            }
        }
        if !outgoing.cuts.is_empty() {
            request = request.extension(Cuts(outgoing.cuts));
        }
        if !outgoing.ledger.is_empty() {
            request = request.extension(outgoing.ledger);
        }
        let body = outgoing.body.map(Bytes::from).unwrap_or_default();
        request.body(body).map_err(|_| fail(Kind::Unsendable))
    }

    pub(super) fn base_of<E: Endpoint>(&self) -> Option<&Url> {
        match &E::MOUNT {
            Mount::Versions => self.versions_url.as_ref(),
            Mount::VersionDetails => None,
            Mount::Module(module, role) => self.endpoint(module, role),
        }
    }

    /// A token goes only to hosts that the partner registered.
    fn knows_host_of(&self, url: &Url) -> bool {
        let origin = |url: &Url| url.parse().ok().map(|url| url.origin());
        let target = origin(url);
        let known = self.endpoints.iter().map(|endpoint| &endpoint.url).chain(&self.versions_url);
        target.is_some() && known.map(origin).any(|known| known == target)
    }

    fn write_headers<E: Endpoint>(&self, headers: &mut http::HeaderMap) {
        if let Ok(mut token) = HeaderValue::from_str(&self.token.to_header(self.profile.base64)) {
            token.set_sensitive(true);
            headers.insert(header::AUTHORIZATION, token);
        }
        if self.version < Version::V2_2_1 {
            return;
        }
        let id = self.ids.next();
        for name in [headers::X_REQUEST_ID, headers::X_CORRELATION_ID] {
            if let Ok(id) = HeaderValue::from_str(&id) {
                headers.insert(name, id);
            }
        }
        if E::MOUNT.is_functional() {
            headers::write_routing(headers, self.to.as_ref(), self.from.as_ref());
        }
    }
}
