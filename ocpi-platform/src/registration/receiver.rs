//! A partner comes to us.

use ocpi_client::{Discovered, Discovery, Transport};
use ocpi_server_traits::{Caller, Error as Refusal, Handle, Routes, Store};
use ocpi_types::endpoint::{DeleteCredentials, GetCredentials, PostCredentials, PutCredentials};
use ocpi_types::v2_3_0::credentials::Credentials;
use ocpi_types::{CredentialsToken, Version};
use std::sync::Arc;

use crate::{Error, Partner, Platform};

impl<S: Store, T: Transport + 'static> Platform<S, T> {
    /// Invites a partner: makes the token (token A) to be handed over with the URL of the versions.
    ///
    /// # Errors
    /// When the store fails, or the partner is registered already.
    pub async fn invite(&self, id: &str) -> Result<CredentialsToken, Error> {
        let token = self.settings.secrets.token()?;
        let known = self.partners.get(id);
        if known.as_ref().is_some_and(|partner| partner.registered) {
            return Err(Error::Conflict(id.to_owned()));
        }
        let partner = match known.clone() {
            Some(partner) => Partner { token_we_issued: token.clone(), ..partner },
            None => self.new_partner(id, token.clone())?,
        };
        self.save(known.as_ref(), partner).await?;
        Ok(token)
    }

    /// Mounts the credentials module.
    #[must_use]
    pub fn mount_credentials(self: &Arc<Self>, routes: Routes) -> Routes {
        routes
            .on::<GetCredentials<Credentials>, _>(self)
            .on::<PostCredentials<Credentials>, _>(self)
            .on::<PutCredentials<Credentials>, _>(self)
            .on::<DeleteCredentials, _>(self)
    }

    /// Once the partner uses its new token, it has it: the old one is good no more.
    pub(crate) async fn forget_old_token(&self, partner: &Partner, used: &[CredentialsToken]) {
        if partner.token_before.is_some() && used.contains(&partner.token_we_issued) {
            // Another request may have done the same already.
            let _ = self.save(Some(partner), Partner { token_before: None, ..partner.clone() }).await;
        }
    }

    /// What the caller is to us, and whether registration is as it should be.
    fn caller_partner(&self, caller: &Caller, registered: bool) -> Result<Partner, Refusal> {
        let known = self.partners.get(&caller.connection.id);
        let partner = known.ok_or_else(|| Refusal::unauthorized("the token is not known"))?;
        match (partner.registered, registered) {
            (true, false) => {
                Err(Refusal::method_not_allowed("registered already: PUT changes the registration"))
            }
            (false, true) => Err(Refusal::method_not_allowed("not registered: POST registers")),
            _ => Ok(partner),
        }
    }

    /// Calls the partner back, and exchanges tokens. No lock is held while the call back is under way; of two
    /// at the same time one wins.
    async fn accept(
        &self,
        caller: &Caller,
        known: Partner,
        theirs: Credentials,
    ) -> Result<Credentials, Refusal> {
        let discovered = self.call_back(caller.version, &theirs).await?;
        let token = self.settings.secrets.token().map_err(internal)?;
        let before = Some(known.token_we_issued.clone()).filter(|_| known.registered);
        let partner = Partner {
            token_we_issued: token.clone(),
            token_before: before,
            token_we_received: Some(theirs.token),
            registered: true,
            versions_url: Some(theirs.url),
            version: discovered.version.as_str().parse().ok(),
            base64: Some(discovered.peer.uses_base64()),
            endpoints: discovered.peer.endpoints().to_vec(),
            roles: theirs.roles.into_vec(),
            ..known.clone()
        };
        self.save(Some(&known), partner).await.map_err(internal)?;
        Ok(self.credentials(token))
    }

    async fn call_back(&self, version: Version, theirs: &Credentials) -> Result<Discovered, Refusal> {
        if theirs.roles.is_empty() {
            return Err(Refusal::invalid("credentials need a role"));
        }
        let discovery = Discovery::new(theirs.url.clone(), theirs.token.clone(), &[version], self.new_ids());
        let discovered = discovery.run(&self.transport).await.map_err(|error| {
            // Our partner may know why; the error shows neither tokens nor bodies.
            Refusal::cannot_use_client_api(format!("calling back failed: {error}")).with_source(error)
        })?;
        self.offers_required(&discovered.peer)
            .map_err(|error| Refusal::no_matching_endpoints(error.to_string()))?;
        Ok(discovered)
    }
}

fn internal(error: Error) -> Refusal {
    match error {
        Error::Conflict(_) => Refusal::method_not_allowed("another registration is under way"),
        error => Refusal::internal("registration failed").with_source(error),
    }
}

impl<S: Store, T: Transport + 'static> Handle<PostCredentials<Credentials>> for Platform<S, T> {
    async fn handle(
        &self,
        caller: &Caller,
        PostCredentials(theirs): PostCredentials<Credentials>,
    ) -> Result<Credentials, Refusal> {
        let partner = self.caller_partner(caller, false)?;
        self.accept(caller, partner, theirs).await
    }
}

impl<S: Store, T: Transport + 'static> Handle<PutCredentials<Credentials>> for Platform<S, T> {
    async fn handle(
        &self,
        caller: &Caller,
        PutCredentials(theirs): PutCredentials<Credentials>,
    ) -> Result<Credentials, Refusal> {
        let partner = self.caller_partner(caller, true)?;
        self.accept(caller, partner, theirs).await
    }
}

impl<S: Store, T: Transport + 'static> Handle<GetCredentials<Credentials>> for Platform<S, T> {
    async fn handle(&self, caller: &Caller, _: GetCredentials<Credentials>) -> Result<Credentials, Refusal> {
        let partner = self.partners.get(&caller.connection.id);
        let partner = partner.ok_or_else(|| Refusal::unauthorized("the token is not known"))?;
        Ok(self.credentials(partner.token_we_issued))
    }
}

impl<S: Store, T: Transport + 'static> Handle<DeleteCredentials> for Platform<S, T> {
    async fn handle(&self, caller: &Caller, _: DeleteCredentials) -> Result<(), Refusal> {
        let known = self.caller_partner(caller, true)?;
        // A token that nobody knows takes the place of the one that is given up.
        let nobodys = self.settings.secrets.token().map_err(internal)?;
        let partner = Partner {
            token_we_issued: nobodys,
            token_before: None,
            token_we_received: None,
            registered: false,
            ..known.clone()
        };
        self.save(Some(&known), partner).await.map_err(internal)?;
        Ok(())
    }
}
