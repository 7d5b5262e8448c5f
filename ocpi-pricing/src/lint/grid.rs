//! All the moments that a tariff tells apart.
//!
//! Along each thing that restrictions look at (day, time of day, energy …) values are cut where some element starts or
//! stops to apply. What is left is a grid of cells; in each one the same elements apply throughout.

use std::collections::BTreeSet;
use std::fmt::{Display, Write};

use chrono::{NaiveDate, Weekday};
use ocpi_types::Decimal;

use crate::engine::moment::{DAY, window};
use crate::plan::{Days, Restrictions};

/// A bit for each element.
pub(super) type Mask = u128;

/// More elements than this are too many for a grid.
pub(super) const MOST_ELEMENTS: usize = 128;

/// More cells than this are not looked at.
const MOST_CELLS: usize = 50_000;

/// The grid of some elements.
#[derive(Debug)]
pub(super) struct Grid {
    axes: Vec<Axis>,
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
}

/// Some moment, and the elements that apply.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub(super) mask: Mask,
    /// Which value of each axis.
    at: Vec<usize>,
}

impl Grid {
    /// `None`: there are too many cells.
    pub(super) fn of(elements: &[&Restrictions]) -> Option<Self> {
        if elements.len() > MOST_ELEMENTS {
            return None;
        }
        let axes = vec![
            days(elements),
            times(elements),
            dates(elements),
            decimals(elements, "kWh", |it| (it.min_kwh, it.max_kwh)),
            decimals(elements, "kW", |it| (it.min_power, it.max_power)),
            decimals(elements, "A", |it| (it.min_current, it.max_current)),
            durations(elements),
        ];
        let cells = axes.iter().try_fold(1_usize, |cells, axis| cells.checked_mul(axis.values.len()))?;
        (cells <= MOST_CELLS).then_some(Self { axes })
    }

    /// All cells.
    pub(super) fn cells(&self) -> impl Iterator<Item = Cell> + '_ {
        let mut next = Some(vec![0; self.axes.len()]);
        std::iter::from_fn(move || {
            let at = next.take()?;
            next = self.after(&at);
            let masks = self.axes.iter().zip(&at).filter_map(|(axis, index)| axis.values.get(*index));
            Some(Cell { mask: masks.fold(Mask::MAX, |all, value| all & value.mask), at })
        })
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

    /// Whether the cell is before any date that an element starts on.
    pub(super) fn is_before_dates(&self, cell: &Cell) -> bool {
        let values = self.axes.iter().zip(&cell.at).filter_map(|(axis, index)| axis.values.get(*index));
        values.into_iter().any(|value| value.shown == BEFORE_DATES)
    }

    /// Where the cell is, for people; empty if the elements always are the same.
    pub(super) fn show(&self, cell: &Cell) -> String {
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
    fn put(&mut self, mask: Mask, shown: impl Display) {
        if !self.values.iter().any(|value| value.mask == mask) {
            self.values.push(Value { mask, shown: shown.to_string() });
        }
    }
}

/// The elements for which something holds.
fn mask<'a>(elements: &[&'a Restrictions], holds: impl Fn(&'a Restrictions) -> bool) -> Mask {
    let bits = elements.iter().enumerate().filter(|(_, limits)| holds(limits));
    bits.fold(0, |mask, (index, _)| mask | 1 << index)
}

fn days(elements: &[&Restrictions]) -> Axis {
    let mut axis = Axis::default();
    for day in Days::default().iter() {
        axis.put(mask(elements, |limits| limits.days.contains(day)), day_name(day));
    }
    axis
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
        let holds = |limits: &Restrictions| {
            window(limits).is_none_or(|(from, until)| crate::engine::moment::in_window(second, from, until))
        };
        let (hour, minute) = (second / 3600, second / 60 % 60);
        axis.put(mask(elements, holds), format_args!("at {hour:02}:{minute:02}"));
    }
    axis
}

/// Before the first date comes last: it names only what is nowhere else.
fn dates(elements: &[&Restrictions]) -> Axis {
    let bounds = |limits: &Restrictions| (limits.start_date, limits.end_date);
    let show = |date: NaiveDate| {
        if date == NaiveDate::MIN { BEFORE_DATES.to_owned() } else { format!("on {date}") }
    };
    let mut cuts = cuts(elements, bounds, NaiveDate::MIN);
    cuts.rotate_left(1);
    ranges(elements, bounds, cuts, show)
}

const BEFORE_DATES: &str = "before the first date";

fn decimals(
    elements: &[&Restrictions],
    unit: &'static str,
    bounds: impl Fn(&Restrictions) -> (Option<Decimal>, Option<Decimal>),
) -> Axis {
    let cuts = cuts(elements, &bounds, Decimal::ZERO);
    ranges(elements, bounds, cuts, |value| format!("from {value} {unit}"))
}

fn durations(elements: &[&Restrictions]) -> Axis {
    let bounds = |limits: &Restrictions| (limits.min_duration, limits.max_duration);
    let cuts = cuts(elements, bounds, 0);
    ranges(elements, bounds, cuts, |value| format!("after {value} s"))
}

/// Where something changes, from the least value on.
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
        axis.put(mask(elements, holds), show(value));
    }
    axis
}
