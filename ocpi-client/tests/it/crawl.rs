//! Walks over lists, at partners that page well, oddly, or with malice.

use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use ocpi_client::{Budget, Crawl, Error, ErrorKind, Transport, TransportError};
use ocpi_testkit::{Script, envelope, failure, respond};
use ocpi_types::endpoint::List;
use ocpi_types::v2_3_0::tariffs::Tariff;

use crate::wire::{client, tariff};

const FIRST: &str = "GET https://cpo.example/ocpi/2.3.0/sender/tariffs";

/// A page with Tariffs of these ids.
fn page(ids: &[&str], headers: &[(&str, &str)]) -> http::Response<Bytes> {
    let items: Vec<String> = ids.iter().map(|id| tariff(id)).collect();
    respond(200, headers, &envelope(&format!("[{}]", items.join(","))))
}

fn linked(ids: &[&str], next: &str) -> http::Response<Bytes> {
    page(ids, &[("Link", &format!(r#"<{next}>; rel="next""#))])
}

/// Everything that a walk brings, and how it ended.
fn walk(crawl: Crawl<Tariff>, transport: &impl Transport) -> (Vec<String>, Result<(), Error>) {
    pollster::block_on(async {
        let mut crawl = crawl;
        let mut ids = Vec::new();
        loop {
            match crawl.next(transport).await {
                Ok(Some(page)) => ids.extend(page.value.items.iter().map(|tariff| tariff.id.to_string())),
                Ok(None) => return (ids, Ok(())),
                Err(error) => return (ids, Err(error)),
            }
        }
    })
}

fn all(script: &Script) -> (Vec<String>, Result<(), Error>) {
    walk(client().crawl(Budget::default()), script)
}

fn is_budget(error: &Error) -> bool {
    (error.endpoint(), error.kind()) == ("List<Tariff>", ErrorKind::Budget)
}

#[test]
fn links_are_followed_as_they_stand() {
    let script = Script::of([
        linked(&["A", "B"], "https://cpo.example/ocpi/2.3.0/sender/tariffs?offset=2"),
        linked(&["C"], "https://cpo.example/elsewhere/?cursor=%2Fa%2B&x=+1"),
        // The link decides, not the count.
        page(&["D"], &[("X-Total-Count", "100")]),
    ]);
    let (ids, end) = all(&script);
    end.expect("an end");
    assert_eq!(ids, ["A", "B", "C", "D"]);
    assert_eq!(
        script.asked(),
        [
            FIRST,
            "GET https://cpo.example/ocpi/2.3.0/sender/tariffs?offset=2",
            "GET https://cpo.example/elsewhere/?cursor=%2Fa%2B&x=+1",
        ]
    );
}

#[test]
fn a_link_may_be_relative_and_written_oddly() {
    let script = Script::of([
        page(&["A"], &[("Link", "<tariffs?offset=1>; rel=next")]),
        page(&["B"], &[("Link", "</other?offset=2>; rel='next'; title=x")]),
        page(&["C"], &[("Link", r#"<https://cpo.example/0>; rel="prev", <?offset=3>; REL="Next""#)]),
        page(&["D"], &[("link", "<//cpo.example/last>;rel=\"last next\"")]),
        page(&["E"], &[("Link", r#"<https://cpo.example/0>; rel="prev""#)]),
    ]);
    let (ids, end) = all(&script);
    end.expect("an end");
    assert_eq!(ids, ["A", "B", "C", "D", "E"]);
    assert_eq!(
        script.asked()[1..],
        [
            "GET https://cpo.example/ocpi/2.3.0/sender/tariffs?offset=1",
            "GET https://cpo.example/other?offset=2",
            "GET https://cpo.example/other?offset=3",
            "GET https://cpo.example/last",
        ]
    );
}

/// The limit of 255 characters is one of members; a cursor may be longer.
#[test]
fn a_link_may_be_long() {
    let long = format!("https://cpo.example/tariffs?cursor={}", "x".repeat(2000));
    let script = Script::of([linked(&["A"], &long), page(&["B"], &[])]);
    let (ids, end) = all(&script);
    end.expect("an end");
    assert_eq!((ids.len(), script.asked()[1].len()), (2, "GET ".len() + long.len()));
}

#[test]
fn without_links_the_count_leads_on() {
    let counted = |ids: &[&str], total: &str| page(ids, &[("X-Total-Count", total)]);
    let script = Script::of([counted(&["A", "B"], "5"), counted(&["C", "D"], "5"), counted(&["E"], "5")]);
    let (ids, end) = all(&script);
    end.expect("an end");
    assert_eq!(ids, ["A", "B", "C", "D", "E"]);
    assert_eq!(script.asked(), [FIRST.to_owned(), format!("{FIRST}?offset=2"), format!("{FIRST}?offset=4")]);
}

#[test]
fn a_walk_by_offsets_goes_on_from_where_it_began() {
    let counted = |ids: &[&str]| page(ids, &[("X-Total-Count", "5")]);
    let script = Script::of([counted(&["C", "D"]), counted(&["E"])]);
    let first = List { offset: Some(2), limit: Some(2), ..List::all() };
    let (ids, end) = walk(client().crawl(Budget::default()).from(first), &script);
    end.expect("an end");
    assert_eq!(ids, ["C", "D", "E"]);
    assert_eq!(script.asked(), [format!("{FIRST}?offset=2&limit=2"), format!("{FIRST}?offset=4&limit=2")]);
}

#[test]
fn a_walk_from_the_end_of_numbers_ends() {
    let script = Script::of([page(&["A"], &[("X-Total-Count", "18446744073709551615")])]);
    let first = List { offset: Some(u64::MAX), ..List::all() };
    let (ids, end) = walk(client().crawl(Budget::default()).from(first), &script);
    end.expect("an end");
    assert_eq!(ids, ["A"]);
}

/// Totals that shrink, grow, lie or are nonsense end the walk, sooner or later.
#[test]
fn a_count_is_a_hint_only() {
    let counted = |ids: &[&str], total: &str| page(ids, &[("X-Total-Count", total)]);
    for (answers, expected) in [
        (vec![counted(&["A", "B"], "4"), counted(&["C"], "3")], 3),
        (vec![counted(&["A", "B"], "4"), counted(&[], "4")], 2),
        (vec![counted(&["A", "B"], "18446744073709551615"), counted(&[], "18446744073709551615")], 2),
        (vec![counted(&["A", "B"], "0")], 2),
        (vec![counted(&["A", "B"], "-7")], 2),
        (vec![counted(&["A"], "2"), counted(&["B"], "3"), counted(&["C"], "3")], 3),
        (vec![counted(&[], "9")], 0),
    ] {
        let requests = answers.len();
        let script = Script::of(answers);
        let (ids, end) = all(&script);
        end.expect("an end");
        assert_eq!((ids.len(), script.requests().len()), (expected, requests));
    }
}

#[test]
fn a_page_that_names_itself_ends_the_walk_with_an_error() {
    for itself in [
        "https://cpo.example/ocpi/2.3.0/sender/tariffs",
        "",
        "tariffs",
        "https://CPO.example:443/ocpi/2.3.0/./sender/tariffs",
    ] {
        let script = Script::of([linked(&["A"], itself)]);
        let (ids, end) = all(&script);
        assert!(is_budget(&end.expect_err("no end")), "{itself:?}");
        assert_eq!((ids, script.requests().len()), (vec!["A".to_owned()], 1), "{itself:?}");
    }
}

#[test]
fn a_circle_ends_with_an_error() {
    let script = Script::of([
        linked(&["A"], "https://cpo.example/2"),
        linked(&["B"], "https://cpo.example/3"),
        linked(&["C"], "https://cpo.example/2"),
    ]);
    let (ids, end) = all(&script);
    assert!(is_budget(&end.expect_err("no end")));
    assert_eq!((ids.len(), script.requests().len()), (3, 3));
}

/// A partner that always has one more page.
struct Endless {
    asked: AtomicUsize,
    items: usize,
}

impl Transport for Endless {
    async fn send(&self, _: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let number = self.asked.fetch_add(1, Ordering::Relaxed);
        let items = vec!["A"; self.items];
        Ok(linked(&items, &format!("https://cpo.example/{}", number + 1)))
    }
}

#[test]
fn pages_without_end_are_stopped_by_the_budget() {
    for items in [0, 1] {
        let endless = Endless { asked: AtomicUsize::new(0), items };
        let budget = Budget { pages: 50, ..Budget::default() };
        let (ids, end) = walk(client().crawl(budget), &endless);
        assert!(is_budget(&end.expect_err("no end")));
        assert_eq!((ids.len(), endless.asked.load(Ordering::Relaxed)), (50 * items, 50));
    }
}

#[test]
fn objects_without_end_are_stopped_by_the_budget() {
    let endless = Endless { asked: AtomicUsize::new(0), items: 7 };
    let budget = Budget { objects: 20, ..Budget::default() };
    let (ids, end) = walk(client().crawl(budget), &endless);
    assert!(is_budget(&end.expect_err("no end")));
    // At most one page more than was asked for.
    assert_eq!(ids.len(), 21);
}

#[test]
fn a_list_that_just_fits_is_whole() {
    let budget = Budget { pages: 2, objects: 2 };
    let script = Script::of([linked(&["A"], "https://cpo.example/2"), page(&["B"], &[])]);
    let (ids, end) = walk(client().crawl(budget), &script);
    end.expect("an end");
    assert_eq!(ids, ["A", "B"]);
}

#[test]
fn a_next_page_elsewhere_is_refused() {
    for elsewhere in [
        "https://evil.example/tariffs",
        "http://cpo.example/tariffs",
        "//evil.example/tariffs",
        "https://cpo.example@evil.example/",
        "https://cpo.example:444/tariffs",
    ] {
        let script = Script::of([linked(&["A"], elsewhere)]);
        let (ids, end) = all(&script);
        let error = end.expect_err("a foreign host");
        assert_eq!((error.endpoint(), error.kind()), ("List<Tariff>", ErrorKind::ForeignUrl));
        assert_eq!((ids.len(), script.requests().len()), (1, 1), "{elsewhere}");
    }
}

#[test]
fn a_next_page_that_is_no_url_is_an_error() {
    for odd in ["https://", "ftp://cpo.example/x", "https://[::1", "javascript:alert(1)"] {
        let (_, end) = all(&Script::of([linked(&["A"], odd)]));
        assert!(end.is_err(), "{odd}");
    }
}

#[test]
fn a_page_that_failed_is_asked_for_again() {
    let next = "https://cpo.example/2";
    let script = Script::of([linked(&["A"], next), failure(500, 3000), respond(503, &[], "<html>")])
        .then(Err(TransportError::new("reset")))
        .then(Ok(page(&["B"], &[])));
    let client = client();
    let mut crawl = client.crawl::<Tariff>(Budget::default());
    pollster::block_on(async {
        assert_eq!(crawl.next(&script).await.expect("a page").map(|page| page.value.items.len()), Some(1));
        for _ in 0..3 {
            assert!(crawl.next(&script).await.expect_err("it fails").is_retryable());
        }
        assert_eq!(crawl.next(&script).await.expect("a page").map(|page| page.value.items.len()), Some(1));
        for _ in 0..2 {
            assert!(crawl.next(&script).await.expect("the end").is_none(), "the end stays the end");
        }
    });
    let second = format!("GET {next}");
    assert_eq!(script.asked(), [FIRST, &second, &second, &second, &second]);
}

/// Objects that cannot be read count for offsets, budget and the caller alike.
#[test]
fn rejected_objects_are_counted() {
    let bad = |total: &str| {
        let data = format!(r#"[{}, {{"id": 1}}, []]"#, tariff("A"));
        respond(200, &[("X-Total-Count", total)], &envelope(&data))
    };
    let script = Script::of([bad("6"), bad("6")]);
    let client = client();
    let mut crawl = client.crawl::<Tariff>(Budget::default());
    let mut counts = Vec::new();
    while let Some(page) = pollster::block_on(crawl.next(&script)).expect("a page") {
        counts.push((page.value.items.len(), page.value.partial.len() + page.value.rejected.len()));
    }
    assert_eq!(counts, [(1, 2), (1, 2)]);
    assert_eq!(script.asked()[1], format!("{FIRST}?offset=3"));
    let budget = Budget { objects: 2, ..Budget::default() };
    let (_, end) = walk(client.crawl(budget), &Script::of([bad("6")]));
    assert!(is_budget(&end.expect_err("no end")));
}

#[test]
fn all_at_once_is_all_or_nothing() {
    let script = Script::of([linked(&["A"], "https://cpo.example/2"), page(&["B"], &[])]);
    let tariffs = pollster::block_on(client().fetch_all::<Tariff>(&script)).expect("all of them").items;
    assert_eq!(tariffs.len(), 2);
    let script = Script::of([linked(&["A"], "https://cpo.example/2")]).then_nothing();
    pollster::block_on(client().fetch_all::<Tariff>(&script)).expect_err("the second page is missing");
}

/// A page in a frame that is not OCPI's: `{name}` holds Tariffs of these ids, `more` stands behind it.
fn framed(name: &str, ids: &[&str], more: &str) -> http::Response<Bytes> {
    let items: Vec<String> = ids.iter().map(|id| tariff(id)).collect();
    respond(200, &[], &format!("{{\"{name}\":[{}]{more}}}", items.join(",")))
}

#[test]
fn pages_in_foreign_frames_are_read_told_and_followed() {
    let next = ",\"next\":\"https://cpo.example/ocpi/2.3.0/sender/tariffs?offset=2\"";
    let script = Script::of([framed("items", &["A", "B"], next), framed("items", &["C"], ",\"next\":null")]);
    let (ids, end) = all(&script);
    end.expect("an end");
    assert_eq!(ids, ["A", "B", "C"]);
    assert_eq!(script.asked(), [FIRST.to_owned(), format!("{FIRST}?offset=2")]);

    // By a count in the frame.
    let script = Script::of([
        framed("content", &["A", "B"], ",\"totalElements\":3,\"last\":false"),
        framed("content", &["C"], ",\"totalElements\":3,\"last\":true"),
    ]);
    let (ids, end) = all(&script);
    end.expect("an end");
    assert_eq!((ids.len(), script.requests().len()), (3, 2));

    let page = pollster::block_on(async {
        let script = Script::of([framed("tariffs", &["A"], "")]);
        client().crawl::<Tariff>(Budget::default()).next(&script).await
    });
    let page = page.expect("a page").expect("a page");
    let told: Vec<_> = page.findings.iter().map(|it| (it.pointer.as_str(), it.rule.id())).collect();
    assert_eq!(told, [("/tariffs", "env.frame")]);
}

/// A body that holds no list is no empty one: a sweep after a complete list deletes the objects that are missing in it.
#[test]
fn what_holds_no_list_ends_the_walk_with_an_error() {
    for body in [
        r#"{}"#,
        r#"{"message":"Internal Server Error","path":"/tariffs"}"#,
        r#"{"error":"unauthorized","data":[]}"#,
        r#"{"message":"unauthorized","data":[]}"#,
        r#"{"statusCode":3000,"data":[]}"#,
        r#"{"StatusCode":"3000","Data":[]}"#,
        r#"{"status_code":"FAILURE","data":[],"timestamp":"2026-11-22T10:00:00Z"}"#,
        r#"{"status":"error","items":[]}"#,
        r#"{"success":false,"tariffs":[]}"#,
        r#"{"status_code":1000,"data":{},"timestamp":"2026-11-22T10:00:00Z"}"#,
        r#"{"status_code":1000,"data":{"message":"none"},"timestamp":"2026-11-22T10:00:00Z"}"#,
        r#"{"id":"A","name":"an object of another kind"}"#,
        // There is more, and nobody says where.
        r#"{"items":[],"has_more":true}"#,
        r#"{"items":[],"next_cursor":"abc"}"#,
    ] {
        let script = Script::of([respond(200, &[], body)]);
        let (ids, end) = all(&script);
        assert!(end.is_err() && ids.is_empty(), "{body}: {ids:?}");
    }
}

#[test]
fn a_status_as_a_word_or_in_quotes_is_judged_as_the_command_does() {
    for (status, is_success) in [
        ("\"1000\"", true),
        ("\"SUCCESS\"", true),
        ("\"OK\"", true),
        ("1000.0", true),
        ("\"2001\"", false),
        ("\"ERROR\"", false),
        ("\"whatever\"", false),
        ("null", false),
    ] {
        let body = format!(
            r#"{{"data":[{}],"status_code":{status},"timestamp":"2026-11-22T10:00:00Z"}}"#,
            tariff("A")
        );
        let (ids, end) = all(&Script::of([respond(200, &[], &body)]));
        assert_eq!((ids.len(), end.is_ok()), (usize::from(is_success), is_success), "{status}");
    }
}

/// A page of more members than one object may have.
#[test]
fn a_page_of_more_than_a_million_members_is_read() {
    let vendor = vec!["0"; 60_000].join(",");
    let item = |id: usize| tariff(&id.to_string()).replacen('{', &format!("{{\"vendor\":[{vendor}],"), 1);
    let items: Vec<String> = (0..20).map(item).collect();
    let (ids, end) = all(&Script::of([respond(200, &[], &envelope(&format!("[{}]", items.join(","))))]));
    end.expect("an end");
    assert_eq!(ids.len(), 20);
}
