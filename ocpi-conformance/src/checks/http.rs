//! HTTP and envelopes: checks of single requests, and of every answer of the run.

use std::sync::Arc;

use http::Method;
use ocpi_types::protocol::headers;
use ocpi_types::{DateTime, Version};
use serde_json::Value;

use crate::behaviour::{Behaviour, Group, behaviours};
use crate::check::Done;
use crate::context::Context;
use crate::wire::{Ask, Exchange, IDS};

pub(crate) const HTTP: Group<'_> = Group { name: "http", module: "http", chapter: "transport_and_format" };
pub(crate) const ENVELOPE: Group<'_> =
    Group { name: "envelope", module: "envelope", chapter: "transport_and_format" };

/// Seconds by which clocks may differ.
const SKEW: u64 = 300;

pub(crate) const OF_HTTP: &[Behaviour<()>] = behaviours! { (), ReadOnly;
    "unknown_url" Must V2_1_1: "A URL that leads nowhere is refused", "§response_format", needs "details.get"
        => unknown_url;
    "method_not_allowed" Must V2_1_1: "A method that a URL does not have is refused", "§interface_endpoints",
        needs "versions.list" => method_not_allowed;
};

/// Checks of all answers of the run.
pub(crate) const OF_ANSWERS: &[Behaviour<()>] = behaviours! { (), ReadOnly;
    "content_type" Must V2_1_1: "Bodies are called application/json", "§json_http_implementation_guide"
        => content_type;
    "no_redirect" Must V2_1_1: "Nothing is redirected", "§interface_endpoints" => no_redirect;
    "no_server_error" Must V2_1_1: "No answer is a failure of the server (HTTP 5xx)", "§response_format"
        => no_server_error;
    "request_id" Must V2_2: "X-Request-ID is repeated in answers", "§unique_messageg_ids" => request_id;
    "correlation_id" Must V2_2: "X-Correlation-ID is repeated in answers", "§unique_messageg_ids" => correlation_id;
    "routing" Must V2_2: "Routing headers of answers are those of requests, exchanged", "§message_routing"
        => routing;
    "routing_there" Should V2_2: "Answers to requests with routing headers have them", "§message_routing"
        => routing_there;
};

/// Checks of all envelopes of the run.
pub(crate) const OF_ENVELOPES: &[Behaviour<()>] = behaviours! { (), ReadOnly;
    "there" Must V2_1_1: "Every success is an envelope", "§response_format" => there;
    "of_refusals" Should V2_1_1: "Every refusal is an envelope", "§response_format" => of_refusals;
    "status_code" Must V2_1_1: "status_code is an integer of four digits", "status_codes §status_codes"
        => status_code;
    "status_fits_http" Must V2_1_1: "HTTP and OCPI agree whether a request succeeded", "§response_format"
        => status_fits_http;
    "timestamp" Must V2_1_1: "timestamp is there, in UTC", "types §datetime_type" => timestamp;
    "clock" Should V2_1_1: "timestamp is the time of the answer, within five minutes", "§response_format" => clock;
};

async fn unknown_url(cx: &Context, (): &()) -> Done {
    let base = cx.server().details_url.unwrap_or_default();
    let url = format!("{}/no-such-module", base.trim_end_matches('/'));
    let answer = cx.wire.send(&Ask::get(url)).await?;
    answer.refused("nothing is there")?;
    Ok(1)
}

async fn method_not_allowed(cx: &Context, (): &()) -> Done {
    let mut looked_at = 0;
    // Harmless also where they are taken: there is nothing to change.
    for method in [Method::POST, Method::PATCH] {
        let answer = cx.wire.send(&Ask::new(method.clone(), &cx.options.versions_url).body("{}")).await?;
        answer.refused(&format!("the list of versions has no {method}"))?;
        looked_at += 1;
    }
    Ok(looked_at)
}

/// Looks at each answer; how many were looked at. `None` means that one is none of the check's business.
fn each(cx: &Context, look: impl Fn(&Exchange) -> Option<Result<(), (String, String)>>) -> Done {
    let answers: Vec<Arc<Exchange>> = cx.wire.answers();
    let mut looked_at = 0;
    for answer in &answers {
        match look(answer) {
            None => {}
            Some(Ok(())) => looked_at += 1,
            Some(Err((expected, found))) => return Err(answer.fail(expected, found)),
        }
    }
    Ok(looked_at)
}

async fn content_type(cx: &Context, (): &()) -> Done {
    each(cx, |it| {
        if !it.has_body || !(200..300).contains(&it.status) {
            return None;
        }
        let found =
            it.headers.get(http::header::CONTENT_TYPE).map(|it| String::from_utf8_lossy(it.as_bytes()));
        let kind = found.as_deref().and_then(|it| it.split(';').next()).unwrap_or_default().trim().to_owned();
        let is_right = kind.eq_ignore_ascii_case("application/json");
        Some(if is_right { Ok(()) } else { Err(("application/json".to_owned(), or_none(&kind))) })
    })
}

