//! Records that are made up: they conform, add up, and cost the same as by the engine.

use std::collections::BTreeSet;

use ocpi_pricing::generate::{Generator, Outlet, Record, Simulate, Template};
use ocpi_pricing::rounding::Rounding;
use ocpi_pricing::usage::Usage;
use ocpi_pricing::{Pricer, TariffModel, Zone, estimate::Charge};
use ocpi_types::v2_2_1::cdrs::CdrDimension;
use ocpi_types::{DateTime, Decimal, Object, Version, check, json, v2_1_1, v2_2_1, v2_3_0};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::common::{dec, read, tariff_text, time};
use crate::properties::{config, element};

/// Members that the versions call by different names.
trait Written: Simulate {
    const VERSION: Version;
    fn facts(record: &Record<Self>) -> Facts;
}

struct Facts {
    start: DateTime,
    end: DateTime,
    total_energy: Decimal,
    total_time: Decimal,
    parking_time: Decimal,
    periods: Vec<(DateTime, Vec<CdrDimension>)>,
    cost: (Decimal, Option<Decimal>),
    session_cost: (Decimal, Option<Decimal>),
    session: Usage,
    cdr: Usage,
    /// Findings of the check, but for the tariff.
    findings: Vec<String>,
}

fn findings<T: Object, S: Object>(cdr: &T, session: &S, version: Version) -> Vec<String> {
    let all = check(cdr, version).into_iter().chain(check(session, version));
    all.filter(|finding| !finding.pointer.starts_with("/tariffs/")).map(|it| it.to_string()).collect()
}

impl Written for v2_1_1::tariffs::Tariff {
    const VERSION: Version = Version::V2_1_1;

    fn facts(Record { cdr, session, .. }: &Record<Self>) -> Facts {
        let periods = cdr.charging_periods.iter();
        Facts {
            start: cdr.start_date_time,
            end: cdr.stop_date_time,
            total_energy: cdr.total_energy,
            total_time: cdr.total_time,
            parking_time: cdr.total_parking_time.unwrap_or_default(),
            periods: periods.map(|it| (it.start_date_time, it.dimensions.to_vec())).collect(),
            cost: (cdr.total_cost, None),
            session_cost: (session.total_cost.unwrap(), None),
            session: Usage::from(session),
            cdr: Usage::from(cdr),
            findings: findings(cdr, session, Self::VERSION),
        }
    }
}

macro_rules! written {
    ($module:ident, $version:ident, $price:expr) => {
        impl Written for $module::tariffs::Tariff {
            const VERSION: Version = Version::$version;

            fn facts(Record { cdr, session, .. }: &Record<Self>) -> Facts {
                let periods = cdr.charging_periods.iter();
                Facts {
                    start: cdr.start_date_time,
                    end: cdr.end_date_time,
                    total_energy: cdr.total_energy,
                    total_time: cdr.total_time,
                    parking_time: cdr.total_parking_time.unwrap_or_default(),
                    periods: periods.map(|it| (it.start_date_time, it.dimensions.to_vec())).collect(),
                    cost: $price(&cdr.total_cost),
                    session_cost: $price(session.total_cost.as_ref().unwrap()),
                    session: Usage::from(session).with_time_zone(ZONE).unwrap(),
                    cdr: Usage::from(cdr).with_time_zone(ZONE).unwrap(),
                    findings: findings(cdr, session, Self::VERSION),
                }
            }
        }
    };
}
written!(v2_2_1, V2_2_1, |price: &v2_2_1::types::Price| (price.excl_vat, price.incl_vat));
written!(v2_3_0, V2_3_0, |price: &v2_3_0::types::Price| {
    let mut taxes = price.taxes.iter().map(|tax| tax.amount);
    let after = taxes.try_fold(price.before_taxes, Decimal::checked_add);
    (price.before_taxes, after.filter(|_| !price.taxes.is_empty()))
});

const ZONE: &str = "Europe/Amsterdam";

fn zone() -> Zone {
    ZONE.parse().unwrap()
}

