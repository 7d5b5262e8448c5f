//! A CDR that is right has no findings; each kind of fault is found, and named.

use std::collections::BTreeSet;

use ocpi_pricing::audit::{Audit, AuditRule, Claims, Report, Seen, Verdict};
use ocpi_pricing::generate::{Generator, Template};
use ocpi_types::{Decimal, Object, Version, json, v2_1_1, v2_2_1, v2_3_0};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::common::{dec, read, tariff_text};
use crate::properties::{config, element};

const ZONE: &str = "Europe/Amsterdam";

fn audit() -> Audit {
    Audit::new().with_time_zone(ZONE).unwrap()
}

fn shown(report: &Report) -> Vec<String> {
    report.findings.iter().map(ToString::to_string).collect()
}

/// Records of a tariff of each version that can say it.
macro_rules! right {
    ($module:ident, $version:ident, $elements:expr, $seed:expr) => {
        let tariff = read::<$module::tariffs::Tariff>(&tariff_text(Version::$version, $elements, &json!({})));
        let mut generator = Generator::new($seed, ZONE.parse().unwrap());
        if let Ok(record) = generator.record(&Template::new(tariff)) {
            let report = audit().cdr_of(&record.cdr, &[Seen::from(&record.session)]);
            prop_assert_eq!(shown(&report), Vec::<String>::new());
            prop_assert_eq!(report.verdict(), Verdict::Agrees);
        }
    };
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_a_right_cpo_writes_has_no_findings(
        elements in proptest::collection::vec(element(), 1..5),
        seed in any::<u64>(),
    ) {
        let elements = json!(elements);
        if !elements.to_string().contains("reservation") {
            right!(v2_1_1, V2_1_1, &elements, seed);
        }
        right!(v2_2_1, V2_2_1, &elements, seed);
        right!(v2_3_0, V2_3_0, &elements, seed);
    }

    #[test]
    fn a_total_that_is_off_by_more_than_rounding_is_found(
        elements in proptest::collection::vec(element(), 1..4),
        seed in any::<u64>(),
        cents in prop_oneof![-900_i64..=-6, 6_i64..=900],
    ) {
        let text = tariff_text(Version::V2_2_1, &json!(elements), &json!({}));
        let tariff = read::<v2_2_1::tariffs::Tariff>(&text);
        let mut generator = Generator::new(seed, ZONE.parse().unwrap());
        if let Ok(record) = generator.record(&Template::new(tariff)) {
            let mut cdr = record.cdr;
            let off = Decimal::new(cents, 2);
            cdr.total_cost.excl_vat = cdr.total_cost.excl_vat.checked_add(off).unwrap();
            cdr.total_cost.incl_vat = cdr.total_cost.incl_vat.and_then(|amount| amount.checked_add(off));
            let report = audit().cdr(&cdr);
            prop_assert_eq!(report.verdict(), Verdict::Differs, "{:?}", shown(&report));
        }
    }
}

/// One hour and ten minutes of charging, then a quarter of parking: 20.5 kWh.
fn cdr() -> Value {
    json!({
        "country_code": "NL", "party_id": "ALF", "id": "CDR1", "start_date_time": "2026-05-04T10:00:00Z",
        "end_date_time": "2026-05-04T11:25:00Z", "session_id": "S1",
        "cdr_token": {"country_code": "DE", "party_id": "EMP", "uid": "04A2SECRET", "type": "RFID", "contract_id": "C1"},
        "auth_method": "WHITELIST", "authorization_reference": "R1",
        "cdr_location": {"id": "L1", "address": "A", "city": "C", "country": "NLD",
            "coordinates": {"latitude": "52.08945", "longitude": "5.11027"}, "evse_uid": "E1", "evse_id": "NL*ALF*E1",
            "connector_id": "1", "connector_standard": "IEC_62196_T2", "connector_format": "SOCKET",
            "connector_power_type": "AC_3_PHASE"},
        "currency": "EUR",
        "tariffs": [{"country_code": "NL", "party_id": "ALF", "id": "T1", "currency": "EUR", "elements": [
            {"price_components": [
                {"type": "FLAT", "price": 0.50, "vat": 20, "step_size": 1},
                {"type": "ENERGY", "price": 0.25, "vat": 20, "step_size": 1000},
                {"type": "PARKING_TIME", "price": 4.00, "vat": 20, "step_size": 1}]}],
            "last_updated": "2026-01-01T00:00:00Z"}],
        "charging_periods": [
            {"start_date_time": "2026-05-04T10:00:00Z", "tariff_id": "T1", "dimensions": [
                {"type": "ENERGY", "volume": 20.5}, {"type": "TIME", "volume": 1.1667}]},
            {"start_date_time": "2026-05-04T11:10:00Z", "tariff_id": "T1", "dimensions": [
                {"type": "PARKING_TIME", "volume": 0.25}]}],
        "total_cost": {"excl_vat": 6.75, "incl_vat": 8.10},
        "total_fixed_cost": {"excl_vat": 0.50, "incl_vat": 0.60},
        "total_energy": 20.5, "total_energy_cost": {"excl_vat": 5.25, "incl_vat": 6.30},
        "total_time": 1.4167, "total_parking_time": 0.25,
        "total_parking_cost": {"excl_vat": 1.00, "incl_vat": 1.20},
        "last_updated": "2026-05-04T11:30:00Z"
    })
}

