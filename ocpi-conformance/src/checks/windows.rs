//! Lists between two times.

use std::collections::BTreeSet;

use ocpi_types::DateTime;

use crate::behaviour::{Behaviour, behaviours};
use crate::check::{Done, Stop};
use crate::checks::lists::{List, filled, moved, whole};
use crate::context::Context;
use crate::crawl::{crawl, page};
use crate::listing::{Item, Listing};
use crate::wire::{Ask, with_query};

pub(crate) const OF_WINDOWS: &[Behaviour<List>] = behaviours! { List, ReadOnly;
    "list_date_from" Must V2_1_1: "`date_from` leaves out what is older, and nothing else",
        "transport_and_format §paginated_request", needs "list" => date_from;
    "list_date_from_inclusive" Must V2_2: "`date_from` itself is in the window",
        "transport_and_format §paginated_request", needs "list_date_from" => date_from_inclusive;
    "list_date_to" Must V2_1_1: "`date_to` leaves out what is newer, and nothing else",
        "transport_and_format §paginated_request", needs "list" => date_to;
    "list_date_to_exclusive" Must V2_2: "`date_to` itself is not in the window",
        "transport_and_format §paginated_request", needs "list_date_to" => date_to_exclusive;
    "list_windows_chain" Must V2_2: "Two windows that join have each object once",
        "transport_and_format §paginated_request", needs "list_date_from" "list_date_to" => windows_chain;
    "list_future" Must V2_1_1: "Nothing is newer than tomorrow", "transport_and_format §paginated_request",
        needs "list" => future;
    "list_link_keeps_window" Must V2_1_1: "Links keep the window", "transport_and_format §paginated_response",
        needs "list_link" "list_date_from" => link_keeps_window;
    "list_bad_date" Should V2_1_1: "A `date_from` that is no time is refused", "status_codes §2xxx_client_errors",
        needs "list" => bad_date;
};

/// Ids of a list whose objects meet a condition.
fn ids(
    cx: &Context,
    list: &List,
    read: &Listing,
    keep: impl Fn(&Item) -> bool,
) -> Result<BTreeSet<String>, Stop> {
    let version = cx.spoken()?;
    Ok(read.items().filter(|item| keep(item)).filter_map(|item| list.of.id(&item.json, version)).collect())
}

fn micros(time: DateTime) -> i64 {
    time.to_unix_micros()
}

/// A time between the objects of the list: that of one of them, so that some are older and some newer if there are any.
fn middle(cx: &Context, list: &List) -> Result<(std::sync::Arc<Listing>, DateTime), Stop> {
    filled(cx, list)?;
    let read = whole(cx, list)?;
    let mut times: Vec<DateTime> = read.items().filter_map(|item| item.updated).collect();
    times.sort_by_key(|time| micros(*time));
    match times.get(times.len() / 2) {
        Some(time) => Ok((read, *time)),
        None => Err(Stop::skip("no object says when it was updated")),
    }
}

fn demanded(url: &str) -> String {
    // The list of Sessions is asked for with a window already.
    url.split_once("?date_from=").map_or(url, |(before, _)| before).to_owned()
}

fn window(list: &List, from: Option<DateTime>, to: Option<DateTime>) -> String {
    // Where a window is demanded, it begins before everything.
    let from = from.map(|it| it.with_zone().to_string());
    let base = if from.is_some() { demanded(&list.url) } else { list.url.clone() };
    let to = to.map(|it| it.with_zone().to_string());
    let pairs = [("date_from", from), ("date_to", to)];
    let pairs: Vec<(&str, String)> =
        pairs.into_iter().filter_map(|(name, text)| Some((name, text?))).collect();
    with_query(&base, &pairs)
}

/// Compares the objects of a window with those that should be in it. Objects at `edge` are left out.
async fn compare(
    cx: &Context,
    list: &List,
    url: &str,
    edge: Option<DateTime>,
    belongs: impl Fn(DateTime) -> bool + Send,
) -> Result<usize, Stop> {
    let read = whole(cx, list)?;
    let started = read.first()?.answer.exchange.at;
    let found = crawl(cx, url).await?;
    let is_of_edge =
        |item: &Item| item.updated.is_some_and(|it| edge.is_some_and(|edge| micros(it) == micros(edge)));
    let counts =
        |item: &Item| item.updated.is_some_and(|it| micros(it) <= micros(started)) && !is_of_edge(item);
    let mut expected = ids(cx, list, &read, |item| counts(item) && item.updated.is_some_and(&belongs))?;
    let mut got = ids(cx, list, &found, counts)?;
    let last = found.first()?;
    if expected != got {
        // An object that was changed meanwhile may be in another window.
        let moved = moved(cx, list, &read).await?;
        expected.retain(|id| !moved.contains(id));
        got.retain(|id| !moved.contains(id));
    }
    if expected != got {
        let (missing, foreign) = (expected.difference(&got).count(), got.difference(&expected).count());
        let found = format!("{}: {missing} missing, {foreign} that do not belong there", got.len());
        return Err(last.answer.fail(format!("the {} objects of the window", expected.len()), found));
    }
    Ok(1)
}

