//! Groups of edits, without a store.

use bytes::Bytes;
use ocpi_types::DateTime;

use super::State;
use crate::storage::{
    Abort, Address, After, Document, Edit, Loaded, NewDocument, Persist, StoreError, StoreErrorKind,
    Transaction,
};

const NOW: i64 = 1_000;

fn time(micros: i64) -> DateTime {
    DateTime::from_unix_micros(micros).unwrap()
}

fn at(key: &str) -> Address {
    Address::new("Note", "", key)
}

fn note(body: &str) -> NewDocument {
    NewDocument::new(body.to_owned(), "text", time(1))
}

fn state() -> State {
    State::new(time(NOW))
}

/// A row of a store: revision 5, place 7.
fn loaded(document: Document, is_in_feed: bool) -> Loaded {
    Loaded { document, place: 7, is_in_feed }
}

fn with(key: &str, document: Document, is_in_feed: bool) -> State {
    let mut state = state();
    state.load(at(key), loaded(document, is_in_feed));
    state
}

fn run(
    state: &mut State,
    keys: &[&str],
    edit: impl FnMut(&mut Transaction<'_>) -> Result<(), Abort> + Send + 'static,
) -> Result<bool, StoreErrorKind> {
    let declared: Vec<_> = keys.iter().map(|key| at(key)).collect();
    let mut edit: Edit = Box::new(edit);
    state.run(&declared, &mut edit).map_err(|error| error.kind())
}

fn put(state: &mut State, key: &'static str, document: NewDocument) -> Result<bool, StoreErrorKind> {
    run(state, &[key], move |tx| tx.put(&at(key), document.clone()).map(drop))
}

fn delete(state: &mut State, key: &'static str) -> Result<bool, StoreErrorKind> {
    run(state, &[key], move |tx| tx.delete(&at(key), time(9)).map(drop))
}

/// The only row that changed: body (none of a tombstone), whether it is new, and its parts.
fn only(state: State) -> (Option<String>, bool, Vec<String>) {
    let mut changed = state.finish();
    assert_eq!(changed.len(), 1, "{changed:?}");
    let Some(Persist { after: After::Row { document, is_new, parts }, .. }) = changed.pop() else {
        panic!("no row is left")
    };
    let body = String::from_utf8(document.body.to_vec()).unwrap();
    (Some(body).filter(|_| !document.is_deleted), is_new, parts)
}

#[test]
fn edits_of_a_group_see_each_other() {
    let mut state = state();
    for count in 1..=100 {
        let grow = move |tx: &mut Transaction<'_>| {
            let mut body = tx.get(&at("a"))?.map_or(Vec::new(), |known| known.body.to_vec());
            body.push(b'x');
            assert_eq!(body.len(), count);
            tx.put(&at("a"), NewDocument::new(body, "text", time(1))).map(drop)
        };
        assert_eq!(run(&mut state, &["a"], grow), Ok(true));
    }
    assert_eq!(only(state).0.unwrap().len(), 100);
}

#[test]
fn an_edit_sees_its_own_changes() {
    let mut state = state();
    let edit = |tx: &mut Transaction<'_>| {
        assert!(tx.get(&at("a"))?.is_none());
        tx.put(&at("a"), note("1").with_part(""))?;
        assert_eq!(tx.get(&at("a"))?.unwrap().body, "1");
        assert!(tx.tombstone(&at("a"))?.is_none());
        assert!(tx.delete(&at("a"), time(9))?);
        assert!(!tx.delete(&at("a"), time(9))?);
        assert!(tx.get(&at("a"))?.is_none());
        assert_eq!(tx.tombstone(&at("a"))?.unwrap().last_updated, time(9));
        assert_eq!(tx.now(), time(NOW));
        Ok(())
    };
    assert_eq!(run(&mut state, &["a"], edit), Ok(true));
    assert_eq!(only(state), (None, true, vec![String::new()]));
}

#[test]
fn created_deleted_and_created_is_one_new_row() {
    let mut state = state();
    for turn in ["1", "2", "3"] {
        put(&mut state, "a", note(turn).with_part("part").with_part(turn)).unwrap();
        delete(&mut state, "a").unwrap();
    }
    put(&mut state, "a", note("4").with_part("4")).unwrap();
    let revision = state.highest();
    assert_eq!(revision, u64::try_from(NOW).unwrap() + 6, "no revision repeats");
    // Parts of the deleted are not its own.
    assert_eq!(only(state), (Some("4".to_owned()), true, vec!["4".to_owned()]));
}

#[test]
fn created_and_deleted_leaves_nothing_without_parts() {
    let mut state = state();
    put(&mut state, "a", note("1")).unwrap();
    delete(&mut state, "a").unwrap();
    assert!(state.finish().is_empty());
}

