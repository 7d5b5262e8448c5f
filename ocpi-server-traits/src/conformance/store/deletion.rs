//! Deletions, and documents that come after them.

use super::context::{KIND, LIST, StoreContext, at, document, silent, time};
use crate::conformance::Failure;
use crate::storage::{Query, Start, Store};

/// A deletion leaves a tombstone with its time, the list and nothing else; reads do not see it.
pub async fn deletion_leaves_a_tombstone(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("deletion_leaves_a_tombstone", store);
    let full = document("1").with_term("t", "1").with_stamps("1").with_cause("1");
    context.put(&at("a"), full).await?;
    context.same("tombstone of what is there", context.tombstone(&at("a")).await?, None)?;
    context.same("delete", context.delete(&at("a"), time(77)).await?, true)?;
    context.same("document", context.get(&at("a")).await?, None)?;
    let found = context.came("the tombstone", context.tombstone(&at("a")).await?)?;
    context.same("time of the tombstone", found.last_updated, time(77))?;
    context.same("list of the tombstone", &*found.list, LIST)?;
    context.holds("a tombstone that says so", found.is_deleted)?;
    let rest = (found.body.len(), found.terms.len(), found.stamps.len(), found.cause.len());
    context.same("the rest of the tombstone", rest, (0, 0, 0, 0))?;
    context.same("a second delete", context.delete(&at("a"), time(99)).await?, false)?;
    context.same("the tombstone afterwards", context.tombstone(&at("a")).await?, Some(found))
}

/// A deletion leaves the stamps that it was given, byte for byte, until the next document.
pub async fn deletion_leaves_its_stamps(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("deletion_leaves_its_stamps", store);
    for stamps in [vec![], vec![0, 0xFF, b'\'', 0], vec![7; 100_000]] {
        context.put(&at("a"), document("1").with_stamps("old")).await?;
        let delete = |stamps: Vec<u8>, time| {
            let update = vec![at("a")];
            context.update(update, move |tx| tx.delete_with(&at("a"), time, stamps.clone()))
        };
        context.same("delete", delete(stamps.clone(), time(5)).await?, true)?;
        context.same("a second delete", delete(vec![1], time(6)).await?, false)?;
        let found = context.came("the tombstone", context.tombstone(&at("a")).await?)?;
        context.same("time of the tombstone", found.last_updated, time(5))?;
        context.holds("the stamps of the deletion", found.stamps == stamps)?;
    }
    // Neither do they reach the next document, nor does it keep them for its own deletion.
    context.put(&at("a"), document("2")).await?;
    context.same("stamps of the next document", context.there(&at("a")).await?.stamps.len(), 0)?;
    context.delete(&at("a"), time(7)).await?;
    let found = context.came("the tombstone", context.tombstone(&at("a")).await?)?;
    context.same("stamps of its tombstone", found.stamps.len(), 0)?;
    context.put(&at("b"), silent("1")).await?;
    let gone = context.update(vec![at("b")], |tx| tx.delete_with(&at("b"), time(8), "1")).await?;
    context.same("delete of a document without parts", gone, true)?;
    context.same("its tombstone", context.tombstone(&at("b")).await?, None)
}

/// A document that never was in the feed goes without a trace.
pub async fn deletion_without_parts_leaves_nothing(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("deletion_without_parts_leaves_nothing", store);
    context.same("delete of nothing", context.delete(&at("a"), time(1)).await?, false)?;
    context.same("tombstone of nothing", context.tombstone(&at("a")).await?, None)?;
    context.put(&at("a"), silent("1")).await?;
    context.same("delete", context.delete(&at("a"), time(1)).await?, true)?;
    context.same("document", context.get(&at("a")).await?, None)?;
    context.same("tombstone", context.tombstone(&at("a")).await?, None)?;
    context.lists(&Query::all(KIND), &[]).await
}

/// A deleted document is in no page and no total; the others are.
pub async fn deleted_is_in_no_page(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("deleted_is_in_no_page", store);
    for key in ["a", "b", "c"] {
        context.put(&at(key), document("").with_term("t", "1")).await?;
    }
    context.delete(&at("b"), time(0)).await?;
    for query in [
        Query::all(KIND),
        Query::list(KIND, LIST),
        Query::all(KIND).with_term("t", "1"),
        Query::list(KIND, LIST).from(time(-1)).to(time(1)),
    ] {
        context.lists(&query, &["a", "c"]).await?;
        let page = context.page(&query, Start::Offset(1), 10).await?;
        context.same("rows behind the first", page.rows.len(), 1)?;
    }
    Ok(())
}

/// A document that is put where one was deleted is new, and last in its list.
pub async fn created_again_is_last(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("created_again_is_last", store);
    for is_told in [true, false] {
        let list = is_told.to_string();
        let new = |body: &str| {
            let new = silent(body).in_list(list.clone());
            if is_told { new.with_part("") } else { new }
        };
        let key = |key: &str| format!("{key} {is_told}");
        let [a, b, c] = ["a", "b", "c"].map(key);
        for key in [&a, &b, &c] {
            context.put(&at(key.as_str()), new("").with_term("t", &**key)).await?;
        }
        context.delete(&at(a.as_str()), time(0)).await?;
        context.put(&at(a.as_str()), new("again")).await?;
        // Within one write, too.
        let again = at(b.as_str());
        let document = new("again");
        context
            .update(vec![again.clone()], move |tx| {
                tx.delete(&again, time(0))?;
                tx.put(&again, document.clone()).map(drop)
            })
            .await?;
        context.lists(&Query::list(KIND, list.clone()), &[&c, &a, &b]).await?;
        for key in [&a, &b] {
            context.same("body", context.there(&at(key.as_str())).await?.body, "again".into())?;
            context.same("tombstone", context.tombstone(&at(key.as_str())).await?, None)?;
            context.lists(&Query::all(KIND).with_term("t", &**key), &[]).await?;
        }
    }
    Ok(())
}
