//! Conversion of a plan to periods, which end wherever a price may change.
//!
//! Spec: 2.2.1 mod_cdrs §charging_period: a new period starts at every moment that changes the cost.

use chrono::{DateTime as Utc, Utc as Zulu};
use ocpi_types::{DateTime, Decimal, Version};

use super::error::Fault;
use super::{Charge, Supply};
use crate::engine::compiled::{Changes, Compiled};
use crate::engine::split::{Place, Stretch};
use crate::fixed::{Fixed, hours_of_seconds};
use crate::policy::Power211;
use crate::usage::{Period, State, Usage};
use crate::zone::LocalClock;
use crate::{Policy, Pricer, TariffModel};

/// The longest stay, in seconds.
const YEAR: i64 = 366 * 24 * 60 * 60;

/// The charge as a session whose periods need not be split for the first tariff of the pricer: none contains a bound
/// of time or energy, nor readings on both sides of a bound of power or current. Periods start at whole seconds; energy is
/// divided in whole Wh. With `every` a period also ends at each multiple of so many seconds on the clock.
pub(crate) fn usage(
    charge: &Charge,
    supply: &Supply,
    pricer: &Pricer,
    every: Option<i64>,
) -> Result<Usage, Fault> {
    let draws = charge.need.draws(supply)?;
    let compiled = pricer.plans.first().ok_or(Fault::NoTariff)?;
    if charge.idle < 0 || charge.reserved < 0 {
        return Err(Fault::Negative("a time"));
    }
    let bounds = Bounds::of(compiled, pricer.policy(), every);
    let arrival = charge.arrival.to_chrono().timestamp();
    let begin = arrival.checked_sub(charge.reserved).ok_or(Fault::TooLong)?;
    let mut walk = Walk {
        bounds: &bounds,
        supply,
        clock: LocalClock::new(charge.zone, pricer.policy().clock),
        begin,
        phase: begin,
        now: begin,
        lead: Decimal::ZERO,
        energy: Decimal::ZERO,
        periods: Vec::new(),
        open: None,
    };
    walk.spend(charge.reserved, State::Reserved)?;
    walk.phase = walk.now;
    for draw in draws {
        walk.charge(draw.energy, draw.power)?;
    }
    walk.spend(charge.idle, State::Parking)?;
    let end = walk.now;
    walk.close();
    let mut usage = Usage::new(compiled.plan.currency.clone());
    usage.start = Some(at(begin)?);
    usage.end = Some(at(end)?);
    usage.zone = Some(charge.zone);
    usage.periods = walk.periods.iter().map(Piece::period).collect::<Result<_, _>>()?;
    Ok(usage)
}

/// Bounds at which a period has to end.
struct Bounds<'a> {
    changes: &'a Changes,
    energies: Vec<Decimal>,
    powers: Vec<Decimal>,
    currents: Vec<Decimal>,
    every: Option<i64>,
}

impl<'a> Bounds<'a> {
    fn of(compiled: &'a Compiled, policy: &Policy, every: Option<i64>) -> Self {
        let plan = &compiled.plan;
        let powers = limits(plan, |limits| [limits.min_power, limits.max_power]);
        let mut currents = limits(plan, |limits| [limits.min_current, limits.max_current]);
        if plan.version == Version::V2_1_1 && policy.power_2_1_1 == Power211::Amperes {
            currents.extend(&powers);
            currents.sort_unstable();
        }
        Self {
            changes: &compiled.changes,
            energies: limits(plan, |limits| [limits.min_kwh, limits.max_kwh]),
            powers,
            currents,
            every: every.filter(|every| *every > 0),
        }
    }
}

/// The bounds of one kind in all elements, ascending.
fn limits(
    plan: &TariffModel,
    of: impl Fn(&crate::tariff_model::Restrictions) -> [Option<Decimal>; 2],
) -> Vec<Decimal> {
    let restrictions = plan.elements.iter().map(|element| &element.restrictions);
    let mut limits: Vec<Decimal> = restrictions.flat_map(of).flatten().collect();
    limits.sort_unstable();
    limits
}

