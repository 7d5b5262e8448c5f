//! The platform's partners, for requests in both directions.

use std::collections::BTreeSet;
use std::sync::Arc;

use ocpi_client::{Client, Learned, Pace, Retry, Transport};
use ocpi_server_traits as server;
use ocpi_server_traits::storage::{Address, StoreError, StoreErrorKind};
use ocpi_server_traits::{PartnerDirectory, Store};
use ocpi_types::protocol::{PartnerId, PartnerProfile, Party};
use ocpi_types::{CredentialsToken, DateTime};

use crate::directory::{Also, CHANGES, Details, Kept};
use crate::trust::{Access, Issued, PartnerState, Record};
use crate::{Error, PartnerStatus, Platform, Suspicion};

impl<S: Store, T: Transport> Platform<S, T> {
    /// Returns all partners, in order of their ids.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn partners(&self) -> Result<Vec<PartnerStatus>, Error> {
        let kept = self.partners.all(self.store()).await?.0;
        let ids: Vec<&str> = kept.iter().map(|kept| &*kept.record.id).collect();
        let deviations = self.deviations_of(&ids).await?;
        let mut all = Vec::with_capacity(kept.len());
        for (kept, deviations) in kept.iter().zip(deviations) {
            match self.partners.details(self.store(), &kept.record).await {
                Ok(details) => all.push(PartnerStatus::of(&kept.record, &details, deviations)?),
                // It has changed since: gone it is only where a store loses records.
                Err(Error::Conflict(_)) => all.extend(self.partner(&kept.record.id).await?),
                Err(error) => return Err(error),
            }
        }
        all.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(all)
    }

    /// Returns a partner, or `None` if there is none with this id.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn partner(&self, id: &str) -> Result<Option<PartnerStatus>, Error> {
        match self.partners.whole(self.store(), id).await? {
            Some((kept, details)) => self.status(&kept.record, &details).await.map(Some),
            None => Ok(None),
        }
    }

    /// Returns the partner documents that cannot be read. Requests of these partners are answered 3000, and the
    /// documents are not overwritten.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn broken_partners(&self) -> Result<Vec<Address>, Error> {
        Ok(self.partners.all(self.store()).await?.1)
    }

    /// Returns the client of a partner, over the platform's transport, with its pace and repeats.
    ///
    /// # Errors
    /// When the partner is not registered or awaits approval, or the store fails.
    pub async fn client(&self, id: &str) -> Result<Client<Arc<T>>, Error> {
        self.client_and_token(id).await.map(|(client, _)| client)
    }

    /// Sets the profile of a partner, which applies from now on to messages to it and to reading its objects. An invited partner
    /// may have a profile before it registers; if we register with the partner, see [`register_with`](Self::register_with).
    ///
    /// # Errors
    /// When there is no such partner, requests may not go to a URL of the profile, or the store fails.
    pub async fn set_profile(&self, id: &str, profile: &PartnerProfile) -> Result<(), Error> {
        let kept = self.partners.read(self.store(), id).await?.ok_or_else(|| Error::no_partner(id))?;
        self.allow_urls_of(profile, &self.partners.details(self.store(), &kept.record).await?.allow)?;
        let record = Record { profile: profile.clone(), ..kept.record.clone() };
        self.replace(&kept, record, Also::default()).await?;
        self.acquaintances.forget_detours(id);
        Ok(())
    }

    pub(crate) async fn client_and_token(
        &self,
        id: &str,
    ) -> Result<(Client<Arc<T>>, CredentialsToken), Error> {
        let (kept, details) = self.registered(id).await?;
        self.calling(&kept.record, &details).ok_or_else(|| Error::no_partner(id))
    }

    /// Takes the status of an answer to a functional request. If the partner did not know the token, but another one was
    /// exchanged since, returns a client with that.
    pub(crate) async fn used_token(
        &self,
        id: &str,
        used: &CredentialsToken,
        is_refused: bool,
    ) -> Result<Option<(Client<Arc<T>>, CredentialsToken)>, Error> {
        let Some((kept, details)) = self.partners.whole(self.store(), id).await? else { return Ok(None) };
        if kept.record.in_use() != Some(used) {
            let is_usable = is_refused && kept.record.state == PartnerState::Registered;
            return Ok(if is_usable { self.calling(&kept.record, &details) } else { None });
        }
        if let Some(next) = kept.record.out_was_used(!is_refused) {
            let stored = self.replace(&kept, next, Also::default()).await;
            if stored.is_ok() && is_refused {
                self.tell_suspect(id, Suspicion::RefusesOurToken);
            }
        }
        Ok(None)
    }

    /// The parties that a registered partner speaks for.
    pub(crate) async fn parties_of(&self, id: &str) -> Result<BTreeSet<Party>, Error> {
        Ok(self.registered(id).await?.1.parties().into_iter().collect())
    }

    pub(crate) async fn registered_record(&self, id: &str) -> Result<Kept, Error> {
        let kept = self.partners.read(self.store(), id).await?.ok_or_else(|| Error::no_partner(id))?;
        must_be_registered(&kept.record)?;
        Ok(kept)
    }

    pub(crate) async fn registered(&self, id: &str) -> Result<(Kept, Arc<Details>), Error> {
        let whole = self.partners.whole(self.store(), id).await?.ok_or_else(|| Error::no_partner(id))?;
        must_be_registered(&whole.0.record)?;
        Ok(whole)
    }

    /// Makes the client of functional requests to a partner, with its token: it keeps to the rate, and repeats what may be
    /// repeated. `None` where there is no token or no version.
    pub(crate) fn calling(
        &self,
        record: &Record,
        details: &Details,
    ) -> Option<(Client<Arc<T>>, CredentialsToken)> {
        let token = record.in_use()?.clone();
        let known = self.acquaintances.of(&record.id, &record.profile);
        let secrets = self.settings.secrets.clone();
        let client = self
            .client_with(record, details, known.pace, known.learned)?
            .with_retry(self.settings.retry)
            // Without chance waits are as long as they may be.
            .with_random(move || secrets.bytes().map_or(0, u64::from_le_bytes));
        Some((client, token))
    }

    /// Makes the client of exchanges with a partner that the platform repeats by itself; `None` where there is no token or no
    /// version.
    ///
    /// Messages say from whom and to whom they are where there is but one party on each side.
    pub(crate) fn client_of(&self, record: &Record, details: &Details) -> Option<Client<Arc<T>>> {
        let known = self.acquaintances.of(&record.id, &record.profile);
        self.client_with(record, details, known.pace_of_exchanges(&record.profile), known.learned)
    }

    fn client_with(
        &self,
        record: &Record,
        details: &Details,
        pace: Pace,
        learned: Learned,
    ) -> Option<Client<Arc<T>>> {
        let contact = record.contact.as_ref()?;
        let token = record.in_use()?.clone();
        let parties = details.parties();
        let client = Client::new(contact.version, details.endpoints.clone(), token, self.new_ids())
            .with_profile(record.profile.clone())
            .with_relation(self.relation_with(parties.first().cloned()))
            .with_versions_url(contact.versions_url.clone())
            .observed_by(self.observer_of_clients(), self.clock().clone(), record.id.as_str().parse().ok())
            .with_timer(self.settings.timer.clone())
            .with_pace(pace)
            .with_learned(learned)
            .with_retry(Retry::NEVER)
            .over(Arc::clone(&self.transport));
        match (self.parties(), parties.as_slice()) {
            ([from], [to]) => Some(client.with_parties(from.clone(), to.clone())),
            _ => Some(client),
        }
    }

    pub(crate) async fn status_of(&self, kept: &Kept) -> Result<PartnerStatus, Error> {
        let details = self.partners.details(self.store(), &kept.record).await?;
        self.status(&kept.record, &details).await
    }

    pub(crate) async fn status(&self, record: &Record, details: &Details) -> Result<PartnerStatus, Error> {
        let deviations = self.deviations_of(&[&record.id]).await?.pop().unwrap_or_default();
        PartnerStatus::of(record, details, deviations)
    }

    /// Stores a record that was made from another, and tells of a change of its state.
    pub(crate) async fn replace(&self, from: &Kept, to: Record, also: Also<'_>) -> Result<Kept, Error> {
        self.change(Some(from), to, also).await
    }

    pub(crate) async fn change(
        &self,
        from: Option<&Kept>,
        to: Record,
        also: Also<'_>,
    ) -> Result<Kept, Error> {
        let kept = self.partners.replace(self.store(), from, to, also, self.now()).await?;
        self.tell_state(&kept.record.id, from.map(|from| from.record.state), kept.record.state);
        Ok(kept)
    }

    pub(crate) fn tell_state(&self, id: &str, from: Option<PartnerState>, to: PartnerState) {
        if let (true, Ok(id)) = (from != Some(to), Self::named(id)) {
            self.settings.hooks.on_state(&id, from, to);
        }
    }

    pub(crate) fn tell_suspect(&self, id: &str, why: Suspicion) {
        if let Ok(id) = Self::named(id) {
            self.settings.hooks.on_suspect(&id, why);
        }
    }

    pub(crate) fn tell_dead_token(&self, id: &str) {
        if let Ok(id) = Self::named(id) {
            self.settings.hooks.on_superseded_use(&id);
        }
    }

    pub(crate) fn tell_conflict(&self, id: &str, party: &Party) {
        if let Ok(id) = Self::named(id) {
            self.settings.hooks.on_party_conflict(&id, party);
        }
    }

    pub(crate) fn named(id: &str) -> Result<PartnerId, Error> {
        id.parse().map_err(|_| Error::InvalidId)
    }

    pub(crate) fn now(&self) -> DateTime {
        self.settings.clock.now()
    }

    /// Makes a token for a partner.
    pub(crate) fn issue(&self) -> Result<Issued, Error> {
        let token = self.settings.secrets.token()?;
        Ok(Issued { hash: self.partners.hasher().token(&token), token })
    }

    /// A number by chance, so that two sides that wait do not wait for the same time.
    pub(crate) fn chance(&self) -> u32 {
        let id = self.settings.secrets.id().unwrap_or_default();
        id.get(..8).and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or_default()
    }

    /// 1 to 30 seconds, by chance.
    pub(crate) fn some_seconds(&self) -> u32 {
        1 + self.chance() % 30
    }
}

