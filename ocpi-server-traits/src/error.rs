//! Errors of handlers, and their messages for the partner.

use std::error::Error as StdError;

use http::HeaderValue;
use ocpi_types::convert::ConversionError;
use ocpi_types::endpoint::{DecodeError, Encoding, Reply};
use ocpi_types::protocol::StatusCode;

use crate::StoreError;
use crate::error_data::ErrorData;
use crate::storage::{LeaseError, StoreErrorKind, UpdateError};

/// Reason why a request cannot be answered as asked. The message goes to the partner; the source never does: the
/// application gets it through [`Observe`](ocpi_types::observe::Observe).
///
/// Handlers can use `?` on a [`StoreError`], and on any boxed error. The answer is then HTTP 200 and 3000.
///
/// ```
/// use ocpi_server_traits::{Error, ErrorKind};
/// let error = Error::unknown_location("no such location");
/// assert_eq!(error.kind(), ErrorKind::UnknownLocation);
/// assert_eq!(error.http_status(), 404);
/// assert_eq!(error.status_code().get(), 2003);
/// assert_eq!(error.to_string(), "no such location");
///
/// // Any status of HTTP and any code of OCPI can be answered.
/// let crowded = Error::too_many_requests("at most 10 requests a second").with_retry_after(2);
/// assert_eq!((crowded.http_status().as_u16(), crowded.retry_after()), (429, Some(2)));
/// let teapot = Error::internal("no coffee").with_http_status(http::StatusCode::IM_A_TEAPOT);
/// assert_eq!((teapot.http_status().as_u16(), teapot.status_code().get()), (418, 3000));
///
/// fn meter() -> Result<u32, Error> {
///     Ok("12 kWh".parse().map_err(Error::failed)?)
/// }
/// assert!(std::error::Error::source(&meter().unwrap_err()).is_some());
/// ```
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    kind: ErrorKind,
    message: String,
    http: Option<http::StatusCode>,
    ocpi: Option<StatusCode>,
    retry_after: Option<u32>,
    #[source]
    source: Option<Box<dyn StdError + Send + Sync>>,
    allowed: Option<HeaderValue>,
    data: ErrorData,
}

