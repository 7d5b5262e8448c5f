//! Grid of all situations that a tariff distinguishes.
//!
//! For each quantity in restrictions (day, time of day, energy …), values are cut where an element starts or stops to
//! apply. The result is a grid of cells; within a cell the same elements apply throughout.

use std::collections::BTreeSet;
use std::fmt::{Display, Write};

use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};
use ocpi_types::Decimal;

use crate::engine::moment::{DAY, in_window, window};
use crate::tariff_model::{Days, Phase, Restrictions, TariffDimension};

/// A bit for each element.
pub(crate) type Mask = u128;

/// More elements than this are too many for a grid.
pub(crate) const MOST_ELEMENTS: usize = 128;

/// More cells than this are not looked at.
const MOST_CELLS: usize = 50_000;

/// The grid of some elements.
#[derive(Debug)]
pub(crate) struct Grid {
    axes: Vec<Axis>,
}

/// The part of a stay in which prices apply: it decides on the quantities that can be measured there.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Scene {
    /// Energy flows.
    Charging,
    /// No power flows; energy has flowed before.
    Parking,
    /// No energy has flowed yet.
    Reserved,
}

/// The elements that are used somewhere, and whether there are moments at which none applies.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Union {
    /// Elements that apply where no certain element comes before them.
    pub(crate) used: Mask,
    /// Whether no certain element applies at some moment. Moments before the first date of a tariff do not count: a
    /// first date is the start of the tariff.
    pub(crate) leaves_over: bool,
}

/// The intervals of one thing.
#[derive(Debug, Default)]
struct Axis {
    values: Vec<Value>,
}

#[derive(Debug)]
struct Value {
    /// For people: `at 22:00`.
    shown: String,
    /// The elements that apply there.
    mask: Mask,
    is_before_dates: bool,
}

/// Some moment, and the elements that apply.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    pub(crate) mask: Mask,
    /// Index of the value on each axis.
    at: Vec<usize>,
}

impl Scene {
    /// The scene in which a kind of price applies.
    pub(crate) fn of(phase: Phase, kind: TariffDimension) -> Self {
        match (phase, kind) {
            (Phase::Charging | Phase::Overtime, TariffDimension::ParkingTime) => Self::Parking,
            (Phase::Charging | Phase::Overtime, _) => Self::Charging,
            (Phase::Reservation | Phase::Expired | Phase::Cancelled, _) => Self::Reserved,
        }
    }

    /// Whether the energy of the session can be above zero.
    pub(crate) fn has_energy(self) -> bool {
        self != Self::Reserved
    }

    /// Whether power and current can be above zero.
    pub(crate) fn has_power(self) -> bool {
        self == Self::Charging
    }
}

impl Grid {
    /// `None`: there are too many cells.
    pub(crate) fn of(elements: &[&Restrictions], scene: Scene) -> Option<Self> {
        if elements.len() > MOST_ELEMENTS {
            return None;
        }
        let (energy, power) = (scene.has_energy(), scene.has_power());
        let axes = vec![
            calendar(elements),
            times(elements),
            decimals(elements, "kWh", energy, |it| (it.min_kwh, it.max_kwh)),
            decimals(elements, "kW", power, |it| (it.min_power, it.max_power)),
            decimals(elements, "A", power, |it| (it.min_current, it.max_current)),
            durations(elements),
        ];
        let cells = axes.iter().try_fold(1_usize, |cells, axis| cells.checked_mul(axis.values.len()))?;
        (cells <= MOST_CELLS).then_some(Self { axes })
    }

    /// Walks all cells. Only `certain` elements keep those behind them from being used: of the others it is not known
    /// whether they apply.
    pub(crate) fn union(&self, certain: Mask) -> Union {
        let mut union = Union { used: 0, leaves_over: false };
        for cell in self.cells() {
            let first = cell.mask & certain;
            // The first certain element, and all bits below it.
            let reached = if first == 0 { Mask::MAX } else { first ^ (first - 1) };
            union.used |= cell.mask & reached;
            union.leaves_over |= first == 0 && !self.is_before_dates(&cell);
        }
        union
    }

    /// All cells.
    pub(crate) fn cells(&self) -> impl Iterator<Item = Cell> + '_ {
        let mut next = Some(vec![0; self.axes.len()]);
        std::iter::from_fn(move || {
            let at = next.take()?;
            next = self.after(&at);
            Some(Cell { mask: self.values(&at).fold(Mask::MAX, |all, value| all & value.mask), at })
        })
    }

    fn values<'a>(&'a self, at: &'a [usize]) -> impl Iterator<Item = &'a Value> {
        self.axes.iter().zip(at).filter_map(|(axis, index)| axis.values.get(*index))
    }

    fn after(&self, at: &[usize]) -> Option<Vec<usize>> {
        let mut next = at.to_vec();
        for (index, axis) in next.iter_mut().zip(&self.axes) {
            *index += 1;
            if *index < axis.values.len() {
                return Some(next);
            }
            *index = 0;
        }
        None
    }

    /// Whether the cell is before any date that an element starts or ends on, and some element starts on a date.
    pub(crate) fn is_before_dates(&self, cell: &Cell) -> bool {
        self.values(&cell.at).any(|value| value.is_before_dates)
    }

    /// Describes the place of the cell, for people; empty if the elements always are the same.
    pub(crate) fn show(&self, cell: &Cell) -> String {
        let mut shown = String::new();
        for (axis, index) in self.axes.iter().zip(&cell.at).filter(|(axis, _)| axis.values.len() > 1) {
            if let Some(value) = axis.values.get(*index) {
                let comma = if shown.is_empty() { "" } else { ", " };
                let _ = write!(shown, "{comma}{}", value.shown);
            }
        }
        shown
    }
}

