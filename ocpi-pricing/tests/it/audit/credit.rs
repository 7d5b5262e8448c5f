//! Credit CDRs: the amounts that they take back, and the members that they copy.

use ocpi_pricing::audit::{Report, Verdict};
use ocpi_types::Version;
use serde_json::{Value, json};

use super::{auditor, case, cdr, cdr_claims, in_full, set, shown};

const V2: Version = Version::V2_2_1;
const V3: Version = Version::V2_3_0;

/// Takes the CDR back.
pub(super) fn credit(version: Version) -> Value {
    let mut credit = cdr(version);
    let total = match version {
        Version::V2_2_1 => json!({"excl_vat": -11.98, "incl_vat": -14.38}),
        _ => json!({"before_taxes": -11.98, "taxes": [tax(0, 0.0), tax(21, -2.41)]}),
    };
    for (pointer, new) in [
        ("/id", json!("C1-C")),
        ("/credit", json!(true)),
        ("/credit_reference_id", json!("C1")),
        ("/total_cost", total),
    ] {
        set(&mut credit, pointer, new);
    }
    credit
}

fn tax(rate: i64, amount: f64) -> Value {
    named("VAT", rate, amount)
}

fn named(name: &str, rate: i64, amount: f64) -> Value {
    json!({"name": name, "percentage": rate, "amount": amount})
}

fn report(version: Version, credit: &Value, original: &Value) -> Report {
    auditor().case(&case(version, credit).original(cdr_claims(version, original)))
}

fn assert_agrees(report: &Report, what: &str) {
    assert_eq!((in_full(report), report.verdict()), (vec![], Verdict::Agrees), "{what}");
}

#[test]
fn taxes_may_stand_in_another_order() {
    let mut reversed = credit(V3);
    set(&mut reversed, "/total_cost/taxes", json!([tax(21, -2.41), tax(0, 0.0)]));
    assert_agrees(&report(V3, &reversed, &cdr(V3)), "reversed");
    let mut reversed = credit(V3);
    set(&mut reversed, "/total_cost/taxes", json!([tax(21, -2.41)]));
    assert_agrees(&report(V3, &reversed, &cdr(V3)), "without the one of nothing");
}

/// Two taxes of a state and one of a city, of which two have the same name and rate.
#[test]
fn taxes_of_the_same_name_are_taken_together() {
    let (mut original, mut credit) = (cdr(V3), credit(V3));
    for component in original["tariffs"][0]["elements"][0]["price_components"].as_array_mut().unwrap() {
        component.as_object_mut().unwrap().remove("vat");
    }
    credit["tariffs"] = original["tariffs"].clone();
    for part in ["total_energy_cost", "total_parking_cost", "total_fixed_cost"] {
        for cdr in [&mut original, &mut credit] {
            cdr[part]["taxes"] = json!([]);
        }
    }
    let taxes = [named("STATE", 5, 0.60), named("CITY", 2, 0.24), named("STATE", 5, 0.60)];
    set(&mut original, "/total_cost/taxes", json!(taxes));
    let taken = [named("State", 5, -0.60), named("STATE", 5, -0.60), named("CITY", 2, -0.24)];
    set(&mut credit, "/total_cost/taxes", json!(taken));
    assert_agrees(&report(V3, &credit, &original), "in another order");
    for (what, taken, at) in [
        ("one is missing", json!([taken[0], taken[2]]), "/total_cost/taxes/0/amount"),
        ("another name", json!([taken[0], taken[1], named("TOWN", 2, -0.24)]), "/total_cost/taxes/2"),
        ("all are missing", json!([taken[0], taken[1]]), "/total_cost/taxes"),
    ] {
        set(&mut credit, "/total_cost/taxes", taken);
        let report = report(V3, &credit, &original);
        let credits: Vec<_> = shown(&report).into_iter().filter(|it| it.0 == "cdr.credit_amount").collect();
        assert!(credits.contains(&("cdr.credit_amount", at)), "{what}: {:?}", in_full(&report));
    }
}

#[test]
fn the_noise_of_floats_is_no_difference() {
    let (mut original, mut credit) = (cdr(V2), credit(V2));
    set(&mut original, "/total_cost/excl_vat", json!(11.980_000_000_000_002_f64));
    assert_agrees(&report(V2, &credit, &original), "the total");
    set(&mut credit, "/total_energy_cost/excl_vat", json!(9.229_999_999_999_999_f64));
    assert_agrees(&report(V2, &credit, &original), "a part");
}

#[test]
fn the_amount_with_tax_is_taken_back_too() {
    let mut without = credit(V2);
    set(&mut without, "/total_cost", json!({"excl_vat": -11.98}));
    let at = [("cdr.credit_amount", "/total_cost/incl_vat")];
    assert_eq!(shown(&report(V2, &without, &cdr(V2))), at);
    let mut original = cdr(V2);
    set(&mut original, "/total_cost", json!({"excl_vat": 11.98}));
    assert_agrees(&report(V2, &credit(V2), &original), "the original does not say it");
}

#[test]
fn a_copy_may_be_written_in_another_way() {
    let (mut original, mut credit) = (cdr(V2), credit(V2));
    let mut other = original["tariffs"][0].clone();
    set(&mut other, "/id", json!("T2"));
    let tariff = original["tariffs"][0].clone();
    set(&mut original, "/tariffs", json!([tariff, other]));
    set(&mut credit, "/tariffs", json!([other, tariff]));
    set(
        &mut credit,
        "/charging_periods/0/dimensions",
        json!([{"type": "TIME", "volume": 1.166_700}, {"type": "ENERGY", "volume": "20.500"}]),
    );
    for (pointer, new) in [
        ("/session_id", json!("s1")),
        ("/cdr_token/uid", json!("u1")),
        ("/start_date_time", json!("2026-05-04T16:00:00.000Z")),
        ("/cdr_location/evse_id", json!("nl*alf*e000001")),
        ("/cdr_location/coordinates/latitude", json!("52.0115000")),
        ("/home_charging_compensation", json!(false)),
        // Those of the credit itself.
        ("/remark", json!("a wrong tariff")),
        ("/invoice_reference_id", json!("I2")),
        ("/last_updated", json!("2026-06-01T00:00:00Z")),
    ] {
        set(&mut credit, pointer, new);
    }
    assert_agrees(&report(V2, &credit, &original), "another way");
}

#[test]
fn nobody_sees_who_it_was() {
    let mut credit = credit(V2);
    let secrets = ["SECRET-UID", "NL-EMP-SECRET", "SECRET-DATA"];
    set(&mut credit, "/cdr_token/uid", json!(secrets[0]));
    set(&mut credit, "/cdr_token/contract_id", json!(secrets[1]));
    let value = json!({"nature": "End", "plain_data": secrets[2], "signed_data": secrets[2]});
    set(&mut credit, "/signed_data", json!({"encoding_method": "OCMF", "signed_values": [value]}));
    let report = report(V2, &credit, &cdr(V2));
    let at = ["/cdr_token/uid", "/cdr_token/contract_id", "/signed_data"];
    assert_eq!(shown(&report), at.map(|at| ("cdr.credit_copy", at)));
    let text = format!("{report:?} {:?}", in_full(&report)).to_uppercase();
    assert!(!text.contains("SECRET"), "{text}");
}
