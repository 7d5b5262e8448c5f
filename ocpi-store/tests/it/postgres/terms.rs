//! A term that many documents have.

use ocpi_server_traits::storage::{Memory, NewDocument, Page, Query, Start, Store, Transaction};

use super::{at, on_database, time};

const LISTS: [&str; 3] = ["a", "b", "c"];

/// More than are sorted for a page have the term `all`; one in fifty has the term `few`.
async fn fill(store: &impl Store) {
    for chunk in 0..6 {
        let numbers = chunk * 500..(chunk + 1) * 500;
        let declared = numbers.clone().map(|number: i64| at(number.to_string())).collect();
        let edit = move |tx: &mut Transaction<'_>| {
            numbers.clone().try_for_each(|number| {
                let list = LISTS[usize::try_from(number * number % 3).unwrap()];
                let new = NewDocument::new("x", "text", time(number * 37 % 101)).in_list(list);
                let new = if number % 5 == 0 { new } else { new.with_term("t", "all") };
                let new = if number % 50 == 7 { new.with_term("t", "few") } else { new };
                tx.put(&at(number.to_string()), new).map(drop)
            })
        };
        store.write(declared, Box::new(edit)).await.unwrap();
    }
}

/// Keys of a page, its total, and whether there is more.
fn told(page: &Page) -> (Vec<String>, u64, bool) {
    let keys = page.rows.iter().map(|(at, _)| at.key().to_owned()).collect();
    (keys, page.total, page.next.is_some())
}

#[test]
fn windows_of_a_term_are_those_of_memory() {
    on_database("terms", |database| async move {
        let (store, memory) = (database.store().await, Memory::new());
        fill(&store).await;
        fill(&memory).await;
        for value in ["all", "few", "none"] {
            for query in [
                Query::all("Note").from(time(0)),
                Query::list("Note", "b").from(time(10)).to(time(90)),
                Query::lists("Note", vec!["a".to_owned(), "b".to_owned(), "z".to_owned()]).to(time(50)),
            ] {
                let query = query.with_term("t", value);
                for start in [Start::First, Start::Offset(17), Start::Offset(5_000)] {
                    let (mut ours, mut its) = (start.clone(), start);
                    loop {
                        let page = store.page(&query, ours.clone(), 97).await.unwrap();
                        let expected = memory.page(&query, its.clone(), 97).await.unwrap();
                        assert_eq!(told(&page), told(&expected), "{query:?} from {ours:?}");
                        let (Some(next), Some(of_memory)) = (page.next, expected.next) else { break };
                        (ours, its) = (Start::After(next), Start::After(of_memory));
                    }
                }
            }
        }
    });
}
