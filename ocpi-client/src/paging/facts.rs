//! Facts about a page that the paging needs.

use std::time::Duration;

use ocpi_types::endpoint::Resource;
use ocpi_types::json::{self, Partial, RawJson, Writer};
use ocpi_types::{AnyValue, DateTime};

use super::marks::{mark, short};

/// Facts about a page that was read.
#[derive(Clone, Debug)]
pub struct PageFacts<'a> {
    /// Its objects in the order of the page, including partial and unreadable ones.
    pub items: Vec<ItemFacts>,
    /// The header `Link`.
    pub link: LinkHeader<'a>,
    /// The header `X-Total-Count`.
    pub total: Option<u64>,
    /// The header `X-Limit`.
    pub limit: Option<u64>,
    /// Size of the body.
    pub bytes: u64,
    /// Time of the partner: the `timestamp` of the envelope, or else the header `Date`.
    pub timestamp: Option<DateTime>,
    /// Time of the request for the page, by our clock.
    pub asked: DateTime,
    /// Time from the request to the answer.
    pub took: Duration,
}

impl PageFacts<'_> {
    /// Creates the facts of a page with only objects, requested at this time.
    ///
    /// ```
    /// use ocpi_client::paging::{ItemFacts, PageFacts};
    /// use ocpi_types::DateTime;
    /// let page = PageFacts {
    ///     total: Some(1),
    ///     ..PageFacts::new(vec![ItemFacts::new("NL/ALF/LOC1", None)], DateTime::UNIX_EPOCH)
    /// };
    /// assert_eq!(page.items.len(), 1);
    /// ```
    pub fn new(items: Vec<ItemFacts>, asked: DateTime) -> Self {
        Self {
            items,
            link: LinkHeader::Absent,
            total: None,
            limit: None,
            bytes: 0,
            timestamp: None,
            asked,
            took: Duration::ZERO,
        }
    }
}

/// State of the header `Link` of a page.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LinkHeader<'a> {
    /// No link to a next page.
    Absent,
    /// The link to the next page, as sent.
    Next(&'a str),
    /// A header from which no link can be read, although it may contain one.
    Unreadable,
}

/// Facts about an object on a page: hashes of its id and its version.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ItemFacts {
    pub(super) mark: u64,
    /// Differs when the object has changed; 0 where that cannot be told.
    pub(super) version: u32,
    pub(super) updated: Option<DateTime>,
    pub(super) has_id: bool,
}

impl ItemFacts {
    /// Creates the facts of an object from its id, including the owner, and the time of its last change. Equal ids must
    /// be spelled equally.
    ///
    /// ```
    /// use ocpi_client::paging::ItemFacts;
    /// let time = "2026-11-22T10:00:00Z".parse().ok();
    /// assert_eq!(ItemFacts::new("NL/ALF/LOC1", time), ItemFacts::new("NL/ALF/LOC1", time));
    /// assert_ne!(ItemFacts::new("NL/ALF/LOC1", time), ItemFacts::new("NL/ALF/LOC1", None));
    /// ```
    pub fn new(id: &str, last_updated: Option<DateTime>) -> Self {
        let version = last_updated.map_or(0, |time| short(&time.to_unix_micros().to_le_bytes()));
        Self { mark: mark(id.as_bytes()), version, updated: last_updated, has_id: true }
    }

    /// Creates the facts of an object from its identifying members.
    ///
    /// ```
    /// use ocpi_client::paging::ItemFacts;
    /// use ocpi_types::{json, v2_3_0::tariffs::Tariff};
    /// let read = |id: &str| json::from_str::<Tariff>(&format!(r#"{{"country_code":"SE","party_id":"KRA","id":"{id}",
    ///     "currency":"SEK","elements":[{{"price_components":[{{"type":"ENERGY","price":3.5,"step_size":1}}]}}],
    ///     "tax_included":"YES","last_updated":"2026-11-22T10:00:00Z"}}"#));
    /// assert_eq!(ItemFacts::of(&read("T1")?), ItemFacts::of(&read("t1")?));
    /// assert_ne!(ItemFacts::of(&read("T1")?), ItemFacts::of(&read("T2")?));
    /// # Ok::<(), json::Error>(())
    /// ```
    pub fn of<R: Resource>(object: &R) -> Self {
        let updated = object.last_updated();
        let times = [updated, object.newest_change()].map(|time| time.to_unix_micros().to_le_bytes());
        let version = short(&times.concat());
        Self { updated: Some(updated), ..Self::identified(id_of(object), version) }
    }

