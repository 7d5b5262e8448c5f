//! A partner, and requests to it.

use bytes::Bytes;
use http::{HeaderValue, header};
use ocpi_types::convert::{Context, Found, Ledger, Lookup, Relation};
use ocpi_types::endpoint::{
    DecodedResponse, Encoding, Endpoint, Mount, Outgoing, RawResponse, Reply, Resource, Shape, TokenKey,
    Unread,
};
use ocpi_types::json::{Cuts, Head, List};
use ocpi_types::protocol::{Party, StatusCode, headers};
use ocpi_types::v2_2_1::tokens::{Token, TokenInit, WhitelistType};
use ocpi_types::v2_2_1::versions;
use ocpi_types::{CredentialsToken, DateTime, Finding, InterfaceRole, ModuleId, Url, Version};

use crate::error::Kind;
use crate::{Budget, Crawl, Error, PartnerProfile, RequestIds, Transport};

/// Placeholder for a text that nobody said.
const UNKNOWN: &str = "#NA";

/// Body that an answer without one is taken to have.
const EMPTY: &[u8] = br#"{"status_code":1000}"#;

/// A partner's platform: its endpoints, and the token by which it knows us.
///
/// Requests go only to hosts that its endpoints name, whatever URL a message holds.
#[derive(Clone, Debug)]
pub struct Peer {
    version: Version,
    endpoints: Vec<versions::Endpoint>,
    versions_url: Option<Url>,
    token: CredentialsToken,
    profile: PartnerProfile,
    relation: Relation,
    from: Option<Party>,
    to: Option<Party>,
    ids: RequestIds,
}

/// An answer: its value, and what was odd about it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Answer<T> {
    /// Value that the endpoint answers with.
    pub value: T,
    /// Findings on the answer. Pointers are those of `data`; the envelope's own come first.
    pub findings: Vec<Finding>,
    /// Losses and assumptions because the partner speaks another version. Pointers are those of `data`.
    pub ledger: Ledger,
    /// OCPI's status: some `1xxx`.
    pub status_code: StatusCode,
    /// When the answer was made, by the partner's clock.
    pub timestamp: Option<DateTime>,
}

impl Peer {
    /// A partner of this version with these endpoints, that knows us by `token`.
    pub fn new(
        version: Version,
        endpoints: Vec<versions::Endpoint>,
        token: CredentialsToken,
        ids: RequestIds,
    ) -> Self {
        let profile = PartnerProfile::of(version);
        let relation = Relation::default();
        Self { version, endpoints, versions_url: None, token, profile, relation, from: None, to: None, ids }
    }

    /// With the URL of its list of versions.
    #[must_use]
    pub fn with_versions_url(self, url: Url) -> Self {
        Self { versions_url: Some(url), ..self }
    }

    /// With headers that say from which party to which party messages go.
    #[must_use]
    pub fn with_parties(self, from: Party, to: Party) -> Self {
        Self { from: Some(from), to: Some(to), ..self }
    }

    /// With the token sent in Base64, or as it is. The default is the version's rule.
    #[must_use]
    pub fn with_base64(self, base64: bool) -> Self {
        Self { profile: PartnerProfile { base64, ..self.profile }, ..self }
    }

    /// With the ways in which the partner deviates.
    #[must_use]
    pub fn with_profile(self, profile: PartnerProfile) -> Self {
        Self { profile, ..self }
    }

    /// With the parties on the two sides: a partner of 2.1.1 does not name them in its messages.
    #[must_use]
    pub fn with_relation(self, relation: Relation) -> Self {
        Self { relation, ..self }
    }

    /// The version spoken.
    pub fn version(&self) -> Version {
        self.version
    }

    /// Returns the endpoints that the partner offers.
    pub fn endpoints(&self) -> &[versions::Endpoint] {
        &self.endpoints
    }

    /// The ways in which the partner deviates.
    pub fn profile(&self) -> &PartnerProfile {
        &self.profile
    }

    /// The URL of an endpoint, if the partner offers it. In 2.1.1 a module has one, whatever the role.
    pub fn endpoint(&self, module: &ModuleId, role: &InterfaceRole) -> Option<&Url> {
        let has_roles = self.version >= Version::V2_2_1 && *module != ModuleId::Credentials;
        let is_it = |endpoint: &&versions::Endpoint| {
            endpoint.identifier == *module && (endpoint.role == *role || !has_roles)
        };
        self.endpoints.iter().find(is_it).map(|endpoint| &endpoint.url)
    }

    /// Whether the partner offers an endpoint.
    pub fn offers<E: Endpoint>(&self) -> bool {
        self.base_of::<E>().is_some()
    }

    /// The request for an endpoint, in the version spoken, whatever version its type is of.
    ///
    /// If something was lost or assumed on the way there, the request's extensions have a [`Ledger`]; if the partner's
    /// profile made something shorter, [`Cuts`].
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

    /// Reads the answer to an endpoint's request.
    ///
    /// # Errors
    /// When it is no success, not OCPI, or its data is not what the endpoint answers with.
    pub fn response<E: Endpoint>(
        &self,
        response: http::Response<Bytes>,
    ) -> Result<Answer<E::Response>, Error> {
        self.response_about::<E>(response, None)
    }

