//! Pages of answers of which the store does not take every object, or has a copy that is broken.

use std::time::Duration;

use ocpi_server_traits::order::{Arrival, DoubtReason, OrderFinding, Taken, Update, UpdateOutcome};
use ocpi_server_traits::storage::{
    Address, Changes, Document, Edit, NewDocument, Page, Position, Query, Rejected, Start, Store, StoreError,
    StoreErrorKind, StoreExt, WriteOutcome,
};
use ocpi_server_traits::{Alongside, Cause, Error, Memory, Objects};
use ocpi_testkit::{location_json, parse, partner_id, time};
use ocpi_types::endpoint::RootResource;
use ocpi_types::json;
use ocpi_types::v2_3_0::locations::{Location, LocationPatch};
use pollster::block_on;

const MIB: usize = 1 << 20;

/// A Location with about so many bytes.
fn location(id: &str, bytes: usize) -> Location {
    let long = format!(r#"{{"x_long": "{}", "#, "x".repeat(bytes));
    parse(&location_json("NL/ALF", id, "10:00:00").replacen('{', &long, 1))
}

fn small(id: &str) -> Location {
    location(id, 0)
}

/// The place in a list, and a document that stands there.
fn mark() -> (Address, NewDocument) {
    (Address::new("Mark", "", "list"), NewDocument::new("here", "mark/1", time("10:00:00")))
}

/// Takes a page, with a mark.
fn answer_all(
    objects: &Objects<impl Store>,
    page: Vec<Location>,
) -> Result<Vec<Result<UpdateOutcome, Error>>, Error> {
    let by = Cause::Sync(partner_id("cpo"));
    let alongside = Alongside { documents: vec![mark()], ..Alongside::default() };
    block_on(objects.answer_all_with(page, time("10:00:01"), time("10:00:02"), &by, alongside))
}

/// The objects of a page that were not taken; the others and the mark are there.
fn refused(objects: &Objects<impl Store>, page: &[Location]) -> Vec<usize> {
    let outcomes = answer_all(objects, page.to_vec()).expect("the page is taken");
    assert_eq!(outcomes.len(), page.len());
    for (outcome, location) in outcomes.iter().zip(page) {
        let stored: Option<Location> = block_on(objects.get(&location.identity())).ok().flatten();
        assert_eq!(stored.as_ref() == Some(location), outcome.is_ok(), "{outcome:?}");
    }
    assert!(block_on(objects.store().get(&mark().0)).expect("a store").is_some());
    let refused = outcomes.iter().enumerate().filter(|(_, outcome)| outcome.is_err());
    refused.map(|(number, _)| number).collect()
}

#[test]
fn an_object_that_is_too_large_is_left_out_of_its_page() {
    for page in [
        vec![small("L1"), location("L2", 15 * MIB), small("L3")],
        vec![small("L1"), small("L2"), location("L3", 15 * MIB)],
    ] {
        let large = page.iter().position(is_large);
        let objects = Objects::new(Memory::new(), vec![]);
        assert_eq!(refused(&objects, &page), large.into_iter().collect::<Vec<_>>());
        assert_eq!(block_on(objects.doubts()).expect("a store"), []);
    }
}

fn is_large(location: &Location) -> bool {
    json::to_vec(location).len() > 15 * MIB
}

#[test]
fn a_page_that_is_larger_than_a_write_is_taken_in_several() {
    for sizes in [[7, 7, 7, 7], [1, 14, 1, 14], [14, 14, 0, 0]] {
        let page: Vec<_> =
            (1..).zip(sizes).map(|(id, size)| location(&format!("L{id}"), size * MIB)).collect();
        let objects = Objects::new(Memory::new(), vec![]);
        assert_eq!(refused(&objects, &page), [0; 0], "{sizes:?}");
        // What the application puts has the same bounds.
        let objects = Objects::new(Memory::new(), vec![]);
        block_on(objects.put_all(page.clone())).expect("a store");
        assert_eq!(block_on(objects.all::<Location>()).expect("a store").objects, page);
    }
}

/// A store that does not take everything: addresses with `bad` in their key, and writes of more than so many addresses.
struct Picky {
    memory: Memory,
    most: usize,
}

impl Store for Picky {
    async fn read(&self, at: &[Address]) -> Result<Vec<Option<Document>>, StoreError> {
        self.memory.read(at).await
    }

    async fn page(&self, query: &Query, start: Start, limit: u32) -> Result<Page, StoreError> {
        self.memory.page(query, start, limit).await
    }

    async fn write(&self, at: Vec<Address>, edit: Edit) -> Result<WriteOutcome, StoreError> {
        if at.len() > self.most || at.iter().any(|at| at.key().contains("bad")) {
            return Err(StoreError::new(StoreErrorKind::Refused, "not this"));
        }
        self.memory.write(at, edit).await
    }

    async fn changes(&self, after: Position, limit: u32) -> Result<Changes, StoreError> {
        self.memory.changes(after, limit).await
    }

    async fn moved(&self, after: Position, timeout: Duration) {
        self.memory.moved(after, timeout).await;
    }
}

#[test]
fn an_object_that_the_store_refuses_is_left_out_of_its_page() {
    for bad in [vec![], vec![0], vec![299], vec![17, 18, 250], (0..300).collect()] {
        let id = |number| if bad.contains(&number) { format!("bad{number}") } else { format!("L{number}") };
        let page: Vec<_> = (0..300).map(|number| small(&id(number))).collect();
        let objects = Objects::new(Picky { memory: Memory::new(), most: 1_000 }, vec![]);
        assert_eq!(refused(&objects, &page), bad);
    }
    // The mark does not go with the last object, where both together are too much: two addresses, and an account.
    let objects = Objects::new(Picky { memory: Memory::new(), most: 3 }, vec![]);
    assert_eq!(refused(&objects, &[small("L1"), small("L2")]), [0; 0]);
    // What is wrong with the mark is no fault of an object.
    let objects = Objects::new(Picky { memory: Memory::new(), most: 0 }, vec![]);
    assert!(answer_all(&objects, vec![small("L1")]).is_err());
}

/// Writes a text past the library.
fn write(objects: &Objects<Memory>, body: &str, format: &str) {
    let at = Address::of::<Location>(&small("L2").identity());
    let document =
        NewDocument::new(body.to_owned(), format, time("10:00:00")).in_list("NL/ALF").with_part("");
    let written = objects.store().update(vec![at.clone()], move |transaction| {
        Ok::<_, Rejected<()>>(transaction.put(&at, document.clone()).map(drop)?)
    });
    block_on(written).expect("a store");
}

#[test]
fn a_broken_copy_is_replaced_by_the_answer_of_its_owner() {
    let page = ["L1", "L2", "L3"].map(small);
    let objects = Objects::new(Memory::new(), vec![]);
    write(&objects, r#"{"id": "L2"}"#, "2.3.0");
    assert_eq!(refused(&objects, &page), [0; 0]);
    assert_eq!(block_on(objects.doubts()).expect("a store"), []);

    // As an answer by itself, and as the word that there is none.
    let (at, by) = (page[1].identity(), Cause::Sync(partner_id("cpo")));
    for answer in [Some(page[1].clone()), None] {
        write(&objects, "{", "2.3.0");
        let answered = objects.answer(&at, answer.clone(), time("10:00:01"), time("10:00:02"), &by);
        let outcome = block_on(answered).expect("a store");
        assert_eq!(outcome.findings, [OrderFinding::CopyBroken]);
        assert_eq!(block_on(objects.get::<Location>(&at)).expect("a store"), answer);
    }
}

/// One of another version is not broken: it may be read by another program.
#[test]
fn a_copy_of_another_version_is_left_out_of_its_page() {
    let page = ["L1", "L2", "L3"].map(small);
    let objects = Objects::new(Memory::new(), vec![]);
    write(&objects, "{}", "2.2.1");
    assert_eq!(refused(&objects, &page), [1]);
}

#[test]
fn a_broken_copy_is_replaced_by_a_put_and_by_nothing_less() {
    let objects = Objects::new(Memory::new(), vec![]);
    let (at, by) = (small("L2").identity(), Cause::Push { partner: partner_id("cpo"), request_id: None });
    let take = |update: Update<Location>| {
        let arrival = Arrival::of(&update, time("10:00:01"));
        block_on(objects.take(&at, update, arrival, &by))
    };
    write(&objects, r#"{"id": "L2"}"#, "2.3.0");
    let patch = r#"{"name": "A", "last_updated": "2026-11-22T10:01:00Z"}"#;
    let error = take(Update::patch(json::from_str::<LocationPatch>(patch).expect("a PATCH"))).unwrap_err();
    assert!(error.is_internal());
    let outcome = take(Update::put(small("L2"))).expect("it is taken");
    assert_eq!((outcome.taken, outcome.findings), (Taken::Created, vec![OrderFinding::CopyBroken]));
    assert_eq!(block_on(objects.get(&at)).expect("a store"), Some(small("L2")));
    // Whether the broken one was newer, only the owner knows.
    let doubt = block_on(objects.doubt::<Location>(&at)).expect("a store").expect("a doubt");
    assert_eq!(doubt.reasons, [DoubtReason::Unreadable].into());
}
