//! A partner's store in memory that changes between requests, and pages in one of many ways.

use std::collections::BTreeMap;
use std::time::Duration;

use ocpi_client::paging::{ItemFacts, LinkHeader, PageFacts, PageFailure, PageRequest};
use ocpi_types::DateTime;

pub(super) const LIST: &str = "https://cpo.example/ocpi/2.3.0/sender/tariffs";

/// Numbers that are the same for a seed on every machine.
pub(super) struct Numbers(u64);

impl Numbers {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d)
    }

    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }

    pub(super) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn one_of<T: Copy>(&mut self, values: &[T]) -> T {
        values[usize::try_from(self.below(values.len() as u64)).expect("small")]
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Order {
    Created,
    Updated,
    NewestFirst,
    LastChangedFirst,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Links {
    Good,
    Relative,
    Foreign,
    Dead,
    Unreadable,
    None,
}

/// Treatment of offsets.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Offsets {
    Kept,
    /// Offset and limit are ignored: every page is the whole list.
    Ignored,
    /// Rounded down to a multiple of the limit.
    Rounded,
    /// Refused unless it is a multiple of the limit.
    Strict,
}

#[derive(Clone, Copy, Debug)]
struct Object {
    updated: i64,
    created: u64,
    changed: u64,
}

pub(super) struct Store {
    pub(super) numbers: Numbers,
    objects: BTreeMap<u64, Object>,
    /// Our clock, in milliseconds.
    pub(super) now: i64,
    steps: u64,
    clock: i64,
    order: Order,
    links: Links,
    offsets: Offsets,
    by_cursor: bool,
    has_total: bool,
    has_limit: bool,
    has_time: bool,
    refuses_limits: bool,
    cap: u64,
    overlap: u64,
    burst: u64,
    deletes: bool,
    inserts: u64,
    fails: bool,
    pub(super) is_quiet: bool,
    page: Page,
}

#[derive(Default)]
struct Page {
    items: Vec<ItemFacts>,
    pub(super) ids: Vec<(u64, i64)>,
    link: Option<String>,
    total: Option<u64>,
    limit: Option<u64>,
    time: Option<DateTime>,
    asked: i64,
}

impl Store {
    pub(super) fn new(seed: u64) -> Self {
        let mut numbers = Numbers::new(seed);
        let orders =
            [Order::Created, Order::Created, Order::Updated, Order::NewestFirst, Order::LastChangedFirst];
        let links = [
            Links::Good,
            Links::Good,
            Links::Relative,
            Links::Foreign,
            Links::Dead,
            Links::Unreadable,
            Links::None,
        ];
        let offsets = [
            Offsets::Kept,
            Offsets::Kept,
            Offsets::Kept,
            Offsets::Kept,
            Offsets::Kept,
            Offsets::Kept,
            Offsets::Kept,
            Offsets::Kept,
            Offsets::Ignored,
            Offsets::Rounded,
            Offsets::Strict,
        ];
        let mut store = Self {
            objects: BTreeMap::new(),
            now: 1_700_000_000_000,
            steps: 0,
            clock: numbers.one_of(&[0, 0, -3_600_000, 40_000, 3_600_000]),
            order: numbers.one_of(&orders),
            links: numbers.one_of(&links),
            offsets: numbers.one_of(&offsets),
            by_cursor: numbers.chance(25),
            has_total: numbers.chance(60),
            has_limit: numbers.chance(50),
            has_time: numbers.chance(80),
            refuses_limits: numbers.chance(20),
            cap: numbers.one_of(&[1, 2, 3, 3, 5, 5, 10, 10, 100, 100]),
            overlap: numbers.one_of(&[0, 0, 0, 1, 2]),
            burst: numbers.one_of(&[0, 1, 1, 2, 4]),
            deletes: numbers.chance(60),
            inserts: 40,
            fails: numbers.chance(20),
            is_quiet: false,
            page: Page::default(),
            numbers,
        };
        // What rounds or refuses offsets pages by them, and steps by whole pages.
        if store.offsets != Offsets::Kept {
            store.by_cursor = false;
            store.overlap = 0;
        }
        for _ in 0..store.numbers.below(40) {
            store.write(None);
        }
        store.inserts = 30;
        store
    }

    pub(super) fn about(&self) -> String {
        format!(
            "{:?}, links {:?}, offsets {:?}, cursor {}, total {}, limit {}, cap {}, overlap {}, burst {}, deletes {}",
            self.order,
            self.links,
            self.offsets,
            self.by_cursor,
            self.has_total,
            self.has_limit,
            self.cap,
            self.overlap,
            self.burst,
            self.deletes
        )
    }

    /// Ids and versions of all objects.
    pub(super) fn all(&self) -> BTreeMap<u64, i64> {
        self.objects.iter().map(|(id, object)| (*id, object.updated)).collect()
    }

    pub(super) fn live(&mut self) {
        self.now += 100;
        if self.is_quiet {
            return;
        }
        for _ in 0..self.burst {
            let known: Vec<u64> = self.objects.keys().copied().collect();
            let any = (!known.is_empty()).then(|| self.numbers.one_of(&known));
            match (self.numbers.below(100), any) {
                (0..40, Some(id)) => self.write(Some(id)),
                (40..65, Some(id)) if self.deletes => {
                    self.objects.remove(&id);
                }
                (65..85, _) => self.write(None),
                _ => {}
            }
        }
        if self.cap > 2 && self.numbers.chance(2) {
            self.cap = (self.cap / 2).max(2);
        }
    }

    fn write(&mut self, id: Option<u64>) {
        self.steps += 1;
        self.now += 1;
        let updated = self.now + self.clock;
        if let Some(object) = id.and_then(|id| self.objects.get_mut(&id)) {
            (object.updated, object.changed) = (updated, self.steps);
        } else if self.inserts > 0 {
            self.inserts -= 1;
            self.objects.insert(self.steps, Object { updated, created: self.steps, changed: self.steps });
        }
    }

    fn place(&self, object: &Object) -> i64 {
        let place = |number: u64| i64::try_from(number).expect("small");
        match self.order {
            Order::Created => place(object.created),
            Order::Updated => place(object.changed),
            Order::NewestFirst => -place(object.created),
            Order::LastChangedFirst => -place(object.changed),
        }
    }

    /// Answers a request; the page is lent by [`Self::facts`].
    pub(super) fn get(&mut self, request: &PageRequest) -> Result<(), PageFailure> {
        let asked = self.now;
        self.live();
        if self.fails && self.numbers.chance(10) {
            return Err(PageFailure::Other);
        }
        let mut from = None;
        let (mut offset, mut limit, mut cursor) = (0, None, None);
        match request {
            PageRequest::At { range, offset: at, limit: most } => {
                (from, offset, limit) = (range.from, *at, *most);
            }
            PageRequest::Link(url) => {
                assert_eq!(url.origin().ascii_serialization(), "https://cpo.example");
                if url.path() == "/gone" {
                    return Err(PageFailure::NotThere);
                }
                for (name, value) in url.query_pairs() {
                    match &*name {
                        "date_from" => from = value.parse().ok(),
                        "offset" => offset = value.parse().expect("a number"),
                        "limit" => limit = value.parse().ok(),
                        "cursor" => cursor = value.parse::<i64>().ok(),
                        other => panic!("{other}"),
                    }
                }
            }
        }
        if self.refuses_limits && limit.is_some_and(|limit| limit > self.cap) {
            return Err(PageFailure::Refused);
        }
        let most = limit.unwrap_or(u64::MAX).min(self.cap);
        match self.offsets {
            Offsets::Strict if offset % most != 0 => return Err(PageFailure::Refused),
            Offsets::Rounded => offset -= offset % most,
            _ => {}
        }
        let since = from.map_or(i64::MIN, |from: DateTime| from.to_unix_micros() / 1_000);
        let mut shown: Vec<(i64, u64, Object)> = self
            .objects
            .iter()
            .filter(|(_, object)| object.updated >= since)
            .map(|(id, object)| (self.place(object), *id, *object))
            .collect();
        shown.sort_by_key(|(place, ..)| *place);
        let total = shown.len() as u64;
        let behind = match cursor {
            Some(cursor) => shown.iter().filter(|(place, ..)| *place <= cursor).count(),
            None => usize::try_from(offset).expect("small").min(shown.len()),
        };
        let rest = if self.offsets == Offsets::Ignored { &shown[..] } else { &shown[behind..] };
        let count = if self.offsets == Offsets::Ignored { rest.len() } else { rest.len().min(most as usize) };
        let page = &rest[..count];
        let has_more = rest.len() > count;
        let place = match page.last() {
            Some((last, ..)) if self.by_cursor => format!("cursor={last}"),
            _ => format!("offset={}", offset + most.saturating_sub(self.overlap).max(1)),
        };
        let mut query = place;
        if let Some(limit) = limit {
            query += &format!("&limit={limit}");
        }
        if let Some(from) = from {
            query += &format!("&date_from={from}");
        }
        let link = match self.links {
            Links::Good => format!("{LIST}?{query}"),
            Links::Relative => format!("?{query}"),
            Links::Foreign => format!("http://127.0.0.1:8080/elsewhere?{query}"),
            Links::Dead => format!("http://127.0.0.1:8080/gone?{query}"),
            Links::Unreadable => "odd".to_owned(),
            Links::None => String::new(),
        };
        self.page = Page {
            items: page
                .iter()
                .map(|(_, id, object)| {
                    ItemFacts::new(&id.to_string(), DateTime::from_unix_millis(object.updated))
                })
                .collect(),
            ids: page.iter().map(|(_, id, object)| (*id, object.updated)).collect(),
            link: Some(link).filter(|link| has_more && !link.is_empty()),
            total: self.has_total.then_some(total),
            limit: self.has_limit.then_some(self.cap),
            time: self.has_time.then(|| DateTime::from_unix_millis(self.now + self.clock)).flatten(),
            asked,
        };
        Ok(())
    }

    /// The page of the last request.
    pub(super) fn facts(&self) -> PageFacts<'_> {
        let Page { items, link, total, limit, time, asked, .. } = &self.page;
        PageFacts {
            link: match link {
                Some(_) if self.links == Links::Unreadable => LinkHeader::Unreadable,
                Some(link) => LinkHeader::Next(link),
                None => LinkHeader::Absent,
            },
            total: *total,
            limit: *limit,
            bytes: 100,
            timestamp: *time,
            took: Duration::from_millis(100),
            ..PageFacts::new(items.clone(), DateTime::from_unix_millis(*asked).expect("a time"))
        }
    }

    /// Ids and versions of the objects on the page of the last request.
    pub(super) fn ids(&self) -> &[(u64, i64)] {
        &self.page.ids
    }
}
