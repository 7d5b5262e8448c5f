//! A list is in the order in which documents were first written; a later write does not move a document.

use crate::conformance::Failure;
use crate::conformance::test_context::{KIND, SOME_TIME, TestContext, at, at_owner, at_time, body_of, owner};
use crate::{Precondition, Query, Store};

/// Neither keys nor owners nor times determine the order, but the first write.
pub async fn list_in_order_of_first_writing(store: &impl Store) -> Result<(), Failure> {
    let probe = TestContext::new("list_in_order_of_first_writing", store);
    probe.create(&at_owner("NL", "ALF", "c"), "2026-01-03T00:00:00Z").await?;
    probe.create(&at_owner("BE", "ZZZ", "a"), "2026-01-02T00:00:00Z").await?;
    probe.create(&at_owner("NL", "ALF", "B"), "2026-01-04T00:00:00Z").await?;
    probe.create(&at_owner("AT", "BBB", "d"), "2026-01-01T00:00:00Z").await?;
    probe.lists(&Query::all(KIND), &["c", "a", "B", "d"], 4).await?;
    let since = Query { from: Some(at_time("2026-01-02T00:00:00Z")), ..Query::all(KIND) };
    probe.lists(&since, &["c", "a", "B"], 3).await?;
    let owners = Some(vec![owner("AT", "BBB"), owner("NL", "ALF")]);
    probe.lists(&Query { owners, ..Query::all(KIND) }, &["c", "B", "d"], 3).await
}

/// Updates, of whatever length and time, leave the order as it is.
pub async fn updates_move_nothing(store: &impl Store) -> Result<(), Failure> {
    let probe = TestContext::new("updates_move_nothing", store);
    let keys = ["b", "a", "d", "c"];
    for key in keys {
        probe.create(&at(key), SOME_TIME).await?;
    }
    for (key, time) in [("b", "2030-01-01T00:00:00Z"), ("c", "2020-01-01T00:00:00Z"), ("a", SOME_TIME)] {
        probe.put(&at(key), format!("[{:10000}]", 1), time, Precondition::Anything).await?;
        probe.put(&at(key), body_of(key), time, Precondition::Anything).await?;
        probe.lists(&Query::all(KIND), &keys, 4).await?;
    }
    Ok(())
}

/// A listed document is the one that get shows: body, time, audience, format and revision.
pub async fn list_shows_what_get_shows(store: &impl Store) -> Result<(), Failure> {
    let probe = TestContext::new("list_shows_what_get_shows", store);
    let mut expected = Vec::new();
    for (key, time) in [("b", "2026-01-01T10:00:00.50"), ("a", SOME_TIME)] {
        probe.create(&at(key), SOME_TIME).await?;
        probe.put(&at(key), body_of(key), time, Precondition::Anything).await?;
        expected.push(probe.there(&at(key)).await?);
    }
    let listed = probe.list(&Query::all(KIND)).await?.documents;
    let listed: Vec<_> = listed.into_iter().map(|(_, document)| document).collect();
    let forms = |documents: &[crate::Document]| -> Vec<_> {
        documents.iter().map(|document| document.last_updated.to_string()).collect()
    };
    probe.same("forms of the listed times", forms(&listed), forms(&expected))?;
    probe.same("listed documents", listed, expected)
}

/// A document is listed with the address by which get finds it.
pub async fn list_shows_where_documents_are(store: &impl Store) -> Result<(), Failure> {
    let probe = TestContext::new("list_shows_where_documents_are", store);
    let places = [
        at_owner("NL", "ALF", "b/B"),
        at_owner("BE", "XYZ", "a"),
        at_owner("nl", "alf", "A "),
        at_owner("NL", "XYZ", ""),
    ];
    for at in &places {
        probe.create(at, SOME_TIME).await?;
    }
    let listed = probe.list(&Query::all(KIND)).await?.documents;
    let found: Vec<_> = listed.iter().map(|(at, _)| (at.owner.clone(), at.key.clone())).collect();
    let expected: Vec<_> = places.iter().map(|at| (at.owner.clone(), at.key.clone())).collect();
    probe.same("owners and keys of a list", found, expected)?;
    for (at, document) in listed {
        probe.same("collection of a listed document", at.collection, KIND)?;
        probe.same("document at the listed address", probe.get(&at).await?, Some(document))?;
    }
    Ok(())
}

