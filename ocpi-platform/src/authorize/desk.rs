//! Requests for authorization, from the token to the answer.

use std::collections::BTreeSet;
use std::sync::Arc;

use ocpi_client::Transport;
use ocpi_server_traits::{Caller, Error, Handle, Routes, Store};
use ocpi_types::endpoint::{Authorize, LocationKey, Owned, TokenKey};
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::tokens::{
    AllowedType, AuthorizationInfo, AuthorizationInfoInit, LocationReferences, Token,
};

use super::authorization::Verdict;
use super::{Authorization, Authorizer, Everybody};
use crate::Platform;
use crate::party::asking_parties;

/// Answers requests for authorization.
struct Desk<S, T, A> {
    platform: Arc<Platform<S, T>>,
    authorizer: Arc<A>,
}

/// A place at which a driver wants to charge.
enum Place {
    /// No place was named.
    Unsaid,
    /// The Location is known, but none of the named EVSEs.
    NoneOf,
    /// The known part of the named place.
    Named(LocationReferences),
    /// The Location is unknown here: the application may know it, and the answer names none of its EVSEs.
    Unknown(LocationReferences),
}

/// Answers from the platform's own tokens: who has one that is valid may charge.
///
/// [`Platform::mount_authorizer`] takes an application's own decision.
impl<S: Store, T: Transport + 'static> Handle<Authorize> for Platform<S, T> {
    async fn handle(&self, caller: &Caller, request: Authorize) -> Result<AuthorizationInfo, Error> {
        self.authorize_by(caller, request, &Everybody).await
    }
}

impl<S: Store, T: Transport + 'static, A: Authorizer> Handle<Authorize> for Desk<S, T, A> {
    async fn handle(&self, caller: &Caller, request: Authorize) -> Result<AuthorizationInfo, Error> {
        self.platform.authorize_by(caller, request, &*self.authorizer).await
    }
}

impl<S: Store, T: Transport + 'static> Platform<S, T> {
    /// Mounts the modules of an eMSP: [`Routes::emsp`] over the platform's objects, real-time authorization, and the
    /// [results](Self::mount_results) of commands.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use ocpi_client::Transport;
    /// use ocpi_platform::{Authorizer, Platform};
    /// use ocpi_server_traits::{Router, RouterError, Store};
    ///
    /// fn emsp<S: Store, T: Transport + 'static, A: Authorizer>(
    ///     emsp: &Arc<Platform<S, T>>,
    ///     wallet: &Arc<A>,
    /// ) -> Result<Router, RouterError> {
    ///     emsp.router(|routes| emsp.mount_emsp(routes, wallet))
    /// }
    /// ```
    #[must_use]
    pub fn mount_emsp<A: Authorizer>(self: &Arc<Self>, routes: Routes, authorizer: &Arc<A>) -> Routes {
        self.mount_results(self.mount_authorizer(routes.emsp(&self.objects), authorizer))
    }

    /// Mounts real-time authorization, decided by the application.
    #[must_use]
    pub fn mount_authorizer<A: Authorizer>(self: &Arc<Self>, routes: Routes, authorizer: &Arc<A>) -> Routes {
        let desk = Desk { platform: Arc::clone(self), authorizer: Arc::clone(authorizer) };
        routes.on::<Authorize, _>(&Arc::new(desk))
    }

    async fn authorize_by(
        &self,
        caller: &Caller,
        request: Authorize,
        authorizer: &impl Authorizer,
    ) -> Result<AuthorizationInfo, Error> {
        let token = self.own_token(caller, &request.token).await?;
        let token = token.ok_or_else(|| Error::unknown_token("no such token"))?;
        let place = match request.location {
            Some(asked) if token.valid => self.known_part(caller, asked).await?,
            _ => Place::Unsaid,
        };
        let decision = match &place {
            _ if !token.valid => Authorization::blocked(""),
            Place::NoneOf => Authorization::not_allowed(""),
            Place::Unsaid => authorizer.authorize(&token, None).await?,
            Place::Named(at) | Place::Unknown(at) => authorizer.authorize(&token, Some(at)).await?,
        };
        let (allowed, location, reference) = match (&decision.verdict, place) {
            (Verdict::NeedsLocation, _) => {
                return Err(Error::not_enough_information("the Location has to be named for this token"));
            }
            (Verdict::Refused(why), _) => (why.clone(), None, None),
            (Verdict::Allowed, place) => {
                let reference = self.settings.secrets.id().map_err(Error::failed)?;
                let location = if let Place::Named(at) = place { Some(at) } else { None };
                (AllowedType::Allowed, location, reference.parse().ok())
            }
        };
        Ok(AuthorizationInfo {
            location,
            authorization_reference: reference,
            info: decision.info(),
            ..AuthorizationInfoInit { allowed, token }.into()
        })
    }

    async fn own_token(&self, caller: &Caller, key: &TokenKey) -> Result<Option<Token>, Error> {
        for owner in self.asked_parties(caller) {
            let at = Owned { owner: owner.clone(), key: key.clone() };
            if let Some(token) = self.objects.get::<Token>(&at).await? {
                return Ok(Some(token));
            }
        }
        Ok(None)
    }

    /// The part of a Location and its EVSEs that is known here. Parties of the caller may have Locations of one id: then it is
    /// that of the party that asks, or else the one where the EVSEs are.
    async fn known_part(&self, caller: &Caller, asked: LocationReferences) -> Result<Place, Error> {
        let (is_whole, mut is_there) = (asked.evse_uids.is_empty(), false);
        for owner in asking_parties(caller) {
            let key = LocationKey { location_id: asked.location_id.clone() };
            let at = Owned { owner: owner.clone(), key };
            let Some(location) = self.objects.get::<Location>(&at).await? else { continue };
            let there: BTreeSet<_> = location.evses.iter().map(|evse| &evse.uid).collect();
            let is_known = |uid: &&_| there.contains(uid);
            // Without any EVSE it would mean the whole Location.
            if is_whole || asked.evse_uids.iter().any(|uid| is_known(&uid)) {
                let mut known = asked.clone();
                known.evse_uids.retain(|uid| is_known(&uid));
                return Ok(Place::Named(known));
            }
            is_there = true;
        }
        Ok(if is_there { Place::NoneOf } else { Place::Unknown(asked) })
    }
}
