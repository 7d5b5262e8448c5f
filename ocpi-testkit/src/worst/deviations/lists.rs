//! Chapter E: lists and their pages.

use std::time::Duration;

use http::{HeaderValue, Method};
use serde_json::{Value, json};

use super::urls::change_link;
use crate::worst::Answer;
use crate::worst::visit::{About, Memory, Visit};

/// Lists in which something moves.
const MOVING: &str = "tariffs";

/// Asks for one object further on, once the first page was read: the first object stands there no more.
pub(in crate::worst) fn moved(visit: &mut Visit, memory: &mut Memory) -> Option<Answer> {
    if visit.lists(MOVING) && memory.kept("first").is_some() {
        let offset = visit.number("offset") + 1;
        visit.set_query("offset", Some(&offset.to_string()));
    }
    None
}

/// The object that is first on the first page vanishes: see [`moved`].
pub(in crate::worst) fn vanishes(visit: &Visit, memory: &mut Memory, answer: &mut Answer) {
    if visit.lists(MOVING) && is_moved(memory, answer) {
        move_back(answer, 1);
    }
}

/// The object that is first on the first page goes to the end, newer than before: see [`moved`].
pub(in crate::worst) fn moves(visit: &Visit, memory: &mut Memory, answer: &mut Answer) {
    if !visit.lists(MOVING) || !is_moved(memory, answer) {
        return;
    }
    move_back(answer, 0);
    let limit: u64 = answer.header("x-limit").and_then(|limit| limit.parse().ok()).unwrap_or(3);
    let first = memory.kept("first").and_then(|first| serde_json::from_str::<Value>(first).ok());
    let is_last = answer.header("link").is_none();
    answer.data(|data| {
        let (Value::Array(page), Some(mut first)) = (data, first) else { return };
        if is_last && page.len() < usize::try_from(limit).unwrap_or(usize::MAX) {
            first["last_updated"] = json!(visit.now.to_string());
            page.push(first);
        }
    });
}

/// Whether the first page was read before; keeps its first object.
fn is_moved(memory: &mut Memory, answer: &mut Answer) -> bool {
    if memory.kept("first").is_some() {
        return true;
    }
    let mut first = None;
    answer.data(|data| first = data.get(0).map(Value::to_string));
    if let Some(first) = first {
        memory.keep("first", first);
    }
    false
}

/// Links and totals as they are where one object fewer stands before.
fn move_back(answer: &mut Answer, gone: u64) {
    change_link(answer, |url| {
        let Some((before, rest)) = url.split_once("offset=") else { return url.to_owned() };
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (offset, behind) = rest.split_at(digits);
        let offset = offset.parse::<u64>().unwrap_or(1).saturating_sub(1);
        format!("{before}offset={offset}{behind}")
    });
    let total = answer.header("x-total-count").and_then(|total| total.parse::<u64>().ok());
    if let Some(total) = total {
        answer.set_header("x-total-count", Some(&total.saturating_sub(gone).to_string()));
    }
}

/// The second object of a page, or the only one.
pub(super) fn second(data: &mut Value) -> Option<&mut Value> {
    data.as_array_mut()?.iter_mut().take(2).last()
}

/// Mark of an offset.
fn mark(offset: u64) -> String {
    format!("{:08x}", offset.wrapping_mul(0x9e37_79b1) & 0xffff_ffff)
}

pub(in crate::worst) fn from_cursor(visit: &mut Visit, _: &mut Memory) -> Option<Answer> {
    let cursor = visit.query("cursor")?.to_owned();
    let offset = (0..100_000).find(|offset| mark(*offset) == cursor)?;
    visit.set_query("cursor", None);
    visit.set_query("offset", Some(&offset.to_string()));
    None
}

pub(in crate::worst) fn to_cursor(_: &Visit, _: &mut Memory, answer: &mut Answer) {
    change_link(answer, |url| {
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let value = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        let offset = value("offset").and_then(|offset| offset.parse().ok()).unwrap_or(0);
        let limit = value("limit").map(|limit| format!("&limit={limit}")).unwrap_or_default();
        format!("{path}?cursor={}{limit}", mark(offset))
    });
}

pub(in crate::worst) fn odd_quotes(_: &Visit, _: &mut Memory, answer: &mut Answer) {
    let Some(link) = answer.header("link") else { return };
    let odd = link.replacen("rel=\"next\"", "rel=\u{201c}next\u{201d}", 1);
    if let Ok(odd) = HeaderValue::from_bytes(odd.as_bytes()) {
        answer.headers.insert(http::header::LINK, odd);
    }
}

pub(in crate::worst) fn unreadable_link(_: &Visit, _: &mut Memory, answer: &mut Answer) {
    if answer.header("link").is_some() {
        answer.set_header("link", Some("next page: see the documentation"));
    }
}

