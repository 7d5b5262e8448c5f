//! The same random work done by the store and by its model.

use std::collections::BTreeSet;

use bytes::Bytes;
use ocpi_server_traits::storage::{
    Address, Memory, NewDocument, Page, Position, Query, Rejected, Start, Store, StoreExt, Transaction,
    WriteOutcome,
};
use ocpi_types::DateTime;

use super::{on_database, time};

/// Random numbers, the same in every run (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.roll(of.len() as u64)).unwrap()]
    }

    fn time(&mut self) -> DateTime {
        time(i64::try_from(self.roll(12)).unwrap())
    }
}

#[derive(Clone)]
enum Op {
    Put(Address, NewDocument),
    Delete(Address, DateTime, &'static [u8]),
    Erase(Address),
    AbortIfThere(Address),
}

const COLLECTIONS: &[&str] = &["Location", "Token"];
const LISTS: &[&str] = &["", "NL/ALF", "NL/ALF>FR/VIC", "ä"];
const PARTS: &[&str] = &["", "evse1", "evse2"];
const STAMPS: &[&[u8]] = &[b"", b"\0", b"\xFF'"];
const VALUES: &[&str] = &["", "S1", "S2"];

fn address(dice: &mut Dice) -> Address {
    Address::new(dice.pick(COLLECTIONS), "NL/ALF", format!("k{}", dice.roll(14)))
}

fn document(dice: &mut Dice) -> NewDocument {
    let mut document = NewDocument::new(format!("body {}", dice.roll(1000)), "2.3.0", dice.time())
        .in_list(dice.pick(LISTS))
        .with_stamps(vec![0, 255])
        .with_cause(format!("cause {}", dice.roll(9)));
    for _ in 0..dice.roll(3) {
        document = document.with_term("session", dice.pick(VALUES));
    }
    for _ in 0..dice.roll(3) {
        document = document.with_part(dice.pick(PARTS));
    }
    document
}

fn write(dice: &mut Dice) -> Vec<Op> {
    (0..=dice.roll(6))
        .map(|_| match dice.roll(10) {
            0..6 => Op::Put(address(dice), document(dice)),
            6 if dice.roll(3) == 0 => Op::Erase(address(dice)),
            6..9 => Op::Delete(address(dice), dice.time(), dice.pick(STAMPS)),
            _ => Op::AbortIfThere(address(dice)),
        })
        .collect()
}

async fn run(store: &impl Store, ops: &[Op]) -> bool {
    let ops = ops.to_vec();
    let at: BTreeSet<_> = ops
        .iter()
        .map(|op| match op {
            Op::Put(at, _) | Op::Delete(at, _, _) | Op::Erase(at) | Op::AbortIfThere(at) => at.clone(),
        })
        .collect();
    let edit = move |tx: &mut Transaction<'_>| {
        for op in &ops {
            match op {
                Op::Put(at, document) => {
                    tx.put(at, document.clone())?;
                }
                Op::Delete(at, time, stamps) => {
                    tx.delete_with(at, *time, *stamps)?;
                }
                Op::Erase(at) => {
                    tx.erase(at)?;
                }
                Op::AbortIfThere(at) if tx.get(at)?.is_some() => {
                    return Err(ocpi_server_traits::storage::Abort::new());
                }
                Op::AbortIfThere(_) => {}
            }
        }
        Ok(())
    };
    matches!(store.write(at.into_iter().collect(), Box::new(edit)).await.unwrap(), WriteOutcome::Committed(_))
}

/// Times, lists and stamps of the tombstones at addresses.
async fn tombstones(store: &impl Store, at: &[Address]) -> Vec<Option<(DateTime, String, Bytes)>> {
    let looked = at.to_vec();
    let edit = move |tx: &mut Transaction<'_>| {
        let look = |at| {
            let found = tx.tombstone(at)?;
            Ok(found.map(|found| (found.last_updated, found.list.clone(), found.stamps.clone())))
        };
        looked.iter().map(look).collect::<Result<_, Rejected<()>>>()
    };
    store.update(at.to_vec(), edit).await.unwrap()
}

