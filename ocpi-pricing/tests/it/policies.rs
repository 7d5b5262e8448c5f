//! Each policy has its documented effect, and the comparison finds where it matters.

use ocpi_pricing::bill::Category;
use ocpi_pricing::policy::{
    BookingFee, Bookings, Fees, Hours, Limits, MissingTariff, Policy, Power, Power211, Steps,
};
use ocpi_pricing::tariff_model::TariffDimension;
use ocpi_pricing::usage::{Period, TariffRef, Usage};
use ocpi_pricing::{Pricer, TariffModel};
use ocpi_types::Version;
use serde_json::json;

use crate::common::{dec, element, hours, local, plan, plan_of, session, with_bill};

fn charge_and_park(charging: i64, parking: i64) -> Usage {
    let charge = move |period: &mut Period| period.time = hours(charging);
    let park = move |period: &mut Period| period.parking_time = hours(parking);
    session(local("2026-05-04T10:00"), &[(charging, &charge), (parking, &park)])
}

#[test]
fn steps() {
    let tariff = plan(json!([{"price_components": [
        {"type": "TIME", "price": 6, "step_size": 600}, {"type": "PARKING_TIME", "price": 6, "step_size": 600}]}]));
    let usage = charge_and_park(21, 16);
    for (steps, time, parking) in [
        (Steps::OncePerSession, 21, 20),
        (Steps::EachDimension, 30, 20),
        (Steps::EachPeriod, 30, 20),
        (Steps::Ignored, 21, 16),
    ] {
        let mut policy = Policy::default();
        policy.steps = steps;
        with_bill(vec![tariff.clone()], &usage, policy, |bill| {
            let minutes = |kind| bill.billed(kind).to_integer().unwrap() / 60;
            assert_eq!(
                (minutes(TariffDimension::Time), minutes(TariffDimension::ParkingTime)),
                (time, parking),
                "{steps:?}"
            );
        });
    }
}

#[test]
fn charging_after_parking_rounds_the_charging() {
    let tariff = plan(json!([{"price_components": [
        {"type": "TIME", "price": 6, "step_size": 600}, {"type": "PARKING_TIME", "price": 6, "step_size": 600}]}]));
    let charge = |period: &mut Period| period.time = hours(21);
    let park = |period: &mut Period| period.parking_time = hours(16);
    let usage = session(local("2026-05-04T10:00"), &[(16, &park), (21, &charge)]);
    with_bill(vec![tariff], &usage, Policy::default(), |bill| {
        assert_eq!(
            (bill.billed(TariffDimension::Time), bill.billed(TariffDimension::ParkingTime)),
            (dec("1800"), dec("960"))
        );
    });
}

#[test]
fn fees() {
    let parking = json!({"price_components": [
        {"type": "PARKING_TIME", "price": 6, "step_size": 1}, {"type": "FLAT", "price": 1, "step_size": 1}]});
    let usage = charge_and_park(20, 10);
    for (fees, in_parking, in_fixed) in [(Fees::Parking, "2", "0"), (Fees::Fixed, "1", "1")] {
        let mut policy = Policy::default();
        policy.fees = fees;
        with_bill(vec![plan(json!([parking]))], &usage, policy, |bill| {
            assert_eq!(bill.part(Category::Parking).before_taxes, Some(dec(in_parking)), "{fees:?}");
            assert_eq!(bill.part(Category::Fixed).before_taxes, Some(dec(in_fixed)), "{fees:?}");
        });
    }
}

#[test]
fn hours_with_four_decimals() {
    let tariff = plan(json!([element("TIME", 60.0, 60, json!({}))]));
    let usage = session(local("2026-05-04T10:00"), &[(1, &|period| period.time = Some(dec("0.0167")))]);
    for (hours, expected) in [(Hours::WholeSeconds, "1"), (Hours::AsWritten, "2")] {
        let mut policy = Policy::default();
        policy.hours = hours;
        with_bill(vec![tariff.clone()], &usage, policy, |bill| {
            assert_eq!(bill.total().unwrap().before_taxes, Some(dec(expected)), "{hours:?}");
        });
    }
}

