//! The record of a partner: its state, and the tokens of both directions.

use ocpi_server_traits::Permissions;
use ocpi_types::protocol::PartnerProfile;
use ocpi_types::{CredentialsToken, DateTime, Role, Url, Version};

use super::TokenHash;

/// State of a partner.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum PartnerState {
    /// We gave the partner token A, and it has not registered yet.
    Invited,
    /// We sent the partner our credentials (POST), and do not know the outcome yet.
    Registering,
    /// Both directions work.
    Registered,
    /// Credentials are exchanged, and await [`Platform::approve`](crate::Platform::approve).
    Pending,
    /// Our DELETE has not been delivered yet.
    Leaving,
    /// The registration has ended. The partner's parties stay reserved.
    Left,
}

impl PartnerState {
    pub(crate) const ALL: [Self; 6] =
        [Self::Invited, Self::Registering, Self::Registered, Self::Pending, Self::Leaving, Self::Left];

    /// Returns the name, in lower case.
    ///
    /// ```
    /// use ocpi_platform::PartnerState;
    /// assert_eq!(PartnerState::Registered.as_str(), "registered");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Registering => "registering",
            Self::Registered => "registered",
            Self::Pending => "pending",
            Self::Leaving => "leaving",
            Self::Left => "left",
        }
    }
}

/// The record of a partner that is read in each of its requests. It is small whatever the partner sends: its roles and
/// endpoints stand in a document of their own, of which this has the number.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Record {
    pub(crate) id: String,
    pub(crate) state: PartnerState,
    /// Time of the last change of the state.
    pub(crate) since: DateTime,
    /// The token by which we know the partner: token A until it is registered.
    pub(crate) current: Option<TokenHash>,
    /// Whether the partner has used it.
    pub(crate) confirmed: bool,
    /// End of the invitation.
    pub(crate) expires: Option<DateTime>,
    /// A token that we offered in an exchange that the partner's own has overtaken. It is good until the partner uses
    /// one of ours.
    pub(crate) kept: Option<TokenHash>,
    pub(crate) superseded: Option<Superseded>,
    /// The token by which the partner knows us: the last one that it gave us.
    pub(crate) out: Option<CredentialsToken>,
    /// The one before, until ours is confirmed.
    pub(crate) out_before: Option<CredentialsToken>,
    /// The exchange that we began and that has no answer yet.
    pub(crate) exchange: Option<Exchange>,
    /// Whether the partner may be locked out: it refused `out`, or came with a token of ours that is dead.
    pub(crate) suspect: bool,
    /// Tries of the first use of `out`, by which the partner knows that we hold it; `None` once it was used.
    pub(crate) unproved: Option<Attempts>,
    /// Time of the last rotation that was to heal it.
    pub(crate) healed: Option<DateTime>,
    /// Time of the next DELETE while it leaves, and the number of those before.
    pub(crate) delete: Option<Attempts>,
    pub(crate) contact: Option<Contact>,
    /// Its deviations, as far as they are known: also before it is registered.
    pub(crate) profile: PartnerProfile,
    /// Its roles, each once, by which it may use our modules.
    pub(crate) roles: Vec<Role>,
    /// Permissions beyond those of its roles.
    pub(crate) permissions: Permissions,
    /// Number of the document that has its parties and endpoints.
    pub(crate) details: u64,
}

/// A token that the partner has replaced. The very request that did so may come again, since its answer may have been
/// lost.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Superseded {
    pub(crate) token: TokenHash,
    pub(crate) method: Method,
    /// Hash of version, token B and URL.
    pub(crate) request: TokenHash,
    /// The answer: token C.
    pub(crate) answer: CredentialsToken,
    pub(crate) until: DateTime,
}

/// An exchange that we began: the same request is sent until it is settled.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Exchange {
    pub(crate) method: Method,
    /// The token that it is sent with.
    pub(crate) with: CredentialsToken,
    /// The token that it offers (token B), good from the moment before it is sent.
    pub(crate) offered: Issued,
    /// The URL of the partner's versions.
    pub(crate) url: Url,
    /// Time of the next try.
    pub(crate) attempts: Attempts,
    /// Number of times in succession that the partner did not know the token.
    pub(crate) refusals: u32,
}

/// Tries of a request, and the time of the next one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Attempts {
    pub(crate) count: u32,
    pub(crate) next: DateTime,
}

/// A token that we made, with its hash.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Issued {
    pub(crate) token: CredentialsToken,
    pub(crate) hash: TokenHash,
}

/// The method by which credentials are sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Method {
    Post,
    Put,
}

/// Version and URL of a partner.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Contact {
    pub(crate) versions_url: Url,
    pub(crate) version: Version,
}

impl Record {
    /// The record of a partner of which nothing is known.
    pub(crate) fn new(id: &str, now: DateTime) -> Self {
        Self {
            id: id.to_owned(),
            state: PartnerState::Left,
            since: now,
            current: None,
            confirmed: false,
            expires: None,
            kept: None,
            superseded: None,
            out: None,
            out_before: None,
            exchange: None,
            suspect: false,
            unproved: None,
            healed: None,
            delete: None,
            contact: None,
            profile: PartnerProfile::strict(),
            roles: Vec::new(),
            permissions: Permissions::default(),
            details: 0,
        }
    }

    /// The record in another state.
    pub(super) fn into_state(self, state: PartnerState, now: DateTime) -> Self {
        let since = if self.state == state { self.since } else { now };
        Self { state, since, ..self }
    }

    /// Whether it has a registration, approved or not.
    pub(crate) fn is_registered(&self) -> bool {
        matches!(self.state, PartnerState::Registered | PartnerState::Pending)
    }

    /// The token that requests to the partner are sent with: `out`, or the one before while a rotation is tried with that.
    pub(crate) fn in_use(&self) -> Option<&CredentialsToken> {
        let tried = self.exchange.as_ref().filter(|open| open.method == Method::Put).map(|open| &open.with);
        tried.filter(|tried| self.out_before.as_ref() == Some(tried)).or(self.out.as_ref())
    }

    /// The hash of the token that our open exchange offers.
    pub(super) fn offered(&self) -> Option<TokenHash> {
        self.exchange.as_ref().map(|exchange| exchange.offered.hash)
    }
}

impl Attempts {
    /// Seconds between two tries, at most: without and with chance.
    const LONGEST: i64 = 600;
    pub(super) const LONGEST_WAIT: i64 = Self::LONGEST + Self::LONGEST / 2;

    /// Before the first try.
    pub(crate) fn none(now: DateTime) -> Self {
        Self { count: 0, next: now }
    }

    /// After one more try: 1 s, 2 s … 10 min, and up to half as much again by chance. `chance` is any number.
    pub(crate) fn again(self, now: DateTime, chance: u32) -> Self {
        let wait = 1_i64
            .checked_shl(self.count)
            .filter(|wait| *wait > 0)
            .unwrap_or(Self::LONGEST)
            .min(Self::LONGEST);
        let extra = i64::from(chance) % (wait / 2 + 1);
        Self { count: self.count.saturating_add(1), next: later(now, wait + extra) }
    }
}

/// A time some seconds later; the end of time has no later.
pub(crate) fn later(now: DateTime, seconds: i64) -> DateTime {
    now.checked_add_seconds(seconds).unwrap_or(now)
}
