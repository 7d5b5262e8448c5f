//! Laws over records that are made up: the least step out of the tolerance is found, the last inside is not.

use ocpi_pricing::audit::{Report, Verdict};
use ocpi_pricing::bill::{Amount, Bill, Category};
use ocpi_pricing::generate::{Generator, Simulate, Template};
use ocpi_pricing::tariff_model::TariffDimension;
use ocpi_pricing::{Pricer, Usage};
use ocpi_types::{Decimal, Object, Version, json, v2_1_1, v2_2_1, v2_3_0};
use proptest::prelude::*;
use serde_json::Value;

use super::laws::{ZONE, text};
use super::{audit_in_zone, in_full, set};
use crate::common::{dec, read};
use crate::properties::{config, element};

/// A CDR as it is sent, with its usage and pricer.
struct Sent {
    version: Version,
    cdr: Value,
    usage: Usage,
    pricer: Pricer,
}

fn sent<T: Simulate + Object>(version: Version, text: &str, seed: u64) -> Option<Sent>
where
    T::Cdr: Object,
{
    let template = Template::new(read::<T>(text));
    let record = Generator::new(seed, ZONE.parse().unwrap()).record(&template).ok()?;
    let cdr = serde_json::from_str(&json::to_string(&record.cdr)).unwrap();
    Some(Sent { version, cdr, usage: record.usage, pricer: template.pricer().clone() })
}

fn any_version(version: usize, elements: &[Value], seed: u64) -> Option<Sent> {
    let terms = (elements, "NO", "EUR", None);
    match version {
        0 => sent::<v2_1_1::tariffs::Tariff>(Version::V2_1_1, &text(Version::V2_1_1, terms), seed),
        1 => sent::<v2_2_1::tariffs::Tariff>(Version::V2_2_1, &text(Version::V2_2_1, terms), seed),
        _ => sent::<v2_3_0::tariffs::Tariff>(Version::V2_3_0, &text(Version::V2_3_0, terms), seed),
    }
}

impl Sent {
    fn number(&self, pointer: &str) -> Option<Decimal> {
        self.cdr.pointer(pointer)?.to_string().parse().ok()
    }

    fn with(&self, pointer: &str, number: Decimal) -> Report {
        let mut cdr = self.cdr.clone();
        set(&mut cdr, pointer, serde_json::from_str(&number.to_string()).unwrap());
        audit_in_zone(self.version, &cdr, ZONE)
    }

    /// All numbers in periods of some kinds.
    fn volumes(&self, kinds: &[&str]) -> Vec<Decimal> {
        let periods = self.cdr["charging_periods"].as_array().unwrap();
        let dimensions = periods.iter().flat_map(|period| period["dimensions"].as_array().unwrap());
        let volumes = dimensions.filter(|it| kinds.contains(&it["type"].as_str().unwrap()));
        volumes.map(|it| it["volume"].to_string().parse().unwrap()).collect()
    }

    /// Computes the cost of the decimals that quantities may have lost.
    fn slack(&self, bill: &Bill, category: Option<Category>) -> Decimal {
        let energy = decimals(self.volumes(&["ENERGY"]), 2);
        let hours = decimals(self.volumes(&HOURS), 2);
        let lines = bill.lines().filter(|line| category.is_none_or(|it| it == line.category));
        // Of hours seconds are lost, unless they have four decimals or are whole minutes.
        let minutes = |hours: Decimal| times(hours, Decimal::from(60)).to_integer();
        let are_seconds_lost = hours < 4 && self.volumes(&HOURS).into_iter().any(|it| minutes(it).is_none());
        let lost = lines.map(|line| match (line.kind, line.measured.to_integer().is_none()) {
            (TariffDimension::Energy, true) if energy < 3 => times(half(energy), line.rate.price),
            (TariffDimension::Time | TariffDimension::ParkingTime, is_lost)
                if is_lost || are_seconds_lost =>
            {
                times(half(hours), line.rate.price)
            }
            _ => Decimal::ZERO,
        });
        sum(lost)
    }