fn tariffs() -> Vec<TariffModel> {
    let tariff = |id: &str, price: i64, min: i64, max: i64| {
        let elements = json!([element("ENERGY", price as f64, 1, json!({}))]);
        let limit = |amount: i64| json!({"excl_vat": amount, "incl_vat": amount});
        plan_of(
            Version::V2_2_1,
            &elements,
            &json!({"id": id, "min_price": limit(min), "max_price": limit(max)}),
        )
    };
    vec![tariff("A", 1, 5, 50), tariff("B", 10, 8, 30)]
}

#[test]
fn several_tariffs_and_their_limits() {
    let usage = |first: &'static str, second: &'static str| {
        let mut usage = session(
            local("2026-05-04T10:00"),
            &[
                (30, &move |period| period.energy = Some(dec(first))),
                (30, &move |period| period.energy = Some(dec(second))),
            ],
        );
        usage.periods[0].tariff = usage.tariff("a");
        usage.periods[1].tariff = usage.tariff("b");
        usage
    };
    for (limits, small, large) in [
        (Limits::EveryTariff, "8", "30"),
        (Limits::FirstTariff, "5", "41"),
        (Limits::LastTariff, "8", "30"),
        (Limits::Ignored, "2", "41"),
    ] {
        let mut policy = Policy::default();
        policy.limits = limits;
        for (usage, expected) in [(usage("1", "0.1"), small), (usage("1", "4"), large)] {
            with_bill(tariffs(), &usage, policy, |bill| {
                assert_eq!(bill.total().unwrap().before_taxes, Some(dec(expected)), "{limits:?}");
                assert_eq!(bill.lines().map(|line| line.tariff).collect::<Vec<_>>(), [0, 1]);
            });
        }
    }
}

#[test]
fn a_period_without_a_tariff_costs_nothing_and_that_is_said() {
    let mut usage = session(local("2026-05-04T10:00"), &[(30, &|period| period.energy = Some(dec("10")))]);
    usage.periods[0].tariff = TariffRef::Missing;
    with_bill(tariffs(), &usage, Policy::default(), |bill| {
        assert_eq!(bill.total().unwrap().before_taxes, Some(dec("0")));
        assert_eq!(
            bill.notes()[0].to_string(),
            "period 0 names no tariff: it costs nothing, unless the policy missing_tariff=first-tariff decides"
        );
    });
    let mut policy = Policy::default();
    policy.missing_tariff = MissingTariff::FirstTariff;
    with_bill(tariffs(), &usage, policy, |bill| {
        assert_eq!(bill.total().unwrap().before_taxes, Some(dec("10")));
    });
    usage.periods[0].tariff = usage.tariff("C");
    with_bill(tariffs(), &usage, policy, |bill| {
        assert_eq!(bill.gaps()[0].to_string(), "period 0: the tariff is not known");
    });
}

#[test]
fn credit_takes_back_the_total_only() {
    let tariff = plan_of(
        Version::V2_3_0,
        &json!([{"price_components": [{"type": "ENERGY", "price": 1.21, "vat": 21, "step_size": 1}]}]),
        &json!({"tax_included": "YES"}),
    );
    let mut usage = session(local("2026-05-04T10:00"), &[(30, &|period| period.energy = Some(dec("10")))]);
    usage.is_credit = true;
    with_bill(vec![tariff], &usage, Policy::default(), |bill| {
        let total = bill.total().unwrap();
        assert_eq!((total.before_taxes, total.after_taxes), (Some(dec("-10")), Some(dec("-12.1"))));
        assert_eq!(bill.part(Category::Energy).after_taxes, Some(dec("12.1")));
        assert_eq!(bill.taxes().unwrap()[0].amount, dec("-2.1"));
    });
}

