//! A partner's requests to the credentials module.

use std::sync::Arc;

use ocpi_client::Transport;
use ocpi_server_traits::{Caller, Error as Refusal, Handle, Routes, Store};
use ocpi_types::endpoint::{DeleteCredentials, GetCredentials, PostCredentials, PutCredentials};
use ocpi_types::protocol::PartnerProfile;
use ocpi_types::v2_3_0::credentials::Credentials;

use super::hub_party::with_hub_party;
use super::judge::Claimed;
use crate::acquaintance::{with_learned, without_former_urls};
use crate::directory::{Also, CHANGES, Kept};
use crate::trust::{Accepted, Access, Contact, Method, Offer, PartnerState, Received, TokenHash, later};
use crate::{Decision, Error, Platform};

impl<S: Store, T: Transport + 'static> Platform<S, T> {
    /// Mounts the credentials module.
    #[must_use]
    pub fn mount_credentials(self: &Arc<Self>, routes: Routes) -> Routes {
        routes
            .on::<GetCredentials<Credentials>, _>(self)
            .on::<PostCredentials<Credentials>, _>(self)
            .on::<PutCredentials<Credentials>, _>(self)
            .on::<DeleteCredentials, _>(self)
    }

    /// Reads the record of a caller, and which of its tokens came.
    async fn caller_record(&self, caller: &Caller) -> Result<(Kept, TokenHash), Refusal> {
        let dead = || Refusal::unauthorized("the token is not known");
        let token = self.partners.hasher().token(caller.partner.token().ok_or_else(dead)?);
        let kept = self.partners.read(self.store(), caller.partner.id.as_str()).await;
        let kept = kept.map_err(Error::refusal)?.ok_or_else(dead)?;
        Ok((kept, token))
    }

    /// Takes credentials: repeats the answer, or calls the partner back and exchanges tokens.
    async fn accept(
        &self,
        caller: &Caller,
        method: Method,
        theirs: Credentials,
    ) -> Result<Credentials, Refusal> {
        let (kept, with) = self.caller_record(caller).await?;
        let id = kept.record.id.clone();
        let request = self.partners.hasher().request(caller.version, &theirs.token, &theirs.url);
        let offer = Offer { method, with, request };
        let used = match kept.record.receives(&offer, caller.now) {
            Received::Repeat(answer) => return Ok(self.credentials(answer)),
            Received::NotNow if method == Method::Post => {
                return Err(Refusal::method_not_allowed("registered already: PUT changes the registration"));
            }
            Received::NotNow => return Err(Refusal::method_not_allowed("not registered: POST registers")),
            Received::Dead => {
                self.tell_dead_token(&id);
                return Err(Refusal::unauthorized("the token is not known"));
            }
            Received::CallBack(used) => used,
        };
        let limits = &self.settings.limits;
        if let Err(wait) = self.pace.count(&id, caller.now) {
            return Err(Refusal::busy("too many credentials in a minute", wait));
        }
        // What can be refused is refused before anybody is called.
        self.accept_token(&theirs.token).await.map_err(Error::refusal)?;
        let known = self.partners.details(self.store(), &kept.record).await.map_err(Error::refusal)?;
        let roles = with_hub_party(&theirs, &known);
        self.accept_roles(&id, &roles).await.map_err(Error::refusal)?;
        self.allow(&theirs.url, &known.allow).map_err(Error::refusal)?;
        let busy = || Refusal::busy("another exchange of credentials is under way", self.some_seconds());
        let _begun = self.in_flight.begin(&id, limits.exchanges).ok_or_else(busy)?;
        let kept = match used {
            Some(used) => self.replace(&kept, *used, Also::default()).await.map_err(Error::refusal)?,
            None => kept,
        };
        let discovered = self.call_back(&kept.record, caller.version, &theirs, &known.allow).await?;
        let roles = self.with_unsaid_roles(discovered.version, roles, &known);
        let claimed = Claimed::of(&theirs, roles, &discovered);
        let profile = discovered.client.learned_profile();
        self.commit(kept, offer, theirs, claimed, profile).await.map_err(Error::refusal)
    }

    /// Commits credentials after the call back, if nothing was written since it began.
    async fn commit(
        &self,
        kept: Kept,
        offer: Offer,
        theirs: Credentials,
        claimed: Claimed,
        profile: PartnerProfile,
    ) -> Result<Credentials, Error> {
        let now = self.now();
        let id = kept.record.id.clone();
        let known = self.partners.details(self.store(), &kept.record).await?;
        let judged = self.judge(&id, &known, &claimed)?;
        if judged.decision == Decision::Refuse {
            return Err(Error::Refused);
        }
        // Who was not registered before has nothing that could go on: all of it waits.
        let is_held = judged.is_held
            || (judged.decision == Decision::Hold && kept.record.state != PartnerState::Registered);
        self.partners.claim(self.store(), &id, &judged.details.parties(), now).await?;
        let issued = self.issue()?;
        let accepted = Accepted {
            token: issued.clone(),
            out: theirs.token,
            is_held,
            repeat_until: later(now, self.settings.limits.repeat_for.into()),
        };
        let mut record = kept.record.clone().accepted(&offer, accepted, now);
        let profile = with_learned(&kept.record.profile, &profile);
        record.profile = without_former_urls(profile, &known.endpoints, &judged.details.endpoints);
        record.contact = Some(Contact { versions_url: claimed.url, version: claimed.version });
        record.roles = judged.details.distinct_roles();
        let also = Also { details: Some(&judged.details), token: Some(issued.hash), ..Also::default() };
        self.replace(&kept, record, also).await?;
        if known.endpoints != judged.details.endpoints {
            self.acquaintances.forget_detours(&id);
        }
        Ok(self.credentials(issued.token))
    }

    /// The credentials of the platform with the token that was presented.
    async fn credentials_for(&self, caller: &Caller) -> Result<Credentials, Refusal> {
        let dead = || Refusal::unauthorized("the token is not known");
        for _ in 0..CHANGES {
            let (kept, token) = self.caller_record(caller).await?;
            if kept.record.rights_of(&token, caller.now).get != Access::Yes {
                self.tell_dead_token(&kept.record.id);
                return Err(dead());
            }
            if let Some(used) = kept.record.used(&token) {
                match self.replace(&kept, used, Also::default()).await {
                    // Somebody else wrote: the rights of the token are read again.
                    Err(Error::Conflict(_)) => continue,
                    replaced => replaced.map_err(Error::refusal)?,
                };
            }
            return Ok(self.credentials(caller.partner.token().cloned().ok_or_else(dead)?));
        }
        Err(Refusal::busy("an exchange of credentials is under way", self.some_seconds()))
    }
}