    /// The amounts of money: a part or the total, and which number of it.
    fn amounts(&self) -> Vec<Place> {
        let members = [
            ("/total_cost", None),
            ("/total_energy_cost", Some(Category::Energy)),
            ("/total_time_cost", Some(Category::Time)),
            ("/total_parking_cost", Some(Category::Parking)),
            ("/total_fixed_cost", Some(Category::Fixed)),
            ("/total_reservation_cost", Some(Category::Reservation)),
        ];
        let (before, after) = match self.version {
            Version::V2_1_1 => ("", None),
            Version::V2_2_1 => ("/excl_vat", Some("/incl_vat")),
            _ => ("/before_taxes", None),
        };
        let places = members.into_iter().flat_map(|(member, category)| {
            let place = |name: &str, is_after| Place {
                member,
                pointer: format!("{member}{name}"),
                category,
                is_after,
            };
            [Some(place(before, false)), after.map(|name| place(name, true))].into_iter().flatten()
        });
        places.filter(|place| self.number(&place.pointer).is_some()).collect()
    }
}

#[derive(Debug)]
struct Place {
    member: &'static str,
    pointer: String,
    category: Option<Category>,
    is_after: bool,
}

const HOURS: [&str; 4] = ["TIME", "PARKING_TIME", "RESERVATION_TIME", "RESERVATION_EXPIRES"];

fn unit(decimals: u32) -> Decimal {
    Decimal::new(1, decimals)
}

fn half(decimals: u32) -> Decimal {
    Decimal::new(5, decimals + 1)
}

fn decimals(numbers: impl IntoIterator<Item = Decimal>, fewest: u32) -> u32 {
    numbers.into_iter().map(|number| number.normalize().scale()).fold(fewest, u32::max)
}

fn plus(one: Decimal, other: Decimal) -> Decimal {
    one.checked_add(other).unwrap()
}

fn times(one: Decimal, other: Decimal) -> Decimal {
    one.checked_mul(other).unwrap()
}

fn distance(one: Decimal, other: Decimal) -> Decimal {
    one.max(other).checked_sub(one.min(other)).unwrap()
}

fn sum(numbers: impl IntoIterator<Item = Decimal>) -> Decimal {
    numbers.into_iter().fold(Decimal::ZERO, plus)
}

/// Rules for money in the documentation of `Tolerance`.
struct Money<'a> {
    bill: &'a Bill,
    place: &'a Place,
    /// Cost of the lost decimals of hours and energy.
    slack: Decimal,
    /// The number of the other side, as written.
    other: Option<Decimal>,
}

impl Money<'_> {
    fn side(&self, amount: Amount) -> Option<Decimal> {
        if self.place.is_after { amount.after_taxes } else { amount.before_taxes }
    }

    fn exact(&self) -> Amount {
        self.place.category.map_or_else(|| self.bill.total().unwrap(), |category| self.bill.part(category))
    }

    fn is_right(&self, written: Decimal) -> bool {
        let exact = self.side(self.exact()).unwrap();
        let decimals = decimals([written], 2);
        let slack = if self.place.is_after { plus(self.slack, self.slack) } else { self.slack };
        if distance(written, exact) <= plus(half(decimals), slack) {
            return true;
        }
        if self.place.category.is_none() {
            let parts = Category::ALL.map(|category| self.side(self.bill.part(category)).unwrap());
            let up = parts.map(|part| part.round(decimals));
            let is_half = |(part, up): (Decimal, &Decimal)| distance(part, *up) == half(decimals);
            let halves = parts.into_iter().zip(&up).filter(|it| is_half(*it)).count();
            let most = plus(sum(up), slack);
            let least = most.checked_sub(times(unit(decimals), Decimal::from(halves as i64))).unwrap();
            if plus(least, Decimal::ZERO).checked_sub(plus(slack, slack)).unwrap() <= written
                && written <= most
            {
                return true;
            }
        }
        let Amount { before_taxes: Some(before), after_taxes: Some(after), .. } = self.exact() else {
            return false;
        };
        let Some(other) = self.other.filter(|_| before != Decimal::ZERO) else { return false };
        let (from, to) = if self.place.is_after { (before, after) } else { (after, before) };
        let follows = times(other, to).checked_div(from).unwrap();
        distance(written, follows) <= half(decimals)
    }
}

/// The first step in a direction that is not right any more.
fn first_wrong(from: Decimal, step: Decimal, is_right: impl Fn(Decimal) -> bool) -> Option<Decimal> {
    let mut at = from;
    for _ in 0..5000 {
        at = plus(at, step);
        if !is_right(at) {
            return Some(at);
        }
    }
    None
}

