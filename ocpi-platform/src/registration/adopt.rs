//! Migration of a registration from another system.

use ocpi_client::Transport;
use ocpi_server_traits::Store;
use ocpi_types::protocol::PartnerProfile;
use ocpi_types::v2_3_0::credentials::CredentialsRole;
use ocpi_types::v2_3_0::versions::Endpoint;
use ocpi_types::{CredentialsToken, Url, Version};

use super::judge::widened;
use crate::directory::{Also, Details, host_of};
use crate::trust::{Contact, PartnerState, Record};
use crate::{Allow, Error, PartnerStatus, Platform};

/// A registration made by another system.
#[derive(Clone, Debug)]
pub struct Adopted {
    /// Token that we issued: the partner sends it to us.
    pub token_we_issued: CredentialsToken,
    /// Token that the partner issued: we send it to the partner.
    pub token_we_received: CredentialsToken,
    /// The URL of the partner's list of versions.
    pub versions_url: Url,
    /// The version in use.
    pub version: Version,
    /// Profile of the partner.
    pub profile: PartnerProfile,
    /// Endpoints of the partner.
    pub endpoints: Vec<Endpoint>,
    /// Roles of the partner, with their parties.
    pub roles: Vec<CredentialsRole>,
}

impl<S: Store, T: Transport> Platform<S, T> {
    /// Adopts a registration that another system made with a partner. The first [`rotate`](Self::rotate) replaces its
    /// tokens.
    ///
    /// # Errors
    /// When the partner is already known, one of its parties belongs to another partner, a URL is refused, or the store
    /// fails.
    pub async fn adopt(&self, id: &str, adopted: Adopted) -> Result<PartnerStatus, Error> {
        let Adopted { token_we_issued, token_we_received, versions_url, version, profile, endpoints, roles } =
            adopted;
        Self::named(id)?;
        let known = self.partners.read(self.store(), id).await?;
        if known.as_ref().is_some_and(|kept| kept.record.state != PartnerState::Left) {
            return Err(Error::Registered(id.to_owned()));
        }
        let urls: Vec<Url> =
            endpoints.iter().map(|endpoint| &endpoint.url).chain([&versions_url]).cloned().collect();
        let hosts: Vec<String> = urls.iter().filter_map(host_of).collect();
        let allow = widened(Allow::default(), &roles, &hosts);
        urls.iter().try_for_each(|url| self.allow(url, &allow))?;
        self.allow_urls_of(&profile, &allow)?;
        self.accept_token(&token_we_received).await?;
        self.accept_roles(id, &roles).await?;
        let now = self.now();
        let known = match known {
            Some(known) => known,
            // A claim of somebody else writes the record anew, so that this one fails: there has to be one.
            None => {
                let record = Record::new(id, now);
                self.partners.replace(self.store(), None, record, Also::default(), now).await?
            }
        };
        let record = known.record.clone();
        let before = self.partners.details(self.store(), &record).await?;
        let details = Details { allow, endpoints, ..before.with_roles(roles) };
        self.partners.claim(self.store(), id, &details.parties(), now).await?;
        let hash = self.partners.hasher().token(&token_we_issued);
        let record = Record {
            state: PartnerState::Registered,
            since: now,
            current: Some(hash),
            confirmed: true,
            out: Some(token_we_received),
            contact: Some(Contact { versions_url, version }),
            profile,
            roles: details.distinct_roles(),
            ..record
        };
        let also = Also { details: Some(&details), token: Some(hash), ..Also::default() };
        let kept = self.replace(&known, record, also).await?;
        self.status_of(&kept).await
    }
}
