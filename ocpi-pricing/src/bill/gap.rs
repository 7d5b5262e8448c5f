//! Gaps: quantities that a bill has no amount for.

use ocpi_types::Obstacle;

use crate::engine::moment::Restriction;
use crate::tariff_model::{Phase, TariffDimension};

/// Something that cannot be computed, and why. With one of these a bill has no total.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub struct Gap {
    /// The period, counted from 0.
    pub period: Option<usize>,
    /// The tariff, as its place among those of the pricer.
    pub tariff: Option<u32>,
    /// The element.
    pub element: Option<u32>,
    /// The phase.
    pub phase: Option<Phase>,
    /// Dimension that has no price.
    pub kind: Option<TariffDimension>,
    /// Reason of the gap.
    pub reason: Reason,
}

/// Reason why something cannot be computed.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Reason {
    /// It is not known whether the element applies: the session does not say it, or the restriction is not understood.
    Restriction(Restriction),
    /// Something in the tariff stands in the way. Its pointer starts at the tariff.
    Obstacle(Box<Obstacle>),
    /// The period names a tariff that was not given.
    UnknownTariff,
    /// No tariff was given at all.
    NoTariff,
    /// There are no periods.
    NoPeriods,
    /// The CDR or session has a total of it, the tariff a price, and no period a volume.
    NotInPeriods,
}

impl From<&Obstacle> for Reason {
    fn from(obstacle: &Obstacle) -> Self {
        Self::Obstacle(Box::new(obstacle.clone()))
    }
}

impl Gap {
    /// Whether the local time would have to be known: there is no time zone.
    pub fn lacks_zone(&self) -> bool {
        matches!(self.reason, Reason::Restriction(restriction) if restriction.is_of_clock())
    }

    pub(crate) fn of(reason: Reason) -> Self {
        Self { period: None, tariff: None, element: None, phase: None, kind: None, reason }
    }
}