fn query(dice: &mut Dice) -> Query {
    let collection = dice.pick(COLLECTIONS);
    let query = match dice.roll(3) {
        0 => Query::all(collection),
        1 => Query::list(collection, dice.pick(LISTS)),
        _ => Query::lists(collection, (0..3).map(|_| dice.pick(LISTS).to_owned()).collect()),
    };
    let query = if dice.roll(3) == 0 { query.with_term("session", dice.pick(VALUES)) } else { query };
    match dice.roll(5) {
        0 => query.from(dice.time()),
        1 => query.to(dice.time()),
        2 => query.from(dice.time()).to(dice.time()),
        _ => query,
    }
}

/// A page without what differs from store to store: places and revisions.
fn told(page: &Page) -> impl PartialEq + std::fmt::Debug + use<> {
    let rows: Vec<_> = page
        .rows
        .iter()
        .map(|(at, document)| {
            let mut document = document.clone();
            document.revision = 0;
            let body = document.body.clone();
            (at.clone(), document, body)
        })
        .collect();
    (rows, page.total, page.next.is_some(), page.next.as_ref().map(|next| next.total))
}

#[test]
fn it_does_as_its_model() {
    on_database("model", |database| async move {
        let (store, model) = (database.store().await, Memory::new());
        let mut dice = Dice(0x2545_F491_4F6C_DD1D);
        let (mut seen, mut seen_by_model) = (Position::START, Position::START);
        let mut marks = (Position::START, Position::START);
        for round in 0..400 {
            let ops = write(&mut dice);
            assert_eq!(run(&store, &ops).await, run(&model, &ops).await, "round {round}");
            if round % 50 == 49 {
                let before = dice.time();
                model.purge(before);
                store.purge(before).await.unwrap();
            }
            let all: Vec<_> = COLLECTIONS
                .iter()
                .flat_map(|collection| {
                    (0..14).map(|key| Address::new(*collection, "NL/ALF", format!("k{key}")))
                })
                .collect();
            let bare = |documents: Vec<Option<ocpi_server_traits::storage::Document>>| -> Vec<_> {
                documents
                    .into_iter()
                    .map(|known| known.map(|known| (known.body, known.terms, known.stamps)))
                    .collect()
            };
            assert_eq!(bare(store.read(&all).await.unwrap()), bare(model.read(&all).await.unwrap()));
            assert_eq!(tombstones(&store, &all).await, tombstones(&model, &all).await, "round {round}");

            let query = query(&mut dice);
            let limit = u32::try_from(dice.roll(6)).unwrap();
            let start = if dice.roll(2) == 0 { Start::First } else { Start::Offset(dice.roll(16)) };
            let (mut ours, mut its) = (start.clone(), start);
            loop {
                let page = store.page(&query, ours.clone(), limit).await.unwrap();
                let expected = model.page(&query, its.clone(), limit).await.unwrap();
                assert_eq!(told(&page), told(&expected), "round {round}: {query:?} from {ours:?} by {limit}");
                let (Some(next), Some(of_model)) = (page.next, expected.next) else { break };
                (ours, its) = (Start::After(next.to_string().parse().unwrap()), Start::After(of_model));
            }

            let limit = 1 + u32::try_from(dice.roll(9)).unwrap();
            let from_start = dice.roll(4) == 0;
            let (after, after_of_model) =
                if from_start { (Position::START, Position::START) } else { (seen, seen_by_model) };
            let changes = store.changes(after, limit).await.unwrap();
            let expected = model.changes(after_of_model, limit).await.unwrap();
            let bare = |changes: &ocpi_server_traits::storage::Changes, after, mark| {
                let rows: Vec<_> = changes
                    .rows
                    .iter()
                    .map(|change| (change.at.clone(), change.part.clone(), change.is_deleted))
                    .collect();
                (rows, changes.is_gap(after), changes.is_gap(mark))
            };
            let (mark, mark_of_model) = marks;
            assert_eq!(
                bare(&changes, after, mark),
                bare(&expected, after_of_model, mark_of_model),
                "round {round}"
            );
            if dice.roll(10) == 0 {
                marks = (changes.upto, expected.upto);
            }
            (seen, seen_by_model) = (changes.upto, expected.upto);
        }
    });
}
