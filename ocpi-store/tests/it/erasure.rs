//! Bytes of what was erased: none is left in the files once they are scrubbed.

use std::sync::atomic::Ordering;

use ocpi_server_traits::storage::{Address, NewDocument, Position, Query, Start, Store};
use ocpi_store::Sqlite;
use pollster::block_on;

use super::choice::Choose;
use super::support::{Chance, Place, edit, stepped, time};

/// A text that stands in every document of the driver, and nowhere else.
const CANARY: &str = "canary-7f3a";

/// Documents that come, grow, shrink and go between those of others, so that pages are split, merged and freed.
#[test]
fn a_scrubbed_file_has_no_byte_of_what_was_erased() {
    for seed in 0..6 {
        let place = Place::new();
        let store = place.open();
        let mut chance = Chance(seed);
        for _ in 0..60 {
            let changes: Vec<_> = (0..40).map(|_| change(&mut chance)).collect();
            write(&store, changes);
        }
        assert!(count(&place) > 0, "seed {seed}: the canary was written");
        let mine: Vec<Address> = (0..KEYS).map(|key| at(true, key)).collect();
        let gone: Vec<_> = mine.iter().map(|at| (at.clone(), None)).collect();
        write(&store, gone);
        erase(&store, mine);
        settle(&store);
        assert_eq!(std::fs::metadata(log(&place)).unwrap().len(), 0, "seed {seed}: the log");
        let before = block_on(store.changes(Position::START, 1_000)).unwrap();
        let page =
            |store: &Sqlite| block_on(store.page(&Query::all("Session"), Start::First, 1_000)).unwrap();
        let rows = page(&store).rows;
        block_on(store.scrub()).unwrap();
        assert_eq!(count(&place), 0, "seed {seed}");
        // Others have theirs, and all goes on.
        assert_eq!(page(&store).rows, rows, "seed {seed}");
        assert_eq!(block_on(store.changes(Position::START, 1_000)).unwrap(), before, "seed {seed}");
        write(&store, vec![change(&mut chance)]);
        let left = block_on(store.changes(Position::START, 1_000)).unwrap().rows;
        assert!(left.iter().any(|change| !change.is_deleted), "seed {seed}");
    }
}

#[test]
fn a_log_that_somebody_reads_is_emptied_with_a_later_write() {
    let place = Place::new();
    let (clock, hand) = stepped();
    let store = place.builder().clock(clock).open().unwrap();
    write(&store, vec![(at(true, 1), Some(document(&mut Chance(1), true)))]);
    let beside = place.beside();
    beside.execute_batch("BEGIN; SELECT count(*) FROM documents").unwrap();
    beside.query_row("SELECT count(*) FROM documents", [], |row| row.get::<_, i64>(0)).unwrap();
    erase(&store, vec![at(true, 1)]);
    assert!(count(&place) > 0, "the reader still sees it");
    beside.execute_batch("COMMIT").unwrap();
    hand.fetch_add(1_000_000, Ordering::SeqCst);
    write(&store, vec![(at(false, 1), Some(document(&mut Chance(1), false)))]);
    settle(&store);
    assert_eq!(count(&place), 0);
}

#[test]
fn a_log_that_was_left_by_a_crash_is_emptied() {
    let place = Place::new();
    let store = place.open();
    write(&store, vec![(at(true, 1), Some(document(&mut Chance(1), true)))]);
    let beside = place.beside();
    beside.execute_batch("BEGIN; SELECT count(*) FROM documents").unwrap();
    beside.query_row("SELECT count(*) FROM documents", [], |row| row.get::<_, i64>(0)).unwrap();
    erase(&store, vec![at(true, 1)]);
    settle(&store);
    // The files as a crash would leave them.
    let crashed = Place::new();
    for end in ["", "-wal"] {
        let [from, to] = [&place, &crashed].map(|place| format!("{}{end}", place.file().display()));
        std::fs::copy(from, to).unwrap();
    }
    assert!(count(&crashed) > 0);
    let store = crashed.open();
    settle(&store);
    assert_eq!(count(&crashed), 0);
}

const KEYS: usize = 150;

fn at(is_mine: bool, key: usize) -> Address {
    let key = if is_mine { format!("{CANARY}/{key}") } else { format!("other/{key}") };
    Address::new("Session", "NL/ALF", key)
}

fn document(chance: &mut Chance, is_mine: bool) -> NewDocument {
    let word = if is_mine { CANARY } else { "other word " };
    let longest = chance.of(&[1, 4, 40, 400, 1_200]);
    let body = format!("{word} ").repeat(1 + chance.below(longest));
    let mut new = NewDocument::new(body, "2.3.0", time()).in_list("NL/ALF").with_term("token", word);
    if chance.one_in(3) {
        new = new.with_stamps(word).with_cause(word);
    }
    new.with_part("").with_part(format!("{word} part"))
}

fn change(chance: &mut Chance) -> (Address, Option<NewDocument>) {
    let is_mine = chance.one_in(2);
    let at = at(is_mine, chance.below(KEYS));
    let document = (!chance.one_in(5)).then(|| document(chance, is_mine));
    (at, document)
}

fn write(store: &Sqlite, changes: Vec<(Address, Option<NewDocument>)>) {
    let at = changes.iter().map(|(at, _)| at.clone()).collect();
    let write = edit(move |tx| {
        for (at, new) in &changes {
            match new {
                Some(new) => drop(tx.put(at, new.clone())?),
                None => drop(tx.delete(at, time())?),
            }
        }
        Ok(())
    });
    block_on(store.write(at, write)).unwrap();
}

fn erase(store: &Sqlite, at: Vec<Address>) {
    let all = at.clone();
    block_on(store.write(at, edit(move |tx| all.iter().try_for_each(|at| tx.erase(at).map(drop))))).unwrap();
}

/// Waits for what the writer does behind its answers.
fn settle(store: &Sqlite) {
    let nothing = edit(|_| Ok(()));
    block_on(store.write(Vec::new(), nothing)).unwrap();
}

fn log(place: &Place) -> String {
    format!("{}-wal", place.file().display())
}

/// Number of places in the files that have the canary.
fn count(place: &Place) -> usize {
    let files = ["", "-wal"].map(|end| std::fs::read(format!("{}{end}", place.file().display())).unwrap());
    let of =
        |bytes: &Vec<u8>| bytes.windows(CANARY.len()).filter(|found| *found == CANARY.as_bytes()).count();
    files.iter().map(of).sum()
}
