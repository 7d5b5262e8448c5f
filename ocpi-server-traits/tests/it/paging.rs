//! Lists: pages, filters, and what a partner may ask for.

use bytes::Bytes;
use http::Method;
use ocpi_server_traits::{Memory, Objects};
use ocpi_types::endpoint::RootResource;
use ocpi_types::protocol::next_link;
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::tokens::Token;

use ocpi_testkit::{Answer, location_json, parse, party, token_json};

use crate::site::{Site, raw_request};

const LIST: &str = "/sender/tokens";

/// An eMSP with tokens `T0`, `T1`, … that were updated at 10:00:00, 10:00:01, …; three on a page.
fn site(tokens: usize) -> Site {
    let objects = Objects::new(Memory::new(), vec![party("DE/EMP"), party("DE/SUB")]).with_page_size(3);
    let put = |token: Token| pollster::block_on(objects.put_all([token])).expect("a store");
    for index in 0..tokens {
        put(parse(&token_json("DE/EMP", &format!("T{index}"), &format!("10:00:{index:02}"))));
    }
    Site::of(objects)
}

fn ids(answer: &Answer) -> Vec<String> {
    answer.list::<Token>().iter().map(|token| token.uid.as_str().to_owned()).collect()
}

fn next(answer: &Answer) -> Option<&str> {
    next_link(answer.header("link")?)
}

/// Follows the links from a page to the last one.
fn walk(site: &Site, first: &str) -> Vec<Answer> {
    let mut pages = vec![site.get(first).expect(200, 1000)];
    while let Some(url) = pages.last().and_then(next) {
        assert!(pages.len() < 100, "the list does not end");
        let path = url.strip_prefix("https://emsp.example").expect("our own URL");
        pages.push(site.ask(raw_request(Method::GET, path, Bytes::new())).expect(200, 1000));
    }
    pages
}

#[test]
fn links_lead_through_the_whole_list() {
    for (count, pages) in [(0, 1), (1, 1), (3, 1), (4, 2), (6, 2), (7, 3)] {
        let site = site(count);
        let walked = walk(&site, LIST);
        let found: Vec<String> = walked.iter().flat_map(ids).collect();
        let expected: Vec<String> = (0..count).map(|index| format!("T{index}")).collect();
        assert_eq!((walked.len(), found), (pages, expected));
        for page in &walked {
            assert_eq!(page.header("x-total-count"), Some(count.to_string().as_str()));
            assert_eq!(page.header("x-limit"), Some("3"), "what the server puts on a page at most");
        }
    }
}

#[test]
fn filters_and_the_limit_are_repeated_in_links() {
    let site = site(9);
    let first = format!("{LIST}?limit=2&date_from=2026-11-22T10:00:01Z&date_to=2026-11-22T10:00:06Z");
    let pages = walk(&site, &first);
    let found: Vec<Vec<String>> = pages.iter().map(ids).collect();
    assert_eq!(found, [vec!["T1", "T2"], vec!["T3", "T4"], vec!["T5"]]);
    for page in &pages {
        assert_eq!(page.header("x-total-count"), Some("5"));
    }
    let link = next(&pages[0]).expect("a next page");
    let (link, cursor) = link.split_once("&cursor=").expect("a cursor");
    assert_eq!(
        link,
        "https://emsp.example/ocpi/2.3.0/sender/tokens?date_from=2026-11-22T10%3A00%3A01Z\
         &date_to=2026-11-22T10%3A00%3A06Z&offset=2&limit=2"
    );
    assert!(cursor.starts_with("2~"), "{cursor}");
    assert_eq!(next(&pages[2]), None);
}

#[test]
fn from_is_inclusive_and_to_is_not() {
    let site = site(4);
    for (query, expected) in [
        ("date_from=2026-11-22T10:00:02Z", vec!["T2", "T3"]),
        ("date_from=2026-11-22T10:00:02", vec!["T2", "T3"]),
        ("date_from=2026-11-22T10:00:02.5Z", vec!["T3"]),
        ("date_from=2026-11-22T11:00:02%2B01:00", vec!["T2", "T3"]),
        ("date_from=2026-11-22T11:00:02+01:00", vec!["T2", "T3"]),
        ("date_to=2026-11-22T10:00:01Z", vec!["T0"]),
        ("date_from=2026-11-22", vec!["T0", "T1", "T2"]),
        ("date_from=2026-11-23", vec![]),
        ("date_to=2026-11-22", vec![]),
        ("date_from=&date_to=&limit=&offset", vec!["T0", "T1", "T2"]),
        ("date_from=2026-11-22T10:00:01Z&date_to=2026-11-22T10:00:01Z", vec![]),
        ("date_from=2030-01-01T00:00:00Z", vec![]),
        ("unknown=1&limit=1", vec!["T0"]),
    ] {
        assert_eq!(ids(&site.get(&format!("{LIST}?{query}")).expect(200, 1000)), expected, "{query}");
    }
}

#[test]
fn a_limit_is_held_between_one_and_the_page() {
    let site = site(5);
    for (limit, on_page) in [("0", 1), ("1", 1), ("2", 2), ("3", 3), ("4", 3), ("18446744073709551615", 3)] {
        let pages = walk(&site, &format!("{LIST}?limit={limit}"));
        assert_eq!(ids(&pages[0]).len(), on_page, "limit {limit}");
        assert_eq!(pages.iter().flat_map(ids).count(), 5, "limit {limit}");
    }
}

