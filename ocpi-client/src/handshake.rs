//! Finding and registering with a partner, as state machines without I/O.
//!
//! [`Discovery`] asks for versions and details; [`Registration`] goes on to exchange credentials. Each takes an
//! answer and says what to send next, so that they run over any transport, blocking or not, and can be tested
//! and stopped at every step.

use std::fmt;

use bytes::Bytes;
use ocpi_types::convert::Relation;
use ocpi_types::endpoint::{
    Endpoint, GetVersionDetails, GetVersions, PostCredentials, PutCredentials, v2_1_1,
};
use ocpi_types::observe::Observer;
use ocpi_types::protocol::{PartnerId, PartnerProfile, StatusCode};
use ocpi_types::v2_2_1::versions;
use ocpi_types::v2_3_0::credentials::Credentials;
use ocpi_types::{Clock, CredentialsToken, InterfaceRole, Url, Version, VersionNumber};

use crate::client::Asked;
use crate::error::Kind;
use crate::{Client, Error, RequestIds, Transport};

/// Next step of a handshake.
#[expect(clippy::large_enum_variant, reason = "it is taken apart where it is made")]
pub enum Next<T> {
    /// Send this, and pass the answer on.
    Send(http::Request<Bytes>),
    /// Done.
    Done(T),
}

/// The body of a request with credentials holds a token: method and URL are shown, not the rest.
impl<T: fmt::Debug> fmt::Debug for Next<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Send(request) => write!(f, "Send({} {})", request.method(), request.uri()),
            Self::Done(done) => f.debug_tuple("Done").field(done).finish(),
        }
    }
}

/// Asks a platform which versions it has, and what one of them offers.
///
/// If the token is refused in one form, in Base64 or as it stands, it is tried in the other, once, at whichever step: some
/// partners of 2.2.1 never learnt the rule, and some of 2.1.1 tell versions in both forms and the rest in one.
#[derive(Clone, Debug)]
pub struct Discovery {
    client: Client,
    wanted: Vec<Version>,
    chosen: Option<Version>,
    details: Option<Url>,
    has_tried_both_forms: bool,
}

/// Most bytes of a list of versions.
const MOST_OF_VERSIONS: usize = 256 << 10;

/// Most bytes of the details of a version.
const MOST_OF_DETAILS: usize = 1 << 20;

/// Platform that was discovered, with its version and endpoints.
#[derive(Clone, Debug)]
#[non_exhaustive]
#[must_use]
pub struct Discovered {
    /// Client of the platform, with the endpoints of the version.
    pub client: Client,
    /// The version: the newest that both have.
    pub version: Version,
}

impl Discovery {
    /// Asks at `versions_url` with `token` for the newest of the versions `wanted`.
    pub fn new(versions_url: Url, token: CredentialsToken, wanted: &[Version], ids: RequestIds) -> Self {
        let newest = wanted.iter().max().copied().unwrap_or(Version::V2_2_1);
        let client = Client::new(newest, Vec::new(), token, ids).with_versions_url(versions_url);
        Self { client, wanted: wanted.to_vec(), chosen: None, details: None, has_tried_both_forms: false }
    }

    /// With the parties on the two sides: a platform of 2.1.1 does not name them in its messages.
    #[must_use]
    pub fn with_relation(self, relation: Relation) -> Self {
        Self { client: self.client.with_relation(relation), ..self }
    }

    /// With an observer: see [`Client::observed_by`].
    #[must_use]
    pub fn observed_by(self, observer: Observer, clock: Clock, partner: Option<PartnerId>) -> Self {
        Self { client: self.client.observed_by(observer, clock, partner), ..self }
    }

    /// The first request.
    ///
    /// # Errors
    /// When the URL of the versions cannot be requested.
    pub fn start(&self) -> Result<http::Request<Bytes>, Error> {
        self.client.request(&GetVersions)
    }

    /// With the deviations of the partner, as far as they are known before anything was exchanged.
    #[must_use]
    pub fn with_profile(self, profile: PartnerProfile) -> Self {
        Self { client: self.client.with_profile(profile), ..self }
    }

    /// Takes the answer to the last request.
    ///
    /// # Errors
    /// When the answer is an error or too large, or the platforms have no version in common.
    pub fn step(&mut self, answer: http::Response<Bytes>) -> Result<Next<Discovered>, Error> {
        match self.chosen {
            None => match self.versions(answer) {
                // Of the first request, some say 3000 where they mean the form of the token.
                Err(error) if is_about_form(&error) && self.tries_other_form() => {
                    self.start().map(Next::Send)
                }
                Err(error) => Err(error),
                Ok(offered) => self.choose(&offered).map(Next::Send),
            },
            Some(version) => {
                let (told, endpoints) = match self.details(version, answer) {
                    Err(error) if error.is_unauthorized() && self.tries_other_form() => {
                        return self.details_request().map(Next::Send);
                    }
                    details => details?,
                };
                if told.as_str() != version.as_str() {
                    let what = "the details are those of another version than was asked for";
                    return Err(Error::new(GetVersionDetails::name(), Kind::Handshake(what)));
                }
                let client = self.client.clone().with_endpoints(version, endpoints);
                Ok(Next::Done(Discovered { client, version }))
            }
        }
    }

