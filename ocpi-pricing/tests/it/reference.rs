//! A slow and obvious pricing, minute by minute in fractions, to hold the engine to.
//!
//! Written from the specification alone. It knows sessions whose periods last whole minutes, with energy and time
//! spread evenly, and tariffs with bounds at whole minutes.

use std::ops::{Add, Div, Mul, Sub};

use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc};
use ocpi_pricing::TariffModel;
use ocpi_pricing::tariff_model::{Component, Element, Phase, TariffDimension, Tax};
use ocpi_types::{Decimal, Version};

/// A fraction in lowest terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Q(pub(crate) i128, pub(crate) i128);

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a.abs() } else { gcd(b, a % b) }
}

impl Q {
    pub(crate) fn new(n: i128, d: i128) -> Self {
        let g = gcd(n, d).max(1) * if d < 0 { -1 } else { 1 };
        Self(n / g, d / g)
    }
    pub(crate) fn int(n: i64) -> Self {
        Self(n.into(), 1)
    }
    pub(crate) fn dec(value: Decimal) -> Self {
        let (digits, scale) = value.parts();
        Self::new(digits, 10_i128.pow(scale))
    }
    fn is_zero(self) -> bool {
        self.0 == 0
    }
    fn ceil(self) -> i128 {
        self.0.div_euclid(self.1) + i128::from(self.0.rem_euclid(self.1) != 0)
    }
}

impl PartialOrd for Q {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some((self.0 * other.1).cmp(&(other.0 * self.1)))
    }
}
impl Add for Q {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        Self::new(self.0 * o.1 + o.0 * self.1, self.1 * o.1)
    }
}
impl Sub for Q {
    type Output = Self;
    fn sub(self, o: Self) -> Self {
        self + Self(-o.0, o.1)
    }
}
impl Mul for Q {
    type Output = Self;
    fn mul(self, o: Self) -> Self {
        Self::new(self.0 * o.0, self.1 * o.1)
    }
}
impl Div for Q {
    type Output = Self;
    fn div(self, o: Self) -> Self {
        Self::new(self.0 * o.1, self.1 * o.0)
    }
}

/// Stage of a minute-wise session.
#[derive(Clone, Debug)]
pub(crate) struct Stage {
    pub(crate) minutes: i64,
    /// Wh in each minute.
    pub(crate) wh: i64,
    pub(crate) use_: Use,
    /// kW, lowest and highest.
    pub(crate) power: Option<(i64, i64)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    Reserved,
    Charging,
    Parked,
}

/// Before and after tax; `None`: it cannot be computed.
pub(crate) fn price(
    plan: &TariffModel,
    start: DateTime<Utc>,
    zone: chrono_tz::Tz,
    stages: &[Stage],
) -> Option<(Option<Q>, Option<Q>)> {
    let has_charged = stages.iter().any(|stage| stage.use_ != Use::Reserved);
    let mut charges: Vec<(Phase, TariffDimension, usize, usize, Q)> = Vec::new();
    let (mut minute, mut charging_minute, mut wh) = (0_i64, 0_i64, Q::int(0));
    let (mut fee_of_reservation, mut fee_of_charging) = (false, false);
    for stage in stages {
        for _ in 0..stage.minutes {
            let at = (start + TimeDelta::minutes(minute)).with_timezone(&zone);
            // Energy bounds may lie inside the minute: cut it there.
            let mut cuts = vec![Q::int(0), Q::int(1)];
            if stage.wh > 0 {
                for element in &plan.elements {
                    let limits = &element.restrictions;
                    for bound in [limits.min_kwh, limits.max_kwh].into_iter().flatten() {
                        let cut = (Q::dec(bound) * Q::int(1000) - wh) / Q::int(stage.wh);
                        if Q::int(0) < cut && cut < Q::int(1) && !cuts.contains(&cut) {
                            cuts.push(cut);
                        }
                    }
                }
                cuts.sort_by(|a, b| a.partial_cmp(b).unwrap());
            }
            for pair in cuts.windows(2) {
                let reserved = stage.use_ == Use::Reserved;
                let now = Now {
                    at,
                    seconds: Q::int(if reserved { minute } else { charging_minute }) * Q::int(60)
                        + pair[0] * Q::int(60),
                    kwh: (wh + pair[0] * Q::int(stage.wh)) / Q::int(1000),
                    power: stage.power,
                };
                let share = pair[1] - pair[0];
                let phases: &[Phase] = match (reserved, has_charged) {
                    (false, _) => &[Phase::Charging],
                    (true, true) => &[Phase::Reservation],
                    (true, false) => &[Phase::Expired, Phase::Reservation],
                };
                let fee = if reserved { &mut fee_of_reservation } else { &mut fee_of_charging };
                if !*fee {
                    if let Some((element, component)) = find(plan, phases, TariffDimension::Flat, &now)? {
                        charges.push((phases[0], TariffDimension::Flat, element, component, Q::int(1)));
                        *fee = true;
                    }
                }
                let time = if stage.use_ == Use::Parked {
                    TariffDimension::ParkingTime
                } else {
                    TariffDimension::Time
                };
                let mut quantities = vec![(time, share * Q::int(60))];
                if !reserved && stage.wh > 0 {
                    quantities.push((TariffDimension::Energy, share * Q::int(stage.wh)));
                }
                for (kind, quantity) in quantities {
                    if let Some((element, component)) = find(plan, phases, kind, &now)? {
                        charges.push((phases[0], kind, element, component, quantity));
                    }
                }
            }
            wh = wh + Q::int(if stage.use_ == Use::Reserved { 0 } else { stage.wh });
            minute += 1;
            charging_minute += i64::from(stage.use_ != Use::Reserved);
        }
    }
    round(plan, &mut charges);
    Some(money(plan, &charges, has_charged))
}

