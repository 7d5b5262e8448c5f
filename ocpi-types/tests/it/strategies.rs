//! Values that the strategies generate, of every object and enum.

use std::cell::Cell;

use ocpi_types::{Object, Ruleset, Value, Version, Versions, check_ruleset, json, strategies};
use proptest::prelude::{ProptestConfig, prop_assert_eq};
use proptest::test_runner::{RngSeed, TestRunner};

use crate::cases::cases;
use crate::registry;

#[test]
fn what_is_generated_conforms_to_2_1_1() {
    everything_holds(Version::V2_1_1);
}

#[test]
fn what_is_generated_conforms_to_2_2_1() {
    everything_holds(Version::V2_2_1);
}

#[test]
fn what_is_generated_conforms_to_2_3_0() {
    everything_holds(Version::V2_3_0);
}

/// Every object and enum, by every profile that has it.
fn everything_holds(version: Version) {
    for profile in Ruleset::ALL.iter().filter(|profile| profile.version() == version) {
        let has = |documents: Versions| {
            documents == Versions::ALL
                || (documents == Versions::PAYMENTS && **profile == Ruleset::V2_3_0_PAYMENTS)
                || (documents == Versions::BOOKINGS && **profile == Ruleset::V2_3_0_BOOKINGS)
        };
        for entry in registry::objects(version).iter().filter(|entry| has(entry.documents)) {
            (entry.holds)(profile);
        }
        for entry in registry::enums(version).iter().filter(|entry| has(entry.documents)) {
            (entry.holds)(profile);
        }
    }
}

/// Generated values break no rule of severity error, and come back when written and read.
pub(crate) fn holds<T: Value>(profile: &'static Ruleset) {
    let values = strategies::any_conformant::<T>(profile);
    let place = format!("{} by {}", T::TYPE.name(), profile.name());
    let outcome = TestRunner::new(config(cases(3))).run(&values, |value| {
        let errors: Vec<_> =
            check_ruleset(&value, profile).into_iter().filter(|found| found.is_error()).collect();
        prop_assert_eq!(errors, []);
        let text = json::to_string(&value);
        prop_assert_eq!(json::from_str::<T>(&text).map_err(|error| error.to_string()), Ok(value));
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{place}: {error}"));
}

/// Members that may be left out are there at times and absent at others: a generated value is no least document. Repair
/// leaves credit CDRs in, and EVSEs with several connectors.
#[test]
fn members_vary_and_repair_keeps_what_can_be_kept() {
    let (with, without, credits, pairs) = (Cell::new(0), Cell::new(0), Cell::new(0), Cell::new(0));
    let count = |is_there: bool| if is_there { &with } else { &without };
    vary::<ocpi_types::v2_2_1::cdrs::Cdr>(|cdr| {
        for is_there in [cdr.credit.is_some(), cdr.remark.is_some(), cdr.signed_data.is_some()] {
            let counter = count(is_there);
            counter.set(counter.get() + 1);
        }
        credits.set(credits.get() + u32::from(cdr.credit == Some(true)));
    });
    vary::<ocpi_types::v2_2_1::locations::Evse>(|evse| {
        pairs.set(pairs.get() + u32::from(evse.connectors.len() == 2));
    });
    assert!(with.get() > 20 && without.get() > 20, "{} with, {} without", with.get(), without.get());
    assert!(credits.get() > 5 && pairs.get() > 5, "{} credits, {} pairs", credits.get(), pairs.get());
}

fn vary<T: Object>(look: impl Fn(T)) {
    let values = strategies::any_conformant::<T>(&Ruleset::V2_2_1);
    let outcome = TestRunner::new(config(96)).run(&values, |value| {
        look(value);
        Ok(())
    });
    outcome.expect("looking cannot fail");
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        rng_seed: RngSeed::Fixed(2026),
        failure_persistence: None,
        // Repair is to succeed, not to be tried until it does.
        max_local_rejects: (cases * 2 / 3).clamp(4, 16),
        ..ProptestConfig::default()
    }
}
