//! Texts are kept exactly, or refused when written.

use super::context::{KIND, LIST, StoreContext, at, is_refusal, silent, time};
use crate::conformance::Failure;
use crate::storage::{Address, Document, Edit, NewDocument, Position, Query, Start, Store, WriteOutcome};

/// Texts that have been trouble somewhere.
const TEXTS: &[&str] = &[
    "",
    " ",
    "a",
    "A",
    "a ",
    " a",
    "a/b",
    "a>b",
    "a\0b",
    "\0",
    "'",
    "\"",
    "%",
    "_",
    "\\",
    "\n",
    "é",
    "e\u{301}",
    "\u{10ffff}",
];

/// Members of a document in which a text stands.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Member {
    Owner,
    Key,
    List,
    TermName,
    TermValue,
    Part,
    Format,
}

const MEMBERS: [Member; 7] = [
    Member::Owner,
    Member::Key,
    Member::List,
    Member::TermName,
    Member::TermValue,
    Member::Part,
    Member::Format,
];

/// A document with a text in one member, in a collection of its own.
fn written(collection: &str, member: Member, text: &str) -> (Address, NewDocument) {
    let pick = |of: Member, other: &str| if of == member { text.to_owned() } else { other.to_owned() };
    let at = Address::new(collection.to_owned(), pick(Member::Owner, "owner"), pick(Member::Key, "key"));
    let document = NewDocument::new("body", pick(Member::Format, "format"), time(0))
        .in_list(pick(Member::List, "list"))
        .with_term(pick(Member::TermName, "name"), pick(Member::TermValue, "value"))
        .with_part(pick(Member::Part, "part"));
    (at, document)
}

/// Texts of all kinds, one of them of a million bytes, are found again in a document, a list, a term and the feed; or
/// they are refused, and nothing is stored.
pub async fn texts_are_kept_or_refused(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("texts_are_kept_or_refused", store);
    let large = "é".repeat(500_000);
    for (number, text) in TEXTS.iter().copied().chain([&*large]).enumerate() {
        for (member, of) in MEMBERS.into_iter().zip(0..) {
            let collection = format!("{number} {of}");
            let (at, document) = written(&collection, member, text);
            let (put, new) = (at.clone(), document.clone());
            let edit: Edit = Box::new(move |tx| tx.put(&put, new.clone()).map(drop));
            let before = context.head().await?;
            match store.write(vec![at.clone()], edit).await {
                Err(error) if is_refusal(&error) => {
                    // To ask for what cannot be stored is no failure either, or the same one.
                    let found = match store.read(std::slice::from_ref(&at)).await {
                        Err(error) if is_refusal(&error) => continue,
                        found => context.ok("read of what was refused", found)?,
                    };
                    context.same("document that was refused", found, vec![None])?;
                    continue;
                }
                outcome => {
                    let outcome = context.ok("write", outcome)?;
                    context.holds("a commit", matches!(outcome, WriteOutcome::Committed(_)))?;
                }
            }
            let found = context.there(&at).await?;
            context.same("document", &found, &Document::written(document, found.revision))?;
            let (name, value) = found.terms.first().cloned().unwrap_or_default();
            let list = found.list.clone();
            for query in
                [Query::list(collection.clone(), list), Query::all(collection.clone()).with_term(name, value)]
            {
                let rows = context.crawl(&query, Start::First, 10).await?;
                context.same("rows", rows, vec![(at.clone(), found.clone())])?;
            }
            let parts: Vec<_> =
                context.feed(before, 10).await?.into_iter().map(|row| (row.at, row.part)).collect();
            context.same(
                "feed",
                parts,
                vec![(at, if member == Member::Part { text } else { "part" }.to_owned())],
            )?;
        }
    }
    Ok(())
}

/// Texts are equal only if all bytes are, and only within the same member.
pub async fn texts_are_exact(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("texts_are_exact", store);
    let plain: Vec<_> = TEXTS.iter().copied().filter(|text| !text.contains('\0')).collect();
    for (number, text) in plain.iter().enumerate() {
        let document = NewDocument::new(number.to_string(), "", time(0)).in_list(*text).with_term("t", *text);
        context.put(&Address::new(KIND, "", *text), document.with_part("")).await?;
        context.put(&Address::new(KIND, *text, "of an owner"), silent(number.to_string())).await?;
    }
    for (number, text) in plain.iter().enumerate() {
        for at in [Address::new(KIND, "", *text), Address::new(KIND, *text, "of an owner")] {
            let body = context.there(&at).await?.body;
            context.same(&format!("body of {text:?}"), body, number.to_string().into())?;
        }
        context.lists(&Query::list(KIND, *text), &[text]).await?;
        context.lists(&Query::all(KIND).with_term("t", *text), &[text]).await?;
    }
    for (owner, key) in [("a", "bc"), ("ab", "c"), ("a/b", "c"), ("a", "b/c")] {
        let at = Address::new("Other", owner, key);
        context.same("document before it is written", context.get(&at).await?, None)?;
        context.put(&at, silent("")).await?;
    }
    let terms = [("x", "yz"), ("xy", "z")];
    for (name, value) in terms {
        context.put(&Address::new("Term", "", name), silent("").with_term(name, value)).await?;
    }
    for (name, value) in terms {
        context.lists(&Query::all("Term").with_term(name, value), &[name]).await?;
    }
    Ok(())
}

/// The same owner and key in another collection identify another document, with its own lists and terms.
pub async fn collections_are_apart(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("collections_are_apart", store);
    let collections = [KIND, "Tariff", "location"];
    for collection in collections {
        let at = Address::new(collection, "NL/ALF", "a");
        context.same("document before it is written", context.get(&at).await?, None)?;
        context.put(&at, silent(collection).with_term("t", "1")).await?;
    }
    for collection in collections {
        let at = Address::new(collection, "NL/ALF", "a");
        context.same("body", context.there(&at).await?.body, collection.into())?;
        for query in [
            Query::all(collection),
            Query::list(collection, LIST),
            Query::all(collection).with_term("t", "1"),
        ] {
            context.lists(&query, &["a"]).await?;
        }
    }
    context.lists(&Query::all("Session"), &[]).await
}

/// No stored document makes another one unreadable.
pub async fn odd_texts_harm_no_other(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("odd_texts_harm_no_other", store);
    context.put(&at("witness"), silent("")).await?;
    let witness = context.there(&at("witness")).await?;
    let mut stored = 1;
    for (number, text) in TEXTS.iter().enumerate() {
        let at = at(format!("{number}"));
        let put = at.clone();
        let new =
            NewDocument::new(*text, *text, time(0)).in_list(*text).with_term(*text, *text).with_part(*text);
        let edit: Edit = Box::new(move |tx| tx.put(&put, new.clone()).map(drop));
        match store.write(vec![at], edit).await {
            Err(error) if is_refusal(&error) => {}
            outcome => {
                context.ok("write", outcome)?;
                stored += 1;
            }
        }
        context.same("the witness", &context.there(&self::at("witness")).await?, &witness)?;
        let rows = context.crawl(&Query::all(KIND), Start::First, 3).await?;
        context.same("number of documents", rows.len(), stored)?;
        context.same("number of changes", context.feed(Position::START, 3).await?.len(), stored - 1)?;
    }
    Ok(())
}
