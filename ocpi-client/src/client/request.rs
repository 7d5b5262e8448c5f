//! From an endpoint to a request.

use bytes::Bytes;
use http::{HeaderValue, header};
use ocpi_types::convert::Context;
use ocpi_types::endpoint::{Endpoint, Mount, Outgoing};
use ocpi_types::json::Cuts;
use ocpi_types::protocol::headers;
use ocpi_types::{Url, Version};

use super::{Client, RequestOptions};
use crate::Error;
use crate::error::Kind;
use crate::transport::ResponseLimit;

impl<T> Client<T> {
    /// The request for an endpoint, in the version spoken, whatever version its type is of.
    ///
    /// If something was lost or assumed on the way there, the request's extensions have a
    /// [`Ledger`](ocpi_types::convert::Ledger); if the partner's profile made something shorter, [`Cuts`]; if its answer is a
    /// small one, a [`ResponseLimit`].
    ///
    /// # Errors
    /// When the partner does not offer it, its version cannot express it, an id cannot stand in a URL, or the URL is
    /// not the partner's.
    pub fn request<E: Endpoint>(&self, endpoint: &E) -> Result<http::Request<Bytes>, Error> {
        self.request_with(endpoint, &RequestOptions::new())
    }

    /// [`Client::request`], with options for this request. A deadline is for the one who sends it.
    ///
    /// # Errors
    /// As [`Client::request`], and when an id of the options cannot stand in a header.
    pub fn request_with<E: Endpoint>(
        &self,
        endpoint: &E,
        options: &RequestOptions<'_>,
    ) -> Result<http::Request<Bytes>, Error> {
        let context = &Context { lookup: options.lookup, ..self.partner.relation.sent() };
        let fail = |kind| Error::new(E::name(), kind);
        let outgoing = Outgoing::over(endpoint, self.wire::<E>(context));
        let mut outgoing = outgoing.map_err(|error| fail(Kind::Version(error)))?;
        if outgoing.absolute.is_none() {
            for (name, value) in E::DEMANDED {
                if outgoing.query.iter().all(|(given, _)| given != name) {
                    outgoing.query.push((name, (*value).to_owned()));
                }
            }
        }
        let base = self.base_of::<E>();
        if base.is_none() && outgoing.absolute.is_none() {
            return Err(fail(Kind::NoEndpoint));
        }
        let url = outgoing.url(base).ok_or_else(|| fail(Kind::Unsendable))?;
        if outgoing.absolute.is_some() && !self.knows_host_of(&url) {
            return Err(fail(Kind::foreign_url(&url)));
        }
        let url = url.parse().map_err(|_| fail(Kind::Unsendable))?;
        let mut request = http::Request::builder().method(E::METHOD).uri(url.as_str());
        if let Some(headers) = request.headers_mut() {
            self.write_headers::<E>(headers, options).ok_or_else(|| fail(Kind::Unsendable))?;
            if outgoing.body.is_some() {
                headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            }
        }
        if !matches!(E::MOUNT, Mount::Module(..)) {
            request = request.extension(ResponseLimit::VERSIONS);
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

    pub(crate) fn base_of<E: Endpoint>(&self) -> Option<&Url> {
        match &E::MOUNT {
            Mount::Versions => self.partner.versions_url.as_ref(),
            Mount::VersionDetails => None,
            Mount::Module(module, role) => self.endpoint(module, role),
        }
    }

    /// A token goes only to hosts that the partner registered.
    fn knows_host_of(&self, url: &Url) -> bool {
        let origin = |url: &Url| url.parse().ok().map(|url| url.origin());
        let target = origin(url);
        target.is_some() && self.registered_urls().map(origin).any(|known| known == target)
    }

    /// `None` if an id of the options cannot stand in a header.
    fn write_headers<E: Endpoint>(
        &self,
        headers: &mut http::HeaderMap,
        options: &RequestOptions<'_>,
    ) -> Option<()> {
        let partner = &*self.partner;
        if let Ok(mut token) = HeaderValue::from_str(&partner.token.to_header(partner.profile.base64)) {
            token.set_sensitive(true);
            headers.insert(header::AUTHORIZATION, token);
        }
        if partner.version < Version::V2_2_1 {
            return Some(());
        }
        let id = options.request_id.clone().unwrap_or_else(|| partner.ids.next());
        let correlation_id = options.correlation_id.as_ref().unwrap_or(&id);
        for (name, id) in [(headers::X_REQUEST_ID, &id), (headers::X_CORRELATION_ID, correlation_id)] {
            headers.insert(name, headers::message_id_value(id)?);
        }
        if E::MOUNT.is_functional() {
            let [to, from] = [(&options.to, &partner.to), (&options.from, &partner.from)]
                .map(|(option, usual)| option.as_ref().or(usual.as_ref()));
            headers::write_routing(headers, to, from);
        }
        Some(())
    }
}
