//! A written document is read back byte for byte, with the time and the format that came with it.

use bytes::Bytes;

use crate::conformance::Failure;
use crate::conformance::test_context::{KIND, SOME_TIME, TestContext, at, at_time, body_of, document};
use crate::{NewDocument, Precondition, PutOutcome, Query, Store};

/// An empty store answers every question, with nothing.
pub async fn empty_store_has_nothing(store: &impl Store) -> Result<(), Failure> {
    let probe = TestContext::new("empty_store_has_nothing", store);
    probe.same("get", probe.get(&at("a")).await?, None)?;
    probe.lists(&Query::all(KIND), &[], 0).await
}

/// Bodies come back as they were, also where another text would mean the same.
pub async fn bodies_are_kept_byte_for_byte(store: &impl Store) -> Result<(), Failure> {
    let probe = TestContext::new("bodies_are_kept_byte_for_byte", store);
    let bodies = [
        r#"{"b":1,"a":2}"#,
        "{ \"a\" :\t1 ,\r\n\"b\":[ ] }\n",
        r#"{"price":1.10,"energy":1e2,"big":123456789012345678901234567890.00}"#,
        r#"{"name":"Zoë — 充電 🔌","escaped":"\u00eb\u0000\/"}"#,
        "{\"composed\":\"\u{e9}\",\"decomposed\":\"e\u{301}\"}",
        r#"{"twice":1,"twice":2}"#,
        r#"{"quotes":"' \" ; -- %"}"#,
    ];
    for (index, body) in bodies.into_iter().enumerate() {
        let at = at(&index.to_string());
        probe.put(&at, body, SOME_TIME, Precondition::Nothing).await?;
        probe.same("body", probe.there(&at).await?.body, Bytes::from(body))?;
    }
    let listed = probe.list(&Query::all(KIND)).await?.documents;
    let listed: Vec<_> = listed.into_iter().map(|(_, document)| document.body).collect();
    probe.same("bodies of a list", listed, bodies.map(Bytes::from).to_vec())
}

/// A body of 2 MB comes back whole.
pub async fn large_bodies_are_kept(store: &impl Store) -> Result<(), Failure> {
    let probe = TestContext::new("large_bodies_are_kept", store);
    // The digits change along the text, so that a missing or repeated part shows.
    let digits: String = (0..270_000_u32).map(|count| format!("{count:08}")).collect();
    let body = Bytes::from(format!("[\"é{digits}\"]"));
    probe.put(&at("a"), body.clone(), SOME_TIME, Precondition::Nothing).await?;
    probe.same("large body", probe.there(&at("a")).await?.body, body)
}

/// Times come back as the same instant in the form in which they were written: digits of a second, and `Z`.
pub async fn times_are_kept_as_written(store: &impl Store) -> Result<(), Failure> {
    let probe = TestContext::new("times_are_kept_as_written", store);
    let times = [
        "2026-01-01T10:00:00Z",
        "2026-01-01T10:00:00",
        "2026-01-01T10:00:00.000Z",
        "2026-01-01T10:00:00.5",
        "2026-01-01T10:00:00.120Z",
        "2026-01-01T10:00:00.123456789Z",
        "2026-01-01T12:30:00+02:30",
        "1969-12-31T23:59:59.9Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
    ];
    for (index, text) in times.into_iter().enumerate() {
        let (at, time) = (at(&index.to_string()), at_time(text));
        probe.put(&at, body_of("a"), text, Precondition::Nothing).await?;
        let found = probe.there(&at).await?.last_updated;
        probe.same("instant", found, time)?;
        probe.same("form of a time", found.to_string(), time.to_string())?;
    }
    Ok(())
}

/// Formats come back as they were, and change with the body.
pub async fn formats_are_kept_as_written(store: &impl Store) -> Result<(), Failure> {
    let probe = TestContext::new("formats_are_kept_as_written", store);
    for format in ["2.3.0", "2.2.1", "", "Version 2", "2.2.1 "] {
        let document = NewDocument { format: format.to_owned(), ..document(body_of("a"), SOME_TIME) };
        probe.put_document(&at("a"), document, Precondition::Anything).await?;
        probe.same("format", probe.there(&at("a")).await?.format, format.to_owned())?;
        let listed = probe.list(&Query::all(KIND)).await?.documents;
        let listed: Vec<_> = listed.into_iter().map(|(_, document)| document.format).collect();
        probe.same("formats of a list", listed, vec![format.to_owned()])?;
    }
    Ok(())
}

/// A second write replaces body and time; the storage does not mind an older time.
pub async fn last_put_counts(store: &impl Store) -> Result<(), Failure> {
    let probe = TestContext::new("last_put_counts", store);
    probe.put(&at("a"), r#"{"long":"old"}"#, "2026-01-01T10:00:00Z", Precondition::Anything).await?;
    for (body, time) in [("{}", "2026-01-01T10:00:00.5Z"), ("[1]", "2020-01-01T00:00:00Z")] {
        let written = probe.put(&at("a"), body, time, Precondition::Anything).await?;
        probe.same("second put", written, PutOutcome::Updated)?;
        let found = probe.there(&at("a")).await?;
        probe.same("body", found.body, Bytes::from(body))?;
        probe.same("time", found.last_updated, at_time(time))?;
    }
    Ok(())
}
