//! From periods to the quantities that are priced.

use chrono::{DateTime, Utc};
use ocpi_types::Concern;

use super::absent_time::AbsentTime;
use super::compiled::{Compiled, Found};
use super::draft::Draft;
use super::hours::{self, Decimals};
use super::moment::{Extremes, Moment, Restriction, Verdict, elapsed};
use super::piece::{Piece, Trace};
use super::split::{Calm, Place, Stretch};
use super::volumes::Volume;
use crate::bill::{Gap, Note, Reason};
use crate::error::{Fault, PriceError};
use crate::fixed::Fixed;
use crate::policy::{BookingFee, Hours, Limits, MissingTariff, Spans, UnknownDimensions};
use crate::tariff_model::{Phase, TariffDimension};
use crate::usage::{Period, TariffRef, Usage};
use crate::zone::LocalClock;

/// Tariffs that were applied, with the first and the last one of charging.
pub(crate) struct Applied {
    /// The tariff that charging began with.
    pub(crate) first: Option<u32>,
    /// All others, each once.
    pub(crate) others: Vec<u32>,
    /// The tariff that charging ended with.
    pub(crate) last: Option<u32>,
    /// Charging time that no period has.
    pub(crate) absent_time: AbsentTime,
}

/// Finds the rate of each quantity of each period.
pub(crate) fn collect(bill: &mut Draft<'_>) -> Result<Applied, PriceError> {
    let usage = bill.usage;
    for (period, name) in &usage.unknown_dimensions {
        bill.notes.push(Note::UnknownDimension { period: *period, name: name.clone() });
    }
    let obstacles = usage.obstacles.iter().filter(|obstacle| obstacle.concern == Concern::Usage);
    bill.gaps.extend(obstacles.map(|obstacle| Gap::of(obstacle.into())));
    if usage.periods.is_empty() && !usage.is_cancelled {
        bill.gaps.push(Gap::of(Reason::NoPeriods));
    }
    bill.entries.reserve(usage.periods.len().saturating_mul(2).saturating_add(2));
    let mut walk = Walk::new(bill);
    walk.up_front()?;
    for (index, period) in usage.periods.iter().enumerate() {
        walk.period(index, period)?;
    }
    walk.cancellation()?;
    Ok(walk.applied)
}

/// The most places in a session at which periods are split, beyond one for each period.
const MAX_CHANGES: usize = 65_536;

struct Walk<'b, 'a> {
    bill: &'b mut Draft<'a>,
    applied: Applied,
    /// The plan of each tariff id of the usage.
    named: Vec<Option<u32>>,
    clock: Option<LocalClock>,
    /// The tariff for which the clock is calm, and until when.
    calm: (u32, Option<Calm>),
    has_expired: bool,
    energy: Fixed,
    has_fee: [bool; 4],
    /// The tariffs and elements of which it is told already that they are not understood.
    told: Vec<(u32, Option<u32>)>,
    changes_left: usize,
    decimals: Decimals,
}

impl<'b, 'a> Walk<'b, 'a> {
    fn new(bill: &'b mut Draft<'a>) -> Self {
        let usage = bill.usage;
        let named = usage.tariff_ids().iter().map(|id| {
            let is_it = |plan: &Compiled| plan.plan.id.eq_ignore_ascii_case(id);
            bill.pricer.plans.iter().position(is_it).and_then(|index| u32::try_from(index).ok())
        });
        let is_charged = usage.periods.iter().any(Period::is_charging);
        Self {
            applied: Applied {
                first: None,
                others: Vec::new(),
                last: None,
                absent_time: AbsentTime::of(usage),
            },
            named: named.collect(),
            clock: bill.local_clock(),
            calm: (0, None),
            has_expired: usage.has_expired.unwrap_or(!is_charged),
            energy: Fixed::ZERO,
            has_fee: [false; 4],
            told: Vec::new(),
            changes_left: MAX_CHANGES.saturating_add(usage.periods.len()),
            decimals: Decimals::default(),
            bill,
        }
    }

