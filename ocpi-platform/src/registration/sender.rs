//! Our exchange of credentials with a partner.

use std::time::Duration;

use ocpi_client::{Registration, RequestOptions, Transport};
use ocpi_server_traits::Store;
use ocpi_types::endpoint::GetCredentials;
use ocpi_types::protocol::PartnerProfile;
use ocpi_types::v2_3_0::credentials::Credentials;
use ocpi_types::{CredentialsToken, InterfaceRole, ModuleId, Url};

use super::settle::Answered;
use crate::acquaintance::{with_learned, without_former_urls};
use crate::directory::{Also, Details, Kept, host_of};
use crate::holding::Held;
use crate::trust::{Exchange, Method, PartnerState, Record};
use crate::{Allow, Error, PartnerStatus, Platform, Suspicion};

/// Beginning of a registration of ours.
pub(super) struct Begin {
    pub(super) url: Url,
    pub(super) token_a: CredentialsToken,
    pub(super) allow: Allow,
    /// Its deviations; `None`: as they are known.
    pub(super) profile: Option<PartnerProfile>,
    /// The last valid token of a registration that the partner may still know.
    pub(super) last: Option<CredentialsToken>,
}

impl<S: Store, T: Transport> Platform<S, T> {
    /// Registers with a platform that gave us the URL of its list of versions and a token (token A). `allow` names the
    /// parties that it may speak for, and its hosts; if it has no hosts, the host of the URL is allowed.
    ///
    /// Our token for the partner (token B) is stored before the credentials are sent. They are sent only if the partner
    /// offers the [required](crate::Settings::required) endpoints. If the answer is lost, the same call or
    /// [`tick`](Self::tick) repeats the request.
    ///
    /// If the partner has parties beyond `allow`, its state is [`Pending`](PartnerState::Pending) until
    /// [`approve`](Self::approve).
    ///
    /// # Errors
    /// When the partner is already registered (use [`rotate`](Self::rotate) for new tokens), a request fails, the partner
    /// has no version in common, lacks required endpoints, or is refused because of its credentials, or another node is just
    /// exchanging credentials with it ([`Error::is_busy`]).
    pub async fn register(
        &self,
        id: &str,
        versions_url: Url,
        token_a: CredentialsToken,
        allow: Allow,
    ) -> Result<PartnerStatus, Error> {
        self.register_as(id, versions_url, token_a, allow, None).await
    }

    /// [`register`](Self::register), with a known profile of the partner. It applies from the first request on, and afterwards
    /// as with [`set_profile`](Self::set_profile). What is learned during registration is added.
    ///
    /// # Errors
    /// As [`register`](Self::register), and when requests may not go to a URL of the profile.
    ///
    /// ```
    /// use ocpi_client::Transport;
    /// use ocpi_platform::{Allow, Error, PartnerStatus, Platform};
    /// use ocpi_server_traits::Store;
    /// use ocpi_types::protocol::PartnerProfile;
    /// use ocpi_types::{CredentialsToken, InterfaceRole, ModuleId, Url};
    ///
    /// /// Registers with a partner whose server wants all members, and takes only slashes that it knows.
    /// async fn register<S: Store, T: Transport>(
    ///     emsp: &Platform<S, T>,
    ///     versions: Url,
    ///     token_a: CredentialsToken,
    /// ) -> Result<PartnerStatus, Error> {
    ///     emsp.register_with("cpo", versions, token_a, Allow::default(), PartnerProfile::strict_schema()).await
    /// }
    /// ```
    pub async fn register_with(
        &self,
        id: &str,
        versions_url: Url,
        token_a: CredentialsToken,
        allow: Allow,
        profile: PartnerProfile,
    ) -> Result<PartnerStatus, Error> {
        self.register_as(id, versions_url, token_a, allow, Some(profile)).await
    }

    async fn register_as(
        &self,
        id: &str,
        versions_url: Url,
        token_a: CredentialsToken,
        allow: Allow,
        profile: Option<PartnerProfile>,
    ) -> Result<PartnerStatus, Error> {
        Self::named(id)?;
        let held = self.hold_exchange(id).await?;
        let work = async {
            let known = self.partners.read(self.store(), id).await?;
            let open = known.as_ref().and_then(|kept| kept.record.exchange.as_ref());
            let is_repeat = open.is_some_and(|open| open.with == token_a && open.url == versions_url);
            match known.as_ref().map(|kept| kept.record.state) {
                None | Some(PartnerState::Left | PartnerState::Invited) => {}
                Some(PartnerState::Registering) if is_repeat => {
                    return self.exchange(&held, id).await;
                }
                Some(PartnerState::Registering) => return Err(Error::Busy(id.to_owned())),
                Some(_) => return Err(Error::Registered(id.to_owned())),
            }
            let begun = Begin { url: versions_url, token_a, allow, profile, last: None };
            self.begin_registering(id, known, begun).await?;
            self.exchange(&held, id).await
        };
        self.under(&held, id, Box::pin(work)).await
    }

