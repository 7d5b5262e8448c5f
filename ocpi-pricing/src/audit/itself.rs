//! A CDR by itself: sums, times, signs.

use ocpi_types::Decimal;

use super::Findings;
use super::claims::{Claims, Money};
use super::rules::AuditRule;
use super::tolerance::{is_energy, is_hours, is_money};
use crate::usage::{Period, TariffRef};

/// No charger gives as many kW; Wh taken for kWh seem to.
const IMPOSSIBLE_KW: i64 = 5_000;

pub(super) fn check(claims: &Claims, findings: &mut Findings) {
    session(claims, findings);
    tariffs(claims, findings);
    periods(claims, findings);
    energy(claims, findings);
    times(claims, findings);
    money(claims, findings);
    credit(claims, findings);
}

fn session(claims: &Claims, findings: &mut Findings) {
    if claims.end < claims.start {
        let (expected, found) = (format!("{} or later", claims.start), claims.end.to_string());
        findings.add(AuditRule::SessionOrder, claims.names.end, Some(expected), Some(found));
    }
    for place in &claims.session_dimensions {
        findings.add(AuditRule::SessionDimension, place, None, None);
    }
}

fn tariffs(claims: &Claims, findings: &mut Findings) {
    for (index, plan) in claims.plans.iter().enumerate() {
        if plan.currency != claims.currency {
            let (expected, found) = (claims.currency.as_str().to_owned(), plan.currency.as_str().to_owned());
            let pointer = format!("/tariffs/{index}/currency");
            findings.add(AuditRule::Currency, pointer, Some(expected), Some(found));
        }
    }
    let ids = &claims.usage.tariff_ids;
    for (index, period) in claims.usage.periods.iter().enumerate() {
        let TariffRef::Id(place) = period.tariff else { continue };
        let Some(id) = usize::try_from(place).ok().and_then(|place| ids.get(place)) else { continue };
        let is_there = claims.plans.iter().any(|plan| plan.id.eq_ignore_ascii_case(id));
        if !is_there && !claims.plans.is_empty() {
            let pointer = format!("/charging_periods/{index}/tariff_id");
            findings.add(AuditRule::UnknownTariff, pointer, None, Some(id.to_string()));
        }
    }
}

fn periods(claims: &Claims, findings: &mut Findings) {
    let usage = &claims.usage;
    let mut before = None;
    for (index, period) in usage.periods.iter().enumerate() {
        let pointer = || format!("/charging_periods/{index}/start_date_time");
        let start = Some(period.start.to_string());
        if let Some(before) = before.filter(|before| period.start < *before) {
            findings.add(AuditRule::PeriodOrder, pointer(), Some(format!("{before} or later")), start);
        } else if period.start < claims.start || period.start > claims.end {
            let expected = format!("from {} to {}", claims.start, claims.end);
            findings.add(AuditRule::PeriodOutside, pointer(), Some(expected), start);
        }
        before = Some(period.start);
        let volumes = [period.energy, period.time, period.parking_time, period.reservation_time];
        if let Some(volume) = volumes.into_iter().flatten().find(|volume| volume.is_negative()) {
            let pointer = format!("/charging_periods/{index}/dimensions");
            findings.add(AuditRule::NegativeVolume, pointer, None, Some(volume.to_string()));
        }
        let end = usage.period_end(index).unwrap_or(claims.end);
        let (Some(hours), Some(lasts)) = (hours_of(period), hours(end.seconds_since(period.start))) else {
            continue;
        };
        if hours > lasts && !is_hours(hours, lasts, 3) && end >= period.start {
            let pointer = format!("/charging_periods/{index}/dimensions");
            let expected = Some(format!("at most {} h", lasts.round(4).normalize()));
            findings.add(AuditRule::PeriodTime, pointer, expected, Some(format!("{hours} h")));
        }
    }
}

fn energy(claims: &Claims, findings: &mut Findings) {
    let volumes = claims.usage.periods.iter().filter_map(|period| period.energy);
    let (Some(sum), terms) = (total(volumes.clone()), volumes.count()) else { return };
    let written = claims.energy;
    let thousand = Decimal::from(1000);
    let (expected, found) = (Some(format!("{} kWh", sum.normalize())), Some(format!("{written} kWh")));
    if !is_energy(written, sum, terms) {
        let is_wh = sum.checked_mul(thousand).is_some_and(|wh| is_energy(written, wh, terms))
            || written.checked_mul(thousand).is_some_and(|wh| is_energy(wh, sum, terms));
        let rule = if is_wh && !sum.normalize().eq(&Decimal::ZERO) {
            AuditRule::EnergyUnit
        } else {
            AuditRule::EnergySum
        };
        findings.add(rule, "/total_energy", expected, found);
        return;
    }
    let span = hours(claims.end.seconds_since(claims.start)).filter(|span| *span > Decimal::ZERO);
    let most = span.and_then(|span| span.checked_mul(Decimal::from(IMPOSSIBLE_KW)));
    if most.is_some_and(|most| sum > most) {
        findings.add(AuditRule::EnergyUnit, "/total_energy", None, found);
    }
}

