//! CDRs about which there is nothing to say.

use ocpi_pricing::audit::{Audit, Report, Tolerance, Verdict};
use ocpi_types::Version;
use serde_json::{Value, json};

use super::{VERSIONS, audit, case, cdr, cdr_claims, in_full, remove, session, session_claims, set};
use crate::common::dec;

pub(super) fn assert_right(report: &Report, what: &str) {
    assert_eq!(in_full(report), [""; 0], "{what}");
    assert_eq!((report.verdict(), &*report.not_computable), (Verdict::Agrees, &[][..]), "{what}");
}

#[test]
fn a_correct_cdr_of_every_version_has_no_findings() {
    for version in VERSIONS {
        assert_right(&audit(version, &cdr(version)), version.as_str());
        let with_session = case(version, &cdr(version)).against([session_claims(version, &session(version))]);
        let zone = "Europe/Amsterdam".parse().unwrap();
        assert_right(&Audit::new().case(&with_session.in_zone(zone)), version.as_str());
    }
}

/// Pointer to a member, with its new value.
type Change = (&'static str, Value);

/// Several changes to the correct CDR that leave it correct.
#[test]
fn roundings_of_the_right_numbers_are_right() {
    let styles: &[(&str, Version, &[Change])] = &[
        ("half to even", Version::V2_2_1, &[("/total_energy_cost/excl_vat", json!(9.22))]),
        (
            "more decimals",
            Version::V2_2_1,
            &[("/total_cost", json!({"excl_vat": 11.975, "incl_vat": 14.38475}))],
        ),
        (
            "four decimals, one missing",
            Version::V2_2_1,
            &[("/total_cost", json!({"excl_vat": 11.975, "incl_vat": 14.3848}))],
        ),
        ("the noise of floats", Version::V2_2_1, &[("/total_cost/excl_vat", json!(11.975000000000001_f64))]),
        (
            "the sum of rounded parts",
            Version::V2_2_1,
            &[("/total_cost", json!({"excl_vat": 11.98, "incl_vat": 14.38}))],
        ),
        // 9.22 + 2.25 + 0.50.
        (
            "the sum of parts rounded to even",
            Version::V2_2_1,
            &[("/total_energy_cost/excl_vat", json!(9.22)), ("/total_cost/excl_vat", json!(11.97))],
        ),
        ("without tax only", Version::V2_2_1, &[("/total_cost", json!({"excl_vat": 11.98}))]),
        (
            "without parts",
            Version::V2_2_1,
            &[("/total_energy_cost", json!(null)), ("/total_fixed_cost", json!(null))],
        ),
        (
            "hours with two decimals",
            Version::V2_2_1,
            &[
                ("/charging_periods/0/dimensions/1/volume", json!(1.17)),
                ("/charging_periods/1/dimensions/0/volume", json!(0.67)),
                ("/total_time", json!(1.83)),
                ("/total_parking_time", json!(0.67)),
            ],
        ),
        (
            "hours as floats",
            Version::V2_2_1,
            &[
                ("/charging_periods/0/dimensions/1/volume", json!(1.166_666_666_666_666_7_f64)),
                ("/charging_periods/1/dimensions/0/volume", json!(0.666_666_666_666_666_6_f64)),
                ("/total_time", json!(1.833_333_333_333_333_3_f64)),
                ("/total_parking_time", json!(0.666_666_666_666_666_6_f64)),
            ],
        ),
        // 1.1667 + 0.6667 is 1.8334; 110 minutes are 1.8333.
        ("the sum of rounded hours", Version::V2_1_1, &[("/total_time", json!(1.8334))]),
        ("no parking time", Version::V2_1_1, &[("/total_parking_time", json!(null))]),
        (
            "tax on the rounded amount",
            Version::V2_3_0,
            &[(
                "/total_energy_cost",
                json!({"before_taxes": 9.22, "taxes": [{"name": "VAT", "percentage": 21, "amount": 1.94}]}),
            )],
        ),
        (
            "taxes without a rate",
            Version::V2_3_0,
            &[("/total_cost", json!({"before_taxes": 11.98, "taxes": [{"name": "VAT", "amount": 2.41}]}))],
        ),
        ("no taxes listed", Version::V2_3_0, &[("/total_cost", json!({"before_taxes": 11.98}))]),
        ("a half of a cent down", Version::V2_1_1, &[("/total_cost", json!(11.97))]),
        (
            "clocks cut to seconds",
            Version::V2_2_1,
            &[("/charging_periods/1/start_date_time", json!("2026-05-04T17:10:01Z"))],
        ),
    ];
    for (what, version, changes) in styles {
        let mut cdr = cdr(*version);
        for (pointer, new) in *changes {
            set(&mut cdr, pointer, new.clone());
        }
        assert_right(&audit(*version, &cdr), what);
    }
}

/// A CDR of 2.2.1 of one hour by other tariffs.
pub(super) fn simple(
    elements: &Value,
    dimensions: &Value,
    currency: &str,
    cost: &Value,
    more: &Value,
) -> Value {
    let mut simple = cdr(Version::V2_2_1);
    for part in ["/total_energy_cost", "/total_parking_cost", "/total_fixed_cost", "/total_parking_time"] {
        remove(&mut simple, part);
    }
    set(
        &mut simple,
        "/charging_periods",
        json!([
        {"start_date_time": "2026-05-04T16:00:00Z", "tariff_id": "T1", "dimensions": dimensions}]),
    );
    set(&mut simple, "/end_date_time", json!("2026-05-04T17:00:00Z"));
    set(&mut simple, "/total_time", json!(1));
    set(&mut simple, "/total_energy", json!(20));
    set(&mut simple, "/currency", json!(currency));
    set(&mut simple, "/total_cost", cost.clone());
    set(&mut simple, "/tariffs/0/currency", json!(currency));
    set(&mut simple, "/tariffs/0/elements", elements.clone());
    for (name, value) in more.as_object().unwrap() {
        set(&mut simple, name, value.clone());
    }
    simple
}

#[test]
fn cdrs_by_other_tariffs() {
    let hour = json!([{"type": "ENERGY", "volume": 20}, {"type": "TIME", "volume": 1}]);
    let component = |kind: &str, price: f64, vat: Value| json!([{"price_components": [{"type": kind, "price": price, "vat": vat, "step_size": 1}]}]);
    let cases = [
        (
            "free",
            component("FLAT", 0.0, json!(0)),
            hour.clone(),
            "EUR",
            json!({"excl_vat": 0, "incl_vat": 0}),
            json!({}),
        ),
        (
            "yen",
            component("ENERGY", 33.33, json!(10)),
            hour.clone(),
            "JPY",
            json!({"excl_vat": 667, "incl_vat": 733}),
            json!({}),
        ),
        (
            "dinars",
            component("ENERGY", 0.03333, json!(5)),
            hour.clone(),
            "KWD",
            json!({"excl_vat": 0.667, "incl_vat": 0.7}),
            json!({}),
        ),
        (
            "by time",
            component("TIME", 2.345, json!(null)),
            hour.clone(),
            "EUR",
            json!({"excl_vat": 2.35}),
            json!({}),
        ),
        (
            "a least price",
            component("ENERGY", 0.10, json!(20)),
            hour.clone(),
            "EUR",
            json!({"excl_vat": 5, "incl_vat": 6}),
            json!({"/tariffs/0/min_price": {"excl_vat": 5, "incl_vat": 6}, "/total_energy_cost": {"excl_vat": 2, "incl_vat": 2.4}}),
        ),
        (
            "the time of day",
            json!([
            {"price_components": [{"type": "ENERGY", "price": 0.10, "step_size": 1}],
             "restrictions": {"start_time": "18:00", "end_time": "19:00"}},
            {"price_components": [{"type": "ENERGY", "price": 0.90, "step_size": 1}]}]),
            hour.clone(),
            "EUR",
            json!({"excl_vat": 2}),
            json!({}),
        ),
        (
            "energy only",
            component("ENERGY", 0.5, json!(0)),
            json!([{"type": "ENERGY", "volume": 20}]),
            "EUR",
            json!({"excl_vat": 10, "incl_vat": 10}),
            json!({}),
        ),
        (
            "a reservation first",
            json!([
            {"price_components": [{"type": "TIME", "price": 6, "step_size": 1}], "restrictions": {"reservation": "RESERVATION"}},
            {"price_components": [{"type": "ENERGY", "price": 0.5, "step_size": 1}]}]),
            hour.clone(),
            "EUR",
            json!({"excl_vat": 13}),
            json!({
                "/start_date_time": "2026-05-04T15:30:00Z", "/total_reservation_cost": {"excl_vat": 3},
                "/charging_periods": [
                    {"start_date_time": "2026-05-04T15:30:00Z", "tariff_id": "T1", "dimensions": [{"type": "RESERVATION_TIME", "volume": 0.5}]},
                    {"start_date_time": "2026-05-04T16:00:00Z", "tariff_id": "T1", "dimensions": hour}]}),
        ),
    ];
    for (what, elements, dimensions, currency, cost, more) in cases {
        let cdr = simple(&elements, &dimensions, currency, &cost, &more);
        assert_right(&audit(Version::V2_2_1, &cdr), what);
    }
}

#[test]
fn north_american_taxes_are_looked_at_by_their_rates() {
    let mut cdr = cdr(Version::V2_3_0);
    for part in ["/total_energy_cost", "/total_parking_cost", "/total_fixed_cost"] {
        remove(&mut cdr, part);
    }
    for component in
        cdr.pointer_mut("/tariffs/0/elements/0/price_components").unwrap().as_array_mut().unwrap()
    {
        component.as_object_mut().unwrap().remove("vat");
    }
    let tax =
        |name: &str, rate: f64, amount: f64| json!({"name": name, "percentage": rate, "amount": amount});
    set(&mut cdr, "/total_cost/taxes", json!([tax("GST", 5.0, 0.6), tax("QST", 9.975, 1.2)]));
    assert_right(&audit(Version::V2_3_0, &cdr), "Quebec");
    set(&mut cdr, "/total_cost/taxes/1/amount", json!(1.3));
    let report = audit(Version::V2_3_0, &cdr);
    assert_eq!(
        in_full(&report),
        [
            "/total_cost/taxes/1/amount: the tax is not what its rate gives [cdr.tax_amount], expected 1.20, found 1.3"
        ]
    );
}

#[test]
fn tolerance_can_be_set() {
    let mut wrong = cdr(Version::V2_1_1);
    set(&mut wrong, "/total_cost", json!(11.96));
    let claims = cdr_claims(Version::V2_1_1, &wrong);
    assert_eq!(Audit::new().cdr(claims.clone()).verdict(), Verdict::Differs);
    let mut tolerance = Tolerance::default();
    tolerance.money = dec("0.02");
    assert_right(&Audit::new().with_tolerance(tolerance.clone()).cdr(claims), "two cents");
    // To whole euros.
    set(&mut wrong, "/total_cost", json!(12));
    tolerance.money = dec("0");
    tolerance.money_decimals = Some(0);
    assert_right(&Audit::new().with_tolerance(tolerance).cdr(cdr_claims(Version::V2_1_1, &wrong)), "euros");
}

#[test]
fn what_cannot_be_computed_is_named() {
    let mut unclear = cdr(Version::V2_2_1);
    set(&mut unclear, "/tariffs/0/elements/0/restrictions", json!({"start_time": "08:00"}));
    let report = Audit::new().cdr(cdr_claims(Version::V2_2_1, &unclear));
    assert_eq!((report.verdict(), report.lacks_zone), (Verdict::NotComputable, true));
    assert!(report.not_computable[0].contains("the time zone is not known"), "{report:?}");
    // A CDR is compared with itself all the same.
    set(&mut unclear, "/total_energy", json!(21));
    let report = Audit::new().cdr(cdr_claims(Version::V2_2_1, &unclear));
    assert_eq!((report.verdict(), report.not_computable.is_empty()), (Verdict::Differs, false));
    let mut without = cdr(Version::V2_2_1);
    set(&mut without, "/tariffs", json!([]));
    let report = audit(Version::V2_2_1, &without);
    assert_eq!((report.verdict(), report.lacks_zone), (Verdict::NotComputable, false));
    assert!(
        report.not_computable[0].contains("there is no tariff to price by; give the tariff"),
        "{report:?}"
    );
}
