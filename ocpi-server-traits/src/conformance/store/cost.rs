//! Cost of pages, measured in steps instead of time.

use super::context::{KIND, LIST, StoreContext, at, dated, time};
use super::fixture::Fixture;
use crate::conformance::{Applied, Failure};
use crate::storage::{Query, Start, Store};

/// Rows of the pages that are measured.
const LIMIT: u32 = 100;

/// Documents of one write.
const CHUNK: u32 = 500;

/// A page costs the same with ten times as many documents, even if all have the same time; a page by offset costs less
/// than reading a tenth of them.
pub async fn pages_cost_their_rows<F: Fixture>(fixture: &F) -> Result<Applied, Failure> {
    let store = fixture.fresh().await;
    let context = StoreContext::new("pages_cost_their_rows", &store);
    if fixture.steps(&store).is_none() {
        return Ok(Applied::NotApplicable);
    }
    let many = fixture.many();
    let few = many / 10;
    fill(&context, 0..few).await?;
    let before = costs(fixture, &context, few).await?;
    fill(&context, few..many).await?;
    let after = costs(fixture, &context, many).await?;
    for ((what, before), (_, after)) in before.into_iter().zip(after) {
        let most = 2 * before + 100;
        context.holds(
            &format!("{what} among {many} to cost {most} steps at most, not {after}"),
            after <= most,
        )?;
    }
    let query = Query::lists(KIND, vec![LIST.to_owned(), "other".to_owned()]);
    let most = cost(fixture, &context, &query, Start::First, few).await?;
    for query in [query, Query::all(KIND), Query::list(KIND, LIST)] {
        for offset in [0, many / 4, many / 2 - 1, many - 1, many + 7] {
            let found = cost(fixture, &context, &query, Start::Offset(offset.into()), LIMIT).await?;
            let what = format!("{query:?} from {offset} to cost {most} steps at most, not {found}");
            context.holds(&what, found <= most)?;
        }
    }
    Ok(Applied::Tested)
}

async fn fill<S: Store>(context: &StoreContext<'_, S>, numbers: std::ops::Range<u32>) -> Result<(), Failure> {
    let mut start = numbers.start;
    while start < numbers.end {
        let end = numbers.end.min(start + CHUNK);
        let document = |number: u32| {
            let list = if number % 2 == 0 { LIST } else { "other" };
            (at(number.to_string()), dated(0).in_list(list).with_term("t", "1"))
        };
        context.put_all((start..end).map(document).collect()).await?;
        start = end;
    }
    Ok(())
}

/// Costs of pages at the beginning, in the middle and at the end.
async fn costs<F: Fixture>(
    fixture: &F,
    context: &StoreContext<'_, F::Store>,
    documents: u32,
) -> Result<Vec<(String, u64)>, Failure> {
    let lists = Query::lists(KIND, vec![LIST.to_owned(), "other".to_owned()]);
    let mut costs = Vec::new();
    for query in [
        Query::list(KIND, LIST),
        lists.clone(),
        Query::all(KIND),
        Query::list(KIND, LIST).from(time(0)).to(time(1)),
        lists.from(time(-1)),
        Query::all(KIND).with_term("t", "1"),
        Query::all(KIND).with_term("t", "1").from(time(0)).to(time(1)),
    ] {
        for offset in [0, documents / 4, documents / 2 - LIMIT] {
            let page = context.page(&query, Start::Offset(offset.into()), 1).await?;
            let next = context.came("a cursor", page.next)?;
            let found = cost(fixture, context, &query, Start::After(next), LIMIT).await?;
            costs.push((format!("{query:?} behind {offset}"), found));
        }
    }
    Ok(costs)
}

async fn cost<F: Fixture>(
    fixture: &F,
    context: &StoreContext<'_, F::Store>,
    query: &Query,
    start: Start,
    limit: u32,
) -> Result<u64, Failure> {
    let steps = || fixture.steps(context.store).unwrap_or(0);
    let before = steps();
    context.page(query, start, limit).await?;
    Ok(steps().saturating_sub(before))
}
