//! Behaviours of a [`Store`](crate::storage::Store), each tested on a fresh, empty store.
//!
//! Functions that take a store need nothing else; those that take a [`Fixture`] need additional operations, such as
//! opening a second store on the same database, and are reported as not applicable without them. Tests in which a
//! process is killed are in [`crash`], to be run by the tests of the store itself.
//!
//! ```
//! use ocpi_server_traits::conformance::store::{self, Fresh};
//! use ocpi_server_traits::storage::Memory;
//!
//! let report = pollster::block_on(store::all(&Fresh(|| async { Memory::new() })));
//! assert!(report.passed(), "{report}");
//! ```

mod atomic;
mod beside;
mod contention;
mod contents;
mod context;
mod cost;
pub mod crash;
mod crawls;
mod deletion;
mod erasures;
mod feed;
mod fixture;
mod leases;
mod lists;
mod pages;
mod purges;
mod readers;
mod revisions;
mod terms;
mod texts;
mod wake;
mod windows;

pub use atomic::{
    aborted_writes_change_nothing, failing_edits_disturb_no_other, panics_change_nothing,
    undeclared_addresses_change_nothing, writes_span_documents, writes_that_are_too_large_change_nothing,
};
pub use contention::{
    edits_at_once_see_each_other, edits_of_one_document_are_all_kept, edits_see_their_own_changes,
    edits_through_two_stores_are_all_kept, one_creator_through_two_stores_wins, one_of_many_creators_wins,
};
pub use contents::{
    documents_are_kept, empty_store_has_nothing, large_bodies_are_kept, large_writes_are_kept,
    last_write_counts, reads_are_in_the_order_asked_for, times_are_rounded_down,
};
pub use cost::pages_cost_their_rows;
pub use crawls::crawls_miss_nothing;
pub use deletion::{
    created_again_is_last, deleted_is_in_no_page, deletion_leaves_a_tombstone, deletion_leaves_its_stamps,
    deletion_without_parts_leaves_nothing,
};
pub use erasures::{erasures_leave_a_gap, erasures_leave_nothing};
pub use feed::{
    feed_goes_on_from_a_position, feed_has_deletions, feed_has_each_part_once, feed_has_no_silent_writes,
    feed_loses_no_deletion, feed_misses_no_commit,
};
pub use fixture::{Fixture, Fresh, Work};
pub use leases::{leases_have_one_holder, old_fences_change_nothing, one_of_many_takers_wins};
pub use lists::{
    all_lists_are_in_order_of_their_names, lists_are_in_order_of_creation, lists_follow_the_document,
    merged_lists_are_in_order_of_creation, pages_show_the_documents, places_are_in_order_of_commit,
};
pub use pages::{
    cursors_are_texts_and_harmless, last_pages_say_so, offsets_are_numbers_of_rows,
    totals_of_lists_are_exact, totals_of_windows_are_carried,
};
pub use purges::{copies_outlive_purges, purges_leave_a_gap};
pub use readers::{readers_do_not_wait_for_a_writer, writers_do_not_wait_for_a_reader};
pub use revisions::{
    acknowledged_writes_outlast_the_store, dropped_writes_are_all_or_nothing, revisions_go_on_after_a_purge,
    revisions_go_on_without_a_tombstone, revisions_grow,
};
pub use terms::{terms_find_documents, terms_find_no_document_that_lost_them, terms_have_windows};
pub use texts::{collections_are_apart, odd_texts_harm_no_other, texts_are_exact, texts_are_kept_or_refused};
pub use wake::{
    moved_returns_after_a_commit, moved_returns_after_a_commit_elsewhere, moved_returns_if_behind,
    moved_returns_in_time,
};
pub use windows::{windows_are_half_open, windows_are_in_order_of_time, windows_chain};

use super::Report;

/// Runs every behaviour, each on a fresh store.
pub async fn all<F: Fixture>(fixture: &F) -> Report {
    only(fixture, |_| true).await
}

/// Runs the behaviours whose names satisfy `is_wanted`, each on a fresh store.
pub async fn only<F: Fixture>(fixture: &F, is_wanted: impl Fn(&str) -> bool) -> Report {
    let mut report = Report::default();
    macro_rules! of_stores {
        ($($behavior:ident,)*) => {
            $(if is_wanted(stringify!($behavior)) {
                report.add(stringify!($behavior), Box::pin($behavior(&fixture.fresh().await)).await);
            })*
        };
    }
    macro_rules! of_fixtures {
        ($($behavior:ident,)*) => {
            $(if is_wanted(stringify!($behavior)) {
                report.add_if_applicable(stringify!($behavior), Box::pin($behavior(fixture)).await);
            })*
        };
    }
    of_stores! {
        empty_store_has_nothing,
        documents_are_kept,
        large_bodies_are_kept,
        times_are_rounded_down,
        reads_are_in_the_order_asked_for,
        last_write_counts,
        large_writes_are_kept,

        texts_are_kept_or_refused,
        texts_are_exact,
        collections_are_apart,
        odd_texts_harm_no_other,

        writes_span_documents,
        aborted_writes_change_nothing,
        panics_change_nothing,
        undeclared_addresses_change_nothing,
        writes_that_are_too_large_change_nothing,
        failing_edits_disturb_no_other,

        edits_of_one_document_are_all_kept,
        one_of_many_creators_wins,
        edits_at_once_see_each_other,
        edits_see_their_own_changes,
        revisions_grow,
        revisions_go_on_without_a_tombstone,
        dropped_writes_are_all_or_nothing,

        deletion_leaves_a_tombstone,
        deletion_leaves_its_stamps,
        deletion_without_parts_leaves_nothing,
        deleted_is_in_no_page,
        erasures_leave_nothing,
        erasures_leave_a_gap,
        created_again_is_last,

        lists_are_in_order_of_creation,
        merged_lists_are_in_order_of_creation,
        all_lists_are_in_order_of_their_names,
        lists_follow_the_document,
        pages_show_the_documents,
        windows_are_half_open,
        windows_are_in_order_of_time,
        windows_chain,
        crawls_miss_nothing,
        totals_of_lists_are_exact,
        totals_of_windows_are_carried,
        offsets_are_numbers_of_rows,
        last_pages_say_so,
        cursors_are_texts_and_harmless,
        terms_find_documents,
        terms_find_no_document_that_lost_them,
        terms_have_windows,

        feed_has_each_part_once,
        feed_has_deletions,
        feed_has_no_silent_writes,
        feed_goes_on_from_a_position,
        feed_loses_no_deletion,
        leases_have_one_holder,
        old_fences_change_nothing,
    }
    of_fixtures! {
        edits_through_two_stores_are_all_kept,
        one_creator_through_two_stores_wins,
        revisions_go_on_after_a_purge,
        acknowledged_writes_outlast_the_store,
        places_are_in_order_of_commit,
        pages_cost_their_rows,
        purges_leave_a_gap,
        copies_outlive_purges,
        feed_misses_no_commit,
        moved_returns_if_behind,
        moved_returns_after_a_commit,
        moved_returns_after_a_commit_elsewhere,
        moved_returns_in_time,
        one_of_many_takers_wins,
        readers_do_not_wait_for_a_writer,
        writers_do_not_wait_for_a_reader,
    }
    report
}