#[test]
fn a_limit_without_tax_takes_the_tax_along_if_there_is_one_rate() {
    let energy = json!({"type": "ENERGY", "price": 1, "vat": 10, "step_size": 1});
    let fee = json!({"type": "FLAT", "price": 1, "vat": 20, "step_size": 1});
    let limit = json!({"min_price": {"excl_vat": 50}});
    let usage = session(local("2026-05-04T10:00"), &[(30, &|period| period.energy = Some(dec("10")))]);
    for (components, expected) in [(json!([energy]), Some(dec("55"))), (json!([energy, fee]), None)] {
        let tariff = plan_of(Version::V2_2_1, &json!([{"price_components": components}]), &limit);
        with_bill(vec![tariff], &usage, Policy::default(), |bill| {
            let total = bill.total().unwrap();
            assert_eq!((total.before_taxes, total.after_taxes), (Some(dec("50")), expected));
        });
    }
}

#[test]
fn bookings_and_reservations_apart_or_not() {
    let hour = |member: &str, phase: &str, price: i64| {
        json!({"price_components": [{"type": "TIME", "price": price, "step_size": 60},
            {"type": "FLAT", "price": 10 * price, "step_size": 1}], "restrictions": {member: phase}})
    };
    let tariff = plan_of(
        Version::V2_3_0,
        &json!([
            hour("reservation", "RESERVATION", 1),
            hour("booking", "BOOKING", 2),
            element("ENERGY", 0.5, 1, json!({}))
        ]),
        &json!({}),
    );
    let charge = |period: &mut Period| period.energy = Some(dec("10"));
    let reserve = |period: &mut Period| period.reservation_time = Some(dec("1"));
    let reserved = session(local("2026-05-04T10:00"), &[(60, &reserve), (60, &charge)]);
    let charged = session(local("2026-05-04T10:00"), &[(60, &charge)]);
    let cost = |usage: &Usage, is_booked: bool, bookings: Bookings, fee: BookingFee| {
        let mut policy = Policy::default();
        (policy.bookings, policy.booking_fee) = (bookings, fee);
        let mut usage = usage.clone();
        usage.is_booked = is_booked;
        with_bill(vec![tariff.clone()], &usage, policy, |bill| {
            (bill.total().unwrap().before_taxes, bill.part(Category::Reservation).before_taxes)
        })
    };
    let euros = |total: &str, reservation: &str| (Some(dec(total)), Some(dec(reservation)));
    use BookingFee::{UpFront, WithTime};
    use Bookings::{Apart, AsReservations};
    // The first element in the list prices both, or each its own.
    assert_eq!(cost(&reserved, true, AsReservations, WithTime), euros("16", "11"));
    assert_eq!(cost(&reserved, true, Apart, WithTime), euros("27", "22"));
    assert_eq!(cost(&reserved, false, Apart, WithTime), euros("16", "11"));
    // Without time that was reserved there is a fee only if it is due by booking; never twice.
    assert_eq!(cost(&charged, true, Apart, WithTime), euros("5", "0"));
    assert_eq!(cost(&charged, true, Apart, UpFront), euros("25", "20"));
    assert_eq!(cost(&charged, false, Apart, UpFront), euros("5", "0"));
    assert_eq!(cost(&reserved, true, Apart, UpFront), euros("27", "22"));
}

#[test]
fn bookings() {
    let fee = |phase: &str, price: i64| {
        json!({"price_components": [{"type": "FLAT", "price": price, "step_size": 1},
            {"type": "TIME", "price": price, "step_size": 60}], "restrictions": {"booking": phase}})
    };
    let tariff = plan_of(
        Version::V2_3_0,
        &json!([
            fee("BOOKING", 1),
            fee("BOOKING_EXPIRES", 10),
            fee("BOOKING_CANCELLATION_FEES", 100),
            fee("BOOKING_OVERTIME", 1000),
            element("ENERGY", 0.5, 1, json!({}))
        ]),
        &json!({}),
    );
    let price = |fill: &dyn Fn(&mut Period), is_cancelled: bool| {
        let mut usage = session(local("2026-05-04T10:00"), &[(60, fill)]);
        usage.is_cancelled = is_cancelled;
        if is_cancelled {
            usage.periods.clear();
        }
        with_bill(vec![tariff.clone()], &usage, Policy::default(), |bill| {
            bill.total().unwrap_or_else(|| panic!("{:?}", bill.gaps())).before_taxes
        })
    };
    let hour = || Some(dec("1"));
    assert_eq!(price(&|period| period.reservation_expires = hour(), false), Some(dec("20")));
    assert_eq!(price(&|_| {}, true), Some(dec("100")));
    assert_eq!(price(&|period| period.reservation_overtime = hour(), false), Some(dec("2000")));
    let both = |period: &mut Period| {
        period.reservation_time = hour();
        period.energy = Some(dec("10"));
    };
    assert_eq!(price(&both, false), Some(dec("7")));
}

