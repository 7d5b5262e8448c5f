//! Restrictions of elements at a moment of a session.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Timelike, Utc, Weekday};

use ocpi_types::{Decimal, Version};

use crate::fixed::Fixed;
use crate::policy::{Bookings, Overnight, Policy, Power, Power211, Readings};
use crate::tariff_model::{Days, Element, Phase, Restrictions};
use crate::usage::{Period, Usage};

/// A restriction of an element, by the members in messages.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Restriction {
    /// `start_time` and `end_time`.
    TimeOfDay,
    /// `start_date` and `end_date`.
    Date,
    /// `day_of_week`.
    DayOfWeek,
    /// `min_kwh`.
    MinKwh,
    /// `max_kwh`.
    MaxKwh,
    /// `min_current`.
    MinCurrent,
    /// `max_current`.
    MaxCurrent,
    /// `min_power`.
    MinPower,
    /// `max_power`.
    MaxPower,
    /// `min_duration`.
    MinDuration,
    /// `max_duration`.
    MaxDuration,
    /// `reservation` and `booking`.
    Phase,
    /// A restriction that is not understood.
    Unknown,
}

impl Restriction {
    /// Whether it depends on the local time, which requires a time zone.
    pub fn is_of_clock(self) -> bool {
        matches!(self, Self::TimeOfDay | Self::Date | Self::DayOfWeek)
    }

    /// Returns the names of its members.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TimeOfDay => "start_time, end_time",
            Self::Date => "start_date, end_date",
            Self::DayOfWeek => "day_of_week",
            Self::MinKwh => "min_kwh",
            Self::MaxKwh => "max_kwh",
            Self::MinCurrent => "min_current",
            Self::MaxCurrent => "max_current",
            Self::MinPower => "min_power",
            Self::MaxPower => "max_power",
            Self::MinDuration => "min_duration",
            Self::MaxDuration => "max_duration",
            Self::Phase => "reservation, booking",
            Self::Unknown => "an unknown restriction",
        }
    }
}

/// Verdict on a restriction, or an element, at a moment.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Verdict {
    /// It holds.
    Holds,
    /// It does not hold; for an element: because of this.
    Fails(Restriction),
    /// It cannot be known; for an element: because of this, and nothing else fails.
    Unknown(Restriction),
}

/// All that restrictions ask about a moment of a session.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    /// Local time at the location; `None` without a time zone, or if no restriction asks.
    pub(crate) local: Option<NaiveDateTime>,
    /// Time since the session began.
    pub(crate) elapsed: Option<Fixed>,
    /// Energy since the session began.
    pub(crate) energy: Fixed,
    pub(crate) current: Extremes,
    pub(crate) power: Extremes,
    /// Whether a reservation is one of a booking.
    pub(crate) is_booked: bool,
}

impl Moment {
    /// Returns the reading that a bound on power is compared with.
    fn power_of(&self, version: Version, policy: &Policy) -> Extremes {
        let is_current = version == Version::V2_1_1 && policy.power_2_1_1 == Power211::Amperes;
        if is_current { self.current } else { self.power }
    }
}

/// The lowest and the highest reading of a period.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Extremes {
    pub(crate) min: Option<Fixed>,
    pub(crate) max: Option<Fixed>,
}

/// The restrictions of an element, ready to be looked at.
#[derive(Clone, Debug)]
pub(crate) struct Tests {
    tests: Vec<Test>,
}

#[derive(Clone, Copy, Debug)]
enum Test {
    /// Seconds of the day, the end not included.
    Clock {
        from: u32,
        until: u32,
    },
    Days {
        days: Days,
        window: Option<(u32, u32)>,
    },
    Dates {
        from: Option<NaiveDate>,
        until: Option<NaiveDate>,
    },
    MinKwh(Fixed),
    MaxKwh(Fixed),
    MinCurrent(Fixed),
    MaxCurrent(Fixed),
    MinPower(Fixed, Version),
    MaxPower(Fixed, Version),
    MinDuration(Fixed),
    MaxDuration(Fixed),
    /// Whether the element is for bookings, or for the other reservations.
    Booking(bool),
    /// `reservation` and `booking` say different things.
    Contradiction,
    Obstacle,
}

pub(crate) const DAY: u32 = 24 * 60 * 60;

