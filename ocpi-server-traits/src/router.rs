//! The router: everything that is the same for every endpoint.

mod answer;
mod path;
mod routes;
mod service;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Method, header};
use ocpi_types::convert::Ledger;
use ocpi_types::endpoint::{EncodedResponse, Encoding, Reply};
use ocpi_types::json::WritingStyle;
use ocpi_types::protocol::headers;
use ocpi_types::v2_2_1::versions::{self, Endpoint as Advertised, VersionDetailsInit};
use ocpi_types::{CredentialsToken, InterfaceRole, ModuleId, NonEmpty, Url, Version, v2_1_1};

use crate::conversion_report::{AnyLocations, ConversionReport, Locations, OnCrossing};
use crate::{Caller, Clock, Connection, Error, PartnerDirectory, StoreError};

pub use routes::Routes;

use path::Target;
use routes::{Call, Route};

/// Takes requests, gives answers. Cheap to clone.
///
/// In this order: who asks (401), what is meant (404, 405), is it open to them (401 before registration is done), then
/// the body is read, decoded (400, 2001), checked against the rules of ownership (404) and of PATCH (2001), and
/// handled. Every answer has an envelope, and the ids of the request.
#[derive(Clone)]
pub struct Router(Arc<Inner>);

struct Inner {
    base: Url,
    clock: Clock,
    directory: Box<dyn AnyDirectory>,
    body_limit: usize,
    versions: Vec<(Version, Vec<Route>)>,
    crossings: Crossings,
}

/// Treatment of answers in other versions.
#[derive(Clone, Default)]
struct Crossings {
    locations: Option<Arc<dyn AnyLocations>>,
    hook: Option<OnCrossing>,
    are_told: bool,
}

/// Puts a [`Router`] together.
pub struct RouterBuilder {
    base: Url,
    clock: Clock,
    body_limit: usize,
    versions: Vec<(Version, Vec<Route>)>,
    crossings: Crossings,
}

impl Router {
    /// A router whose URLs begin with `base`, as the world sees it; never what a request's header `Host` says.
    pub fn builder(base: Url, clock: Clock) -> RouterBuilder {
        RouterBuilder {
            base,
            clock,
            body_limit: 8 << 20,
            versions: Vec::new(),
            crossings: Crossings::default(),
        }
    }

    /// The URL of the list of versions: what a partner needs besides a token.
    pub fn versions_url(&self) -> Url {
        path::versions_url(&self.0.base)
    }

    /// The URL at which a module is mounted, for URLs that partners are given.
    pub fn module_url(base: &Url, version: Version, module: &ModuleId, role: &InterfaceRole) -> Url {
        path::module_url(base, version, module, role)
    }

    /// Returns the endpoints that a version advertises: exactly those that are mounted.
    pub fn endpoints(&self, version: Version) -> Vec<Advertised> {
        let routes = self.0.versions.iter().find(|(known, _)| *known == version).map(|(_, routes)| routes);
        let mut endpoints: Vec<Advertised> = Vec::new();
        for route in routes.into_iter().flatten() {
            // In 2.1.1 a module has one URL: that of the side that is mounted first.
            let known = |endpoint: &Advertised| {
                endpoint.identifier == route.module
                    && (endpoint.role == route.role || version < Version::V2_2_1)
            };
            if !endpoints.iter().any(known) {
                let url = path::module_url(&self.0.base, version, &route.module, &route.role);
                let init = versions::EndpointInit {
                    identifier: route.module.clone(),
                    role: route.role.clone(),
                    url,
                };
                endpoints.push(init.into());
            }
        }
        endpoints
    }

    /// The most bytes of a body.
    pub fn body_limit(&self) -> usize {
        self.0.body_limit
    }

    /// Answers a request whose body is there already.
    pub async fn call(&self, request: http::Request<Bytes>) -> http::Response<Bytes> {
        let (parts, body) = request.into_parts();
        match self.admit(&parts).await {
            Ok(admitted) if body.len() > self.0.body_limit => admitted.refuse(too_large()),
            Ok(admitted) => admitted.answer(body).await,
            Err(answer) => answer,
        }
    }

    /// Looks at everything but the body: the first half of [`Router::call`], so that nobody unknown makes a
    /// server read a body.
    ///
    /// # Errors
    /// With the answer, when the request is refused.
    pub async fn admit(&self, parts: &Parts) -> Result<Admitted, http::Response<Bytes>> {
        let echo = answer::Echo::of(&parts.headers);
        match self.admission(parts).await {
            Ok((target, caller)) => Ok(Admitted { router: self.clone(), target, caller, echo }),
            // Which version is meant may not even be known: all have these codes.
            Err(error) => Err(answer::refusal(error, Version::V2_1_1, &echo, self.0.clock.now())),
        }
    }