/// Only documents of the asked owners are listed, in whatever case they are asked for, and each once.
pub async fn list_by_owners(store: &impl Store) -> Result<(), Failure> {
    let probe = TestContext::new("list_by_owners", store);
    for (country, party, key) in
        [("NL", "ALF", "1"), ("be", "xyz", "2"), ("NL", "XYZ", "3"), ("BE", "ALF", "4"), ("nl", "alf", "5")]
    {
        probe.create(&at_owner(country, party, key), SOME_TIME).await?;
    }
    let (nl_alf, be_xyz, nobody) = (owner("Nl", "aLF"), owner("BE", "XYZ"), owner("FR", "ALF"));
    for (owners, keys) in [
        (vec![nl_alf.clone()], &["1", "5"] as &[_]),
        (vec![be_xyz.clone()], &["2"]),
        (vec![be_xyz.clone(), nl_alf.clone()], &["1", "2", "5"]),
        (vec![nl_alf.clone(), owner("NL", "ALF"), nl_alf.clone()], &["1", "5"]),
        (vec![nobody.clone()], &[]),
        (vec![nobody, be_xyz], &["2"]),
        (vec![], &[]),
    ] {
        let total = u64::try_from(keys.len()).unwrap_or(u64::MAX);
        probe.lists(&Query { owners: Some(owners), ..Query::all(KIND) }, keys, total).await?;
    }
    probe.lists(&Query::all(KIND), &["1", "2", "3", "4", "5"], 5).await
}

/// Offset and limit cut a part out of the list; the total stays.
pub async fn list_in_pages(store: &impl Store) -> Result<(), Failure> {
    let probe = TestContext::new("list_in_pages", store);
    let keys = ["g", "f", "e", "d", "c", "b", "a"];
    for key in keys {
        probe.create(&at(key), SOME_TIME).await?;
    }
    for (offset, limit, part) in [
        (0, 3, 0..3),
        (3, 3, 3..6),
        (6, 3, 6..7),
        (0, 7, 0..7),
        (1, u64::MAX, 1..7),
        (7, 3, 0..0),
        (u64::MAX, 3, 0..0),
        (u64::MAX, u64::MAX, 0..0),
        (0, 0, 0..0),
        (2, 1, 2..3),
    ] {
        let query = Query { offset, limit, ..Query::all(KIND) };
        probe.lists(&query, keys.get(part).unwrap_or_default(), 7).await?;
    }
    Ok(())
}

/// Offset, limit and total count only what matches collection, owners and times.
pub async fn list_pages_of_a_part(store: &impl Store) -> Result<(), Failure> {
    let probe = TestContext::new("list_pages_of_a_part", store);
    for key in ["1", "2", "3", "4", "5", "6"] {
        for (country, party, kind) in
            [("NL", "ALF", KIND), ("NL", "OTH", KIND), ("BE", "ALF", KIND), ("NL", "ALF", "Tariff")]
        {
            let at = crate::Address { collection: kind, ..at_owner(country, party, key) };
            probe.create(&at, &format!("2026-01-0{key}T00:00:00Z")).await?;
        }
    }
    let whole = Query {
        owners: Some(vec![owner("NL", "ALF")]),
        from: Some(at_time("2026-01-02T00:00:00Z")),
        to: Some(at_time("2026-01-06T00:00:00Z")),
        ..Query::all(KIND)
    };
    probe.lists(&whole, &["2", "3", "4", "5"], 4).await?;
    for (offset, keys) in [(0, &["2", "3", "4"] as &[_]), (3, &["5"]), (4, &[])] {
        probe.lists(&Query { offset, limit: 3, ..whole.clone() }, keys, 4).await?;
    }
    let two = Query { owners: Some(vec![owner("NL", "ALF"), owner("NL", "OTH")]), ..whole };
    probe.lists(&Query { offset: 1, limit: 3, ..two }, &["2", "3", "3"], 8).await
}