impl Axis {
    /// Values that no element tells apart are one.
    fn put(&mut self, mask: Mask, shown: impl Display, is_before_dates: bool) {
        if !self.values.iter().any(|value| value.mask == mask) {
            self.values.push(Value { mask, shown: shown.to_string(), is_before_dates });
        }
    }
}

/// The elements for which something holds.
fn mask<'a>(elements: &[&'a Restrictions], holds: impl Fn(&'a Restrictions) -> bool) -> Mask {
    let bits = elements.iter().enumerate().filter(|(_, limits)| holds(limits));
    bits.fold(0, |mask, (index, _)| mask | 1 << index)
}

/// Days of the week and dates together: a few days between two dates are not all days of the week.
fn calendar(elements: &[&Restrictions]) -> Axis {
    let bounds = |limits: &Restrictions| (limits.start_date, limits.end_date);
    let has_days = elements.iter().any(|limits| limits.days != Days::default());
    let has_start = elements.iter().any(|limits| limits.start_date.is_some());
    let starts = cuts(elements, bounds, NaiveDate::MIN);
    let ends = starts.iter().skip(1).copied().map(Some).chain([None]);
    let mut ranges: Vec<(NaiveDate, Option<NaiveDate>)> = starts.iter().copied().zip(ends).collect();
    // Before the first date comes last: it names only elements that are nowhere else.
    ranges.rotate_left(1);
    let mut axis = Axis::default();
    for (from, until) in ranges {
        for day in Days::default().iter() {
            let Some(first) = first_on(day, from) else { continue };
            if until.is_some_and(|until| until <= first) {
                continue;
            }
            let holds = |limits: &Restrictions| {
                limits.days.contains(day)
                    && limits.start_date.is_none_or(|start| start <= from)
                    && limits.end_date.is_none_or(|end| from < end)
            };
            let mask = mask(elements, holds);
            let is_before = from == NaiveDate::MIN;
            let date = if is_before { "before the first date".to_owned() } else { format!("on {first}") };
            let shown = match (has_days, starts.len() > 1) {
                (true, true) => format!("{}, {date}", day_name(day)),
                (true, false) => day_name(day).to_owned(),
                (false, _) => date,
            };
            axis.put(mask, shown, is_before && has_start);
        }
    }
    axis
}

/// The first such day from a date on.
fn first_on(day: Weekday, from: NaiveDate) -> Option<NaiveDate> {
    let days = day.days_since(from.weekday());
    from.checked_add_signed(TimeDelta::days(i64::from(days)))
}

fn day_name(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "on Monday",
        Weekday::Tue => "on Tuesday",
        Weekday::Wed => "on Wednesday",
        Weekday::Thu => "on Thursday",
        Weekday::Fri => "on Friday",
        Weekday::Sat => "on Saturday",
        Weekday::Sun => "on Sunday",
    }
}

fn times(elements: &[&Restrictions]) -> Axis {
    let windows = elements.iter().filter_map(|limits| window(limits));
    let cuts: BTreeSet<u32> =
        windows.flat_map(|(from, until)| [from % DAY, until % DAY]).chain([0]).collect();
    let mut axis = Axis::default();
    for second in cuts {
        let holds =
            |limits: &Restrictions| window(limits).is_none_or(|(from, until)| in_window(second, from, until));
        let (hour, minute) = (second / 3600, second / 60 % 60);
        axis.put(mask(elements, holds), format_args!("at {hour:02}:{minute:02}"), false);
    }
    axis
}

/// Without a flow the value is always zero.
fn decimals(
    elements: &[&Restrictions],
    unit: &'static str,
    flows: bool,
    bounds: impl Fn(&Restrictions) -> (Option<Decimal>, Option<Decimal>),
) -> Axis {
    let mut cuts = cuts(elements, &bounds, Decimal::ZERO);
    if !flows {
        cuts.truncate(1);
    }
    ranges(elements, bounds, cuts, |value| format!("from {value} {unit}"))
}

fn durations(elements: &[&Restrictions]) -> Axis {
    let bounds = |limits: &Restrictions| (limits.min_duration, limits.max_duration);
    let cuts = cuts(elements, bounds, 0);
    ranges(elements, bounds, cuts, |value| format!("after {value} s"))
}

/// Lists the values at which something changes, from the least value on.
fn cuts<T: Ord + Copy>(
    elements: &[&Restrictions],
    bounds: impl Fn(&Restrictions) -> (Option<T>, Option<T>),
    least: T,
) -> Vec<T> {
    let ends = elements.iter().flat_map(|limits| {
        let (low, high) = bounds(limits);
        low.into_iter().chain(high)
    });
    let cuts: BTreeSet<T> = ends.filter(|bound| *bound > least).chain([least]).collect();
    cuts.into_iter().collect()
}

fn ranges<T: Ord + Copy>(
    elements: &[&Restrictions],
    bounds: impl Fn(&Restrictions) -> (Option<T>, Option<T>),
    cuts: Vec<T>,
    show: impl Fn(T) -> String,
) -> Axis {
    let mut axis = Axis::default();
    for value in cuts {
        let holds = |limits: &Restrictions| {
            let (low, high) = bounds(limits);
            low.is_none_or(|low| low <= value) && high.is_none_or(|high| value < high)
        };
        axis.put(mask(elements, holds), show(value), false);
    }
    axis
}
