//! The energy, power and hours of CDRs and sessions against each other and against the limits of chargers.

use std::ops::RangeInclusive;

use super::{CdrDimension, CdrDimensionType};
use crate::rules::{HIGHEST_POWER, each, is_known, is_near};
use crate::v2_2_1::locations::PowerType;
use crate::{Check, DateTime, Decimal, Rule};

/// The most power of alternating current, in kW.
const HIGHEST_AC: i64 = 200;
/// The most current there is, in A.
const HIGHEST_CURRENT: i64 = 10_000;

/// The energy of a CDR or session, and the facts that it is checked against.
pub(crate) struct Charged<'a, P> {
    /// The member with the energy, and the energy in kWh; `None` if it is missing.
    pub(crate) total: (&'static str, Option<Decimal>),
    /// Whether the periods are all there are, as in a CDR.
    pub(crate) is_complete: bool,
    pub(crate) periods: &'a [P],
    pub(crate) dimensions: fn(&P) -> &[CdrDimension],
    pub(crate) session: RangeInclusive<DateTime>,
    /// The kind of current, if it is known.
    pub(crate) power_type: Option<&'a PowerType>,
    /// Whether the hours of the session are reported already.
    pub(crate) hours_are_odd: bool,
}

/// Reports watt hours for kilowatt hours, and more energy and time than fit into the session: each mistake once, where it
/// shows first.
pub(crate) fn is_possible<P>(check: &mut Check, charged: &Charged<'_, P>) {
    let volumes = Volumes::of(charged.periods.iter().flat_map(|period| (charged.dimensions)(period)));
    let (name, total) = charged.total;
    let seconds = is_known(&charged.session)
        .then(|| charged.session.end().seconds_since(*charged.session.start()).max(60));
    let most = seconds.map(|seconds| most_energy(seconds, charged.power_type));
    let is_much = |energy: Decimal| most.is_some_and(|most| energy > most);
    let much = "more energy than can be charged in this time; perhaps Wh were written where kWh are due";
    match total {
        Some(total) if is_thousandfold(volumes.energy, total) => {
            let message = "far more energy than the total; perhaps Wh were written where kWh are due";
            first(check, charged, is_energy, |volume| volume > total, message);
        }
        Some(total) if charged.is_complete && is_thousandfold(total, volumes.energy) => {
            let message =
                "far more energy than the periods add up to; perhaps Wh were written where kWh are due";
            check.member(name, |check| check.report_as(Rule::Implausible, message));
        }
        Some(total) if is_much(total) => {
            check.member(name, |check| check.report_as(Rule::Implausible, much));
        }
        _ if is_much(volumes.most_energy) => first(check, charged, is_energy, is_much, much),
        _ => {}
    }
    if let Some(seconds) = seconds.filter(|_| !charged.hours_are_odd) {
        if !is_near(volumes.most_hours, seconds) {
            let message =
                "longer than the session; perhaps seconds or minutes were written where hours are due";
            first(check, charged, is_time, |hours| !is_near(hours, seconds), message);
        }
    }
}

/// The energy and the hours of all periods.
#[derive(Default)]
struct Volumes {
    /// The sum; zero if it cannot be told.
    energy: Decimal,
    most_energy: Decimal,
    most_hours: Decimal,
}

impl Volumes {
    fn of<'a>(dimensions: impl Iterator<Item = &'a CdrDimension>) -> Self {
        let (mut sum, mut most_energy, mut most_hours) = (Some(Decimal::ZERO), Decimal::ZERO, Decimal::ZERO);
        for dimension in dimensions {
            if is_energy(&dimension.r#type) {
                sum = sum.and_then(|sum| sum.checked_add(dimension.volume));
                most_energy = most_energy.max(dimension.volume);
            } else if is_time(&dimension.r#type) {
                most_hours = most_hours.max(dimension.volume);
            }
        }
        Self { energy: sum.unwrap_or_default(), most_energy, most_hours }
    }
}

/// The most energy that can be charged in this time, in kWh.
fn most_energy(seconds: i64, power_type: Option<&PowerType>) -> Decimal {
    let is_ac = power_type.is_some_and(|kind| !matches!(kind, PowerType::Dc | PowerType::Custom(_)));
    // Rounding up to six minutes takes nothing away from the point.
    let thirds = (if is_ac { HIGHEST_AC } else { HIGHEST_POWER }).saturating_mul(seconds.max(360)) / 36;
    Decimal::new(thirds, 2)
}

/// Whether one amount is about a thousand times the other.
fn is_thousandfold(much: Decimal, little: Decimal) -> bool {
    let times = |factor: i64| little.checked_mul(Decimal::from(factor));
    little >= Decimal::new(1, 2)
        && times(500).is_some_and(|least| much >= least)
        && times(2_000).is_some_and(|most| much <= most)
}

fn is_time(kind: &CdrDimensionType) -> bool {
    matches!(kind, CdrDimensionType::Time | CdrDimensionType::ParkingTime)
}

fn is_energy(kind: &CdrDimensionType) -> bool {
    *kind == CdrDimensionType::Energy
}

/// Reports the first value of a kind that is odd.
#[cold]
fn first<P>(
    check: &mut Check,
    charged: &Charged<'_, P>,
    is_kind: fn(&CdrDimensionType) -> bool,
    is_odd: impl Fn(Decimal) -> bool,
    message: &'static str,
) {
    let mut is_first = true;
    each(check, "charging_periods", charged.periods, |period, check| {
        each(check, "dimensions", (charged.dimensions)(period), |dimension, check| {
            if is_first && is_kind(&dimension.r#type) && is_odd(dimension.volume) {
                is_first = false;
                check.member("volume", |check| check.report_as(Rule::Implausible, message));
            }
        });
    });
}

/// A value of a period is one that there can be: kilowatts and not watts, amperes, percents.
pub(crate) fn dimension_is_possible(check: &mut Check, dimension: &CdrDimension) {
    use CdrDimensionType::{Current, MaxCurrent, MaxPower, MinCurrent, MinPower, Power, StateOfCharge};
    let (low, high, message) = match dimension.r#type {
        MaxPower | MinPower | Power => (
            -HIGHEST_POWER,
            HIGHEST_POWER,
            "more power than there is; perhaps W were written where kW are due",
        ),
        MaxCurrent | MinCurrent | Current => (
            -HIGHEST_CURRENT,
            HIGHEST_CURRENT,
            "more current than there is; perhaps mA were written where A are due",
        ),
        StateOfCharge => (0, 100, "a state of charge is a percentage from 0 to 100"),
        _ => return,
    };
    if dimension.volume < Decimal::from(low) || dimension.volume > Decimal::from(high) {
        check.member("volume", |check| check.report_as(Rule::Implausible, message));
    }
}
