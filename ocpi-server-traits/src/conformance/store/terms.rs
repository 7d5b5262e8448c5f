//! Look-ups by term.

use super::context::{KIND, LIST, StoreContext, at, dated, document, silent, time};
use crate::conformance::Failure;
use crate::storage::{Query, Store};

/// A term finds all documents that have it, in the order of creation; pages and cursors are those of lists.
pub async fn terms_find_documents(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("terms_find_documents", store);
    for key in ["c", "a", "b", "e", "d"] {
        let list = if key == "a" { "other" } else { LIST };
        context
            .put(&at(key), silent("").in_list(list).with_term("session", "S1").with_term("key", key))
            .await?;
    }
    context.put(&at("f"), silent("").with_term("session", "S2").with_term("S1", "session")).await?;
    context.put(&at("g"), silent("")).await?;
    let session = |value| Query::all(KIND).with_term("session", value);
    context.lists(&session("S1"), &["c", "a", "b", "e", "d"]).await?;
    context.lists(&session("S2"), &["f"]).await?;
    for value in ["", "S", "s1", "S1 ", "S%"] {
        context.lists(&session(value), &[]).await?;
    }
    context.lists(&Query::all(KIND).with_term("key", "b"), &["b"]).await?;
    context.lists(&Query::list(KIND, LIST).with_term("session", "S1"), &["c", "b", "e", "d"]).await?;
    context.lists(&Query::list(KIND, "none").with_term("session", "S1"), &[]).await?;
    context.lists(&Query::all("Tariff").with_term("session", "S1"), &[]).await
}

/// A term does not find a document that lost it, by a write, a deletion, or a deletion within a write.
pub async fn terms_find_no_document_that_lost_them(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("terms_find_no_document_that_lost_them", store);
    let with = |value: &str| document("").with_term("t", value).with_term("same", "");
    for key in ["a", "b", "c", "d"] {
        context.put(&at(key), with("1")).await?;
    }
    context.put(&at("a"), with("2")).await?;
    context.put(&at("b"), document("")).await?;
    context.delete(&at("c"), time(0)).await?;
    let t = |value| Query::all(KIND).with_term("t", value);
    context.lists(&t("1"), &["d"]).await?;
    context.lists(&t("2"), &["a"]).await?;
    context.lists(&Query::all(KIND).with_term("same", ""), &["a", "d"]).await?;
    // One that comes back finds it again, and its place is the old one.
    context.put(&at("b"), with("2")).await?;
    context.put(&at("a"), with("2")).await?;
    context.lists(&t("2"), &["a", "b"]).await?;
    context
        .update(vec![at("d")], move |tx| {
            tx.delete(&at("d"), time(0))?;
            tx.put(&at("d"), silent("")).map(drop)
        })
        .await?;
    context.lists(&t("1"), &[]).await
}

/// Documents with a term in a window are in chronological order.
pub async fn terms_have_windows(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("terms_have_windows", store);
    for (key, micros, value) in
        [("1", 5, "x"), ("2", 3, "x"), ("3", 4, "y"), ("4", 3, "x"), ("5", 1, "x"), ("6", 9, "x")]
    {
        context.put(&at(key), dated(micros).with_term("t", value)).await?;
    }
    let x = Query::all(KIND).with_term("t", "x");
    context.lists(&x.clone().from(time(2)).to(time(9)), &["2", "4", "1"]).await?;
    context.lists(&x.to(time(4)), &["5", "2", "4"]).await
}