fn must_be_registered(record: &Record) -> Result<(), Error> {
    match record.state {
        PartnerState::Registered => Ok(()),
        PartnerState::Pending => Err(Error::AwaitsApproval(record.id.clone())),
        _ => Err(Error::no_partner(&record.id)),
    }
}

impl<S: Store, T: Transport + 'static> Platform<S, T> {
    /// Finds the partner of a request by the record as it is stored now.
    async fn caller_of(&self, tokens: &[CredentialsToken]) -> Result<Option<server::Partner>, Error> {
        let Some((kept, token)) = self.partners.find(self.store(), tokens).await? else {
            return Ok(None);
        };
        let record = &kept.record;
        let hash = self.partners.hasher().token(&token);
        let rights = record.rights_of(&hash, self.now());
        if !rights.versions {
            self.dead_token_came(&kept).await?;
            return Ok(None);
        }
        let id = Self::named(&record.id)?;
        let partner = match rights.functional {
            Access::Yes | Access::Awaits => {
                let details = self.partners.details(self.store(), record).await?;
                let known = self.partners.shared(record, &details, &self.settings.permissions);
                let partner = server::Partner::new(id, [])
                    .with_parties(Arc::clone(&known.parties))
                    .with_relation(self.relation_with(known.parties.first().cloned()));
                match rights.functional {
                    Access::Awaits => partner.awaiting_approval(),
                    _ => partner.with_permissions(Arc::clone(&known.permissions)),
                }
            }
            _ => server::Partner::invited(id).with_relation(self.relation_with_anyone()),
        };
        let mut partner = partner.with_token(token).with_profile(&record.profile);
        partner.is_unconfirmed = rights.functional == Access::Yes && record.used(&hash).is_some();
        Ok(Some(partner))
    }
}

