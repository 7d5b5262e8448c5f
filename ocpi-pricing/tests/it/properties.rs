//! Laws of the engine, over generated tariffs and sessions.
//!
//! `OCPI_CASES` says how many cases each takes.

use std::fmt::Debug;

use chrono::{DateTime, Utc};
use ocpi_pricing::bill::{Amount, Category};
use ocpi_pricing::policy::Steps;
use ocpi_pricing::usage::{Period, Usage};
use ocpi_pricing::{Bill, Policy, Pricer, TariffModel};
use ocpi_types::{Decimal, Version};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::{Value, json};

use crate::common::{dec, hours, plan_of};
use crate::reference::{self, Q, Stage, Use};

/// Returns the number of cases of a property.
pub(crate) fn cases() -> u32 {
    std::env::var("OCPI_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(2000)
}

/// No files: a failure that matters becomes a test with a name. The same cases in every run; `OCPI_SEED` sets others.
pub(crate) fn config() -> ProptestConfig {
    let rng_seed = std::env::var("OCPI_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(2026);
    ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(rng_seed),
        ..ProptestConfig::with_cases(cases())
    }
}

/// A tariff and a session, simple enough for the reference.
#[derive(Clone, Debug)]
struct Case {
    version: Version,
    elements: Vec<Value>,
    tax: &'static str,
    limits: (Option<i64>, Option<i64>),
    zone: &'static str,
    start: i64,
    stages: Vec<Stage>,
}

impl Case {
    fn plan(&self) -> TariffModel {
        let mut more = json!({});
        let is_new = self.version == Version::V2_3_0;
        for (member, limit) in [("min_price", self.limits.0), ("max_price", self.limits.1)] {
            if let Some(limit) = limit {
                let (net, gross) =
                    if is_new { ("before_taxes", "after_taxes") } else { ("excl_vat", "incl_vat") };
                more[member] = json!({net: limit, gross: limit + 1});
            }
        }
        if is_new {
            more["tax_included"] = self.tax.into();
        }
        plan_of(self.version, &json!(self.elements), &more)
    }

    fn start(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.start * 60, 0).unwrap()
    }

    fn usage(&self) -> Usage {
        usage_of(self.start(), &self.stages, self.zone)
    }
}

fn usage_of(start: DateTime<Utc>, stages: &[Stage], zone: &str) -> Usage {
    let mut usage = Usage::new("EUR".parse().unwrap());
    let mut at: ocpi_types::DateTime = start.try_into().unwrap();
    usage.start = Some(at);
    for stage in stages {
        let mut period = Period::at(at);
        let time = hours(stage.minutes);
        match stage.use_ {
            Use::Reserved => period.reservation_time = time,
            Use::Charging => period.time = time,
            Use::Parked => period.parking_time = time,
        }
        if stage.use_ != Use::Reserved {
            period.energy = Some(Decimal::new(stage.wh * stage.minutes, 3));
        }
        if let Some((low, high)) = stage.power {
            (period.min_power, period.max_power) = (Some(low.into()), Some(high.into()));
        }
        usage.periods.push(period);
        at = at.checked_add_seconds(stage.minutes * 60).unwrap();
    }
    usage.end = Some(at);
    usage.with_time_zone(zone).unwrap()
}

fn component(reserved: bool) -> impl Strategy<Value = Value> {
    let kinds = if reserved { vec!["TIME", "FLAT"] } else { vec!["ENERGY", "TIME", "PARKING_TIME", "FLAT"] };
    let vats = prop::sample::select(vec![None, Some(0.0), Some(5.5), Some(21.0)]);
    let steps = prop::sample::select(vec![0, 1, 7, 60, 300, 500, 900]);
    (prop::sample::select(kinds), 0_i64..600, vats, steps).prop_map(|(kind, price, vat, step)| {
        let price: Value = serde_json::from_str(&format!("{}.{:02}", price / 100, price % 100)).unwrap();
        let mut component = json!({"type": kind, "price": price, "step_size": step});
        if let Some(vat) = vat {
            component["vat"] = json!(vat);
        }
        component
    })
}

