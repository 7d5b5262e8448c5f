//! Texts and bytes are read back as they were written, or refused.

use ocpi_server_traits::storage::{
    Address, Cursor, NewDocument, Position, Query, Start, Store, StoreErrorKind, StoreExt, WriteOutcome,
};
use ocpi_server_traits::{Cause, Objects};
use ocpi_types::v2_3_0::tokens::Token;
use ocpi_types::{DateTime, json};

use super::{at, note, on_database, put, time};

#[test]
fn everything_comes_back_byte_for_byte() {
    on_database("round_trip", |database| async move {
        let store = database.store().await;
        let long = "ä".repeat(425);
        let body: Vec<u8> = (0..=255).cycle().take(3 << 20).collect();
        for (number, text) in ["", "/", "%'\"\\$1?", "\u{10FFFF}\n", "§", &*long].into_iter().enumerate() {
            let at = Address::new(text.to_owned(), text, text);
            let micros = time(0).to_unix_micros() + i64::try_from(number).unwrap();
            let document = NewDocument::new(body.clone(), text, DateTime::from_unix_micros(micros).unwrap())
                .in_list(text)
                .with_term(text, text)
                .with_term("", text)
                .with_part(text)
                .with_stamps(body[..300].to_vec())
                .with_cause(vec![0]);
            put(&store, at.clone(), document).await.unwrap();
            let known = store.get(&at).await.unwrap().unwrap();
            assert!(known.body == body);
            assert_eq!((&*known.format, &*known.list, known.micros()), (text, text, micros));
            assert_eq!(known.terms.len(), if text.is_empty() { 1 } else { 2 });
            assert!(known.terms.contains(&(text.to_owned(), text.to_owned())));
            assert_eq!((&known.stamps[..], &known.cause[..]), (&body[..300], &[0][..]));
            for query in
                [Query::list(text.to_owned(), text), Query::all(text.to_owned()).with_term(text, text)]
            {
                let page = store.page(&query, Start::First, 10).await.unwrap();
                assert_eq!(page.rows, [(at.clone(), known.clone())]);
            }
            let changes = store.changes(Position::START, 100).await.unwrap();
            assert!(changes.rows.iter().any(|change| change.at == at && change.part == text));
        }
    });
}

#[test]
fn times_before_1970_and_far_ahead_are_kept() {
    on_database("times", |database| async move {
        let store = database.store().await;
        for text in ["0001-01-01T00:00:00Z", "1969-12-31T23:59:59.999999Z", "9999-12-31T23:59:59Z"] {
            let time: DateTime = text.parse().unwrap();
            put(&store, at(text), NewDocument::new("", "", time)).await.unwrap();
            assert_eq!(store.get(&at(text)).await.unwrap().unwrap().last_updated, time);
        }
        let page = store.page(&Query::all("Note").to(time(0)), Start::First, 10).await.unwrap();
        assert_eq!((page.rows.len(), page.total), (2, 2));
    });
}

#[test]
fn a_text_that_postgresql_cannot_hold_fails_its_write_only() {
    on_database("nul", |database| async move {
        let store = database.store().await;
        for bad in ["a\0secret".to_owned(), "secret".repeat(200)] {
            let refused = [
                (at(bad.clone()), note("")),
                (at("a"), note("").in_list(bad.clone())),
                (at("a"), note("").with_part(bad.clone())),
                (at("a"), note("").with_term("name", bad.clone())),
                (at("a"), NewDocument::new("", bad.clone(), time(0))),
            ];
            let good = (0..20).map(|key| put(&store, at(format!("good{key}")), note("\0")));
            let bad_writes = refused.into_iter().map(|(at, document)| put(&store, at, document));
            let (good, refused) = futures_util::future::join(
                futures_util::future::join_all(good),
                futures_util::future::join_all(bad_writes),
            )
            .await;
            assert!(good.iter().all(|end| matches!(end, Ok(WriteOutcome::Committed(_)))));
            for end in refused {
                let error = end.unwrap_err();
                assert_eq!(error.kind(), StoreErrorKind::Refused);
                assert!(!format!("{error} {error:?}").contains("secret"));
            }
        }
        assert_eq!(
            store.read(&[at("a\0"), at("good1"), at("good1")]).await.unwrap().iter().flatten().count(),
            2
        );
        let of_nul = [
            Query::all("No\0te"),
            Query::list("Note", "\0"),
            Query::all("Note").with_term("", "\0"),
            Query::list("Note", "\0").from(time(0)),
        ];
        for query in of_nul {
            for start in [Start::First, Start::Offset(1)] {
                let page = store.page(&query, start, 10).await.unwrap();
                assert_eq!((page.rows.len(), page.total), (0, 0));
            }
        }
        let cursor = |list: &str| Cursor { list: list.to_owned(), updated: 0, place: u64::MAX, total: None };
        for (list, rows) in [("NL/AL\0", 20), ("NL/ALF\0", 0)] {
            let start = Start::After(cursor(list));
            assert_eq!(store.page(&Query::all("Note"), start, 100).await.unwrap().rows.len(), rows);
        }
    });
}

/// An object that the database cannot hold does not keep the others of its page from it.
#[test]
fn a_page_is_stored_without_the_objects_that_postgresql_cannot_hold() {
    on_database("page", |database| async move {
        let objects = Objects::new(database.store().await, vec![]);
        let long = "x".repeat(900);
        let tokens = [("K1", "C1"), ("K\\u0000", "C1"), (&*long, "C1"), ("K4", "C\\u0000"), ("K5", "C1")];
        let page: Vec<Token> = tokens.map(|(uid, contract)| token(uid, contract)).into();
        let by = Cause::Sync("cpo".parse().unwrap());
        let outcomes = objects.answer_all(page, time(0), time(1), &by).await.unwrap();
        assert_eq!(outcomes.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, false, false, true]);
        assert_eq!(objects.all::<Token>().await.unwrap().objects.len(), 2);
    });
}

fn token(uid: &str, contract: &str) -> Token {
    let text = format!(
        r#"{{"country_code": "DE", "party_id": "EMP", "uid": "{uid}", "type": "RFID", "contract_id": "{contract}",
            "issuer": "Emp", "valid": true, "whitelist": "ALLOWED", "last_updated": "2026-11-22T10:00:00Z"}}"#
    );
    json::read::<Token>(text.as_bytes()).unwrap().value
}
