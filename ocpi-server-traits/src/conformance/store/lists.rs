//! Lists are in order of creation of their documents.

use std::sync::Arc;

use super::beside::{Gate, start, within, yield_now};
use super::context::{KIND, LIST, StoreContext, at, count, dated, document, keys, silent, time};
use super::fixture::Fixture;
use crate::conformance::test_context::together;
use crate::conformance::{Applied, Failure};
use crate::storage::{Position, Query, Start, Store};

/// Documents are listed as they were created, whatever their keys, times and updates.
pub async fn lists_are_in_order_of_creation(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("lists_are_in_order_of_creation", store);
    let order = ["c", "a", "10", "9", "b"];
    for (turn, key) in (0..).zip(order) {
        context.put(&at(key), dated(-turn)).await?;
    }
    for query in [Query::all(KIND), Query::list(KIND, LIST)] {
        context.lists(&query, &order).await?;
    }
    context.put(&at("a"), dated(100)).await?;
    context.put(&at("c"), silent("updated")).await?;
    context.lists(&Query::list(KIND, LIST), &order).await
}

/// Several lists are merged by creation; a list that is named twice counts once.
pub async fn merged_lists_are_in_order_of_creation(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("merged_lists_are_in_order_of_creation", store);
    for (key, list) in [("1", "b"), ("2", "a"), ("3", "c"), ("4", "b"), ("5", "a"), ("6", "a"), ("7", "")] {
        context.put(&at(key), document("").in_list(list)).await?;
    }
    let lists = |lists: &[&str]| Query::lists(KIND, lists.iter().map(|list| (*list).to_owned()).collect());
    for (query, expected) in [
        (lists(&["a", "b"]), &["1", "2", "4", "5", "6"][..]),
        (lists(&["b", "a", "b", "missing"]), &["1", "2", "4", "5", "6"]),
        (lists(&["", "c"]), &["3", "7"]),
        (lists(&["missing"]), &[]),
        (lists(&[]), &[]),
    ] {
        context.lists(&query, expected).await?;
    }
    Ok(())
}

/// All lists of a collection follow each other, in byte order of their names.
pub async fn all_lists_are_in_order_of_their_names(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("all_lists_are_in_order_of_their_names", store);
    for (key, list) in
        [("1", "b"), ("2", "é"), ("3", "B"), ("4", "a>b"), ("5", "a"), ("6", "b"), ("7", ""), ("8", "a")]
    {
        context.put(&at(key), document("").in_list(list)).await?;
    }
    context.lists(&Query::all(KIND), &["7", "3", "5", "8", "4", "1", "6", "2"]).await
}

/// A document is in the list of its newest write, at its original place.
pub async fn lists_follow_the_document(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("lists_follow_the_document", store);
    for key in ["1", "2", "3"] {
        context.put(&at(key), document("").in_list("a")).await?;
    }
    context.put(&at("2"), document("").in_list("b")).await?;
    context.lists(&Query::list(KIND, "a"), &["1", "3"]).await?;
    context.lists(&Query::list(KIND, "b"), &["2"]).await?;
    context.lists(&Query::lists(KIND, vec!["a".to_owned(), "b".to_owned()]), &["1", "2", "3"]).await?;
    context.put(&at("2"), document("").in_list("a")).await?;
    context.lists(&Query::list(KIND, "a"), &["1", "2", "3"]).await?;
    context.lists(&Query::list(KIND, "b"), &[]).await
}

/// Rows of a page equal the documents that a read returns, including revision and terms.
pub async fn pages_show_the_documents(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("pages_show_the_documents", store);
    for key in ["a", "b", "c"] {
        let full = document(key).with_term("t", "1").with_stamps(key).with_cause(key);
        context.put(&at(key), full.clone()).await?;
        context.put(&at(key), full).await?;
    }
    let at = ["a", "b", "c"].map(at);
    let read: Vec<_> = context.read(&at).await?.into_iter().flatten().collect();
    for query in [
        Query::all(KIND),
        Query::list(KIND, LIST),
        Query::all(KIND).with_term("t", "1"),
        Query::list(KIND, LIST).from(time(-1)),
    ] {
        for start in [Start::First, Start::Offset(0)] {
            let page = context.page(&query, start, 10).await?;
            let expected: Vec<_> = at.iter().cloned().zip(read.iter().cloned()).collect();
            context.same("rows", page.rows, expected)?;
        }
    }
    Ok(())
}

/// The order of creation is the order of commits, even with two concurrent stores: no document appears in front of a
/// page that was read to its end, and the feed has the same order.
pub async fn places_are_in_order_of_commit<F: Fixture>(fixture: &F) -> Result<Applied, Failure> {
    let behavior = "places_are_in_order_of_commit";
    let first = fixture.fresh().await;
    let Some(second) = fixture.second(&first).await else { return Ok(Applied::NotApplicable) };
    let reader = Arc::new(first);
    let stores = [Arc::clone(&reader), Arc::new(second)];
    let context = StoreContext::new(behavior, &*reader);
    // In one list for each writer, so that they have nothing in common.
    let query = Query::lists(KIND, vec!["0".to_owned(), "1".to_owned()]);
    let over = Gate::default();
    let writers = stores.iter().enumerate().map(|(number, store)| {
        let store = Arc::clone(store);
        start(fixture, async move {
            let context = StoreContext::new(behavior, &*store);
            for turn in 0..60 {
                let addresses = [0, 1, 2].map(|part| at(format!("{number} {turn} {part}")));
                let writes =
                    addresses.iter().map(|at| context.put(at, document("").in_list(number.to_string())));
                together(writes).await.into_iter().collect::<Result<Vec<_>, _>>()?;
            }
            Ok::<_, Failure>(())
        })
    });
    let writers: Vec<_> = writers.collect();
    let reading = {
        let (reader, query, over) = (Arc::clone(&reader), query.clone(), over.clone());
        start(fixture, async move {
            let context = StoreContext::new(behavior, &*reader);
            let mut seen = Vec::new();
            loop {
                let is_last = over.is_open();
                let now = keys(&context.crawl(&query, Start::First, 50).await?);
                context.holds("rows at the end of the list only", now.starts_with(&seen))?;
                if is_last {
                    return Ok::<_, Failure>(());
                }
                seen = now;
                yield_now().await;
            }
        })
    };
    let written = together(writers).await;
    over.open();
    context.came("the end of the reader", within(fixture.patience(), reading).await.flatten())??;
    for ended in written {
        context.came("the end of a writer", ended)??;
    }
    let listed = keys(&context.crawl(&query, Start::First, 100).await?);
    context.same("documents", count(listed.len()), 360)?;
    let feed = context.feed(Position::START, 100).await?;
    let told: Vec<_> = feed.into_iter().map(|change| change.at.key().to_owned()).collect();
    context.same("order of the feed", told, listed)?;
    Ok(Applied::Tested)
}