#[test]
fn the_comparison_names_every_question_that_matters() {
    let tariff = plan(json!([
        element("ENERGY", 1.0, 1, json!({"end_time": "17:00"})),
        element("ENERGY", 2.0, 1000, json!({})),
    ]));
    let usage = session(local("2026-05-04T16:30"), &[(60, &|period| period.energy = Some(dec("10.5")))]);
    let comparison = Pricer::new([tariff]).compare(&usage).unwrap();
    assert_eq!(
        comparison.to_string(),
        "total: 16.75 EUR\n\
         steps = each-period (not once-per-session): 17.25 EUR\n\
         steps = ignored (not once-per-session): 15.75 EUR\n\
         spans = at-start (not split): 10.50 EUR\n\
         clock = standard (not civil): 10.50 EUR\n"
    );
}

#[test]
fn power_in_2_1_1() {
    let tariff = plan_of(
        Version::V2_1_1,
        &json!([element("ENERGY", 1.0, 1, json!({"max_power": 32})), element("ENERGY", 2.0, 1, json!({}))]),
        &json!({}),
    );
    // 20 kW on average, 48 A.
    let usage = session(
        local("2026-05-04T10:00"),
        &[(30, &|period| {
            period.energy = Some(dec("10"));
            (period.min_current, period.max_current) = (Some(dec("48")), Some(dec("48")));
        })],
    );
    let mut average = Policy::default();
    average.power = Power::Average;
    let mut amperes = Policy::default();
    amperes.power_2_1_1 = Power211::Amperes;
    for (policy, expected) in [(Policy::default(), None), (average, Some("10")), (amperes, Some("20"))] {
        with_bill(vec![tariff.clone()], &usage, policy, |bill| {
            assert_eq!(bill.total().and_then(|total| total.before_taxes), expected.map(dec), "{policy:?}");
            assert!(
                bill.lines().len() == 0
                    || bill.why(0).unwrap().passed.len() == usize::from(expected == Some("20"))
            );
        });
    }
}

#[test]
fn the_three_readings_of_tax_included() {
    let elements = |vat: Option<i64>| {
        let mut component = json!({"type": "ENERGY", "price": 1.21, "step_size": 1});
        if let Some(vat) = vat {
            component["vat"] = vat.into();
        }
        json!([{"price_components": [component]}])
    };
    let usage = session(local("2026-05-04T10:00"), &[(30, &|period| period.energy = Some(dec("10")))]);
    for (tax, vat, before, after, taxes) in [
        ("YES", Some(21), Some("10"), Some("12.1"), Some(1)),
        ("NO", Some(21), Some("12.1"), Some("14.641"), Some(1)),
        ("N/A", Some(21), Some("12.1"), Some("12.1"), Some(0)),
        ("YES", Some(0), Some("12.1"), Some("12.1"), Some(1)),
        ("YES", None, None, Some("12.1"), None),
        ("NO", None, Some("12.1"), None, None),
        ("N/A", None, Some("12.1"), Some("12.1"), Some(0)),
    ] {
        let tariff = plan_of(Version::V2_3_0, &elements(vat), &json!({"tax_included": tax}));
        with_bill(vec![tariff], &usage, Policy::default(), |bill| {
            let total = bill.total().unwrap();
            let found = (total.before_taxes, total.after_taxes);
            assert_eq!(found, (before.map(dec), after.map(dec)), "{tax} {vat:?}");
            assert_eq!(bill.taxes().map(|taxes| taxes.len()), taxes, "{tax} {vat:?}");
        });
    }
}