struct Now {
    at: DateTime<chrono_tz::Tz>,
    seconds: Q,
    kwh: Q,
    power: Option<(i64, i64)>,
}

/// The outer `None`: it cannot be known; the inner: nothing applies.
fn find(
    plan: &TariffModel,
    phases: &[Phase],
    kind: TariffDimension,
    now: &Now,
) -> Option<Option<(usize, usize)>> {
    for phase in phases {
        for (index, element) in plan.elements.iter().enumerate() {
            let Some(component) = element.components.iter().position(|component| component.kind == kind)
            else {
                continue;
            };
            if element.restrictions.reservation.unwrap_or(Phase::Charging) != *phase {
                continue;
            }
            match matches(element, now) {
                Some(true) => return Some(Some((index, component))),
                Some(false) => {}
                // Where every price is zero, it makes no difference which applies.
                None if is_free(plan, kind) => return Some(None),
                None => return None,
            }
        }
    }
    Some(None)
}

fn is_free(plan: &TariffModel, kind: TariffDimension) -> bool {
    let components = plan.elements.iter().flat_map(|element| &element.components);
    components.filter(|component| component.kind == kind).all(|component| component.price == Decimal::ZERO)
}

fn matches(element: &Element, now: &Now) -> Option<bool> {
    let limits = &element.restrictions;
    let clock = now.at.hour() * 60 + now.at.minute();
    let from = u32::from(limits.start_time.unwrap_or(0));
    let until = match limits.end_time {
        None | Some(0) => 1440,
        Some(end) => u32::from(end),
    };
    let in_window =
        if until < from { clock >= from || clock < until } else { from <= clock && clock < until };
    let known = in_window
        && limits.days.contains(now.at.weekday())
        && limits.start_date.is_none_or(|date| now.at.date_naive() >= date)
        && limits.end_date.is_none_or(|date| now.at.date_naive() < date)
        && limits.min_kwh.is_none_or(|bound| now.kwh >= Q::dec(bound))
        && limits.max_kwh.is_none_or(|bound| now.kwh < Q::dec(bound))
        && limits.min_duration.is_none_or(|bound| now.seconds >= Q::int(bound))
        && limits.max_duration.is_none_or(|bound| now.seconds < Q::int(bound));
    if !known {
        return Some(false);
    }
    let least = limits.min_power.map(|bound| {
        let (low, high) = now.power?;
        if Q::int(low) >= Q::dec(bound) {
            Some(true)
        } else if Q::int(high) < Q::dec(bound) {
            Some(false)
        } else {
            None
        }
    });
    let most = limits.max_power.map(|bound| {
        let (low, high) = now.power?;
        if Q::int(high) < Q::dec(bound) {
            Some(true)
        } else if Q::int(low) >= Q::dec(bound) {
            Some(false)
        } else {
            None
        }
    });
    let both = [least, most];
    if both.contains(&Some(Some(false))) {
        Some(false)
    } else if both.contains(&Some(None)) {
        None
    } else {
        Some(true)
    }
}

