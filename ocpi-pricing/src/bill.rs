//! Bill of a session, and the argument for it.

mod groups;
mod record;
mod table;
mod texts;
mod views;
mod why;
mod words;

pub use groups::{GapGroup, Remedy};
pub use record::Record;
pub use views::{Amount, Line, TaxLine};
pub use why::{Passed, Why};

use chrono::{DateTime, Utc};
use ocpi_types::Obstacle;

use crate::engine::Pricer;
use crate::engine::moment::{Restriction, Starts};
use crate::fixed::Fixed;
use crate::tariff_model::{Kind, Phase};
use crate::usage::Usage;

/// Bill of a session, amount by amount, with the argument for each.
///
/// Totals are exactly the sums of their parts, taxes included. Amounts have up to sixteen decimals and are exact,
/// unless they have no end, as a third of a cent: they are cut there, and nowhere before. To round to the minor unit
/// of the currency is for the edge: [`Rounding`](crate::rounding::Rounding).
#[derive(Debug)]
pub struct Bill<'a> {
    pub(crate) pricer: &'a Pricer,
    pub(crate) usage: &'a Usage,
    pub(crate) starts: Starts,
    pub(crate) entries: Vec<Entry>,
    pub(crate) gaps: Vec<Gap>,
    pub(crate) notes: Vec<Note>,
    pub(crate) sums: [Sum; 5],
    /// Amount that `min_price` and `max_price` add or take.
    pub(crate) limit: Sum,
    pub(crate) total: Sum,
}

/// The totals that a CDR gives apart from the whole.
///
/// Spec: 2.2.1 mod_cdrs §cdr_object
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[repr(usize)]
pub enum Category {
    /// `total_energy_cost`.
    Energy,
    /// `total_time_cost`: charging.
    Time,
    /// `total_parking_cost`, with its fees.
    Parking,
    /// `total_fixed_cost`: all other fees but those of the reservation.
    Fixed,
    /// `total_reservation_cost`, with its fees. Overtime and cancellation of a booking belong here.
    Reservation,
}

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
    pub kind: Option<Kind>,
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

/// Something to know about a bill that does not keep it from being computed.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Note {
    /// The session is invalid, so that nothing is billed.
    NotBillable,
    /// The period names no tariff, so that it costs nothing.
    NoTariff {
        /// The period.
        period: usize,
    },
    /// Periods name no tariff and there are several: the first was taken.
    TariffAssumed,
    /// The period starts when its tariff is not valid.
    OutsideValidity {
        /// The period.
        period: usize,
    },
    /// The period starts before the session, or after its end.
    OutsideSession {
        /// The period.
        period: usize,
    },
    /// The period has a dimension that OCPI does not have; no tariff prices it.
    UnknownDimension {
        /// The period.
        period: usize,
        /// The dimension.
        name: Box<str>,
    },
    /// Energy was fed back in the period: it is credited.
    NegativeEnergy {
        /// The period.
        period: usize,
    },
    /// `min_price` is above `max_price`; the latter was taken.
    LimitsCross,
}

/// A quantity with its price.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) period: u32,
    pub(crate) plan: u32,
    pub(crate) rate: u32,
    pub(crate) phase: Phase,
    pub(crate) kind: Kind,
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

impl<'a> Bill<'a> {
    pub(crate) fn new(pricer: &'a Pricer, usage: &'a Usage) -> Self {
        Self {
            pricer,
            usage,
            starts: Starts::of(usage),
            entries: Vec::new(),
            gaps: Vec::new(),
            notes: Vec::new(),
            sums: [Sum::default(); 5],
            limit: Sum::default(),
            total: Sum::default(),
        }
    }

    /// By which tariffs and policy it was computed.
    pub fn pricer(&self) -> &'a Pricer {
        self.pricer
    }

    /// Returns the usage that was billed.
    pub fn usage(&self) -> &'a Usage {
        self.usage
    }

    /// Returns the gaps; empty: everything could be computed.
    pub fn gaps(&self) -> &[Gap] {
        &self.gaps
    }

    /// Returns the notes: facts that do not keep the bill from being computed.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Whether everything could be computed.
    pub fn is_computable(&self) -> bool {
        self.gaps.is_empty()
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

impl Category {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Energy, Self::Time, Self::Parking, Self::Fixed, Self::Reservation];

    /// The name in the JSON of a bill.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Energy => "energy",
            Self::Time => "time",
            Self::Parking => "parking",
            Self::Fixed => "fixed",
            Self::Reservation => "reservation",
        }
    }
}
