//! Discovery: the list of versions, and the details of one version.

use bytes::Bytes;
use ocpi_types::convert::Relation;
use ocpi_types::endpoint::{Endpoint, GetVersionDetails, GetVersions};
use ocpi_types::observe::Observer;
use ocpi_types::protocol::{PartnerId, PartnerProfile, TokenScope};
use ocpi_types::v2_2_1::versions;
use ocpi_types::{Clock, CredentialsToken, Timer, Url, Version};

use super::token_forms::{TokenForms, is_about_form, settled};
use super::versions::{VersionList, VersionSearch};
use super::{Machine, Next, Unshown, details, run};
use crate::client::Asked;
use crate::error::Kind;
use crate::{Client, Deviation, Error, Learned, Pace, RequestIds, Transport};

/// Discovers the versions of a platform and the endpoints of one of them.
///
/// If the token is refused in one form, Base64 or plain, the other form is tried once in each step: some partners of
/// 2.2.1 do not follow the rule, and some of 2.1.1 accept both forms for the list of versions and only one elsewhere.
/// The list of versions is requested again after any refusal except HTTP 429 and 5xx, later requests only after 401 and
/// 403.
#[derive(Clone, Debug)]
pub struct Discovery {
    search: VersionSearch,
    wanted: Vec<Version>,
    chosen: Option<Chosen>,
}

/// The version that was chosen, and the URL of its details.
#[derive(Clone, Debug)]
struct Chosen {
    client: Client,
    offered: Vec<versions::Version>,
    url: Option<Url>,
    forms: TokenForms,
}

/// A discovered platform, with its version and endpoints.
#[derive(Clone, Debug)]
#[non_exhaustive]
#[must_use]
pub struct Discovered {
    /// Client of the platform, with the endpoints of the version. Its profile contains what was learned.
    pub client: Client,
    /// The newest version that both sides support.
    pub version: Version,
    /// The partner's list of versions; empty if it answered with the details of one version instead.
    pub offered: Vec<versions::Version>,
}

impl Discovered {
    /// Deviations of the partner that were tolerated so far.
    pub fn deviations(&self) -> Vec<Deviation> {
        self.client.deviations()
    }
}

impl Discovery {
    /// Starts at `versions_url` with `token`, looking for the newest of the `wanted` versions.
    pub fn new(versions_url: Url, token: CredentialsToken, wanted: &[Version], ids: RequestIds) -> Self {
        let newest = wanted.iter().max().copied().unwrap_or(Version::V2_2_1);
        let search = VersionSearch::newest(versions_url, token, newest, ids);
        Self { search, wanted: wanted.to_vec(), chosen: None }
    }

    /// Sets the parties on the two sides: a platform of 2.1.1 does not name them in its messages.
    #[must_use]
    pub fn with_relation(self, relation: Relation) -> Self {
        self.with_client(|client| client.with_relation(relation))
    }

    /// Sets an observer: see [`Client::observed_by`].
    #[must_use]
    pub fn observed_by(self, observer: Observer, clock: Clock, partner: Option<PartnerId>) -> Self {
        self.with_client(|client| client.observed_by(observer, clock, partner))
    }

