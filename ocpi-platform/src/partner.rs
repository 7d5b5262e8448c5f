//! Record of a partner.

use ocpi_client::{Peer, RequestIds};
use ocpi_types::convert::Relation;
use ocpi_types::protocol::{PartnerIdError, PartnerProfile, Party};
use ocpi_types::v2_3_0::credentials::{Credentials, CredentialsRole};
use ocpi_types::v2_3_0::versions::Endpoint;
use ocpi_types::{CredentialsToken, DateTime, Role, Text, Url, Version};

use crate::quirks::Quirks;

ocpi_types::object! {
    /// Record of a partner: its parties, its endpoints, and the tokens of both directions.
    ///
    /// It is kept as a document of its own in the platform's store. `Debug` hides the tokens.
    pub struct Partner = "Partner", init PartnerInit {
        /// The application's name for the partner.
        pub id: Text<255>,
        /// The token by which the partner is known to us: token A until registration is done.
        pub token_we_issued: CredentialsToken,
        /// The one before, until the new one is used: its answer may have been lost.
        pub token_before: Option<CredentialsToken>,
        /// Whether the token before is the one of the invitation (token A), good for credentials only.
        pub invited: Option<bool>,
        /// The token by which we are known to the partner.
        pub token_we_received: Option<CredentialsToken>,
        /// Whether registration is done.
        pub registered: bool,
        /// The URL of the partner's versions.
        pub versions_url: Option<Url>,
        /// The version that is spoken.
        pub version: Option<Text<0>>,
        /// Whether the partner takes tokens in Base64.
        pub base64: Option<bool>,
        /// Its other deviations.
        pub quirks: Option<Box<Quirks>>,
        /// The endpoints that the partner offers.
        pub endpoints: Vec<Endpoint>,
        /// For whom it speaks.
        pub roles: Vec<CredentialsRole>,
        /// When this record changed.
        pub last_updated: DateTime,
    }
}

impl Partner {
    /// The parties it speaks for.
    pub fn parties(&self) -> Vec<Party> {
        self.roles.iter().map(party_of).collect()
    }

    /// The version that is spoken with it; `None` before registration is done.
    fn spoken(&self) -> Option<Version> {
        self.version.as_ref()?.as_str().parse().ok()
    }

    /// Returns its deviations; `None` before registration is done.
    pub fn profile(&self) -> Option<PartnerProfile> {
        let mut profile = PartnerProfile::of(self.spoken()?);
        if let Some(base64) = self.base64 {
            profile.base64 = base64;
        }
        if let Some(quirks) = &self.quirks {
            quirks.apply_to(&mut profile);
        }
        Some(profile)
    }

    /// With a new token for the partner. The one before stays good until the new one is used; if that never
    /// happened since the last time, it is still the one before that.
    pub(crate) fn with_new_token(&self, token: CredentialsToken) -> Self {
        let before = self.token_before.clone().unwrap_or_else(|| self.token_we_issued.clone());
        Self { token_we_issued: token, token_before: Some(before), ..self.clone() }
    }

    /// The partner once registration is done: its credentials, and what it was found to offer.
    pub(crate) fn registered_by(self, credentials: Credentials, peer: &Peer) -> Self {
        Self {
            token_we_received: Some(credentials.token),
            registered: true,
            versions_url: Some(credentials.url),
            version: peer.version().as_str().parse().ok(),
            base64: Some(peer.profile().base64),
            endpoints: peer.endpoints().to_vec(),
            roles: credentials.roles.into_vec(),
            ..self
        }
    }

    /// Which of its tokens is among these. All are compared, whichever fits.
    pub(crate) fn matches(&self, tokens: &[CredentialsToken]) -> Option<Match> {
        let has =
            |ours: &CredentialsToken| tokens.iter().fold(false, |found, theirs| found | (ours == theirs));
        let before = self.token_before.as_ref().is_some_and(has);
        if has(&self.token_we_issued) { Some(Match::Issued) } else { before.then_some(Match::Before) }
    }

    /// Returns the parties on the two sides, of which ours has these roles.
    pub(crate) fn relation(&self, own: &[CredentialsRole]) -> Relation {
        let main = own.first();
        let ours = main.map_or(Role::Other, |role| role.role.clone());
        Relation::of(ours, main.map(party_of), self.parties().into_iter().next())
    }

    /// Returns the partner as the router knows it, when a request came with this token.
    pub(crate) fn caller(
        &self,
        used: Match,
        own: &[CredentialsRole],
    ) -> Result<ocpi_server_traits::Partner, PartnerIdError> {
        let id = self.id.as_str().parse()?;
        let invitation = used == Match::Before && self.invited == Some(true);
        let partner = if self.registered && !invitation {
            ocpi_server_traits::Partner::new(id, self.parties())
        } else {
            ocpi_server_traits::Partner::invited(id)
        };
        let style = self.profile().map(|profile| profile.style).unwrap_or_default();
        Ok(partner.with_style(style).with_relation(self.relation(own)))
    }

    /// The partner as the client sees it; `None` before registration is done.
    ///
    /// Messages say from whom and to whom they are where there is but one party on each side.
    pub(crate) fn peer(&self, ids: RequestIds, own: &[CredentialsRole]) -> Option<Peer> {
        let token = self.token_we_received.clone().filter(|_| self.registered)?;
        let version = self.spoken()?;
        let peer = Peer::new(version, self.endpoints.clone(), token, ids);
        let mut peer = peer.with_profile(self.profile()?).with_relation(self.relation(own));
        if let Some(url) = &self.versions_url {
            peer = peer.with_versions_url(url.clone());
        }
        match (own, self.parties().as_slice()) {
            ([from], [to]) => Some(peer.with_parties(party_of(from), to.clone())),
            _ => Some(peer),
        }
    }
}

/// Which token of a partner was used.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Match {
    /// The one it was given last.
    Issued,
    /// The one before.
    Before,
}

/// The party of a role.
pub(crate) fn party_of(role: &CredentialsRole) -> Party {
    Party { country_code: role.country_code.clone(), party_id: role.party_id.clone() }
}
