//! Reason why a request is not answered as asked, and its message to the partner.

use std::error::Error as StdError;

use http::HeaderValue;
use ocpi_types::convert::ConversionError;
use ocpi_types::endpoint::DecodeError;
use ocpi_types::protocol::StatusCode;

use crate::StoreError;

/// Reason why a handler cannot answer. The message goes to the partner, the source to the application's log.
///
/// ```
/// use ocpi_server_traits::Error;
/// let error = Error::unknown_location("no such location");
/// assert_eq!(error.http_status(), 404);
/// assert_eq!(error.status_code().get(), 2003);
/// assert_eq!(error.to_string(), "no such location");
/// ```
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    kind: Kind,
    message: String,
    #[source]
    source: Option<Box<dyn StdError + Send + Sync>>,
    retry_after: Option<u32>,
    allowed: Option<HeaderValue>,
}

/// Each kind has one HTTP status and one OCPI status.
macro_rules! kinds {
    ($($(#[doc = $doc:expr])+ $kind:ident $new:ident $http:ident $ocpi:ident,)+) => {
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        enum Kind { $($kind,)+ }

        impl Error {
            $(
                $(#[doc = $doc])+
                pub fn $new(message: impl Into<String>) -> Self {
                    Self { kind: Kind::$kind, message: message.into(), source: None, retry_after: None, allowed: None }
                }
            )+

            /// HTTP's status of the answer.
            pub fn http_status(&self) -> http::StatusCode {
                match self.kind { $(Kind::$kind => http::StatusCode::$http,)+ }
            }

            /// OCPI's status of the answer.
            pub fn status_code(&self) -> StatusCode {
                match self.kind { $(Kind::$kind => StatusCode::$ocpi,)+ }
            }
        }
    };
}

kinds! {
    /// The token is missing or unknown: HTTP 401.
    Unauthorized unauthorized UNAUTHORIZED CLIENT_ERROR,
    /// There is no such object: HTTP 404.
    NotFound not_found NOT_FOUND CLIENT_ERROR,
    /// A PATCH of an object that is not there: HTTP 404 and 2001.
    NothingToPatch nothing_to_patch NOT_FOUND INVALID_PARAMETERS,
    /// There is no such location, EVSE or connector: HTTP 404 and 2003.
    UnknownLocation unknown_location NOT_FOUND UNKNOWN_LOCATION,
    /// There is no such token: HTTP 404 and 2004.
    UnknownToken unknown_token NOT_FOUND UNKNOWN_TOKEN,
    /// The method is not for this URL, or not now: HTTP 405.
    MethodNotAllowed method_not_allowed METHOD_NOT_ALLOWED CLIENT_ERROR,
    /// The body is not JSON: HTTP 400.
    BadRequest bad_request BAD_REQUEST INVALID_PARAMETERS,
    /// The body is larger than the limit: HTTP 413.
    TooLarge too_large PAYLOAD_TOO_LARGE CLIENT_ERROR,
    /// The request did not arrive in time: HTTP 408.
    RequestTimeout request_timeout REQUEST_TIMEOUT CLIENT_ERROR,
    /// The partner asks too much: HTTP 429.
    TooManyRequests too_many_requests TOO_MANY_REQUESTS CLIENT_ERROR,
    /// Parameters or members are missing or wrong: 2001.
    Invalid invalid OK INVALID_PARAMETERS,
    /// The request does not say enough: 2002.
    NotEnoughInformation not_enough_information OK NOT_ENOUGH_INFORMATION,
    /// The server failed: 3000.
    Internal internal OK SERVER_ERROR,
    /// The partner's endpoints could not be used: 3001.
    CannotUseClientApi cannot_use_client_api OK CANNOT_USE_CLIENT_API,
    /// The partner does not have the version: 3002.
    UnsupportedVersion unsupported_version OK UNSUPPORTED_VERSION,
    /// The partner lacks endpoints: 3003.
    NoMatchingEndpoints no_matching_endpoints OK NO_MATCHING_ENDPOINTS,
}

impl Error {
    /// With the cause, for the application's log.
    #[must_use]
    pub fn with_source(self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { source: Some(source.into()), ..self }
    }

    /// With a number of seconds after which the request may be made again: the header `Retry-After`.
    ///
    /// ```
    /// use ocpi_server_traits::Error;
    /// let crowded = Error::too_many_requests("at most 10 requests a second").with_retry_after(2);
    /// assert_eq!((crowded.http_status().as_u16(), crowded.retry_after()), (429, Some(2)));
    /// ```
    #[must_use]
    pub fn with_retry_after(self, seconds: u32) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }

    /// Seconds after which the request may be made again: the header `Retry-After`.
    pub fn retry_after(&self) -> Option<u32> {
        self.retry_after
    }

    /// With the methods that the URL has: the header `Allow`.
    pub(crate) fn with_allowed(self, methods: HeaderValue) -> Self {
        Self { allowed: Some(methods), ..self }
    }

    /// The methods that the URL has: the header `Allow`.
    pub(crate) fn allowed(&self) -> Option<&HeaderValue> {
        self.allowed.as_ref()
    }

    /// Whether the server is at fault, and not the partner.
    pub fn is_internal(&self) -> bool {
        self.kind == Kind::Internal
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::internal("the storage failed").with_source(error)
    }
}

impl From<ConversionError> for Error {
    fn from(error: ConversionError) -> Self {
        Self::internal("the answer cannot be expressed in this version").with_source(error)
    }
}

impl From<DecodeError> for Error {
    fn from(error: DecodeError) -> Self {
        let (http, _) = error.status();
        let message = error.to_string();
        if http == http::StatusCode::BAD_REQUEST {
            Self::bad_request(message)
        } else {
            Self::invalid(message)
        }
    }
}
