//! Connection to a partner, for one request or a few.

use std::sync::Arc;
use std::time::Duration;

use ocpi_client::{Client, RequestOptions, Retry, Transport};
use ocpi_server_traits::Store;
use ocpi_types::endpoint::Endpoint;
use ocpi_types::protocol::Party;
use ocpi_types::{CredentialsToken, Role, Version};

use super::facts::Facts;
use super::kinds::Kind;
use super::serving::is_connected;
use crate::trust::Record;
use crate::{Error, Platform};

/// The line to a partner, for one request or a few. Each looks at the partner as it is stored at that moment.
pub(super) struct Line<'a, S, T> {
    platform: &'a Platform<S, T>,
    partner: &'a str,
    about: Option<About>,
    timeout: Duration,
    from: Option<Party>,
    to: Option<Party>,
    client: Client<Arc<T>>,
    token: CredentialsToken,
    /// Whether the client is one of this moment.
    is_new: bool,
}

/// Objects that requests are about, and those who may be told of them.
#[derive(Clone, Debug)]
pub(super) struct About {
    pub(super) kind: Kind,
    /// The party that they are for; `None`: for everybody.
    pub(super) party: Option<Party>,
}

impl<S: Store, T: Transport> Platform<S, T> {
    /// A line on which each request is sent once: the engine itself repeats what failed.
    pub(super) async fn line<'a>(
        &'a self,
        partner: &'a str,
        about: Option<About>,
        timeout: Duration,
        (owner, to): (&str, Option<Party>),
    ) -> Result<Line<'a, S, T>, Error> {
        let (client, token) = self.may_be_told(partner, about.as_ref()).await?;
        let from = self.parties().iter().find(|party| party.canonical() == owner).cloned();
        Ok(Line { platform: self, partner, about, timeout, from, to, client, token, is_new: true })
    }

    /// The client of a partner with its token, if the partner may be told of some objects by what is stored of it now.
    async fn may_be_told(
        &self,
        partner: &str,
        about: Option<&About>,
    ) -> Result<(Client<Arc<T>>, CredentialsToken), Error> {
        let (kept, details) = self.registered(partner).await?;
        let calling = self.calling(&kept.record, &details);
        let (client, token) = calling.ok_or_else(|| Error::no_partner(partner))?;
        if let Some(About { kind, party }) = about {
            let known = self.partners.shared(&kept.record, &details, &self.settings.permissions);
            let push = self.settings.push.of(partner);
            let facts = Facts::of(push, &known.parties, &known.permissions, &client);
            let is_theirs = match party {
                None => true,
                Some(party) => {
                    facts.parties.contains(&party.canonical()) || self.is_behind(&kept.record, party).await?
                }
            };
            if !is_theirs || !facts.kinds.contains(kind) {
                // It changed since the last look: the next one has it.
                return Err(Error::Conflict(partner.to_owned()));
            }
        }
        Ok((client.with_retry(Retry::NEVER), token))
    }

    /// Whether a partner is a hub that connects a party, and no other partner has the party.
    async fn is_behind(&self, record: &Record, party: &Party) -> Result<bool, Error> {
        if !record.roles.contains(&Role::Hub) {
            return Ok(false);
        }
        let clients = self.hub_clients().about(&Self::named(&record.id)?, party).await?;
        Ok(clients.iter().any(is_connected)
            && self.partners.taken(self.store(), &record.id, std::slice::from_ref(party)).await?.is_empty())
    }
}

impl<S: Store, T: Transport> Line<'_, S, T> {
    pub(super) fn version(&self) -> Version {
        self.client.version()
    }

    pub(super) async fn send<E: Endpoint + Sync>(&mut self, endpoint: &E) -> Result<E::Response, Error> {
        if !std::mem::take(&mut self.is_new) {
            (self.client, self.token) = self.platform.may_be_told(self.partner, self.about.as_ref()).await?;
        }
        let found = self.platform.found_for(self.partner, &self.client, endpoint).await?;
        let mut options = RequestOptions::new().within(self.timeout).look_up(&found).in_background();
        if let (Some(from), Some(to)) = (&self.from, &self.to) {
            options = options.from(from.clone()).to(to.clone());
        }
        let by = (&self.client, &self.token);
        Ok(self.platform.send_by(self.partner, by, endpoint, &options).await?.value)
    }
}