fn restrictions() -> impl Strategy<Value = Value> {
    let minute =
        || (0_u16..24, prop::sample::select(vec![0, 15, 30, 59])).prop_map(|(h, m)| format!("{h:02}:{m:02}"));
    let window = proptest::option::weighted(0.4, (minute(), minute()));
    let days = proptest::option::weighted(
        0.2,
        prop::sample::subsequence(vec!["SATURDAY", "SUNDAY", "MONDAY"], 1..3),
    );
    let kwh = proptest::option::weighted(0.3, (0_i64..8, 1_i64..20));
    let duration = proptest::option::weighted(0.3, (0_i64..90, 1_i64..200));
    let power = proptest::option::weighted(0.2, (any::<bool>(), 1_i64..40));
    let date = proptest::option::weighted(0.1, any::<bool>());
    (window, days, kwh, duration, power, date).prop_map(|(window, days, kwh, duration, power, date)| {
        let mut limits = json!({});
        if let Some((from, until)) = window {
            limits["start_time"] = from.into();
            limits["end_time"] = until.into();
        }
        if let Some(days) = days {
            limits["day_of_week"] = json!(days);
        }
        if let Some((min, width)) = kwh {
            limits["min_kwh"] = json!(min);
            limits["max_kwh"] = json!(min + width);
        }
        if let Some((min, width)) = duration {
            limits["min_duration"] = json!(min * 60);
            limits["max_duration"] = json!((min + width) * 60);
        }
        if let Some((is_min, bound)) = power {
            limits[if is_min { "min_power" } else { "max_power" }] = json!(bound);
        }
        if let Some(is_start) = date {
            limits[if is_start { "start_date" } else { "end_date" }] = "2026-10-25".into();
        }
        limits
    })
}

pub(crate) fn element() -> impl Strategy<Value = Value> {
    let reservation =
        prop::sample::select(vec![None, None, None, Some("RESERVATION"), Some("RESERVATION_EXPIRES")]);
    reservation.prop_flat_map(|reservation| {
        let components = proptest::collection::vec(component(reservation.is_some()), 1..4);
        (components, restrictions()).prop_map(move |(components, mut limits)| {
            if let Some(reservation) = reservation {
                limits["reservation"] = reservation.into();
            }
            json!({"price_components": components, "restrictions": limits})
        })
    })
}

fn stage() -> impl Strategy<Value = Stage> {
    let power = proptest::option::of((0_i64..40, 0_i64..3));
    (1_i64..120, 0_i64..300, any::<bool>(), power).prop_map(|(minutes, wh, parked, power)| Stage {
        minutes,
        wh: if parked { 0 } else { wh },
        use_: if parked { Use::Parked } else { Use::Charging },
        power: power.map(|(low, width)| (low, low + width)),
    })
}

fn case() -> impl Strategy<Value = Case> {
    // The night before the clocks go back or forward, and any other time of a year.
    let base = 29_617_920; // 2026-04-24T00:00Z
    let start = prop_oneof![
        base..base + 525_600_i64,
        (0_i64..1800).prop_map(|minute| 29_880_000 + minute), // 2026-10-24
        (0_i64..1800).prop_map(|minute| 30_101_760 + minute), // 2027-03-27
    ];
    let zones = prop::sample::select(vec![
        "Europe/Stockholm",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kolkata",
    ]);
    let reserved = proptest::option::weighted(0.3, 1_i64..90);
    let stages = (reserved, proptest::collection::vec(stage(), 0..5)).prop_map(|(reserved, mut stages)| {
        if let Some(minutes) = reserved {
            stages.insert(0, Stage { minutes, wh: 0, use_: Use::Reserved, power: None });
        }
        if stages.is_empty() {
            stages.push(Stage { minutes: 10, wh: 100, use_: Use::Charging, power: None });
        }
        stages
    });
    let limits = (proptest::option::weighted(0.2, 0_i64..8), proptest::option::weighted(0.2, 4_i64..30));
    let versions = prop::sample::select(vec![Version::V2_2_1, Version::V2_3_0]);
    let taxes = prop::sample::select(vec!["YES", "NO", "N/A"]);
    let elements = proptest::collection::vec(element(), 1..5);
    (versions, elements, taxes, limits, zones, start, stages).prop_map(
        |(version, elements, tax, limits, zone, start, stages)| Case {
            version,
            elements,
            tax,
            limits,
            zone,
            start,
            stages,
        },
    )
}

