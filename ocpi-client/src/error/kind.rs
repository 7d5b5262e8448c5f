//! Kinds of errors.

use ocpi_types::convert::ConversionError;
use ocpi_types::json;
use ocpi_types::protocol::StatusCode;

use crate::TransportError;
use crate::paging::Stop;

/// Kind of an [`Error`](crate::Error).
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The partner does not offer the endpoint. Nothing was sent.
    NotOffered,
    /// An id or a URL that no request can carry. Nothing was sent.
    Unsendable,
    /// A URL of a host that the partner did not register. Nothing was sent.
    ForeignUrl,
    /// No answer came: [`TransportError`] is the source.
    Transport,
    /// The partner answered with something other than a success.
    Refused,
    /// The answer is no OCPI, or its data is not that of the endpoint.
    Unreadable,
    /// The message cannot be expressed in the version of the partner, or in that of the application's types.
    Version,
    /// The platforms have no version in common.
    NoCommonVersion,
    /// The partner contradicts itself while it registers.
    Handshake,
    /// A list does not end within its budget, or repeats a page.
    Budget,
}

/// Kind of an error, with its details: neither `Debug` nor `Display` shows a body, a token, a URL or a partner's words.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Kind {
    #[error("the partner does not offer this endpoint")]
    NoEndpoint,
    #[error("an id or a URL that no request can carry")]
    Unsendable,
    #[error("the URL leads to a host that the partner did not register")]
    ForeignUrl,
    #[error("the partner answered {code} (HTTP {})", http.as_u16())]
    Status { code: StatusCode, http: http::StatusCode },
    #[error("the partner answered HTTP {}", .0.as_u16())]
    Http(http::StatusCode),
    #[error("the answer is not OCPI (HTTP {}): {cause}", http.as_u16())]
    NotOcpi {
        http: http::StatusCode,
        #[source]
        cause: json::Error,
    },
    #[error("data: {0}")]
    Data(#[source] json::Error),
    #[error("{0}")]
    Version(#[source] ConversionError),
    #[error("no answer: {0}")]
    Transport(#[source] TransportError),
    #[error("the platforms have no version in common")]
    NoCommonVersion,
    #[error("{0}")]
    Handshake(&'static str),
    #[error("{0}")]
    Paging(Stop),
}

impl Kind {
    pub(super) fn public(&self) -> ErrorKind {
        match self {
            Self::NoEndpoint => ErrorKind::NotOffered,
            Self::Unsendable => ErrorKind::Unsendable,
            Self::ForeignUrl => ErrorKind::ForeignUrl,
            Self::Status { .. } | Self::Http(_) => ErrorKind::Refused,
            Self::NotOcpi { .. } | Self::Data(_) => ErrorKind::Unreadable,
            Self::Version(_) => ErrorKind::Version,
            Self::Transport(_) => ErrorKind::Transport,
            Self::NoCommonVersion => ErrorKind::NoCommonVersion,
            Self::Handshake(_) => ErrorKind::Handshake,
            Self::Paging(_) => ErrorKind::Budget,
        }
    }

    /// The step to take, where one is clear.
    pub(super) fn advice(&self) -> Option<&'static str> {
        match self {
            Self::NoEndpoint => Some("ask for its version details again, or do without"),
            Self::Unsendable => Some("ids must not be empty, `.` or `..`, and URLs need a host"),
            Self::ForeignUrl => Some("no token is sent there; the partner has to register the host"),
            Self::NoCommonVersion => Some("allow another version, or ask the partner for one"),
            Self::Paging(Stop::Repeats | Stop::Link) => {
                Some("tell the partner; the list cannot be read to its end")
            }
            Self::Paging(_) => Some("raise the budget, or ask for less at a time"),
            _ => None,
        }
    }
}