    /// Changes the form of the token; `false` if both were tried.
    fn tries_other_form(&mut self) -> bool {
        if self.has_tried_both_forms {
            return false;
        }
        self.has_tried_both_forms = true;
        self.client = self.client.clone().with_base64(!self.client.profile().base64);
        true
    }

    fn versions(&self, answer: http::Response<Bytes>) -> Result<Vec<versions::Version>, Error> {
        if answer.body().len() > MOST_OF_VERSIONS {
            return Err(Error::new(
                GetVersions::name(),
                Kind::Handshake("the list of versions is too large"),
            ));
        }
        Ok(self.client.response::<GetVersions>(answer)?.value)
    }

    /// Runs to the end.
    ///
    /// # Errors
    /// As [`Discovery::step`], and those of the transport.
    pub async fn run(mut self, transport: &impl Transport) -> Result<Discovered, Error> {
        let mut request = self.start()?;
        loop {
            match send(&self.client.clone(), transport, request, self.asks(), |answer| self.step(answer))
                .await?
            {
                Next::Send(next) => request = next,
                Next::Done(done) => return Ok(done),
            }
        }
    }

    fn details(
        &self,
        version: Version,
        answer: http::Response<Bytes>,
    ) -> Result<(VersionNumber, Vec<versions::Endpoint>), Error> {
        if answer.body().len() > MOST_OF_DETAILS {
            let what = "the details of the version are too large";
            return Err(Error::new(GetVersionDetails::name(), Kind::Handshake(what)));
        }
        if version >= Version::V2_2_1 {
            let details = self.client.response::<GetVersionDetails>(answer)?.value;
            return Ok((details.version, details.endpoints.into_vec()));
        }
        let details = self.client.response::<v2_1_1::GetVersionDetails>(answer)?.value;
        // Endpoints of 2.1.1 have no role, and a partner of 2.1.1 does not look at it.
        let with_role = |endpoint: ocpi_types::v2_1_1::versions::Endpoint| {
            let (identifier, url) = (endpoint.identifier, endpoint.url);
            versions::EndpointInit { identifier, url, role: InterfaceRole::Sender }.into()
        };
        Ok((details.version, details.endpoints.into_vec().into_iter().map(with_role).collect()))
    }

    fn choose(&mut self, offered: &[versions::Version]) -> Result<http::Request<Bytes>, Error> {
        let known = offered.iter().filter_map(|entry| {
            let version = entry.version.as_str().parse::<Version>().ok()?;
            self.wanted.contains(&version).then_some((version, &entry.url))
        });
        let (version, url) = known.max_by_key(|(version, _)| *version).ok_or_else(|| {
            let offered = offered.iter().map(|entry| entry.version.as_str());
            Error::new(GetVersions::name(), Kind::no_common_version(offered))
        })?;
        self.chosen = Some(version);
        self.details = Some(url.clone());
        self.details_request()
    }

    fn details_request(&self) -> Result<http::Request<Bytes>, Error> {
        self.client.request(&GetVersionDetails { url: self.details.clone() })
    }

    /// Names of the endpoint that the last request was for.
    fn asks(&self) -> Asked {
        if self.chosen.is_none() { Asked::of::<GetVersions>() } else { Asked::of::<GetVersionDetails>() }
    }
}

/// Registers with a partner, or renews a registration.
///
/// While the request with the credentials is under way, the partner calls back with the token in them: it must
/// be valid from the moment that request is sent.
///
/// ```
/// use ocpi_client::{Error, RequestIds, Registered, Registration, Transport};
/// use ocpi_types::v2_3_0::credentials::Credentials;
/// use ocpi_types::{CredentialsToken, Url, Version};
///
/// async fn register(
///     http: &impl Transport,
///     their_versions: Url,
///     token_a: CredentialsToken,
///     ours: Credentials,
/// ) -> Result<Registered, Error> {
///     let versions = [Version::V2_2_1, Version::V2_3_0];
///     Registration::new(their_versions, token_a, ours, &versions, RequestIds::new("reg-1")).run(http).await
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Registration {
    discovery: Discovery,
    credentials: Credentials,
    discovered: Option<Discovered>,
    renew: bool,
}

/// A registration that is done.
#[derive(Clone, Debug)]
#[non_exhaustive]
#[must_use]
pub struct Registered {
    /// Client of the partner, with the token that it gave us (token C).
    pub client: Client,
    /// The version.
    pub version: Version,
    /// The partner's credentials.
    pub credentials: Credentials,
}

impl Registration {
    /// Registers with POST. `token` is the one that the partner handed over (token A), `credentials` hold ours
    /// for the partner (token B).
    pub fn new(
        versions_url: Url,
        token: CredentialsToken,
        credentials: Credentials,
        wanted: &[Version],
        ids: RequestIds,
    ) -> Self {
        let discovery = Discovery::new(versions_url, token, wanted, ids);
        Self { discovery, credentials, discovered: None, renew: false }
    }

