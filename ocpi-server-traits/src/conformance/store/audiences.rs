//! A list for an audience has what is for everybody or for one of the parties; the total counts no other.

use ocpi_types::protocol::Party;

use crate::conformance::Failure;
use crate::conformance::test_context::{
    KIND, SOME_TIME, TestContext, at, at_owner, at_time, body_of, document, owner,
};
use crate::{Address, NewDocument, Precondition, PutOutcome, Query, Store};

/// Audiences come back as they were, by reading and by listing.
pub async fn audiences_are_kept(store: &impl Store) -> Result<(), Failure> {
    let probe = TestContext::new("audiences_are_kept", store);
    let audiences = [None, Some(owner("DE", "EMP")), Some(owner("nl", "alf")), Some(owner("XX", "0A1"))];
    for (index, audience) in audiences.iter().enumerate() {
        let at = at(&index.to_string());
        put(&probe, &at, audience.clone(), SOME_TIME).await?;
        probe.same("audience", probe.there(&at).await?.audience, audience.clone())?;
    }
    let listed = probe.list(&Query::all(KIND)).await?.documents;
    let listed: Vec<_> = listed.into_iter().map(|(_, document)| document.audience).collect();
    probe.same("audiences of a list", listed, audiences.to_vec())
}

/// A second write replaces the audience too: by another, by none, and back.
pub async fn audience_changes_with_the_document(store: &impl Store) -> Result<(), Failure> {
    let probe = TestContext::new("audience_changes_with_the_document", store);
    let (emp, oth) = (owner("DE", "EMP"), owner("BE", "OTH"));
    for (audience, shown) in [
        (Some(&emp), [true, false]),
        (Some(&oth), [false, true]),
        (None, [true, true]),
        (Some(&oth), [false, true]),
        (Some(&emp), [true, false]),
    ] {
        put(&probe, &at("a"), audience.cloned(), SOME_TIME).await?;
        probe.same("audience", probe.there(&at("a")).await?.audience, audience.cloned())?;
        for (party, shown) in [&emp, &oth].into_iter().zip(shown) {
            let query = Query { audience: Some(vec![party.clone()]), ..Query::all(KIND) };
            let keys: &[_] = if shown { &["a"] } else { &[] };
            probe.lists(&query, keys, u64::from(shown)).await?;
        }
    }
    Ok(())
}

/// Only what is for everybody or for one of the parties is listed, in whatever case they are written, and each
/// document once. For no party there is only what is for everybody.
pub async fn list_for_an_audience(store: &impl Store) -> Result<(), Failure> {
    let probe = TestContext::new("list_for_an_audience", store);
    let (emp, oth, nobody) = (owner("De", "eMP"), owner("BE", "OTH"), owner("FR", "EMP"));
    for (key, audience) in [
        ("1", Some(owner("DE", "EMP"))),
        ("2", None),
        ("3", Some(owner("be", "oth"))),
        ("4", Some(owner("DE", "OTH"))),
        ("5", Some(owner("de", "emp"))),
        ("6", None),
    ] {
        put(&probe, &at(key), audience, SOME_TIME).await?;
    }
    for (audience, keys) in [
        (vec![emp.clone()], &["1", "2", "5", "6"] as &[_]),
        (vec![oth.clone()], &["2", "3", "6"]),
        (vec![oth.clone(), emp.clone()], &["1", "2", "3", "5", "6"]),
        (vec![emp.clone(), owner("DE", "EMP"), emp], &["1", "2", "5", "6"]),
        (vec![nobody.clone()], &["2", "6"]),
        (vec![nobody, oth], &["2", "3", "6"]),
        (vec![], &["2", "6"]),
    ] {
        let total = u64::try_from(keys.len()).unwrap_or(u64::MAX);
        probe.lists(&Query { audience: Some(audience), ..Query::all(KIND) }, keys, total).await?;
    }
    probe.lists(&Query::all(KIND), &["1", "2", "3", "4", "5", "6"], 6).await
}

/// Offset, limit and total count only what is for the audience, together with owners and times.
pub async fn list_pages_for_an_audience(store: &impl Store) -> Result<(), Failure> {
    let probe = TestContext::new("list_pages_for_an_audience", store);
    let (emp, oth) = (owner("DE", "EMP"), owner("BE", "OTH"));
    for key in ["1", "2", "3", "4", "5", "6"] {
        let time = format!("2026-01-0{key}T00:00:00Z");
        put(&probe, &at_owner("NL", "ALF", &format!("{key}o")), Some(oth.clone()), &time).await?;
        put(&probe, &at_owner("NL", "ALF", &format!("{key}e")), Some(emp.clone()), &time).await?;
        put(&probe, &at_owner("NL", "BET", &format!("{key}e")), Some(emp.clone()), &time).await?;
        put(&probe, &at_owner("NL", "ALF", key), None, &time).await?;
    }
    let for_emp = Query { audience: Some(vec![emp.clone()]), ..Query::all(KIND) };
    probe.lists(&Query { offset: 4, limit: 3, ..for_emp.clone() }, &["2e", "2", "3e"], 18).await?;

    let of_alf = Query { owners: Some(vec![owner("NL", "ALF")]), ..for_emp };
    probe.lists(&Query { offset: 3, limit: 2, ..of_alf.clone() }, &["2", "3e"], 12).await?;
    let (from, to) = (Some(at_time("2026-01-02T00:00:00Z")), Some(at_time("2026-01-04T00:00:00Z")));
    let in_time = Query { from, to, ..of_alf };
    for (offset, keys) in [(0, &["2e", "2", "3e"] as &[_]), (3, &["3"]), (4, &[])] {
        probe.lists(&Query { offset, limit: 3, ..in_time.clone() }, keys, 4).await?;
    }
    let both = Query {
        owners: Some(vec![owner("NL", "ALF"), owner("NL", "BET")]),
        audience: Some(vec![emp, oth]),
        ..in_time.clone()
    };
    probe.lists(&Query { offset: 2, limit: 3, ..both }, &["2e", "2", "3o"], 8).await?;
    probe.lists(&Query { owners: Some(Vec::new()), ..in_time }, &[], 0).await
}

async fn put<S: Store>(
    probe: &TestContext<'_, S>,
    at: &Address,
    audience: Option<Party>,
    time: &str,
) -> Result<PutOutcome, Failure> {
    let document = NewDocument { audience, ..document(body_of(&at.key), time) };
    probe.put_document(at, document, Precondition::Anything).await
}
