//! Objects of lists, and the same ones at their own URLs.

use serde_json::Value;

use crate::behaviour::{Behaviour, behaviours};
use crate::check::{Done, Stop};
use crate::checks::auth::unauthorized;
use crate::checks::lists::{List, filled};
use crate::context::Context;
use crate::pushes::below;
use crate::same;
use crate::wire::{Answer, Ask, Auth};

/// Most objects that are fetched one by one.
const SAMPLE: usize = 3;
/// An id that no object should have.
pub(crate) const UNKNOWN: &str = "no-such-id-7f3a";

pub(crate) const OF_ITEMS: &[Behaviour<List>] = behaviours! { List, ReadOnly;
    "items_conform" Must V2_1_1: "Objects are as the specification has them", "§object_description", needs "list"
        => conform;
    "items_owner" Should V2_2: "Objects are of the parties in the server's credentials",
        "transport_and_format §client_owned_object_pull", needs "list" "credentials.get" => owner;
    "items_not_in_future" Should V2_1_1: "No object was updated after now", "§object_description", needs "list"
        => not_in_future;
    "items_parts_not_newer" Should V2_1_1: "No part is newer than the object that it is in", "§object_description",
        needs "list" => parts_not_newer;
};

pub(crate) const OF_SINGLES: &[Behaviour<List>] = behaviours! { List, ReadOnly;
    "get_own" Must V2_1_1: "An object at its own URL is that of the list", "§interfaces_and_endpoints", needs "list"
        => get_own;
    "get_own_without_token" Must V2_1_1: "Single objects are for those who have a token",
        "transport_and_format §authorization_header", needs "list" => get_own_without_token;
    "get_own_unknown" Must V2_1_1: "An unknown id is refused", "§interfaces_and_endpoints", needs "list"
        => get_own_unknown;
    "get_own_unknown_404" Should V2_1_1: "An unknown id is answered with HTTP 404",
        "transport_and_format §response_format", needs "get_own_unknown" => get_own_unknown_404;
    "get_part" Must V2_1_1: "A part at its own URL is that of its object", "§interfaces_and_endpoints",
        needs "get_own" => get_part;
    "get_part_unknown" Must V2_1_1: "An unknown part is refused", "§interfaces_and_endpoints", needs "get_own"
        => get_part_unknown;
};

async fn conform(cx: &Context, list: &List) -> Done {
    let version = cx.spoken()?;
    let read = filled(cx, list)?;
    for page in &read.pages {
        for (place, item) in page.items.iter().enumerate() {
            if let Some(found) = list.of.inspect(cx, &item.text, version).first() {
                let found = cx.wire.redactor.mask(found);
                return Err(page.answer.fail("objects that conform", format!("at /data/{place}: {found}")));
            }
        }
    }
    Ok(read.len())
}

async fn owner(cx: &Context, list: &List) -> Done {
    let server = cx.server();
    let is_hub = server.roles.iter().any(|(role, _)| role == "HUB");
    if !list.of.is_owned || is_hub {
        return Err(Stop::skip("objects are of any party"));
    }
    let read = filled(cx, list)?;
    for page in &read.pages {
        for (place, item) in page.items.iter().enumerate() {
            let text = |name: &str| item.json.get(name).and_then(Value::as_str).unwrap_or_default();
            let found = format!("{}/{}", text("country_code"), text("party_id")).to_ascii_uppercase();
            if !server.roles.iter().any(|(_, party)| party.canonical() == found) {
                return Err(page.answer.fail("a party of the server", format!("`{found}` at /data/{place}")));
            }
        }
    }
    Ok(read.len())
}

async fn not_in_future(cx: &Context, list: &List) -> Done {
    const SKEW: i64 = 300;
    let read = filled(cx, list)?;
    for page in &read.pages {
        for item in &page.items {
            let Some(updated) = item.updated else { continue };
            if updated.seconds_since(page.answer.exchange.at) > SKEW {
                return Err(page.answer.fail("a time that has passed", updated.to_string()));
            }
        }
    }
    Ok(read.items().filter(|item| item.updated.is_some()).count())
}

