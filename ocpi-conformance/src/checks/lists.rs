//! Lists: pages, totals, and order.

use std::collections::BTreeSet;
use std::sync::Arc;

use ocpi_types::InterfaceRole;

use crate::behaviour::{Behaviour, behaviours};
use crate::check::{Done, Stop};
use crate::checks::auth::{unauthorized, wrong};
use crate::context::Context;
use crate::crawl::{crawl, page};
use crate::listing::{Item, Listing, Next};
use crate::modules::{LISTS, ListOf};
use crate::wire::{Ask, Auth, with_query};

/// A list of the server.
pub(crate) struct List {
    pub(crate) of: &'static ListOf,
    /// Its URL, with what is demanded in its query.
    pub(crate) url: String,
}

pub(crate) const OF_LISTS: &[Behaviour<List>] = behaviours! { List, ReadOnly;
    "list_without_token" Must V2_1_1: "The list is for those who have a token",
        "transport_and_format §authorization_header" => without_token;
    "list_wrong_token" Must V2_1_1: "The list is not for an unknown token",
        "transport_and_format §authorization_header" => wrong_token;
    "list" Must V2_1_1: "The list can be read, page by page", "transport_and_format §pagination" => list;
    "list_total" Must V2_1_1: "X-Total-Count is the number of objects", "transport_and_format §paginated_response",
        needs "list" => total;
    "list_limit_header" Must V2_1_1: "X-Limit is there, and no page has more objects",
        "transport_and_format §paginated_response", needs "list" => limit_header;
    "list_limit" Must V2_1_1: "No page has more objects than `limit`", "transport_and_format §paginated_request",
        needs "list" => limit;
    "list_link" Must V2_1_1: "Link leads to the next page, on all pages but the last",
        "transport_and_format §paginated_response", needs "list" => link;
    "list_offset" Must V2_1_1: "`offset` passes over so many objects", "transport_and_format §paginated_request",
        needs "list" => offset;
    "list_offset_beyond" Must V2_1_1: "Behind the last object is an empty page",
        "transport_and_format §paginated_request", needs "list" => offset_beyond;
    "list_pages_join" Must V2_1_1: "Small pages have each object of the list once",
        "transport_and_format §pagination", needs "list" => pages_join;
    "list_order" Must V2_1_1: "The order is the same each time", "transport_and_format §pagination", needs "list"
        => order;
    "list_ids" Must V2_1_1: "Each object has an id", "§object_description", needs "list" => ids;
    "list_ids_unique" Must V2_1_1: "No object stands in the list twice", "transport_and_format §pagination",
        needs "list_ids" => ids_unique;
};

async fn without_token(cx: &Context, list: &List) -> Done {
    unauthorized(&cx.wire.send(&Ask::get(&list.url).auth(Auth::Nothing)).await?)
}

async fn wrong_token(cx: &Context, list: &List) -> Done {
    unauthorized(&cx.wire.send(&Ask::get(&list.url).auth(wrong(cx)?)).await?)
}

pub(crate) async fn list(cx: &Context, list: &List) -> Done {
    let read = crawl(cx, &list.url).await?;
    Ok(cx.keep(list.of.name, read).pages.len())
}

pub(crate) async fn total(cx: &Context, list: &List) -> Done {
    match totals(&*whole(cx, list)?) {
        // An object that came while the list was read is in some of the totals only.
        Err(Stop::Failed(_)) => totals(&crawl(cx, &list.url).await?),
        done => done,
    }
}

fn totals(read: &Listing) -> Done {
    for page in &read.pages {
        let total = page.number("x-total-count");
        if total != u64::try_from(read.len()).ok() {
            let found = page.answer.header("x-total-count").map_or("none".to_owned(), |it| format!("`{it}`"));
            return Err(page.answer.fail(format!("X-Total-Count: {}", read.len()), found));
        }
    }
    Ok(read.pages.len())
}

async fn limit_header(cx: &Context, list: &List) -> Done {
    let read = kept(cx, list)?;
    for page in &read.pages {
        let limit = page.number("x-limit");
        let Some(limit) = limit.filter(|limit| *limit > 0) else {
            let found = page.answer.header("x-limit").map_or("none".to_owned(), |it| format!("`{it}`"));
            return Err(page.answer.fail("X-Limit, a number", found));
        };
        if u64::try_from(page.items.len()).is_ok_and(|count| count > limit) {
            return Err(page.answer.fail(format!("{limit} objects at most"), page.items.len().to_string()));
        }
    }
    Ok(read.pages.len())
}