fn session() -> Value {
    json!({
        "country_code": "NL", "party_id": "ALF", "id": "S1", "start_date_time": "2026-05-04T10:00:00Z",
        "end_date_time": "2026-05-04T11:25:00Z", "kwh": 20.5,
        "cdr_token": {"country_code": "DE", "party_id": "EMP", "uid": "04A2SECRET", "type": "RFID", "contract_id": "C1"},
        "auth_method": "WHITELIST", "authorization_reference": "R1", "location_id": "L1", "evse_uid": "E1",
        "connector_id": "1", "currency": "EUR", "total_cost": {"excl_vat": 6.75}, "status": "COMPLETED",
        "last_updated": "2026-05-04T11:30:00Z"
    })
}

/// As another writes it: a pointer and a value, `null` for none.
fn with(mut document: Value, changes: &[(&str, Value)]) -> Value {
    for (pointer, value) in changes {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let parent = document.pointer_mut(parent).unwrap_or_else(|| panic!("{pointer}"));
        match parent {
            Value::Object(members) if value.is_null() => _ = members.remove(name),
            Value::Object(members) => _ = members.insert(name.to_owned(), value.clone()),
            Value::Array(elements) => elements[name.parse::<usize>().unwrap()] = value.clone(),
            other => panic!("{other} has no {name}"),
        }
    }
    document
}

fn report<T: Object>(cdr: &Value, sessions: &[Value]) -> Report
where
    for<'c> Claims: From<&'c T>,
{
    let sessions: Vec<Seen> = sessions
        .iter()
        .map(|session| Seen::from(&read::<v2_2_1::sessions::Session>(&session.to_string())))
        .collect();
    audit().cdr_of(&read::<T>(&cdr.to_string()), &sessions)
}

fn rules(report: &Report) -> Vec<(&'static str, &str)> {
    report.findings.iter().map(|finding| (finding.rule.id(), finding.pointer.as_str())).collect()
}

#[test]
fn the_cdr_that_the_others_are_made_from_is_right() {
    let report = report::<v2_2_1::cdrs::Cdr>(&cdr(), &[session()]);
    assert_eq!((shown(&report), report.verdict()), (Vec::new(), Verdict::Agrees));
}

