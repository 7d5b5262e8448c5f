//! Behaviours of a [`Store`], tried on a fresh and empty one.

mod addresses;
mod audiences;
mod contents;
mod deletion;
mod expectations;
mod lists;
mod times;

use std::future::Future;

pub use addresses::{collections_are_apart, keys_are_exact, owners_are_apart, owners_ignore_case};
pub use audiences::{
    audience_changes_with_the_document, audiences_are_kept, list_for_an_audience, list_pages_for_an_audience,
};
pub use contents::{
    bodies_are_kept_byte_for_byte, empty_store_has_nothing, formats_are_kept_as_written,
    large_bodies_are_kept, last_put_counts, times_are_kept_as_written,
};
pub use deletion::{
    created_again_is_last, created_again_is_new, deleted_is_gone, deleting_nothing_says_so,
    deletion_leaves_the_rest,
};
pub use expectations::{
    conflict_changes_nothing, expect_nothing, expect_revision, expect_whatever, one_of_many_creators_wins,
    one_of_many_updaters_wins, revisions_never_repeat,
};
pub use lists::{
    list_by_owners, list_in_order_of_first_writing, list_in_pages, list_pages_of_a_part,
    list_shows_what_get_shows, list_shows_where_documents_are, updates_move_nothing,
};
pub use times::{from_is_inclusive, time_windows_chain, times_compare_as_instants, to_is_exclusive};

use super::Report;
use crate::Store;

/// Runs every behaviour, each on a fresh store.
///
/// `fresh` makes an empty store; it panics if it cannot.
pub async fn all<S: Store, F: Future<Output = S>>(fresh: impl Fn() -> F) -> Report {
    let mut report = Report::default();
    macro_rules! run {
        ($($behavior:ident,)*) => {
            $(report.add(stringify!($behavior), $behavior(&fresh().await).await);)*
        };
    }
    run! {
        empty_store_has_nothing,
        bodies_are_kept_byte_for_byte,
        large_bodies_are_kept,
        times_are_kept_as_written,
        formats_are_kept_as_written,
        last_put_counts,

        collections_are_apart,
        owners_are_apart,
        owners_ignore_case,
        keys_are_exact,

        expect_whatever,
        expect_nothing,
        expect_revision,
        conflict_changes_nothing,
        revisions_never_repeat,
        one_of_many_creators_wins,
        one_of_many_updaters_wins,

        list_in_order_of_first_writing,
        updates_move_nothing,
        list_shows_what_get_shows,
        list_shows_where_documents_are,
        list_by_owners,
        list_in_pages,
        list_pages_of_a_part,

        audiences_are_kept,
        audience_changes_with_the_document,
        list_for_an_audience,
        list_pages_for_an_audience,

        from_is_inclusive,
        to_is_exclusive,
        times_compare_as_instants,
        time_windows_chain,

        deleted_is_gone,
        deleting_nothing_says_so,
        deletion_leaves_the_rest,
        created_again_is_new,
        created_again_is_last,
    }
    report
}
