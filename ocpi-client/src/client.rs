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

/// Client of one partner: the partner's endpoints, the token by which the partner knows us, and a [`Transport`].
///
/// Without a transport it makes requests and reads answers ([`Client::request`], [`Client::response`]), for any HTTP
/// client. With one ([`Client::over`]) it also sends them. A clone is cheap: it shares all but the transport.
///
/// Requests go only to hosts that the endpoints name, whatever URL a message holds.
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
    /// A client of a partner of this version with these endpoints, that knows us by `token`.
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
    /// With a transport that carries the requests, in the place of the one before.
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

    /// With the URL of its list of versions.
    #[must_use]
    pub fn with_versions_url(self, url: Url) -> Self {
        self.with(|partner| partner.versions_url = Some(url))
    }

    /// With headers that say from which party to which party messages go.
    #[must_use]
    pub fn with_parties(self, from: Party, to: Party) -> Self {
        self.with(|partner| (partner.from, partner.to) = (Some(from), Some(to)))
    }

    /// With the token sent in this form everywhere. The default is the version's rule, or that of the profile.
    #[must_use]
    pub fn with_token_form(self, form: TokenForm) -> Self {
        self.with(|partner| {
            partner.profile.token_at.clear();
            partner.profile.token = Some(form);
        })
    }

    /// With the ways in which the partner deviates. If they name a rate, requests keep to it from now on.
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

    /// With facts that other clients of the same partner share.
    #[must_use]
    pub fn with_learned(self, learned: Learned) -> Self {
        self.with(|partner| partner.learned = learned)
    }

    /// With the parties on the two sides: a partner of 2.1.1 does not name them in its messages.
    #[must_use]
    pub fn with_relation(self, relation: Relation) -> Self {
        self.with(|partner| partner.relation = relation)
    }

    /// With an observer that is told of each request that [`Client::send`] and its like send, and of what becomes of it;
    /// `partner` is the name by which it knows the partner. The clock is that of [`Client::with_clock`] as well.
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

    /// The version spoken.
    pub fn version(&self) -> Version {
        self.partner.version
    }

    /// Returns the URL of the partner's list of versions, as far as it is known: after a discovery that where the list was
    /// found, which may be below the URL that was given.
    pub fn versions_url(&self) -> Option<&Url> {
        self.partner.versions_url.as_ref()
    }

    /// Returns the endpoints that the partner offers.
    pub fn endpoints(&self) -> &[versions::Endpoint] {
        &self.partner.endpoints
    }

    /// Returns the ways in which the partner deviates, as this client was made with them: what a handshake learned is in them.
    pub fn profile(&self) -> &PartnerProfile {
        &self.partner.profile
    }

    /// Returns the ways in which the partner deviates, with what was learned since: to be stored.
    pub fn learned_profile(&self) -> PartnerProfile {
        self.partner.learned.applied_to(&self.partner.profile)
    }

    /// Returns the facts that were learned of the partner. Clones of the client share them.
    pub fn learned(&self) -> &Learned {
        &self.partner.learned
    }

    /// Returns the deviations of the partner that were met and tolerated: see [`Learned::deviations`].
    pub fn deviations(&self) -> Vec<Deviation> {
        self.partner.learned.deviations()
    }

    /// The URLs that the partner registered: requests go to their hosts only.
    pub(crate) fn registered_urls(&self) -> impl Iterator<Item = &Url> {
        self.partner.endpoints.iter().map(|endpoint| &endpoint.url).chain(&self.partner.versions_url)
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