async fn parts_not_newer(cx: &Context, list: &List) -> Done {
    let read = filled(cx, list)?;
    let mut looked_at = 0;
    for page in &read.pages {
        for item in &page.items {
            let parts = list.of.parts.iter().map(|(name, _)| *name).collect::<Vec<_>>();
            looked_at += not_newer(&item.json, &parts).map_err(|name| {
                page.answer
                    .fail("last_updated as new as that of each part", format!("one of {name} is newer"))
            })?;
        }
    }
    Ok(looked_at)
}

fn not_newer(whole: &Value, lists: &[&str]) -> Result<usize, String> {
    let time = |json: &Value| -> Option<i64> {
        Some(json.get("last_updated")?.as_str()?.parse::<ocpi_types::DateTime>().ok()?.to_unix_micros())
    };
    let Some((name, rest)) = lists.split_first() else { return Ok(0) };
    let mut looked_at = 0;
    for part in whole.get(*name).and_then(Value::as_array).into_iter().flatten() {
        if time(part).zip(time(whole)).is_some_and(|(part, whole)| part > whole) {
            return Err((*name).to_owned());
        }
        looked_at += 1 + not_newer(part, rest)?;
    }
    Ok(looked_at)
}

async fn get_own(cx: &Context, list: &List) -> Done {
    let read = filled(cx, list)?;
    let mut looked_at = 0;
    for item in read.items().take(SAMPLE) {
        let Some(id) = list.of.segment(&item.json) else { continue };
        let answer = fetch(cx, list, &[&id]).await?;
        compare(&answer, &item.json)?;
        looked_at += 1;
    }
    Ok(looked_at)
}

async fn get_own_without_token(cx: &Context, list: &List) -> Done {
    let read = filled(cx, list)?;
    let id = read.items().next().and_then(|item| list.of.segment(&item.json)).unwrap_or_default();
    unauthorized(&cx.wire.send(&Ask::get(at(list, &[&id])?).auth(Auth::Nothing)).await?)
}

async fn get_own_unknown(cx: &Context, list: &List) -> Done {
    fetch(cx, list, &[UNKNOWN]).await?.refused("there is no such object")?;
    Ok(1)
}

async fn get_own_unknown_404(cx: &Context, list: &List) -> Done {
    fetch(cx, list, &[UNKNOWN]).await?.expect_http(404)?;
    Ok(1)
}

/// The first part of the first objects, on each level.
async fn get_part(cx: &Context, list: &List) -> Done {
    let read = filled(cx, list)?;
    let mut looked_at = 0;
    for item in read.items().take(SAMPLE) {
        let Some(id) = list.of.segment(&item.json) else { continue };
        let (mut path, mut whole) = (vec![id], &item.json);
        for (name, key) in list.of.parts {
            let Some(part) = whole.get(name).and_then(Value::as_array).and_then(|parts| parts.last()) else {
                break;
            };
            let Some(id) = part.get(key).and_then(Value::as_str) else { break };
            path.push(id.to_owned());
            let segments: Vec<&str> = path.iter().map(String::as_str).collect();
            compare(&fetch(cx, list, &segments).await?, part)?;
            looked_at += 1;
            whole = part;
        }
    }
    Ok(looked_at)
}

async fn get_part_unknown(cx: &Context, list: &List) -> Done {
    let read = filled(cx, list)?;
    if list.of.parts.is_empty() {
        return Ok(0);
    }
    let id = read.items().next().and_then(|item| list.of.segment(&item.json)).unwrap_or_default();
    fetch(cx, list, &[&id, UNKNOWN]).await?.refused("there is no such part")?;
    Ok(1)
}

fn compare(answer: &Answer, expected: &Value) -> Result<(), Stop> {
    let data = answer.success()?.data.unwrap_or_default();
    if !data.is_object() {
        return Err(answer.fail("an object as data", "none"));
    }
    match same::difference(expected, &data) {
        // Objects change: a newer one need not be the same.
        Some(place) if data.get("last_updated") == expected.get("last_updated") => {
            Err(answer.fail("the object as it is in the list", format!("a difference at {place}")))
        }
        _ => Ok(()),
    }
}

async fn fetch(cx: &Context, list: &List, segments: &[&str]) -> Result<Answer, Stop> {
    cx.wire.send(&Ask::get(at(list, segments)?).functional()).await
}

fn at(list: &List, segments: &[&str]) -> Result<String, Stop> {
    let base = list.url.split('?').next().unwrap_or_default();
    below(base, segments)
}
