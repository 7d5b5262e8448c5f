//! Our exchange of credentials with a partner.

use ocpi_types::{CredentialsToken, DateTime, Url};

use super::record::Attempts;
use super::{Exchange, Issued, Method, PartnerState, Record, TokenHash};

/// Judgement of a partner's answer to our credentials.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Verdict {
    /// The partner is registered.
    Registered,
    /// The operator decides.
    Pending,
    /// The partner is refused: a DELETE ends the registration that it has committed.
    Leaving,
}

impl Record {
    /// With an invitation. One that was open before is no longer good.
    pub(crate) fn invited(self, token: TokenHash, expires: DateTime, now: DateTime) -> Self {
        let (current, expires) = (Some(token), Some(expires));
        Self { current, expires, confirmed: false, ..self.into_state(PartnerState::Invited, now) }
    }

    /// Begins to register (POST) with a token A of the partner. An open invitation stays good.
    pub(crate) fn registering(
        self,
        token_a: CredentialsToken,
        offered: Issued,
        url: Url,
        now: DateTime,
    ) -> Self {
        let exchange = Exchange::new(Method::Post, token_a, offered, url, now);
        Self { exchange: Some(exchange), ..self.into_state(PartnerState::Registering, now) }
    }

    /// Begins to rotate tokens (PUT) with the token in use. `None` where there is none, or an exchange is open: its
    /// token B is repeated until it is settled.
    pub(crate) fn rotating(&self, offered: Issued, now: DateTime) -> Option<Self> {
        if self.state != PartnerState::Registered || self.exchange.is_some() {
            return None;
        }
        let (with, contact) = (self.out.clone()?, self.contact.as_ref()?);
        let exchange = Exchange::new(Method::Put, with, offered, contact.versions_url.clone(), now);
        Some(Self { exchange: Some(exchange), ..self.clone() })
    }

    /// Begins to heal: our answer was never used, or the partner may be locked out. A rotation that is tried with the
    /// token in use, and if the partner does not know that, with the one before in turn.
    pub(crate) fn healing(&self, offered: Issued, now: DateTime) -> Option<Self> {
        Some(Self { suspect: false, healed: Some(now), ..self.rotating(offered, now)? })
    }

    /// Takes the answer to our exchange: its token (token C) is stored whatever the judgement. `None` if the exchange
    /// that offered this token is open no more. A partner that we leave is left whatever it answered.
    pub(crate) fn answered(
        &self,
        offered: &TokenHash,
        token_c: CredentialsToken,
        verdict: Verdict,
        now: DateTime,
    ) -> Option<Self> {
        self.offered().filter(|open| open == offered)?;
        let state = match verdict {
            _ if self.state == PartnerState::Leaving => PartnerState::Leaving,
            Verdict::Registered => PartnerState::Registered,
            Verdict::Pending => PartnerState::Pending,
            Verdict::Leaving => PartnerState::Leaving,
        };
        Some(Self {
            current: Some(*offered),
            // Its call back was no use, but it has answered: it has this token and no other.
            confirmed: true,
            expires: None,
            kept: None,
            superseded: None,
            out: Some(token_c),
            out_before: None,
            exchange: None,
            suspect: self.suspect && state == PartnerState::Leaving,
            unproved: (state != PartnerState::Leaving).then(|| Attempts::none(now)),
            delete: (state == PartnerState::Leaving).then(|| Attempts::none(now)),
            ..self.clone().into_state(state, now)
        })
    }

    /// The exchange had no answer, or another one than success. It stays open and is repeated.
    ///
    /// A rotation that the partner refused twice is tried with the other of the tokens that it may know: `out` and the one
    /// before take turns, and neither is dropped, because a refusal may also be a failure that passes. A partner that
    /// refuses all of them is suspect; if we leave it, the rotation is over, and the DELETE has the last word.
    pub(crate) fn exchange_failed(
        &self,
        offered: &TokenHash,
        is_unauthorized: bool,
        now: DateTime,
        chance: u32,
    ) -> Option<Self> {
        const ENOUGH: u32 = 2;
        self.offered().filter(|open| open == offered)?;
        let mut next = self.clone();
        let exchange = next.exchange.as_mut()?;
        exchange.attempts = exchange.attempts.again(now, chance);
        exchange.refusals = if is_unauthorized { exchange.refusals.saturating_add(1) } else { 0 };
        if exchange.refusals >= ENOUGH {
            let is_last = self.out.as_ref() == Some(&exchange.with);
            let other = if is_last { &self.out_before } else { &self.out };
            let other = other.as_ref().filter(|_| exchange.method == Method::Put);
            let has_refused_all = other.is_none() || (!is_last && self.out_before.is_some());
            if let Some(other) = other {
                exchange.with = other.clone();
                exchange.refusals = 0;
            }
            match self.state {
                PartnerState::Leaving if has_refused_all => next.exchange = None,
                _ => next.suspect |= has_refused_all,
            }
        }
        Some(next)
    }

    /// The record once `out` was used.
    pub(crate) fn proved(&self) -> Option<Self> {
        self.unproved.map(|_| Self { unproved: None, ..self.clone() })
    }

    /// The first use of `out` failed: it is tried again, unless the partner refused it.
    pub(crate) fn use_failed(&self, is_refused: bool, now: DateTime, chance: u32) -> Option<Self> {
        let attempts = self.unproved?;
        if is_refused {
            let suspect = self.suspect || self.state == PartnerState::Registered;
            return Some(Self { unproved: None, suspect, ..self.clone() });
        }
        Some(Self { unproved: Some(attempts.again(now, chance)), ..self.clone() })
    }

    /// Takes the status of an answer to a functional request of ours. `None` if it tells nothing new.
    pub(crate) fn out_was_used(&self, was_accepted: bool) -> Option<Self> {
        let is_news = self.state == PartnerState::Registered && self.suspect == was_accepted;
        is_news.then(|| Self { suspect: !was_accepted, ..self.clone() })
    }
}

impl Exchange {
    fn new(method: Method, with: CredentialsToken, offered: Issued, url: Url, now: DateTime) -> Self {
        Self { method, with, offered, url, attempts: Attempts::none(now), refusals: 0 }
    }
}