#[test]
fn deleted_goes_without_a_trace_unless_it_was_in_the_feed() {
    let stored = Document::written(note("1"), 5);
    let mut state = with("a", stored.clone(), false);
    delete(&mut state, "a").unwrap();
    let changed = state.finish();
    assert!(matches!(&changed[..], [Persist { before: Some(_), after: After::Gone, .. }]), "{changed:?}");

    let mut state = with("a", stored, true);
    delete(&mut state, "a").unwrap();
    assert_eq!(only(state), (None, false, vec![String::new()]));
}

#[test]
fn a_deletion_leaves_its_own_stamps() {
    for (is_stored, left) in [(true, "new"), (true, ""), (false, "new")] {
        let document = note("1").with_part("").with_stamps("old");
        let mut state = state();
        if is_stored {
            state.load(at("a"), loaded(Document::written(document, 5), true));
        } else {
            put(&mut state, "a", document).unwrap();
        }
        let edit = move |tx: &mut Transaction<'_>| {
            assert!(tx.delete_with(&at("a"), time(9), left)?);
            assert!(!tx.delete_with(&at("a"), time(10), "later")?);
            assert_eq!(tx.tombstone(&at("a"))?.unwrap().stamps, left);
            Ok(())
        };
        assert_eq!(run(&mut state, &["a"], edit), Ok(true));
        let Some(Persist { after: After::Row { document, .. }, .. }) = state.finish().pop() else {
            panic!("no row is left")
        };
        assert_eq!((document.stamps, document.is_deleted), (left.into(), true));
    }
}

#[test]
fn a_document_over_a_tombstone_is_new_and_told() {
    let tombstone = Document::tombstone("list".to_owned(), time(3), 5, Bytes::new());
    let mut state = with("a", tombstone, true);
    put(&mut state, "a", note("1")).unwrap();
    // Else a reader that has not come to the deletion would keep what it has.
    assert_eq!(only(state), (Some("1".to_owned()), true, vec![String::new()]));
}

#[test]
fn a_deletion_is_told_whatever_follows_in_the_group() {
    let mut state = with("a", Document::written(note("1"), 5), true);
    delete(&mut state, "a").unwrap();
    put(&mut state, "a", note("2")).unwrap();
    delete(&mut state, "a").unwrap();
    assert_eq!(only(state), (None, true, vec![String::new()]));
}

#[test]
fn parts_of_a_group_gather() {
    let mut state = with("a", Document::written(note("1"), 5), true);
    for part in ["b", "a", "b"] {
        put(&mut state, "a", note("2").with_part(part)).unwrap();
    }
    assert_eq!(only(state), (Some("2".to_owned()), false, vec!["a".to_owned(), "b".to_owned()]));
}

#[test]
fn aborted_edits_leave_nothing() {
    let mut state = state();
    put(&mut state, "a", note("1")).unwrap();
    let edit = |tx: &mut Transaction<'_>| {
        tx.put(&at("a"), note("2"))?;
        tx.put(&at("b"), note("2"))?;
        Err(Abort::new())
    };
    assert_eq!(run(&mut state, &["a", "b"], edit), Ok(false));
    assert_eq!(only(state).0.as_deref(), Some("1"));
}

#[test]
fn panicking_edits_leave_nothing() {
    let mut state = state();
    put(&mut state, "a", note("1")).unwrap();
    let edit = |tx: &mut Transaction<'_>| {
        tx.put(&at("a"), note("2"))?;
        // No hook is asked, so that the test says nothing.
        std::panic::resume_unwind(Box::new("of the test"))
    };
    assert_eq!(run(&mut state, &["a"], edit), Err(StoreErrorKind::Panicked));
    assert_eq!(put(&mut state, "b", note("3")), Ok(true));
    let bodies: Vec<_> = state.finish().into_iter().map(|row| row.at).collect();
    assert_eq!(bodies, [at("a"), at("b")]);
}

type Touch = fn(&mut Transaction<'_>) -> Result<(), Abort>;

#[test]
fn undeclared_addresses_fail_the_write_also_if_the_edit_goes_on() {
    let edits: [Touch; 4] = [
        |tx| tx.get(&at("b")).map(drop),
        |tx| tx.tombstone(&at("b")).map(drop),
        |tx| tx.put(&at("b"), note("2")).map(drop),
        |tx| tx.delete(&at("b"), time(9)).map(drop),
    ];
    for edit in edits {
        let mut state = state();
        let swallowing = move |tx: &mut Transaction<'_>| {
            tx.put(&at("a"), note("1"))?;
            let _ = edit(tx);
            Ok(())
        };
        assert_eq!(run(&mut state, &["a"], edit), Err(StoreErrorKind::Undeclared));
        assert_eq!(run(&mut state, &["a"], swallowing), Err(StoreErrorKind::Undeclared));
        assert!(state.finish().is_empty());
    }
}