    /// Goes on from what was discovered, by the same token: where it has to be looked at first.
    pub fn with(discovered: Discovered, credentials: Credentials) -> Self {
        let discovery = Discovery {
            client: discovered.client.clone(),
            wanted: vec![discovered.version],
            chosen: Some(discovered.version),
            details: None,
            has_tried_both_forms: false,
        };
        Self { discovery, credentials, discovered: Some(discovered), renew: false }
    }

    /// With the parties on the two sides: see [`Discovery::with_relation`].
    #[must_use]
    pub fn with_relation(self, relation: Relation) -> Self {
        Self { discovery: self.discovery.with_relation(relation), ..self }
    }

    /// With an observer: see [`Client::observed_by`].
    #[must_use]
    pub fn observed_by(self, observer: Observer, clock: Clock, partner: Option<PartnerId>) -> Self {
        Self { discovery: self.discovery.observed_by(observer, clock, partner), ..self }
    }

    /// Renews with PUT: `token` is the one in use.
    #[must_use]
    pub fn renewing(self) -> Self {
        Self { renew: true, ..self }
    }

    /// The first request.
    ///
    /// # Errors
    /// As [`Discovery::start`].
    pub fn start(&self) -> Result<http::Request<Bytes>, Error> {
        match &self.discovered {
            Some(discovered) => self.credentials_request(discovered),
            None => self.discovery.start(),
        }
    }

    /// Takes the answer to the last request.
    ///
    /// # Errors
    /// When the answer is an error, or the platforms have no version in common.
    pub fn step(&mut self, answer: http::Response<Bytes>) -> Result<Next<Registered>, Error> {
        let Some(discovered) = &self.discovered else {
            return match self.discovery.step(answer)? {
                Next::Send(request) => Ok(Next::Send(request)),
                Next::Done(discovered) => {
                    let request = self.credentials_request(&discovered)?;
                    self.discovered = Some(discovered);
                    Ok(Next::Send(request))
                }
            };
        };
        let answered = if self.renew {
            discovered.client.response::<PutCredentials<Credentials>>(answer)
        } else {
            discovered.client.response::<PostCredentials<Credentials>>(answer)
        };
        let credentials = match answered {
            // A request that was refused for its token has done nothing.
            Err(error) if error.is_unauthorized() && self.discovery.tries_other_form() => {
                let client = discovered.client.clone().with_base64(!discovered.client.profile().base64);
                let again = Discovered { client, version: discovered.version };
                let request = self.credentials_request(&again)?;
                self.discovered = Some(again);
                return Ok(Next::Send(request));
            }
            answered => answered?.value,
        };
        let client = discovered.client.clone().with_token(credentials.token.clone());
        Ok(Next::Done(Registered { client, version: discovered.version, credentials }))
    }

    /// Runs to the end.
    ///
    /// # Errors
    /// As [`Registration::step`], and those of the transport.
    pub async fn run(mut self, transport: &impl Transport) -> Result<Registered, Error> {
        let mut request = self.start()?;
        loop {
            let client = self.discovery.client.clone();
            match send(&client, transport, request, self.asks(), |answer| self.step(answer)).await? {
                Next::Send(next) => request = next,
                Next::Done(done) => return Ok(done),
            }
        }
    }

    /// Names of the endpoint that the last request was for.
    fn asks(&self) -> Asked {
        match (&self.discovered, self.renew) {
            (None, _) => self.discovery.asks(),
            (Some(_), true) => Asked::of::<PutCredentials<Credentials>>(),
            (Some(_), false) => Asked::of::<PostCredentials<Credentials>>(),
        }
    }

    fn credentials_request(&self, discovered: &Discovered) -> Result<http::Request<Bytes>, Error> {
        // In the version that was found, whatever version these are of.
        let ours = self.credentials.clone();
        if self.renew {
            discovered.client.request(&PutCredentials(ours))
        } else {
            discovered.client.request(&PostCredentials(ours))
        }
    }
}

/// Whether the first request may have failed for the form of the token. Some say 3000 with HTTP 200 then.
fn is_about_form(error: &Error) -> bool {
    let is_3000 = error.status_code() == Some(StatusCode::SERVER_ERROR);
    error.is_unauthorized() || is_3000 && error.http_status() == Some(http::StatusCode::OK)
}

/// Sends a request, and takes a step with the answer.
async fn send<T>(
    client: &Client,
    transport: &impl Transport,
    request: http::Request<Bytes>,
    asked: Asked,
    step: impl FnOnce(http::Response<Bytes>) -> Result<Next<T>, Error>,
) -> Result<Next<T>, Error> {
    let (answer, watch) = client.via(transport).carry(request, asked, None).await?;
    let http = answer.status();
    let next = step(answer);
    watch.stepped(http, &next);
    next
}
