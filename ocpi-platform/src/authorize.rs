//! May this token charge? The eMSP's answer from its own tokens.

use ocpi_client::Transport;
use ocpi_server_traits::{Caller, Error, Handle, Store};
use ocpi_types::endpoint::{Authorize, Owned};
use ocpi_types::v2_3_0::tokens::{AllowedType, AuthorizationInfo, AuthorizationInfoInit, Token};

use crate::Platform;

/// Answers from the platform's own tokens: `ALLOWED` if valid, `BLOCKED` if not, 404 and 2004 if unknown.
///
/// An application with more to consider mounts a handler of its own.
impl<S: Store, T: Transport + 'static> Handle<Authorize> for Platform<S, T> {
    async fn handle(&self, _: &Caller, request: Authorize) -> Result<AuthorizationInfo, Error> {
        for owner in self.parties() {
            let at = Owned { owner: owner.clone(), key: request.token.clone() };
            if let Some(token) = self.objects.get::<Token>(&at).await? {
                let allowed = if token.valid { AllowedType::Allowed } else { AllowedType::Blocked };
                // Where it may charge is said only if it may.
                let location = request.location.filter(|_| token.valid);
                return Ok(AuthorizationInfo { location, ..AuthorizationInfoInit { allowed, token }.into() });
            }
        }
        Err(Error::unknown_token("no such token"))
    }
}
