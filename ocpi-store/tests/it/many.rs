//! Many documents, and many writers.

use bytes::Bytes;
use ocpi_server_traits::{Address, Precondition, PutOutcome, Query, Store};
use ocpi_store::Sqlite;
use ocpi_types::protocol::Party;
use pollster::block_on;

use crate::support::{Place, all_at_once, at, document, time};

#[test]
fn pages_of_ten_thousand_documents_make_the_list() {
    let place = Place::new();
    let store = place.open();
    // Keys and times run against the order of writing.
    let keys: Vec<_> = (0..10_000).rev().map(|number| format!("{number:05}")).collect();
    let owner = |number: usize| Party::new("NL", ["ALF", "BET", "GAM"][number % 3]).unwrap();
    let address = |(number, key): (usize, &String)| Address { owner: owner(number), ..at(key) };
    let addresses: Vec<_> = keys.iter().enumerate().map(address).collect();
    let updated = |number: usize| time().checked_add_seconds(-i64::try_from(number).unwrap()).unwrap();
    let puts = addresses
        .iter()
        .enumerate()
        .map(|(number, at)| store.put(at, document(at.key.clone(), updated(number)), Precondition::Nothing));
    for written in all_at_once(puts) {
        assert_eq!(written.unwrap(), PutOutcome::Created);
    }

    let everything = Query::all("Token");
    assert_eq!(in_pages(&store, &everything, 997), keys);

    let mut some: Vec<_> = (0..10_000).collect();
    some.retain(|number| number % 3 != 1);
    let owners = Some(vec![owner(2), owner(0)]);
    let expected: Vec<_> = some.iter().map(|number| keys[*number].clone()).collect();
    let of_owners = Query { owners, ..everything };
    assert_eq!(in_pages(&store, &of_owners, 500), expected);

    some.retain(|number| *number <= 7000);
    let expected: Vec<_> = some.iter().map(|number| keys[*number].clone()).collect();
    let since = Query { from: Some(updated(7000)), ..of_owners };
    assert_eq!(in_pages(&store, &since, 700), expected);
}

#[test]
fn writers_on_many_threads_lose_nothing() {
    let store = Sqlite::in_memory().unwrap();
    count_together(&[&store, &store, &store, &store]);
}

#[test]
fn writers_with_stores_of_their_own_lose_nothing() {
    let place = Place::new();
    let stores = [place.open(), place.open(), place.open()];
    count_together(&stores.each_ref());
}

#[test]
fn a_list_may_have_more_owners_than_a_statement_has_values() {
    let store = Sqlite::in_memory().unwrap();
    block_on(store.put(&at("a"), document("a", time()), Precondition::Nothing)).unwrap();
    let letters = || "ABCDEFGHIJKLMNOPQRSTUVWXYZ".chars();
    let countries = ["NL", "BE", "DE"];
    let owners: Vec<_> = letters()
        .flat_map(|a| letters().flat_map(move |b| letters().map(move |c| format!("{a}{b}{c}"))))
        .flat_map(|party| countries.map(|country| Party::new(country, &party).unwrap()))
        .collect();
    assert!(owners.len() > 32_766);
    let query = Query { owners: Some(owners), ..Query::all("Token") };
    assert_eq!(block_on(store.list(&query)).unwrap().total, 1);
}

/// Each thread adds to one number, as often as it takes until nobody was faster.
fn count_together(stores: &[&Sqlite]) {
    const TIMES: usize = 50;
    let at = at("counter");
    block_on(stores[0].put(&at, document("0", time()), Precondition::Nothing)).unwrap();
    let add_one = async |store: &Sqlite| loop {
        let known = store.get(&at).await.unwrap().unwrap();
        let number: usize = String::from_utf8(known.body.to_vec()).unwrap().parse().unwrap();
        let body = Bytes::from((number + 1).to_string());
        match store.put(&at, document(body, time()), Precondition::Revision(known.revision)).await.unwrap() {
            PutOutcome::Updated => break,
            written => assert_eq!(written, PutOutcome::Conflict),
        }
    };
    std::thread::scope(|scope| {
        for store in stores {
            scope.spawn(|| (0..TIMES).for_each(|_| block_on(add_one(store))));
        }
    });
    let counted = block_on(stores[0].get(&at)).unwrap().unwrap().body;
    assert_eq!(counted, (stores.len() * TIMES).to_string());
}

/// Reads a list page by page until one is empty.
fn in_pages(store: &Sqlite, query: &Query, limit: u64) -> Vec<String> {
    let mut keys = Vec::new();
    loop {
        let offset = u64::try_from(keys.len()).unwrap();
        let page = block_on(store.list(&Query { offset, limit, ..query.clone() })).unwrap();
        if page.documents.is_empty() {
            assert_eq!(page.total, offset);
            return keys;
        }
        assert!(page.documents.len() <= usize::try_from(limit).unwrap());
        keys.extend(
            page.documents.iter().map(|(_, document)| String::from_utf8(document.body.to_vec()).unwrap()),
        );
    }
}