    /// Sets the deviations of the partner that are known in advance.
    ///
    /// ```
    /// use ocpi_client::{Discovery, RequestIds};
    /// use ocpi_types::Version;
    /// use ocpi_types::protocol::PartnerProfile;
    /// let url = "https://cpo.example/ocpi/versions".parse()?;
    /// let discovery = Discovery::new(url, "secret".parse()?, Version::ALL, RequestIds::new("reg-1"))
    ///     .with_profile(PartnerProfile::legacy_2_1_1());
    /// assert_eq!(discovery.start()?.headers()["authorization"], "Token secret");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_profile(self, profile: PartnerProfile) -> Self {
        self.with_client(|client| client.with_profile(profile))
    }

    /// Shares facts with other clients of the same partner: see [`Client::with_learned`].
    #[must_use]
    pub fn with_learned(self, learned: Learned) -> Self {
        self.with_client(|client| client.with_learned(learned))
    }

    /// Sets a pace, which other clients of the same partner may share: see [`Client::with_pace`].
    #[must_use]
    pub fn with_pace(self, pace: Pace) -> Self {
        self.with_client(|client| client.with_pace(pace))
    }

    /// Sets the timer: see [`Client::with_timer`].
    #[must_use]
    pub fn with_timer(self, timer: Timer) -> Self {
        self.with_client(|client| client.with_timer(timer))
    }

    pub(super) fn with_client(self, change: impl FnOnce(Client) -> Client) -> Self {
        Self { search: self.search.with_client(change), ..self }
    }

    /// Returns the first request.
    ///
    /// # Errors
    /// When no request to the versions URL can be built.
    pub fn start(&self) -> Result<http::Request<Bytes>, Error> {
        self.search.start()
    }

    /// Takes the answer to the last request, and returns the next step.
    ///
    /// # Errors
    /// When the answer is an error or too large, or the platforms have no version in common.
    pub fn step(&mut self, answer: http::Response<Bytes>) -> Result<Next<Discovered>, Error> {
        if let Some(chosen) = &mut self.chosen {
            return chosen.step(answer);
        }
        let list = match self.search.step(answer)? {
            Next::Send(request) => return Ok(Next::Send(request)),
            Next::Done(list) => list,
        };
        if let Some(Unshown(answer)) = list.details.clone() {
            return self.take_details(list, answer).map(Next::Done);
        }
        let chosen = self.choose(list)?;
        let request = chosen.request()?;
        self.chosen = Some(chosen);
        Ok(Next::Send(request))
    }

    /// Runs the discovery to its end.
    ///
    /// # Errors
    /// As [`Discovery::step`], and those of the transport.
    pub async fn run(self, transport: &impl Transport) -> Result<Discovered, Error> {
        run(self, transport).await
    }

    fn choose(&self, list: VersionList) -> Result<Chosen, Error> {
        let known = list.versions.iter().filter_map(|entry| {
            let version = entry.version.as_str().parse::<Version>().ok()?;
            self.wanted.contains(&version).then_some((version, &entry.url))
        });
        let (version, url) = known.max_by_key(|(version, _)| *version).ok_or_else(|| {
            let offered = list.versions.iter().map(|entry| entry.version.as_str());
            Error::new(GetVersions::name(), Kind::no_common_version(offered))
        })?;
        let (url, offered) = (Some(url.clone()), list.versions.clone());
        Ok(Chosen { client: list.chosen(version), offered, url, forms: TokenForms::default() })
    }

    /// Takes the details of a version that came in the place of the list.
    fn take_details(&self, list: VersionList, answer: http::Response<Bytes>) -> Result<Discovered, Error> {
        let told = details::version_of(answer.body());
        let told = told.as_ref().map_or("", |version| version.as_str());
        let version =
            told.parse().ok().filter(|version| self.wanted.contains(version)).ok_or_else(|| {
                Error::new(GetVersions::name(), Kind::no_common_version(std::iter::once(told)))
            })?;
        let details = details::read(&list.client, version, answer)?;
        let client = list.chosen(version).with_endpoints(version, details.endpoints);
        Ok(Discovered { client: client.adapted(|it| settled(it, version)), version, offered: Vec::new() })
    }
}

impl Chosen {
    fn step(&mut self, answer: http::Response<Bytes>) -> Result<Next<Discovered>, Error> {
        let version = self.client.version();
        let details = match details::read(&self.client, version, answer) {
            Ok(details) => details,
            Err(error) => {
                if !is_about_form(&error) {
                    return Err(error);
                }
                let other = self.forms.other(&self.client, &TokenScope::VersionDetails);
                self.client = other.ok_or(error)?;
                return self.request().map(Next::Send);
            }
        };
        if details.version.is_some_and(|told| told.as_str() != version.as_str()) {
            let what = "the details are those of another version than was asked for";
            return Err(Error::new(GetVersionDetails::name(), Kind::Handshake(what)));
        }
        let (client, scope) = (self.client.clone(), TokenScope::VersionDetails);
        let client = self.forms.worked(client, version, scope, &GetVersionDetails::name());
        let client = client.with_endpoints(version, details.endpoints);
        let client = client.adapted(|profile| settled(profile, version));
        Ok(Next::Done(Discovered { client, version, offered: self.offered.clone() }))
    }

    fn request(&self) -> Result<http::Request<Bytes>, Error> {
        self.client.request(&GetVersionDetails { url: self.url.clone() })
    }
}

impl Machine for Discovery {
    type Done = Discovered;

    fn asks(&self) -> (Client, Asked) {
        match &self.chosen {
            None => (self.search.client.clone(), Asked::of::<GetVersions>()),
            Some(chosen) => (chosen.client.clone(), Asked::of::<GetVersionDetails>()),
        }
    }

    fn start(&self) -> Result<http::Request<Bytes>, Error> {
        self.start()
    }

    fn step(&mut self, answer: http::Response<Bytes>) -> Result<Next<Discovered>, Error> {
        self.step(answer)
    }
}