fn times(claims: &Claims, findings: &mut Findings) {
    let periods = &claims.usage.periods;
    let span = hours(claims.end.seconds_since(claims.start));
    let says_time = periods.iter().any(|period| period.time.is_some() || period.parking_time.is_some());
    let charged = total(periods.iter().flat_map(|period| [period.time, period.parking_time]).flatten());
    let reserved = total(periods.iter().filter_map(|period| period.reservation_time));
    let terms = 2 * periods.len();
    let written = claims.time;
    if let (true, Some(sum), Some(reserved)) = (says_time, charged, reserved) {
        // Whether the reservation before is part of it is not said.
        let sums = [Some(sum), sum.checked_add(reserved)];
        let is_sum = |hours: Decimal| sums.iter().flatten().any(|sum| is_hours(hours, *sum, terms));
        if !is_sum(written) {
            let unit = |seconds: i64| in_hours(written, seconds).is_some_and(is_sum);
            let rule = if unit(60) || unit(3600) { AuditRule::TimeUnit } else { AuditRule::TimeSum };
            let expected = format!("{} h", sum.round(4).normalize());
            findings.add(rule, "/total_time", Some(expected), Some(format!("{written} h")));
        }
    } else if let Some(span) = span.filter(|span| written > *span && !is_hours(written, *span, 1)) {
        let expected = format!("at most {} h", span.round(4).normalize());
        findings.add(AuditRule::TimeSpan, "/total_time", Some(expected), Some(format!("{written} h")));
    }
    let parked = total(periods.iter().filter_map(|period| period.parking_time));
    if let (Some(written), Some(sum)) = (claims.parking, parked) {
        if !is_hours(written, sum, periods.len()) {
            let unit = |seconds: i64| {
                in_hours(written, seconds).is_some_and(|hours| is_hours(hours, sum, periods.len()))
            };
            let is_unit = sum > Decimal::ZERO && (unit(60) || unit(3600));
            let rule = if is_unit { AuditRule::TimeUnit } else { AuditRule::ParkingSum };
            let expected = format!("{} h", sum.round(4).normalize());
            findings.add(rule, "/total_parking_time", Some(expected), Some(format!("{written} h")));
        }
    }
}

fn money(claims: &Claims, findings: &mut Findings) {
    amount(claims, "/total_cost", &claims.total, findings);
    for part in &claims.parts {
        let pointer = format!("/{}", part.member);
        amount(claims, &pointer, &part.money, findings);
        // In a credit CDR too, only the total is negative.
        if part.money.before.is_negative() {
            let pointer = format!("{pointer}{}", claims.names.before);
            findings.add(AuditRule::NegativeCost, pointer, None, Some(part.money.before.to_string()));
        }
    }
    // A least or greatest price makes the total another one than the sum.
    let is_limited = claims.plans.iter().any(|plan| plan.min_price.is_some() || plan.max_price.is_some());
    let (false, Some(sum)) =
        (is_limited || claims.parts.is_empty(), total(claims.parts.iter().map(|part| part.money.before)))
    else {
        return;
    };
    let written = if claims.is_credit { negated(claims.total.before) } else { Some(claims.total.before) };
    let Some(written) = written else { return };
    let is_complete = claims.parts.len() == crate::bill::Category::ALL.len();
    let is_sum = is_money(written, sum, &claims.currency, claims.parts.len());
    if !is_sum && (sum > written || is_complete) {
        let pointer = format!("/total_cost{}", claims.names.before);
        let found = Some(claims.total.before.to_string());
        findings.add(AuditRule::CostSum, pointer, Some(sum.normalize().to_string()), found);
    }
}

/// One amount: with tax it is further from zero, and a tax is no more than its rate of it.
fn amount(claims: &Claims, pointer: &str, money: &Money, findings: &mut Findings) {
    if let Some(after) = money.after {
        let is_less = if money.before.is_negative() { after > money.before } else { after < money.before };
        if is_less {
            let pointer = format!("{pointer}{}", claims.names.after);
            let expected = format!("{} or more", money.before);
            findings.add(AuditRule::TaxOrder, pointer, Some(expected), Some(after.to_string()));
        }
    }
    for (index, (percentage, tax)) in money.taxes.iter().enumerate() {
        let Some(percentage) = percentage else { continue };
        let most = money.before.checked_mul(*percentage).and_then(|tax| tax.checked_div(Decimal::from(100)));
        let Some(most) = most else { continue };
        let is_more = if most.is_negative() { *tax < most } else { *tax > most };
        if is_more && !is_money(*tax, most, &claims.currency, 1) {
            let pointer = format!("{pointer}/taxes/{index}/amount");
            let expected = format!("at most {}", most.normalize());
            findings.add(AuditRule::TaxRate, pointer, Some(expected), Some(tax.to_string()));
        }
    }
}

fn credit(claims: &Claims, findings: &mut Findings) {
    let pointer = format!("/total_cost{}", claims.names.before);
    let found = Some(claims.total.before.to_string());
    if claims.is_credit && claims.total.before > Decimal::ZERO {
        let expected = negated(claims.total.before).map(|amount| amount.to_string());
        findings.add(AuditRule::CreditSign, pointer, expected, found);
    } else if !claims.is_credit && claims.total.before.is_negative() {
        findings.add(AuditRule::NegativeCost, pointer, None, found);
    }
    if claims.is_credit != claims.credit_reference.is_some() {
        findings.add(
            AuditRule::CreditReference,
            "/credit_reference_id",
            None,
            claims.credit_reference.clone(),
        );
    }
}

/// The hours that a period says.
fn hours_of(period: &Period) -> Option<Decimal> {
    let volumes = [period.time, period.parking_time, period.reservation_time];
    total(volumes.into_iter().flatten())
}

/// A time in another unit, so many of which are an hour.
fn in_hours(written: Decimal, units: i64) -> Option<Decimal> {
    written.checked_div(Decimal::from(units)).map(|hours| hours.round(4))
}

fn hours(seconds: i64) -> Option<Decimal> {
    Decimal::from(seconds).checked_div(Decimal::from(3600))
}

pub(super) fn negated(amount: Decimal) -> Option<Decimal> {
    Decimal::ZERO.checked_sub(amount)
}

fn total(amounts: impl Iterator<Item = Decimal>) -> Option<Decimal> {
    let mut amounts = amounts;
    amounts.try_fold(Decimal::ZERO, Decimal::checked_add)
}
