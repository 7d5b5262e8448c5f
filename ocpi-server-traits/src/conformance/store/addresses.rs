//! Owners that differ only in case are the same; keys are compared as they are.

use crate::conformance::Failure;
use crate::conformance::test_context::{KIND, SOME_TIME, TestContext, at, at_owner, body_of};
use crate::{Address, Precondition, PutOutcome, Query, Store};

/// The same owner and key in another collection is another document.
pub async fn collections_are_apart(store: &impl Store) -> Result<(), Failure> {
    let probe = TestContext::new("collections_are_apart", store);
    let other = Address { collection: "Tariff", ..at("a") };
    probe.create(&at("a"), SOME_TIME).await?;
    probe.same("get of the other collection", probe.get(&other).await?, None)?;
    probe.create(&other, SOME_TIME).await?;
    for collection in [KIND, "Tariff"] {
        probe.lists(&Query::all(collection), &["a"], 1).await?;
    }
    probe.lists(&Query::all("Session"), &[], 0).await
}

/// The same key of another owner is another document.
pub async fn owners_are_apart(store: &impl Store) -> Result<(), Failure> {
    let probe = TestContext::new("owners_are_apart", store);
    let owners = [("NL", "ALF"), ("NL", "ALG"), ("BE", "ALF"), ("NL", "AL1")];
    for (count, (country, party)) in owners.into_iter().enumerate() {
        let at = at_owner(country, party, "a");
        probe.same("get before put", probe.get(&at).await?, None)?;
        probe.put(&at, count.to_string(), SOME_TIME, Precondition::Nothing).await?;
    }
    for (count, (country, party)) in owners.into_iter().enumerate() {
        let found = probe.there(&at_owner(country, party, "a")).await?.body;
        probe.same("body", found, count.to_string().into())?;
    }
    Ok(())
}

/// Reading, writing and deleting find a document by any spelling of its owner.
pub async fn owners_ignore_case(store: &impl Store) -> Result<(), Failure> {
    let probe = TestContext::new("owners_ignore_case", store);
    let (upper, lower, mixed) =
        (at_owner("NL", "ALF", "a"), at_owner("nl", "alf", "a"), at_owner("Nl", "aLf", "a"));
    probe.create(&mixed, SOME_TIME).await?;
    for at in [&upper, &lower, &mixed] {
        let revision = probe.there(at).await?.revision;
        let refused = probe.put(at, "1", SOME_TIME, Precondition::Nothing).await?;
        probe.same("put of what is there", refused, PutOutcome::Conflict)?;
        let written = probe.put(at, body_of("a"), SOME_TIME, Precondition::Revision(revision)).await?;
        probe.same("put over what is there", written, PutOutcome::Updated)?;
    }
    probe.lists(&Query::all(KIND), &["a"], 1).await?;
    probe.same("delete", probe.delete(&lower).await?, true)?;
    probe.same("get after delete", probe.get(&upper).await?, None)
}

/// Keys are the same only if all their bytes are: case, blanks, accents and wildcards count.
pub async fn keys_are_exact(store: &impl Store) -> Result<(), Failure> {
    let probe = TestContext::new("keys_are_exact", store);
    let keys =
        ["a", "A", "a ", " a", "a/b", "a/B", "a%", "a_", "%", "'", "\"", "", "1", "01", "é", "e\u{301}"];
    for key in keys {
        probe.same("get before put", probe.get(&at(key)).await?, None)?;
        probe.create(&at(key), SOME_TIME).await?;
    }
    for key in keys {
        probe.same("body", probe.there(&at(key)).await?.body, body_of(key).into())?;
    }
    let count = u64::try_from(keys.len()).unwrap_or(u64::MAX);
    probe.lists(&Query::all(KIND), &keys, count).await
}
