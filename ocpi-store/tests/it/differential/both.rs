//! A file and the model, to which the same is done. The target `store` of `fuzz/` takes this file and its neighbour, too.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use ocpi_server_traits::storage::{
    Address, Change, Changes, Cursor, Document, Memory, NewDocument, Page, Position, Query, Start, Store,
    StoreExt,
};
use ocpi_store::Sqlite;
use ocpi_types::DateTime;
use pollster::block_on;

use super::plan::{Action, run};
use crate::choice::Choose;

const COLLECTIONS: [&str; 2] = ["C", "D\0"];
const OWNERS: [&str; 2] = ["", "NL/ALF"];
const KEYS: [&str; 6] = ["", "a", "a\0", "a\0b", "é'\"%_", "b"];
const LISTS: [&str; 4] = ["", "x", "x\0", "y>z"];
const TERMS: [(&str, &str); 4] = [("t", "1"), ("t", "1\0"), ("\0", "2"), ("", "")];
/// Stamps that deletions leave.
const STAMPS: [&[u8]; 3] = [b"", b"\0", b"\xFF'"];
const PARTS: [&str; 3] = ["", "p", "p\0"];

/// Two stores, and what their readers know.
pub(crate) struct Both<C> {
    pub(crate) chance: C,
    hand: Arc<AtomicI64>,
    memory: Memory,
    sqlite: Sqlite,
    crawl: Option<(Query, u32, Cursor, Cursor)>,
    positions: (Position, Position),
    /// Where the readers were some time ago.
    marks: (Position, Position),
    /// Documents as a reader of the file's feed knows them.
    copy: BTreeMap<Address, Document>,
    /// Writes of a group have other revisions, and the feed does not tell of what came and went within one. All documents
    /// are in the feed.
    is_grouped: bool,
    erases: bool,
}

impl<C: Choose> Both<C> {
    /// Two empty stores on one clock, which shows what is in `hand`.
    pub(crate) fn new(chance: C, hand: Arc<AtomicI64>, memory: Memory, sqlite: Sqlite) -> Self {
        Self {
            chance,
            hand,
            memory,
            sqlite,
            crawl: None,
            positions: (Position::START, Position::START),
            marks: (Position::START, Position::START),
            copy: BTreeMap::new(),
            is_grouped: false,
            erases: true,
        }
    }

    /// From now on writes are made together, and nothing is erased: the copy would have to begin again.
    pub(crate) fn group(&mut self) {
        (self.is_grouped, self.erases) = (true, false);
    }

    fn address(&mut self) -> Address {
        let chance = &mut self.chance;
        Address::new(chance.of(&COLLECTIONS), chance.of(&OWNERS), chance.of(&KEYS))
    }

    fn time(&mut self) -> DateTime {
        let times = ["09:00:00Z", "10:00:00.000001Z", "10:00:00.0000019Z", "10:00:00.000002Z", "11:00:00Z"];
        format!("2026-11-22T{}", self.chance.of(&times)).parse().unwrap()
    }

    fn document(&mut self) -> NewDocument {
        let (time, chance) = (self.time(), &mut self.chance);
        let bytes: Vec<u8> = (0..chance.below(4)).map(|_| u8::try_from(chance.below(256)).unwrap()).collect();
        let mut new =
            NewDocument::new(bytes.clone(), chance.of(&["", "2.3.0"]), time).in_list(chance.of(&LISTS));
        for _ in 0..chance.below(3) {
            let (name, value) = chance.of(&TERMS);
            new = new.with_term(name, value);
        }
        for _ in 0..chance.below(3) {
            new = new.with_part(chance.of(&PARTS));
        }
        if self.is_grouped {
            new = new.with_part("");
        }
        new.with_stamps(bytes.repeat(2)).with_cause(bytes)
    }