    async fn admission(&self, parts: &Parts) -> Result<(Matched, Caller), Error> {
        let connection = self.identify(&parts.headers).await?;
        let inner = &self.0;
        let target =
            path::target(&inner.base, parts.uri.path()).ok_or_else(|| Error::not_found("no such URL"))?;
        let matched = self.matched(&parts.method, target)?;
        if !connection.registered && !matched.is_open_before_registration() {
            return Err(Error::unauthorized(
                "register first: this token is for versions and credentials only",
            ));
        }
        let length =
            headers::text(&parts.headers, &header::CONTENT_LENGTH).and_then(|text| text.parse().ok());
        if length.is_some_and(|length: usize| length > inner.body_limit) {
            return Err(too_large());
        }
        let from = headers::from_party(&parts.headers);
        if from.as_ref().is_some_and(|from| connection.registered && !connection.parties.contains(from)) {
            return Err(Error::invalid(
                "the OCPI-from headers name a party that this connection does not speak for",
            ));
        }
        let owned = |name| headers::message_id(&parts.headers, name).map(str::to_owned);
        let caller = Caller {
            connection,
            version: matched.version,
            from,
            to: headers::to_party(&parts.headers),
            request_id: owned(&headers::X_REQUEST_ID),
            correlation_id: owned(&headers::X_CORRELATION_ID),
            endpoint: matched.endpoint.clone(),
            now: inner.clock.now(),
            findings: Vec::new(),
            ledger: Ledger::new(),
        };
        let query = path::query(parts.uri.query().unwrap_or_default());
        Ok((Matched { query, ..matched }, caller))
    }

    async fn identify(&self, headers: &HeaderMap) -> Result<Connection, Error> {
        let header = headers::text(headers, &header::AUTHORIZATION);
        let tokens = header.map(CredentialsToken::candidates).unwrap_or_default();
        if tokens.is_empty() {
            return Err(Error::unauthorized("the header Authorization must be `Token …`"));
        }
        self.0.directory.find(&tokens).await?.ok_or_else(|| Error::unauthorized("the token is not known"))
    }

    fn matched(&self, method: &Method, target: Target) -> Result<Matched, Error> {
        let inner = &self.0;
        let none = || Error::not_found("no such URL");
        let wrong_method = || Error::method_not_allowed("this URL has other methods");
        match target {
            Target::Versions | Target::Details(_) if method != Method::GET => Err(wrong_method()),
            Target::Versions => Ok(Matched::new(What::Versions, Version::V2_2_1, self.versions_url())),
            Target::Details(version) => {
                inner.versions.iter().find(|(known, _)| *known == version).ok_or_else(none)?;
                let url = path::version_url(&inner.base, version);
                Ok(Matched::new(What::Details, version, url))
            }
            Target::Module { version, role, module, rest } => {
                let (_, routes) =
                    inner.versions.iter().find(|(known, _)| *known == version).ok_or_else(none)?;
                let module = ModuleId::from(module.as_str());
                let fits = |route: &&Route| route.is_at(&module, role.as_ref()) && route.takes(&rest);
                let mut candidates = routes.iter().filter(fits).peekable();
                candidates.peek().ok_or_else(none)?;
                let route = candidates.find(|route| route.method == *method).ok_or_else(wrong_method)?;
                let endpoint = path::module_url(&inner.base, version, &route.module, &route.role);
                let url = endpoint.join(rest.iter().map(String::as_str));
                let parameters = route.parameters(rest);
                Ok(Matched { parameters, url, ..Matched::new(What::Route(route.clone()), version, endpoint) })
            }
        }
    }
}

fn too_large() -> Error {
    Error::too_large("the body is larger than this server reads")
}

impl RouterBuilder {
    /// With bodies of at most this many bytes; the default is 8 MiB.
    #[must_use]
    pub fn with_body_limit(self, bytes: usize) -> Self {
        Self { body_limit: bytes, ..self }
    }

    /// With a place to look Locations up: a Session of 2.1.1 embeds its Location.
    #[must_use]
    pub fn with_locations(mut self, locations: impl Locations) -> Self {
        self.crossings.locations = Some(Arc::new(locations));
        self
    }

    /// Tells `hook` what answers lost or assumed on their way to the version of a partner.
    #[must_use]
    pub fn on_conversion(mut self, hook: impl Fn(&ConversionReport) + Send + Sync + 'static) -> Self {
        self.crossings.hook = Some(Arc::new(hook));
        self
    }

    /// Tells partners in `status_message` what their version cannot express of an answer: places and rules, no values.
    #[must_use]
    pub fn report_losses_to_partner(mut self) -> Self {
        self.crossings.are_told = true;
        self
    }

    /// Mounts endpoints for a version. Handlers may be of any version: messages are converted on the way.
    #[must_use]
    pub fn version(mut self, version: Version, mount: impl FnOnce(Routes) -> Routes) -> Self {
        self.versions.push((version, mount(Routes::default()).into_routes()));
        self
    }

    /// The router; `directory` knows whose tokens are whose.
    pub fn build(self, directory: impl PartnerDirectory) -> Router {
        let Self { base, clock, body_limit, versions, crossings } = self;
        let directory = Box::new(directory);
        Router(Arc::new(Inner { base, clock, directory, body_limit, versions, crossings }))
    }
}