/// A partner that follows links misses nothing and sees nothing twice, whatever is deleted and added meanwhile.
#[test]
fn links_hold_their_place_while_the_list_changes() {
    let site = site(7);
    let first = site.get(LIST).expect(200, 1000);
    let link = next(&first).expect("a next page").to_owned();
    for gone in ["T0", "T2"] {
        let token: Token = parse(&token_json("DE/EMP", gone, "10:00:00"));
        assert!(pollster::block_on(site.objects.delete::<Token>(&token.identity())).expect("a store"));
    }
    let path = link.strip_prefix("https://emsp.example").expect("our own URL");
    let second = site.ask(raw_request(Method::GET, path, Bytes::new())).expect(200, 1000);
    assert_eq!(ids(&second), ["T3", "T4", "T5"]);
    // Who counts for itself, with the cursor of another page in the URL, gets what it asks for.
    let own = path.replace("offset=3", "offset=2");
    let counted = site.ask(raw_request(Method::GET, &own, Bytes::new())).expect(200, 1000);
    assert_eq!(ids(&counted), ["T4", "T5", "T6"]);
    // A cursor that cannot be read is as good as none.
    let own = path.replace("cursor=3~", "cursor=x~");
    assert_eq!(ids(&site.ask(raw_request(Method::GET, &own, Bytes::new())).expect(200, 1000)), ["T5", "T6"]);
}

#[test]
fn behind_the_end_there_is_nothing() {
    let site = site(5);
    for offset in ["5", "6", "1000000000", "18446744073709551614", "18446744073709551615"] {
        for limit in ["", "&limit=1", "&limit=18446744073709551615"] {
            let answer = site.get(&format!("{LIST}?offset={offset}{limit}")).expect(200, 1000);
            assert_eq!((ids(&answer).len(), next(&answer)), (0, None), "offset {offset}{limit}");
            assert_eq!(answer.header("x-total-count"), Some("5"));
        }
    }
    assert_eq!(ids(&site.get(&format!("{LIST}?offset=4")).expect(200, 1000)), ["T4"]);
}

#[test]
fn parameters_that_are_no_numbers_or_times_are_2001() {
    let site = site(1);
    for query in [
        "offset=-1",
        "limit=-1",
        "limit=1e3",
        "limit=1.0",
        "limit=0x10",
        "limit=many",
        "offset=18446744073709551616",
        "offset=%2000",
        "offset=1%00",
        "date_from=yesterday",
        "date_from=2026-02-30",
        "date_from=2026-13-01T00:00:00Z",
        "date_to=1700000000",
    ] {
        let answer = site.get(&format!("{LIST}?{query}"));
        assert!(answer.is(200, 2001), "{query}: {answer:?}");
        let name = query.split('=').next().expect("a name");
        assert!(answer.message.is_some_and(|message| message.contains(name)), "{query}");
    }
}

#[test]
fn an_object_that_changes_stays_where_it_is_in_the_list() {
    let site = site(4);
    let newer: Token = parse(&token_json("DE/EMP", "T1", "11:00:00"));
    pollster::block_on(site.objects.put_all([newer])).expect("a store");
    let pages = walk(&site, LIST);
    assert_eq!(pages.iter().flat_map(ids).collect::<Vec<_>>(), ["T0", "T1", "T2", "T3"]);
}

/// Objects that partners pushed are theirs: they are neither listed nor looked up as our own.
#[test]
fn only_ones_own_objects_are_sent() {
    let site = site(1);
    let path = |of: &str, id: &str| format!("/receiver/locations/{of}/{id}");
    for (of, id) in [("NL/ALF", "L1"), ("NL/BET", "L2")] {
        site.put(&path(of, id), &location_json(of, id, "10:00:00")).expect(201, 1000);
    }
    for (of, id) in [("DE/EMP", "OWN1"), ("DE/SUB", "OWN2"), ("BE/OTH", "L3")] {
        let location: Location = parse(&location_json(of, id, "10:00:00"));
        pollster::block_on(site.objects.put_all([location])).expect("a store");
    }
    let answer = site.get("/sender/locations").expect(200, 1000);
    let listed: Vec<Location> = answer.list();
    assert_eq!(listed.iter().map(|location| location.id.as_str()).collect::<Vec<_>>(), ["OWN1", "OWN2"]);
    assert_eq!(answer.header("x-total-count"), Some("2"));
    for id in ["OWN1", "own2"] {
        site.get(&format!("/sender/locations/{id}")).expect(200, 1000);
    }
    for id in ["L1", "L2", "L3", "NOWHERE"] {
        site.get(&format!("/sender/locations/{id}")).expect(404, 2003);
    }
    site.get("/sender/tokens/NOBODY").expect(404, 2004);
}

/// Objects that are stored all at once are listed in the order in which they came, also over several writes.
#[test]
fn many_at_once_stay_in_order() {
    let objects = Objects::new(Memory::new(), vec![party("DE/EMP")]);
    let token = |index: usize, updated: &str| -> Token {
        parse(&token_json("DE/EMP", &format!("T{index:04}"), updated))
    };
    let many = |updated: &'static str| (0..1200).map(move |index| token(index, updated));
    let all = || pollster::block_on(objects.all::<Token>()).expect("a store").objects;
    pollster::block_on(objects.put_all(many("10:00:00"))).expect("a store");
    assert_eq!(all(), many("10:00:00").collect::<Vec<_>>());
    // The same ones again: newer ones replace, older ones do not.
    pollster::block_on(objects.put_all(many("11:00:00"))).expect("a store");
    assert_eq!(all(), many("11:00:00").collect::<Vec<_>>());
    pollster::block_on(objects.put_all(many("09:00:00"))).expect("a store");
    assert_eq!(all(), many("11:00:00").collect::<Vec<_>>());
}