    /// An object that lacks members.
    pub(super) fn of_partial<R: Resource>(partial: &Partial<R>) -> Self {
        let text = partial.to_vec();
        let object = partial.clone().into_value();
        Self::identified(id_of(&object).map_err(|_| text.clone()), short(&text))
    }

    /// An object that could not be read.
    pub(super) fn of_raw<R: Resource>(raw: &RawJson) -> Self {
        let members = KEY.iter().map(|name| raw.member(name).filter(|_| R::INFO.place(name).is_some()));
        let members: Vec<_> = members.collect();
        let has_id = members.iter().zip(KEY).any(|(member, name)| member.is_some() && IDS.contains(&name));
        let text = raw.as_str().as_bytes();
        let texts =
            members.iter().map(|member| member.as_ref().map_or("", RawJson::as_str).as_bytes().to_vec());
        let id = joined(texts.collect());
        Self::identified(if has_id { Ok(id) } else { Err(text.to_vec()) }, short(text))
    }

    fn identified(id: Result<Vec<u8>, Vec<u8>>, version: u32) -> Self {
        let has_id = id.is_ok();
        let mark = mark(&id.unwrap_or_else(|text| text));
        Self { mark, version, updated: None, has_id }
    }

    /// Creates the facts of an object without a readable id, from its text. A paging with such an object is not
    /// complete.
    ///
    /// ```
    /// use ocpi_client::paging::ItemFacts;
    /// assert_ne!(ItemFacts::without_id("{}"), ItemFacts::without_id("[]"));
    /// ```
    pub fn without_id(text: &str) -> Self {
        Self { mark: mark(text.as_bytes()), version: short(text.as_bytes()), updated: None, has_id: false }
    }
}

/// Members that identify objects. Tokens of a party may differ in their type only.
const KEY: [&str; 5] = ["country_code", "party_id", "id", "uid", "type"];
/// Those without which an object is not identified.
const IDS: [&str; 2] = ["id", "uid"];

/// The members that identify an object as one text, or the whole object if it has no id.
fn id_of<R: Resource>(object: &R) -> Result<Vec<u8>, Vec<u8>> {
    let members = KEY.map(|name| object.info().place(name).and_then(|place| object.slot(place)));
    let has_id = members.iter().zip(KEY).any(|(slot, name)| {
        IDS.contains(&name) && slot.is_some_and(|slot| !slot.is_blank() && !slot.is_absent_any())
    });
    if !has_id {
        return Err(json::to_vec(object));
    }
    let text = |slot: Option<&dyn AnyValue>| {
        let mut writer = Writer::new();
        if let Some(slot) = slot {
            slot.write_any(&mut writer);
        }
        writer.into_bytes()
    };
    Ok(joined(members.map(text).to_vec()))
}

/// Texts as one. Ids are equal whatever their case.
fn joined(texts: Vec<Vec<u8>>) -> Vec<u8> {
    let mut joined = texts.join(&0);
    joined.make_ascii_lowercase();
    joined
}

/// Kind of a failed page request, as far as the paging can react to it.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum PageFailure {
    /// Not found at this URL: HTTP 404, 405 or 410.
    NotThere,
    /// A parameter was refused: HTTP 400, 416 or 422, or OCPI 2xxx.
    Refused,
    /// The page exceeds a limit of ours.
    TooLarge,
    /// Anything else. The paging stays at its position.
    Other,
}