async fn date_from(cx: &Context, list: &List) -> Done {
    let (_, time) = middle(cx, list)?;
    compare(cx, list, &window(list, Some(time), None), Some(time), |it| micros(it) > micros(time)).await?;
    // Behind the last one there is nothing.
    let later = latest(cx, list)?.checked_add_seconds(1).unwrap_or(time);
    compare(cx, list, &window(list, Some(later), None), None, |_| false).await
}

async fn date_from_inclusive(cx: &Context, list: &List) -> Done {
    let (_, time) = middle(cx, list)?;
    compare(cx, list, &window(list, Some(time), None), None, |it| micros(it) >= micros(time)).await
}

async fn date_to(cx: &Context, list: &List) -> Done {
    let (read, time) = middle(cx, list)?;
    compare(cx, list, &window(list, None, Some(time)), Some(time), |it| micros(it) < micros(time)).await?;
    let first = read.items().filter_map(|item| item.updated).min_by_key(|it| micros(*it)).unwrap_or(time);
    let before = first.checked_add_seconds(-1).unwrap_or(time);
    compare(cx, list, &window(list, None, Some(before)), None, |_| false).await
}

async fn date_to_exclusive(cx: &Context, list: &List) -> Done {
    let (_, time) = middle(cx, list)?;
    compare(cx, list, &window(list, None, Some(time)), None, |it| micros(it) < micros(time)).await
}

pub(crate) async fn windows_chain(cx: &Context, list: &List) -> Done {
    let (read, time) = middle(cx, list)?;
    let (before, after) = (
        crawl(cx, &window(list, None, Some(time))).await?,
        crawl(cx, &window(list, Some(time), None)).await?,
    );
    let has_time = |item: &Item| item.updated.is_some();
    let (early, late) = (ids(cx, list, &before, has_time)?, ids(cx, list, &after, has_time)?);
    let all = ids(cx, list, &read, has_time)?;
    let both: BTreeSet<_> = early.intersection(&late).collect();
    let neither: BTreeSet<_> = all.iter().filter(|id| !early.contains(*id) && !late.contains(*id)).collect();
    let wrong = both.len() + neither.len();
    let moved = if wrong > 0 { moved(cx, list, &read).await? } else { BTreeSet::new() };
    let still = |ids: BTreeSet<&String>| ids.into_iter().filter(|id| !moved.contains(*id)).count();
    let (both, neither) = (still(both), still(neither));
    if both + neither > 0 {
        let found = format!("{both} objects in both windows, {neither} in neither");
        return Err(after.first()?.answer.fail("each object in one of the two windows", found));
    }
    Ok(2)
}

async fn future(cx: &Context, list: &List) -> Done {
    let tomorrow = cx.wire.clock.now().checked_add_seconds(86_400).unwrap_or(DateTime::UNIX_EPOCH);
    let found = page(cx, &window(list, Some(tomorrow), None)).await?;
    if !found.items.is_empty() {
        return Err(found.answer.fail("an empty page", format!("{} objects", found.items.len())));
    }
    match found.number("x-total-count") {
        Some(0) | None => Ok(1),
        Some(total) => Err(found.answer.fail("X-Total-Count: 0", total.to_string())),
    }
}

async fn link_keeps_window(cx: &Context, list: &List) -> Done {
    let (read, time) = middle(cx, list)?;
    let is_in = |item: &Item| item.updated.is_some_and(|it| micros(it) > micros(time));
    if read.items().filter(|item| is_in(item)).count() < 2 {
        return Err(Stop::skip("too few objects: a window of two pages is needed"));
    }
    let url = with_query(&window(list, Some(time), None), &[("limit", "1".to_owned())]);
    compare(cx, list, &url, Some(time), |it| micros(it) > micros(time)).await
}

async fn bad_date(cx: &Context, list: &List) -> Done {
    let url = with_query(&demanded(&list.url), &[("date_from", "yesterday".to_owned())]);
    let answer = cx.wire.send(&Ask::get(url).functional()).await?;
    answer.refused("`yesterday` is no time")?;
    Ok(1)
}

fn latest(cx: &Context, list: &List) -> Result<DateTime, Stop> {
    let read = whole(cx, list)?;
    let times = read.items().filter_map(|item| item.updated);
    times.max_by_key(|time| micros(*time)).ok_or_else(|| Stop::skip("no object says when it was updated"))
}
