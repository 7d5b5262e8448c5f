//! The conformance suite: the store in memory passes it, and every behaviour can fail.

use std::collections::BTreeSet;
use std::sync::Arc;

use ocpi_server_traits::conformance::{Report, store};
use ocpi_server_traits::{Memory, Store};

use crate::faulty::{Fault, Faulty};

fn report<S: Store>(fresh: impl Fn() -> S) -> Report {
    pollster::block_on(store::all(|| async { fresh() }))
}

fn failed(report: &Report) -> BTreeSet<&'static str> {
    report.failures().map(|failure| failure.behavior()).collect()
}

#[test]
fn memory_conforms() {
    let report = report(Memory::new);
    assert!(report.passed(), "{report}");
}

#[test]
fn shared_memory_conforms() {
    let report = report(|| Arc::new(Memory::new()));
    assert!(report.passed(), "{report}");
}

#[test]
fn the_faulty_store_conforms_without_a_fault() {
    let report = report(|| Faulty::new(Fault::None));
    assert!(report.passed(), "{report}");
}

#[test]
fn a_fault_fails_the_behavior_that_it_breaks() {
    let mut can_fail = BTreeSet::new();
    for (fault, behaviors) in FAULTS {
        let failed = failed(&report(|| Faulty::new(*fault)));
        for behavior in *behaviors {
            assert!(failed.contains(behavior), "{behavior} passed with the fault {fault:?}");
        }
        can_fail.extend(behaviors.iter().copied());
    }
    let all: BTreeSet<_> = report(Memory::new).outcomes().iter().map(|outcome| outcome.behavior).collect();
    assert_eq!(can_fail, all, "each behaviour needs a fault that breaks it");
}

#[test]
fn a_failure_has_the_name_of_its_behavior_and_the_cause() {
    let report = report(|| Faulty::new(Fault::AlwaysFails));
    for outcome in report.outcomes() {
        let failure = outcome.result.as_ref().expect_err("a store that always fails passed a behaviour");
        assert_eq!(failure.behavior(), outcome.behavior);
        let cause = std::error::Error::source(failure).expect("the store's error");
        assert_eq!(cause.to_string(), "storage: out of order");
    }
    assert!(!report.passed());
}

#[test]
fn every_public_behavior_is_run() {
    let source = concat!(
        include_str!("../../src/conformance/store/addresses.rs"),
        include_str!("../../src/conformance/store/audiences.rs"),
        include_str!("../../src/conformance/store/contents.rs"),
        include_str!("../../src/conformance/store/deletion.rs"),
        include_str!("../../src/conformance/store/expectations.rs"),
        include_str!("../../src/conformance/store/lists.rs"),
        include_str!("../../src/conformance/store/times.rs"),
    );
    let written: BTreeSet<_> = source
        .lines()
        .filter_map(|line| line.strip_prefix("pub async fn ")?.split_once('(').map(|(name, _)| name))
        .collect();
    let run: BTreeSet<_> = report(Memory::new).outcomes().iter().map(|outcome| outcome.behavior).collect();
    assert_eq!(run, written);
}

const FAULTS: &[(Fault, &[&str])] = &[
    (Fault::FailsWhenEmpty, &["empty_store_has_nothing"]),
    (Fault::DropsBlanks, &["bodies_are_kept_byte_for_byte"]),
    (Fault::CutsBodies, &["large_bodies_are_kept"]),
    (Fault::RewritesTimes, &["times_are_kept_as_written"]),
    (Fault::KeepsTheNewestTime, &["last_put_counts"]),
    (Fault::KeepsTheFirstBody, &["last_put_counts"]),
    (Fault::MixesCollections, &["collections_are_apart"]),
    (Fault::MixesOwners, &["owners_are_apart"]),
    (Fault::TellsCaseOfOwners, &["owners_ignore_case", "list_by_owners"]),
    (Fault::IgnoresCaseOfKeys, &["keys_are_exact", "deletion_leaves_the_rest"]),
    (Fault::TrimsKeys, &["keys_are_exact"]),
    (Fault::AlwaysSaysCreated, &["expect_whatever"]),
    (Fault::IgnoresExpect, &["expect_nothing", "expect_revision", "conflict_changes_nothing"]),
    (Fault::TouchesOnConflict, &["conflict_changes_nothing"]),
    (Fault::ReadsBeforeItWrites, &["one_of_many_creators_wins", "one_of_many_updaters_wins"]),
    (Fault::CountsPerDocument, &["revisions_never_repeat", "created_again_is_new"]),
    (Fault::ListsByKey, &["list_in_order_of_first_writing", "created_again_is_last"]),
    (Fault::ListsByTime, &["list_in_order_of_first_writing", "updates_move_nothing"]),
    (Fault::MovesOnUpdate, &["updates_move_nothing"]),
    (Fault::ListsNoRevisions, &["list_shows_what_get_shows"]),
    (Fault::NoOwnersIsEverybody, &["list_by_owners"]),
    (Fault::IgnoresLimit, &["list_in_pages", "list_pages_of_a_part"]),
    (Fault::TotalIsOfThePage, &["list_in_pages", "list_pages_of_a_part"]),
    (Fault::SkipsBeforeItFilters, &["list_pages_of_a_part"]),
    (Fault::FromIsExclusive, &["from_is_inclusive", "time_windows_chain"]),
    (Fault::ToIsInclusive, &["to_is_exclusive", "time_windows_chain"]),
    (Fault::ComparesTimesAsText, &["times_compare_as_instants"]),
    (Fault::ComparesSeconds, &["times_compare_as_instants", "from_is_inclusive", "to_is_exclusive"]),
    (Fault::ListsTheDeleted, &["deleted_is_gone"]),
    (Fault::DeletesNothing, &["deleted_is_gone"]),
    (Fault::DeletesQuietly, &["deleting_nothing_says_so"]),
    (Fault::KeepsThePlace, &["created_again_is_last"]),
    (Fault::ForgetsFormats, &["formats_are_kept_as_written"]),
    (Fault::ListsInLowerCase, &["list_shows_where_documents_are"]),
    (Fault::ForgetsAudiences, &["audiences_are_kept", "list_for_an_audience"]),
    (Fault::KeepsTheFirstAudience, &["audience_changes_with_the_document"]),
    (Fault::IgnoresAudiences, &["list_for_an_audience", "list_pages_for_an_audience"]),
    (Fault::HidesWhatIsForEverybody, &["list_for_an_audience", "list_pages_for_an_audience"]),
    (Fault::NoPartiesIsEverybody, &["list_for_an_audience"]),
    (Fault::TellsCaseOfAudiences, &["list_for_an_audience"]),
    (Fault::CountsEveryAudience, &["list_for_an_audience", "list_pages_for_an_audience"]),
];