impl<S: Store, T: Transport + 'static> PartnerDirectory for Platform<S, T> {
    async fn find(&self, tokens: &[CredentialsToken]) -> Result<Option<server::Partner>, StoreError> {
        // Record and details are two documents: who meets a change between them looks again.
        for _ in 0..CHANGES {
            match self.caller_of(tokens).await {
                Err(Error::Conflict(_)) => {}
                found => return found.map_err(unreadable),
            }
        }
        self.caller_of(tokens).await.map_err(unreadable)
    }

    async fn confirm(&self, partner: &server::Partner) -> Result<bool, StoreError> {
        let Some(token) = partner.token() else { return Ok(false) };
        let hash = self.partners.hasher().token(token);
        loop {
            let kept = self.partners.read(self.store(), partner.id.as_str()).await.map_err(unreadable)?;
            let Some(kept) = kept else { return Ok(false) };
            if kept.record.rights_of(&hash, self.now()).functional != Access::Yes {
                return Ok(false);
            }
            let Some(used) = kept.record.used(&hash) else { return Ok(true) };
            match self.replace(&kept, used, Also::default()).await {
                Ok(_) => return Ok(true),
                // Somebody else wrote: what the token is good for now is read again.
                Err(Error::Conflict(_)) => {}
                Err(error) => return Err(unreadable(error)),
            }
        }
    }
}

