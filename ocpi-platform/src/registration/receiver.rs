//! A partner comes to us.

use std::sync::Arc;

use ocpi_client::{Discovered, Discovery, Transport};
use ocpi_server_traits::{Caller, Error as Refusal, Handle, Routes, Store};
use ocpi_types::endpoint::{DeleteCredentials, GetCredentials, PostCredentials, PutCredentials};
use ocpi_types::v2_3_0::credentials::Credentials;
use ocpi_types::{CredentialsToken, Version};

use crate::partner::Match;
use crate::{Error, Partner, Platform};

impl<S: Store, T: Transport + 'static> Platform<S, T> {
    /// Invites a partner: the token (token A) to be handed over with the URL of the versions. Until the partner
    /// registers it is the same each time; `None` if it has registered already.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn invite(&self, id: &str) -> Result<Option<CredentialsToken>, Error> {
        if let Some(known) = self.partners.get(id) {
            return Ok((!known.registered).then_some(known.token_we_issued));
        }
        let token = self.settings.secrets.token()?;
        self.save(None, self.new_partner(id, token.clone())?).await?;
        Ok(Some(token))
    }

    /// Ends the registration with a partner on our side, without a word to it: its tokens are good no more, and it has
    /// to be invited or registered with again. After a DELETE of ours, or where the two sides disagree whether they are
    /// registered.
    ///
    /// # Errors
    /// When there is no such partner, or the store fails.
    pub async fn forget(&self, id: &str) -> Result<(), Error> {
        let known = self.partners.get(id).ok_or_else(|| Error::NoPartner(id.to_owned()))?;
        self.end(&known).await
    }

    async fn end(&self, known: &Partner) -> Result<(), Error> {
        let partner = Partner {
            // A token that nobody knows takes the place of the one that is given up.
            token_we_issued: self.settings.secrets.token()?,
            token_before: None,
            invited: None,
            token_we_received: None,
            registered: false,
            roles: Vec::new(),
            endpoints: Vec::new(),
            ..known.clone()
        };
        self.save(Some(known), partner).await.map(drop)
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

    /// Once the partner uses its new token, it has it: the one before is good no more. While our credentials are
    /// on their way, the use may be the partner's call back, after which it may still refuse.
    pub(crate) async fn forget_token_before(&self, partner: &Partner, used: Match) {
        let is_call_back = self.in_flight.to(partner.id.as_str());
        if used == Match::Issued && partner.token_before.is_some() && !is_call_back {
            let forgotten = Partner { token_before: None, invited: None, ..partner.clone() };
            // Another request may have done the same already.
            let _ = self.save(Some(partner), forgotten).await;
        }
    }

    fn caller_partner(&self, caller: &Caller) -> Result<Partner, Refusal> {
        let known = self.partners.get(caller.partner.id.as_str());
        known.ok_or_else(|| Refusal::unauthorized("the token is not known"))
    }

    /// Calls the partner back, and exchanges tokens. No lock is held while the call back is under way; of two
    /// at the same time one wins.
    async fn accept(
        &self,
        caller: &Caller,
        known: Partner,
        theirs: Credentials,
    ) -> Result<Credentials, Refusal> {
        if self.in_flight.to(known.id.as_str()) {
            return Err(refusal(Error::Conflict(known.id.as_str().to_owned())));
        }
        self.accept_roles(known.id.as_str(), &theirs.roles).map_err(refusal)?;
        let discovered = self.call_back(caller.version, &theirs).await?;
        let token = self.settings.secrets.token().map_err(refusal)?;
        // Token A is kept until the new one is used: this answer may be lost, and the POST come again.
        let invited = if known.registered { known.invited } else { Some(true) };
        let renewed = Partner { invited, ..known.with_new_token(token.clone()) };
        let partner = renewed.registered_by(theirs, &discovered.peer);
        self.save(Some(&known), partner).await.map_err(refusal)?;
        Ok(self.credentials(token))
    }

    async fn call_back(&self, version: Version, theirs: &Credentials) -> Result<Discovered, Refusal> {
        self.allow(&theirs.url).map_err(refusal)?;
        let discovery = Discovery::new(theirs.url.clone(), theirs.token.clone(), &[version], self.new_ids())
            .with_relation(self.relation_with_anyone());
        let discovered = discovery.run(&self.transport).await.map_err(|error| {
            if error.is_no_common_version() {
                return Refusal::unsupported_version("the versions do not list the one of this URL");
            }
            // The reason of the failure is not said: it would tell what can be reached from here.
            Refusal::cannot_use_client_api("calling back failed").with_source(error)
        })?;
        self.accept_endpoints(&discovered.peer).map_err(refusal)?;
        Ok(discovered)
    }
}

/// Makes the refusal that the partner is told.
fn refusal(error: Error) -> Refusal {
    let message = error.to_string();
    match error {
        Error::Conflict(_) => Refusal::method_not_allowed("another registration is under way"),
        Error::LacksEndpoints(_) => Refusal::no_matching_endpoints(message),
        Error::PartyTaken(_) | Error::NoRoles => Refusal::invalid(message),
        Error::UrlRefused => Refusal::cannot_use_client_api(message),
        error => Refusal::internal("registration failed").with_source(error),
    }
}

impl<S: Store, T: Transport + 'static> Handle<PostCredentials<Credentials>> for Platform<S, T> {
    async fn handle(
        &self,
        caller: &Caller,
        PostCredentials(theirs): PostCredentials<Credentials>,
    ) -> Result<Credentials, Refusal> {
        let partner = self.caller_partner(caller)?;
        // Whoever comes with token A again never got its answer.
        if partner.registered && caller.partner.is_registered {
            return Err(Refusal::method_not_allowed("registered already: PUT changes the registration"));
        }
        self.accept(caller, partner, theirs).await
    }
}

impl<S: Store, T: Transport + 'static> Handle<PutCredentials<Credentials>> for Platform<S, T> {
    async fn handle(
        &self,
        caller: &Caller,
        PutCredentials(theirs): PutCredentials<Credentials>,
    ) -> Result<Credentials, Refusal> {
        let partner = self.caller_partner(caller)?;
        if !caller.partner.is_registered {
            return Err(Refusal::method_not_allowed("not registered: POST registers"));
        }
        self.accept(caller, partner, theirs).await
    }
}

impl<S: Store, T: Transport + 'static> Handle<GetCredentials<Credentials>> for Platform<S, T> {
    async fn handle(&self, caller: &Caller, _: GetCredentials<Credentials>) -> Result<Credentials, Refusal> {
        Ok(self.credentials(self.caller_partner(caller)?.token_we_issued))
    }
}

impl<S: Store, T: Transport + 'static> Handle<DeleteCredentials> for Platform<S, T> {
    async fn handle(&self, caller: &Caller, _: DeleteCredentials) -> Result<(), Refusal> {
        let known = self.caller_partner(caller)?;
        if !caller.partner.is_registered {
            return Err(Refusal::method_not_allowed("not registered"));
        }
        self.end(&known).await.map_err(refusal)
    }
}
