//! A write is all or nothing.

use super::context::{KIND, LIST, StoreContext, at, document, number, silent, time};
use crate::conformance::Failure;
use crate::conformance::test_context::together;
use crate::storage::{
    Abort, Address, Document, Edit, NewDocument, Query, Store, StoreErrorKind, Transaction, WriteOutcome,
};

/// Documents of one write are all stored.
pub async fn writes_span_documents(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("writes_span_documents", store);
    context.put_all(vec![(at("a"), document("1")), (at("b"), silent("1"))]).await?;
    let other = Address::new("Message", "FR/VIC", "m1");
    let (a, b, m) = (at("a"), at("b"), other.clone());
    context
        .update(vec![a.clone(), b.clone(), m.clone()], move |tx| {
            tx.put(&a, document("2"))?;
            tx.delete(&b, time(1))?;
            tx.put(&m, silent("2")).map(drop)
        })
        .await?;
    let found = context.read(&[at("a"), at("b"), other]).await?;
    let numbers: Vec<_> = found.iter().map(|found| number(found.as_ref())).collect();
    context.same("documents", numbers, vec![2, 0, 2])
}

/// Two documents, one that is not there, and the tombstone of a fourth.
async fn prepared<S: Store>(context: &StoreContext<'_, S>) -> Result<Vec<Option<Document>>, Failure> {
    context.put_all(vec![(at("a"), document("1").with_term("t", "1")), (at("b"), silent("1"))]).await?;
    context.put(&at("d"), document("1")).await?;
    context.delete(&at("d"), time(1)).await?;
    state(context).await
}

async fn state<S: Store>(context: &StoreContext<'_, S>) -> Result<Vec<Option<Document>>, Failure> {
    let mut state = context.read(&["a", "b", "c", "d"].map(at)).await?;
    state.push(context.tombstone(&at("d")).await?);
    Ok(state)
}

/// Changes all of them.
fn spoil(tx: &mut Transaction<'_>) -> Result<(), Abort> {
    tx.put(&at("a"), silent("2").in_list("other").with_part("new"))?;
    tx.delete(&at("b"), time(2))?;
    tx.put(&at("c"), document("2"))?;
    tx.put(&at("d"), document("2")).map(drop)
}

async fn unchanged<S: Store>(
    context: &StoreContext<'_, S>,
    before: Vec<Option<Document>>,
    head: crate::storage::Position,
) -> Result<(), Failure> {
    context.same("documents", state(context).await?, before)?;
    context.lists(&Query::list(KIND, LIST), &["a", "b"]).await?;
    context.lists(&Query::all(KIND).with_term("t", "1"), &["a"]).await?;
    context.same("newest position", context.head().await?, head)?;
    // And it works on.
    context.put(&at("b"), silent("3")).await?;
    context.same("number", number(context.get(&at("b")).await?.as_ref()), 3)
}

fn all_four() -> Vec<Address> {
    ["a", "b", "c", "d"].map(at).to_vec()
}

/// An edit that gives up changes nothing.
pub async fn aborted_writes_change_nothing(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("aborted_writes_change_nothing", store);
    let before = prepared(&context).await?;
    let head = context.head().await?;
    let edit: Edit = Box::new(|tx| {
        spoil(tx)?;
        Err(Abort::new())
    });
    context.same("outcome", context.write(&all_four(), edit).await?, WriteOutcome::Aborted)?;
    unchanged(&context, before, head).await
}

/// An edit that panics changes nothing, and the write fails with [`StoreErrorKind::Panicked`].
pub async fn panics_change_nothing(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("panics_change_nothing", store);
    let before = prepared(&context).await?;
    let head = context.head().await?;
    let edit: Edit = Box::new(|tx| {
        spoil(tx)?;
        panics()
    });
    context.fails(all_four(), edit, StoreErrorKind::Panicked).await?;
    unchanged(&context, before, head).await
}

/// Unwinds without the hook, which would print.
fn panics() -> ! {
    std::panic::resume_unwind(Box::new("an edit of the conformance suite"))
}

/// An edit that touches an address that was not declared changes nothing, also when it takes no notice of the error.
pub async fn undeclared_addresses_change_nothing(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("undeclared_addresses_change_nothing", store);
    let before = prepared(&context).await?;
    let head = context.head().await?;
    let heeding: Edit = Box::new(spoil);
    let heedless: Edit = Box::new(|tx| {
        let _ = spoil(tx);
        Ok(())
    });
    let only_looks: Edit = Box::new(|tx| {
        tx.put(&at("a"), silent("2"))?;
        let _ = tx.get(&at("d"));
        Ok(())
    });
    for edit in [heeding, heedless, only_looks] {
        context.fails(["a", "b", "c"].map(at).to_vec(), edit, StoreErrorKind::Undeclared).await?;
    }
    unchanged(&context, before, head).await
}

/// A write of more than 1,000 addresses or 16 MiB is refused, and changes nothing.
pub async fn writes_that_are_too_large_change_nothing(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("writes_that_are_too_large_change_nothing", store);
    let before = prepared(&context).await?;
    let head = context.head().await?;
    let mut many = all_four();
    many.extend((0..997).map(|number| at(number.to_string())));
    context.fails(many, Box::new(spoil), StoreErrorKind::Refused).await?;
    let edit: Edit = Box::new(|tx| {
        spoil(tx)?;
        // In two, so that no document is too large by itself.
        tx.put(&at("a"), NewDocument::new(vec![b'a'; 8 << 20], "", time(0)))?;
        tx.put(&at("c"), NewDocument::new(vec![b'a'; 8 << 20], "", time(0))).map(drop)
    });
    context.fails(all_four(), edit, StoreErrorKind::Refused).await?;
    unchanged(&context, before, head).await
}

/// Edits that abort, panic or touch what they did not declare do not disturb those at the same time.
pub async fn failing_edits_disturb_no_other(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("failing_edits_disturb_no_other", store);
    let add = |by: u64, end: fn(&mut Transaction<'_>) -> Result<(), Abort>| -> Edit {
        Box::new(move |tx| {
            let sum = number(tx.get(&at("a"))?) + by;
            tx.put(&at("a"), document(sum.to_string()))?;
            end(tx)
        })
    };
    let writes = (0..80).map(|turn| {
        let edit = match turn % 4 {
            0 => add(1_000, |_| Err(Abort::new())),
            1 => add(1_000, |_| panics()),
            2 => add(1_000, |tx| tx.get(&at("b")).map(drop)),
            _ => add(1, |_| Ok(())),
        };
        store.write(vec![at("a")], edit)
    });
    for (turn, ended) in together(writes).await.into_iter().enumerate() {
        let found = match ended {
            Ok(WriteOutcome::Aborted) => "aborted",
            Ok(WriteOutcome::Committed(_)) => "committed",
            Err(error) if error.kind() == StoreErrorKind::Panicked => "panicked",
            Err(error) if error.kind() == StoreErrorKind::Undeclared => "undeclared",
            Err(error) => return context.ok("write", Err(error)),
        };
        let expected = ["aborted", "panicked", "undeclared", "committed"];
        context.same("end of a write", Some(&found), expected.get(turn % 4))?;
    }
    context.same("sum", number(context.get(&at("a")).await?.as_ref()), 20)
}
