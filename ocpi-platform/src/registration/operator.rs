//! Actions of the operator.

use ocpi_client::Transport;
use ocpi_server_traits::{Permissions, Store};
use ocpi_types::protocol::Party;
use ocpi_types::{CredentialsToken, Url};

use super::judge::widened;
use super::sender::Begin;
use crate::directory::{Also, Details, Kept, host_of};
use crate::trust::{PartnerState, Record, later};
use crate::{Allow, Error, PartnerStatus, Platform};

/// Terms of an invitation.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Invitation {
    /// Parties, hosts and roles that the partner may have. Anything beyond needs approval.
    pub allow: Allow,
    /// Validity of the token in seconds; `None`: that of [`Limits`](crate::Limits).
    pub seconds: Option<u32>,
}

impl From<Allow> for Invitation {
    fn from(allow: Allow) -> Self {
        Self { allow, seconds: None }
    }
}

impl Invitation {
    /// Sets the validity of the token.
    #[must_use]
    pub fn for_seconds(self, seconds: u32) -> Self {
        Self { seconds: Some(seconds), ..self }
    }
}

impl<S: Store, T: Transport> Platform<S, T> {
    /// Invites a partner, and returns the token (token A) that you hand over to it together with the URL of the list of versions
    /// ([`Router::versions_url`](ocpi_server_traits::Router::versions_url)). The token is returned only once; if it is lost,
    /// invite the partner again.
    ///
    /// # Errors
    /// When the partner is registered, or the store fails.
    pub async fn invite(
        &self,
        id: &str,
        invitation: impl Into<Invitation> + Send,
    ) -> Result<CredentialsToken, Error> {
        let Invitation { allow, seconds } = invitation.into();
        Self::named(id)?;
        let known = self.partners.read(self.store(), id).await?;
        let now = self.now();
        let record = match &known {
            None => Record::new(id, now),
            Some(kept) if matches!(kept.record.state, PartnerState::Left | PartnerState::Invited) => {
                kept.record.clone()
            }
            Some(_) => return Err(Error::Registered(id.to_owned())),
        };
        let before = self.partners.details(self.store(), &record).await?;
        let details = Details { allow, ..(*before).clone() };
        let issued = self.issue()?;
        let seconds = seconds.unwrap_or(self.settings.limits.invitation);
        let record = record.invited(issued.hash, later(now, seconds.into()), now);
        let also = Also { details: Some(&details), token: Some(issued.hash), ..Also::default() };
        self.change(known.as_ref(), record, also).await?;
        Ok(issued.token)
    }

    /// Approves a pending partner, or the parties that a registered partner asked for, as the operator has
    /// [seen](Self::partner) them. Later roles need a new approval.
    ///
    /// # Errors
    /// When there is nothing to approve, the partner has changed its request since it was seen, one of its parties
    /// belongs to another partner, or the store fails.
    pub async fn approve(&self, seen: &PartnerStatus) -> Result<PartnerStatus, Error> {
        let id = seen.id.as_str();
        let kept = self.partners.read(self.store(), id).await?.ok_or_else(|| Error::no_partner(id))?;
        let known = self.partners.details(self.store(), &kept.record).await?;
        let asks = !known.asked.is_empty() || known.asks_for_hub();
        let waits = kept.record.state == PartnerState::Pending || asks;
        if !waits || !kept.record.is_registered() {
            return Err(Error::NothingToApprove(id.to_owned()));
        }
        if !PartnerStatus::of(&kept.record, &known, Vec::new())?.asks_as(seen) {
            return Err(Error::Conflict(id.to_owned()));
        }
        let mut roles = known.roles.clone();
        roles.extend(known.without_its_roles(known.asked.clone()));
        self.accept_roles(id, &roles).await?;
        let url = kept.record.contact.as_ref().map(|contact| &contact.versions_url);
        let urls = known.endpoints.iter().map(|endpoint| &endpoint.url).chain(url);
        let hosts: Vec<String> = urls.filter_map(host_of).collect();
        let details = Details {
            allow: widened(known.allow.clone(), &known.asked, &hosts),
            asked: Vec::new(),
            ..known.with_roles(roles)
        }
        .bound_to_its_roles();
        self.partners.claim(self.store(), id, &details.parties(), self.now()).await?;
        let kept = self.commit_details(kept, details).await?;
        self.status_of(&kept).await
    }

    /// Rejects a pending partner: its registration ends as with [`unregister`](Self::unregister). For a registered
    /// partner, only its request is rejected.
    ///
    /// # Errors
    /// When there is nothing to refuse, or the DELETE could not be delivered yet.
    pub async fn reject(&self, id: &str) -> Result<(), Error> {
        let kept = self.partners.read(self.store(), id).await?.ok_or_else(|| Error::no_partner(id))?;
        if kept.record.state == PartnerState::Pending {
            return self.unregister(id).await;
        }
        let known = self.partners.details(self.store(), &kept.record).await?;
        if known.asked.is_empty() && !known.asks_for_hub() {
            return Err(Error::NothingToApprove(id.to_owned()));
        }
        let is_hub = known.is_hub && !known.asks_for_hub();
        let details = Details { asked: Vec::new(), is_hub, ..(*known).clone() };
        let also = Also { details: Some(&details), ..Also::default() };
        self.replace(&kept, kept.record.clone(), also).await.map(drop)
    }

