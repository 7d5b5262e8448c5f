//! Building of requests from endpoints.

use bytes::Bytes;
use http::{HeaderValue, header};
use ocpi_types::convert::Context;
use ocpi_types::endpoint::{Endpoint, Mount, Outgoing, Reply, Shape};
use ocpi_types::json::Cuts;
use ocpi_types::protocol::{TokenForm, headers};
use ocpi_types::{Url, Version};

use super::{Client, RequestOptions};
use crate::Error;
use crate::error::Kind;
use crate::transport::ResponseLimit;

impl<T> Client<T> {
    /// Builds the request of an endpoint, converted to the partner's version.
    ///
    /// If the conversion lost or assumed something, the request's extensions have a [`Ledger`](ocpi_types::convert::Ledger); if
    /// values were shortened because of the partner's profile, [`Cuts`]; if the answer is known to be small, a
    /// [`ResponseLimit`].
    ///
    /// # Errors
    /// When the partner does not offer the endpoint, its version cannot express the message, an id cannot be part of a URL, or
    /// the URL is not one of the partner's.
    pub fn request<E: Endpoint>(&self, endpoint: &E) -> Result<http::Request<Bytes>, Error> {
        self.request_with(endpoint, &RequestOptions::new())
    }

    /// [`Client::request`], with options for this request. Whoever sends the request has to enforce the deadline.
    ///
    /// # Errors
    /// As [`Client::request`], and when an id in the options is not valid in a header.
    pub fn request_with<E: Endpoint>(
        &self,
        endpoint: &E,
        options: &RequestOptions<'_>,
    ) -> Result<http::Request<Bytes>, Error> {
        self.request_at(endpoint, options, self.base_of::<E>())
    }

    /// [`Client::request_with`], to this URL of the module.
    pub(super) fn request_at<E: Endpoint>(
        &self,
        endpoint: &E,
        options: &RequestOptions<'_>,
        base: Option<Url>,
    ) -> Result<http::Request<Bytes>, Error> {
        let context = &Context { lookup: options.lookup, ..self.relation_at::<E>().sent() };
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
        if base.is_none() && outgoing.absolute.is_none() {
            return Err(fail(Kind::NoEndpoint));
        }
        if matches!(E::Response::SHAPE, Shape::Page(_)) {
            self.keep_to_limit(&mut outgoing);
        }
        let url = outgoing.url(base.as_ref()).ok_or_else(|| fail(Kind::Unsendable))?;
        if outgoing.absolute.is_some() && !self.knows_host_of(&url) {
            return Err(fail(Kind::foreign_url(&url)));
        }
        let mut url = url.parse().map_err(|_| fail(Kind::Unsendable))?;
        let is_below = outgoing.absolute.is_none() && !outgoing.segments.is_empty();
        if is_below && matches!(E::MOUNT, Mount::Module(..)) {
            self.end_path(&mut url);
        }
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

    /// No more objects are asked for on a page than the partner lets be.
    fn keep_to_limit(&self, outgoing: &mut Outgoing<'_>) {
        let Some(most) = self.most_limit() else { return };
        for (_, value) in outgoing.query.iter_mut().filter(|(name, _)| *name == "limit") {
            if value.parse::<u64>().is_ok_and(|asked| asked > most) {
                *value = most.to_string();
            }
        }
    }

    /// The most objects on a page, as far as that is known of the partner.
    pub(crate) fn most_limit(&self) -> Option<u64> {
        self.learned().most_limit(self.partner.profile.most_limit).map(|most| most.max(1))
    }

    /// A path below the URL of a module ends with a slash, or without one, as the partner wants it.
    fn end_path(&self, url: &mut url::Url) {
        let bare = url.path().trim_end_matches('/');
        let slash = self.partner.profile.request_slash.or_else(|| self.learned().request_slash());
        let path = match slash {
            None => return,
            Some(true) => format!("{bare}/"),
            Some(false) => bare.to_owned(),
        };
        url.set_path(&path);
    }

    /// A token goes only to hosts that the partner registered.
    fn knows_host_of(&self, url: &Url) -> bool {
        is_at_origin_of_any(url, self.registered_urls())
    }

    /// `None` if an id of the options cannot stand in a header.
    fn write_headers<E: Endpoint>(
        &self,
        headers: &mut http::HeaderMap,
        options: &RequestOptions<'_>,
    ) -> Option<()> {
        let partner = &*self.partner;
        let is_base64 = self.token_form_of::<E>() == TokenForm::Base64;
        if let Ok(mut token) = HeaderValue::from_str(&partner.token.to_header(is_base64)) {
            token.set_sensitive(true);
            headers.insert(header::AUTHORIZATION, token);
        }
        if partner.version < Version::V2_2 {
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

/// Whether a URL has the origin of one that is known: scheme, host and port.
pub(crate) fn is_at_origin_of_any<'a>(url: &Url, mut known: impl Iterator<Item = &'a Url>) -> bool {
    let origin = |url: &Url| url.parse().ok().map(|url| url.origin());
    let there = origin(url);
    there.is_some() && known.any(|known| origin(known) == there)
}
