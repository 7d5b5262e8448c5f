//! Lines of a bill as the engine computes them, and sums of them.

use chrono::{DateTime, Utc};

use crate::fixed::Fixed;
use crate::tariff_model::{Phase, TariffDimension};

/// A quantity with its price.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) period: u32,
    pub(crate) plan: u32,
    pub(crate) rate: u32,
    pub(crate) phase: Phase,
    pub(crate) kind: TariffDimension,
    pub(crate) is_estimate: bool,
    pub(crate) at: DateTime<Utc>,
    pub(crate) energy_before: Fixed,
    pub(crate) measured: Fixed,
    pub(crate) billed: Fixed,
    pub(crate) cost: Sum,
}

/// An amount before and after tax, one of which may not be known.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sum {
    pub(crate) before: Fixed,
    pub(crate) after: Fixed,
    pub(crate) lacks_before: bool,
    pub(crate) lacks_after: bool,
}

impl Sum {
    pub(crate) fn known(before: Fixed, after: Fixed) -> Self {
        Self { before, after, lacks_before: false, lacks_after: false }
    }

    #[inline]
    pub(crate) fn plus(self, other: Self) -> Option<Self> {
        Some(Self {
            before: self.before.add(other.before)?,
            after: self.after.add(other.after)?,
            lacks_before: self.lacks_before | other.lacks_before,
            lacks_after: self.lacks_after | other.lacks_after,
        })
    }

    #[inline]
    pub(crate) fn minus(self, other: Self) -> Option<Self> {
        Some(Self {
            before: self.before.sub(other.before)?,
            after: self.after.sub(other.after)?,
            lacks_before: self.lacks_before | other.lacks_before,
            lacks_after: self.lacks_after | other.lacks_after,
        })
    }

    pub(crate) fn is_zero(self) -> bool {
        self.before.is_zero() && self.after.is_zero()
    }
}