    fn period(&mut self, index: usize, period: &Period) -> Result<(), PriceError> {
        let pricer = self.bill.pricer;
        let policy = &pricer.policy;
        let mut volumes = Volume::all(index, period, self.has_expired, policy)?;
        let energy = volumes[0].volume;
        let end = self.bill.usage.period_end(index);
        if let (Some(end), Hours::WholeSeconds) = (end, policy.hours) {
            let length = Fixed::seconds(end.to_chrono() - period.start.to_chrono());
            hours::fit(&mut volumes, period, length, self.bill.usage, &mut self.decimals);
        }
        if energy.is_negative() {
            self.bill.notes.push(Note::NegativeEnergy { period: index });
        }
        if self.is_outside(period, end) {
            self.bill.notes.push(Note::OutsideSession { period: index });
        }
        if let Some(plan) = self.plan(index, period)? {
            let is_charging = period.is_charging();
            if is_charging {
                self.apply(plan);
            }
            if let Some(compiled) = self.bill.pricer.plans.get(plan as usize) {
                self.walk(index, period, plan, compiled, &volumes, end.map(|end| end.to_chrono()))?;
            }
        }
        self.energy = self.energy.add(energy).ok_or_else(|| Fault::Period(index))?;
        Ok(())
    }

    fn is_outside(&self, period: &Period, end: Option<ocpi_types::DateTime>) -> bool {
        let usage = self.bill.usage;
        usage.start.is_some_and(|start| period.start < start) || (end.is_none() && usage.end.is_some())
    }

    fn apply(&mut self, plan: u32) {
        let applied = &mut self.applied;
        let first = *applied.first.get_or_insert(plan);
        if plan != first && !applied.others.contains(&plan) {
            applied.others.push(plan);
        }
        applied.last = Some(plan);
    }

    /// The tariff of a period.
    fn plan(&mut self, index: usize, period: &Period) -> Result<Option<u32>, PriceError> {
        let bill = &mut *self.bill;
        let count = bill.pricer.plans.len();
        let plan = match period.tariff {
            TariffRef::Id(id) => self.named.get(id as usize).copied().flatten().ok_or(Reason::UnknownTariff),
            _ if count == 0 => Err(Reason::NoTariff),
            TariffRef::Missing if bill.pricer.policy.missing_tariff == MissingTariff::NoTariff => {
                bill.notes.push(Note::NoTariff { period: index });
                return Ok(None);
            }
            TariffRef::Missing | TariffRef::Unstated => Ok(0),
        };
        let plan = match plan {
            Ok(plan) => plan,
            Err(reason) => {
                let reason = if count == 0 { Reason::NoTariff } else { reason };
                bill.gaps.push(Gap { period: Some(index), ..Gap::of(reason) });
                return Ok(None);
            }
        };
        let Some(compiled) = bill.pricer.plans.get(plan as usize) else { return Ok(None) };
        same_currency(bill.usage, compiled)?;
        if !matches!(period.tariff, TariffRef::Id(_)) && count > 1 && index == 0 {
            bill.notes.push(Note::TariffAssumed);
        }
        if index == 0 || self.applied.last != Some(plan) {
            let valid = &compiled.plan;
            let is_early = valid.valid_from.is_some_and(|from| period.start < from);
            let is_late = valid.valid_until.is_some_and(|until| period.start >= until);
            if is_early || is_late {
                bill.notes.push(Note::OutsideValidity { period: index });
            }
            if !valid.obstacles.is_empty() && !self.told.contains(&(plan, None)) {
                let is_ignored = bill.pricer.policy.limits == Limits::Ignored;
                let obstacles = valid.obstacles.iter();
                let obstacles = obstacles.filter(|it| !(is_ignored && it.concern == Concern::Limits));
                let gaps = obstacles.map(|obstacle| Gap { tariff: Some(plan), ..Gap::of(obstacle.into()) });
                bill.gaps.extend(gaps);
                self.told.push((plan, None));
            }
        }
        Ok(Some(plan))
    }