/// A pointer, and the value put there.
type Change = (&'static str, Value);

/// A rule, and the pointer it is told at.
type Told = (&'static str, &'static str);

/// What is changed in the CDR, and what has to be found: no more and no less.
fn faults() -> Vec<(Vec<Change>, Vec<Told>)> {
    vec![
        (
            vec![("/total_cost/excl_vat", json!(6.80)), ("/total_cost/incl_vat", json!(8.16))],
            vec![("cdr.total_cost", "/total_cost/excl_vat"), ("cdr.total_tax", "/total_cost/incl_vat")],
        ),
        (vec![("/total_cost/incl_vat", json!(8.20))], vec![("cdr.total_tax", "/total_cost/incl_vat")]),
        (
            vec![("/total_energy_cost", json!({"excl_vat": 5.20, "incl_vat": 6.24}))],
            vec![
                ("cdr.part_cost", "/total_energy_cost/excl_vat"),
                ("cdr.part_tax", "/total_energy_cost/incl_vat"),
            ],
        ),
        (
            vec![("/total_parking_cost/incl_vat", json!(1.25))],
            vec![("cdr.part_tax", "/total_parking_cost/incl_vat")],
        ),
        (
            vec![("/total_cost", json!({"excl_vat": 8.10, "incl_vat": 8.10}))],
            vec![("cdr.tax_swapped", "/total_cost/excl_vat")],
        ),
        (vec![("/tariffs", json!([]))], vec![("cdr.no_tariff", "/tariffs")]),
        (
            vec![("/tariffs/0/elements/0/restrictions", json!({"min_vehicle_soc": 20}))],
            vec![
                ("cdr.not_computable", "/charging_periods/0"),
                ("cdr.not_computable", "/charging_periods/0"),
                ("cdr.not_computable", "/charging_periods/1"),
            ],
        ),
        (
            vec![("/charging_periods/1/tariff_id", json!("T9"))],
            vec![
                ("cdr.unknown_tariff", "/charging_periods/1/tariff_id"),
                ("cdr.not_computable", "/charging_periods/1"),
            ],
        ),
        (
            vec![("/tariffs/0/currency", json!("SEK"))],
            vec![("cdr.currency", "/tariffs/0/currency"), ("cdr.not_computable", "")],
        ),
        (vec![("/total_energy", json!(20.6))], vec![("cdr.energy_sum", "/total_energy")]),
        (vec![("/total_energy", json!(20500))], vec![("cdr.energy_unit", "/total_energy")]),
        (vec![("/total_time", json!(1.5))], vec![("cdr.time_sum", "/total_time")]),
        (vec![("/total_time", json!(85))], vec![("cdr.time_unit", "/total_time")]),
        (vec![("/total_time", json!(5100))], vec![("cdr.time_unit", "/total_time")]),
        (vec![("/total_parking_time", json!(0.3))], vec![("cdr.parking_sum", "/total_parking_time")]),
        (vec![("/total_parking_time", json!(15))], vec![("cdr.time_unit", "/total_parking_time")]),
        (
            vec![
                ("/charging_periods/0/dimensions", json!([{"type": "ENERGY", "volume": 20.5}])),
                ("/charging_periods/1/dimensions", json!([{"type": "MAX_CURRENT", "volume": 0}])),
                ("/total_time", json!(1.5)),
                ("/total_parking_time", Value::Null),
                ("/total_parking_cost", Value::Null),
                ("/total_cost", json!({"excl_vat": 5.75, "incl_vat": 6.90})),
            ],
            vec![("cdr.time_span", "/total_time")],
        ),
        (
            vec![("/charging_periods/0/dimensions/1/volume", json!(1.3)), ("/total_time", json!(1.55))],
            vec![("cdr.period_time", "/charging_periods/0/dimensions")],
        ),
        (
            vec![("/charging_periods/1/start_date_time", json!("2026-05-04T09:10:00Z"))],
            vec![
                ("cdr.period_order", "/charging_periods/1/start_date_time"),
                ("cdr.not_computable", "/charging_periods/1"),
            ],
        ),
        (
            vec![("/charging_periods/1/start_date_time", json!("2026-05-04T12:10:00Z"))],
            vec![("cdr.period_outside", "/charging_periods/1/start_date_time")],
        ),
        (
            vec![("/charging_periods/0/dimensions/0/volume", json!(-20.5)), ("/total_energy", json!(-20.5))],
            vec![
                ("cdr.negative_volume", "/charging_periods/0/dimensions"),
                ("cdr.not_computable", "/charging_periods/0"),
            ],
        ),
        (
            vec![
                ("/charging_periods/1/dimensions/0", json!({"type": "STATE_OF_CHARGE", "volume": 80})),
                ("/total_time", json!(1.1667)),
                ("/total_parking_time", Value::Null),
                ("/total_parking_cost", Value::Null),
                ("/total_cost", json!({"excl_vat": 5.75, "incl_vat": 6.90})),
            ],
            vec![("cdr.session_dimension", "/charging_periods/1/dimensions/0/type")],
        ),
        (
            vec![("/total_fixed_cost", json!({"excl_vat": 0.50, "incl_vat": 0.40}))],
            vec![
                ("cdr.tax_order", "/total_fixed_cost/incl_vat"),
                ("cdr.part_tax", "/total_fixed_cost/incl_vat"),
            ],
        ),
        (
            vec![("/total_cost", json!({"excl_vat": -6.75, "incl_vat": -8.10}))],
            vec![
                ("cdr.cost_sum", "/total_cost/excl_vat"),
                ("cdr.negative_cost", "/total_cost/excl_vat"),
                ("cdr.total_cost", "/total_cost/excl_vat"),
                ("cdr.total_tax", "/total_cost/incl_vat"),
            ],
        ),
        (
            vec![("/credit", json!(true)), ("/credit_reference_id", json!("CDR0"))],
            vec![
                ("cdr.cost_sum", "/total_cost/excl_vat"),
                ("cdr.credit_sign", "/total_cost/excl_vat"),
                ("cdr.total_cost", "/total_cost/excl_vat"),
                ("cdr.total_tax", "/total_cost/incl_vat"),
            ],
        ),
        (
            vec![("/credit_reference_id", json!("CDR0"))],
            vec![("cdr.credit_reference", "/credit_reference_id")],
        ),
        (vec![("/session_id", json!("S2"))], vec![("cdr.session_id", "/session_id")]),
        (
            vec![("/authorization_reference", json!("R2"))],
            vec![("cdr.session_reference", "/authorization_reference")],
        ),
        (vec![("/cdr_token/uid", json!("OTHERDRIVER"))], vec![("cdr.session_token", "/cdr_token")]),
        (vec![("/cdr_location/evse_uid", json!("E2"))], vec![("cdr.session_place", "/cdr_location")]),
    ]
}

/// What is changed in the session.
fn other_sessions() -> Vec<(Change, Told)> {
    vec![
        (("/status", json!("ACTIVE")), ("cdr.session_status", "/session_id")),
        (("/end_date_time", json!("2026-05-04T11:30:00Z")), ("cdr.session_time", "/end_date_time")),
        (("/kwh", json!(21)), ("cdr.session_energy", "/total_energy")),
        (("/currency", json!("SEK")), ("cdr.session_currency", "/currency")),
        (("/total_cost/excl_vat", json!(7)), ("cdr.session_cost", "/total_cost/excl_vat")),
    ]
}

#[test]
fn each_fault_is_found_and_named() {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut wrong = Vec::new();
    for (changes, expected) in faults() {
        let report = report::<v2_2_1::cdrs::Cdr>(&with(cdr(), &changes), &[session()]);
        let mut found: Vec<(&str, &str)> = rules(&report);
        // The session of before differs from a CDR that was changed.
        found.retain(|(rule, _)| {
            !rule.starts_with("cdr.session_") || expected.iter().any(|(known, _)| known == rule)
        });
        if found != expected {
            wrong.push(format!("{changes:?}\n   {found:?}\n   not {expected:?}"));
        }
        seen.extend(expected.iter().map(|(rule, _)| *rule));
        assert!(
            !format!("{report:?}").contains("OTHERDRIVER") && !format!("{report:?}").contains("04A2SECRET")
        );
    }
    for (change, expected) in other_sessions() {
        let report = report::<v2_2_1::cdrs::Cdr>(&cdr(), &[with(session(), std::slice::from_ref(&change))]);
        if rules(&report) != [expected] {
            wrong.push(format!("{change:?}: {:?}, not {expected:?}", rules(&report)));
        }
        seen.insert(expected.0);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Those of one version have tests of their own.
    seen.extend(["cdr.session_order", "cdr.tax_rate"]);
    let all: BTreeSet<&str> = AuditRule::ALL.iter().map(|rule| rule.id()).collect();
    assert_eq!(seen, all, "a rule without a fault that breaks it");
}

#[test]
fn a_session_that_ends_before_it_starts() {
    let changed = with(cdr(), &[("/end_date_time", json!("2026-05-04T09:00:00Z"))]);
    let report = report::<v2_2_1::cdrs::Cdr>(&changed, &[]);
    assert_eq!(rules(&report)[0], ("cdr.session_order", "/end_date_time"));
    assert_eq!(report.verdict(), Verdict::Differs);
}

#[test]
fn the_policy_that_would_make_it_right_is_named() {
    // Steps of 1000 Wh were not applied: 20.5 kWh instead of 21.
    let changes = [
        ("/total_cost", json!({"excl_vat": 6.625, "incl_vat": 7.95})),
        ("/total_energy_cost", json!({"excl_vat": 5.125, "incl_vat": 6.15})),
    ];
    let report = report::<v2_2_1::cdrs::Cdr>(&with(cdr(), &changes), &[]);
    let details: Vec<&str> = report.findings.iter().map(|finding| finding.detail.as_str()).collect();
    assert!(details.contains(&"right if steps = ignored"), "{:?}", shown(&report));
}

#[test]
fn taxes_of_2_3_0_are_held_to_their_rates() {
    let price = |before: f64, tax: f64| json!({"before_taxes": before, "taxes": [{"name": "VAT", "percentage": 20, "amount": tax}]});
    let changes = [
        ("/tariffs/0/tax_included", json!("NO")),
        ("/total_cost", price(6.75, 1.35)),
        ("/total_fixed_cost", price(0.50, 0.10)),
        ("/total_energy_cost", price(5.25, 1.05)),
        ("/total_parking_cost", price(1.00, 0.20)),
    ];
    let right = with(cdr(), &changes);
    assert_eq!(shown(&report::<v2_3_0::cdrs::Cdr>(&right, &[])), Vec::<String>::new());
    let wrong = with(right, &[("/total_cost", price(6.75, 1.95))]);
    let report = report::<v2_3_0::cdrs::Cdr>(&wrong, &[]);
    assert_eq!(
        rules(&report),
        [("cdr.tax_rate", "/total_cost/taxes/0/amount"), ("cdr.total_tax", "/total_cost/taxes")]
    );
}

#[test]
fn many_are_audited_in_their_order() {
    let right = read::<v2_2_1::cdrs::Cdr>(&cdr().to_string());
    let mut cdrs = vec![right; 100];
    cdrs[41].total_cost.excl_vat = dec("99");
    let reports = audit().all(&cdrs);
    assert_eq!(reports.len(), 100);
    let differing: Vec<usize> =
        (0..100).filter(|index| reports[*index].verdict() == Verdict::Differs).collect();
    assert_eq!(differing, [41]);
    assert!(json::to_string(&cdrs[41]).contains("99"));
}