async fn no_redirect(cx: &Context, (): &()) -> Done {
    each(cx, |it| {
        Some(if (300..400).contains(&it.status) { Err(pair("no redirect", it.status)) } else { Ok(()) })
    })
}

async fn no_server_error(cx: &Context, (): &()) -> Done {
    each(cx, |it| Some(if it.status >= 500 { Err(pair("no HTTP 5xx", it.status)) } else { Ok(()) }))
}

async fn request_id(cx: &Context, (): &()) -> Done {
    id(cx, 0)
}

async fn correlation_id(cx: &Context, (): &()) -> Done {
    id(cx, 1)
}

fn id(cx: &Context, place: usize) -> Done {
    each(cx, |it| {
        let sent = it.sent.ids.get(place)?.as_deref()?;
        let name = IDS.into_iter().nth(place)?;
        let found = it.headers.get(&name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let is_right = found == sent;
        Some(if is_right { Ok(()) } else { Err((format!("{name}: {sent}"), or_none(found))) })
    })
}

async fn routing(cx: &Context, (): &()) -> Done {
    each(cx, |it| {
        let from = it.sent.from.as_ref()?;
        let (found_to, found_from) = (headers::to_party(&it.headers)?, headers::from_party(&it.headers));
        if found_to != *from {
            return Some(Err((format!("OCPI-to: {from}"), format!("OCPI-to: {found_to}"))));
        }
        match (&it.sent.to, found_from) {
            (Some(to), Some(found)) if *to != found => {
                Some(Err((format!("OCPI-from: {to}"), format!("OCPI-from: {found}"))))
            }
            _ => Some(Ok(())),
        }
    })
}

async fn routing_there(cx: &Context, (): &()) -> Done {
    each(cx, |it| {
        it.sent.from.as_ref().filter(|_| (200..300).contains(&it.status))?;
        let is_there = headers::to_party(&it.headers).is_some();
        Some(if is_there { Ok(()) } else { Err(("routing headers".to_owned(), "none".to_owned())) })
    })
}

async fn there(cx: &Context, (): &()) -> Done {
    each(cx, |it| (200..300).contains(&it.status).then(|| is_envelope(it)))
}

async fn of_refusals(cx: &Context, (): &()) -> Done {
    each(cx, |it| (400..500).contains(&it.status).then(|| is_envelope(it)))
}

fn is_envelope(it: &Exchange) -> Result<(), (String, String)> {
    it.head.as_ref().map(drop).map_err(|why| ("an envelope".to_owned(), why.clone()))
}

async fn status_code(cx: &Context, (): &()) -> Done {
    each(cx, |it| {
        let code = it.head.as_ref().ok()?.status_code.as_ref();
        let is_right = code.and_then(Value::as_u64).is_some_and(|code| (1000..5000).contains(&code));
        let found = code.map_or("none".to_owned(), Value::to_string);
        Some(if is_right { Ok(()) } else { Err(("an integer from 1000 to 4999".to_owned(), found)) })
    })
}

async fn status_fits_http(cx: &Context, (): &()) -> Done {
    each(cx, |it| {
        let code = it.head.as_ref().ok()?.status_code.as_ref()?.as_u64()?;
        if it.status >= 400 && code < 2000 {
            return Some(Err((format!("no success with HTTP {}", it.status), format!("OCPI status {code}"))));
        }
        Some(Ok(()))
    })
}

async fn timestamp(cx: &Context, (): &()) -> Done {
    let is_old = cx.spoken()? < Version::V2_2;
    each(cx, |it| {
        let stamp = it.head.as_ref().ok()?.timestamp.as_ref();
        let text = stamp.and_then(Value::as_str).unwrap_or_default();
        let is_time = text.parse::<DateTime>().is_ok();
        // UTC, with `Z` or without a zone; 2.1.1 has seconds only, which is not insisted on.
        let has_offset = text.get(10..).is_some_and(|clock| clock.contains('+') || clock.contains('-'));
        let is_right = is_time && !has_offset && (text.contains('T') || is_old);
        Some(if is_right {
            Ok(())
        } else {
            Err(("a time in UTC: 2026-01-31T12:00:00Z".to_owned(), or_none(text)))
        })
    })
}

async fn clock(cx: &Context, (): &()) -> Done {
    each(cx, |it| {
        let stamp: DateTime = it.head.as_ref().ok()?.timestamp.as_ref()?.as_str()?.parse().ok()?;
        let is_right = it.at.seconds_since(stamp).unsigned_abs() <= SKEW;
        Some(if is_right { Ok(()) } else { Err((format!("about {}", it.at), stamp.to_string())) })
    })
}

fn pair(expected: &str, status: u16) -> (String, String) {
    (expected.to_owned(), format!("HTTP {status}"))
}

fn or_none(text: &str) -> String {
    if text.is_empty() { "none".to_owned() } else { format!("`{text}`") }
}