fn close(found: Option<Decimal>, expected: Option<Q>) -> bool {
    match (found, expected) {
        (None, None) => true,
        (Some(found), Some(expected)) => {
            let difference = Q::dec(found.round(12)) - expected;
            let small = Q(1, 1_000_000_000);
            difference < small && Q(-1, 1_000_000_000) < difference
        }
        _ => false,
    }
}

fn sum(amounts: impl IntoIterator<Item = Amount>) -> (Option<Decimal>, Option<Decimal>) {
    let add = |sum: Option<Decimal>, amount: Option<Decimal>| sum?.checked_add(amount?);
    amounts.into_iter().fold((Some(Decimal::ZERO), Some(Decimal::ZERO)), |(before, after), amount| {
        (add(before, amount.before_taxes), add(after, amount.after_taxes))
    })
}

/// Totals are the sums of their parts, to the last digit.
fn sums_are_exact(bill: &Bill) -> Result<(), TestCaseError> {
    for category in Category::ALL {
        let part = bill.part(category);
        let lines = sum(bill.lines().filter(|line| line.category == category).map(|line| line.amount));
        prop_assert_eq!((part.before_taxes, part.after_taxes), lines, "{:?}", category);
    }
    let Some(total) = bill.total() else { return Ok(()) };
    let parts = sum(Category::ALL.map(|category| bill.part(category)).into_iter().chain([bill.limit()]));
    prop_assert_eq!((total.before_taxes, total.after_taxes), parts);
    if let (Some(before), Some(after)) = (total.before_taxes, total.after_taxes) {
        let mut taxes = bill.taxes().unwrap().into_iter().map(|tax| tax.amount);
        let taxes = taxes.try_fold(Decimal::ZERO, Decimal::checked_add);
        prop_assert_eq!(taxes, after.checked_sub(before));
    }
    Ok(())
}

