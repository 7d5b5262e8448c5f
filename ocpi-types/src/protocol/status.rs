//! OCPI's own status codes.

use std::fmt;

/// Status code in the envelope of an answer.
///
/// Spec: 2.2.1 status_codes §status_codes
///
/// ```
/// use ocpi_types::protocol::StatusCode;
/// assert!(StatusCode::SUCCESS.is_success());
/// assert!(StatusCode::new(1900).is_success(), "the first digit decides");
/// assert!(StatusCode::UNKNOWN_LOCATION.is_client_error());
/// assert_eq!(StatusCode::UNKNOWN_LOCATION.to_string(), "2003 unknown location");
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct StatusCode(u16);

impl StatusCode {
    /// Success.
    pub const SUCCESS: Self = Self(1000);
    /// Generic client error.
    pub const CLIENT_ERROR: Self = Self(2000);
    /// Invalid or missing parameters.
    pub const INVALID_PARAMETERS: Self = Self(2001);
    /// Not enough information in the request.
    pub const NOT_ENOUGH_INFORMATION: Self = Self(2002);
    /// Unknown Location, EVSE or Connector.
    pub const UNKNOWN_LOCATION: Self = Self(2003);
    /// Unknown Token.
    pub const UNKNOWN_TOKEN: Self = Self(2004);
    /// Generic server error.
    pub const SERVER_ERROR: Self = Self(3000);
    /// Unable to use the client's API.
    pub const CANNOT_USE_CLIENT_API: Self = Self(3001);
    /// Unsupported version.
    pub const UNSUPPORTED_VERSION: Self = Self(3002);
    /// No matching endpoints.
    pub const NO_MATCHING_ENDPOINTS: Self = Self(3003);
    /// Generic hub error.
    pub const HUB_ERROR: Self = Self(4000);
    /// Unknown receiver: not known to the hub.
    pub const UNKNOWN_RECEIVER: Self = Self(4001);
    /// Timeout on a request that the hub forwarded.
    pub const FORWARD_TIMEOUT: Self = Self(4002);
    /// The receiver is not connected to the hub.
    pub const RECEIVER_NOT_CONNECTED: Self = Self(4003);

    /// Creates a status code from any number.
    pub const fn new(code: u16) -> Self {
        Self(code)
    }

    /// Returns the number.
    pub const fn get(self) -> u16 {
        self.0
    }

    /// Whether the code is `1xxx`.
    pub const fn is_success(self) -> bool {
        self.0 / 1000 == 1
    }

    /// Whether the code is `2xxx`.
    pub const fn is_client_error(self) -> bool {
        self.0 / 1000 == 2
    }

    /// Whether the code is `3xxx`.
    pub const fn is_server_error(self) -> bool {
        self.0 / 1000 == 3
    }

    /// Whether the code is `4xxx`: a hub could not forward the message.
    pub const fn is_hub_error(self) -> bool {
        self.0 / 1000 == 4
    }

    /// Meaning of the code, for people.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::SUCCESS => "success",
            Self::INVALID_PARAMETERS => "invalid or missing parameters",
            Self::NOT_ENOUGH_INFORMATION => "not enough information",
            Self::UNKNOWN_LOCATION => "unknown location",
            Self::UNKNOWN_TOKEN => "unknown token",
            Self::CANNOT_USE_CLIENT_API => "cannot use the client's API",
            Self::UNSUPPORTED_VERSION => "unsupported version",
            Self::NO_MATCHING_ENDPOINTS => "no matching endpoints",
            Self::UNKNOWN_RECEIVER => "unknown receiver",
            Self::FORWARD_TIMEOUT => "no answer to the forwarded request",
            Self::RECEIVER_NOT_CONNECTED => "receiver not connected",
            Self(1000..2000) => "success",
            Self(2000..3000) => "client error",
            Self(3000..4000) => "server error",
            Self(4000..5000) => "hub error",
            Self(_) => "not a code of OCPI",
        }
    }
}

impl fmt::Display for StatusCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0, self.meaning())
    }
}
