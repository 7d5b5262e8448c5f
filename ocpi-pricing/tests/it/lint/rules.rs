//! For each rule a tariff that it finds something in, and one beside it in which it does not.

mod amounts;

use std::collections::BTreeSet;

use ocpi_pricing::lint::Rule::{self, *};
use ocpi_types::Version::{self, V2_1_1, V2_2_1, V2_3_0};
use serde_json::{Value, json};

use super::{component, element, energy, lint, shown, tariff};

/// A rule with the place of its finding in the first tariff; the second has none there.
struct Case(Rule, &'static str, Version, Value, Value);

/// The same element with two restrictions.
fn limits(rule: Rule, member: &str, bad: Value, good: Value) -> Case {
    let pointer: &str = Box::leak(format!("/elements/0/restrictions/{member}").into_boxed_str());
    let elements = |limits| json!({"elements": [energy(limits), energy(json!({}))]});
    Case(rule, pointer, V2_2_1, elements(bad), elements(good))
}

/// The same element with two components.
fn components(rule: Rule, member: &str, bad: Value, good: Value) -> Case {
    let slash = if member.is_empty() { "" } else { "/" };
    let pointer = Box::leak(format!("/elements/0/price_components/0{slash}{member}").into_boxed_str());
    let elements = |component| json!({"elements": [element(json!([component]), json!({}))]});
    Case(rule, pointer, V2_2_1, elements(bad), elements(good))
}

/// Two other members.
fn members(rule: Rule, pointer: &'static str, bad: Value, good: Value) -> Case {
    Case(rule, pointer, V2_2_1, bad, good)
}

fn elements(rule: Rule, pointer: &'static str, bad: Value, good: Value) -> Case {
    Case(rule, pointer, V2_2_1, json!({"elements": bad}), json!({"elements": good}))
}

fn energy_price(price: f64) -> Value {
    component("ENERGY", json!(price), 1)
}

fn taxed(kind: &str, price: f64, vat: f64) -> Value {
    json!({"type": kind, "price": price, "vat": vat, "step_size": 1})
}

fn many(count: i64) -> Value {
    (0..count).map(|kwh| energy(json!({"min_kwh": kwh, "max_kwh": kwh + 1}))).collect()
}

fn always(components: Value) -> Value {
    element(components, json!({}))
}

fn night() -> Value {
    json!({"start_time": "22:00", "end_time": "06:00"})
}

fn coverage() -> Vec<Case> {
    let day = || json!({"start_time": "06:00", "end_time": "22:00"});
    let cheap = |limits| element(json!([energy_price(0.2)]), limits);
    let both = json!([energy_price(0.2), component("PARKING_TIME", json!(2), 60)]);
    vec![
        elements(
            UnreachableElement,
            "/elements/1",
            json!([energy(json!({})), cheap(night())]),
            json!([cheap(night()), energy(json!({}))]),
        ),
        // The two before it cover the day together.
        elements(
            UnreachableElement,
            "/elements/2",
            json!([energy(night()), energy(day()), cheap(json!({"min_kwh": 10}))]),
            json!([
                energy(night()),
                energy(json!({"start_time": "07:00", "end_time": "22:00"})),
                cheap(json!({}))
            ]),
        ),
        elements(
            UnreachableElement,
            "/elements/1",
            json!([energy(json!({"min_kwh": 5})), cheap(json!({"min_kwh": 5, "max_power": 20}))]),
            json!([energy(json!({"min_kwh": 5})), cheap(json!({"max_power": 20})), cheap(json!({}))]),
        ),
        elements(
            ShadowedComponent,
            "/elements/1/price_components/0",
            json!([energy(json!({})), element(both.clone(), json!({"min_duration": 3600}))]),
            json!([energy(json!({"max_duration": 3600})), element(both, json!({}))]),
        ),
        elements(
            RepeatedElement,
            "/elements/1",
            json!([energy(night()), energy(night()), energy(json!({}))]),
            json!([energy(night()), energy(json!({}))]),
        ),
        elements(
            RepeatedKind,
            "/elements/0/price_components/1",
            json!([always(json!([energy_price(0.3), energy_price(0.2)]))]),
            json!([always(json!([energy_price(0.3), component("TIME", json!(2), 60)]))]),
        ),
        elements(
            EnergyGap,
            "/elements",
            json!([energy(json!({"day_of_week": ["MONDAY"]})), energy(json!({"day_of_week": ["TUESDAY"]}))]),
            json!([energy(json!({"day_of_week": ["MONDAY"]})), energy(json!({}))]),
        ),
        elements(
            EnergyGap,
            "/elements",
            json!([energy(json!({"min_kwh": 10}))]),
            json!([energy(json!({"min_kwh": 0}))]),
        ),
        // The first date is when the tariff starts.
        elements(
            EnergyGap,
            "/elements",
            json!([
                energy(json!({"start_date": "2026-01-01", "end_date": "2026-04-01"})),
                energy(json!({"start_date": "2026-05-01"}))
            ]),
            json!([
                energy(json!({"start_date": "2026-01-01", "end_date": "2026-04-01"})),
                energy(json!({"start_date": "2026-04-01"}))
            ]),
        ),
        elements(
            NoFallback,
            "/elements",
            json!([energy(night()), energy(json!({"start_time": "06:00", "end_time": "21:00"}))]),
            json!([energy(night()), energy(json!({}))]),
        ),
        // Together they leave nothing out.
        elements(
            NoFallback,
            "/elements",
            json!([cheap(night()), energy(json!({"start_time": "06:00", "min_kwh": 1}))]),
            json!([cheap(night()), energy(day())]),
        ),
        elements(TooMuchToCompare, "/elements", many(129), many(128)),
        elements(NoPrice, "/elements", json!([{"price_components": []}]), json!([energy(json!({}))])),
        elements(
            EmptyElement,
            "/elements/1",
            json!([energy(json!({})), {"price_components": []}]),
            json!([energy(json!({}))]),
        ),
        elements(
            FreeInParts,
            "/elements",
            json!([always(json!([energy_price(0.0)]))]),
            json!([always(json!([component("FLAT", json!(0), 1)]))]),
        ),
        elements(
            SeveralFlats,
            "/elements/1/price_components/0",
            json!([
                element(json!([component("FLAT", json!(1), 1)]), night()),
                always(json!([component("FLAT", json!(2), 1), energy_price(0.3)]))
            ]),
            json!([
                element(
                    json!([component("FLAT", json!(1), 1), component("PARKING_TIME", json!(1), 60)]),
                    night()
                ),
                always(json!([component("FLAT", json!(2), 1), energy_price(0.3)]))
            ]),
        ),
        limits(NotComputable, "min_vehicle_soc", json!({"min_vehicle_soc": 20}), json!({"min_kwh": 20})),
        components(NotComputable, "type", component("WATER", json!(1), 1), component("FLAT", json!(1), 1)),
    ]
}

fn windows() -> Vec<Case> {
    let window = |from: &str, until: &str| json!({"start_time": from, "end_time": until});
    let days = |days: &[&str]| json!({"day_of_week": days});
    let week = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"];
    let mut overnight = night();
    overnight["day_of_week"] = json!(["FRIDAY"]);
    let mut by_day = window("08:00", "20:00");
    by_day["day_of_week"] = json!(["FRIDAY"]);
    vec![
        limits(EmptyWindow, "end_time", window("10:00", "10:00"), window("10:00", "10:01")),
        limits(IdleWindow, "end_time", window("00:00", "00:00"), window("00:00", "12:00")),
        limits(IdleWindow, "start_time", json!({"start_time": "00:00"}), json!({"start_time": "00:01"})),
        limits(End2359, "end_time", window("20:00", "23:59"), window("20:00", "00:00")),
        limits(Time2400, "end_time", window("20:00", "24:00"), window("20:00", "00:00")),
        limits(OvernightDays, "end_time", overnight, by_day),
        limits(DuplicateDays, "day_of_week/1", days(&["MONDAY", "MONDAY"]), days(&["MONDAY", "TUESDAY"])),
        limits(UnsortedDays, "day_of_week", days(&["SUNDAY", "MONDAY"]), days(&["MONDAY", "SUNDAY"])),
        limits(AllDays, "day_of_week", days(&week), days(&week[..6])),
        limits(
            EmptyDates,
            "end_date",
            json!({"start_date": "2027-01-01", "end_date": "2027-01-01"}),
            json!({"start_date": "2027-01-01", "end_date": "2027-01-02"}),
        ),
        limits(PastDates, "end_date", json!({"end_date": "2026-05-31"}), json!({"end_date": "2026-06-01"})),
    ]
}

fn restrictions() -> Vec<Case> {
    let old = |power: i64| json!({"elements": [energy(json!({"min_power": power})), energy(json!({}))]});
    let reserved = |phase: &str, components: Value, more: Value| {
        let mut limits = more;
        limits["reservation"] = phase.into();
        json!({"elements": [element(components, limits), energy(json!({}))]})
    };
    let time = || json!([component("TIME", json!(6), 60)]);
    let parking = |limits| {
        json!([element(json!([component("PARKING_TIME", json!(6), 60)]), limits), energy(json!({}))])
    };
    let both = |more: Value| {
        let mut limits = json!({"reservation": "RESERVATION"});
        if more != Value::Null {
            limits["booking"] = more;
        }
        json!({"elements": [element(json!([component("FLAT", json!(1), 1)]), limits), energy(json!({}))]})
    };
    let expires = reserved("RESERVATION_EXPIRES", time(), json!({}));
    let mut paired = expires.clone();
    paired["elements"].as_array_mut().unwrap().push(element(time(), json!({"reservation": "RESERVATION"})));
    vec![
        limits(
            EmptyRange,
            "max_kwh",
            json!({"min_kwh": 10, "max_kwh": 10}),
            json!({"min_kwh": 10, "max_kwh": 10.5}),
        ),
        limits(
            EmptyRange,
            "max_power",
            json!({"min_power": 50, "max_power": 22}),
            json!({"min_power": 22, "max_power": 50}),
        ),
        limits(
            EmptyRange,
            "max_duration",
            json!({"min_duration": 7200, "max_duration": 3600}),
            json!({"min_duration": 3600, "max_duration": 7200}),
        ),
        limits(IdleMinimum, "min_kwh", json!({"min_kwh": 0}), json!({"min_kwh": 0.1})),
        limits(IdleMinimum, "min_power", json!({"min_power": 0.0}), json!({"min_power": 1})),
        limits(ZeroMaximum, "max_kwh", json!({"max_kwh": 0}), json!({"max_kwh": 0.1})),
        Case(
            EmptyRestrictions,
            "/elements/0/restrictions",
            V2_2_1,
            json!({"elements": [{"price_components": [energy_price(0.3)], "restrictions": {}}]}),
            json!({"elements": [{"price_components": [energy_price(0.3)], "restrictions": {"min_kwh": 1}}]}),
        ),
        limits(ShortDuration, "min_duration", json!({"min_duration": 30}), json!({"min_duration": 60})),
        limits(PowerScale, "max_power", json!({"max_power": 22_000}), json!({"max_power": 1000})),
        Case(PowerAsCurrent, "/elements/0/restrictions/min_power", V2_1_1, old(32), old(22)),
        limits(CurrentScale, "max_current", json!({"max_current": 32_000}), json!({"max_current": 32})),
        elements(
            ParkingPower,
            "/elements/0/price_components/0",
            parking(json!({"min_power": 1})),
            parking(json!({"max_power": 1})),
        ),
        members(
            ReservationEnergy,
            "/elements/0/price_components/0",
            reserved("RESERVATION", json!([energy_price(0.3)]), json!({})),
            reserved("RESERVATION", time(), json!({})),
        ),
        members(
            ReservationBound,
            "/elements/0/restrictions/min_kwh",
            reserved("RESERVATION", time(), json!({"min_kwh": 1})),
            reserved("RESERVATION", time(), json!({"min_duration": 600})),
        ),
        members(ExpiryWithoutReservation, "/elements/0/restrictions/reservation", expires, paired),
        Case(
            ReservationAndBooking,
            "/elements/0/restrictions/booking",
            V2_3_0,
            both("BOOKING".into()),
            both(Value::Null),
        ),
    ]
}

fn cases() -> Vec<Case> {
    [
        coverage(),
        windows(),
        restrictions(),
        amounts::steps(),
        amounts::prices(),
        amounts::taxes(),
        amounts::texts(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[test]
fn a_rule_finds_what_it_is_for_and_lets_its_neighbour_be() {
    for Case(rule, pointer, version, bad, good) in cases() {
        let text = tariff(version, &bad);
        let findings = lint(version, &text);
        let found = shown(&findings);
        assert!(found.contains(&(rule.id(), pointer)), "{rule} at {pointer}: {found:?} in {text}");
        let text = tariff(version, &good);
        let findings = lint(version, &text);
        assert!(!findings.iter().any(|it| it.rule == rule), "{rule}: {:?} in {text}", shown(&findings));
    }
}

#[test]
fn every_rule_has_a_case() {
    // JSON of serde has no member twice: that rule has a test of its own.
    let tested: BTreeSet<Rule> = cases().iter().map(|case| case.0).chain([MemberTwice]).collect();
    let missing: Vec<_> = Rule::ALL.iter().filter(|rule| !tested.contains(rule)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn a_message_says_what_is_special_about_the_place() {
    let message = |members: Value| lint(V2_2_1, &tariff(V2_2_1, &members)).remove(0).message;
    let gap = json!({"elements": [energy(json!({"day_of_week": ["MONDAY"], "start_time": "08:00"}))]});
    assert_eq!(message(gap), "charging has no price: for example on Monday, at 00:00");
    let never = json!({"elements": [energy(json!({"min_kwh": 2, "max_kwh": 1}))]});
    assert_eq!(message(never), "charging has no price: always");
    let shadowed = json!({"elements": [energy(json!({})), element(json!([energy_price(0.2)]), night())]});
    assert_eq!(message(shadowed), "the element is never used: element 0 comes first");
}
