//! Payments and Bookings: their additions are right where they are spoken.

use ocpi_types::v2_3_0::bookings::Booking;
use ocpi_types::v2_3_0::tariffs::{Tariff, TariffPatch};
use ocpi_types::{Role, Rule, Ruleset, Value, check_ruleset, json};

const TARIFF: &str = include_str!("../fixtures/2.3.0/tariff.full.json");
const BOOKING: &str = include_str!("../fixtures/2.3.0/booking.full.json");

#[test]
fn a_member_of_a_branch_needs_the_branch() {
    let tariff: Tariff = json::from_str(TARIFF).expect("a fixture");
    let (payments, bookings) = ("/preauthorize_amount", "/elements/2/restrictions/booking");
    assert_eq!(of_branches(&tariff, &Ruleset::V2_3_0), [bookings, payments]);
    assert_eq!(of_branches(&tariff, &Ruleset::V2_3_0_PAYMENTS), [bookings]);
    assert_eq!(of_branches(&tariff, &Ruleset::V2_3_0_BOOKINGS), [payments]);
}

#[test]
fn so_it_does_in_a_patch() {
    let patch: TariffPatch = json::from_str(r#"{"preauthorize_amount":50}"#).expect("a patch");
    assert_eq!(of_branches(&patch, &Ruleset::V2_3_0), ["/preauthorize_amount"]);
    assert_eq!(of_branches(&patch, &Ruleset::V2_3_0_PAYMENTS), [""; 0]);
}

#[test]
fn a_value_of_a_branch_needs_the_branch() {
    let rules = |profile| -> Vec<Rule> {
        check_ruleset(&Role::Ptp, profile).into_iter().map(|finding| finding.rule).collect()
    };
    assert_eq!(rules(&Ruleset::V2_3_0), [Rule::EnumVersion]);
    assert_eq!(rules(&Ruleset::V2_3_0_PAYMENTS), []);
    assert_eq!(rules(&Ruleset::V2_3_0_BOOKINGS), [Rule::EnumVersion]);
}

#[test]
fn a_booking_does_not_print_its_driver() {
    let booking: Booking = json::from_str(BOOKING).expect("a fixture");
    let (printed, written) = (format!("{booking:?}"), json::to_string(&booking));
    for secret in ["04A2B3C4D5", "NL-BRV-C00012773-4", "AB-12-CD"] {
        assert!(written.contains(secret), "the fixture has {secret}");
        assert!(!printed.contains(secret), "{secret} is printed");
    }
}

/// Where members stand that the profile has no branch for.
fn of_branches<T: Value>(value: &T, profile: &'static Ruleset) -> Vec<String> {
    let findings = check_ruleset(value, profile).into_iter();
    findings.filter(|finding| finding.rule == Rule::BranchMember).map(|finding| finding.pointer).collect()
}
