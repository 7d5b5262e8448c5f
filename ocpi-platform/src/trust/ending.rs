//! Ends of a registration, and the approval of one.

use ocpi_types::DateTime;

use super::record::Attempts;
use super::{PartnerState, Record};

impl Record {
    /// The record once it is over: no token is good any more, in either direction.
    pub(crate) fn left(self, now: DateTime) -> Self {
        let Self { id, details, contact, profile, permissions, since, state, .. } = self;
        let since = if state == PartnerState::Left { since } else { now };
        Self { details, contact, profile, permissions, since, ..Self::new(&id, now) }
    }

    /// Begins to leave: our DELETE is to be delivered. `None` where there is no token to send it with. A rotation without an
    /// answer stays open: if the partner has committed it, only the token in its answer is good for the DELETE.
    pub(crate) fn leaving(&self, now: DateTime) -> Option<Self> {
        self.out.as_ref().filter(|_| self.is_registered())?;
        Some(Self {
            kept: None,
            superseded: None,
            delete: Some(Attempts::none(now)),
            ..self.clone().into_state(PartnerState::Leaving, now)
        })
    }

    /// The DELETE had no answer that would end it: it is sent again.
    pub(crate) fn delete_failed(&self, now: DateTime, chance: u32) -> Option<Self> {
        let delete = self.delete.filter(|_| self.state == PartnerState::Leaving)?;
        Some(Self { delete: Some(delete.again(now, chance)), ..self.clone() })
    }

    /// The operator approves. `None` where there is nothing to approve.
    pub(crate) fn approved(&self, now: DateTime) -> Option<Self> {
        (self.state == PartnerState::Pending).then(|| self.clone().into_state(PartnerState::Registered, now))
    }

    /// Drops the tokens in use before a rotation is done: the partner has none until then.
    pub(crate) fn revoked(self) -> Self {
        Self { current: None, kept: None, superseded: None, ..self }
    }
}
