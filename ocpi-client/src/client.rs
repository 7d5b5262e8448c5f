//! Client of one partner.

mod asked_token;
mod due;
mod options;
mod place;
mod request;
mod response;
mod send;
mod sending;
mod slash;
mod watch;

use std::fmt;
use std::sync::Arc;

use ocpi_types::convert::{Context, Relation};
use ocpi_types::endpoint::{Encoding, Endpoint, Mount};
use ocpi_types::observe::Observer;
use ocpi_types::protocol::Party;
use ocpi_types::v2_2_1::versions;
use ocpi_types::{Clock, CredentialsToken, Url, Version};

use crate::{Deviation, Learned, Pace, RequestIds};
use ocpi_types::protocol::{PartnerId, PartnerProfile, TokenForm};

pub use options::RequestOptions;
pub use response::Answer;

pub(crate) use due::Due;
pub(crate) use request::is_at_origin_of_any;
pub(crate) use watch::Asked;

use sending::Sending;
use watch::Observation;

/// Client of one partner: the partner's endpoints, the token that identifies us to it, and a [`Transport`].
///
/// Without a transport it only builds requests and reads answers ([`Client::request`], [`Client::response`]), for use with any
/// HTTP client. With one ([`Client::over`]) it also sends them. Clones are cheap: they share everything but the transport.
///
/// Requests go only to the hosts of the partner's endpoints and of its list of versions, whatever URL a message contains.
///
/// ```
/// use ocpi_client::{Client, Error, Transport};
/// use ocpi_types::endpoint::Put;
/// use ocpi_types::v2_3_0::tokens::Token;
///
/// async fn push(cpo: &Client<impl Transport>, token: Token) -> Result<(), Error> {
///     cpo.send(&Put::of(token)).await?;
///     Ok(())
/// }
/// ```
///
/// [`Transport`]: crate::Transport
#[derive(Clone)]
pub struct Client<T = ()> {
    partner: Arc<Partner>,
    transport: T,
}

/// Everything that a client knows of its partner.
#[derive(Clone, Debug)]
struct Partner {
    version: Version,
    endpoints: Vec<versions::Endpoint>,
    versions_url: Option<Url>,
    token: CredentialsToken,
    profile: PartnerProfile,
    learned: Learned,
    relation: Relation,
    from: Option<Party>,
    to: Option<Party>,
    ids: RequestIds,
    observation: Option<Observation>,
    sending: Sending,
}

impl Client {
    /// Makes a client of a partner that uses `version` and offers `endpoints`. `token` is the one that the partner gave
    /// us.
    pub fn new(
        version: Version,
        endpoints: Vec<versions::Endpoint>,
        token: CredentialsToken,
        ids: RequestIds,
    ) -> Self {
        let partner = Partner {
            version,
            endpoints,
            versions_url: None,
            token,
            profile: PartnerProfile::strict(),
            learned: Learned::default(),
            relation: Relation::default(),
            from: None,
            to: None,
            ids,
            observation: None,
            sending: Sending::default(),
        };
        Self { partner: Arc::new(partner), transport: () }
    }
}

