//! Cause of a change.

use std::fmt;

use bytes::Bytes;
use ocpi_types::protocol::PartnerId;

use crate::Caller;

/// Mark of a cause, behind its kind: the object is in the account of the partner.
const COUNTED: &str = " counted";

/// Cause of the newest change of an object, stored with the object.
///
/// ```
/// use ocpi_server_traits::Cause;
/// let cause = Cause::Push { partner: "cpo".parse()?, request_id: Some("r-1".to_owned()) };
/// assert_eq!(Cause::from_bytes(&cause.to_bytes()), Some(cause));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Cause {
    /// A push of a partner.
    Push {
        /// The partner.
        partner: PartnerId,
        /// The id of its request.
        request_id: Option<String>,
    },
    /// A list of the partner.
    Sync(PartnerId),
    /// A look-up at the partner.
    LookUp(PartnerId),
    /// The application itself.
    Here,
}

/// `pushed by cpo`, `sync with cpo`, `look-up at cpo`, or `the application`.
impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Push { partner, .. } => write!(f, "pushed by {}", partner.as_str()),
            Self::Sync(partner) => write!(f, "sync with {}", partner.as_str()),
            Self::LookUp(partner) => write!(f, "look-up at {}", partner.as_str()),
            Self::Here => f.write_str("the application"),
        }
    }
}

impl Cause {
    /// Creates the cause for a push of a caller.
    pub fn push(caller: &Caller) -> Self {
        Self::Push { partner: caller.partner.id.clone(), request_id: caller.request_id.clone() }
    }

    /// Returns the partner from which the change came.
    pub fn partner(&self) -> Option<&PartnerId> {
        match self {
            Self::Push { partner, .. } | Self::Sync(partner) | Self::LookUp(partner) => Some(partner),
            Self::Here => None,
        }
    }

    /// Returns the cause as bytes, with the flag of an object that counts towards its partner's quota. The
    /// application's own is empty.
    pub fn to_bytes(&self) -> Bytes {
        let text = match self {
            Self::Push { partner, request_id: None } => format!("push{COUNTED}\n{}", partner.as_str()),
            Self::Push { partner, request_id: Some(id) } => {
                format!("push{COUNTED}\n{}\n{id}", partner.as_str())
            }
            Self::Sync(partner) => format!("sync{COUNTED}\n{}", partner.as_str()),
            Self::LookUp(partner) => format!("look_up{COUNTED}\n{}", partner.as_str()),
            Self::Here => String::new(),
        };
        text.into()
    }

    /// Reads a cause written by [`Cause::to_bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let mut lines = text.splitn(3, '\n');
        let kind = lines.next()?;
        if kind.is_empty() {
            return Some(Self::Here);
        }
        let partner = lines.next()?.parse().ok()?;
        match kind.strip_suffix(COUNTED).unwrap_or(kind) {
            "push" => Some(Self::Push { partner, request_id: lines.next().map(str::to_owned) }),
            "sync" => Some(Self::Sync(partner)),
            "look_up" => Some(Self::LookUp(partner)),
            _ => None,
        }
    }

    /// Whether the object with this cause is in the account of its partner. Those of a time without accounts are not.
    pub(super) fn is_counted(bytes: &[u8]) -> bool {
        bytes.split(|byte| *byte == b'\n').next().is_some_and(|kind| kind.ends_with(COUNTED.as_bytes()))
    }
}
