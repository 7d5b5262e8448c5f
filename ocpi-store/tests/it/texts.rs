//! Texts and bytes that come back as they were.

use ocpi_server_traits::storage::{
    Address, NewDocument, Position, Query, Start, Store, StoreErrorKind, StoreExt,
};
use pollster::block_on;

use super::support::{Place, assert_discreet, at, note, put};

#[test]
fn documents_come_back_byte_for_byte() {
    let place = Place::new();
    let long = "é/\0\n".repeat(1 << 18);
    let texts = ["", "\0", "a\0", "a\0b", "a", "/", "'\"%_\\", "\u{10FFFF}", &long];
    let bytes = [vec![], vec![0], (0..=255).collect::<Vec<u8>>(), vec![0xFF; 1 << 20]];
    let time = "2026-11-22T10:00:00.1234567Z".parse().unwrap();
    let mut written = Vec::new();
    let store = place.open();
    for (number, text) in texts.into_iter().enumerate() {
        let body = &bytes[number % bytes.len()];
        let new =
            NewDocument::new(body.clone(), text, time).in_list(text).with_term(text, text).with_part(text);
        let new =
            new.with_term("number", number.to_string()).with_stamps(body.clone()).with_cause(text.to_owned());
        let at = Address::new(text.to_owned(), text, text);
        put(&store, &at, &new);
        written.push((at, new));
    }
    drop(store);
    let store = place.open();
    for ((at, new), text) in written.into_iter().zip(texts) {
        let document = block_on(store.get(&at)).unwrap().unwrap();
        let expected = ocpi_server_traits::storage::Document::written(new, document.revision);
        assert!(document == expected);
        assert_eq!(document.last_updated.to_string(), "2026-11-22T10:00:00.123456Z");
        for query in [
            Query::all(text.to_owned()),
            Query::list(text.to_owned(), text),
            Query::all(text.to_owned()).with_term(text, text),
            Query::list(text.to_owned(), text).from(time),
        ] {
            let page = block_on(store.page(&query, Start::First, 10)).unwrap();
            assert!(page.rows == [(at.clone(), document.clone())]);
            assert_eq!(page.total, 1);
        }
    }
    let changes = block_on(store.changes(Position::START, 100)).unwrap();
    assert!(changes.rows.iter().map(|change| &*change.part).eq(texts));
    assert!(changes.rows.iter().map(|change| change.at.key()).eq(texts));
}

#[test]
fn times_may_be_the_first_and_the_last_of_all() {
    let place = Place::new();
    let store = place.open();
    let (first, last) = ("0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z");
    for time in [first, last] {
        put(&store, &at(time), &NewDocument::new("", "", time.parse().unwrap()));
    }
    let total = |from: Option<&str>, to: Option<&str>| {
        let mut query = Query::all("Note");
        if let Some(from) = from {
            query = query.from(from.parse().unwrap());
        }
        if let Some(to) = to {
            query = query.to(to.parse().unwrap());
        }
        let page = block_on(store.page(&query, Start::First, 10)).unwrap();
        assert_eq!(page.rows.len(), usize::try_from(page.total).unwrap());
        page.total
    };
    assert_eq!((total(Some(first), None), total(Some(last), None)), (2, 1));
    assert_eq!((total(None, Some(first)), total(None, Some(last))), (0, 1));
}

#[test]
fn a_damaged_row_is_corrupt_and_alone() {
    for damage in ["terms = '[[\"secret\"'", "updated = 9223372036854775807", "list = CAST(x'FF' AS TEXT)"] {
        let place = Place::new();
        let store = place.open();
        put(&store, &at("secret"), &note("secret"));
        put(&store, &at("b"), &note("b"));
        place.beside().execute_batch(&format!("UPDATE documents SET {damage} WHERE key = 'secret'")).unwrap();
        let error = block_on(store.get(&at("secret"))).unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Corrupt, "{damage}");
        assert_discreet(&error);
        let secret = at("secret");
        let edit = super::support::edit(move |transaction| transaction.get(&secret).map(drop));
        let error = block_on(store.write(vec![at("secret")], edit)).unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Corrupt, "{damage}");
        assert!(block_on(store.get(&at("b"))).unwrap().is_some());
        put(&store, &at("b"), &note("c"));
    }
}
