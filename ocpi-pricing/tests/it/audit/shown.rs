//! One CDR among many, and the order of things.

use ocpi_pricing::audit::{Case, Report};
use ocpi_types::Version;
use serde_json::json;

use super::{audit, auditor, case, cdr, cdr_claims, in_full, set};

#[test]
fn findings_come_in_the_same_order_with_all_that_is_wrong() {
    let mut wrong = cdr(Version::V2_2_1);
    set(&mut wrong, "/total_energy", json!(20500));
    set(&mut wrong, "/total_time", json!(110));
    set(&mut wrong, "/total_cost", json!({"excl_vat": 13.98, "incl_vat": 16.80}));
    let expected = [
        "/total_energy: energy in Wh where kWh are due [cdr.energy_unit], expected 20.5, found 20500",
        "/total_time: minutes or seconds where hours are due: minutes [cdr.time_unit], expected 1.8334, found 110",
        "/total_cost/excl_vat: the total is not what the tariffs come to [cdr.total_cost], expected 11.98, found 13.98",
        "/total_cost/incl_vat: the total with tax is not what the tariffs come to [cdr.total_cost_with_tax], expected 14.38, found 16.8",
    ];
    assert_eq!(in_full(&audit(Version::V2_2_1, &wrong)), expected);
}

#[test]
fn many_are_audited_on_all_cores_in_their_order() {
    let one = |index: usize| {
        let mut cdr = cdr(Version::V2_2_1);
        set(&mut cdr, "/id", json!(format!("C{index}")));
        if index % 7 == 0 {
            set(&mut cdr, "/total_energy", json!(index));
        }
        cdr
    };
    let cdrs: Vec<_> = (0..200).map(one).collect();
    let cases: Vec<Case> = cdrs.iter().map(|cdr| case(Version::V2_2_1, cdr)).collect();
    let audit = auditor();
    let one_by_one: Vec<Report> = cases.iter().map(|case| audit.case(case)).collect();
    assert_eq!(audit.all(&cases), one_by_one);
    assert_eq!(one_by_one[7].findings.len(), 1);
    let read = audit.all_of(&cdrs, |cdr| {
        if cdr["id"] == "C5" { Err("C5") } else { Ok(Case::of(cdr_claims(Version::V2_2_1, cdr))) }
    });
    assert_eq!(read[5], Err("C5"));
    assert_eq!(read[7].as_ref(), Ok(&one_by_one[7]));
    assert!(audit.all(&[]).is_empty());
}
