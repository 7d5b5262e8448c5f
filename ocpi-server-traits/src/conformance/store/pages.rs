//! Totals, offsets and cursors.

use super::context::{KIND, LIST, StoreContext, at, count, dated, time};
use crate::conformance::Failure;
use crate::storage::{Cursor, Query, Start, Store};

const DOCUMENTS: u64 = 23;

/// Documents in two lists and at three times, some of them deleted.
async fn prepare<S: Store>(context: &StoreContext<'_, S>) -> Result<Vec<Query>, Failure> {
    for number in 0..DOCUMENTS + 7 {
        let list = if number % 3 == 0 { "other" } else { LIST };
        let micros = i64::try_from(number % 3).unwrap_or(0);
        let new = dated(micros).in_list(list).with_term("parity", (number % 2).to_string());
        context.put(&at(number.to_string()), new).await?;
    }
    for number in 10..17 {
        context.delete(&at(number.to_string()), time(0)).await?;
    }
    Ok(vec![
        Query::all(KIND),
        Query::list(KIND, LIST),
        Query::lists(KIND, vec![LIST.to_owned(), "other".to_owned()]),
        Query::all(KIND).from(time(0)),
        Query::list(KIND, LIST).from(time(1)).to(time(2)),
        Query::lists(KIND, vec![LIST.to_owned(), "other".to_owned()]).from(time(0)),
        Query::all(KIND).with_term("parity", "1"),
        Query::list(KIND, LIST).with_term("parity", "0"),
        Query::all(KIND).with_term("parity", "0").from(time(1)),
    ])
}

/// The total of whole lists is current, on every page and without rows.
pub async fn totals_of_lists_are_exact(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("totals_of_lists_are_exact", store);
    prepare(&context).await?;
    for query in [Query::all(KIND), Query::lists(KIND, vec![LIST.to_owned(), "other".to_owned()])] {
        let mut expected = context.page(&query, Start::First, 0).await?.total;
        let mut page = context.page(&query, Start::First, 4).await?;
        while let Some(next) = page.next {
            let key = format!("new {expected} {query:?}");
            context.put(&at(key.clone()), dated(0)).await?;
            page = context.page(&query, Start::After(next.clone()), 4).await?;
            context.same("total after a document came", page.total, expected + 1)?;
            context.delete(&at(key), time(0)).await?;
            context.put(&at(format!("more {expected} {query:?}")), dated(0)).await?;
            context.delete(&at("1"), time(0)).await?;
            context.put(&at("1"), dated(0).in_list("elsewhere")).await?;
            expected = context.crawl(&query, Start::First, 100).await?.len().try_into().unwrap_or(u64::MAX);
            let again = context.page(&query, Start::After(next), 4).await?;
            context.same("total", again.total, expected)?;
            if expected > 60 {
                break;
            }
        }
    }
    Ok(())
}

/// The total of a window or a term is exact on the first page, and unchanged on the pages that follow by cursor.
pub async fn totals_of_windows_are_carried(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("totals_of_windows_are_carried", store);
    let queries = prepare(&context).await?;
    for query in queries {
        let rows = context.crawl(&query, Start::First, 100).await?.len();
        let mut page = context.page(&query, Start::First, 3).await?;
        context.same(&format!("total of {query:?}"), page.total, count(rows))?;
        let is_full = query.window().is_none() && query.term().is_none();
        while let Some(next) = page.next.filter(|_| !is_full) {
            let total = page.total;
            context.put(&at(format!("{next} {query:?}")), dated(1).with_term("parity", "0")).await?;
            page = context.page(&query, Start::After(next), 3).await?;
            context.same(&format!("total that {query:?} carries"), page.total, total)?;
            if page.rows.iter().any(|(at, _)| at.key().contains('.')) {
                break;
            }
        }
    }
    Ok(())
}

/// A page by offset begins at the row with that number, and its cursor continues after it. Beyond the end there are no
/// rows, but the correct total.
pub async fn offsets_are_numbers_of_rows(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("offsets_are_numbers_of_rows", store);
    for query in prepare(&context).await? {
        let rows = context.crawl(&query, Start::First, 100).await?;
        for offset in (0..rows.len() + 2).chain([10_000, usize::MAX]) {
            let what = format!("{query:?} from {offset}");
            let behind: Vec<_> = rows.iter().skip(offset).cloned().collect();
            let page = context.page(&query, Start::Offset(count(offset)), 5).await?;
            context.same(&format!("total of {what}"), page.total, count(rows.len()))?;
            let first: Vec<_> = behind.iter().take(5).cloned().collect();
            context.same(&format!("rows of {what}"), page.rows, first)?;
            context.same(&format!("more behind {what}"), page.next.is_some(), behind.len() > 5)?;
            let Some(next) = page.next else { continue };
            let rest = context.crawl(&query, Start::After(next), 4).await?;
            context.same(&format!("rows behind {what}"), rest, behind.into_iter().skip(5).collect())?;
        }
    }
    Ok(())
}

/// The last page has no cursor, even if it is full; nor has a page without rows.
pub async fn last_pages_say_so(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("last_pages_say_so", store);
    for query in prepare(&context).await? {
        let rows = context.crawl(&query, Start::First, 100).await?.len();
        let all = u32::try_from(rows).unwrap_or(u32::MAX);
        for (limit, is_last) in [(all, true), (all + 1, true), (u32::MAX, true), (all - 1, false), (0, true)]
        {
            let page = context.page(&query, Start::First, limit).await?;
            context.same(&format!("no more behind {limit} of {query:?}"), page.next.is_none(), is_last)?;
            let shown = rows.min(usize::try_from(limit).unwrap_or(usize::MAX));
            context.same("rows", page.rows.len(), shown)?;
        }
    }
    Ok(())
}

/// A cursor continues after a round trip through its text; the cursor of another query, or a made-up one, shows only
/// documents of the query.
pub async fn cursors_are_texts_and_harmless(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("cursors_are_texts_and_harmless", store);
    let queries = prepare(&context).await?;
    let made_up =
        |list: &str, updated, place| Cursor { list: list.to_owned(), updated, place, total: Some(5) };
    let mut cursors = vec![
        made_up("", 0, 0),
        made_up("zzz", i64::MAX, u64::MAX),
        made_up("'", i64::MIN, 3),
        made_up("\u{10ffff}", 0, u64::MAX / 2),
    ];
    for query in &queries {
        let page = context.page(query, Start::First, 3).await?;
        let next = context.came("a cursor", page.next)?;
        let read = context.ok("reading of a cursor", next.to_string().parse::<Cursor>())?;
        let rows = context.crawl(query, Start::After(next.clone()), 3).await?;
        context.same("rows behind a cursor", context.crawl(query, Start::After(read), 5).await?, rows)?;
        cursors.push(next);
    }
    for query in &queries {
        let all = context.crawl(query, Start::First, 100).await?;
        for cursor in &cursors {
            let rows = context.crawl(query, Start::After(cursor.clone()), 3).await?;
            let is_part = all.ends_with(&rows);
            context.holds(&format!("the end of {query:?} behind {cursor:?}"), is_part)?;
        }
    }
    Ok(())
}
