//! Kinds of errors.

use ocpi_types::convert::ConversionError;
use ocpi_types::protocol::StatusCode;
use ocpi_types::{Url, json};

use super::excerpt::BodyForm;
use crate::TransportError;
use crate::paging::Stop;

/// Kind of an [`Error`](crate::Error).
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The partner does not offer the endpoint. Nothing was sent.
    NotOffered,
    /// An id or a URL is not valid in a request. Nothing was sent.
    Unsendable,
    /// A URL has a host that the partner did not register. Nothing was sent.
    ForeignUrl,
    /// There is no answer: [`TransportError`] is the source.
    Transport,
    /// The partner answered with something other than a success.
    Refused,
    /// The answer is not OCPI, or its data does not have the endpoint's type.
    Unreadable,
    /// The partner's version, or that of the application's types, cannot express the message.
    Version,
    /// The platforms have no version in common.
    NoCommonVersion,
    /// The partner contradicts itself during registration.
    Handshake,
    /// A list exceeds its budget, or repeats a page.
    Budget,
}

/// Kind of an error, with its details: neither `Debug` nor `Display` shows a body, a token, the path of a URL or a partner's
/// words.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Kind {
    #[error("the partner does not offer this endpoint")]
    NoEndpoint,
    #[error("an id or a URL that no request can carry")]
    Unsendable,
    #[error(
        "the URL leads to {0}, and requests go only to hosts of the endpoints and versions that the partner registered"
    )]
    ForeignUrl(String),
    #[error("the partner answered {code} (HTTP {})", http.as_u16())]
    Status { code: StatusCode, http: http::StatusCode },
    #[error("the partner answered HTTP {}{}", http.as_u16(), told_with(*http, *form))]
    Http { http: http::StatusCode, form: BodyForm },
    #[error("{} (HTTP {}){}", form.told().unwrap_or("the answer is not OCPI"), http.as_u16(), cause_of(*form, cause))]
    NotOcpi {
        http: http::StatusCode,
        form: BodyForm,
        #[source]
        cause: json::Error,
    },
    #[error("data: {0}")]
    Data(#[source] json::Error),
    #[error("{0}")]
    Version(#[source] ConversionError),
    #[error("no answer: {0}")]
    Transport(#[source] TransportError),
    #[error("the platforms have no version in common: the partner offers {0}")]
    NoCommonVersion(String),
    #[error("{0}")]
    Handshake(&'static str),
    #[error("{0}")]
    Paging(Stop),
}

/// The rest of the text about an answer without OCPI's status.
fn told_with(http: http::StatusCode, form: BodyForm) -> String {
    match form.told() {
        Some(form) => format!(": {form}"),
        None if http.is_success() => ": it does not say that it did what was asked".to_owned(),
        None => String::new(),
    }
}

/// The cause, where it says more than the form of the body.
fn cause_of(form: BodyForm, cause: &json::Error) -> String {
    if form.told().is_some() { String::new() } else { format!(": {cause}") }
}

impl Kind {
    /// The platforms have none of these versions in common. The partner's words are shown if they look like versions.
    pub(crate) fn no_common_version<'a>(offered: impl Iterator<Item = &'a str>) -> Self {
        const MOST: usize = 8;
        let is_version = |text: &&str| {
            let is_one = |c: char| c.is_ascii_digit() || ".-d".contains(c);
            text.len() <= 10 && text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(is_one)
        };
        let (known, odd): (Vec<&str>, Vec<&str>) = offered.partition(is_version);
        let more = odd.len() + known.len().saturating_sub(MOST);
        let mut told: Vec<String> = known.into_iter().take(MOST).map(str::to_owned).collect();
        if more > 0 {
            told.push(if told.is_empty() { format!("{more} unknown") } else { format!("{more} more") });
        }
        Self::NoCommonVersion(match told.as_slice() {
            [] => "none".to_owned(),
            [one] => format!("{one} only"),
            [first @ .., last] => format!("{} and {last}", first.join(", ")),
        })
    }

    /// A URL leads to a host that the partner did not register.
    pub(crate) fn foreign_url(url: &Url) -> Self {
        const MOST: usize = 100;
        let origin = url.parse().map(|url| url.origin().ascii_serialization()).unwrap_or_default();
        let is_plain = origin.len() <= MOST && origin.bytes().all(|byte| byte.is_ascii_graphic());
        let is_shown = is_plain && !origin.is_empty();
        Self::ForeignUrl(if is_shown { format!("`{origin}`") } else { "another host".to_owned() })
    }

    pub(super) fn public(&self) -> ErrorKind {
        match self {
            Self::NoEndpoint => ErrorKind::NotOffered,
            Self::Unsendable => ErrorKind::Unsendable,
            Self::ForeignUrl(_) => ErrorKind::ForeignUrl,
            Self::Status { .. } | Self::Http { .. } => ErrorKind::Refused,
            Self::NotOcpi { .. } | Self::Data(_) => ErrorKind::Unreadable,
            Self::Version(_) => ErrorKind::Version,
            Self::Transport(_) => ErrorKind::Transport,
            Self::NoCommonVersion(_) => ErrorKind::NoCommonVersion,
            Self::Handshake(_) => ErrorKind::Handshake,
            Self::Paging(_) => ErrorKind::Budget,
        }
    }

    /// The step to take, where one is clear.
    pub(super) fn advice(&self) -> Option<&'static str> {
        match self {
            Self::NoEndpoint => Some("ask for its version details again, or do without"),
            Self::Unsendable => Some("ids must not be empty, `.` or `..`, and URLs need a host"),
            Self::ForeignUrl(_) => Some("no token is sent there; the partner has to register the host"),
            Self::NoCommonVersion(_) => Some("allow another version, or ask the partner for one"),
            Self::Paging(Stop::Repeats | Stop::Link) => {
                Some("tell the partner; the list cannot be read to its end")
            }
            Self::Paging(_) => Some("raise the budget, or ask for less at a time"),
            _ => None,
        }
    }
}
