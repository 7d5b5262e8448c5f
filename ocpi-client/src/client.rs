//! A partner, and requests to it.

mod asked_token;
mod request;
mod response;
mod send;
mod watch;

use ocpi_types::convert::{Context, Relation};
use ocpi_types::endpoint::{Encoding, Endpoint, Mount};
use ocpi_types::observe::Observer;
use ocpi_types::protocol::Party;
use ocpi_types::v2_2_1::versions;
use ocpi_types::{Clock, CredentialsToken, Url, Version};
use ocpi_types::{InterfaceRole, ModuleId};

use crate::RequestIds;
use ocpi_types::protocol::{PartnerId, PartnerProfile};

pub use response::Answer;

pub(crate) use watch::Asked;

use watch::Observation;

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
    observation: Option<Observation>,
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
        Self {
            version,
            endpoints,
            versions_url: None,
            token,
            profile,
            relation,
            from: None,
            to: None,
            ids,
            observation: None,
        }
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

    /// With an observer that is told of each request that [`Peer::send`] and its like send, and of what becomes of it;
    /// `partner` is the name by which it knows the partner.
    ///
    /// ```
    /// use ocpi_client::{Peer, RequestIds};
    /// use ocpi_types::observe::{Chain, Event, EventKind, Observer, from_fn};
    /// use ocpi_types::{Clock, Version};
    /// let observer = Observer::new(from_fn(|event: &Event<'_>| {
    ///     if let EventKind::Failed(failure) = &event.kind {
    ///         eprintln!("{}", Chain(failure.error));
    ///     }
    /// }));
    /// let peer = Peer::new(Version::V2_3_0, vec![], "secret".parse()?, RequestIds::new("run-1"))
    ///     .observed_by(observer, Clock::system(), Some("cpo".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn observed_by(self, observer: Observer, clock: Clock, partner: Option<PartnerId>) -> Self {
        Self { observation: Some(Observation { observer, clock, partner }), ..self }
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
}
