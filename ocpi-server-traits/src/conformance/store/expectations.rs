//! A write is all or nothing, and happens only if what is there is what was expected.

use crate::conformance::Failure;
use crate::conformance::test_context::{KIND, SOME_TIME, TestContext, at, body_of, together};
use crate::{Precondition, PutOutcome, Query, Store};

/// [`Precondition::Anything`] writes whether or not something is there, and says which.
pub async fn expect_whatever(store: &impl Store) -> Result<(), Failure> {
    let probe = TestContext::new("expect_whatever", store);
    for expected in [PutOutcome::Created, PutOutcome::Updated, PutOutcome::Updated] {
        let written = probe.put(&at("a"), body_of("a"), SOME_TIME, Precondition::Anything).await?;
        probe.same("put", written, expected)?;
    }
    Ok(())
}

/// [`Precondition::Nothing`] writes only if nothing is there.
pub async fn expect_nothing(store: &impl Store) -> Result<(), Failure> {
    let probe = TestContext::new("expect_nothing", store);
    for expected in [PutOutcome::Created, PutOutcome::Conflict, PutOutcome::Conflict] {
        let written = probe.put(&at("a"), body_of("a"), SOME_TIME, Precondition::Nothing).await?;
        probe.same("put", written, expected)?;
    }
    Ok(())
}

/// [`Precondition::Revision`] writes only over the document with this revision.
pub async fn expect_revision(store: &impl Store) -> Result<(), Failure> {
    let probe = TestContext::new("expect_revision", store);
    for revision in [0, 1, u64::MAX] {
        let written = probe.put(&at("a"), body_of("a"), SOME_TIME, Precondition::Revision(revision)).await?;
        probe.same("put over nothing", written, PutOutcome::Conflict)?;
    }
    probe.same("get after refused puts", probe.get(&at("a")).await?, None)?;
    probe.create(&at("a"), SOME_TIME).await?;
    let first = probe.there(&at("a")).await?.revision;
    for (revision, expected) in [
        (first.wrapping_add(1), PutOutcome::Conflict),
        (u64::MAX, PutOutcome::Conflict),
        (first, PutOutcome::Updated),
        (first, PutOutcome::Conflict),
    ] {
        let written = probe.put(&at("a"), body_of("a"), SOME_TIME, Precondition::Revision(revision)).await?;
        probe.same(&format!("put over revision {revision}, the first being {first}"), written, expected)?;
    }
    Ok(())
}

/// A refused write leaves body, time, revision and list as they were.
pub async fn conflict_changes_nothing(store: &impl Store) -> Result<(), Failure> {
    let probe = TestContext::new("conflict_changes_nothing", store);
    probe.create(&at("a"), SOME_TIME).await?;
    let before = probe.there(&at("a")).await?;
    for expect in [Precondition::Nothing, Precondition::Revision(before.revision.wrapping_add(1))] {
        let written = probe.put(&at("a"), "{}", "2030-01-01T00:00:00Z", expect).await?;
        probe.same("put", written, PutOutcome::Conflict)?;
        probe.same("document after a refused put", probe.there(&at("a")).await?, before.clone())?;
    }
    let written = probe.put(&at("b"), "{}", SOME_TIME, Precondition::Revision(before.revision)).await?;
    probe.same("put with the revision of another document", written, PutOutcome::Conflict)?;
    probe.lists(&Query::all(KIND), &["a"], 1).await
}

/// Every write gives the document a revision it never had, also when it changes nothing, or after a deletion.
pub async fn revisions_never_repeat(store: &impl Store) -> Result<(), Failure> {
    let probe = TestContext::new("revisions_never_repeat", store);
    let mut seen = Vec::new();
    for delete in [false, false, true, false, true, true, false] {
        if delete {
            probe.delete(&at("a")).await?;
        }
        probe.put(&at("a"), body_of("a"), SOME_TIME, Precondition::Anything).await?;
        let revision = probe.there(&at("a")).await?.revision;
        if seen.contains(&revision) {
            return Err(probe.failure(format!("expected a new revision after {seen:?}, found {revision}")));
        }
        seen.push(revision);
    }
    Ok(())
}

/// Of several writers that expect nothing, at the same time, one creates the document.
pub async fn one_of_many_creators_wins(store: &impl Store) -> Result<(), Failure> {
    let probe = TestContext::new("one_of_many_creators_wins", store);
    race(&probe, Precondition::Nothing, PutOutcome::Created).await
}

/// Of several writers with the same revision, at the same time, one writes.
pub async fn one_of_many_updaters_wins(store: &impl Store) -> Result<(), Failure> {
    let probe = TestContext::new("one_of_many_updaters_wins", store);
    probe.create(&at("a"), SOME_TIME).await?;
    let revision = probe.there(&at("a")).await?.revision;
    race(&probe, Precondition::Revision(revision), PutOutcome::Updated).await
}

/// Lets writers with different bodies race; one must win, and its body must be there.
async fn race<S: Store>(
    probe: &TestContext<'_, S>,
    expect: Precondition,
    winner: PutOutcome,
) -> Result<(), Failure> {
    let at = at("a");
    let writers = (0..8).map(|writer: u8| probe.put(&at, writer.to_string(), SOME_TIME, expect));
    let written = together(writers).await.into_iter().collect::<Result<Vec<_>, _>>()?;
    let winners: Vec<_> = (0..written.len()).filter(|writer| written.get(*writer) == Some(&winner)).collect();
    let losers = written.iter().filter(|written| **written == PutOutcome::Conflict).count();
    probe.same("number of winners and losers", (winners.len(), losers), (1, 7))?;
    let expected = winners.iter().map(ToString::to_string).collect::<String>();
    probe.same("body of the winner", probe.there(&at).await?.body, expected.into())
}