impl<S: Store, T: Transport> Platform<S, T> {
    async fn dead_token_came(&self, kept: &Kept) -> Result<(), Error> {
        self.tell_dead_token(&kept.record.id);
        if let Some(next) = kept.record.used_dead_token() {
            match self.replace(kept, next, Also::default()).await {
                Ok(_) => self.tell_suspect(&kept.record.id, Suspicion::UsesDeadToken),
                Err(Error::Conflict(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// The failure of a look-up, of the kind of its cause: a store that is busy is told as busy.
fn unreadable(error: Error) -> StoreError {
    let own = match error {
        Error::Conflict(_) | Error::Busy(_) => StoreErrorKind::Busy,
        Error::Broken | Error::InvalidId => StoreErrorKind::Corrupt,
        _ => StoreErrorKind::Other,
    };
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    let mut kind = None;
    while let (Some(error), None) = (cause, kind) {
        kind = error.downcast_ref().map(StoreError::kind);
        cause = error.source();
    }
    StoreError::new(kind.unwrap_or(own), "the record of a partner could not be read").with_source(error)
}

#[cfg(test)]
mod tests {
    use super::{Error, StoreError, StoreErrorKind, unreadable};

    #[test]
    fn a_failure_keeps_its_kind_and_cause() {
        for kind in [StoreErrorKind::Busy, StoreErrorKind::Full, StoreErrorKind::Unavailable] {
            let cause = std::io::Error::other("sector 4711");
            let error = unreadable(StoreError::new(kind, "it does not work").with_source(cause).into());
            assert_eq!(error.kind(), kind);
            let chain = ocpi_types::observe::Chain(&error).to_string();
            assert!(chain.ends_with("storage: it does not work: sector 4711"), "{chain}");
        }
        assert!(unreadable(Error::Conflict("cpo".to_owned())).is_busy());
        assert!(unreadable(Error::Broken).is_corrupt());
        assert_eq!(unreadable(Error::NoRandomness).kind(), StoreErrorKind::Other);
    }
}