/// Counts the bounds that a reading has reached: while that is the same, no restriction changes.
fn class(bounds: &[Decimal], reading: Option<Decimal>) -> usize {
    reading.map_or(0, |reading| bounds.partition_point(|bound| *bound <= reading))
}

struct Walk<'a> {
    bounds: &'a Bounds<'a>,
    supply: &'a Supply,
    clock: LocalClock,
    begin: i64,
    /// Moment from which durations count: the start of the reservation, or that of charging.
    phase: i64,
    /// Seconds since 1970.
    now: i64,
    /// Number of seconds that the clock is ahead of the energy: periods end at whole seconds, and with whole Wh.
    lead: Decimal,
    energy: Decimal,
    periods: Vec<Piece>,
    /// The period that goes on; `None`: the next piece starts a new one.
    open: Option<Piece>,
}

/// A period that is being made.
#[derive(Clone, Copy)]
struct Piece {
    start: i64,
    seconds: i64,
    state: State,
    energy: Decimal,
    power: Option<(Decimal, Decimal)>,
    current: Option<(Decimal, Decimal)>,
    classes: (usize, usize),
}

impl Walk<'_> {
    /// Time that passes without charging.
    fn spend(&mut self, seconds: i64, state: State) -> Result<(), Fault> {
        // That nothing flows is only said where it matters.
        let matters = !self.bounds.powers.is_empty() || !self.bounds.currents.is_empty();
        let power = matters.then_some(Decimal::ZERO);
        let mut left = seconds;
        while left > 0 {
            let wait = self.wait(left);
            let passed = wait.unwrap_or(left);
            self.add(passed, state, Decimal::ZERO, power)?;
            if wait.is_some() {
                self.close();
            }
            left -= passed;
        }
        self.close();
        Ok(())
    }

    /// Charges so much energy at a power.
    fn charge(&mut self, energy: Decimal, power: Decimal) -> Result<(), Fault> {
        let mut left = energy;
        while left > Decimal::ZERO {
            let bound = self.next_energy().filter(|bound| *bound <= left);
            let piece = bound.unwrap_or(left);
            let needs = time_of(piece, power)?;
            let seconds = ceil(sub(needs, self.lead)?)?.max(1);
            if seconds > YEAR {
                return Err(Fault::TooLong);
            }
            let charged = match self.wait(seconds) {
                Some(wait) if wait < seconds => {
                    let time = add(self.lead, Decimal::from(wait))?;
                    let charged =
                        mul(power, time)?.checked_div(Decimal::from(3600)).ok_or(Fault::TooLarge)?;
                    let charged = charged.round(3).max(Decimal::ZERO).min(piece);
                    self.add(wait, State::Charging, charged, Some(power))?;
                    let needs = time_of(charged, power)?;
                    self.lead = sub(time, needs)?;
                    self.close();
                    charged
                }
                wait => {
                    self.add(seconds, State::Charging, piece, Some(power))?;
                    self.lead = sub(add(self.lead, Decimal::from(seconds))?, needs)?;
                    if bound.is_some() || wait.is_some() {
                        self.close();
                    }
                    piece
                }
            };
            left = sub(left, charged)?;
        }
        Ok(())
    }

    /// Returns the energy that is left until the next bound.
    fn next_energy(&self) -> Option<Decimal> {
        let next = self.bounds.energies.iter().find(|bound| **bound > self.energy)?;
        next.checked_sub(self.energy)
    }

    /// Returns the seconds that are left until the next bound of time, if it comes before or when so many have passed.
    fn wait(&self, seconds: i64) -> Option<i64> {
        let every = self.bounds.every.map(|every| every - self.now.rem_euclid(every));
        let stretch = Stretch {
            start: instant(self.now)?,
            elapsed: Some(Fixed::whole(self.now - self.phase)),
            energy_before: Fixed::ZERO,
            time: Some(Fixed::whole(seconds.saturating_add(1))),
            energy: Fixed::ZERO,
            clock: Some(self.clock),
        };
        let next = stretch.next(Place::default(), self.bounds.changes, &mut None);
        let next = next.map(|place| place.time.to_delta().num_seconds());
        let waits = [every, next];
        waits.into_iter().flatten().filter(|wait| (1..=seconds).contains(wait)).min()
    }

    /// Adds to the open period, or starts one.
    fn add(
        &mut self,
        seconds: i64,
        state: State,
        energy: Decimal,
        power: Option<Decimal>,
    ) -> Result<(), Fault> {
        let power = power.map(|power| power.round(3).normalize());
        let current = power.and_then(|power| self.supply.current(power));
        let classes = (class(&self.bounds.powers, power), class(&self.bounds.currents, current));
        if self.open.as_ref().is_some_and(|open| open.state != state || open.classes != classes) {
            self.close();
        }
        let start = self.now;
        let open = self.open.get_or_insert_with(|| Piece {
            start,
            seconds: 0,
            state,
            energy: Decimal::ZERO,
            power: power.map(|power| (power, power)),
            current: current.map(|current| (current, current)),
            classes,
        });
        open.seconds += seconds;
        open.energy = add(open.energy, energy)?;
        open.power = widen(open.power, power);
        open.current = widen(open.current, current);
        self.energy = add(self.energy, energy)?;
        self.now = self.now.checked_add(seconds).ok_or(Fault::TooLong)?;
        if self.now - self.begin > YEAR { Err(Fault::TooLong) } else { Ok(()) }
    }

    /// Ends the open period.
    fn close(&mut self) {
        self.periods.extend(self.open.take());
    }
}

