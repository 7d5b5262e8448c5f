//! Pages by the simplest algorithm, with which those from the indexes are compared over random histories.

use ocpi_types::DateTime;

use super::Memory;
use super::tables::Tables;
use crate::Clock;
use crate::storage::{Abort, Address, Cursor, NewDocument, Page, Query, Start, Store};

/// A page, by going over all rows of the collection.
fn page(tables: &Tables, query: &Query, start: &Start, limit: u32) -> Page {
    let rows = tables.rows.iter().filter(|(_, row)| row.at.collection() == query.collection());
    Page::of_all(rows.map(|(place, row)| (*place, row.at.clone(), row.document.clone())), query, start, limit)
}

/// Numbers that look random and are the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn of<'a>(&mut self, texts: &[&'a str]) -> &'a str {
        texts[usize::try_from(self.below(texts.len() as u64)).unwrap()]
    }
}

const COLLECTIONS: &[&str] = &["Note", "Tariff"];
const LISTS: &[&str] = &["", "a", "b", "b\0", "c"];

fn time(micros: u64) -> DateTime {
    DateTime::from_unix_micros(i64::try_from(micros).unwrap()).unwrap()
}

fn change(store: &Memory, random: &mut Random) {
    let at = Address::new(random.of(COLLECTIONS), "", random.below(400).to_string());
    let (kind, clock) = (random.below(10), time(random.below(50)));
    let document = NewDocument::new("", "", clock).in_list(random.of(LISTS));
    let document = document.with_term("t", random.below(4).to_string()).with_term("u", "0");
    let document = if random.below(2) == 0 { document.with_part("") } else { document };
    let declared = vec![at.clone()];
    pollster::block_on(store.write(
        declared,
        Box::new(move |transaction| match kind {
            0..=2 => transaction.delete(&at, clock).map(drop),
            3 => {
                transaction.put(&at, document.clone())?;
                Err(Abort::new())
            }
            4 => {
                transaction.delete(&at, clock)?;
                transaction.put(&at, document.clone()).map(drop)
            }
            _ => transaction.put(&at, document.clone()).map(drop),
        }),
    ))
    .unwrap();
    if random.below(200) == 0 {
        store.purge(clock);
    }
}

fn query(random: &mut Random) -> Query {
    let collection = random.of(COLLECTIONS);
    let mut query = match random.below(3) {
        0 => Query::all(collection),
        1 => Query::list(collection, random.of(LISTS)),
        _ => {
            let lists = (0..random.below(4)).map(|_| random.of(LISTS).to_owned());
            Query::lists(collection, lists.collect())
        }
    };
    if random.below(3) == 0 {
        query = query.with_term("t", random.below(5).to_string());
    }
    if random.below(3) == 0 {
        query = query.from(time(random.below(50)));
    }
    if random.below(3) == 0 {
        query = query.to(time(random.below(50)));
    }
    query
}

#[test]
fn pages_of_the_index_are_those_of_all_rows() {
    for seed in 0..20 {
        let mut random = Random(seed);
        let store = Memory::with_clock(Clock::new(|| DateTime::UNIX_EPOCH));
        for _ in 0..40 {
            for _ in 0..random.below(60) {
                change(&store, &mut random);
            }
            compare(&store, &mut random, seed);
        }
    }
}

fn compare(store: &Memory, random: &mut Random, seed: u64) {
    let query = query(random);
    let mut start = match random.below(3) {
        0 => Start::First,
        // Also of lists that are not there, and of other queries.
        1 => Start::After(Cursor {
            list: random.of(&["", "a", "az", "z"]).to_owned(),
            updated: i64::try_from(random.below(60)).unwrap(),
            place: random.below(2_000),
            total: Some(7).filter(|_| random.below(2) == 0),
        }),
        _ => Start::Offset(random.below(300)),
    };
    let limit = u32::try_from(random.below(60)).unwrap();
    loop {
        let tables = store.lock();
        let found = tables.page(&query, &start, limit);
        assert_eq!(found, page(&tables, &query, &start, limit), "seed {seed}: {query:?} {start:?} {limit}");
        drop(tables);
        let Some(next) = found.next else { break };
        if random.below(3) == 0 {
            change(store, random);
        }
        start = Start::After(next);
    }
}

#[test]
fn nothing_is_left_in_the_index_of_what_is_gone() {
    let store = Memory::new();
    let mut random = Random(1);
    for _ in 0..2_000 {
        change(&store, &mut random);
    }
    for collection in COLLECTIONS {
        for key in 0..400 {
            let at = Address::new(*collection, "", key.to_string());
            let gone = at.clone();
            let edit = move |transaction: &mut crate::storage::Transaction<'_>| {
                transaction.delete(&gone, DateTime::UNIX_EPOCH).map(drop)
            };
            pollster::block_on(store.write(vec![at], Box::new(edit))).unwrap();
        }
    }
    assert!(store.lock().index.is_empty());
}