    /// Stores that we register, once the partner is there and offers what is required.
    pub(super) async fn begin_registering(
        &self,
        id: &str,
        known: Option<Kept>,
        Begin { url, token_a, allow, profile, last }: Begin,
    ) -> Result<(), Error> {
        let allow = if allow.hosts.is_empty() {
            host_of(&url).into_iter().fold(allow, |allow, host| allow.host(host))
        } else {
            allow
        };
        self.accept_token(&token_a).await?;
        let now = self.now();
        let mut record = known.as_ref().map_or_else(|| Record::new(id, now), |kept| kept.record.clone());
        let mut before = (*self.partners.details(self.store(), &record).await?).clone();
        // A registration that is stuck ends in the write by which the new one begins.
        if !matches!(record.state, PartnerState::Left | PartnerState::Invited) {
            record = record.left(now);
            record.profile = without_former_urls(record.profile, &before.endpoints, &[]);
            before = before.left();
        }
        if let Some(profile) = profile {
            self.allow_urls_of(&profile, &allow)?;
            self.acquaintances.forget_detours(id);
            record.profile = profile;
        }
        let with = (&url, &token_a, &record.profile);
        let discovered = self.discover(id, with, &self.settings.versions, &allow).await?;
        // What was seen now need not be tried again with the credentials.
        record.profile = with_learned(&record.profile, &discovered.client.learned_profile());
        record.out_before = last;
        let details = Details { allow, ..before };
        let issued = self.issue()?;
        let token = Some(issued.hash);
        let record = record.registering(token_a, issued, url, now);
        let also = Also { details: Some(&details), token, ..Also::default() };
        self.change(known.as_ref(), record, also).await.map(drop)
    }

    /// Rotates tokens (PUT of credentials): gives a partner a new token and gets one from it. On return, the old tokens
    /// of both sides no longer work.
    ///
    /// Until then the old token still works; if it has leaked, use [`revoke`](Self::revoke), which disables it at once. A
    /// rotation whose answer was lost is sent again by the same call, or by [`tick`](Self::tick).
    ///
    /// # Errors
    /// When the partner is not registered, it has not used its latest token yet, a request fails, or another node is
    /// exchanging credentials with the partner ([`Error::is_busy`]).
    pub async fn rotate(&self, id: &str) -> Result<PartnerStatus, Error> {
        let held = self.hold_known(id).await?;
        let work = async {
            self.begin_to_rotate(id, |record| record).await?;
            self.exchange(&held, id).await
        };
        self.under(&held, id, Box::pin(work)).await
    }

    /// Disables the token of the partner at once, and then rotates tokens: the partner gets 401 until the rotation is
    /// complete. For leaked tokens.
    ///
    /// # Errors
    /// As [`rotate`](Self::rotate). If another node is just exchanging credentials with the partner, the token is disabled all
    /// the same, and [`tick`](Self::tick) rotates.
    pub async fn revoke(&self, id: &str) -> Result<PartnerStatus, Error> {
        // A partner that takes its time with the credentials of another node does not keep its token for that.
        self.begin_to_rotate(id, Record::revoked).await?;
        let held = self.hold_exchange(id).await?;
        self.under(&held, id, Box::pin(self.exchange(&held, id))).await
    }

    /// Stores a rotation, unless one is open.
    async fn begin_to_rotate(&self, id: &str, prepare: fn(Record) -> Record) -> Result<(), Error> {
        let kept = self.registered_record(id).await?;
        if kept.record.exchange.is_none() {
            if !kept.record.confirmed {
                return Err(Error::Busy(id.to_owned()));
            }
            let issued = self.issue()?;
            let token = Some(issued.hash);
            let next = kept.record.rotating(issued, self.now()).ok_or_else(|| Error::no_partner(id))?;
            self.replace(&kept, prepare(next), Also { token, ..Also::default() }).await?;
        } else {
            let next = prepare(kept.record.clone());
            if next != kept.record {
                self.replace(&kept, next, Also::default()).await?;
            }
        }
        Ok(())
    }

    /// Sends our open exchange once more, and settles it if it is answered.
    pub(super) async fn exchange(&self, held: &Held, id: &str) -> Result<PartnerStatus, Error> {
        let kept = self.partners.read(self.store(), id).await?.ok_or_else(|| Error::no_partner(id))?;
        let Some(open) = kept.record.exchange.clone() else { return self.status_of(&kept).await };
        let begun = self.in_flight.begin(id, self.settings.limits.exchanges);
        let _begun = begun.ok_or_else(|| Error::Busy(id.to_owned()))?;
        let known = self.partners.details(self.store(), &kept.record).await?;
        match self.send_credentials(held, &kept.record, &open, &known).await {
            Ok(answer) => {
                // Whoever holds the lease by now: there is no other answer of a partner that follows the letter.
                let settled = self.settle(held, id, &open, answer).await;
                if let Err(error @ Error::Store(_)) = &settled {
                    // What cannot be stored now is not asked for in every tick.
                    let _ = self.exchange_failed(held, id, &open, error).await;
                }
                let kept = settled?;
                self.use_new_token(&kept).await?;
                let kept =
                    self.partners.read(self.store(), id).await?.ok_or_else(|| Error::no_partner(id))?;
                self.status_of(&kept).await
            }
            Err(error) => {
                self.exchange_failed(held, id, &open, &error).await?;
                Err(error)
            }
        }
    }