impl Piece {
    fn period(&self) -> Result<Period, Fault> {
        let hours = Some(hours_of_seconds(Fixed::whole(self.seconds)).to_decimal());
        let mut period = Period::at(at(self.start)?);
        match self.state {
            State::Reserved => period.reservation_time = hours,
            State::Parking => period.parking_time = hours,
            State::Charging => {
                period.time = hours;
                period.energy = Some(self.energy.normalize());
            }
        }
        (period.min_power, period.max_power) = self.power.unzip();
        (period.min_current, period.max_current) = self.current.unzip();
        Ok(period)
    }
}

fn widen(range: Option<(Decimal, Decimal)>, by: Option<Decimal>) -> Option<(Decimal, Decimal)> {
    let ((low, high), by) = range.zip(by)?;
    Some((low.min(by), high.max(by)))
}

fn instant(seconds: i64) -> Option<Utc<Zulu>> {
    Utc::from_timestamp(seconds, 0)
}

fn at(seconds: i64) -> Result<DateTime, Fault> {
    DateTime::from_unix(seconds).ok_or(Fault::TooLong)
}

/// Computes the seconds that an energy takes.
fn time_of(energy: Decimal, power: Decimal) -> Result<Decimal, Fault> {
    mul(energy, Decimal::from(3600))?.checked_div(power).ok_or(Fault::TooLarge)
}

/// The next whole number.
fn ceil(value: Decimal) -> Result<i64, Fault> {
    let rounded = value.round(0);
    let whole = rounded.to_integer().ok_or(Fault::TooLarge)?;
    if rounded < value { whole.checked_add(1).ok_or(Fault::TooLarge) } else { Ok(whole) }
}

fn add(one: Decimal, other: Decimal) -> Result<Decimal, Fault> {
    one.checked_add(other).ok_or(Fault::TooLarge)
}

fn sub(one: Decimal, other: Decimal) -> Result<Decimal, Fault> {
    one.checked_sub(other).ok_or(Fault::TooLarge)
}

fn mul(one: Decimal, other: Decimal) -> Result<Decimal, Fault> {
    one.checked_mul(other).ok_or(Fault::TooLarge)
}
