//! Pages as a stream, as an iterator, all at once, and over restarts.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use ocpi_client::paging::{Doubt, ListOutcome, Stop};
use ocpi_client::{Client, Pages, RequestIds, TransportError};
use ocpi_testkit::{Script, envelope, failure, fixed_clock, respond};
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::{InterfaceRole, ModuleId, Version};

use super::{FIRST, client, counted, linked, page, pages, read};
use crate::wire::tariff;

#[test]
fn a_page_that_failed_is_asked_for_again() {
    let next = "https://cpo.example/?cursor=2";
    let script = Script::of([linked(&["A"], next), failure(500, 3000), respond(503, &[], "<html>")])
        .then(Err(TransportError::new("reset")))
        .then(Ok(page(&["B"], &[])));
    let mut pages = pages(&script);
    let mut step = || pollster::block_on(pages.next());
    assert_eq!(step().expect("a page").expect("a page").value.items.len(), 1);
    for _ in 0..3 {
        assert!(step().expect("an error").expect_err("it fails").is_retryable());
    }
    assert_eq!(step().expect("a page").expect("a page").value.items.len(), 1);
    for _ in 0..2 {
        assert!(step().is_none(), "the end stays the end");
    }
    assert_eq!(pages.outcome(), ListOutcome::Complete);
    let second = format!("GET {next}");
    assert_eq!(script.asked(), [FIRST, &second, &second, &second, &second]);
}

#[test]
fn a_cursor_goes_on_in_another_run() {
    let script = Script::of([counted(&["A", "B"], "3")]);
    let mut first = pages(&script).limit(2);
    pollster::block_on(first.next()).expect("a page").expect("a page");
    let stored = first.cursor().to_string();
    assert_eq!(first.outcome(), ListOutcome::Incomplete(Stop::UnderWay));

    let script = Script::of([counted(&["B", "C"], "3")]);
    let mut rest = pages(&script).resume(stored.parse().expect("a cursor")).expect("of this list");
    let (ids, end) = read(&mut rest);
    end.expect("an end");
    assert_eq!((ids, rest.outcome()), (vec!["C".to_owned()], ListOutcome::Complete));
    assert_eq!(script.asked(), [format!("{FIRST}?offset=1&limit=2")]);
    // As text in JSON, and nothing of it in `Debug`.
    let json = serde_json::to_string(&rest.cursor()).expect("JSON");
    assert_eq!(serde_json::from_str::<ocpi_client::paging::Cursor>(&json).expect("a cursor"), rest.cursor());
    assert!(!format!("{:?}", rest.cursor()).contains("offset"));
    for odd in
        ["", "ocpi-pages-1", "ocpi-pages-2 .", &stored[..stored.len() - 3], &stored.replace("offset", "seen")]
    {
        assert!(odd.parse::<ocpi_client::paging::Cursor>().is_err(), "{odd}");
    }
}

/// As a stream, polled by hand.
#[test]
fn pages_are_a_stream() {
    use futures_core::Stream;
    fn poll<S: Stream + Unpin>(stream: &mut S) -> Poll<Option<S::Item>> {
        Pin::new(stream).poll_next(&mut Context::from_waker(Waker::noop()))
    }
    let transport = ocpi_client::transport::from_fn(|_| async { Ok(counted(&["A"], "1")) });
    let mut pages: Pages<Tariff, _> = client().over(std::sync::Arc::new(transport)).pages();
    assert!(matches!(poll(&mut pages), Poll::Ready(Some(Ok(page))) if page.value.items.len() == 1));
    assert!(matches!(poll(&mut pages), Poll::Ready(None)));
}

#[test]
fn pages_are_an_iterator_that_blocks() {
    let script = Script::of([counted(&["A", "B"], "3"), counted(&["B", "C"], "3")]);
    let mut pages = pages(&script).blocking();
    let counts: Vec<usize> = pages.by_ref().map(|page| page.expect("a page").value.items.len()).collect();
    assert_eq!((counts, pages.pages().outcome()), (vec![2, 1], ListOutcome::Complete));
}

#[test]
fn all_at_once_is_all_or_nothing() {
    // B has changed when it comes again.
    let later = ocpi_testkit::tariff_json("NL/ALF", "B", "11:00:00");
    let body = envelope(&format!("[{},{},{later}]", tariff("A"), tariff("C")));
    let script = Script::of([counted(&["A", "B"], "3"), respond(200, &[("X-Total-Count", "3")], &body)]);
    let all = pollster::block_on(pages(&script).collect_items()).expect("all of them");
    let times: Vec<_> = all.items.iter().map(|it| (it.id.as_str(), it.last_updated.to_string())).collect();
    assert_eq!(times.len(), 3);
    assert!(times[1].0 == "B" && times[1].1.contains("11:00"), "{times:?}");
    assert_eq!((all.pages, all.outcome), (2, ListOutcome::Complete));
    let script = Script::of([linked(&["A"], "https://cpo.example/?cursor=2")]).then_nothing();
    pollster::block_on(pages(&script).collect_items()).expect_err("the second page is missing");
}