    /// [`Peer::response`], with the token that was asked about: an answer of 2.1.1 does not repeat it.
    ///
    /// # Errors
    /// As [`Peer::response`].
    pub fn response_about<E: Endpoint>(
        &self,
        response: http::Response<Bytes>,
        token: Option<&Token>,
    ) -> Result<Answer<E::Response>, Error> {
        let (parts, body) = response.into_parts();
        let http = parts.status;
        let fail = |kind| Err(Error::new(E::name(), kind).with_body(body.clone()));
        // Some partners answer a push with nothing at all.
        let is_empty = http.is_success() && body.trim_ascii().is_empty();
        let context = Context { token, ..self.relation.received() };
        let received = RawResponse {
            status: http,
            headers: &parts.headers,
            body: if is_empty { EMPTY } else { &body },
            wire: self.wire::<E>(&context),
        };
        let DecodedResponse { head, value, ledger } = match E::Response::read(&received) {
            Ok(answered) => answered,
            Err(_) if !http.is_success() => return fail(Kind::Http(http)),
            Err(cause) => return fail(Kind::NotOcpi { http, cause }),
        };
        let code = match head.status_code {
            Some(code) => code,
            // Some partners send the object without its envelope. Where no object is due, nothing tells an answer
            // from an error.
            None if http.is_success() && !matches!(E::Response::SHAPE, Shape::Nothing) => StatusCode::SUCCESS,
            None => return fail(Kind::Http(http)),
        };
        if !code.is_success() || !http.is_success() {
            return fail(Kind::Status { code, http, message: head.status_message });
        }
        match value {
            Ok(value) => {
                let Head { findings, timestamp, .. } = head;
                Ok(Answer { value, findings, ledger, status_code: code, timestamp })
            }
            Err(Unread::Version(error)) => fail(Kind::Version(error)),
            Err(Unread::Json(error)) => fail(Kind::Data(error)),
        }
    }

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
        let request = self.request_with(endpoint, lookup)?;
        let sent = transport.send(request).await;
        let answer = sent.map_err(|error| Error::new(E::name(), Kind::Transport(error)))?;
        let about = endpoint.asks_about().filter(|_| self.version < Version::V2_2_1);
        let token = about.and_then(|key| self.token_asked_about(key, lookup));
        self.response_about::<E>(answer, token.as_ref())
    }

    /// The token that was asked about, as it can be looked up; else what the question says of it.
    fn token_asked_about(&self, key: &TokenKey, lookup: &dyn Lookup) -> Option<Token> {
        let owner = self.relation.emsp.as_ref()?;
        lookup.token_of(owner, key).or_else(|| {
            let init = TokenInit {
                country_code: owner.country_code.clone(),
                party_id: owner.party_id.clone(),
                uid: key.uid.clone(),
                r#type: key.r#type.clone(),
                contract_id: UNKNOWN.parse().ok()?,
                issuer: UNKNOWN.parse().ok()?,
                valid: true,
                whitelist: WhitelistType::Never,
                last_updated: DateTime::UNIX_EPOCH,
            };
            Some(init.into())
        })
    }

    /// Sends a request that was made before, and reads the answer.
    pub(crate) async fn exchange<E: Endpoint>(
        &self,
        transport: &impl Transport,
        request: http::Request<Bytes>,
    ) -> Result<Answer<E::Response>, Error> {
        let sent = transport.send(request).await;
        self.response::<E>(sent.map_err(|error| Error::new(E::name(), Kind::Transport(error)))?)
    }

    /// Every object of a list, page by page, all in memory. [`Peer::crawl`] goes page by page. Indexes, of findings
    /// and rejected objects, are those in their page.
    ///
    /// # Errors
    /// As [`Crawl::next`].
    pub async fn fetch_all<T: Resource>(&self, transport: &impl Transport) -> Result<List<T>, Error> {
        let mut crawl = self.crawl::<T>(Budget::default());
        let mut all = List::default();
        while let Some(page) = crawl.next(transport).await? {
            all.append(List { findings: page.findings, ..page.value.into() });
        }
        Ok(all)
    }

    /// A walk over the pages of a list.
    pub fn crawl<T: Resource>(&self, budget: Budget) -> Crawl<'_, T> {
        Crawl::new(self, ocpi_types::endpoint::List::all(), budget)
    }

    pub(crate) fn with_endpoints(&self, version: Version, endpoints: Vec<versions::Endpoint>) -> Self {
        Self { version, endpoints, ..self.clone() }
    }

    pub(crate) fn with_token(&self, token: CredentialsToken) -> Self {
        Self { token, ..self.clone() }
    }

    /// Returns the wire settings of an endpoint. Lists of versions and their details keep the version of their types.
    fn wire<'a, E: Endpoint>(&self, context: &'a Context<'a>) -> Encoding<'a> {
        let is_of_version = matches!(E::MOUNT, Mount::Module(..));
        Encoding {
            version: is_of_version.then_some(self.version),
            context,
            style: self.profile.style,
            on_partial: self.profile.on_partial,
        }
    }

    fn base_of<E: Endpoint>(&self) -> Option<&Url> {
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
