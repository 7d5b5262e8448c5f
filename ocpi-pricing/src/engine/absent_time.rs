//! Charging time that occurs in no period of a CDR: absent is not zero.

use ocpi_types::Decimal;

use super::compiled::Found;
use super::piece::Piece;
use crate::policy::Policy;
use crate::tariff_model::{Phase, TariffDimension};
use crate::usage::{Period, Usage};

/// Charging time that the total of a CDR has and no period has.
pub(crate) struct AbsentTime {
    is_absent: bool,
    /// Whether a period could have had some at a price that is not zero.
    may_cost: bool,
}

impl AbsentTime {
    /// Compares the total time, which runs from start to end, with the times of the periods: it is absent if no period
    /// says how long the car charged, and parking and reservation do not fill the total.
    pub(crate) fn of(usage: &Usage) -> Self {
        let total = usage.claimed.as_ref().and_then(|claims| claims.total_time);
        let is_absent = total.is_some_and(|total| {
            let periods = || usage.periods.iter();
            let others = || periods().flat_map(Period::hours);
            // What is less than a minute beside other times was lost in rounding.
            let lost = if others().next().is_some() { Decimal::new(2, 2) } else { Decimal::ZERO };
            let filled = others().try_fold(lost, Decimal::checked_add);
            periods().all(|period| period.time.is_none()) && filled.is_some_and(|filled| total > filled)
        });
        Self { is_absent, may_cost: false }
    }

    /// Looks at a stretch of charging.
    #[inline]
    pub(super) fn look(&mut self, piece: &Piece<'_>, policy: &Policy) {
        if self.is_absent && !self.may_cost {
            self.may_cost = match piece.find(Phase::Charging, TariffDimension::Time, policy) {
                Found::Rate(rate) => piece.compiled.costs(rate),
                Found::Unknown { .. } => true,
                Found::Nothing => false,
            };
        }
    }

    /// Whether something is due for it, and nobody says how much.
    pub(crate) fn is_due(&self) -> bool {
        self.is_absent && self.may_cost
    }
}
