//! Handling of the answer to our credentials.

use ocpi_client::{Discovered, Transport};
use ocpi_server_traits::Store;
use ocpi_types::json;
use ocpi_types::protocol::PartnerProfile;
use ocpi_types::v2_3_0::credentials::{Credentials, CredentialsRole};
use ocpi_types::{CredentialsToken, Url};

use super::call_back::found_at;
use super::hub_party::with_hub_party;
use super::judge::{Claimed, Judged};
use crate::Allow;
use crate::acquaintance::{with_learned, without_former_urls};
use crate::directory::{Also, Details, Kept, host_of};
use crate::holding::Held;
use crate::trust::{Contact, Exchange, Method, PartnerState, Record, Verdict};
use crate::{Decision, Error, Platform};

/// A partner's answer to our credentials, as far as it could be read.
#[derive(Debug)]
pub(super) struct Answered {
    token: CredentialsToken,
    claimed: Claimed,
    profile: PartnerProfile,
    /// The reason why it cannot be taken as it is.
    problem: Option<Error>,
}

/// Most bytes of the roles of an answer: with all else that is stored of a partner, one document has them.
const MOST_BYTES: usize = 4 << 20;

/// Most attempts to store an answer while others write the record.
const ATTEMPTS: usize = 16;

impl Answered {
    /// Returns the token that the partner gave us.
    pub(super) fn token(&self) -> &CredentialsToken {
        &self.token
    }

    pub(super) fn whole(
        credentials: Credentials,
        profile: PartnerProfile,
        discovered: &Discovered,
        known: &Details,
    ) -> Self {
        Self {
            claimed: Claimed::of(&credentials, with_hub_party(&credentials, known), discovered),
            token: credentials.token,
            profile,
            problem: None,
        }
    }

    /// With other roles than those that it names.
    pub(super) fn with_roles(self, roles: impl FnOnce(Vec<CredentialsRole>) -> Vec<CredentialsRole>) -> Self {
        let claimed = Claimed { roles: roles(self.claimed.roles), ..self.claimed };
        Self { claimed, ..self }
    }

    /// With no roles where there are too many, or too large ones, to be stored: the token is stored all the same.
    pub(super) fn within(mut self, most: usize) -> Self {
        let roles = &self.claimed.roles;
        if roles.len() > most || json::to_vec(roles).len() > MOST_BYTES {
            self.claimed.roles = Vec::new();
            self.problem.get_or_insert(Error::NoRoles);
        }
        self
    }

    /// Reads an answer that is no whole object: the partner has committed, and the token in it is the only one.
    pub(super) fn part(
        error: ocpi_client::Error,
        open: &Exchange,
        discovered: &Discovered,
    ) -> Result<Self, Error> {
        let Some(part) = error.credentials() else { return Err(error.into()) };
        let claimed = Claimed {
            version: discovered.version,
            url: found_at(part.url.as_ref().unwrap_or(&open.url), discovered),
            roles: part.roles,
            endpoints: discovered.client.endpoints().to_vec(),
            is_hub: false,
        };
        let problem = claimed.roles.is_empty().then(|| error.into());
        Ok(Self { token: part.token, claimed, profile: discovered.client.learned_profile(), problem })
    }
}

impl<S: Store, T: Transport> Platform<S, T> {
    /// Settles an exchange: the token is stored first, whatever else the answer says; then it is judged. What is
    /// refused is taken back by a DELETE with that token.
    pub(super) async fn settle(
        &self,
        held: &Held,
        id: &str,
        open: &Exchange,
        answer: Answered,
    ) -> Result<Kept, Error> {
        let Some((kept, from)) = self.keep_answer(id, open, &answer).await? else {
            // The partner's own POST or PUT has overtaken the exchange, or the operator ended it.
            return Err(Error::Conflict(id.to_owned()));
        };
        self.tell_state(id, Some(from), kept.record.state);
        if from == PartnerState::Leaving {
            return Ok(kept);
        }
        let decided = match answer.problem {
            Some(problem) => Err(problem),
            None => self.decide(kept.clone(), &answer.claimed).await,
        };
        match decided {
            Ok(kept) => Ok(kept),
            Err(error @ (Error::Store(_) | Error::Conflict(_) | Error::Broken)) => Err(error),
            // The registration that was there before goes on, without what is new.
            Err(_) if kept.record.state == PartnerState::Registered => self.drop_asked(kept).await,
            Err(error) => {
                self.take_back(held, id).await?;
                Err(error)
            }
        }
    }

    /// Goes on without what a partner asked for beyond what it has.
    async fn drop_asked(&self, kept: Kept) -> Result<Kept, Error> {
        let known = self.partners.details(self.store(), &kept.record).await?;
        self.commit_details(kept, Details { asked: Vec::new(), ..(*known).clone() }).await
    }

