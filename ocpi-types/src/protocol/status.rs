//! OCPI's own status codes.

use std::fmt;

/// A status code of an answer's envelope.
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
    /// Done.
    pub const SUCCESS: Self = Self(1000);
    /// The request is at fault, in no way listed below.
    pub const CLIENT_ERROR: Self = Self(2000);
    /// Parameters or members are missing or wrong.
    pub const INVALID_PARAMETERS: Self = Self(2001);
    /// The request does not say enough.
    pub const NOT_ENOUGH_INFORMATION: Self = Self(2002);
    /// The location, EVSE or connector is not known.
    pub const UNKNOWN_LOCATION: Self = Self(2003);
    /// The token is not known.
    pub const UNKNOWN_TOKEN: Self = Self(2004);
    /// The server is at fault, in no way listed below.
    pub const SERVER_ERROR: Self = Self(3000);
    /// The server could not use the client's API.
    pub const CANNOT_USE_CLIENT_API: Self = Self(3001);
    /// The version is not supported.
    pub const UNSUPPORTED_VERSION: Self = Self(3002);
    /// No matching endpoints.
    pub const NO_MATCHING_ENDPOINTS: Self = Self(3003);
    /// A hub is at fault, in no way listed below.
    pub const HUB_ERROR: Self = Self(4000);
    /// The receiver is not known to the hub.
    pub const UNKNOWN_RECEIVER: Self = Self(4001);
    /// The hub got no answer in time.
    pub const FORWARD_TIMEOUT: Self = Self(4002);
    /// The receiver is not connected to the hub.
    pub const RECEIVER_NOT_CONNECTED: Self = Self(4003);

    /// Any code.
    pub const fn new(code: u16) -> Self {
        Self(code)
    }

    /// The number.
    pub const fn get(self) -> u16 {
        self.0
    }

    /// `1xxx`.
    pub const fn is_success(self) -> bool {
        self.0 / 1000 == 1
    }

    /// `2xxx`.
    pub const fn is_client_error(self) -> bool {
        self.0 / 1000 == 2
    }

    /// `3xxx`.
    pub const fn is_server_error(self) -> bool {
        self.0 / 1000 == 3
    }

    /// `4xxx`: a hub could not pass the message on.
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
