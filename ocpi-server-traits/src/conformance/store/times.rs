//! `from` is inclusive, `to` exclusive.

use crate::conformance::Failure;
use crate::conformance::test_context::{KIND, TestContext, at, at_time};
use crate::{Query, Store};

/// A document updated at `from` is listed, one updated the least bit before is not.
pub async fn from_is_inclusive(store: &impl Store) -> Result<(), Failure> {
    let probe = TestContext::new("from_is_inclusive", store);
    probe.create(&at("a"), "2026-01-01T10:00:00Z").await?;
    for (from, listed) in [
        ("2026-01-01T10:00:00Z", true),
        ("2026-01-01T09:59:59Z", true),
        ("2026-01-01T09:59:59.999999999Z", true),
        ("2026-01-01T10:00:00.000000001Z", false),
        ("2026-01-01T10:00:01Z", false),
    ] {
        expect_since(&probe, from, listed).await?;
    }
    Ok(())
}

/// A document updated at `to` is not listed, one updated the least bit before is.
pub async fn to_is_exclusive(store: &impl Store) -> Result<(), Failure> {
    let probe = TestContext::new("to_is_exclusive", store);
    probe.create(&at("a"), "2026-01-01T10:00:00Z").await?;
    for (to, listed) in [
        ("2026-01-01T10:00:00Z", false),
        ("2026-01-01T09:59:59.999999999Z", false),
        ("2026-01-01T10:00:00.000000001Z", true),
        ("2026-01-01T10:00:01Z", true),
    ] {
        expect_until(&probe, to, listed).await?;
    }
    Ok(())
}

/// Times are compared as instants, whatever their digits, with or without `Z`, and with an offset.
pub async fn times_compare_as_instants(store: &impl Store) -> Result<(), Failure> {
    let probe = TestContext::new("times_compare_as_instants", store);
    for updated in [
        "2026-01-01T10:00:00.5Z",
        "2026-01-01T10:00:00.5",
        "2026-01-01T10:00:00.500000000Z",
        "2026-01-01T12:00:00.50+02:00",
    ] {
        probe.create(&at("a"), updated).await?;
        for (time, order) in [
            ("2026-01-01T10:00:00.5Z", Is::Same),
            ("2026-01-01T10:00:00.500", Is::Same),
            ("2026-01-01T10:00:00.500000000Z", Is::Same),
            ("2026-01-01T11:00:00.5+01:00", Is::Same),
            ("2026-01-01T08:30:00.5-01:30", Is::Same),
            ("2026-01-01T10:00:00Z", Is::Earlier),
            ("2026-01-01T10:00:00", Is::Earlier),
            ("2026-01-01T10:00:00.45Z", Is::Earlier),
            ("2026-01-01T10:30:00+01:00", Is::Earlier),
            ("2025-12-31T23:59:59Z", Is::Earlier),
            ("2026-01-01T10:00:00.51", Is::Later),
            ("2026-01-01T10:00:01Z", Is::Later),
            ("2026-01-01T10:00:01", Is::Later),
            ("2026-01-01T09:30:00-01:00", Is::Later),
            ("2026-01-01T10:00:00.500000001Z", Is::Later),
        ] {
            expect_since(&probe, time, order != Is::Later).await?;
            expect_until(&probe, time, order == Is::Later).await?;
        }
        probe.delete(&at("a")).await?;
    }
    Ok(())
}

/// Windows that touch show every document once; an empty window shows none.
pub async fn time_windows_chain(store: &impl Store) -> Result<(), Failure> {
    let probe = TestContext::new("time_windows_chain", store);
    for (key, time) in [
        ("1", "2026-01-01T10:00:00Z"),
        ("2", "2026-01-01T10:00:00.999"),
        ("3", "2026-01-01T10:00:01Z"),
        ("4", "2026-01-01T10:00:01.000000001Z"),
        ("5", "2026-01-01T10:00:02Z"),
    ] {
        probe.create(&at(key), time).await?;
    }
    for (from, to, keys) in [
        ("2026-01-01T10:00:00Z", "2026-01-01T10:00:01Z", &["1", "2"] as &[_]),
        ("2026-01-01T10:00:01Z", "2026-01-01T10:00:02Z", &["3", "4"]),
        ("2026-01-01T10:00:02Z", "2026-01-01T10:00:03Z", &["5"]),
        ("2026-01-01T10:00:01Z", "2026-01-01T10:00:01Z", &[]),
        ("2026-01-01T10:00:02Z", "2026-01-01T10:00:01Z", &[]),
    ] {
        let query = Query { from: Some(at_time(from)), to: Some(at_time(to)), ..Query::all(KIND) };
        probe.lists(&query, keys, u64::try_from(keys.len()).unwrap_or(u64::MAX)).await?;
    }
    Ok(())
}

/// Relation of a bound to the time of the document.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Is {
    Earlier,
    Same,
    Later,
}

async fn expect_since<S: Store>(probe: &TestContext<'_, S>, from: &str, listed: bool) -> Result<(), Failure> {
    expect_listed(probe, Query { from: Some(at_time(from)), ..Query::all(KIND) }, listed).await
}

async fn expect_until<S: Store>(probe: &TestContext<'_, S>, to: &str, listed: bool) -> Result<(), Failure> {
    expect_listed(probe, Query { to: Some(at_time(to)), ..Query::all(KIND) }, listed).await
}

async fn expect_listed<S: Store>(
    probe: &TestContext<'_, S>,
    query: Query,
    listed: bool,
) -> Result<(), Failure> {
    if listed { probe.lists(&query, &["a"], 1).await } else { probe.lists(&query, &[], 0).await }
}
