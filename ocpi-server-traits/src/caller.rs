//! Caller of a request, and the circumstances of the request.

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::Arc;

use ocpi_types::convert::{Ledger, Relation};
use ocpi_types::json::WritingStyle;
use ocpi_types::observe::{ConversionReport, Direction, Event, EventKind, Exchange, Observe};
use ocpi_types::protocol::{PartnerId, PartnerProfile, Party};
use ocpi_types::{CredentialsToken, DateTime, Finding, InterfaceRole, ModuleId, Role, Url, Version};

use crate::observed::Observed;
use crate::{Permissions, StoreError};

/// The partner that a request's token belongs to, without its secrets.
///
/// Clones are cheap, even for a hub that speaks for thousands of parties.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Partner {
    /// The application's id of the partner.
    pub id: PartnerId,
    /// Whether registration is complete; until then the partner may use versions and credentials only.
    pub is_registered: bool,
    /// Style of answers to the partner.
    pub style: WritingStyle,
    /// Whether module URLs in version details end with a slash.
    pub needs_url_slash: bool,
    /// Whether to answer HTTP 200 instead of 201.
    pub counts_only_200: bool,
    /// Parties on the two sides, which messages of 2.1.1 do not name.
    pub relation: Relation,
    /// Whether the first use of the token on a functional module has to be confirmed: see
    /// [`PartnerDirectory::confirm`].
    pub is_unconfirmed: bool,
    parties: Arc<BTreeSet<Party>>,
    modules: Modules,
    /// `Debug` hides it.
    token: Option<CredentialsToken>,
}

/// Functional modules that are open to a partner.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Modules {
    All,
    /// None before the operator has approved it.
    AwaitApproval,
    ByRole(Arc<(Vec<Role>, Permissions)>),
}

impl Partner {
    /// Creates a registered partner that follows the specification and speaks for these parties.
    ///
    /// ```
    /// use ocpi_server_traits::Partner;
    /// use ocpi_types::protocol::{PartnerId, Party};
    /// let cpo = Partner::new("cpo".parse()?, [Party::new("NL", "ALF")?]);
    /// assert!(cpo.speaks_for(&Party::new("nl", "alf")?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(id: PartnerId, parties: impl IntoIterator<Item = Party>) -> Self {
        Self {
            id,
            is_registered: true,
            style: WritingStyle::default(),
            needs_url_slash: false,
            counts_only_200: false,
            relation: Relation::default(),
            is_unconfirmed: false,
            parties: Arc::new(parties.into_iter().collect()),
            modules: Modules::All,
            token: None,
        }
    }

    /// Creates a partner that was invited but has not registered yet.
    pub fn invited(id: PartnerId) -> Self {
        Self { is_registered: false, ..Self::new(id, []) }
    }

    /// Sets the parties that the partner speaks for, shared with other values.
    #[must_use]
    pub fn with_parties(self, parties: Arc<BTreeSet<Party>>) -> Self {
        Self { parties, ..self }
    }

    /// Sets the roles and permissions that determine the modules that the partner may use. By default it may use all
    /// mounted modules.
    #[must_use]
    pub fn with_permissions(self, roles_and_permissions: Arc<(Vec<Role>, Permissions)>) -> Self {
        Self { modules: Modules::ByRole(roles_and_permissions), ..self }
    }

    /// Sets the token that the partner presented, for the credentials module.
    #[must_use]
    pub fn with_token(self, token: CredentialsToken) -> Self {
        Self { token: Some(token), ..self }
    }

    /// Returns the token that the partner presented, if the directory set it.
    pub fn token(&self) -> Option<&CredentialsToken> {
        self.token.as_ref()
    }

    /// Denies all functional modules until the operator approves the partner: requests are answered with HTTP 200 and
    /// 2000.
    #[must_use]
    pub fn awaiting_approval(self) -> Self {
        Self { modules: Modules::AwaitApproval, ..self }
    }

    /// Checks whether the partner may use an interface of a module.
    ///
    /// # Errors
    /// When it may not: the refusal for the partner, HTTP 200 and 2000.
    pub fn may_use(&self, module: &ModuleId, interface: &InterfaceRole) -> Result<(), crate::Error> {
        match &self.modules {
            Modules::All => Ok(()),
            Modules::AwaitApproval => Err(crate::Error::forbidden("the registration awaits approval")),
            Modules::ByRole(known) if known.1.allows(&known.0, module, interface) => Ok(()),
            Modules::ByRole(known) => {
                let roles: Vec<&str> = known.0.iter().map(Role::as_str).collect();
                let message = format!("{module} {interface} is not open to role {}", roles.join(", "));
                Err(crate::Error::forbidden(message))
            }
        }
    }

    /// Sets the parties on the two sides.
    #[must_use]
    pub fn with_relation(self, relation: Relation) -> Self {
        Self { relation, ..self }
    }

    /// Sets the style of answers to the partner.
    #[must_use]
    pub fn with_style(self, style: WritingStyle) -> Self {
        Self { style, ..self }
    }

    /// Sets the profile that determines answers: their style, module URLs in version details, and the HTTP status for
    /// created objects.
    ///
    /// ```
    /// use ocpi_server_traits::Partner;
    /// use ocpi_types::protocol::PartnerProfile;
    /// let partner = Partner::new("emsp".parse()?, []).with_profile(&PartnerProfile::roaming_platform());
    /// assert!(partner.counts_only_200);
    /// # Ok::<(), ocpi_types::protocol::PartnerIdError>(())
    /// ```
    #[must_use]
    pub fn with_profile(self, profile: &PartnerProfile) -> Self {
        let (needs_url_slash, counts_only_200) = (profile.needs_url_slash, profile.counts_only_200);
        Self { style: profile.style, needs_url_slash, counts_only_200, ..self }
    }

    /// Returns the parties that the partner speaks for.
    pub fn parties(&self) -> &BTreeSet<Party> {
        &self.parties
    }

    /// Whether the partner speaks for this party.
    pub fn speaks_for(&self, party: &Party) -> bool {
        self.parties.contains(party)
    }
}

