//! Reading of lists, page by page.

use std::collections::BTreeSet;

use ocpi_types::protocol;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::check::Stop;
use crate::context::Context;
use crate::listing::{Item, Listing, Next, Page};
use crate::pushes::is_offered;
use crate::wire::{Answer, Ask};

/// Reads one page.
///
/// # Errors
/// When the answer is no page.
pub(crate) async fn page(cx: &Context, url: &str) -> Result<Page, Stop> {
    let answer = cx.wire.send(&Ask::get(url).functional()).await?;
    read(cx, answer, url)
}

/// Reads the page in an answer.
fn read(cx: &Context, answer: Answer, url: &str) -> Result<Page, Stop> {
    let text = answer.success()?.text;
    let Some(text) = text else { return Err(answer.fail("a list as data", "no data")) };
    let Ok(raw) = serde_json::from_str::<Vec<Box<RawValue>>>(&text) else {
        return Err(answer.fail("a list as data", "data that is no list"));
    };
    let item = |raw: Box<RawValue>| {
        let json: Value = serde_json::from_str(raw.get()).unwrap_or_default();
        let updated = json.get("last_updated").and_then(Value::as_str).and_then(|text| text.parse().ok());
        Item { text: raw.get().to_owned(), json, updated }
    };
    let items: Vec<Item> = raw.into_iter().map(item).collect();
    items.iter().for_each(|item| cx.wire.redactor.learn(&item.json));
    let next = next(cx, &answer, url);
    Ok(Page { answer, items, next })
}

/// Reads a list by its links, up to the number of objects in the options.
///
/// # Errors
/// When an answer is no page, or the links go round in a circle; to skip where the interface is not there.
pub(crate) async fn crawl(cx: &Context, url: &str) -> Result<Listing, Stop> {
    let mut listing = Listing::default();
    let (mut seen, mut at) = (BTreeSet::new(), url.to_owned());
    loop {
        seen.insert(at.clone());
        let answer = cx.wire.send(&Ask::get(&at).functional()).await?;
        if listing.pages.is_empty() {
            is_offered(cx, &answer)?;
        }
        let read = read(cx, answer, &at)?;
        let (next, answer) = (read.next.clone(), read.answer.clone());
        listing.pages.push(read);
        match next {
            Next::None => {
                listing.is_complete = true;
                return Ok(listing);
            }
            Next::Bad(_) => return Ok(listing),
            Next::At(next) if seen.contains(&next) => {
                return Err(answer.fail("a link to a new page", "a link to a page that was read before"));
            }
            Next::At(next) => at = next,
        }
        // Pages may be empty: what is read is bounded by their number, too.
        if listing.len() >= cx.options.most || listing.pages.len() > cx.options.most {
            return Ok(listing);
        }
    }
}

/// Reads the header `Link` to the letter.
fn next(cx: &Context, answer: &Answer, asked: &str) -> Next {
    let Some(header) = answer.header("link") else {
        let is_there = answer.exchange.headers.contains_key(http::header::LINK);
        return if is_there { Next::Bad("the header Link is no text".to_owned()) } else { Next::None };
    };
    let parts = header.trim().strip_prefix('<').and_then(|rest| rest.split_once('>'));
    let Some((url, rest)) = parts.filter(|_| protocol::next_link(header).is_some()) else {
        return Next::Bad(format!("no `<URL>; rel=\"next\"`: {}", cx.wire.redactor.mask(header)));
    };
    if !rest.trim_start_matches([';', ' ']).starts_with("rel=\"next\"") {
        return Next::Bad(format!("no rel=\"next\": {}", cx.wire.redactor.mask(header)));
    }
    let origin = |text: &str| url::Url::parse(text).ok().map(|url| url.origin());
    match (origin(url), origin(asked)) {
        (Some(found), Some(own)) if found == own => Next::At(url.to_owned()),
        // Our token is for the server only.
        (Some(_), _) => Next::Bad("the link leads to another host than the list has".to_owned()),
        (None, _) => Next::Bad("the link is no absolute URL".to_owned()),
    }
}