pub(in crate::worst) fn link_on_last(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    if visit.lists_any() && answer.header("link").is_none() && answer.is_success() {
        let uri = visit.request.uri();
        let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else { return };
        let (path, total) = (uri.path(), answer.header("x-total-count").unwrap_or("0"));
        let link = format!("<{scheme}://{authority}{path}?offset={total}&limit=3>; rel=\"next\"");
        answer.set_header("link", Some(&link));
    }
}

pub(in crate::worst) fn no_link(_: &Visit, _: &mut Memory, answer: &mut Answer) {
    answer.set_header("link", None);
}

pub(in crate::worst) fn no_total(_: &Visit, _: &mut Memory, answer: &mut Answer) {
    answer.set_header("x-total-count", None);
}

fn set_total(answer: &mut Answer, total: &str) {
    if answer.header("x-total-count").is_some() {
        answer.set_header("x-total-count", Some(total));
    }
}

pub(in crate::worst) fn total_too_small(_: &Visit, _: &mut Memory, answer: &mut Answer) {
    set_total(answer, "1");
}

pub(in crate::worst) fn total_too_large(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    if visit.lists("tariffs") {
        set_total(answer, "1000");
    }
}

pub(in crate::worst) fn limit_ignored(visit: &mut Visit, _: &mut Memory) -> Option<Answer> {
    if visit.lists_any() {
        visit.set_query("limit", None);
    }
    None
}

pub(in crate::worst) fn no_limit(_: &Visit, _: &mut Memory, answer: &mut Answer) {
    answer.set_header("x-limit", None);
}

pub(in crate::worst) fn limit_refused(visit: &mut Visit, _: &mut Memory) -> Option<Answer> {
    (visit.lists_any() && visit.number("limit") > 10).then(|| Answer::status(400, 2001))
}

pub(in crate::worst) fn offset_ignored(visit: &mut Visit, _: &mut Memory) -> Option<Answer> {
    if visit.lists("tariffs") {
        visit.set_query("offset", None);
    }
    None
}

fn busy(status: u16, retry_after: Option<&str>) -> Answer {
    let mut answer = Answer::new(status, "text/plain", "slow down");
    answer.set_header("retry-after", retry_after);
    answer
}

/// The first request for Sessions.
fn first_sessions(visit: &Visit, memory: &mut Memory, what: &'static str) -> bool {
    visit.lists("sessions") && memory.first(what)
}

pub(in crate::worst) fn busy_once(visit: &mut Visit, memory: &mut Memory) -> Option<Answer> {
    first_sessions(visit, memory, "busy").then(|| busy(429, None))
}

pub(in crate::worst) fn busy_for_seconds(visit: &mut Visit, memory: &mut Memory) -> Option<Answer> {
    first_sessions(visit, memory, "busy for seconds").then(|| busy(429, Some("30")))
}

pub(in crate::worst) fn busy_until(visit: &mut Visit, memory: &mut Memory) -> Option<Answer> {
    let is_first = first_sessions(visit, memory, "busy until");
    let until = visit.now.checked_add_seconds(40).unwrap_or(visit.now);
    let date = until.to_chrono().format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    is_first.then(|| busy(429, Some(&date)))
}

pub(in crate::worst) fn unavailable_once(visit: &mut Visit, memory: &mut Memory) -> Option<Answer> {
    first_sessions(visit, memory, "unavailable").then(|| busy(503, None))
}

pub(in crate::worst) fn busy_forever(visit: &mut Visit, _: &mut Memory) -> Option<Answer> {
    visit.lists("sessions").then(|| busy(429, None))
}

pub(in crate::worst) fn no_cdrs(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    if visit.about == About::Details {
        answer.data(|data| {
            if let Some(Value::Array(all)) = data.get_mut("endpoints") {
                all.retain(|endpoint| endpoint["identifier"] != "cdrs" || endpoint["role"] == "RECEIVER");
            }
        });
    }
}

pub(in crate::worst) fn cdrs_405(visit: &mut Visit, _: &mut Memory) -> Option<Answer> {
    visit.lists("cdrs").then(|| Answer::status(405, 2000))
}

pub(in crate::worst) fn bad_item(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    if visit.begins("tariffs") {
        answer.data(|data| second(data).map_or((), |item| *item = json!(42)));
    }
}

pub(in crate::worst) fn date_demanded(visit: &mut Visit, _: &mut Memory) -> Option<Answer> {
    let has_date = visit.query("date_from").is_some();
    (visit.lists("sessions") && !has_date).then(|| Answer::status(400, 2001))
}

pub(in crate::worst) fn cut(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    if visit.lists("tariffs") {
        answer.body.truncate(answer.body.len() / 2);
    }
}

pub(in crate::worst) fn never(visit: &mut Visit, _: &mut Memory) -> Option<Answer> {
    if visit.lists("tariffs") {
        visit.delay += Duration::from_secs(24 * 60 * 60);
    }
    None
}

pub(in crate::worst) fn lost_once(visit: &mut Visit, memory: &mut Memory) -> Option<Answer> {
    visit.is_lost |= visit.is(Method::GET, "tariffs") && memory.first("lost");
    None
}
