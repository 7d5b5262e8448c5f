//! We go to a partner.

use ocpi_client::{Discovery, Registered, Registration, Transport};
use ocpi_server_traits::Store;
use ocpi_types::{CredentialsToken, Url};

use super::in_flight::Begun;
use crate::partner::PartnerInit;
use crate::{Error, Partner, Platform};

impl<S: Store, T: Transport> Platform<S, T> {
    /// Registers with a platform that gave us its URL and a token (token A).
    ///
    /// Our own token for it is known to the router before the credentials go out: the partner calls back while
    /// that request is open. They go out only if the partner offers what is required.
    ///
    /// # Errors
    /// When the partner is registered already ([`Platform::renew`] changes that), a request fails, or the partner
    /// has no version in common, lacks required endpoints, or speaks for a party that another one speaks for.
    /// After a failed request the same call may be made again.
    pub async fn register(
        &self,
        id: &str,
        versions_url: Url,
        token_a: CredentialsToken,
    ) -> Result<Partner, Error> {
        let known = self.partners.get(id);
        if known.as_ref().is_some_and(|partner| partner.registered) {
            return Err(Error::Registered(id.to_owned()));
        }
        let _begun = self.begin(id)?;
        let token = self.settings.secrets.token()?;
        let mut partner = match known.clone() {
            Some(partner) => Partner { token_we_issued: token.clone(), ..partner },
            None => self.new_partner(id, token.clone())?,
        };
        partner.versions_url = Some(versions_url.clone());
        let partner = self.save(known.as_ref(), partner).await?;
        let done = self.exchange(versions_url, token_a, token, |registration| registration).await?;
        self.finish(&partner, done).await
    }

    /// Gives a partner a new token and gets one (PUT).
    ///
    /// Until this has succeeded and the partner uses its new token, its old one is good too.
    ///
    /// # Errors
    /// When there is no registration, or as [`Platform::register`].
    pub async fn renew(&self, id: &str) -> Result<Partner, Error> {
        let no_partner = || Error::NoPartner(id.to_owned());
        let known = self.partners.get(id).filter(|partner| partner.registered).ok_or_else(no_partner)?;
        let url = known.versions_url.clone().ok_or_else(no_partner)?;
        let in_use = known.token_we_received.clone().ok_or_else(no_partner)?;
        let _begun = self.begin(id)?;
        let partner = if known.token_before.is_some() {
            // The last one was never used, and nobody knows whether the partner has it. It is offered again: a
            // third one would take the place of one that may be in use.
            known
        } else {
            self.save(Some(&known), known.with_new_token(self.settings.secrets.token()?)).await?
        };
        let token = partner.token_we_issued.clone();
        let done = self.exchange(url, in_use, token, Registration::renewing).await?;
        self.finish(&partner, done).await
    }

    fn begin(&self, id: &str) -> Result<Begun, Error> {
        self.in_flight.begin(id).ok_or_else(|| Error::Conflict(id.to_owned()))
    }

    /// Finds out what the partner offers, and if that is enough exchanges credentials.
    async fn exchange(
        &self,
        url: Url,
        theirs: CredentialsToken,
        ours: CredentialsToken,
        adapt: impl FnOnce(Registration) -> Registration,
    ) -> Result<Registered, Error> {
        self.allow(&url)?;
        let discovery = Discovery::new(url, theirs, &self.settings.versions, self.new_ids())
            .with_relation(self.relation_with_anyone());
        let discovered = discovery.run(&self.transport).await?;
        self.accept_endpoints(&discovered.peer)?;
        let registration = adapt(Registration::with(discovered, self.credentials(ours)));
        Ok(registration.run(&self.transport).await?)
    }

    pub(super) fn new_partner(&self, id: &str, token: CredentialsToken) -> Result<Partner, Error> {
        let id = id.parse().map_err(|_| Error::NoPartner(id.to_owned()))?;
        let last_updated = self.settings.clock.now();
        Ok(PartnerInit { id, token_we_issued: token, registered: false, last_updated }.into())
    }

    async fn finish(&self, from: &Partner, done: Registered) -> Result<Partner, Error> {
        let known = self.partners.get(from.id.as_str()).unwrap_or_else(|| from.clone());
        self.accept_roles(known.id.as_str(), &done.credentials.roles)?;
        self.allow(&done.credentials.url)?;
        let partner = known.clone().registered_by(done.credentials, &done.peer);
        self.save(Some(&known), partner).await
    }
}
