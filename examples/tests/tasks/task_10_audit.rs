//! Says whether a CDR is right, and why not.

use std::io::Write;

use examples::city;
use ocpi_pricing::TariffModel;
use ocpi_pricing::audit::Audit;
use ocpi_testkit::{cdr_json, parse, tariff_json};
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::tariffs::Tariff;

use crate::Failure;

fn print(cdr: &Cdr, tariffs: &[Tariff], out: &mut impl Write) -> Result<(), Failure> {
    // [task]
    let report = Audit::new().with_tariffs(tariffs.iter().map(TariffModel::from)).cdr(cdr);
    writeln!(out, "{}", report.verdict().as_str())?;
    report.findings.iter().try_for_each(|finding| writeln!(out, "{finding}"))?;
    // [end]
    Ok(())
}

fn printed(cdr: &str, tariffs: &[Tariff]) -> String {
    let mut out = Vec::new();
    print(&parse(cdr), tariffs, &mut out).expect("printed");
    String::from_utf8(out).expect("text")
}

#[test]
fn a_wrong_total_is_named_with_the_right_one() {
    let tariffs: [Tariff; 1] = [parse(&tariff_json("NL/ALF", "T1", "10:00:00"))];
    let right = cdr_json("NL/ALF", "CDR1", "10:00:00")
        .replace(r#""dimensions""#, r#""tariff_id": "T1", "dimensions""#);
    assert!(printed(&right, &tariffs).starts_with("agrees\n"), "{}", printed(&right, &tariffs));
    let wrong = printed(&right.replace(r#""before_taxes": 4.50"#, r#""before_taxes": 5.40"#), &tariffs);
    assert!(wrong.starts_with("differs\n/total_cost/before_taxes"), "{wrong}");
    assert!(wrong.contains("expected 4.5") && wrong.contains("found 5.4"), "{wrong}");
    // The same by the tariffs of the city, none of which is meant.
    let party = city::Party { country_code: "NL", party_id: "ALF" };
    let other = printed(&right, &city::build(1, 1, &party).expect("a city").tariffs);
    assert!(!other.starts_with("agrees\n"), "{other}");
}