async fn limit(cx: &Context, list: &List) -> Done {
    let read = filled(cx, list)?;
    let one = page(cx, &with_query(&list.url, &[("limit", "1".to_owned())])).await?;
    if one.items.len() != 1 {
        return Err(one.answer.fail("a page of one object", format!("{} objects", one.items.len())));
    }
    let total = read.first()?.number("x-total-count");
    if total.is_some() && one.number("x-total-count") != total {
        is_still(cx, list, &read).await?;
        return Err(one.answer.fail("the same X-Total-Count as with larger pages", "another one"));
    }
    Ok(1)
}

async fn link(cx: &Context, list: &List) -> Done {
    let read = filled(cx, list)?;
    let mut looked_at = 0;
    let pages: Vec<_> = read.pages.iter().collect();
    for (place, page) in pages.iter().enumerate() {
        let is_last = place + 1 == pages.len();
        if let Next::Bad(why) = &page.next {
            return Err(page.answer.fail("Link: <URL>; rel=\"next\"", why.clone()));
        }
        if is_last && place > 0 && page.items.is_empty() {
            let before = pages.get(place - 1).unwrap_or(page);
            return Err(before.answer.fail("no Link on the last page", "a Link to an empty page"));
        }
        looked_at += 1;
    }
    // The total says how many there are, whatever the links say.
    let total = read.first()?.number("x-total-count").unwrap_or_default();
    let one = page(cx, &with_query(&list.url, &[("limit", "1".to_owned())])).await?;
    let has_more = total.max(u64::try_from(read.len()).unwrap_or_default()) > 1;
    match &one.next {
        Next::None if has_more => Err(one.answer.fail("Link: <URL>; rel=\"next\"", "none")),
        Next::Bad(why) => Err(one.answer.fail("Link: <URL>; rel=\"next\"", why.clone())),
        Next::At(_) if !has_more => Err(one.answer.fail("no Link on the last page", "a Link")),
        _ => Ok(looked_at + 1),
    }
}

async fn offset(cx: &Context, list: &List) -> Done {
    let read = filled(cx, list)?;
    let Some(second) = read.items().nth(1) else { return Err(Stop::skip("the list has one object only")) };
    let query = [("offset", "1".to_owned()), ("limit", "1".to_owned())];
    let found = page(cx, &with_query(&list.url, &query)).await?;
    let version = cx.spoken()?;
    let id = |json| list.of.id(json, version);
    let is_right = found.items.first().is_some_and(|item| id(&item.json) == id(&second.json));
    if !is_right || found.items.len() != 1 {
        is_still(cx, list, &read).await?;
        return Err(found.answer.fail("the second object of the list, alone", "another page"));
    }
    Ok(1)
}

async fn offset_beyond(cx: &Context, list: &List) -> Done {
    let read = whole(cx, list)?;
    let behind = read.len() + 10;
    let found = page(cx, &with_query(&list.url, &[("offset", behind.to_string())])).await?;
    if !found.items.is_empty() || found.next != Next::None {
        is_still(cx, list, &read).await?;
        return Err(found
            .answer
            .fail("an empty page without Link", format!("{} objects", found.items.len())));
    }
    Ok(1)
}

pub(crate) async fn pages_join(cx: &Context, list: &List) -> Done {
    let read = filled(cx, list)?;
    let read = if read.is_complete { read } else { return Err(too_long()) };
    if read.len() < 2 {
        return Err(Stop::skip("the list has one object only"));
    }
    // Three pages, so that one of them has two neighbours.
    let size = read.len().div_ceil(3).max(1);
    let small = crawl(cx, &with_query(&list.url, &[("limit", size.to_string())])).await?;
    let version = cx.spoken()?;
    let ids = |listing: &Listing| -> Vec<Option<String>> {
        listing.items().map(|item| list.of.id(&item.json, version)).collect()
    };
    let (expected, found) = (ids(&read), ids(&small));
    if expected != found {
        is_still(cx, list, &read).await?;
        let last = small.pages.last().ok_or_else(|| Stop::skip("no page"))?;
        let lost = expected.iter().filter(|id| !found.contains(id)).count();
        let distinct: BTreeSet<_> = found.iter().collect();
        let (twice, other) = (found.len() - distinct.len(), found.len());
        let expected = format!("the {} objects of the list, in its order", expected.len());
        return Err(last.answer.fail(expected, format!("{other}: {lost} missing, {twice} twice")));
    }
    Ok(small.pages.len())
}

