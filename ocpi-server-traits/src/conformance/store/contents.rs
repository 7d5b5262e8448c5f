//! Documents are read back as written.

use bytes::Bytes;
use ocpi_types::DateTime;

use super::context::{KIND, LIST, StoreContext, at, count, document, keys, owned, silent, time};
use crate::conformance::Failure;
use crate::storage::{Document, NewDocument, Position, Query, Start, Store};

/// An empty store answers all questions with nothing.
pub async fn empty_store_has_nothing(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("empty_store_has_nothing", store);
    context.same("read", context.read(&[at("a"), at("b")]).await?, vec![None, None])?;
    context.same("read of no address", context.read(&[]).await?, Vec::new())?;
    for query in [Query::all(KIND), Query::list(KIND, LIST), Query::all(KIND).with_term("a", "b")] {
        for start in [Start::First, Start::Offset(0), Start::Offset(5)] {
            let page = context.page(&query, start, 10).await?;
            context.same("page", (page.rows, page.next, page.total), (Vec::new(), None, 0))?;
        }
    }
    let changes = context.ok("changes", store.changes(Position::START, 10).await)?;
    context.same("changes", (changes.rows.len(), changes.purged), (0, Position::START))
}

/// Body, format, list, time, terms, stamps and cause are kept.
pub async fn documents_are_kept(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("documents_are_kept", store);
    let every_byte: Vec<u8> = (0..=u8::MAX).collect();
    let bodies: [&[u8]; 6] =
        [b"", b" ", b"{ \"a\" : 1.0 }\r\n", b"\0", &every_byte, "\u{e9}e\u{301}".as_bytes()];
    for (number, body) in bodies.into_iter().enumerate() {
        let at = at(number.to_string());
        let body = Bytes::copy_from_slice(body);
        let new = NewDocument::new(body.clone(), format!(" 2.{number} "), time(1_234_567))
            .in_list(format!("list {number}"))
            .with_term("session", "S1")
            .with_term("evse_id", "NL*ALF*E1")
            .with_stamps(body.clone())
            .with_cause(body.clone())
            .with_part("");
        context.put(&at, new.clone()).await?;
        let found = context.there(&at).await?;
        let revision = found.revision;
        context.same("body", found.body.clone(), body.clone())?;
        context.same(
            "stamps and cause",
            (found.stamps.clone(), found.cause.clone()),
            (body.clone(), body),
        )?;
        let expected = Document::written(new, revision);
        context.same("document", sorted(found.clone()), sorted(expected))?;
        context.same(
            "terms",
            sorted(found.clone()).terms,
            vec![("evse_id".to_owned(), "NL*ALF*E1".to_owned()), ("session".to_owned(), "S1".to_owned())],
        )?;
        let page = context.page(&Query::list(KIND, format!("list {number}")), Start::First, 10).await?;
        context.same("rows of its list", page.rows, vec![(at, found)])?;
    }
    Ok(())
}

fn sorted(mut document: Document) -> Document {
    document.terms.sort_unstable();
    document
}

/// A body of two million bytes is kept.
pub async fn large_bodies_are_kept(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("large_bodies_are_kept", store);
    let body = "0123456789abcdef".repeat(125_000);
    context.put(&at("a"), document(body.clone())).await?;
    context.same("body", context.there(&at("a")).await?.body, Bytes::from(body))
}

/// Times are kept to the microsecond, rounded down, also before 1970.
pub async fn times_are_rounded_down(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("times_are_rounded_down", store);
    for (written, kept) in [
        ("2026-01-01T10:00:00Z", "2026-01-01T10:00:00Z"),
        ("2026-01-01T10:00:00.123456Z", "2026-01-01T10:00:00.123456Z"),
        ("2026-01-01T10:00:00.123456999Z", "2026-01-01T10:00:00.123456Z"),
        ("1969-12-31T23:59:59.999999999Z", "1969-12-31T23:59:59.999999Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999Z"),
    ] {
        let (written, kept) = (literal(written), literal(kept));
        context.put(&at("a"), NewDocument::new("", "", written)).await?;
        context.same("time", context.there(&at("a")).await?.last_updated, kept)?;
    }
    Ok(())
}

fn literal(text: &str) -> DateTime {
    text.parse().expect("a literal of this suite")
}

/// Documents are read in the order of the addresses, as often as they are asked for.
pub async fn reads_are_in_the_order_asked_for(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("reads_are_in_the_order_asked_for", store);
    for key in ["a", "b", "c"] {
        context.put(&at(key), silent(key)).await?;
    }
    let asked = ["c", "-", "a", "c", "b"];
    let found = context.read(&asked.map(at)).await?;
    let bodies: Vec<_> = found.into_iter().map(|found| found.map(|found| found.body)).collect();
    let expected = [Some("c"), None, Some("a"), Some("c"), Some("b")];
    context.same(
        "bodies",
        bodies,
        expected.map(|body| body.map(|body| Bytes::from_static(body.as_bytes()))).to_vec(),
    )
}

/// A write replaces everything of the document before.
pub async fn last_write_counts(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("last_write_counts", store);
    let first = NewDocument::new("1", "1", time(9)).in_list("1").with_term("t", "1");
    context.put(&at("a"), first.with_stamps("1").with_cause("1").with_part("1")).await?;
    let last = NewDocument::new("2", "2", time(1)).in_list("2").with_part("2");
    let revision = context.put(&at("a"), last.clone()).await?;
    context.same("document", context.there(&at("a")).await?, Document::written(last, revision))?;
    context.lists(&Query::list(KIND, "1"), &[]).await?;
    context.lists(&Query::list(KIND, "2"), &["a"]).await
}

/// Many documents in one write are all kept, and the same documents by themselves.
pub async fn large_writes_are_kept(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("large_writes_are_kept", store);
    let numbers: Vec<_> = (0..1_000).map(|number: u32| format!("{number:04}")).collect();
    context
        .put_all(numbers.iter().map(|number| (at(number.clone()), document(number.clone()))).collect())
        .await?;
    let rows = context.crawl(&Query::list(KIND, LIST), Start::First, 300).await?;
    let mut found = keys(&rows);
    found.sort_unstable();
    context.same("keys", found, owned(&numbers.iter().map(|number| &**number).collect::<Vec<_>>()))?;
    let asked: Vec<_> = numbers.iter().cloned().map(at).collect();
    let read = context.read(&asked).await?;
    let matching = read
        .iter()
        .zip(&numbers)
        .filter(|(found, number)| found.as_ref().is_some_and(|found| found.body == number.as_bytes()));
    context.same("documents read", count(matching.count()), 1_000)
}
