//! Deleting a document that is not there succeeds and says so; a document written after that is new, and last in the
//! list.

use crate::conformance::Failure;
use crate::conformance::test_context::{KIND, SOME_TIME, TestContext, at, at_owner, body_of};
use crate::{Address, Precondition, PutOutcome, Query, Store};

/// A deleted document is neither read nor listed.
pub async fn deleted_is_gone(store: &impl Store) -> Result<(), Failure> {
    let probe = TestContext::new("deleted_is_gone", store);
    probe.create(&at("a"), SOME_TIME).await?;
    probe.same("delete", probe.delete(&at("a")).await?, true)?;
    probe.same("get after delete", probe.get(&at("a")).await?, None)?;
    probe.lists(&Query::all(KIND), &[], 0).await
}

/// Deleting a document that never was, or is no more, succeeds and says so.
pub async fn deleting_nothing_says_so(store: &impl Store) -> Result<(), Failure> {
    let probe = TestContext::new("deleting_nothing_says_so", store);
    probe.same("delete of what never was", probe.delete(&at("a")).await?, false)?;
    probe.create(&at("a"), SOME_TIME).await?;
    probe.same("delete", probe.delete(&at("a")).await?, true)?;
    probe.same("delete of what is no more", probe.delete(&at("a")).await?, false)
}

/// Deleting takes one document: not that of another owner, collection or key.
pub async fn deletion_leaves_the_rest(store: &impl Store) -> Result<(), Failure> {
    let probe = TestContext::new("deletion_leaves_the_rest", store);
    let others = [
        at("A"),
        at("b"),
        at_owner("NL", "XYZ", "a"),
        at_owner("BE", "ALF", "a"),
        Address { collection: "Tariff", ..at("a") },
    ];
    probe.create(&at("a"), SOME_TIME).await?;
    let mut before = Vec::new();
    for other in &others {
        probe.create(other, SOME_TIME).await?;
        before.push(probe.there(other).await?);
    }
    probe.delete(&at("a")).await?;
    for (other, before) in others.iter().zip(before) {
        probe.same("another document", probe.there(other).await?, before)?;
    }
    Ok(())
}

/// A document written after a deletion is new: created, with a revision that no earlier writer knows.
pub async fn created_again_is_new(store: &impl Store) -> Result<(), Failure> {
    let probe = TestContext::new("created_again_is_new", store);
    probe.create(&at("a"), SOME_TIME).await?;
    let old = probe.there(&at("a")).await?.revision;
    probe.delete(&at("a")).await?;
    let late = probe.put(&at("a"), "{}", SOME_TIME, Precondition::Revision(old)).await?;
    probe.same("put over the deleted revision", late, PutOutcome::Conflict)?;
    probe.create(&at("a"), SOME_TIME).await?;
    probe.differ("revisions before and after", probe.there(&at("a")).await?.revision, old)?;
    let late = probe.put(&at("a"), "{}", SOME_TIME, Precondition::Revision(old)).await?;
    probe.same("put over the deleted revision", late, PutOutcome::Conflict)?;
    probe.same("body", probe.there(&at("a")).await?.body, body_of("a").into())
}

/// A document written after a deletion is the last of the list, wherever it was before.
pub async fn created_again_is_last(store: &impl Store) -> Result<(), Failure> {
    let probe = TestContext::new("created_again_is_last", store);
    for key in ["a", "b", "c"] {
        probe.create(&at(key), SOME_TIME).await?;
    }
    for (key, order) in [("a", ["b", "c", "a"]), ("a", ["b", "c", "a"]), ("c", ["b", "a", "c"])] {
        probe.delete(&at(key)).await?;
        probe.create(&at(key), SOME_TIME).await?;
        probe.lists(&Query::all(KIND), &order, 3).await?;
    }
    Ok(())
}