/// A request that may be read and answered.
pub struct Admitted {
    router: Router,
    target: Matched,
    caller: Caller,
    echo: answer::Echo,
}

struct Matched {
    what: What,
    version: Version,
    /// The URL of the module.
    endpoint: Url,
    /// The URL of the request.
    url: Url,
    parameters: Vec<String>,
    query: Vec<(String, String)>,
}

enum What {
    Versions,
    Details,
    Route(Route),
}

impl Matched {
    fn new(what: What, version: Version, endpoint: Url) -> Self {
        Self { what, version, url: endpoint.clone(), endpoint, parameters: Vec::new(), query: Vec::new() }
    }

    fn is_open_before_registration(&self) -> bool {
        match &self.what {
            What::Versions | What::Details => true,
            What::Route(route) => route.module == ModuleId::Credentials,
        }
    }
}

impl Admitted {
    /// Returns the caller.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Answers, now that the body is there.
    pub async fn answer(self, body: Bytes) -> http::Response<Bytes> {
        let (now, version) = (self.caller.now, self.caller.version);
        let connection = self.caller.connection.id.clone();
        let Self { router, target, caller, echo } = self;
        let reply = match target.what {
            What::Versions => router.version_list(&caller.connection.style),
            What::Details => router.version_details(target.version, &caller.connection.style),
            What::Route(route) => {
                let locations = router.0.crossings.locations.clone();
                let Matched { url, parameters, query, .. } = target;
                let call = Call { url, parameters, query, body, locations };
                (route.run)(caller, call).await
            }
        };
        match reply {
            Ok(parts) => {
                let message = router.crossed(&connection, version, &parts);
                answer::success(parts, message.as_deref(), &echo, now)
            }
            Err(error) => answer::refusal(error, version, &echo, now),
        }
    }

    /// Refuses, where reading the body failed.
    pub fn refuse(self, error: Error) -> http::Response<Bytes> {
        answer::refusal(error, self.caller.version, &self.echo, self.caller.now)
    }
}

impl Router {
    /// Tells the application of a crossing; returns its message for the partner.
    fn crossed(&self, connection: &str, version: Version, parts: &EncodedResponse) -> Option<String> {
        let crossings = &self.0.crossings;
        let crossing = ConversionReport::of(connection, version, parts)?;
        if let Some(hook) = &crossings.hook {
            hook(&crossing);
        }
        if crossings.are_told { crossing.message() } else { None }
    }

    fn version_list(&self, style: &WritingStyle) -> Result<EncodedResponse, Error> {
        let versions = self.0.versions.iter().map(|(version, _)| *version);
        let entry = |version: Version| {
            let url = path::version_url(&self.0.base, version);
            versions::VersionInit { version: version.as_str().into(), url }.into()
        };
        let list: Vec<versions::Version> = versions.map(entry).collect();
        Ok(list.write(&plain(style))?)
    }

    fn version_details(&self, version: Version, style: &WritingStyle) -> Result<EncodedResponse, Error> {
        let endpoints = NonEmpty::try_from(self.endpoints(version))
            .map_err(|_| Error::no_matching_endpoints("nothing is mounted in this version"))?;
        let version_number = version.as_str().into();
        if version < Version::V2_2_1 {
            let details = v2_1_1::versions::VersionDetailsInit {
                version: version_number,
                endpoints: endpoints.map(without_role),
            };
            return Ok(v2_1_1::versions::VersionDetails::from(details).write(&plain(style))?);
        }
        let details: versions::VersionDetails =
            VersionDetailsInit { version: version_number, endpoints }.into();
        Ok(details.write(&plain(style))?)
    }
}

/// Lists of versions and their details are what they are.
fn plain(style: &WritingStyle) -> Encoding<'static> {
    Encoding { style: *style, ..Encoding::PLAIN }
}

fn without_role(endpoint: Advertised) -> v2_1_1::versions::Endpoint {
    v2_1_1::versions::EndpointInit { identifier: endpoint.identifier, url: endpoint.url }.into()
}

/// [`PartnerDirectory`], erased.
trait AnyDirectory: Send + Sync {
    fn find<'a>(
        &'a self,
        tokens: &'a [CredentialsToken],
    ) -> BoxFuture<'a, Result<Option<Connection>, StoreError>>;
}

type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

impl<D: PartnerDirectory> AnyDirectory for D {
    fn find<'a>(
        &'a self,
        tokens: &'a [CredentialsToken],
    ) -> BoxFuture<'a, Result<Option<Connection>, StoreError>> {
        Box::pin(PartnerDirectory::find(self, tokens))
    }
}

impl std::fmt::Debug for Router {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Router").field("base", &self.0.base).finish_non_exhaustive()
    }
}

/// The credentials endpoint has one URL for both roles.
fn credentials_role(module: &ModuleId, role: InterfaceRole) -> InterfaceRole {
    if *module == ModuleId::Credentials { InterfaceRole::Sender } else { role }
}
