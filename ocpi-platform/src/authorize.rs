//! May this token charge? The eMSP's answer from its own tokens.

use std::collections::BTreeSet;

use ocpi_client::Transport;
use ocpi_server_traits::{Caller, Error, Handle, Store};
use ocpi_types::endpoint::{Authorize, LocationKey, Owned};
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::tokens::{
    AllowedType, AuthorizationInfo, AuthorizationInfoInit, LocationReferences, Token,
};

use crate::Platform;

/// Answers from the platform's own tokens: `ALLOWED` if valid, `BLOCKED` if not, 404 and 2004 if unknown. Of the
/// location that is asked for, it names what it knows.
///
/// An application with more to consider mounts a handler of its own.
impl<S: Store, T: Transport + 'static> Handle<Authorize> for Platform<S, T> {
    async fn handle(&self, caller: &Caller, request: Authorize) -> Result<AuthorizationInfo, Error> {
        for owner in self.asked_parties(caller) {
            let at = Owned { owner: owner.clone(), key: request.token.clone() };
            if let Some(token) = self.objects.get::<Token>(&at).await? {
                let allowed = if token.valid { AllowedType::Allowed } else { AllowedType::Blocked };
                let location = match request.location {
                    Some(asked) if token.valid => self.known_part(caller, asked).await?,
                    _ => None,
                };
                return Ok(AuthorizationInfo { location, ..AuthorizationInfoInit { allowed, token }.into() });
            }
        }
        Err(Error::unknown_token("no such token"))
    }
}

impl<S: Store, T: Transport + 'static> Platform<S, T> {
    /// Returns the part of a location and its EVSEs that is known here, whoever of the caller's parties owns it.
    async fn known_part(
        &self,
        caller: &Caller,
        asked: LocationReferences,
    ) -> Result<Option<LocationReferences>, Error> {
        for owner in caller.partner.parties() {
            let key = LocationKey { location_id: asked.location_id.clone() };
            let at = Owned { owner: owner.clone(), key };
            if let Some(location) = self.objects.get::<Location>(&at).await? {
                let there: BTreeSet<_> = location.evses.iter().map(|evse| &evse.uid).collect();
                let mut known = asked;
                known.evse_uids.retain(|uid| there.contains(uid));
                return Ok(Some(known));
            }
        }
        Ok(None)
    }
}
