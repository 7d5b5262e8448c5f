//! Refusals of a stranger, a cheat and a broken program, which change nothing.

use bytes::Bytes;
use http::StatusCode as Http;
use ocpi_client::Transport;
use ocpi_types::endpoint::{Put, RootResource};
use ocpi_types::protocol::Envelope;
use ocpi_types::v2_3_0::locations::Location;
use serde_json::json;

use super::Failure;
use super::report::Details;
use super::words::count;
use super::world::World;

/// An attempt: what it is, what is sent, and the answer that is due.
struct Attempt {
    what: &'static str,
    request: http::Request<Bytes>,
    http: Http,
    code: u16,
}

/// Tries them all against the eMSP, in the CPO's name where a name is needed.
pub(super) async fn try_everything(world: &World) -> Result<((), Details), Failure> {
    let before = (world.emsp.locations().await?, world.emsp.objects().await?);
    let location = before.0.first().ok_or("the eMSP has no location")?.clone();
    let mut told = Vec::new();
    for attempt in attempts(world, &location).await? {
        let answer = world.cpo.transport.send(attempt.request).await?;
        let envelope = Envelope::read(answer.body())?;
        let code = envelope.head.status_code.map(|code| code.get());
        if answer.status() != attempt.http || code != Some(attempt.code) {
            let got = format!("HTTP {} and {code:?}", answer.status());
            return Err(format!(
                "{}: got {got}, not HTTP {} and {}",
                attempt.what, attempt.http, attempt.code
            )
            .into());
        }
        told.push(
            json!({ "attempt": attempt.what, "http": attempt.http.as_u16(), "status_code": attempt.code }),
        );
    }
    if (world.emsp.locations().await?, world.emsp.objects().await?) != before {
        return Err("an attempt changed something".into());
    }
    let text = format!("{} refused as the specification says; nothing changed", count(told.len(), "attempt"));
    let table = told.iter().map(|entry| {
        format!(
            "{}: HTTP {}, OCPI status {}",
            entry["attempt"].as_str().unwrap_or_default(),
            entry["http"],
            entry["status_code"]
        )
    });
    let table = table.collect();
    Ok(((), Details::new(text, json!({ "attempts": told })).with_table(table)))
}

async fn attempts(world: &World, location: &Location) -> Result<Vec<Attempt>, Failure> {
    let emsp = world.cpo.platform.client("emsp").await?;
    let honest = || emsp.request(&Put::of(location.clone()));
    let with_body = |body: Bytes| -> Result<_, Failure> { Ok(honest()?.map(|_| body)) };

    let mut stranger = honest()?;
    stranger.headers_mut().insert(http::header::AUTHORIZATION, "Token bm9ib2R5".parse()?);

    let mut others = location.clone();
    others.party_id = "ZZZ".try_into()?;

    let mut renamed = Put::of(location.clone());
    renamed.at = Location { id: "ANOTHER".parse()?, ..location.clone() }.identity();

    let broken = br#"{"id": "#;
    let attempt = |what, request, http, code| Attempt { what, request, http, code };
    Ok(vec![
        attempt("unknown token", stranger, Http::UNAUTHORIZED, 2000),
        attempt("another party's object", emsp.request(&Put::of(others))?, Http::NOT_FOUND, 2000),
        attempt("ids that differ in URL and body", emsp.request(&renamed)?, Http::OK, 2001),
        attempt(
            "a body of 9 MiB",
            with_body(Bytes::from(vec![b' '; 9 << 20]))?,
            Http::PAYLOAD_TOO_LARGE,
            2000,
        ),
        attempt("broken JSON", with_body(Bytes::from_static(broken))?, Http::BAD_REQUEST, 2001),
        attempt("JSON without required members", with_body(Bytes::from_static(b"{}"))?, Http::OK, 2001),
    ])
}
