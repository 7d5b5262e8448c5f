//! We go to a partner.

use ocpi_client::{Registered, Registration, Transport};
use ocpi_server_traits::Store;
use ocpi_types::{CredentialsToken, Url};

use crate::partner::PartnerInit;
use crate::{Error, Partner, Platform};

impl<S: Store, T: Transport> Platform<S, T> {
    /// Registers with a platform that gave us its URL and a token (token A).
    ///
    /// Our own token for it is known to the router before the first request goes out: the partner calls back
    /// while ours is open.
    ///
    /// # Errors
    /// When a request fails, or the partner has no version in common or lacks required endpoints. The same call
    /// may be made again.
    pub async fn register(
        &self,
        id: &str,
        versions_url: Url,
        token_a: CredentialsToken,
    ) -> Result<Partner, Error> {
        let token = self.settings.secrets.token()?;
        let known = self.partners.get(id);
        let mut partner = match known.clone() {
            Some(partner) => Partner { token_we_issued: token.clone(), registered: false, ..partner },
            None => self.new_partner(id, token.clone())?,
        };
        partner.versions_url = Some(versions_url.clone());
        let partner = self.save(known.as_ref(), partner).await?;

        let ours = self.credentials(token);
        let registration =
            Registration::new(versions_url, token_a, ours, &self.settings.versions, self.new_ids());
        let done = registration.run(&self.transport).await?;
        self.finish(&partner, done).await
    }

    /// Gives a partner a new token and gets one (PUT). Until the new one is used, the old one is good too.
    ///
    /// # Errors
    /// As [`Platform::register`].
    pub async fn renew(&self, id: &str) -> Result<Partner, Error> {
        let no_partner = || Error::NoPartner(id.to_owned());
        let known = self.partners.get(id).filter(|partner| partner.registered).ok_or_else(no_partner)?;
        let url = known.versions_url.clone().ok_or_else(no_partner)?;
        let in_use = known.token_we_received.clone().ok_or_else(no_partner)?;
        let token = self.settings.secrets.token()?;
        let changed = Partner {
            token_we_issued: token.clone(),
            token_before: Some(known.token_we_issued.clone()),
            ..known.clone()
        };
        let partner = self.save(Some(&known), changed).await?;

        let ours = self.credentials(token);
        let registration = Registration::new(url, in_use, ours, &self.settings.versions, self.new_ids());
        let done = registration.renewing().run(&self.transport).await?;
        self.finish(&partner, done).await
    }

    pub(super) fn new_partner(&self, id: &str, token: CredentialsToken) -> Result<Partner, Error> {
        let id = id.parse().map_err(|_| Error::NoPartner(id.to_owned()))?;
        let last_updated = self.settings.clock.now();
        Ok(PartnerInit { id, token_we_issued: token, registered: false, last_updated }.into())
    }

    async fn finish(&self, from: &Partner, done: Registered) -> Result<Partner, Error> {
        self.offers_required(&done.peer)?;
        let known = self.partners.get(from.id.as_str()).unwrap_or_else(|| from.clone());
        let partner = Partner {
            token_we_received: Some(done.credentials.token),
            registered: true,
            versions_url: Some(done.credentials.url),
            version: done.version.as_str().parse().ok(),
            base64: Some(done.peer.uses_base64()),
            endpoints: done.peer.endpoints().to_vec(),
            roles: done.credentials.roles.into_vec(),
            ..known.clone()
        };
        self.save(Some(&known), partner).await
    }
}