fn shown(value: &impl Debug) -> String {
    format!("{value:#?}")
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_engine_agrees_with_the_reference(case in case()) {
        let plan = case.plan();
        let (usage, pricer) = (case.usage(), Pricer::new([plan.clone()]));
        let bill = pricer.price(&usage).unwrap();
        sums_are_exact(&bill)?;
        let zone: chrono_tz::Tz = case.zone.parse().unwrap();
        let expected = reference::price(&plan, case.start(), zone, &case.stages);
        match (bill.total(), expected) {
            (None, None) => {}
            (Some(total), Some((before, after))) => {
                let agrees = close(total.before_taxes, before) && close(total.after_taxes, after);
                prop_assert!(agrees, "{:?} against {:?} {:?}\n{}", total, before, after, shown(&bill.lines().collect::<Vec<_>>()));
            }
            (total, expected) => prop_assert!(false, "{:?} against {:?}: {:?}", total, expected, bill.gaps()),
        }
    }

    /// A CPO may add periods in between.
    #[test]
    fn a_cut_changes_nothing(case in case(), at in any::<prop::sample::Index>(), part in 1_i64..119) {
        let pricer = Pricer::new([case.plan()]);
        let mut stages = case.stages.clone();
        let index = at.index(stages.len());
        let part = part % stages[index].minutes;
        if part > 0 {
            let rest = Stage { minutes: stages[index].minutes - part, ..stages[index].clone() };
            stages[index].minutes = part;
            stages.insert(index + 1, rest);
        }
        let (whole, cut) = (case.usage(), usage_of(case.start(), &stages, case.zone));
        let (whole, cut) = (pricer.price(&whole).unwrap(), pricer.price(&cut).unwrap());
        if whole.lines().any(|line| line.is_estimate) || cut.lines().any(|line| line.is_estimate) {
            let is_near = |a: Option<Decimal>, b: Option<Decimal>| close(a, b.map(Q::dec));
            if let (Some(whole), Some(cut)) = (whole.total(), cut.total()) {
                prop_assert!(is_near(whole.before_taxes, cut.before_taxes), "{:?} {:?}", whole, cut);
                prop_assert!(is_near(whole.after_taxes, cut.after_taxes), "{:?} {:?}", whole, cut);
            }
        } else {
            prop_assert_eq!(whole.total(), cut.total());
        }
    }

    /// More energy never costs less, unless prices depend on the energy. Steps are left out: they round the sum and
    /// leave the excess to the last price, so that a little more at a free price before it takes from a dear one.
    #[test]
    fn more_energy_costs_no_less(mut case in case(), more in 1_i64..5000) {
        for element in &mut case.elements {
            let limits = element["restrictions"].as_object_mut().unwrap();
            limits.remove("min_kwh");
            limits.remove("max_kwh");
        }
        let mut policy = Policy::default();
        policy.steps = Steps::Ignored;
        let pricer = Pricer::with_policy([case.plan()], policy);
        let usage = case.usage();
        let mut larger = usage.clone();
        let Some(period) = larger.periods.iter_mut().rev().find(|period| period.energy.is_some_and(|energy| energy > dec("0"))) else {
            return Ok(());
        };
        period.energy = period.energy.and_then(|energy| energy.checked_add(Decimal::new(more, 3)));
        let (less, more) = (pricer.price(&usage).unwrap(), pricer.price(&larger).unwrap());
        if let (Some(less), Some(more)) = (less.total(), more.total()) {
            // None is below all.
            prop_assert!(less.before_taxes <= more.before_taxes, "{:?} {:?}", less, more);
            prop_assert!(less.after_taxes.is_none() || less.after_taxes <= more.after_taxes, "{:?} {:?}", less, more);
        }
    }

    /// The order of the dimensions in a message does not matter, nor do dimensions of zero.
    #[test]
    fn the_order_of_dimensions_does_not_matter(case in case(), order in Just((0..6).collect::<Vec<usize>>()).prop_shuffle()) {
        let pricer = Pricer::new([case.plan()]);
        let usage = case.usage();
        let session = |order: &[usize], zeros: bool| {
            let periods: Vec<Value> = usage.periods.iter().map(|period| {
                let mut dimensions = vec![
                    ("ENERGY", period.energy), ("TIME", period.time), ("PARKING_TIME", period.parking_time),
                    ("RESERVATION_TIME", period.reservation_time), ("MIN_POWER", period.min_power), ("MAX_POWER", period.max_power),
                ];
                dimensions = order.iter().map(|index| dimensions[*index]).collect();
                let is_reserved = period.reservation_time.is_some();
                let zero = |kind: &str| (zeros && !is_reserved && matches!(kind, "TIME" | "PARKING_TIME" | "ENERGY")).then_some(Decimal::ZERO);
                let dimensions: Vec<Value> = dimensions.iter()
                    .filter_map(|(kind, volume)| Some(json!({"type": kind, "volume": serde_json::to_value(volume.or(zero(kind))?).unwrap()})))
                    .collect();
                json!({"start_date_time": period.start.to_string(), "dimensions": dimensions, "tariff_id": "t1"})
            }).collect();
            let session = json!({
                "country_code": "NL", "party_id": "ALF", "id": "S1", "start_date_time": usage.start.unwrap().to_string(),
                "end_date_time": usage.end.unwrap().to_string(), "kwh": 0, "currency": "EUR", "status": "COMPLETED",
                "cdr_token": {"country_code": "NL", "party_id": "EMP", "uid": "1", "type": "RFID", "contract_id": "1"},
                "auth_method": "WHITELIST", "location_id": "L", "evse_uid": "E", "connector_id": "C",
                "charging_periods": periods, "last_updated": "2026-01-01T00:00:00Z",
            });
            let session = ocpi_types::json::read::<ocpi_types::v2_2_1::sessions::Session>(session.to_string().as_bytes());
            Usage::from(&session.unwrap().value).with_time_zone(case.zone).unwrap()
        };
        let (straight, shuffled) = (session(&[0, 1, 2, 3, 4, 5], false), session(&order, true));
        let total = pricer.price(&usage).unwrap().total();
        prop_assert_eq!(pricer.price(&straight).unwrap().total(), total);
        prop_assert_eq!(pricer.price(&shuffled).unwrap().total(), total);
    }
}
