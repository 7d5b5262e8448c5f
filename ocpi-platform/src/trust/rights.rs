//! Rights of each token in each state.

use ocpi_types::DateTime;

use super::{PartnerState, Record, TokenHash};

/// Place of a token in a record.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum TokenKind {
    /// Token A.
    Invitation,
    /// The partner's latest token.
    Current,
    /// A token that we offered in an exchange that the partner's own exchange has overtaken.
    Kept,
    /// The token that our open exchange offers.
    Offered,
    /// A token that the partner has replaced, while the same request may still be repeated.
    Superseded,
    /// A former token of the partner.
    Dead,
}

/// Rights of a token.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Rights {
    /// GET of versions and their details.
    pub(crate) versions: bool,
    /// GET of credentials. The answer has the token that was presented.
    pub(crate) get: Access,
    pub(crate) post: Access,
    pub(crate) put: Access,
    pub(crate) delete: Access,
    /// All other modules.
    pub(crate) functional: Access,
}

/// Access to an endpoint.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Access {
    /// Open.
    Yes,
    /// For the exact repeat of the request that superseded the token.
    Repeat,
    /// HTTP 200 and 2000: the operator has not approved the partner yet.
    Awaits,
    /// HTTP 405: not in this state.
    NotNow,
    /// HTTP 401.
    No,
}

use Access::{Awaits, No, NotNow, Repeat, Yes};
use PartnerState::{Invited, Leaving, Pending, Registered, Registering};
use TokenKind::{Current, Invitation, Kept, Offered};

impl Record {
    /// The place that a token has in the record.
    pub(crate) fn kind_of(&self, token: &TokenHash) -> TokenKind {
        let is = |ours: Option<TokenHash>| ours.is_some_and(|ours| ours == *token);
        if is(self.current) {
            if matches!(self.state, Invited | Registering) { Invitation } else { Current }
        } else if is(self.kept) {
            Kept
        } else if is(self.offered()) {
            Offered
        } else if self.superseded.as_ref().is_some_and(|superseded| superseded.token == *token) {
            TokenKind::Superseded
        } else {
            TokenKind::Dead
        }
    }

    /// The rights of a token at a time.
    pub(crate) fn rights_of(&self, token: &TokenHash, now: DateTime) -> Rights {
        let kind = self.kind_of(token);
        let is_over = match kind {
            Invitation => self.expires.is_some_and(|expires| expires <= now),
            TokenKind::Superseded => self.superseded.as_ref().is_none_or(|known| known.until <= now),
            _ => false,
        };
        if is_over { Rights::NONE } else { Rights::of(kind, self.state) }
    }
}

impl Rights {
    const NONE: Self = Self { versions: false, get: No, post: No, put: No, delete: No, functional: No };

    /// The table of all rights. A PUT of a partner that is `Registering` with us shows that it has committed what it
    /// could not tell: by the letter it would be 405, and a lost answer could never be made good.
    fn of(kind: TokenKind, state: PartnerState) -> Self {
        let row =
            |get, post, put, delete, functional| Self { versions: true, get, post, put, delete, functional };
        match (kind, state) {
            (Invitation, Invited | Registering) => row(Yes, Yes, NotNow, NotNow, No),
            (Offered, Registering) => row(Yes, NotNow, Yes, Yes, No),
            (Current | Kept | Offered, Registered) => row(Yes, NotNow, Yes, Yes, Yes),
            (Current | Kept | Offered, Pending) => row(Yes, NotNow, Yes, Yes, Awaits),
            (TokenKind::Superseded, _) => row(No, Repeat, Repeat, No, No),
            // For the call back of a rotation that is still open.
            (Offered, Leaving) => row(No, NotNow, NotNow, No, No),
            (Current, Leaving) => row(No, NotNow, NotNow, Yes, No),
            _ => Self::NONE,
        }
    }
}
