//! Paging by cursor while documents change.

use std::collections::BTreeMap;

use super::context::{KIND, Random, StoreContext, at, dated, time};
use crate::conformance::Failure;
use crate::storage::{Lists, NewDocument, Query, Start, Store};

const LISTS: [&str; 3] = ["a", "b", "c"];
const DOCUMENTS: u64 = 60;

fn any_list(random: &mut Random) -> &'static str {
    let number = usize::try_from(random.below(3)).unwrap_or(0);
    LISTS.get(number).copied().unwrap_or("a")
}

/// A document as the test knows it.
#[derive(Clone, Debug)]
struct Known {
    list: &'static str,
    micros: i64,
    term: bool,
}

impl Known {
    fn document(&self) -> NewDocument {
        let new = dated(self.micros).in_list(self.list);
        if self.term { new.with_term("t", "1") } else { new }
    }

    fn is_in(&self, query: &Query) -> bool {
        let is_listed = match query.wanted_lists() {
            Lists::All => true,
            Lists::These(lists) => lists.iter().any(|list| list == self.list),
        };
        let micros = time(self.micros).to_unix_micros();
        is_listed
            && query.window().is_none_or(|window| window.contains(&micros))
            && (self.term || query.term().is_none())
    }
}

/// Paging by cursor returns every document that existed and matched the query throughout, whatever is put, deleted,
/// moved to other lists or given later times between the pages; a document that did not change is returned once.
pub async fn crawls_miss_nothing(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("crawls_miss_nothing", store);
    let queries = [
        Query::list(KIND, "a"),
        Query::lists(KIND, vec!["a".to_owned(), "b".to_owned()]),
        Query::all(KIND),
        Query::list(KIND, "a").from(time(5)).to(time(40)),
        Query::lists(KIND, vec!["a".to_owned(), "c".to_owned()]).from(time(0)),
        Query::all(KIND).from(time(10)),
        Query::all(KIND).with_term("t", "1"),
    ];
    let mut random = Random(7);
    let mut known = BTreeMap::new();
    for number in 0..DOCUMENTS {
        let new = Known {
            list: any_list(&mut random),
            micros: number_of(random.below(50)),
            term: random.below(2) == 0,
        };
        context.put(&at(number.to_string()), new.document()).await?;
        known.insert(number.to_string(), new);
    }
    for round in 0..6 {
        for query in &queries {
            let limit = u32::try_from(1 + random.below(9)).unwrap_or(1);
            crawl(&context, &mut random, &mut known, query, limit).await.map_err(|failure| {
                context.failure(format!("round {round}, {query:?}: {}", failure.detail()))
            })?;
        }
    }
    Ok(())
}

fn number_of(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

async fn crawl<S: Store>(
    context: &StoreContext<'_, S>,
    random: &mut Random,
    known: &mut BTreeMap<String, Known>,
    query: &Query,
    limit: u32,
) -> Result<(), Failure> {
    // Keys of documents that belong to the query throughout, and whether they stay as they are.
    let mut stable: BTreeMap<_, _> =
        known.iter().filter(|(_, known)| known.is_in(query)).map(|(key, _)| (key.clone(), true)).collect();
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let mut start = Start::First;
    for _ in 0..1_000 {
        let page = context.page(query, start, limit).await?;
        for (at, document) in &page.rows {
            *seen.entry(at.key().to_owned()).or_default() += 1;
            let is_right = known.get(at.key()).is_some_and(|known| {
                known.is_in(query)
                    && (&*document.list, document.last_updated) == (known.list, time(known.micros))
            });
            context.holds("documents of the query, as they are now", is_right)?;
        }
        let Some(next) = page.next else { return check(context, &stable, &seen) };
        start = Start::After(next);
        for _ in 0..random.below(4) {
            change(context, random, known, query, &mut stable).await?;
        }
    }
    Err(context.failure("crawl: expected an end, found none".to_owned()))
}

async fn change<S: Store>(
    context: &StoreContext<'_, S>,
    random: &mut Random,
    known: &mut BTreeMap<String, Known>,
    query: &Query,
    stable: &mut BTreeMap<String, bool>,
) -> Result<(), Failure> {
    let key = random.below(DOCUMENTS * 4 / 3).to_string();
    let before = known.get(&key).cloned();
    if random.below(4) == 0 {
        context.delete(&at(key.clone()), time(0)).await?;
        known.remove(&key);
        stable.remove(&key);
        return Ok(());
    }
    let fresh =
        Known { list: any_list(random), micros: number_of(random.below(50)), term: random.below(2) == 0 };
    let after = match (&before, random.below(3)) {
        (Some(before), 0) => Known { micros: before.micros + number_of(random.below(5)), ..before.clone() },
        (Some(before), 1) => Known { list: fresh.list, ..before.clone() },
        _ => fresh,
    };
    context.put(&at(key.clone()), after.document()).await?;
    let moved_back = before.as_ref().is_some_and(|before| {
        let is_by_list =
            *query.wanted_lists() == Lists::All && query.window().is_none() && query.term().is_none();
        (query.window().is_some() && after.micros < before.micros)
            || (is_by_list && after.list != before.list)
    });
    if !after.is_in(query) || moved_back {
        stable.remove(&key);
    } else if let Some(stays) = stable.get_mut(&key) {
        *stays &= before.is_some_and(|before| before.micros == after.micros) || query.window().is_none();
    }
    known.insert(key, after);
    Ok(())
}

fn check<S: Store>(
    context: &StoreContext<'_, S>,
    stable: &BTreeMap<String, bool>,
    seen: &BTreeMap<String, u32>,
) -> Result<(), Failure> {
    for (key, stays) in stable {
        let times = seen.get(key).copied().unwrap_or(0);
        context.holds(&format!("{key} to be seen"), times > 0)?;
        context.holds(&format!("{key} to be seen once"), times == 1 || !stays)?;
    }
    Ok(())
}