#[test]
fn a_write_has_at_most_16_mib() {
    const HALF: usize = 8 << 20;
    let edit = |bytes: usize| {
        move |tx: &mut Transaction<'_>| {
            for size in [HALF, bytes] {
                // Its format takes no bytes.
                let _ = tx.put(&at("a"), NewDocument::new(vec![0; size], "", time(1)));
            }
            Ok(())
        }
    };
    let mut state = state();
    assert_eq!(run(&mut state, &["a"], edit(HALF)), Ok(true));
    assert_eq!(run(&mut state, &["a"], edit(HALF + 1)), Err(StoreErrorKind::Refused));
    let with_stamps = |tx: &mut Transaction<'_>| {
        let _ = tx.put(&at("a"), NewDocument::new(vec![0; HALF], "", time(1)));
        tx.delete_with(&at("a"), time(2), vec![0; HALF + 1]).map(drop)
    };
    assert_eq!(run(&mut state, &["a"], with_stamps), Err(StoreErrorKind::Refused));
    // The next write of the group begins at nothing.
    assert_eq!(run(&mut state, &["a"], edit(HALF)), Ok(true));
}

#[test]
fn a_write_has_at_most_1_000_addresses() {
    let addresses = |count: usize| (0..count).map(|key| at(&key.to_string())).collect::<Vec<_>>();
    assert!(State::admit(&[]).is_ok());
    assert!(State::admit(&addresses(1_000)).is_ok());
    let refused = State::admit(&addresses(1_001)).unwrap_err();
    assert_eq!(refused.kind(), StoreErrorKind::Refused);
}

#[test]
fn revisions_are_of_the_clock_and_grow() {
    let revision_of = |mut state: State| {
        put(&mut state, "a", note("2")).unwrap();
        state.highest()
    };
    assert_eq!(revision_of(state()), 1_000, "of the clock");
    assert_eq!(revision_of(state().above(500)), 1_000);
    assert_eq!(revision_of(state().above(1_000)), 1_001, "of the store");
    let stored = |revision| with("a", Document::written(note("1"), revision), false);
    assert_eq!(revision_of(stored(5)), 1_000);
    assert_eq!(revision_of(stored(7_000)), 7_001, "of the document");
    let before_1970 = State::new(time(-1));
    assert_eq!(revision_of(before_1970), 1);
    let idle = state();
    assert_eq!(idle.highest(), 0);
}

#[test]
fn an_aborted_edit_uses_no_revision_up() {
    let mut state = state();
    let edit = |tx: &mut Transaction<'_>| {
        assert_eq!(tx.put(&at("a"), note("1"))?, 1_000);
        Err(Abort::new())
    };
    assert_eq!(run(&mut state, &["a"], edit), Ok(false));
    assert_eq!(state.highest(), 0);
    put(&mut state, "a", note("1")).unwrap();
    assert_eq!(state.highest(), 1_000);
}

#[test]
fn what_was_only_looked_at_is_not_stored() {
    let mut state = with("a", Document::written(note("1"), 5), true);
    assert_eq!(run(&mut state, &["a"], |tx| tx.get(&at("a")).map(drop)), Ok(true));
    assert_eq!(run(&mut state, &["b"], |tx| tx.delete(&at("b"), time(9)).map(drop)), Ok(true));
    assert!(state.finish().is_empty());
}

#[test]
fn rows_are_left_in_the_order_of_the_edits() {
    let mut state = state();
    let mut run = |keys: &'static [&'static str], verdict: fn() -> Result<(), Abort>| {
        let edit = move |tx: &mut Transaction<'_>| {
            keys.iter().try_for_each(|key| tx.put(&at(key), note(key)).map(drop))?;
            verdict()
        };
        run(&mut state, keys, edit).unwrap()
    };
    assert!(run(&["m", "c"], || Ok(())));
    assert!(!run(&["z"], || Err(Abort::new())));
    assert!(run(&["b", "x"], || Ok(())));
    assert!(run(&["a", "m"], || Ok(())));
    let order: Vec<_> = state.finish().into_iter().map(|persist| persist.at.key().to_owned()).collect();
    assert_eq!(order, ["m", "c", "b", "x", "a"]);
}

#[test]
fn a_store_refuses_texts_that_it_cannot_hold() {
    let mut state = state().with_text_check(|text| match text {
        "no" => Err(StoreError::new(StoreErrorKind::Refused, "the store cannot hold a text")),
        _ => Ok(()),
    });
    let new = || NewDocument::new("no", "text", time(1));
    let refused = [
        new().in_list("no"),
        new().with_part("").with_part("no"),
        new().with_term("yes", "no"),
        NewDocument::new("", "no", time(1)),
    ];
    for (documents, is_good) in [(refused.as_slice(), false), (&[new().in_list("yes")], true)] {
        for document in documents {
            let document = document.clone();
            let ran = run(&mut state, &["a"], move |tx| {
                // Whatever the edit makes of it, the write fails.
                let _ = tx.put(&at("a"), document.clone());
                Ok(())
            });
            assert_eq!(ran, if is_good { Ok(true) } else { Err(StoreErrorKind::Refused) });
        }
    }
    assert_eq!(state.finish().len(), 1);
}
