//! Many documents, over several buckets.

use ocpi_server_traits::storage::{Address, Memory, NewDocument, Query, Start, Store};
use ocpi_types::DateTime;
use pollster::block_on;

use super::choice::Choose;
use super::support::{Chance, Place, edit, time};

const LISTS: [&str; 3] = ["a", "b", "c"];

#[test]
fn offsets_and_totals_are_those_of_memory() {
    let place = Place::new();
    let (memory, sqlite) = (Memory::new(), place.open());
    let mut chance = Chance(7);
    let all: Vec<usize> = (0..10_000).collect();
    for numbers in all.chunks(500) {
        let lists: Vec<_> = numbers.iter().map(|number| (*number, chance.of(&LISTS))).collect();
        // Twice: what is deleted and put again is last in its list.
        let again: Vec<_> = numbers.iter().filter(|_| chance.one_in(5)).copied().collect();
        write(&memory, &lists, &again);
        write(&sqlite, &lists, &again);
    }
    let queries = [
        Query::list("C", "b"),
        Query::lists("C", vec!["a".to_owned(), "c".to_owned()]),
        Query::all("C"),
        Query::all("C").from(time()),
        // Through the window, and by sorting.
        Query::all("C").with_term("t", "most").from(later(0)),
        Query::list("C", "b").with_term("t", "most").from(later(100)).to(later(900)),
        Query::lists("C", vec!["a".to_owned(), "c".to_owned()]).with_term("t", "most").to(later(300)),
        Query::all("C").with_term("t", "few").from(later(0)),
        Query::list("C", "b").with_term("t", "few").from(later(100)),
        Query::all("C").with_term("t", "none").from(later(0)),
    ];
    for query in &queries {
        for offset in [0, 1, 2_500, 4_999, 7_000, 9_990, 10_000, 20_000] {
            let start = Start::Offset(offset);
            let in_memory = block_on(memory.page(query, start.clone(), 20)).unwrap();
            let in_file = block_on(sqlite.page(query, start, 20)).unwrap();
            let keys =
                |rows: &[(Address, _)]| -> Vec<Address> { rows.iter().map(|row| row.0.clone()).collect() };
            assert_eq!(keys(&in_memory.rows), keys(&in_file.rows), "{query:?} at {offset}");
            assert_eq!(in_memory.total, in_file.total, "{query:?} at {offset}");
            assert_eq!(in_memory.next.is_some(), in_file.next.is_some(), "{query:?} at {offset}");
            let (Some(its), Some(ours)) = (in_memory.next, in_file.next) else { continue };
            let in_memory = block_on(memory.page(query, Start::After(its), 300)).unwrap();
            let in_file = block_on(sqlite.page(query, Start::After(ours), 300)).unwrap();
            assert_eq!(keys(&in_memory.rows), keys(&in_file.rows), "{query:?} behind {offset}");
        }
    }
}

fn address(number: usize) -> Address {
    Address::new("C", "", number.to_string())
}

/// A time of about a thousand.
fn later(micros: usize) -> DateTime {
    DateTime::from_unix_micros(time().to_unix_micros() + i64::try_from(micros).unwrap()).unwrap()
}

fn new(number: usize, list: &str) -> NewDocument {
    let new = NewDocument::new("x", "", later(number * 7_919 % 1_009)).in_list(list).with_part("");
    let new = if number % 7 == 0 { new } else { new.with_term("t", "most") };
    if number % 100 == 3 { new.with_term("t", "few") } else { new }
}

fn write(store: &impl Store, lists: &[(usize, &'static str)], again: &[usize]) {
    let at: Vec<_> = lists.iter().map(|(number, _)| address(*number)).collect();
    let lists = lists.to_vec();
    let put = edit(move |transaction| {
        lists
            .iter()
            .try_for_each(|(number, list)| transaction.put(&address(*number), new(*number, list)).map(drop))
    });
    block_on(store.write(at.clone(), put)).unwrap();
    let gone = again.to_vec();
    let delete = edit(move |transaction| {
        gone.iter().try_for_each(|number| transaction.delete(&address(*number), time()).map(drop))
    });
    block_on(store.write(at.clone(), delete)).unwrap();
    let again: Vec<_> = again.iter().copied().filter(|number| number % 2 == 0).collect();
    let put = edit(move |transaction| {
        again.iter().try_for_each(|number| transaction.put(&address(*number), new(*number, "a")).map(drop))
    });
    block_on(store.write(at, put)).unwrap();
}