fn template<T: Simulate + Object>(elements: &Value, more: &Value, version: Version) -> Template<T> {
    Template::new(read::<T>(&tariff_text(version, elements, more)))
}

fn sum(volumes: impl Iterator<Item = Decimal>) -> Decimal {
    volumes.fold(Decimal::ZERO, |sum, volume| sum.checked_add(volume).unwrap())
}

/// All that must hold for any record; `None`: there is none, and there is a reason.
fn holds<T: Written + Object>(
    elements: &Value,
    seed: u64,
    every: Option<i64>,
) -> Result<bool, TestCaseError> {
    let template = template::<T>(elements, &json!({}), T::VERSION);
    let mut generator = Generator::new(seed, zone());
    if let Some(every) = every {
        generator = generator.with_period_length(every);
    }
    let record = match generator.record(&template) {
        Ok(record) => record,
        Err(error) => {
            // Only CDRs of 2.1.1 lack values that a price can depend on.
            let is_known = !error.gaps().is_empty() && T::VERSION == Version::V2_1_1;
            prop_assert!(is_known, "{} {:?}", error, error.gaps());
            return Ok(false);
        }
    };
    let facts = T::facts(&record);
    prop_assert_eq!(&facts.findings, &Vec::<String>::new());

    // It adds up.
    use ocpi_types::v2_2_1::cdrs::CdrDimensionType as TariffDimension;
    let of = |kind: TariffDimension| {
        let all = facts.periods.iter().flat_map(|(_, dimensions)| dimensions);
        sum(all.filter(|dimension| dimension.r#type == kind).map(|dimension| dimension.volume))
    };
    prop_assert_eq!(of(TariffDimension::Energy), facts.total_energy);
    let rounding = dec("0.00005").checked_mul(Decimal::from(facts.periods.len() as i64 + 1)).unwrap();
    let is_near = |one: Decimal, other: Decimal| {
        let difference = one.checked_sub(other).unwrap();
        difference <= rounding && Decimal::ZERO.checked_sub(rounding).unwrap() <= difference
    };
    let time = sum([of(TariffDimension::Time), of(TariffDimension::ParkingTime)].into_iter());
    prop_assert!(is_near(time, facts.total_time), "{} {}", time, facts.total_time);
    prop_assert!(is_near(of(TariffDimension::ParkingTime), facts.parking_time));
    let hours = Decimal::from(facts.end.seconds_since(facts.start)).checked_div(Decimal::from(3600)).unwrap();
    prop_assert!(is_near(sum([time, of(TariffDimension::ReservationTime)].into_iter()), hours));

    // A receiver computes the same, from the CDR or from the session, and has nothing to guess.
    let (rounding, plan) =
        (Rounding::of(&facts.cdr.currency), TariffModel::clone(template.pricer().plans().next().unwrap()));
    let pricer = Pricer::new([plan]);
    for usage in [&facts.cdr, &facts.session] {
        let bill = pricer.price(usage).unwrap();
        let total = bill.total().unwrap();
        prop_assert_eq!(total.before_taxes.map(|net| rounding.apply(net)), Some(facts.cost.0));
        if let (Some(found), Some(expected)) = (facts.cost.1, total.after_taxes) {
            // Each tax of 2.3.0 is rounded on its own.
            let off = found.checked_sub(rounding.apply(expected)).unwrap();
            prop_assert!((dec("-0.02")..=dec("0.02")).contains(&off), "{} {}", found, expected);
        }
        let estimates = bill.lines().filter(|line| line.is_estimate).count();
        prop_assert_eq!(estimates, 0, "{:#?}", bill.lines().collect::<Vec<_>>());
    }
    prop_assert_eq!(facts.cost, facts.session_cost);
    Ok(true)
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn records_conform_add_up_and_cost_what_the_engine_says(
        elements in proptest::collection::vec(element(), 1..5),
        seed in any::<u64>(),
        every in proptest::option::weighted(0.3, prop::sample::select(vec![60_i64, 900, 3600])),
    ) {
        let elements = json!(elements);
        let text = elements.to_string();
        if !text.contains("reservation") {
            holds::<v2_1_1::tariffs::Tariff>(&elements, seed, every)?;
        }
        prop_assert!(holds::<v2_2_1::tariffs::Tariff>(&elements, seed, every)?);
        prop_assert!(holds::<v2_3_0::tariffs::Tariff>(&elements, seed, every)?);
    }
}

fn day_and_night() -> Value {
    json!([
        {"price_components": [{"type": "ENERGY", "price": 0.60, "vat": 21.0, "step_size": 1}],
         "restrictions": {"start_time": "07:00", "end_time": "19:00"}},
        {"price_components": [
            {"type": "ENERGY", "price": 0.40, "vat": 21.0, "step_size": 1},
            {"type": "PARKING_TIME", "price": 3.00, "vat": 21.0, "step_size": 60}]},
        {"price_components": [{"type": "FLAT", "price": 1.00, "vat": 0.0, "step_size": 1}]},
        {"price_components": [{"type": "TIME", "price": 2.00, "vat": 21.0, "step_size": 1}],
         "restrictions": {"reservation": "RESERVATION"}},
    ])
}

#[test]
fn a_period_ends_where_the_price_changes() {
    let more = json!({"tax_included": "NO"});
    let template = template::<v2_3_0::tariffs::Tariff>(&day_and_night(), &more, Version::V2_3_0);
    let outlet = &Outlet::ALL[1];
    // Half past six in the evening, 22.08 kWh at 11.04 kW, a quarter reserved before and half an hour of rest.
    let charge =
        Charge::new(time("2026-01-12T17:30:00Z"), zone(), dec("22.08")).with_reservation(900).with_idle(1800);
    let record = Generator::new(7, zone()).record_of(&template, &charge, outlet).unwrap();
    let shown: Value = serde_json::from_str(&json::to_string(&record.cdr)).unwrap();
    let period = |start: &str, dimensions: Value| json!({"start_date_time": start, "dimensions": dimensions, "tariff_id": "T1"});
    let dimension = |kind: &str, volume: f64| json!({"type": kind, "volume": volume});
    let readings = || {
        [
            dimension("MIN_CURRENT", 48.0),
            dimension("MAX_CURRENT", 48.0),
            dimension("MIN_POWER", 11.04),
            dimension("MAX_POWER", 11.04),
        ]
    };
    let charging = |energy: f64, hours: f64| {
        let mut all = vec![dimension("ENERGY", energy), dimension("TIME", hours)];
        all.extend(readings());
        for volume in all.iter_mut().map(|dimension| &mut dimension["volume"]) {
            // As it is written: without decimals that are zero.
            if volume.as_f64().unwrap().fract() == 0.0 {
                *volume = json!(volume.as_f64().unwrap() as i64);
            }
        }
        json!(all)
    };
    let parked = json!([dimension("PARKING_TIME", 0.5)]);
    assert_eq!(
        shown["charging_periods"],
        json!([
            period("2026-01-12T17:15:00Z", json!([dimension("RESERVATION_TIME", 0.25)])),
            period("2026-01-12T17:30:00Z", charging(5.52, 0.5)),
            period("2026-01-12T18:00:00Z", charging(16.56, 1.5)),
            period("2026-01-12T19:30:00Z", parked),
        ])
    );
    let price = |before: &str, taxes: &[(f64, &str)]| {
        let number = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        let taxes: Vec<Value> = taxes
            .iter()
            .map(|(rate, amount)| json!({"name": "VAT", "percentage": rate, "amount": number(amount)}))
            .collect();
        let mut price = json!({"before_taxes": number(before)});
        if !taxes.is_empty() {
            price["taxes"] = taxes.into();
        }
        price
    };
    for (member, expected) in [
        ("total_energy_cost", price("9.94", &[(21.0, "2.09")])), // 5.52 * 0.60 + 16.56 * 0.40 = 9.936
        ("total_parking_cost", price("1.50", &[(21.0, "0.32")])),
        ("total_fixed_cost", price("1.00", &[(0.0, "0.00")])),
        ("total_reservation_cost", price("0.50", &[(21.0, "0.11")])),
        ("total_cost", price("12.94", &[(0.0, "0.00"), (21.0, "2.51")])),
        ("total_time_cost", Value::Null),
        ("total_energy", json!(22.08)),
        ("total_time", serde_json::from_str("2.5").unwrap()),
        ("total_parking_time", serde_json::from_str("0.5").unwrap()),
    ] {
        assert_eq!(shown[member], expected, "{member}");
    }
    assert_eq!(check(&record.cdr, Version::V2_3_0), []);
    assert_eq!(record.session.total_cost, Some(record.cdr.total_cost));
}

#[test]
fn the_seed_decides_and_nothing_else() {
    let templates = [template::<v2_2_1::tariffs::Tariff>(&day_and_night(), &json!({}), Version::V2_2_1)];
    let made = |seed: u64| -> Vec<String> {
        let mut generator = Generator::new(seed, zone());
        let records = generator.records(&templates, 5).map(Result::unwrap);
        records.map(|record| json::to_string(&record.cdr)).collect()
    };
    assert_eq!(made(1), made(1));
    let all: BTreeSet<String> = made(1).into_iter().chain(made(2)).collect();
    assert_eq!(all.len(), 10);
}

#[test]
fn thousands_over_a_set_of_tariffs_have_different_ids_and_prices() {
    let flat = json!([{"price_components": [{"type": "FLAT", "price": 5.00, "step_size": 1}]}]);
    let templates = [
        template::<v2_2_1::tariffs::Tariff>(&day_and_night(), &json!({"id": "A"}), Version::V2_2_1),
        template::<v2_2_1::tariffs::Tariff>(&flat, &json!({"id": "B"}), Version::V2_2_1),
    ];
    let mut generator = Generator::new(3, zone());
    let records: Vec<_> = generator.records(&templates, 3000).map(Result::unwrap).collect();
    let ids: BTreeSet<&str> = records.iter().map(|record| record.cdr.id.as_str()).collect();
    assert_eq!(ids.len(), 3000);
    let of = |id: &str| records.iter().filter(|record| record.cdr.tariffs[0].id.as_str() == id).count();
    assert_eq!((of("A"), of("B")), (1500, 1500));
    let costs: BTreeSet<Decimal> = records.iter().map(|record| record.cdr.total_cost.excl_vat).collect();
    assert!(costs.len() > 500, "{}", costs.len());
    let has = |is: fn(&v2_2_1::cdrs::Cdr) -> bool| records.iter().any(|record| is(&record.cdr));
    assert!(has(|cdr| cdr.total_reservation_cost.is_some()) && has(|cdr| cdr.total_parking_time.is_none()));
}

#[test]
fn what_cannot_be_written_is_refused_with_the_reason() {
    let by_power = json!([
        {"price_components": [{"type": "ENERGY", "price": 0.60, "step_size": 1}],
         "restrictions": {"min_power": 50}},
    ]);
    let template = template::<v2_1_1::tariffs::Tariff>(&by_power, &json!({}), Version::V2_1_1);
    let error = Generator::new(1, zone()).record(&template).unwrap_err();
    assert!(!error.gaps().is_empty() && !error.is_tax());
    assert_eq!(error.to_string(), "what the stay costs cannot be computed");

    let gross = json!([{"price_components": [{"type": "ENERGY", "price": 0.60, "step_size": 1}]}]);
    let more = json!({"tax_included": "YES"});
    let template = self::template::<v2_3_0::tariffs::Tariff>(&gross, &more, Version::V2_3_0);
    assert!(Generator::new(1, zone()).record(&template).unwrap_err().is_tax());

    let template = self::template::<v2_2_1::tariffs::Tariff>(&gross, &json!({}), Version::V2_2_1);
    let charge = Charge::new(time("2026-01-12T17:30:00Z"), zone(), dec("-1"));
    let error = Generator::new(1, zone()).record_of(&template, &charge, &Outlet::ALL[0]).unwrap_err();
    assert!(error.charge().unwrap().is_need(), "{error}");
}