    /// Stores the token of an answer, before anything else is looked at. `None` if the exchange is open no more.
    async fn keep_answer(
        &self,
        id: &str,
        open: &Exchange,
        answer: &Answered,
    ) -> Result<Option<(Kept, PartnerState)>, Error> {
        for _ in 0..ATTEMPTS {
            let Some(kept) = self.partners.read(self.store(), id).await? else { return Ok(None) };
            let known = self.partners.details(self.store(), &kept.record).await?;
            let is_at_home = self.are_hosts_known(&known, &answer.claimed);
            let verdict = match open.method {
                Method::Post if answer.problem.is_some() => Verdict::Leaving,
                // Its old parties go on; what is new waits for the judgement.
                Method::Put if is_at_home => Verdict::Registered,
                Method::Put | Method::Post => Verdict::Pending,
            };
            let next = kept.record.answered(&open.offered.hash, answer.token.clone(), verdict, self.now());
            let Some(mut next) = next else { return Ok(None) };
            let profile = with_learned(&kept.record.profile, &answer.profile);
            next.profile = without_former_urls(profile, &known.endpoints, &answer.claimed.endpoints);
            next.contact = Some(self.contact(&kept.record, answer, &known.allow));
            let Claimed { roles, endpoints, is_hub, .. } = answer.claimed.clone();
            let asked = known.without_its_roles(roles);
            let details = Details { asked, endpoints, is_hub, ..(*known).clone() };
            let also = Also { details: Some(&details), ..Also::default() };
            match self.partners.replace(self.store(), Some(&kept), next, also, self.now()).await {
                Ok(stored) => {
                    if known.endpoints != details.endpoints {
                        self.acquaintances.forget_detours(id);
                    }
                    return Ok(Some((stored, kept.record.state)));
                }
                Err(Error::Conflict(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Err(Error::Conflict(id.to_owned()))
    }

    fn are_hosts_known(&self, known: &Details, claimed: &Claimed) -> bool {
        let mut urls = claimed.endpoints.iter().map(|endpoint| &endpoint.url).chain([&claimed.url]);
        urls.all(|url: &Url| host_of(url).is_some() && known.allow.has_host_of(url))
    }

    /// The way to the partner. A URL that requests may not go to does not take the place of one that they may.
    fn contact(&self, record: &Record, answer: &Answered, allow: &Allow) -> Contact {
        let versions_url = match &record.contact {
            Some(known) if self.allow(&answer.claimed.url, allow).is_err() => known.versions_url.clone(),
            _ => answer.claimed.url.clone(),
        };
        Contact { versions_url, version: answer.claimed.version }
    }

    /// Judges an answer whose token is stored, and commits what it may have.
    pub(super) async fn decide(&self, kept: Kept, claimed: &Claimed) -> Result<Kept, Error> {
        let id = kept.record.id.clone();
        let known = self.partners.details(self.store(), &kept.record).await?;
        self.allow(&claimed.url, &known.allow)?;
        self.accept_roles(&id, &claimed.roles).await?;
        let judged = self.judge(&id, &known, claimed)?;
        let Judged { decision, details, is_held } = judged;
        match decision {
            Decision::Refuse => return Err(Error::Refused),
            Decision::Hold if is_held || kept.record.state == PartnerState::Pending => return Ok(kept),
            Decision::Accept | Decision::Hold => {}
        }
        self.partners.claim(self.store(), &id, &details.parties(), self.now()).await?;
        self.commit_details(kept, details).await
    }

    /// Stores details that were approved, and with them that the partner is registered.
    pub(super) async fn commit_details(&self, kept: Kept, details: Details) -> Result<Kept, Error> {
        let record = kept.record.approved(self.now()).unwrap_or_else(|| kept.record.clone());
        let record = Record { roles: details.distinct_roles(), ..record };
        self.replace(&kept, record, Also { details: Some(&details), ..Also::default() }).await
    }

    /// Takes back by a DELETE what a partner has committed and we refuse.
    async fn take_back(&self, held: &Held, id: &str) -> Result<(), Error> {
        for _ in 0..ATTEMPTS {
            let Some(kept) = self.partners.read(self.store(), id).await? else { return Ok(()) };
            let stored = match kept.record.leaving(self.now()) {
                Some(next) => self.replace(&kept, next, Also::default()).await,
                None if kept.record.state == PartnerState::Leaving => Ok(kept),
                None => return Ok(()),
            };
            match stored {
                Ok(kept) => {
                    // If it cannot be delivered now, `tick` delivers it later.
                    let _ = self.deliver_delete(held, kept).await;
                    return Ok(());
                }
                Err(Error::Conflict(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Err(Error::Conflict(id.to_owned()))
    }
}
