//! What is kept of a partner.

use ocpi_client::{Ids, Peer};
use ocpi_server_traits::Connection;
use ocpi_types::transport::Party;
use ocpi_types::v2_3_0::credentials::CredentialsRole;
use ocpi_types::v2_3_0::versions::Endpoint;
use ocpi_types::{CredentialsToken, DateTime, Text, Url, Version};

ocpi_types::object! {
    /// What is kept of a partner: who it is, what it offers, and the tokens of both directions.
    ///
    /// It is kept as a document of its own in the platform's store. `Debug` hides the tokens.
    pub struct Partner = "Partner", init PartnerInit {
        /// The application's name for the partner.
        pub id: Text<255>,
        /// The token by which the partner is known to us: token A until registration is done.
        pub token_we_issued: CredentialsToken,
        /// The one before, until the new one is used: its answer may have been lost.
        pub token_before: Option<CredentialsToken>,
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
        /// What the partner offers.
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
        let party = |role: &CredentialsRole| Party {
            country_code: role.country_code.clone(),
            party_id: role.party_id.clone(),
        };
        self.roles.iter().map(party).collect()
    }

    /// Whether one of its tokens is among these. All are compared, whichever fits.
    pub(crate) fn has_token(&self, tokens: &[CredentialsToken]) -> bool {
        let ours = [Some(&self.token_we_issued), self.token_before.as_ref()];
        let pairs =
            ours.into_iter().flatten().flat_map(|ours| tokens.iter().map(move |theirs| ours == theirs));
        pairs.fold(false, |found, equal| found | equal)
    }

    /// What the router is told.
    pub(crate) fn connection(&self) -> Connection {
        Connection { id: self.id.as_str().to_owned(), parties: self.parties(), registered: self.registered }
    }

    /// The partner as the client sees it; `None` before registration is done.
    pub(crate) fn peer(&self, ids: Ids, from: Option<&Party>) -> Option<Peer> {
        let token = self.token_we_received.clone().filter(|_| self.registered)?;
        let version = self.version.as_ref()?.as_str().parse::<Version>().ok()?;
        let mut peer = Peer::new(version, self.endpoints.clone(), token, ids);
        if let Some(base64) = self.base64 {
            peer = peer.with_base64(base64);
        }
        if let Some(url) = &self.versions_url {
            peer = peer.with_versions_url(url.clone());
        }
        match (from, self.parties().into_iter().next()) {
            (Some(from), Some(to)) => Some(peer.with_parties(from.clone(), to)),
            _ => Some(peer),
        }
    }
}
