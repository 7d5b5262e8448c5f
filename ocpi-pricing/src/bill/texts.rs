//! Words for the parts of a bill.

use std::fmt;

use ocpi_types::{Concern, Decimal};

use super::{Bill, Gap, Note, Reason};
use crate::engine::moment::Restriction;
use crate::tariff_model::{Phase, TariffDimension};

impl TariffDimension {
    /// For people.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::Energy => "energy",
            Self::Time => "charging time",
            Self::ParkingTime => "parking time",
            Self::Flat => "fee",
            Self::Unknown => "something unknown",
        }
    }
}

/// Names the priced quantity for people: "reservation time", "energy".
pub(crate) fn noun(phase: Phase, kind: TariffDimension) -> &'static str {
    match (phase, kind) {
        (Phase::Charging, kind) => kind.noun(),
        (Phase::Reservation, TariffDimension::Flat) => "reservation fee",
        (Phase::Reservation, _) => "reservation time",
        (Phase::Expired, TariffDimension::Flat) => "fee of the expired reservation",
        (Phase::Expired, _) => "time of the expired reservation",
        (Phase::Overtime, TariffDimension::Flat) => "overtime fee",
        (Phase::Overtime, _) => "overtime",
        (Phase::Cancelled, _) => "cancellation fee",
    }
}

impl Phase {
    /// The name in the JSON of a bill.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Charging => "charging",
            Self::Reservation => "reservation",
            Self::Expired => "expired",
            Self::Overtime => "overtime",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A quantity: kWh, or seconds as minutes where they are whole.
pub(crate) fn quantity(kind: TariffDimension, value: Decimal) -> String {
    match kind {
        TariffDimension::Energy => format!("{value} kWh"),
        TariffDimension::Time | TariffDimension::ParkingTime => {
            let seconds = value.to_integer().filter(|seconds| seconds % 60 == 0);
            seconds.map_or_else(|| format!("{value} s"), |seconds| format!("{} min", seconds / 60))
        }
        TariffDimension::Flat | TariffDimension::Unknown => "once".into(),
    }
}

/// Returns the unit of a price, to be put behind the amount; a fee has none.
pub(crate) fn per(kind: TariffDimension) -> &'static str {
    match kind {
        TariffDimension::Energy => " per kWh",
        TariffDimension::Time | TariffDimension::ParkingTime => " per hour",
        TariffDimension::Flat | TariffDimension::Unknown => "",
    }
}

/// Writes the period, and the reason why something cannot be computed there.
///
/// ```
/// use ocpi_pricing::{Pricer, Usage};
/// let usage = Usage::new("EUR".parse().unwrap());
/// let pricer = Pricer::new([]);
/// assert_eq!(pricer.price(&usage)?.gaps()[0].to_string(), "there are no periods");
/// # Ok::<(), ocpi_pricing::PriceError>(())
/// ```
impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(period) = self.period {
            write!(f, "period {period}: ")?;
        }
        write!(f, "{}", Said(self))
    }
}

/// A gap without its period.
pub(super) struct Said<'a>(pub(super) &'a Gap);

impl fmt::Display for Said<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let gap = self.0;
        if let (Some(phase), Some(kind)) = (gap.phase, gap.kind) {
            write!(f, "{}: ", noun(phase, kind))?;
        }
        let element = gap.element.map(|element| format!("element {element}")).unwrap_or_default();
        match &gap.reason {
            Reason::Restriction(restriction) if restriction.is_of_clock() => write!(
                f,
                "whether {element} applies depends on the local time, and the time zone is not known"
            ),
            Reason::Restriction(Restriction::Unknown) => write!(f, "{element} is not understood"),
            Reason::Restriction(restriction) => {
                write!(f, "whether {element} applies depends on {}, which is not known", restriction.as_str())
            }
            Reason::Obstacle(obstacle) => {
                match obstacle.concern {
                    Concern::Restrictions => write!(f, "whether {element} applies is not known: ")?,
                    Concern::Components | Concern::Kind => write!(f, "what {element} prices is not known: ")?,
                    Concern::Price => write!(f, "the price of {element} is not known: ")?,
                    Concern::Step => write!(f, "the step of {element} is not known: ")?,
                    Concern::Limits => f.write_str("the least or most that it costs is not known: ")?,
                    Concern::Usage | Concern::Totals => f.write_str("what was used is not known: ")?,
                    _ => f.write_str("the tariff is not understood: ")?,
                }
                write!(f, "{} ({})", obstacle.message(), obstacle.shown_pointer())
            }
            Reason::UnknownTariff => f.write_str("the tariff is not known"),
            Reason::NoTariff => f.write_str("there is no tariff to price by"),
            Reason::NoPeriods => f.write_str("there are no periods"),
            Reason::NotInPeriods => f.write_str(
                "the tariff has a price for it and the totals have some of it, but no period has any",
            ),
        }
    }
}

/// Writes the note as a sentence.
impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotBillable => f.write_str("the session is invalid: nothing is billed"),
            Self::NoTariff { period } => write!(
                f,
                "period {period} names no tariff: it costs nothing, unless the policy missing_tariff=first-tariff decides"
            ),
            Self::NegativeEnergy { period } => write!(
                f,
                "period {period} feeds energy back: it is credited, unless the policy negative_energy=not-computable decides"
            ),
            Self::TariffAssumed => f.write_str("no period names a tariff: the first one was taken"),
            Self::OutsideValidity { period } => {
                write!(f, "period {period} starts when its tariff is not valid")
            }
            Self::OutsideSession { period } => write!(f, "period {period} does not lie inside the session"),
            Self::UnknownDimension { period, name } => {
                write!(f, "period {period} has a dimension that OCPI does not have: {name:?}")
            }
            Self::NoChargingTime => {
                f.write_str("the tariff has a price for charging time, and no period has any: none is billed")
            }
            Self::LimitsCross => f.write_str("min_price is above max_price: the latter was taken"),
        }
    }
}

impl Bill {
    /// The id of a tariff by its place.
    pub(crate) fn tariff_id(&self, tariff: usize) -> &str {
        self.pricer.plans.get(tariff).map_or("", |compiled| &*compiled.plan.id)
    }
}