/// Each kind has one HTTP status and one OCPI status.
macro_rules! kinds {
    ($($(#[doc = $doc:expr])+ $kind:ident $new:ident $http:ident $ocpi:ident,)+) => {
        /// Kind of an [`Error`], with its default statuses.
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[non_exhaustive]
        pub enum ErrorKind {
            $($(#[doc = $doc])+ $kind,)+
        }

        impl ErrorKind {
            /// All kinds.
            pub const ALL: &'static [Self] = &[$(Self::$kind,)+];

            /// Returns the HTTP status of the answer, unless another one is set.
            pub const fn http_status(self) -> http::StatusCode {
                match self { $(Self::$kind => http::StatusCode::$http,)+ }
            }

            /// Returns the OCPI status of the answer, unless another one is set.
            pub const fn status_code(self) -> StatusCode {
                match self { $(Self::$kind => StatusCode::$ocpi,)+ }
            }
        }

        impl Error {
            $(
                $(#[doc = $doc])+
                pub fn $new(message: impl Into<String>) -> Self {
                    Self::new(ErrorKind::$kind, message)
                }
            )+
        }
    };
}

kinds! {
    /// The token is missing or unknown: HTTP 401.
    Unauthorized unauthorized UNAUTHORIZED CLIENT_ERROR,
    /// The partner may not do that, whatever it sends: HTTP 200 and 2000.
    Forbidden forbidden OK CLIENT_ERROR,
    /// A quota of the partner is used up: HTTP 403.
    OverQuota over_quota FORBIDDEN CLIENT_ERROR,
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
    /// The request conflicts with the stored state: HTTP 409.
    Conflict conflict CONFLICT CLIENT_ERROR,
    /// The body is not JSON: HTTP 400.
    BadRequest bad_request BAD_REQUEST INVALID_PARAMETERS,
    /// The body is larger than the limit: HTTP 413.
    TooLarge too_large PAYLOAD_TOO_LARGE CLIENT_ERROR,
    /// The body has an encoding that is not read: HTTP 415.
    UnsupportedMediaType unsupported_media_type UNSUPPORTED_MEDIA_TYPE INVALID_PARAMETERS,
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
    /// The server cannot do this at all: HTTP 501 and 3000.
    NotImplemented not_implemented NOT_IMPLEMENTED SERVER_ERROR,
    /// The server cannot do this now: HTTP 503 and 3000.
    Unavailable unavailable SERVICE_UNAVAILABLE SERVER_ERROR,
    /// The partner's endpoints could not be used: 3001.
    CannotUseClientApi cannot_use_client_api OK CANNOT_USE_CLIENT_API,
    /// The partner does not have the version: 3002.
    UnsupportedVersion unsupported_version OK UNSUPPORTED_VERSION,
    /// The partner lacks endpoints: 3003.
    NoMatchingEndpoints no_matching_endpoints OK NO_MATCHING_ENDPOINTS,
    /// A hub cannot pass the message on: 4000.
    Hub hub OK HUB_ERROR,
    /// A hub does not know the receiver: 4001.
    UnknownReceiver unknown_receiver OK UNKNOWN_RECEIVER,
    /// A hub got no answer from the receiver in time: 4002.
    ForwardTimeout forward_timeout OK FORWARD_TIMEOUT,
    /// The receiver is not connected to the hub: 4003.
    ReceiverNotConnected receiver_not_connected OK RECEIVER_NOT_CONNECTED,
}

impl Error {
    /// Creates an error with a message for the partner.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            http: None,
            ocpi: None,
            retry_after: None,
            source: None,
            allowed: None,
            data: ErrorData::default(),
        }
    }

    /// Creates the error of a server failure, whose source is not shown to the partner: 3000.
    pub fn failed(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::internal("the server failed").with_source(source)
    }

    /// Creates the error that another operation is in progress: 3000, to be repeated after some seconds.
    ///
    /// ```
    /// use ocpi_server_traits::Error;
    /// let busy = Error::busy("another registration is under way", 5);
    /// assert_eq!((busy.status_code().get(), busy.retry_after()), (3000, Some(5)));
    /// ```
    pub fn busy(message: impl Into<String>, retry_after: u32) -> Self {
        Self::internal(message).with_retry_after(retry_after)
    }

    /// Sets the cause, for the operator and not for the partner.
    #[must_use]
    pub fn with_source(self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { source: Some(source.into()), ..self }
    }

    /// Sets an HTTP status other than that of the kind.
    #[must_use]
    pub fn with_http_status(self, http: http::StatusCode) -> Self {
        Self { http: Some(http), ..self }
    }

    /// Sets an OCPI status other than that of the kind.
    #[must_use]
    pub fn with_status_code(self, ocpi: StatusCode) -> Self {
        Self { ocpi: Some(ocpi), ..self }
    }

    /// Sets `data`, in addition to the status: for example a `CommandResponse` with `REJECTED` for 2003, unknown
    /// location. It is written in the partner's version, and left out if that cannot express it, or if the router
    /// refuses the request before a handler runs.
    ///
    /// ```
    /// use ocpi_server_traits::{Caller, Error, Handle};
    /// use ocpi_types::v2_3_0::commands::{CommandResponse, CommandResponseInit, CommandResponseType, StopSession};
    ///
    /// struct Closed;
    ///
    /// impl Handle<StopSession> for Closed {
    ///     async fn handle(&self, _: &Caller, _: StopSession) -> Result<CommandResponse, Error> {
    ///         let rejected = CommandResponseInit { result: CommandResponseType::Rejected, timeout: 0 }.build();
    ///         Err(Error::invalid("the depot is closed").with_data(rejected))
    ///     }
    /// }
    /// ```
    #[must_use]
    pub fn with_data(self, data: impl Reply + Sync) -> Self {
        Self { data: ErrorData::of(data), ..self }
    }

    /// Writes its data for a partner.
    pub(crate) fn write_data(&mut self, wire: &Encoding<'_>) {
        self.data.write(wire);
    }

    /// Returns its data, once it is written.
    pub(crate) fn data(&self) -> Option<&[u8]> {
        self.data.written()
    }

    /// Sets the number of seconds after which the request may be repeated: the header `Retry-After`.
    #[must_use]
    pub fn with_retry_after(self, seconds: u32) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }

    /// Returns its kind.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Returns the HTTP status of the answer.
    pub fn http_status(&self) -> http::StatusCode {
        self.http.unwrap_or(self.kind.http_status())
    }

    /// Returns the OCPI status of the answer.
    pub fn status_code(&self) -> StatusCode {
        self.ocpi.unwrap_or(self.kind.status_code())
    }

    /// Returns the number of seconds after which the request may be repeated: the header `Retry-After`.
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

    /// Whether the server is at fault rather than the partner: 3000.
    pub fn is_internal(&self) -> bool {
        self.kind == ErrorKind::Internal
    }

    /// Whether the object, location or token does not exist.
    pub fn is_not_found(&self) -> bool {
        matches!(self.kind, ErrorKind::NotFound | ErrorKind::UnknownLocation | ErrorKind::UnknownToken)
    }

    /// Whether the token is unknown, or the partner lacks permission.
    pub fn is_refused(&self) -> bool {
        matches!(self.kind, ErrorKind::Unauthorized | ErrorKind::Forbidden)
    }

    /// Whether the request conflicts with the stored state.
    pub fn is_conflict(&self) -> bool {
        self.kind == ErrorKind::Conflict
    }

    /// Whether the request is invalid: HTTP 400, 2001 or 2002.
    pub fn is_invalid(&self) -> bool {
        use ErrorKind::{BadRequest, Invalid, NotEnoughInformation};
        matches!(self.kind, BadRequest | Invalid | NotEnoughInformation)
    }

    /// Whether the same request may succeed later.
    pub fn is_temporary(&self) -> bool {
        use ErrorKind::{ForwardTimeout, TooManyRequests, Unavailable};
        self.retry_after.is_some() || matches!(self.kind, TooManyRequests | Unavailable | ForwardTimeout)
    }
}

/// A text that the store cannot hold is the partner's fault (2001), everything else is ours (3000); if others hold what is
/// asked for, the partner is told to try again.
impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        let answer = match error.kind() {
            StoreErrorKind::Refused => {
                Self::invalid("the object cannot be stored: too large, or a text with NUL")
            }
            StoreErrorKind::Busy => Self::busy("the storage is busy", 1),
            _ => Self::internal("the storage failed"),
        };
        answer.with_source(error)
    }
}

impl From<UpdateError<Self>> for Error {
    fn from(error: UpdateError<Self>) -> Self {
        match error {
            UpdateError::Store(error) => error.into(),
            UpdateError::Rejected(error) => error,
            UpdateError::Aborted => {
                Self::internal("a change was given up").with_source(UpdateError::<Self>::Aborted)
            }
        }
    }
}

impl From<LeaseError> for Error {
    fn from(error: LeaseError) -> Self {
        match error {
            LeaseError::Store(error) => error.into(),
            held => Self::internal("another node does this at the moment").with_source(held),
        }
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
        let answer = if http == http::StatusCode::BAD_REQUEST {
            Self::bad_request(message)
        } else {
            Self::invalid(message)
        };
        answer.with_source(error)
    }
}

/// An error of any type: the partner is told that the server failed (3000), and not why.
impl From<Box<dyn StdError + Send + Sync>> for Error {
    fn from(source: Box<dyn StdError + Send + Sync>) -> Self {
        Self::failed(source)
    }
}