    /// Goes through a period, from one possible change of a price to the next.
    fn walk(
        &mut self,
        index: usize,
        period: &Period,
        plan: u32,
        compiled: &Compiled,
        volumes: &[Volume; 6],
        end: Option<DateTime<Utc>>,
    ) -> Result<(), PriceError> {
        let pricer = self.bill.pricer;
        let policy = &pricer.policy;
        let start = period.start.to_chrono();
        let is_charging = period.is_charging();
        let stretch = Stretch {
            start,
            elapsed: if compiled.changes.durations.is_empty() {
                None
            } else {
                elapsed(self.bill.starts.of_period(period), start)
            },
            energy_before: self.energy,
            time: end.map(|end| Fixed::seconds(end - start)),
            energy: volumes[0].volume,
            clock: if compiled.changes.needs_local_time { self.clock } else { None },
        };
        let (current, power) = if compiled.changes.needs_readings {
            (Extremes::current(period), Extremes::power(period, stretch.time, policy))
        } else {
            Default::default()
        };
        if self.calm.0 != plan {
            self.calm = (plan, None);
        }
        let mut from = Place { time_is_exact: true, energy_is_exact: true, ..Place::default() };
        let mut traces = [Trace::default(); 6];
        loop {
            let next = match policy.spans {
                Spans::AtStart => None,
                Spans::Split => stretch.next(from, &compiled.changes, &mut self.calm.1),
            };
            let at = if from.time.is_zero() {
                start
            } else {
                start.checked_add_signed(from.time.to_delta()).unwrap_or(start)
            };
            let moment = Moment {
                local: stretch.clock.map(|clock| clock.local(at)),
                elapsed: stretch.elapsed.and_then(|elapsed| elapsed.add(from.time)),
                energy: self.energy.add(from.energy).ok_or_else(|| Fault::Period(index))?,
                current,
                power,
                is_booked: self.bill.usage.is_booked,
            };
            let piece = Piece { index, plan, compiled, at, moment };
            self.odd_elements(&piece);
            if is_charging {
                self.applied.absent_time.look(&piece, policy);
                self.fee(&piece, Phase::Charging)?;
            }
            for (volume, trace) in volumes.iter().zip(&mut traces) {
                if volume.volume.is_zero() {
                    continue;
                }
                if volume.phase != Phase::Charging {
                    self.fee(&piece, volume.phase)?;
                }
                let quantity = volume.between(from, next, &stretch).ok_or_else(|| Fault::Period(index))?;
                let is_exact = volume.is_exact(from, &stretch);
                self.quantity(&piece, volume, quantity, is_exact, trace)?;
            }
            let Some(next) = next else { return Ok(()) };
            self.changes_left = self.changes_left.checked_sub(1).ok_or_else(|| Fault::Changes(index))?;
            from = next;
        }
    }

    /// Puts a quantity on the bill, or why it cannot be.
    fn quantity(
        &mut self,
        piece: &Piece<'_>,
        volume: &Volume,
        quantity: Fixed,
        is_exact: bool,
        trace: &mut Trace,
    ) -> Result<(), PriceError> {
        let bill = &mut *self.bill;
        let found = piece.find(volume.phase, volume.kind, &bill.pricer.policy);
        let is_continued = trace.found == Some(found);
        let has_changed = trace.found.is_some() && !is_continued;
        // Both sides of a change that was not measured are estimates.
        let is_estimate = has_changed && !is_exact;
        if let (true, Some(entry)) = (is_estimate, trace.entry.and_then(|entry| bill.entries.get_mut(entry)))
        {
            entry.is_estimate = true;
        }
        trace.found = Some(found);
        if is_continued {
            if let Some(entry) = trace.entry.and_then(|entry| bill.entries.get_mut(entry)) {
                entry.measured = entry.measured.add(quantity).ok_or_else(|| Fault::Period(piece.index))?;
                entry.billed = entry.measured;
            }
            return Ok(());
        }
        trace.entry = None;
        match found {
            Found::Nothing => {}
            Found::Unknown { element, why } => {
                bill.gaps.push(piece.gap(volume.phase, volume.kind, element, why));
            }
            // Nothing of it, at the very bound.
            Found::Rate(_) if quantity.is_zero() => trace.found = None,
            Found::Rate(rate) => {
                trace.entry = Some(bill.entries.len());
                bill.entries.push(piece.entry(volume.phase, volume.kind, rate, quantity, is_estimate));
            }
        }
        Ok(())
    }

    /// Puts the fee of a phase on the bill, the first time that one applies.
    fn fee(&mut self, piece: &Piece<'_>, phase: Phase) -> Result<(), PriceError> {
        let fee = match phase {
            Phase::Charging => 0,
            Phase::Reservation | Phase::Expired => 1,
            Phase::Overtime => 2,
            Phase::Cancelled => 3,
        };
        let Some(has_fee) = self.has_fee.get_mut(fee).filter(|has_fee| !**has_fee) else { return Ok(()) };
        let bill = &mut *self.bill;
        match piece.find(phase, TariffDimension::Flat, &bill.pricer.policy) {
            Found::Nothing => return Ok(()),
            Found::Unknown { element, why } => {
                bill.gaps.push(piece.gap(phase, TariffDimension::Flat, element, why));
            }
            Found::Rate(rate) => {
                bill.entries.push(piece.entry(phase, TariffDimension::Flat, rate, Fixed::ONE, false))
            }
        }
        *has_fee = true;
        Ok(())
    }