    async fn send_credentials(
        &self,
        held: &Held,
        record: &Record,
        open: &Exchange,
        known: &Details,
    ) -> Result<Answered, Error> {
        let allow = &known.allow;
        let with = (&open.url, &open.with, &record.profile);
        let discovered = self.discover(&record.id, with, &self.settings.versions, allow).await?;
        let ours = self.credentials(open.offered.token.clone());
        let registration = Registration::with(discovered.clone(), ours);
        // The operator named the hosts.
        let at = discovered.client.endpoint(&ModuleId::Credentials, &InterfaceRole::Receiver);
        let registration = match at.filter(|at| allow.has_host_of(at)) {
            Some(at) => registration.trusting(at.clone()),
            None => registration,
        };
        let registration = match open.method {
            // Where POST is refused because a registration is known, it is the one of the last token.
            Method::Post => match &record.out_before {
                Some(last) => registration.with_last_token(last.clone()),
                None => registration,
            },
            Method::Put => registration.renewing(),
        };
        self.must_hold(held, &record.id).await?;
        let run = self.settings.timer.within(self.patience(), registration.run(&self.transport));
        let answer = match run.await.ok_or(Error::NoAnswer)? {
            Ok(done) => {
                let profile = done.client.learned_profile();
                Answered::whole(done.credentials, profile, &discovered, known)
            }
            Err(error) => Answered::part(error, open, &discovered)?,
        };
        let answer = answer
            .with_roles(|said| self.with_unsaid_roles(discovered.version, said, known))
            .within(self.settings.limits.roles);
        // One that cannot be sent, or is ours, is worth nothing: the exchange stays open.
        self.accept_token(answer.token()).await?;
        Ok(answer)
    }

    /// Keeps the exchange open, to be sent again later. Nothing is noted if another node has taken over.
    async fn exchange_failed(
        &self,
        held: &Held,
        id: &str,
        open: &Exchange,
        error: &Error,
    ) -> Result<(), Error> {
        if !held.keep(self.store()).await {
            return Ok(());
        }
        let Some(kept) = self.partners.read(self.store(), id).await? else { return Ok(()) };
        // By the letter, 405 says what 401 does: the partner does not have the registration that we mean.
        let is_unknown =
            matches!(error, Error::Client(error) if error.is_unauthorized() || error.is_method_not_allowed());
        let next = kept.record.exchange_failed(&open.offered.hash, is_unknown, self.now(), self.chance());
        let Some(next) = next else { return Ok(()) };
        let is_new_suspect = next.suspect && !kept.record.suspect;
        match self.replace(&kept, next, Also { lease: Some(&held.lease), ..Also::default() }).await {
            Ok(_) if is_new_suspect => {
                self.tell_suspect(id, Suspicion::RefusesOurToken);
                Ok(())
            }
            // Whoever wrote in between knows more.
            Ok(_) | Err(Error::Conflict(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Longest time for a request about credentials. Its answer may have the only token that is good: whoever gives up early
    /// may have to begin anew.
    pub(super) fn patience(&self) -> Duration {
        Duration::from_secs(self.settings.limits.answer.into())
    }

    /// Uses the token that a partner gave us last, so that it knows that we hold it: its old ones die then.
    pub(super) async fn use_new_token(&self, kept: &Kept) -> Result<(), Error> {
        let Some(proved) = kept.record.proved() else { return Ok(()) };
        let details = self.partners.details(self.store(), &kept.record).await?;
        let Some(client) = self.client_of(&kept.record, &details) else { return Ok(()) };
        let options = RequestOptions::new().within(self.patience());
        match client.send_with(&GetCredentials::<Credentials>::default(), &options).await {
            // Some partners have no GET of credentials; they know the token by now.
            Err(error) if error.http_status().is_none() || error.is_unauthorized() => {
                let next = kept.record.use_failed(error.is_unauthorized(), self.now(), self.chance());
                if let Some(next) = next {
                    self.replace(kept, next, Also::default()).await?;
                }
                if error.is_unauthorized() {
                    self.tell_suspect(&kept.record.id, Suspicion::RefusesOurToken);
                }
                Err(error.into())
            }
            _ => match self.replace(kept, proved, Also::default()).await {
                Ok(_) | Err(Error::Conflict(_)) => Ok(()),
                Err(error) => Err(error),
            },
        }
    }
}
