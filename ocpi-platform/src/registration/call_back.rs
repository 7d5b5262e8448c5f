//! Discovery of a partner's versions and endpoints.

use std::time::Duration;

use ocpi_client::{Discovered, Discovery, Transport};
use ocpi_server_traits::{Error as Refusal, Store};
use ocpi_types::protocol::PartnerProfile;
use ocpi_types::v2_3_0::credentials::{Credentials, CredentialsRole};
use ocpi_types::{CredentialsToken, Url, Version};

use super::judge::Claimed;
use crate::trust::Record;
use crate::{Allow, Error, Platform};

impl<S: Store, T: Transport> Platform<S, T> {
    /// Finds out what a partner offers, in the newest of some versions.
    pub(super) async fn discover(
        &self,
        id: &str,
        (url, token, profile): (&Url, &CredentialsToken, &PartnerProfile),
        versions: &[Version],
        allow: &Allow,
    ) -> Result<Discovered, Error> {
        self.allow(url, allow)?;
        let known = self.acquaintances.of(id, profile);
        let discovery = Discovery::new(url.clone(), token.clone(), versions, self.new_ids())
            .with_profile(profile.clone())
            .with_pace(known.pace_of_exchanges(profile))
            .with_learned(known.learned)
            .with_timer(self.settings.timer.clone())
            .with_relation(self.relation_with_anyone())
            .observed_by(self.observer_of_clients(), self.clock().clone(), id.parse().ok());
        let time = Duration::from_secs(self.settings.limits.discovery.into());
        let run = self.settings.timer.within(time, discovery.run(&self.transport));
        let discovered = run.await.ok_or(Error::TooSlow)??;
        self.accept_endpoints(&discovered.client, allow)?;
        Ok(discovered)
    }

    /// Calls a partner back with the token that it gave us.
    pub(super) async fn call_back(
        &self,
        record: &Record,
        version: Version,
        theirs: &Credentials,
        allow: &Allow,
    ) -> Result<Discovered, Refusal> {
        let with = (&theirs.url, &theirs.token, &record.profile);
        let discovered = self.discover(&record.id, with, &[version], allow).await;
        discovered.map_err(|error| match error {
            Error::Client(error) if error.is_no_common_version() => {
                Refusal::unsupported_version("the versions do not list the one of this URL")
            }
            // The reason of the failure is not said: it would tell what can be reached from here.
            Error::Client(error) => Refusal::cannot_use_client_api("calling back failed").with_source(error),
            error => error.refusal(),
        })
    }
}

impl Claimed {
    /// Credentials, with the roles of the partner, which they may not name, and what was discovered.
    pub(super) fn of(theirs: &Credentials, roles: Vec<CredentialsRole>, discovered: &Discovered) -> Self {
        Self {
            version: discovered.version,
            url: found_at(&theirs.url, discovered),
            roles,
            endpoints: discovered.client.endpoints().to_vec(),
            is_hub: theirs.hub_party_id.is_some(),
        }
    }
}

/// The URL of the versions that a partner says; where that is a base and the list was found below it, the URL there: so the
/// next discovery begins with it.
pub(super) fn found_at(said: &Url, discovered: &Discovered) -> Url {
    let below = said.join(["versions"]);
    discovered.client.versions_url().filter(|found| **found == below).unwrap_or(said).clone()
}