    /// Puts a gap for each element that may apply here and has a component of a kind that is not understood.
    fn odd_elements(&mut self, piece: &Piece<'_>) {
        let bill = &mut *self.bill;
        if bill.pricer.policy.unknown_dimensions == UnknownDimensions::Ignored {
            return;
        }
        for element in &piece.compiled.odd {
            let place = (piece.plan, Some(*element));
            let verdict = piece.compiled.verdict(*element, &piece.moment, &bill.pricer.policy);
            if !matches!(verdict, Verdict::Fails(_)) && !self.told.contains(&place) {
                self.told.push(place);
                let obstacle = piece.compiled.odd_obstacle(*element);
                bill.gaps.push(Gap {
                    period: Some(piece.index),
                    tariff: Some(piece.plan),
                    element: Some(*element),
                    ..Gap::of(obstacle.map_or(Reason::Restriction(Restriction::Unknown), Reason::from))
                });
            }
        }
    }

    /// The fee of a booking that was cancelled.
    fn cancellation(&mut self) -> Result<(), PriceError> {
        let usage: &Usage = self.bill.usage;
        if !usage.is_cancelled {
            return Ok(());
        }
        let Some(compiled) = self.bill.pricer.plans.first() else {
            self.bill.gaps.push(Gap { phase: Some(Phase::Cancelled), ..Gap::of(Reason::NoTariff) });
            return Ok(());
        };
        same_currency(usage, compiled)?;
        let at = usage.end.or(usage.start).map_or(DateTime::UNIX_EPOCH, |at| at.to_chrono());
        let moment = Moment {
            local: self.clock.map(|clock| clock.local(at)),
            elapsed: elapsed(self.bill.starts.session, at),
            energy: self.energy,
            current: Extremes::default(),
            power: Extremes::default(),
            is_booked: usage.is_booked,
        };
        let index = usage.periods.len().saturating_sub(1);
        self.fee(&Piece { index, plan: 0, compiled, at, moment }, Phase::Cancelled)
    }

    /// The fee of a booking that is due by booking, by the tariff that the session begins with.
    fn up_front(&mut self) -> Result<(), PriceError> {
        let usage: &Usage = self.bill.usage;
        let is_due = usage.is_booked && self.bill.pricer.policy.booking_fee == BookingFee::UpFront;
        let Some(first) = usage.periods.first().filter(|_| is_due) else { return Ok(()) };
        let plan = match first.tariff {
            TariffRef::Id(id) => self.named.get(id as usize).copied().flatten(),
            TariffRef::Missing if self.bill.pricer.policy.missing_tariff == MissingTariff::NoTariff => None,
            TariffRef::Missing | TariffRef::Unstated => Some(0),
        };
        let compiled = plan.and_then(|plan| Some((plan, self.bill.pricer.plans.get(plan as usize)?)));
        // A tariff that is not known is a gap of the first period.
        let Some((plan, compiled)) = compiled else { return Ok(()) };
        same_currency(usage, compiled)?;
        let at = usage.start.unwrap_or(first.start).to_chrono();
        let moment = Moment {
            local: self.clock.map(|clock| clock.local(at)),
            elapsed: elapsed(self.bill.starts.session, at),
            energy: Fixed::ZERO,
            current: Extremes::default(),
            power: Extremes::default(),
            is_booked: true,
        };
        let phase = if self.has_expired { Phase::Expired } else { Phase::Reservation };
        self.fee(&Piece { index: 0, plan, compiled, at, moment }, phase)
    }
}

impl Draft<'_> {
    /// The clock at the location, if it is known where that is and a tariff asks.
    fn local_clock(&self) -> Option<LocalClock> {
        let usage = self.usage;
        let zone = usage.zone?;
        self.pricer.plans.iter().any(|plan| plan.changes.needs_local_time).then(|| {
            let policy = self.pricer.policy.clock;
            match (usage.start, usage.end) {
                (Some(from), Some(until)) => {
                    LocalClock::between(zone, policy, from.to_chrono(), until.to_chrono())
                }
                _ => LocalClock::new(zone, policy),
            }
        })
    }
}

fn same_currency(usage: &Usage, compiled: &Compiled) -> Result<(), PriceError> {
    if compiled.plan.currency.as_str().eq_ignore_ascii_case(usage.currency.as_str()) {
        return Ok(());
    }
    // One that could not be read is an obstacle already.
    let mut obstacles = usage.obstacles.iter().chain(&compiled.plan.obstacles);
    if obstacles.any(|obstacle| obstacle.pointer == "/currency") {
        return Ok(());
    }
    let (tariff, session) = (compiled.plan.currency.clone(), usage.currency.clone());
    Err(Fault::Currency { tariff, session }.into())
}