impl<T> Client<T> {
    /// Sets the transport that carries the requests, replacing any earlier one.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use ocpi_client::{Client, RequestIds, transport};
    /// use ocpi_types::Version;
    /// use ocpi_types::endpoint::GetVersions;
    ///
    /// let body = br#"{"data": [], "status_code": 1000, "timestamp": "2026-11-22T10:00:00Z"}"#;
    /// let canned = transport::from_fn(|_| async { Ok(http::Response::new(Bytes::from_static(body))) });
    /// let client = Client::new(Version::V2_3_0, vec![], "secret".parse()?, RequestIds::new("run-1"))
    ///     .with_versions_url("https://cpo.example/ocpi/versions".parse()?)
    ///     .over(canned);
    /// let versions = pollster::block_on(client.send(&GetVersions))?.value;
    /// assert!(versions.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn over<U>(self, transport: U) -> Client<U> {
        Client { partner: self.partner, transport }
    }

    /// Returns the transport.
    pub fn transport(&self) -> &T {
        &self.transport
    }

    /// Sets the URL of the partner's list of versions, which `GetVersions` is sent to.
    #[must_use]
    pub fn with_versions_url(self, url: Url) -> Self {
        self.with(|partner| partner.versions_url = Some(url))
    }

    /// Sets the parties of the routing headers `OCPI-from-…` and `OCPI-to-…`.
    #[must_use]
    pub fn with_parties(self, from: Party, to: Party) -> Self {
        self.with(|partner| (partner.from, partner.to) = (Some(from), Some(to)))
    }

    /// Sets the form of the token for all requests. The default is that of the profile, or else of the version: plain
    /// in 2.1.1, Base64 later.
    #[must_use]
    pub fn with_token_form(self, form: TokenForm) -> Self {
        self.with(|partner| {
            partner.profile.token_at.clear();
            partner.profile.token = Some(form);
        })
    }

    /// Sets the partner's profile: its deviations. If the profile has a rate, later requests observe it.
    ///
    /// ```
    /// use ocpi_client::{Client, RequestIds};
    /// use ocpi_types::protocol::PartnerProfile;
    /// use ocpi_types::{Rate, Version};
    /// let slow = PartnerProfile::hub().with_rate(Rate::per_minute(6));
    /// let client = Client::new(Version::V2_3_0, vec![], "secret".parse()?, RequestIds::new("run-1")).with_profile(slow);
    /// assert_eq!(client.pace().rate(), Some(Rate::per_minute(6)));
    /// # Ok::<(), ocpi_types::TextError>(())
    /// ```
    #[must_use]
    pub fn with_profile(self, profile: PartnerProfile) -> Self {
        self.with(|partner| {
            if let Some(rate) = profile.rate {
                partner.sending.pace = Pace::new(rate);
            }
            partner.profile = profile;
        })
    }

    /// Shares what was learned about the partner with other clients of it: see [`Learned`].
    #[must_use]
    pub fn with_learned(self, learned: Learned) -> Self {
        self.with(|partner| partner.learned = learned)
    }

    /// Sets the parties on the two sides: messages of 2.1.1 do not name them.
    #[must_use]
    pub fn with_relation(self, relation: Relation) -> Self {
        self.with(|partner| partner.relation = relation)
    }

    /// Reports each request that [`Client::send`] and similar methods send, and its outcome, to `observer`, with
    /// `partner` as the name of the partner. `clock` replaces that of [`Client::with_clock`].
    ///
    /// ```
    /// use ocpi_client::{Client, RequestIds};
    /// use ocpi_types::observe::{Chain, Event, EventKind, Observer, from_fn};
    /// use ocpi_types::{Clock, Version};
    /// let observer = Observer::new(from_fn(|event: &Event<'_>| {
    ///     if let EventKind::Failed(failure) = &event.kind {
    ///         eprintln!("{}", Chain(failure.error));
    ///     }
    /// }));
    /// let client = Client::new(Version::V2_3_0, vec![], "secret".parse()?, RequestIds::new("run-1"))
    ///     .observed_by(observer, Clock::system(), Some("cpo".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn observed_by(self, observer: Observer, clock: Clock, partner: Option<PartnerId>) -> Self {
        let observation = Observation { observer, clock: clock.clone(), partner };
        self.with(|partner| {
            partner.observation = Some(observation);
            partner.sending.clock = clock;
        })
    }

    /// Returns the OCPI version used with the partner.
    pub fn version(&self) -> Version {
        self.partner.version
    }

    /// Returns the URL of the partner's list of versions, if known. After a discovery it is the URL at which the list
    /// was found, which may be below the given URL.
    pub fn versions_url(&self) -> Option<&Url> {
        self.partner.versions_url.as_ref()
    }

    /// Returns the endpoints that the partner offers.
    pub fn endpoints(&self) -> &[versions::Endpoint] {
        &self.partner.endpoints
    }

    /// Returns the partner's profile at the creation of this client; it includes what a handshake learned.
    pub fn profile(&self) -> &PartnerProfile {
        &self.partner.profile
    }

    /// Returns the partner's profile with everything learned since, for storing.
    pub fn learned_profile(&self) -> PartnerProfile {
        self.partner.learned.applied_to(&self.partner.profile)
    }

    /// Returns the facts learned about the partner. Clones of the client share them.
    pub fn learned(&self) -> &Learned {
        &self.partner.learned
    }

    /// Returns the partner's deviations that were tolerated: see [`Learned::deviations`].
    pub fn deviations(&self) -> Vec<Deviation> {
        self.partner.learned.deviations()
    }

    /// The URLs that the partner registered, and those that its profile names instead: requests go to their hosts only.
    pub(crate) fn registered_urls(&self) -> impl Iterator<Item = &Url> {
        let Partner { endpoints, versions_url, profile, version, .. } = &*self.partner;
        let instead = profile.urls.iter().filter(|it| it.version == *version).map(|it| &it.url);
        endpoints.iter().map(|endpoint| &endpoint.url).chain(versions_url).chain(instead)
    }

    /// The clock in use.
    pub(crate) fn clock(&self) -> Clock {
        self.partner.sending.clock.clone()
    }

    pub(crate) fn with_endpoints(self, version: Version, endpoints: Vec<versions::Endpoint>) -> Self {
        self.with(|partner| (partner.version, partner.endpoints) = (version, endpoints))
    }

    /// With another profile, at the same pace.
    pub(crate) fn adapted(self, change: impl FnOnce(&mut PartnerProfile)) -> Self {
        self.with(|partner| change(&mut partner.profile))
    }

    pub(crate) fn with_token(self, token: CredentialsToken) -> Self {
        self.with(|partner| partner.token = token)
    }

    /// A client of the same partner over another transport.
    pub(crate) fn via<'t, U>(&self, transport: &'t U) -> Client<&'t U> {
        Client { partner: Arc::clone(&self.partner), transport }
    }

    fn with(mut self, change: impl FnOnce(&mut Partner)) -> Self {
        change(Arc::make_mut(&mut self.partner));
        self
    }

    /// Returns the parties on the two sides, as they are in messages of an endpoint.
    fn relation_at<E: Endpoint>(&self) -> &Relation {
        E::MOUNT.relation(&self.partner.relation, false)
    }

    /// Returns the wire settings of an endpoint. Lists of versions and their details keep the version of their types.
    fn wire<'a, E: Endpoint>(&self, context: &'a Context<'a>) -> Encoding<'a> {
        let is_of_version = matches!(E::MOUNT, Mount::Module(..));
        Encoding {
            version: is_of_version.then_some(self.partner.version),
            context,
            style: self.partner.profile.style,
            on_partial: self.partner.profile.on_partial,
        }
    }
}

/// The transport is left out: any type may be one.
impl<T> fmt::Debug for Client<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Client").field(&self.partner).finish()
    }
}
