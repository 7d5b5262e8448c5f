//! Windows of time.

use ocpi_types::DateTime;

use super::context::{KIND, LIST, StoreContext, at, dated, keys, owned, time};
use crate::conformance::Failure;
use crate::storage::{NewDocument, Query, Start, Store};

/// A window includes its start and excludes its end.
pub async fn windows_are_half_open(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("windows_are_half_open", store);
    for micros in 0..6 {
        context.put(&at(micros.to_string()), dated(micros)).await?;
    }
    for query in
        [Query::all(KIND), Query::list(KIND, LIST), Query::lists(KIND, vec![LIST.to_owned(), "b".to_owned()])]
    {
        let window = |from, to| query.clone().from(time(from)).to(time(to));
        context.lists(&window(2, 5), &["2", "3", "4"]).await?;
        context.lists(&window(-9, 1), &["0"]).await?;
        context.lists(&window(5, 99), &["5"]).await?;
        context.lists(&window(3, 3), &[]).await?;
        context.lists(&window(5, 2), &[]).await?;
        context.lists(&query.clone().from(time(4)), &["4", "5"]).await?;
        context.lists(&query.clone().to(time(2)), &["0", "1"]).await?;
    }
    Ok(())
}

/// A window is in order of time, then of creation; also for several or all lists.
pub async fn windows_are_in_order_of_time(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("windows_are_in_order_of_time", store);
    for (key, micros, list) in [
        ("1", 5, "b"),
        ("2", 3, "a"),
        ("3", 5, "a"),
        ("4", 1, "c"),
        ("5", 3, "b"),
        ("6", 5, "b"),
        ("7", -2_000_000_000_000_000, "a"),
    ] {
        context.put(&at(key), dated(micros).in_list(list)).await?;
    }
    let lists = Query::lists(KIND, vec!["b".to_owned(), "a".to_owned()]);
    context.lists(&lists.clone().from(time(0)), &["2", "5", "1", "3", "6"]).await?;
    context.lists(&lists.to(time(4)), &["7", "2", "5"]).await?;
    context.lists(&Query::list(KIND, "b").from(time(0)), &["5", "1", "6"]).await?;
    context.lists(&Query::all(KIND).from(time(0)), &["4", "2", "5", "1", "3", "6"]).await?;
    // A later time moves it.
    context.put(&at("2"), dated(9).in_list("a")).await?;
    context.lists(&Query::all(KIND).from(time(2)), &["5", "1", "3", "6", "2"]).await
}

/// Consecutive windows contain every document once, even if a bound or a time has sub-microsecond precision.
pub async fn windows_chain(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("windows_chain", store);
    let literal = |text: &str| text.parse::<DateTime>().expect("a literal of this suite");
    let times = [
        "1969-12-31T23:59:59.9999995Z",
        "2026-01-01T10:00:00Z",
        "2026-01-01T10:00:00.0000004Z",
        "2026-01-01T10:00:00.0000009Z",
        "2026-01-01T10:00:00.000001Z",
        "2026-01-01T10:00:00.0000015Z",
        "2026-01-01T10:00:00.999999999Z",
        "2026-01-01T10:00:01Z",
    ]
    .map(literal);
    let all = ["0", "1", "2", "3", "4", "5", "6", "7"];
    for (key, time) in all.iter().zip(times) {
        context.put(&at(*key), NewDocument::new("", "", time).in_list(LIST)).await?;
    }
    for bound in times.into_iter().chain([literal("2026-01-01T10:00:00.0000001Z")]) {
        let mut found = Vec::new();
        for query in [Query::list(KIND, LIST).to(bound), Query::list(KIND, LIST).from(bound)] {
            found.extend(keys(&context.crawl(&query, Start::First, 3).await?));
        }
        context.same(&format!("documents of the windows to and from {bound}"), found, owned(&all))?;
    }
    Ok(())
}
