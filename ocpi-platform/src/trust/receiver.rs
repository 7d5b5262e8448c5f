//! Requests in which a partner sends its credentials, or uses a token.

use ocpi_types::{CredentialsToken, DateTime};

use super::record::Attempts;
use super::rights::Access;
use super::rights::TokenKind;
use super::{Issued, Method, PartnerState, Record, Superseded, TokenHash};

/// Credentials that a partner sends with POST or PUT.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Offer {
    pub(crate) method: Method,
    /// The token that they came with.
    pub(crate) with: TokenHash,
    /// Hash of version, token B and URL.
    pub(crate) request: TokenHash,
}

/// Outcome of credentials that came.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Received {
    /// The same request arrived before: it gets the same answer, without a call back.
    Repeat(CredentialsToken),
    /// The partner is called back. A record, if given, is stored before that: the request counts as a use of the token.
    CallBack(Option<Box<Record>>),
    /// HTTP 405.
    NotNow,
    /// HTTP 401.
    Dead,
}

/// Results of a call back.
#[derive(Clone, Debug)]
pub(crate) struct Accepted {
    /// The token that the partner gets (token C).
    pub(crate) token: Issued,
    /// The token that it gave us (token B).
    pub(crate) out: CredentialsToken,
    /// Whether it has to be approved first.
    pub(crate) is_held: bool,
    /// End of the time in which the same request may come again.
    pub(crate) repeat_until: DateTime,
}

impl Record {
    /// Takes credentials of the partner.
    pub(crate) fn receives(&self, offer: &Offer, now: DateTime) -> Received {
        let rights = self.rights_of(&offer.with, now);
        let access = match offer.method {
            Method::Post => rights.post,
            Method::Put => rights.put,
        };
        match access {
            Access::Yes => Received::CallBack(self.before_call_back(offer)),
            Access::NotNow => Received::NotNow,
            Access::Repeat => match &self.superseded {
                Some(known) if known.method == offer.method && known.request == offer.request => {
                    Received::Repeat(known.answer.clone())
                }
                _ => Received::Dead,
            },
            Access::No | Access::Awaits => Received::Dead,
        }
    }

    fn before_call_back(&self, offer: &Offer) -> Option<Box<Self>> {
        let is_use = offer.method == Method::Put && self.state == PartnerState::Registered;
        is_use.then(|| self.used(&offer.with)).flatten().map(Box::new)
    }

    /// Commits credentials after the call back. The record must be the one that was stored before it.
    ///
    /// A token that we offered stays good until the partner has used one of ours: it may have committed either.
    pub(crate) fn accepted(self, offer: &Offer, with: Accepted, now: DateTime) -> Self {
        let Accepted { token, out, is_held, repeat_until } = with;
        let state = if is_held || self.state == PartnerState::Pending {
            PartnerState::Pending
        } else {
            PartnerState::Registered
        };
        let superseded = Superseded {
            token: offer.with,
            method: offer.method,
            request: offer.request,
            answer: token.token,
            until: repeat_until,
        };
        Self {
            current: Some(token.hash),
            confirmed: false,
            expires: None,
            kept: self.offered().filter(|offered| *offered != offer.with),
            superseded: Some(superseded),
            out_before: self.out.clone().filter(|_| offer.method == Method::Put),
            out: Some(out),
            exchange: None,
            suspect: false,
            unproved: Some(Attempts::none(now)),
            ..self.into_state(state, now)
        }
    }

    /// The record after a use of a token outside a call back: it shows which of our tokens the partner holds, and all
    /// others die. `None` if that is known already.
    pub(crate) fn used(&self, token: &TokenHash) -> Option<Self> {
        if !self.is_registered() {
            return None;
        }
        if !matches!(self.kind_of(token), TokenKind::Current | TokenKind::Kept | TokenKind::Offered) {
            return None;
        }
        // Whoever has our last answer knows the token that it gave us last; else an open exchange may still need the one
        // before.
        let has_answer = self.current == Some(*token) && !self.confirmed;
        let next = Self {
            current: Some(*token),
            confirmed: true,
            kept: None,
            superseded: None,
            out_before: self.out_before.clone().filter(|_| self.exchange.is_some() && !has_answer),
            ..self.clone()
        };
        (next != *self).then_some(next)
    }

    /// The record after the partner came with a token that is dead: it may be locked out. `None` if that is known.
    pub(crate) fn used_dead_token(&self) -> Option<Self> {
        let is_news = self.state == PartnerState::Registered && !self.suspect;
        is_news.then(|| Self { suspect: true, ..self.clone() })
    }
}