impl Tests {
    pub(crate) fn of(element: &Element, version: Version, has_obstacle: bool) -> Self {
        let limits = &element.restrictions;
        let window = window(limits);
        let mut tests = Vec::new();
        if let Some((from, until)) = window {
            tests.push(Test::Clock { from, until });
        }
        if limits.start_date.is_some() || limits.end_date.is_some() {
            tests.push(Test::Dates { from: limits.start_date, until: limits.end_date });
        }
        if limits.days != Days::default() {
            tests.push(Test::Days { days: limits.days, window: window.filter(|(from, until)| until < from) });
        }
        let number = |bound: Option<Decimal>| bound.map(Fixed::saturating);
        tests.extend(number(limits.min_kwh).map(Test::MinKwh));
        tests.extend(number(limits.max_kwh).map(Test::MaxKwh));
        tests.extend(limits.min_duration.map(Fixed::whole).map(Test::MinDuration));
        tests.extend(limits.max_duration.map(Fixed::whole).map(Test::MaxDuration));
        tests.extend(number(limits.min_current).map(Test::MinCurrent));
        tests.extend(number(limits.max_current).map(Test::MaxCurrent));
        tests.extend(number(limits.min_power).map(|bound| Test::MinPower(bound, version)));
        tests.extend(number(limits.max_power).map(|bound| Test::MaxPower(bound, version)));
        match (limits.reservation, limits.booking) {
            (Some(one), Some(other)) if one != other => tests.push(Test::Contradiction),
            (Some(_), None) => tests.push(Test::Booking(false)),
            // Phases that only bookings have need no telling apart.
            (None, Some(Phase::Reservation | Phase::Expired)) => tests.push(Test::Booking(true)),
            _ => {}
        }
        if has_obstacle {
            tests.push(Test::Obstacle);
        }
        Self { tests }
    }

    /// Returns the verdict on all restrictions: one that fails is decisive, whatever is unknown.
    #[inline]
    pub(crate) fn verdict(&self, moment: &Moment, policy: &Policy) -> Verdict {
        let mut verdict = Verdict::Holds;
        for test in &self.tests {
            match test.verdict(moment, policy) {
                Verdict::Holds => {}
                Verdict::Fails(restriction) => return Verdict::Fails(restriction),
                unknown @ Verdict::Unknown(_) => verdict = unknown,
            }
        }
        verdict
    }

    /// Returns each restriction with its verdict at the moment.
    pub(crate) fn each(
        &self,
        moment: &Moment,
        policy: &Policy,
    ) -> impl Iterator<Item = (Restriction, Verdict)> {
        let is_asked = move |test: &&Test| {
            !matches!(test, Test::Booking(_)) || policy.bookings != Bookings::AsReservations
        };
        let asked = self.tests.iter().filter(is_asked);
        asked.map(move |test| (test.restriction(), test.verdict(moment, policy)))
    }
}

impl Test {
    #[inline]
    fn verdict(self, moment: &Moment, policy: &Policy) -> Verdict {
        let holds = match self {
            Self::Clock { from, until } => moment.local.map(|local| in_window(second(local), from, until)),
            Self::Days { days, window } => {
                moment.local.map(|local| days.contains(weekday(local, window, policy.overnight)))
            }
            Self::Dates { from, until } => moment.local.map(|local| {
                from.is_none_or(|from| from <= local.date()) && until.is_none_or(|until| local.date() < until)
            }),
            Self::MinKwh(bound) => Some(moment.energy >= bound),
            Self::MaxKwh(bound) => Some(moment.energy < bound),
            Self::MinDuration(bound) => moment.elapsed.map(|elapsed| elapsed >= bound),
            Self::MaxDuration(bound) => moment.elapsed.map(|elapsed| elapsed < bound),
            Self::MinCurrent(bound) => moment.current.at_least(bound, policy.readings),
            Self::MaxCurrent(bound) => moment.current.below(bound, policy.readings),
            Self::MinPower(bound, version) => {
                moment.power_of(version, policy).at_least(bound, policy.readings)
            }
            Self::MaxPower(bound, version) => moment.power_of(version, policy).below(bound, policy.readings),
            Self::Booking(booking) => {
                Some(policy.bookings == Bookings::AsReservations || moment.is_booked == booking)
            }
            Self::Contradiction | Self::Obstacle => None,
        };
        match holds {
            Some(true) => Verdict::Holds,
            Some(false) => Verdict::Fails(self.restriction()),
            None => Verdict::Unknown(self.restriction()),
        }
    }

