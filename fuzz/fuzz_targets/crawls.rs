//! Walks over the pages of a partner that answers with whatever the bytes say.
//!
//! Nothing may panic. The paging ends within its budget, and asks only the registered origin. Going on from the text of a
//! cursor is the same as going on. A list whose first page failed is not complete.

#![no_main]

use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use ocpi_client::paging::{
    Budget, Cursor, ItemFacts, LinkHeader, ListUrls, PageFacts, PageFailure, PageRequest, Paging, Range,
};
use ocpi_types::DateTime;

const PAGES: u64 = 40;
const FAILURES: [PageFailure; 4] =
    [PageFailure::NotThere, PageFailure::Refused, PageFailure::TooLarge, PageFailure::Other];

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = text.parse::<Cursor>();
    }
    let mut bytes = Bytes(bytes);
    let mut paging = Paging::new(list_urls()).with_range(Range { from: bytes.time(), to: bytes.time() });
    if bytes.next() % 4 == 0 {
        paging = paging.with_windows(Duration::from_secs(u64::from(bytes.next()) * 86_400));
    }
    if bytes.next() % 2 == 0 {
        paging = paging.with_limit(u64::from(bytes.next()));
    }
    let budget = Budget { pages: PAGES, ..Budget::default() };
    paging = paging.with_budget(budget);
    let (mut pages, mut requests) = (0, 0);
    while let Ok(Some(request)) = paging.next() {
        requests += 1;
        if let PageRequest::Link(url) = &request {
            assert_eq!(url.origin().ascii_serialization(), "https://cpo.example");
            assert!(url.username().is_empty() && url.password().is_none());
        }
        if bytes.0.is_empty() {
            break;
        }
        if bytes.next() % 8 == 0 {
            paging.failed(FAILURES[usize::from(bytes.next() % 4)]);
        } else {
            let link = bytes.text();
            let facts = facts(&mut bytes, &link);
            let taken = paging.page(&facts);
            assert_eq!(taken.repeated.len(), facts.items.len());
            pages += 1;
        }
        assert!(pages <= PAGES, "the budget holds");
        assert!(pages > 0 || !paging.outcome().is_complete(), "an error is no end");
        let cursor = paging.cursor().to_string().parse().expect("its own text");
        let mut again = Paging::resume(list_urls(), cursor).with_budget(budget);
        assert_eq!(again.cursor(), paging.cursor());
        if let (Ok(next), Ok(same)) = (paging.clone().next(), again.next()) {
            assert_eq!(next, same);
        }
    }
    assert!(requests <= 20_000);
});

fn list_urls() -> ListUrls {
    let list = "https://cpo.example/ocpi/2.3.0/tariffs".parse().expect("a URL");
    ListUrls::new(&list, []).expect("a URL")
}

fn facts<'a>(bytes: &mut Bytes<'_>, link: &'a str) -> PageFacts<'a> {
    let count = bytes.next() % 6;
    let item = |bytes: &mut Bytes<'_>| match bytes.next() {
        0 => ItemFacts::without_id("{}"),
        id => ItemFacts::new(&(id % 32).to_string(), bytes.time()),
    };
    let items = (0..count).map(|_| item(bytes)).collect();
    let number = |bytes: &mut Bytes<'_>| match bytes.next() {
        0..100 => None,
        255 => Some(u64::MAX),
        number => Some(u64::from(number - 100)),
    };
    PageFacts {
        link: match bytes.next() % 4 {
            0 => LinkHeader::Absent,
            1 => LinkHeader::Unreadable,
            _ => LinkHeader::Next(link),
        },
        total: number(bytes),
        limit: number(bytes),
        timestamp: bytes.time(),
        took: Duration::from_secs(u64::from(bytes.next())),
        ..PageFacts::new(items, bytes.time().unwrap_or(DateTime::UNIX_EPOCH))
    }
}

/// The bytes, one after the other; zeros behind the last.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn next(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    /// A time of few, or of any.
    fn time(&mut self) -> Option<DateTime> {
        match self.next() {
            0..64 => None,
            255 => DateTime::from_unix(i64::from(u32::from_le_bytes([0; 4].map(|_| self.next()))) * 60),
            near => DateTime::from_unix(1_800_000_000 + i64::from(near)),
        }
    }

    /// A link: one of the usual, or any text.
    fn text(&mut self) -> String {
        let number = self.next();
        match self.next() % 6 {
            0 => format!("?offset={number}"),
            1 => format!("http://other.example/x?offset={number}&limit=2"),
            2 => format!("?cursor={}", number % 8),
            3 => format!("?page={number}"),
            4 => format!("https://me:secret@cpo.example/{number}"),
            _ => {
                let length = usize::from(number).min(self.0.len());
                let (text, rest) = self.0.split_at(length);
                self.0 = rest;
                String::from_utf8_lossy(text).into_owned()
            }
        }
    }
}
