//! Gaps: quantities without an amount in the bill.

use ocpi_types::Obstacle;

use crate::engine::moment::Restriction;
use crate::tariff_model::{Phase, TariffDimension};

/// A quantity that cannot be priced, and the reason. A bill with gaps has no total.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub struct Gap {
    /// The period, counted from 0.
    pub period: Option<usize>,
    /// Index of the tariff in the pricer.
    pub tariff: Option<u32>,
    /// The element.
    pub element: Option<u32>,
    /// The phase.
    pub phase: Option<Phase>,
    /// Dimension without a price.
    pub kind: Option<TariffDimension>,
    /// Reason of the gap.
    pub reason: Reason,
}

/// Reason why a quantity cannot be priced.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Reason {
    /// It is unknown whether the element applies: the session lacks the data, or the restriction is not understood.
    Restriction(Restriction),
    /// An obstacle in the tariff. Its pointer starts at the tariff.
    Obstacle(Box<Obstacle>),
    /// The period names a tariff that was not given.
    UnknownTariff,
    /// No tariff was given at all.
    NoTariff,
    /// There are no periods.
    NoPeriods,
    /// The CDR or session has a total of the quantity and the tariff a price for it, but no period has a volume.
    NotInPeriods,
}

impl From<&Obstacle> for Reason {
    fn from(obstacle: &Obstacle) -> Self {
        Self::Obstacle(Box::new(obstacle.clone()))
    }
}

impl Gap {
    /// Whether a time zone is missing, to know the local time.
    pub fn lacks_zone(&self) -> bool {
        matches!(self.reason, Reason::Restriction(restriction) if restriction.is_of_clock())
    }

    pub(crate) fn of(reason: Reason) -> Self {
        Self { period: None, tariff: None, element: None, phase: None, kind: None, reason }
    }
}
