//! State of a partner, for the operator.

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
    /// The application's id of the partner.
    pub id: PartnerId,
    /// State of the registration.
    pub state: PartnerState,
    /// Time of the last change of the state.
    pub since: DateTime,
    /// Whether the partner has used its latest token.
    pub is_confirmed: bool,
    /// Whether our credentials are being sent, or were sent without an answer.
    pub is_exchanging: bool,
    /// Whether the partner may be locked out.
    pub is_suspect: bool,
    /// The URL of the partner's list of versions, if known.
    pub versions_url: Option<Url>,
    /// The version in use.
    pub version: Option<Version>,
    /// The stored profile of the partner.
    pub profile: PartnerProfile,
    /// Observed deviations, suitable for a report to the partner: the first for each endpoint and rule, with a count;
    /// at most 500. All processes store them; counts are stored once an hour. See
    /// [`Platform::forget_deviations`](crate::Platform::forget_deviations).
    pub deviations: Vec<Deviation>,
    /// Roles of the partner, with their parties.
    pub roles: Vec<CredentialsRole>,
    /// Requested roles that await approval.
    pub asked: Vec<CredentialsRole>,
    /// Whether the partner claims to be a hub (`hub_party_id`). It has the rights of a hub once [`Allow::roles`] of
    /// `allow` has `HUB`: if that is empty, [`Platform::approve`](crate::Platform::approve) adds it.
    pub is_hub: bool,
    /// Former parties of the partner, which nobody else gets before they are released.
    pub reserved: Vec<Party>,
    /// Endpoints of the partner.
    pub endpoints: Vec<Endpoint>,
    /// Parties, hosts and roles that the operator allowed.
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

    /// Returns the parties that the partner speaks for.
    pub fn parties(&self) -> Vec<Party> {
        self.roles.iter().map(party_of).collect()
    }
}