    fn plan(&mut self) -> (Vec<Address>, Vec<Action>) {
        let at: Vec<_> = (0..=self.chance.below(3)).map(|_| self.address()).collect();
        let actions = (0..=self.chance.below(4)).map(|_| {
            let one = self.chance.of(&at);
            match self.chance.below(24) {
                0..=3 => Action::Look(one),
                4..=14 => Action::Put(one, self.document()),
                15 if self.erases => Action::Erase(one),
                15..=21 => Action::Delete(one, self.time(), self.chance.of(&STAMPS).to_vec()),
                _ => match self.chance.below(4) {
                    0 => Action::Panic,
                    1 => Action::Stray,
                    _ => Action::Abort,
                },
            }
        });
        let actions = actions.collect();
        (at, actions)
    }

    pub(crate) fn write(&mut self) {
        if self.chance.one_in(2) {
            self.hand.fetch_add(1_000, Ordering::SeqCst);
        }
        let (at, actions) = self.plan();
        let in_memory = block_on(run(&self.memory, &at, &actions, true));
        let in_file = block_on(run(&self.sqlite, &at, &actions, true));
        assert_eq!(in_memory, in_file);
        assert_eq!(block_on(self.memory.read(&at)).unwrap(), block_on(self.sqlite.read(&at)).unwrap());
    }

    /// Reads some documents in one snapshot.
    pub(crate) fn read(&mut self) {
        let at: Vec<_> = (0..self.chance.below(5)).map(|_| self.address()).collect();
        let read = |mut found: Vec<Option<Document>>| {
            if self.is_grouped {
                found.iter_mut().flatten().for_each(|document| document.revision = 0);
            }
            found
        };
        let in_memory = read(block_on(self.memory.read(&at)).unwrap());
        assert_eq!(in_memory, read(block_on(self.sqlite.read(&at)).unwrap()));
    }

    /// Waits for changes where there are some, so that the wait is over at once.
    pub(crate) fn moved(&mut self) {
        let (in_memory, in_file) = self.positions;
        let day = Duration::from_secs(86_400);
        if !block_on(self.memory.changes(in_memory, 1)).unwrap().rows.is_empty() {
            block_on(self.memory.moved(in_memory, day));
            block_on(self.sqlite.moved(in_file, day));
        }
    }

    pub(crate) fn write_together(&mut self) {
        self.hand.fetch_add(1_000, Ordering::SeqCst);
        let plans: Vec<_> = (0..20).map(|_| self.plan()).collect();
        let in_memory = plans.iter().map(|(at, actions)| block_on(run(&self.memory, at, actions, false)));
        let in_memory: Vec<_> = in_memory.collect();
        let in_file = join_all(plans.iter().map(|(at, actions)| run(&self.sqlite, at, actions, false)));
        assert_eq!(in_memory, block_on(in_file));
    }

    fn query(&mut self) -> Query {
        let collection = self.chance.of(&COLLECTIONS);
        let mut query = match self.chance.below(4) {
            0 => Query::all(collection),
            1 => Query::list(collection, self.chance.of(&LISTS)),
            _ => {
                let lists = (0..self.chance.below(5)).map(|_| self.chance.of(&LISTS).to_owned());
                Query::lists(collection, lists.collect())
            }
        };
        if self.chance.one_in(3) {
            let (name, value) = self.chance.of(&TERMS);
            query = query.with_term(name, value);
        }
        if self.chance.one_in(3) {
            query = query.from(self.time());
        }
        if self.chance.one_in(3) {
            query = query.to(self.time());
        }
        query
    }

    pub(crate) fn page(&mut self) {
        let query = self.query();
        let start = match self.chance.below(3) {
            0 => Start::First,
            _ => Start::Offset(u64::try_from(self.chance.below(12)).unwrap()),
        };
        let limit = u32::try_from(self.chance.below(6)).unwrap();
        let next = self.compare(&query, (start.clone(), start), limit);
        if self.crawl.is_none() {
            self.crawl = next.map(|(memory, sqlite)| (query, limit, memory, sqlite));
        }
    }

