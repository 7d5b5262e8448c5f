//! Setbacks: temporary failures.

use http::StatusCode as Http;
use ocpi_types::protocol::StatusCode;

use super::Kind;

/// Failure that may pass.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Setback {
    /// Of the connection, or of servers in front of the partner's application.
    OfLine,
    /// Of the partner's application.
    OfApplication,
}

impl Setback {
    /// `None` if the failure stays.
    pub(super) fn of(kind: &Kind) -> Option<Self> {
        match kind {
            Kind::Transport(error) => error.is_retryable().then_some(Self::OfLine),
            Kind::Http { http, .. } | Kind::NotOcpi { http, .. } => may_pass(*http).then_some(Self::OfLine),
            // Some partners make every failure one of their server's: then OCPI's status says more.
            Kind::Status { code, http } if http.is_server_error() => {
                let is_of_ours = code.is_client_error() || is_final(*code);
                let is_busy = *http == Http::SERVICE_UNAVAILABLE;
                (may_pass(*http) && (is_busy || !is_of_ours)).then_some(Self::OfLine)
            }
            Kind::Status { http, .. } if may_pass(*http) => Some(Self::OfLine),
            Kind::Status { code, .. } => {
                let is_forwarding = *code == StatusCode::FORWARD_TIMEOUT;
                let may_pass = code.is_server_error() && !is_final(*code) || is_forwarding;
                may_pass.then_some(Self::OfApplication)
            }
            _ => None,
        }
    }
}

fn may_pass(http: Http) -> bool {
    let is_final = matches!(http, Http::NOT_IMPLEMENTED | Http::HTTP_VERSION_NOT_SUPPORTED);
    http.is_server_error() && !is_final || matches!(http, Http::TOO_MANY_REQUESTS | Http::REQUEST_TIMEOUT)
}

/// Codes of a server that no repeat changes.
fn is_final(code: StatusCode) -> bool {
    matches!(
        code,
        StatusCode::CANNOT_USE_CLIENT_API
            | StatusCode::UNSUPPORTED_VERSION
            | StatusCode::NO_MATCHING_ENDPOINTS
    )
}