    fn restriction(self) -> Restriction {
        match self {
            Self::Clock { .. } => Restriction::TimeOfDay,
            Self::Days { .. } => Restriction::DayOfWeek,
            Self::Dates { .. } => Restriction::Date,
            Self::MinKwh(_) => Restriction::MinKwh,
            Self::MaxKwh(_) => Restriction::MaxKwh,
            Self::MinDuration(_) => Restriction::MinDuration,
            Self::MaxDuration(_) => Restriction::MaxDuration,
            Self::MinCurrent(_) => Restriction::MinCurrent,
            Self::MaxCurrent(_) => Restriction::MaxCurrent,
            Self::MinPower(..) => Restriction::MinPower,
            Self::MaxPower(..) => Restriction::MaxPower,
            Self::Contradiction | Self::Booking(_) => Restriction::Phase,
            Self::Obstacle => Restriction::Unknown,
        }
    }
}

impl Extremes {
    pub(crate) fn current(period: &Period) -> Self {
        Self::of(period.min_current, period.max_current)
    }

    /// The power of a period, which lasts so many seconds.
    pub(crate) fn power(period: &Period, time: Option<Fixed>, policy: &Policy) -> Self {
        let measured = Self::of(period.min_power, period.max_power);
        if policy.power == Power::Measured || measured.min.or(measured.max).is_some() {
            return measured;
        }
        let time = time.filter(|time| !time.is_zero());
        let energy = period.energy.and_then(Fixed::of);
        let average = energy.zip(time).and_then(|(energy, time)| energy.share(Fixed::whole(3600), time));
        Self { min: average, max: average }
    }

    fn of(min: Option<Decimal>, max: Option<Decimal>) -> Self {
        Self { min: min.map(Fixed::saturating), max: max.map(Fixed::saturating) }
    }

    /// Whether the reading is `bound` or more all the time; `None`: at some moments, or not known.
    fn at_least(self, bound: Fixed, readings: Readings) -> Option<bool> {
        match (self.min, self.max) {
            (Some(min), _) if min >= bound => Some(true),
            (Some(_), _) if readings == Readings::Extremes => Some(false),
            (_, Some(max)) if max < bound => Some(false),
            (None, Some(_)) if readings == Readings::Extremes => Some(true),
            _ => None,
        }
    }

    /// Whether the reading is below `bound` all the time; `None`: at some moments, or not known.
    fn below(self, bound: Fixed, readings: Readings) -> Option<bool> {
        match (self.min, self.max) {
            (_, Some(max)) if max < bound => Some(true),
            (_, Some(_)) if readings == Readings::Extremes => Some(false),
            (Some(min), _) if min >= bound => Some(false),
            (Some(_), None) if readings == Readings::Extremes => Some(true),
            _ => None,
        }
    }
}

/// The window of the day in seconds, the end not included; before the start it is on the next day.
pub(crate) fn window(limits: &Restrictions) -> Option<(u32, u32)> {
    if limits.start_time.is_none() && limits.end_time.is_none() {
        return None;
    }
    let seconds = |minutes: u16| u32::from(minutes) * 60;
    let end = limits.end_time.map_or(DAY, |minutes| if minutes == 0 { DAY } else { seconds(minutes) });
    Some((limits.start_time.map_or(0, seconds), end))
}

pub(crate) fn in_window(second: u32, from: u32, until: u32) -> bool {
    if until < from { second >= from || second < until } else { from <= second && second < until }
}

fn second(local: NaiveDateTime) -> u32 {
    local.num_seconds_from_midnight()
}

/// The day that counts: after midnight in an overnight window it may be the day before.
fn weekday(local: NaiveDateTime, overnight: Option<(u32, u32)>, policy: Overnight) -> Weekday {
    match overnight {
        Some((_, until)) if policy == Overnight::StartDay && second(local) < until => local.weekday().pred(),
        _ => local.weekday(),
    }
}

/// Moments from which durations count.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Starts {
    /// For a reservation: from the start of the session, which is that of the reservation.
    pub(crate) session: Option<DateTime<Utc>>,
    /// For charging: from the end of the reservation.
    charging: Option<DateTime<Utc>>,
}

impl Starts {
    pub(crate) fn of(usage: &Usage) -> Self {
        let session = usage.start.map(|start| start.to_chrono());
        let is_reserved_first = usage.periods.first().is_some_and(|period| !period.is_charging());
        let first = usage.periods.iter().find(|period| is_reserved_first && period.is_charging());
        let charging = session.map(|start| first.map_or(start, |period| period.start.to_chrono()));
        Self { session, charging }
    }

    pub(crate) fn of_period(self, period: &Period) -> Option<DateTime<Utc>> {
        if period.is_charging() { self.charging } else { self.session }
    }
}

/// The time since `start`.
pub(crate) fn elapsed(start: Option<DateTime<Utc>>, at: DateTime<Utc>) -> Option<Fixed> {
    start.map(|start| Fixed::seconds(at - start))
}