    /// Continues an interrupted registration: sends an open exchange again, or repairs a partner that may be locked
    /// out.
    ///
    /// # Errors
    /// When there is nothing to continue, a request fails, or another node is exchanging credentials with the partner
    /// ([`Error::is_busy`]).
    pub async fn resume(&self, id: &str) -> Result<PartnerStatus, Error> {
        let held = self.hold_known(id).await?;
        let work = async {
            let kept = self.partners.read(self.store(), id).await?.ok_or_else(|| Error::no_partner(id))?;
            if kept.record.exchange.is_none() {
                self.begin_to_heal(&kept).await?;
            }
            self.exchange(&held, id).await
        };
        self.under(&held, id, Box::pin(work)).await
    }

    /// Registers again with a new token A from the partner's operator, if a registration is permanently stuck: the
    /// partner has committed it, but its answer was lost. The old registration is dropped once the new one succeeds.
    ///
    /// # Errors
    /// When the registration works, or as [`register`](Self::register).
    pub async fn resume_with(
        &self,
        id: &str,
        versions_url: Url,
        token_a: CredentialsToken,
    ) -> Result<PartnerStatus, Error> {
        let held = self.hold_known(id).await?;
        let work = async {
            self.begin_anew(id, versions_url, token_a).await?;
            self.exchange(&held, id).await
        };
        self.under(&held, id, Box::pin(work)).await
    }

    /// Stores another registration in the place of one that is stuck.
    async fn begin_anew(&self, id: &str, versions_url: Url, token_a: CredentialsToken) -> Result<(), Error> {
        let kept = self.partners.read(self.store(), id).await?.ok_or_else(|| Error::no_partner(id))?;
        let Record { state, suspect, exchange, .. } = &kept.record;
        let works = *state == PartnerState::Registered && !suspect && exchange.is_none();
        if works || *state == PartnerState::Leaving {
            return Err(Error::Registered(id.to_owned()));
        }
        // The token that was good last goes to nobody but whom it was for.
        let home = kept.record.contact.as_ref().and_then(|contact| origin(&contact.versions_url));
        let last = kept.record.out.clone().or_else(|| kept.record.out_before.clone());
        let last = last.filter(|_| home.is_some() && home == origin(&versions_url));
        let allow = self.partners.details(self.store(), &kept.record).await?.allow.clone();
        let begun = Begin { url: versions_url, token_a, allow, profile: None, last };
        self.begin_registering(id, Some(kept), begun).await
    }

    pub(super) async fn begin_to_heal(&self, kept: &Kept) -> Result<(), Error> {
        let issued = self.issue()?;
        let token = Some(issued.hash);
        let id = &kept.record.id;
        let next = kept.record.healing(issued, self.now()).ok_or_else(|| Error::no_partner(id))?;
        self.replace(kept, next, Also { token, ..Also::default() }).await.map(drop)
    }

    /// Releases a party that is reserved for its former partner: another partner may then have it, with its stored
    /// objects. Also releases a former party of the platform, once no node is opened with it any more.
    ///
    /// # Errors
    /// When the party is not reserved, or the store fails.
    pub async fn release(&self, party: &Party) -> Result<(), Error> {
        let not_reserved = || Error::NotReserved(party.clone());
        let is_own = self.parties().contains(party);
        if !is_own && self.partners.give_up_own(self.store(), party, self.now()).await? {
            return Ok(());
        }
        let id = self.partners.claimant(self.store(), party).await?.ok_or_else(not_reserved)?;
        let kept = self.partners.read(self.store(), &id).await?.ok_or_else(not_reserved)?;
        let known = self.partners.details(self.store(), &kept.record).await?;
        if !known.reserved.contains(party) {
            return Err(not_reserved());
        }
        let mut details = (*known).clone();
        details.reserved.retain(|reserved| reserved != party);
        let also = Also { details: Some(&details), ..Also::default() };
        self.replace(&kept, kept.record.clone(), also).await.map(drop)
    }

    /// Sets the permissions of a partner, which override those of its roles and of the settings.
    ///
    /// # Errors
    /// When there is no such partner, or the store fails.
    pub async fn set_permissions(&self, id: &str, permissions: Permissions) -> Result<(), Error> {
        let kept = self.partners.read(self.store(), id).await?.ok_or_else(|| Error::no_partner(id))?;
        let record = Record { permissions, ..kept.record.clone() };
        // Under a new number, so that nothing that was derived from the old ones is used any more.
        let details = self.partners.details(self.store(), &kept.record).await?;
        self.replace(&kept, record, Also { details: Some(&details), ..Also::default() }).await.map(drop)
    }
}

fn origin(url: &Url) -> Option<String> {
    url.parse().ok().map(|url| url.origin().ascii_serialization())
}