    /// Goes on with a crawl that began some writes ago.
    pub(crate) fn crawl(&mut self) {
        if let Some((query, limit, memory, sqlite)) = self.crawl.take() {
            let sqlite: Cursor = sqlite.to_string().parse().unwrap();
            let next = self.compare(&query, (Start::After(memory), Start::After(sqlite)), limit);
            self.crawl = next.map(|(memory, sqlite)| (query, limit, memory, sqlite));
        }
    }

    fn compare(&self, query: &Query, starts: (Start, Start), limit: u32) -> Option<(Cursor, Cursor)> {
        let in_memory = block_on(self.memory.page(query, starts.0, limit)).unwrap();
        let in_file = block_on(self.sqlite.page(query, starts.1, limit)).unwrap();
        assert_eq!(self.seen(&in_memory), self.seen(&in_file), "{query:?}");
        let place = |cursor: &Option<Cursor>| {
            cursor.as_ref().map(|cursor| (cursor.list.clone(), cursor.updated, cursor.total))
        };
        assert_eq!(place(&in_memory.next), place(&in_file.next), "{query:?}");
        in_memory.next.zip(in_file.next)
    }

    fn seen(&self, page: &Page) -> (Vec<(Address, Document)>, u64) {
        let mut rows = page.rows.clone();
        if self.is_grouped {
            rows.iter_mut().for_each(|(_, document)| document.revision = 0);
        }
        (rows, page.total)
    }

    /// Goes on with reading the feed.
    pub(crate) fn feed(&mut self) {
        if self.chance.one_in(40) {
            self.positions = (Position::START, Position::START);
        }
        let limit = u32::try_from(self.chance.below(5)).unwrap();
        let in_memory = block_on(self.memory.changes(self.positions.0, limit)).unwrap();
        let in_file = block_on(self.sqlite.changes(self.positions.1, limit)).unwrap();
        let gaps = |changes: &Changes, at: Position, mark| (changes.is_gap(at), changes.is_gap(mark));
        assert_eq!(
            gaps(&in_memory, self.positions.0, self.marks.0),
            gaps(&in_file, self.positions.1, self.marks.1)
        );
        if self.chance.one_in(10) {
            self.marks = self.positions;
        }
        self.positions = (in_memory.upto, in_file.upto);
        assert_eq!(alike(in_memory), alike(in_file));
    }

    /// Reads the feed to its end: the copy has everything then.
    pub(crate) fn follow(&mut self) {
        loop {
            let changes = block_on(self.sqlite.changes(self.positions.1, 7)).unwrap();
            assert!(changes.rows.is_sorted_by(|a, b| a.position < b.position));
            if changes.rows.is_empty() {
                break;
            }
            self.positions.1 = changes.upto;
            for Change { at, is_deleted, .. } in changes.rows {
                let document = block_on(self.sqlite.get(&at)).unwrap();
                assert_eq!(document.is_none(), is_deleted);
                match document {
                    Some(document) => self.copy.insert(at, document),
                    None => self.copy.remove(&at),
                };
            }
        }
        let all = COLLECTIONS.iter().flat_map(|collection| {
            block_on(self.sqlite.page(&Query::all(*collection), Start::First, 1_000)).unwrap().rows
        });
        assert_eq!(self.copy, all.collect());
    }

    pub(crate) fn purge(&mut self) {
        if self.chance.one_in(30) {
            // Times of documents are rounded down to the microsecond.
            let before = DateTime::from_unix_micros(self.time().to_unix_micros()).unwrap();
            self.memory.purge(before);
            block_on(self.sqlite.purge(before)).unwrap();
        }
    }
}

/// A feed without its numbers, which differ.
fn alike(changes: Changes) -> Vec<(Address, String, u64, bool)> {
    let row = |Change { at, part, revision, is_deleted, .. }| (at, part, revision, is_deleted);
    changes.rows.into_iter().map(row).collect()
}