async fn order(cx: &Context, list: &List) -> Done {
    let read = filled(cx, list)?;
    let again = page(cx, &list.url).await?;
    let version = cx.spoken()?;
    let before: Vec<_> = read.first()?.items.iter().map(|item| list.of.id(&item.json, version)).collect();
    let after: Vec<_> = again.items.iter().map(|item| list.of.id(&item.json, version)).collect();
    if before != after {
        is_still(cx, list, &read).await?;
        return Err(again.answer.fail("the same objects in the same order", "another page"));
    }
    Ok(1)
}

async fn ids(cx: &Context, list: &List) -> Done {
    let read = filled(cx, list)?;
    let version = cx.spoken()?;
    for page in &read.pages {
        for (place, item) in page.items.iter().enumerate() {
            if list.of.id(&item.json, version).is_none() {
                let expected = format!("{} in each object", list.of.key.join(", "));
                return Err(page.answer.fail(expected, format!("an object without, at /data/{place}")));
            }
        }
    }
    Ok(read.len())
}

async fn ids_unique(cx: &Context, list: &List) -> Done {
    let read = filled(cx, list)?;
    let version = cx.spoken()?;
    let mut seen = BTreeSet::new();
    for page in &read.pages {
        for (place, item) in page.items.iter().enumerate() {
            // Ids are the same in capitals; those of 2.1.1 are not.
            let id = list.of.id(&item.json, version).unwrap_or_default();
            let id = if version >= ocpi_types::Version::V2_2 { id.to_ascii_lowercase() } else { id };
            if !seen.insert(id) {
                return Err(page.answer.fail("each object once", format!("one twice, at /data/{place}")));
            }
        }
    }
    Ok(seen.len())
}

/// The list, as it was read before.
pub(crate) fn kept(cx: &Context, list: &List) -> Result<Arc<Listing>, Stop> {
    cx.listing(list.of.name).ok_or_else(|| Stop::skip("the list was not read"))
}

/// The list, if it has objects.
pub(crate) fn filled(cx: &Context, list: &List) -> Result<Arc<Listing>, Stop> {
    let read = kept(cx, list)?;
    if read.len() == 0 { Err(Stop::skip("the list is empty")) } else { Ok(read) }
}

/// The list, if it was read to its end.
pub(crate) fn whole(cx: &Context, list: &List) -> Result<Arc<Listing>, Stop> {
    let read = kept(cx, list)?;
    // Where a link is missing or bad, `list_link` says so; the totals are then to be seen, too.
    let is_cut = !read.is_complete && read.len() >= cx.options.most;
    if is_cut { Err(too_long()) } else { Ok(read) }
}

/// Reads the list again.
///
/// # Errors
/// When objects were changed, came or went since: nothing can be said of two readings then.
async fn is_still(cx: &Context, list: &List, read: &Listing) -> Result<(), Stop> {
    match moved(cx, list, read).await?.len() {
        0 => Ok(()),
        count => Err(Stop::skip(format!("the list changes while it is read: {count} objects"))),
    }
}

/// Reads the list again; ids of the objects that were changed, came or went since.
pub(crate) async fn moved(cx: &Context, list: &List, read: &Listing) -> Result<BTreeSet<String>, Stop> {
    let version = cx.spoken()?;
    let stamps = |read: &Listing| -> BTreeSet<_> {
        let stamp = |item: &Item| Some((list.of.id(&item.json, version)?, item.updated));
        read.items().filter_map(stamp).collect()
    };
    let (before, after) = (stamps(read), stamps(&crawl(cx, &list.url).await?));
    Ok(before.symmetric_difference(&after).map(|(id, _)| id.clone()).collect())
}

fn too_long() -> Stop {
    Stop::skip("the list was not read to its end")
}

/// The lists that the server offers. In 2.1.1 the interfaces of a module have one URL, and only reading shows which is there.
pub(crate) fn advertised(cx: &Context) -> Vec<List> {
    let Some(version) = cx.version() else { return Vec::new() };
    let url_of = |of: &'static ListOf| {
        let url = cx.endpoint(&of.module, &InterfaceRole::Sender)?;
        let url = format!("{}{}", url.trim_end_matches('/'), of.path);
        // A window is demanded for Sessions.
        let is_demanded = of.name == "sessions";
        let since = [("date_from", "2000-01-01T00:00:00Z".to_owned())];
        Some(List { of, url: if is_demanded { with_query(&url, &since) } else { url } })
    };
    let wanted = |of: &&ListOf| version >= of.since && cx.wants(of.module.as_str());
    LISTS.iter().filter(wanted).filter_map(url_of).collect()
}