/// `date_from` is required of Sessions, and goes with CDRs.
#[test]
fn dates_are_sent() {
    let (from, to) =
        ("2026-11-20T00:00:00Z".parse().expect("a time"), "2026-11-22T00:00:00Z".parse().expect("a time"));
    let empty = || Script::of([respond(200, &[("X-Total-Count", "0")], &envelope("[]"))]);
    let since_1970 = "date_from=1970-01-01T00%3A00%3A00Z";
    let ask = |script: &Script| script.asked()[0].split_once('?').map(|(_, query)| query.to_owned());
    macro_rules! asked {
        ($type:ty) => {{
            let script = empty();
            pollster::block_on(client().over(&script).pages::<$type>().next())
                .expect("a page")
                .expect("a page");
            ask(&script)
        }};
    }
    assert_eq!((asked!(Session).as_deref(), asked!(Cdr).as_deref()), (Some(since_1970), Some(since_1970)));
    assert_eq!((asked!(Location), asked!(Tariff)), (None, None));
    let script = empty();
    let mut pages = client().over(&script).pages::<Session>().to(to).from(from);
    pollster::block_on(pages.next()).expect("a page").expect("a page");
    let both = "date_from=2026-11-20T00%3A00%3A00Z&date_to=2026-11-22T00%3A00%3A00Z";
    assert_eq!(ask(&script).as_deref(), Some(both));
}

#[test]
fn windows_follow_each_other() {
    let day = Duration::from_secs(86_400);
    let empty = || counted(&[], "0");
    let (from, to) =
        ("2026-11-20T00:00:00Z".parse().expect("a time"), "2026-11-21T12:00:00Z".parse().expect("a time"));
    let script = Script::of([counted(&["A"], "1"), counted(&["A", "B"], "2")]);
    let mut bounded = pages(&script).windows(day).from(from).to(to);
    let (ids, end) = read(&mut bounded);
    end.expect("an end");
    assert_eq!((ids, bounded.outcome()), (vec!["A".to_owned(), "B".to_owned()], ListOutcome::Complete));
    let query = |from: &str, to: &str| {
        format!("{FIRST}?date_from=2026-11-{from}%3A00%3A00Z&date_to=2026-11-{to}%3A00%3A00Z")
    };
    assert_eq!(script.asked(), [query("20T00", "21T00"), query("21T00", "21T12")]);
    // Without an end: up to the present of the partner, which is 2026-11-22T10:00:00Z.
    let script = Script::of([empty(), empty(), empty()]);
    let mut open = pages(&script).from(from).windows(day);
    read(&mut open).1.expect("an end");
    let last = format!("{FIRST}?date_from=2026-11-22T00%3A00%3A00Z");
    assert_eq!(script.asked(), [query("20T00", "21T00"), query("21T00", "22T00"), last]);
}

/// The list of another version, or at another host, begins again.
#[test]
fn a_cursor_is_for_the_list_of_its_version_and_host() {
    let of = |version, host: &str| {
        let url = format!("https://{host}/ocpi/sender/tariffs");
        let endpoint = crate::wire::endpoint(ModuleId::Tariffs, InterfaceRole::Sender, &url);
        let token = "secret".parse().expect("a token");
        Client::new(version, vec![endpoint], token, RequestIds::new("run-1"))
    };
    let stored = of(Version::V2_2_1, "cpo.example").pages::<Tariff>().cursor();
    let resumed = |client: &Client<()>| client.pages::<Tariff>().resume(stored.clone()).is_ok();
    assert!(resumed(&of(Version::V2_2_1, "cpo.example")));
    assert!(!resumed(&of(Version::V2_3_0, "cpo.example")));
    assert!(!resumed(&of(Version::V2_2_1, "new.example")));
}

#[test]
fn a_cursor_keeps_windows_of_any_length() {
    for length in [Duration::ZERO, Duration::from_millis(1_500), Duration::MAX] {
        let script = Script::of([]);
        let pages = pages(&script).windows(length);
        let stored = pages.cursor().to_string();
        assert_eq!(stored.parse::<ocpi_client::paging::Cursor>().expect("a cursor"), pages.cursor());
    }
}

/// Objects that cannot be read count for offsets, budget and the caller alike. One without an id leaves the list unsure.
#[test]
fn objects_that_cannot_be_read_are_counted() {
    let bad = |more: &str| {
        let data = format!(r#"[{}, {{"id": "B"}}, {{"id": "C", "elements": 7}}{more}]"#, tariff("A"));
        respond(200, &[("X-Total-Count", "4")], &envelope(&data))
    };
    for (more, outcome) in [
        (r#", {"id": "D"}"#, ListOutcome::Complete),
        (r#", {"currency": "EUR"}"#, ListOutcome::Unsure(Doubt::ObjectsWithoutId)),
        (", []", ListOutcome::Unsure(Doubt::ObjectsWithoutId)),
    ] {
        let script = Script::of([bad(more)]);
        let mut pages = pages(&script);
        let page = pollster::block_on(pages.next()).expect("a page").expect("a page").value;
        assert_eq!(page.items.len() + page.partial.len() + page.rejected.len(), 4);
        assert!(pollster::block_on(pages.next()).is_none());
        assert_eq!(pages.outcome(), outcome, "{more}");
    }
    // They are left out when they come again, too.
    let script = Script::of([
        respond(200, &[("X-Total-Count", "4")], &envelope(&format!(r#"[{}, {{"id": "B"}}]"#, tariff("A")))),
        respond(
            200,
            &[("X-Total-Count", "4")],
            &envelope(&format!(r#"[{{"id": "B"}}, {}, {{"id": "D"}}]"#, tariff("C"))),
        ),
    ]);
    let all = pollster::block_on(pages(&script).collect_items()).expect("a list");
    assert_eq!((all.items.len(), all.partial.len() + all.rejected.len()), (2, 2));
}

#[test]
fn the_watermark_is_the_time_of_the_partner() {
    let script = Script::of([counted(&["A"], "1")]);
    let mut pages = pages(&script).clock(fixed_clock());
    assert_eq!(pages.watermark().time(), None);
    read(&mut pages).1.expect("an end");
    let newest = pages.watermark().time().expect("a time").to_string();
    assert!(newest.contains("T10:00:00"), "{newest}");
}