fn assert_found(report: &Report, member: &str, what: &str) -> Result<(), TestCaseError> {
    let is_there = report.findings.iter().any(|it| it.is_error() && it.pointer.starts_with(member));
    prop_assert!(is_there && report.verdict() == Verdict::Differs, "{}: {:?}", what, in_full(report));
    Ok(())
}

fn negated(number: Decimal) -> Decimal {
    Decimal::ZERO.checked_sub(number).unwrap()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_least_step_of_money_is_found(
        elements in prop::collection::vec(element(), 1..4),
        version in 0..3_usize,
        seed in any::<u64>(),
        which in any::<prop::sample::Index>(),
        more in 0..4_u32,
    ) {
        let Some(sent) = any_version(version, &elements, seed) else { return Ok(()) };
        let bill = sent.pricer.price(&sent.usage).unwrap();
        let places = sent.amounts();
        let place = &places[which.index(places.len())];
        let slack = sent.slack(&bill, place.category);
        let exact = place.category.map_or_else(|| bill.total().unwrap(), |category| bill.part(category));
        let other = match (place.is_after, sent.version) {
            (_, Version::V2_1_1) => None,
            // The sum that the taxes were taken from.
            (_, Version::V2_3_0) => exact.after_taxes.map(|after| after.round(2)),
            (true, _) => sent.number(&format!("{}/excl_vat", place.member)),
            (false, _) => sent.number(&format!("{}/incl_vat", place.member)),
        };
        let money = Money { bill: &bill, place, slack, other };
        let exact = money.side(money.exact()).unwrap();
        let written = exact.round(2 + more);
        let report = sent.with(&place.pointer, written);
        prop_assert!(report.findings.is_empty(), "{} {written} of {exact}: {:?}", place.pointer, in_full(&report));
        let step = unit(2 + more);
        for step in [step, negated(step)] {
            // The taxes of 2.3.0 have two decimals, as have their sums.
            let Some(wrong) = first_wrong(written, step, |it| money.is_right(it)) else { continue };
            let what = format!("{} {wrong} of {exact}", place.pointer);
            assert_found(&sent.with(&place.pointer, wrong), place.member, &what)?;
        }
    }

    /// A tax is reckoned from the exact amount or the rounded one.
    #[test]
    fn the_least_step_of_a_tax_is_found(
        elements in prop::collection::vec(element(), 1..4),
        seed in any::<u64>(),
        which in any::<prop::sample::Index>(),
    ) {
        let Some(sent) = any_version(2, &elements, seed) else { return Ok(()) };
        let bill = sent.pricer.price(&sent.usage).unwrap();
        let members = ["total_cost", "total_energy_cost", "total_time_cost", "total_parking_cost", "total_fixed_cost", "total_reservation_cost"];
        let taxes: Vec<(String, &str)> = members.into_iter().flat_map(|member| {
            let taxes = sent.cdr.pointer(&format!("/{member}/taxes")).and_then(Value::as_array);
            (0..taxes.map_or(0, Vec::len)).map(move |index| (format!("/{member}/taxes/{index}"), member))
        }).collect();
        if taxes.is_empty() {
            return Ok(());
        }
        let (pointer, member) = &taxes[which.index(taxes.len())];
        let rate = sent.number(&format!("{pointer}/percentage")).unwrap();
        let category = Category::ALL.into_iter().find(|it| *member == format!("total_{}_cost", it.as_str()));
        let lines = bill.lines().filter(|line| line.rate.vat == Some(rate) && category.is_none_or(|it| it == line.category));
        let exact = sum(lines.map(|line| line.amount.after_taxes.unwrap().checked_sub(line.amount.before_taxes.unwrap()).unwrap()));
        let slack = sent.slack(&bill, category);
        let at = format!("{pointer}/amount");
        let written = sent.number(&at).unwrap();
        let of_part = |member: &&str| {
            let taxes = sent.cdr[*member]["taxes"].as_array();
            let mut numbers = taxes.into_iter().flatten().map(|tax| {
                let number = |name: &str| tax[name].to_string().parse::<Decimal>().unwrap();
                (number("percentage"), number("amount"))
            });
            numbers.find(|(percentage, _)| *percentage == rate).map(|(_, amount)| amount)
        };
        let parts: Vec<Decimal> = members[1..].iter().filter_map(of_part).collect();
        prop_assert!(distance(written, exact) <= half(2));
        for step in [unit(2), negated(unit(2))] {
            let of_parts = sum(parts.iter().copied());
            // The tax of the total may be the sum of the taxes of the parts.
            let is_right = |it: Decimal| {
                distance(it, exact) <= plus(unit(2), slack) || (category.is_none() && it == of_parts)
            };
            let wrong = first_wrong(written, step, is_right).unwrap();
            assert_found(&sent.with(&at, wrong), &format!("/{member}"), &format!("{at} {wrong} of {exact}"))?;
        }
    }

    #[test]
    fn the_least_step_of_energy_and_time_is_found(
        elements in prop::collection::vec(element(), 1..4),
        version in 0..3_usize,
        seed in any::<u64>(),
        which in 0..3_usize,
    ) {
        let Some(sent) = any_version(version, &elements, seed) else { return Ok(()) };
        let (pointer, kinds): (&str, &[&str]) = [
            ("/total_energy", &["ENERGY"][..]),
            ("/total_time", &["TIME", "PARKING_TIME"]),
            ("/total_parking_time", &["PARKING_TIME"]),
        ][which];
        let Some(written) = sent.number(pointer) else { return Ok(()) };
        let all = if which == 0 { kinds } else { &HOURS };
        let volumes = sent.volumes(kinds);
        let of_periods = decimals(sent.volumes(all), 2);
        let reserved = sent.volumes(&["RESERVATION_TIME", "RESERVATION_EXPIRES"]);
        if volumes.is_empty() || (which > 0 && !reserved.is_empty()) {
            return Ok(());
        }
        let totals = ["/total_time", "/total_parking_time"].into_iter().filter_map(|it| sent.number(it));
        let of_total = match which {
            0 => decimals([written], of_periods),
            _ => decimals(totals, of_periods),
        };
        let halves = |count: usize, more| plus(times(half(of_periods), Decimal::from(count as i64)), more);
        let total = sum(volumes.iter().copied());
        // Within a second of the length, or of the rest of it.
        let (start, end) = (sent.usage.start.unwrap(), sent.usage.end.unwrap());
        let second = Decimal::ONE.checked_div(Decimal::from(3600)).unwrap();
        let span = Decimal::from(end.seconds_since(start)).checked_div(Decimal::from(3600)).unwrap();
        let charging = sent.volumes(&["TIME"]);
        let is_right = |it: Decimal| {
            // A total may have fewer decimals than the periods.
            let half_of_total = half(decimals([it], 2));
            let is_sum = distance(it, total) <= halves(volumes.len(), half_of_total);
            let is_other = match which {
                1 => distance(it, span) <= plus(halves(1, half_of_total), second),
                2 if !charging.is_empty() => {
                    let total_time = sent.number("/total_time").unwrap();
                    let rest = total_time.checked_sub(sum(charging.iter().copied())).unwrap();
                    let halves = halves(charging.len(), plus(half_of_total, half(decimals([total_time], 2))));
                    distance(it, rest) <= plus(halves, second)
                }
                _ => false,
            };
            is_sum || is_other
        };
        let step = unit(of_total);
        for step in [step, negated(step)] {
            let wrong = first_wrong(written, step, is_right).unwrap();
            let last = wrong.checked_sub(step).unwrap();
            let report = sent.with(pointer, last);
            // Parking longer than all the time is another matter.
            let others: Vec<_> = report.findings.iter().filter(|it| it.pointer == pointer && it.rule.id() != "cdr.parking_time").collect();
            prop_assert!(others.is_empty(), "{pointer} {last}: {:?}", in_full(&report));
            assert_found(&sent.with(pointer, wrong), pointer, &format!("{pointer} {wrong}"))?;
        }
    }
}

#[test]
fn the_steps_are_steps() {
    assert_eq!(first_wrong(dec("1.00"), unit(2), |it| it < dec("1.03")), Some(dec("1.03")));
    assert_eq!(first_wrong(dec("1.00"), negated(unit(2)), |_| true), None);
}
