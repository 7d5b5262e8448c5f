//! Time-dependent work on a record.

use ocpi_types::DateTime;

use super::record::later;
use super::{Attempts, PartnerState, Record, Superseded};

/// Work that is due.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Due {
    /// The invitation has expired, or the time for repeating a request is over.
    Tidy,
    /// Our open exchange has to be sent again.
    Exchange,
    /// A rotation has to repair the registration.
    Heal,
    /// Our DELETE has to be sent again.
    Delete,
    /// The partner's token has to be used for the first time, so that the partner knows that we have it.
    Use,
}

/// Times of the registration, in seconds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Terms {
    /// Least time between two rotations that are to heal a partner.
    pub(crate) heal_every: i64,
    /// Time in which a request may come again.
    pub(crate) repeat_for: i64,
}

/// Whether a time has come. One that is further away than the longest that is ever chosen was stored while the clock was ahead.
fn has_come(time: DateTime, now: DateTime, longest: i64) -> bool {
    time <= now || time > later(now, longest)
}

impl Attempts {
    fn is_due(&self, now: DateTime) -> bool {
        has_come(self.next, now, Self::LONGEST_WAIT)
    }
}

impl Record {
    /// The work that is due now.
    pub(crate) fn due(&self, now: DateTime, terms: &Terms) -> Option<Due> {
        if self.tidied(now, terms).is_some() {
            return Some(Due::Tidy);
        }
        if let Some(exchange) = &self.exchange {
            return exchange.attempts.is_due(now).then_some(Due::Exchange);
        }
        match self.state {
            PartnerState::Leaving => {
                self.delete.is_none_or(|delete| delete.is_due(now)).then_some(Due::Delete)
            }
            PartnerState::Registered if self.needs_healing(now, terms) => Some(Due::Heal),
            PartnerState::Registered | PartnerState::Pending => {
                self.unproved.filter(|unproved| unproved.is_due(now)).map(|_| Due::Use)
            }
            _ => None,
        }
    }

    /// The record without what is over. `None` if nothing is.
    pub(crate) fn tidied(&self, now: DateTime, terms: &Terms) -> Option<Self> {
        if self.state == PartnerState::Invited && self.expires.is_some_and(|expires| expires <= now) {
            return Some(self.clone().left(now));
        }
        let is_past = |superseded: &Superseded| has_come(superseded.until, now, terms.repeat_for);
        let is_over = self.superseded.as_ref().is_some_and(is_past);
        is_over.then(|| Self { superseded: None, ..self.clone() })
    }

    /// Whether our answer was never used though it may not come again, or the partner may be locked out.
    fn needs_healing(&self, now: DateTime, terms: &Terms) -> bool {
        let was_lost = !self.confirmed && self.superseded.is_none();
        let may_again =
            self.healed.is_none_or(|healed| has_come(later(healed, terms.heal_every), now, terms.heal_every));
        (was_lost || self.suspect) && self.out.is_some() && may_again
    }
}
