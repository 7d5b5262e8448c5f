//! Form of the token during a handshake: the other form is tried once in each step, and the one that worked is
//! recorded.

use ocpi_types::protocol::{PartnerProfile, TokenForm, TokenScope};
use ocpi_types::{Finding, ModuleId, Rule, Version};

use crate::{Client, Error};

/// Form of the token in one step.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct TokenForms {
    was_changed: bool,
}

impl TokenForms {
    /// The client with the other form of the token from this step on; `None` if both were tried.
    pub(super) fn other(&mut self, client: &Client, scope: &TokenScope) -> Option<Client> {
        if self.was_changed {
            return None;
        }
        self.was_changed = true;
        let version = client.version();
        let form = client.profile().token_form(version, scope).other();
        Some(client.clone().adapted(|profile| {
            // What comes after the list depends on the version that is chosen from it.
            if *scope != TokenScope::Versions {
                // The steps before keep the form that worked there.
                for before in [TokenScope::Versions, TokenScope::VersionDetails] {
                    let worked = profile.token_form(version, &before);
                    profile.token_at.entry(before).or_insert(worked);
                }
                profile.token = Some(form);
            }
            profile.token_at.insert(scope.clone(), form);
        }))
    }

    /// The client once a step was answered with the form in use: it is that of this step, whatever comes later. Tells
    /// of a form that is not that of the version.
    pub(super) fn worked(
        self,
        client: Client,
        version: Version,
        scope: TokenScope,
        endpoint: &str,
    ) -> Client {
        let form = client.profile().token_form(client.version(), &scope);
        if self.was_changed && form != TokenForm::of(version) {
            let rule = match form {
                TokenForm::Plain => Rule::TokenNotBase64,
                TokenForm::Base64 => Rule::TokenNotPlain,
            };
            client.learned().tell(endpoint, &[Finding::of_document(rule)]);
        }
        client.adapted(|profile| {
            profile.token_at.insert(scope, form);
        })
    }

    /// Whether it had to be changed.
    pub(super) fn was_changed(self) -> bool {
        self.was_changed
    }
}

/// The profile without what goes without saying.
pub(super) fn settled(profile: &mut PartnerProfile, version: Version) {
    let usual = profile.token.unwrap_or_else(|| TokenForm::of(version));
    let is_of_handshake = |scope: &TokenScope| {
        matches!(
            scope,
            TokenScope::Versions | TokenScope::VersionDetails | TokenScope::Module(ModuleId::Credentials)
        )
    };
    profile.token_at.retain(|scope, form| !is_of_handshake(scope) || *form != usual);
}

/// Whether a request failed because of its token, whose form may be wrong: HTTP 401 or 403.
pub(super) fn is_about_form(error: &Error) -> bool {
    error.is_unauthorized() && error.is_clear_refusal()
}

/// Whether the request for the list of versions may have failed for the form of its token. It reads only, so that may be
/// tried whatever the partner refused it with: some say 404 then, or 2001 or 3000 with HTTP 200.
pub(super) fn may_be_about_form(error: &Error) -> bool {
    let is_refused = match error.status_code() {
        Some(code) => !code.is_success(),
        None => error.is_clear_refusal(),
    };
    let is_busy =
        |http: http::StatusCode| http.is_server_error() || http == http::StatusCode::TOO_MANY_REQUESTS;
    is_about_form(error) || (is_refused && !error.http_status().is_some_and(is_busy))
}