impl<S: Store, T: Transport + 'static> Handle<PostCredentials<Credentials>> for Platform<S, T> {
    async fn handle(
        &self,
        caller: &Caller,
        PostCredentials(theirs): PostCredentials<Credentials>,
    ) -> Result<Credentials, Refusal> {
        self.accept(caller, Method::Post, theirs).await
    }
}

impl<S: Store, T: Transport + 'static> Handle<PutCredentials<Credentials>> for Platform<S, T> {
    async fn handle(
        &self,
        caller: &Caller,
        PutCredentials(theirs): PutCredentials<Credentials>,
    ) -> Result<Credentials, Refusal> {
        self.accept(caller, Method::Put, theirs).await
    }
}

impl<S: Store, T: Transport + 'static> Handle<GetCredentials<Credentials>> for Platform<S, T> {
    async fn handle(&self, caller: &Caller, _: GetCredentials<Credentials>) -> Result<Credentials, Refusal> {
        self.credentials_for(caller).await
    }
}

impl<S: Store, T: Transport + 'static> Handle<DeleteCredentials> for Platform<S, T> {
    async fn handle(&self, caller: &Caller, _: DeleteCredentials) -> Result<(), Refusal> {
        let (kept, token) = self.caller_record(caller).await?;
        match kept.record.rights_of(&token, caller.now).delete {
            Access::Yes => self.leave(&kept).await.map(drop).map_err(Error::refusal),
            Access::NotNow => Err(Refusal::method_not_allowed("not registered")),
            _ => Err(Refusal::unauthorized("the token is not known")),
        }
    }
}