/// Finds partners by their tokens.
pub trait PartnerDirectory: Send + Sync + 'static {
    /// Finds the partner that one of these tokens belongs to.
    ///
    /// They are the possible readings of one header: plain and decoded. Look tokens up by their hashes, or compare each
    /// with all known ones: `==` of [`CredentialsToken`] takes constant time.
    fn find(
        &self,
        tokens: &[CredentialsToken],
    ) -> impl Future<Output = Result<Option<Partner>, StoreError>> + Send;

    /// Records the first use of a token on a functional module, which may revoke the partner's other tokens. Called
    /// only if [`find`](Self::find) returned the token as not yet used. Returns `false` if the token has been revoked.
    fn confirm(&self, partner: &Partner) -> impl Future<Output = Result<bool, StoreError>> + Send {
        let _ = partner;
        std::future::ready(Ok(true))
    }
}

impl<D: PartnerDirectory> PartnerDirectory for Arc<D> {
    async fn find(&self, tokens: &[CredentialsToken]) -> Result<Option<Partner>, StoreError> {
        (**self).find(tokens).await
    }

    async fn confirm(&self, partner: &Partner) -> Result<bool, StoreError> {
        (**self).confirm(partner).await
    }
}

/// Caller of a request: the sending partner and party, with the receiver, time and endpoint.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Caller {
    /// The partner.
    pub partner: Partner,
    /// Version of the URL that was called.
    pub version: Version,
    /// The partner's party that sent the request, if given (`OCPI-from-…`).
    pub from: Option<Party>,
    /// Our party that the request is addressed to, if given (`OCPI-to-…`).
    pub to: Option<Party>,
    /// Id of the request.
    pub request_id: Option<String>,
    /// Correlation id, which hubs pass on unchanged.
    pub correlation_id: Option<String>,
    /// URL of the called endpoint of the module.
    pub endpoint: Url,
    /// Time at which the request arrived.
    pub now: DateTime,
    /// Findings in the body.
    pub findings: Vec<Finding>,
    /// Losses and assumptions in the body, if it has another version.
    pub ledger: Ledger,
    /// Whether the query says which type of Token is meant.
    pub(crate) has_token_type: bool,
    /// The observer of the request, with the names that it is told.
    pub(crate) observed: Observed,
}

impl Caller {
    /// Whether the partner speaks for this party.
    pub fn speaks_for(&self, party: &Party) -> bool {
        self.partner.speaks_for(party)
    }

    /// Tells the observer what was found and lost when the body was read.
    pub(crate) fn observe_reading(&self) {
        if !self.findings.is_empty() {
            self.observe(EventKind::Found(&self.findings));
        }
        if let Some(report) = ConversionReport::of(&self.ledger, &[]) {
            self.observe(EventKind::Converted(report));
        }
    }

    /// Returns the request as shown to an observer.
    pub fn exchange(&self) -> Exchange<'_> {
        let mut exchange = Exchange::new(Direction::Inbound);
        exchange.partner = Some(&self.partner.id);
        exchange.version = Some(self.version);
        exchange.request_id = self.request_id.as_deref();
        exchange.correlation_id = self.correlation_id.as_deref();
        self.observed.fill(&mut exchange);
        exchange
    }

    /// Reports an event during the handling of the request to the router's observer.
    ///
    /// ```
    /// use ocpi_server_traits::{Caller, Error, Handle};
    /// use ocpi_types::endpoint::{PushOutcome, Put};
    /// use ocpi_types::observe::{Degraded, EventKind};
    /// use ocpi_types::v2_3_0::tariffs::Tariff;
    ///
    /// struct Tariffs;
    ///
    /// impl Handle<Put<Tariff>> for Tariffs {
    ///     async fn handle(&self, caller: &Caller, _: Put<Tariff>) -> Result<PushOutcome, Error> {
    ///         let error = std::io::Error::other("the price list is locked");
    ///         caller.observe(EventKind::Degraded(Degraded::new("the prices at the chargers", &error)));
    ///         Ok(PushOutcome::Created)
    ///     }
    /// }
    /// ```
    pub fn observe(&self, kind: EventKind<'_>) {
        self.observed.observer.event(&Event::new(&self.exchange(), kind));
    }
}
