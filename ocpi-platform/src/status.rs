//! State of a partner, as the operator sees it.

use ocpi_client::Deviation;
use ocpi_types::protocol::{PartnerId, PartnerProfile, Party};
use ocpi_types::v2_3_0::credentials::CredentialsRole;
use ocpi_types::v2_3_0::versions::Endpoint;
use ocpi_types::{DateTime, Url, Version};

use crate::directory::Details;
use crate::party_of;
use crate::trust::Record;
use crate::{Allow, Error, PartnerState};

/// State of a partner, without its secrets.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct PartnerStatus {
    /// The application's name for it.
    pub id: PartnerId,
    /// Its state.
    pub state: PartnerState,
    /// Time of the last change of the state.
    pub since: DateTime,
    /// Whether it has used the token that it got last.
    pub is_confirmed: bool,
    /// Whether our credentials are on their way, or were sent without an answer.
    pub is_exchanging: bool,
    /// Whether it may be locked out.
    pub is_suspect: bool,
    /// The URL of its versions, once that is known.
    pub versions_url: Option<Url>,
    /// The version that is spoken.
    pub version: Option<Version>,
    /// Its deviations, as they are known and stored.
    pub profile: PartnerProfile,
    /// Deviations that were observed, fit to be sent to the partner: for each endpoint the first of each rule, with a count; 500
    /// at most. All processes store them, counts once an hour. See
    /// [`Platform::forget_deviations`](crate::Platform::forget_deviations).
    pub deviations: Vec<Deviation>,
    /// Roles that it speaks in, with their parties.
    pub roles: Vec<CredentialsRole>,
    /// Roles that it asks for, which wait for approval.
    pub asked: Vec<CredentialsRole>,
    /// Whether it says that it is a hub (`hub_party_id`). It has the rights of a hub once [`Allow::roles`] of `allow` has `HUB`:
    /// if that is empty, [`Platform::approve`](crate::Platform::approve) adds it.
    pub is_hub: bool,
    /// Parties that it spoke for once, and that nobody else gets before they are released.
    pub reserved: Vec<Party>,
    /// Its endpoints.
    pub endpoints: Vec<Endpoint>,
    /// Parties, hosts and roles that the operator named.
    pub allow: Allow,
}

impl PartnerStatus {
    pub(crate) fn of(record: &Record, details: &Details, deviations: Vec<Deviation>) -> Result<Self, Error> {
        let contact = record.contact.as_ref();
        Ok(Self {
            id: record.id.parse().map_err(|_| Error::Broken)?,
            state: record.state,
            since: record.since,
            is_confirmed: record.confirmed,
            is_exchanging: record.exchange.is_some(),
            is_suspect: record.suspect,
            versions_url: contact.map(|contact| contact.versions_url.clone()),
            version: contact.map(|contact| contact.version),
            profile: record.profile.clone(),
            deviations,
            roles: details.roles.clone(),
            asked: details.asked.clone(),
            is_hub: details.is_hub,
            reserved: details.reserved.clone(),
            endpoints: details.endpoints.clone(),
            allow: details.allow.clone(),
        })
    }

    /// Whether it asks for the same as when it was seen.
    pub(crate) fn asks_as(&self, seen: &Self) -> bool {
        (&self.roles, &self.asked, self.is_hub, &self.endpoints, &self.versions_url)
            == (&seen.roles, &seen.asked, seen.is_hub, &seen.endpoints, &seen.versions_url)
    }

    /// The parties that it speaks for.
    pub fn parties(&self) -> Vec<Party> {
        self.roles.iter().map(party_of).collect()
    }
}