/// Once for energy, once for the time that came last, once for the reservation.
fn round(plan: &TariffModel, charges: &mut [(Phase, TariffDimension, usize, usize, Q)]) {
    let is_reserved = |phase: Phase| phase != Phase::Charging;
    let last_time = charges
        .iter()
        .rev()
        .find(|charge| {
            !is_reserved(charge.0) && matches!(charge.1, TariffDimension::Time | TariffDimension::ParkingTime)
        })
        .map(|charge| charge.1);
    let mut groups = vec![(false, TariffDimension::Energy), (true, TariffDimension::Time)];
    groups.extend(last_time.map(|kind| (false, kind)));
    for (reserved, kind) in groups {
        let belongs = |charge: &(Phase, TariffDimension, usize, usize, Q)| {
            is_reserved(charge.0) == reserved && charge.1 == kind
        };
        let total =
            charges.iter().filter(|charge| belongs(charge)).fold(Q::int(0), |sum, charge| sum + charge.4);
        let Some(last) = charges.iter_mut().rev().find(|charge| belongs(charge)) else { continue };
        let step = plan.elements[last.2].components[last.3].step_size;
        if step > 0 {
            let rounded = Q::new((total / Q::int(step)).ceil() * i128::from(step), 1);
            last.4 = last.4 + (rounded - total);
        }
    }
}

fn money(
    plan: &TariffModel,
    charges: &[(Phase, TariffDimension, usize, usize, Q)],
    has_charged: bool,
) -> (Option<Q>, Option<Q>) {
    let (mut before, mut after) = (Some(Q::int(0)), Some(Q::int(0)));
    // One sum for each component keeps the fractions small.
    for (element_index, element) in plan.elements.iter().enumerate() {
        for (index, component) in element.components.iter().enumerate() {
            let mine = charges.iter().filter(|charge| (charge.2, charge.3) == (element_index, index));
            let quantity = mine.fold(Q::int(0), |sum, charge| sum + charge.4);
            let unit = match component.kind {
                TariffDimension::Energy => 1000,
                TariffDimension::Time | TariffDimension::ParkingTime => 3600,
                _ => 1,
            };
            let amount = quantity * Q::dec(component.price) / Q::int(unit);
            if !amount.is_zero() {
                let (net, gross) = taxed(plan, component, amount);
                before = before.zip(net).map(|(sum, net)| sum + net);
                after = after.zip(gross).map(|(sum, gross)| sum + gross);
            }
        }
    }
    if has_charged {
        if let Some(least) = plan.min_price {
            before = before
                .map(|sum| if sum < Q::dec(least.before_taxes) { Q::dec(least.before_taxes) } else { sum });
            let bound = least.after_taxes.map(Q::dec);
            after = after.map(|sum| bound.filter(|bound| sum < *bound).unwrap_or(sum));
        }
        if let Some(most) = plan.max_price {
            before = before
                .map(|sum| if sum > Q::dec(most.before_taxes) { Q::dec(most.before_taxes) } else { sum });
            let bound = most.after_taxes.map(Q::dec);
            after = after.map(|sum| bound.filter(|bound| sum > *bound).unwrap_or(sum));
        }
    }
    (before, after)
}

fn taxed(plan: &TariffModel, component: &Component, amount: Q) -> (Option<Q>, Option<Q>) {
    let factor = component.vat.map(|vat| Q::int(1) + Q::dec(vat) / Q::int(100));
    match (plan.tax, factor) {
        (Tax::NotApplicable, _) => (Some(amount), Some(amount)),
        (Tax::Excluded, Some(factor)) => (Some(amount), Some(amount * factor)),
        (Tax::Included, Some(factor)) => (Some(amount / factor), Some(amount)),
        _ if plan.version == Version::V2_2_1 || plan.has_vat() => (Some(amount), Some(amount)),
        (Tax::Excluded, None) => (Some(amount), None),
        (Tax::Included, None) => (None, Some(amount)),
    }
}
