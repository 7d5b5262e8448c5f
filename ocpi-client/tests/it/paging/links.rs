//! Links to the next page, and totals in the place of them.

use bytes::Bytes;
use ocpi_client::paging::{Doubt, ListOutcome};
use ocpi_testkit::{Script, failure, respond};

use super::{FIRST, all, counted, is_budget, linked, page, pages, read, told};

#[test]
fn the_offset_of_a_link_is_lowered_and_everything_else_stands() {
    let script = Script::of([
        linked(&["A", "B"], "https://cpo.example/elsewhere?x=+1&offset=2&y=%2F"),
        // The link decides, not the count.
        page(&["B", "C"], &[("X-Total-Count", "100"), ("Link", "<?offset=3>; rel=\"next\"")]),
        page(&["C"], &[]),
    ]);
    let mut pages = pages(&script);
    let (ids, end) = read(&mut pages);
    end.expect("an end");
    assert_eq!(ids, ["A", "B", "C"], "what came before is left out");
    let asked = script.asked();
    assert_eq!(asked[0], FIRST);
    assert_eq!(asked[1], "GET https://cpo.example/elsewhere?x=+1&offset=1&y=%2F");
    assert_eq!(asked[2], "GET https://cpo.example/elsewhere?offset=2");
    assert_eq!(asked.len(), 3);
    assert_eq!(pages.outcome(), ListOutcome::Complete);
}

#[test]
fn links_without_an_offset_are_followed_as_they_stand() {
    let long = format!("https://cpo.example/tariffs?cursor={}", "x".repeat(2000));
    let script = Script::of([
        linked(&["A", "B"], "https://cpo.example/elsewhere/?cursor=%2Fa%2B&x=+1&offset=7"),
        page(&["C"], &[("Link", "</other?cursor=2>; rel='next'; title=x")]),
        page(&["D"], &[("Link", r#"<https://cpo.example/0>; rel="prev", <?cursor=3>; REL="Next""#)]),
        page(&["E"], &[("link", "<//cpo.example/last>;rel=\"last next\"")]),
        linked(&["F"], &long),
        page(&["G"], &[("Link", r#"<https://cpo.example/0>; rel="prev""#)]),
    ]);
    let mut pages = pages(&script);
    let (ids, end) = read(&mut pages);
    end.expect("an end");
    assert_eq!(ids, ["A", "B", "C", "D", "E", "F", "G"]);
    assert_eq!(
        script.asked()[1..],
        [
            "GET https://cpo.example/elsewhere/?cursor=%2Fa%2B&x=+1&offset=7",
            "GET https://cpo.example/other?cursor=2",
            "GET https://cpo.example/other?cursor=3",
            "GET https://cpo.example/last",
            &format!("GET {long}"),
        ]
    );
    assert_eq!((told(&pages), pages.outcome()), (vec![], ListOutcome::Complete));
}

#[test]
fn without_links_the_count_leads_on() {
    let script =
        Script::of([counted(&["A", "B"], "4"), counted(&["B", "C"], "4"), counted(&["C", "D"], "4")]);
    let mut pages = pages(&script);
    let (ids, end) = read(&mut pages);
    end.expect("an end");
    assert_eq!(ids, ["A", "B", "C", "D"]);
    assert_eq!(script.asked(), [FIRST.to_owned(), format!("{FIRST}?offset=1"), format!("{FIRST}?offset=2")]);
    assert_eq!((told(&pages), pages.outcome()), (vec!["page.link_missing"], ListOutcome::Complete));
}

/// Neither link nor count: pages without anything new are the end.
#[test]
fn without_links_and_counts_pages_are_asked_for_until_they_bring_nothing() {
    let script = Script::of([page(&["A", "B"], &[]), page(&["B"], &[]), page(&[], &[]), page(&[], &[])]);
    let mut pages = pages(&script);
    let (ids, end) = read(&mut pages);
    end.expect("an end");
    assert_eq!((ids.len(), script.requests().len(), pages.outcome()), (2, 4, ListOutcome::Complete));
}

/// A deletion moves the list to the left. What moved over the edge of a page is found all the same.
#[test]
fn a_list_that_moved_is_read_again_from_a_page_before() {
    let next = |offset: &str| format!("https://cpo.example/ocpi/2.3.0/sender/tariffs?offset={offset}");
    let script = Script::of([
        linked(&["A", "B", "C"], &next("3")),
        // B is gone: C was to come again.
        linked(&["D", "E", "F"], &next("5")),
        linked(&["A", "C", "D"], &next("3")),
        linked(&["D", "E", "F"], &next("5")),
        page(&["F"], &[]),
    ]);
    let mut pages = pages(&script);
    let (ids, end) = read(&mut pages);
    end.expect("an end");
    assert_eq!(ids[..6], ["A", "B", "C", "D", "E", "F"]);
    assert_eq!(script.asked()[1..3], [format!("{FIRST}?offset=2"), format!("{FIRST}?offset=0")]);
    assert_eq!((told(&pages), pages.outcome()), (vec!["page.unstable"], ListOutcome::Complete));
}

#[test]
fn a_link_to_another_origin_is_followed_at_the_registered_one() {
    for elsewhere in [
        "https://evil.example/x?offset=2",
        "http://cpo.example/x?offset=2",
        "//evil.example/x?offset=2",
        "https://cpo.example@evil.example/x?offset=2",
        "https://cpo.example:444/x?offset=2",
    ] {
        let script = Script::of([linked(&["A", "B"], elsewhere), page(&["B", "C"], &[])]);
        let mut pages = pages(&script);
        let (ids, end) = read(&mut pages);
        end.expect("an end");
        assert_eq!(ids, ["A", "B", "C"], "{elsewhere}");
        assert_eq!(script.asked()[1], "GET https://cpo.example/x?offset=1", "{elsewhere}");
        assert_eq!(told(&pages), ["page.next_host_differs"], "{elsewhere}");
    }
}

/// Common servers of Python: the host is their own idea, and the path an error.
#[test]
fn a_link_that_leads_nowhere_is_given_up_for_offsets() {
    let odd =
        "https://127.0.0.1:18101/ocpi/cpo/VersionNumber.v_2_3_0/tariffs/?date_from=None&offset=2&limit=2";
    let first = |ids: &[&str]| {
        let link = format!(r#"<{odd}>; rel="next""#);
        page(ids, &[("Link", &link), ("X-Total-Count", "3")])
    };
    for refusal in [respond(404, &[], "{}"), respond(422, &[], "{}"), failure(404, 2003)] {
        let script = Script::of([first(&["A", "B"]), refusal, counted(&["B", "C"], "3")]);
        let mut pages = pages(&script);
        let answers: Vec<_> = std::iter::from_fn(|| pollster::block_on(pages.next())).collect();
        let answers: Vec<_> = answers.into_iter().map(|answer| answer.expect("a page")).collect();
        assert_eq!(answers.len(), 2);
        assert_eq!(script.asked()[2], format!("{FIRST}?offset=1"));
        assert_eq!(told(&pages), ["page.next_host_differs", "page.link_dead"]);
        let findings: Vec<_> = answers[1].findings.iter().map(|finding| finding.rule.id()).collect();
        assert_eq!(findings, ["page.link_dead"], "a finding without a page stands at the next one");
        assert_eq!(pages.outcome(), ListOutcome::Complete);
    }
}

#[test]
fn a_link_that_cannot_be_read_is_not_the_end() {
    for header in
        ["next", "<https://cpo.example/2", "https://cpo.example/2", "<ftp://cpo.example/x>; rel=next"]
    {
        let script = Script::of([
            page(&["A", "B"], &[("Link", header)]),
            page(&["B", "C"], &[("Link", header), ("X-Total-Count", "3")]),
            page(&["C"], &[("X-Total-Count", "3")]),
        ]);
        let mut pages = pages(&script);
        let (ids, end) = read(&mut pages);
        end.expect("an end");
        assert_eq!((ids.len(), told(&pages)), (3, vec!["page.link_syntax"]), "{header}");
        assert_eq!(script.asked()[1], format!("{FIRST}?offset=1"), "{header}");
    }
    // One without its brackets is told, and followed.
    let script =
        Script::of([page(&["A"], &[("Link", "https://cpo.example/2; rel=next")]), page(&["B"], &[])]);
    let mut pages = pages(&script);
    let answer = pollster::block_on(pages.next()).expect("a page").expect("a page");
    assert!(answer.findings.iter().any(|finding| finding.rule.id() == "page.link_syntax"));
    read(&mut pages).1.expect("an end");
    assert_eq!(script.asked()[1], "GET https://cpo.example/2");
}

#[test]
fn links_in_a_circle_end_with_an_error() {
    let script = Script::of([
        linked(&["A"], "https://cpo.example/2"),
        linked(&["B"], "https://cpo.example/3"),
        linked(&["C"], "https://cpo.example/2"),
    ]);
    let mut pages = pages(&script);
    let (ids, end) = read(&mut pages);
    let error = end.expect_err("no end");
    assert!(is_budget(&error) && !pages.outcome().is_complete(), "{error}");
    assert_eq!((ids.len(), script.requests().len()), (3, 3));
}

/// The same circle, where the count says that nothing is missing.
#[test]
fn a_circle_behind_the_last_object_is_an_end() {
    let last =
        |ids: &[&str]| page(ids, &[("Link", "<https://cpo.example/2>; rel=next"), ("X-Total-Count", "2")]);
    let script = Script::of([last(&["A"]), last(&["B"])]);
    let (ids, end) = all(&script);
    end.expect("an end");
    assert_eq!((ids.len(), script.requests().len()), (2, 2));
}

/// Marks that are offsets in disguise: where an object went, another one was passed over, and no page shows it. The count
/// does.
#[test]
fn a_list_that_shrinks_under_marks_is_not_complete() {
    let marked = |ids: &[&str], mark: &str, total: &str| {
        page(ids, &[("Link", &format!("<?cursor={mark}>; rel=next")), ("X-Total-Count", total)])
    };
    for (totals, outcome) in [
        (["5", "5", "5"], ListOutcome::Complete),
        (["4", "5", "6"], ListOutcome::Complete),
        (["5", "4", "4"], ListOutcome::Unsure(Doubt::Unstable)),
        (["5", "5", "4"], ListOutcome::Unsure(Doubt::Unstable)),
    ] {
        let script = Script::of([
            marked(&["A", "B"], "x", totals[0]),
            marked(&["D", "E"], "y", totals[1]),
            counted(&["F"], totals[2]),
        ]);
        // Also by cursors that were stored.
        let mut pages = pages(&script);
        let (mut count, mut findings) = (0, Vec::new());
        while let Some(page) = pollster::block_on(pages.next()) {
            count += page.expect("a page").value.items.len();
            findings.extend(told(&pages));
            let cursor = pages.cursor().to_string().parse().expect("a cursor");
            pages = super::pages(&script).resume(cursor).expect("of this list");
        }
        let is_told = findings.contains(&"page.unstable");
        assert_eq!(
            (count, pages.outcome(), is_told),
            (5, outcome, outcome != ListOutcome::Complete),
            "{totals:?}"
        );
    }
}

/// Offsets are ignored, and the page is as long as pages are: there may be more.
#[test]
fn a_page_of_full_length_that_comes_again_is_not_known_to_be_all() {
    for (limit, named, outcome) in [
        ("3", 50, ListOutcome::Unsure(Doubt::NoOverlap)),
        ("50", 3, ListOutcome::Unsure(Doubt::NoOverlap)),
        ("4", 50, ListOutcome::Complete),
        // Limits are ignored, too.
        ("2", 2, ListOutcome::Complete),
    ] {
        let same = || page(&["A", "B", "C"], &[("X-Limit", limit)]);
        let script = Script::of(std::iter::repeat_with(same).take(12));
        let mut pages = pages(&script).limit(named);
        let (ids, end) = read(&mut pages);
        end.expect("an end");
        assert_eq!((ids.len(), pages.outcome()), (3, outcome), "{limit}, {named}");
    }
}

/// A partner that takes offsets only as it names them.
#[test]
fn offsets_that_are_refused_are_sent_as_they_stand() {
    let next = "https://cpo.example/x?offset=2";
    let script = Script::of([linked(&["A", "B"], next), failure(400, 2001), page(&["C"], &[])]);
    let mut pages = pages(&script);
    let (ids, end) = read(&mut pages);
    end.expect("an end");
    assert_eq!(ids, ["A", "B", "C"]);
    assert_eq!(script.asked()[1..], [format!("GET {next}").replace('2', "1"), format!("GET {next}")]);
    assert_eq!(pages.outcome(), ListOutcome::Unsure(Doubt::NoOverlap));
}

#[test]
fn a_limit_that_is_refused_is_halved() {
    let refused = || failure(400, 2001);
    let script = Script::of([refused(), refused(), counted(&["A"], "1")]);
    let mut pages = pages(&script).limit(1_000);
    let (ids, end) = read(&mut pages);
    end.expect("an end");
    assert_eq!((ids.len(), told(&pages)), (1, vec!["page.limit_rejected"]));
    assert_eq!(script.asked().last(), Some(&format!("{FIRST}?limit=250")));
    // Something else is refused.
    let script = Script::of(std::iter::repeat_with(refused).take(7));
    let (_, end) = read(&mut super::pages(&script).limit(1_000));
    assert!(end.expect_err("refused").is_refused_by_partner());
    assert_eq!(script.requests().len(), 7);
}

/// A page of more bytes than are allowed: less is asked for.
#[test]
fn a_page_that_is_too_large_is_asked_for_in_parts() {
    use ocpi_client::{TransportError, TransportErrorKind};
    let too_large = || Err(TransportError::new("too large").with_kind(TransportErrorKind::TooLarge));
    let script = Script::of(std::iter::empty::<http::Response<Bytes>>())
        .then(too_large())
        .then(too_large())
        .then(Ok(counted(&["A"], "1")));
    let (ids, end) = all(&script);
    end.expect("an end");
    assert_eq!(
        (ids.len(), script.asked()[1..].to_vec()),
        (1, vec![format!("{FIRST}?limit=100"), format!("{FIRST}?limit=50")])
    );
}

/// Offsets at the end of their range are counted without overflow.
#[test]
fn an_offset_of_the_largest_number_is_taken() {
    let link = format!("<?offset={}>; rel=next", u64::MAX);
    let script = Script::of([page(&["A", "B"], &[("Link", &link)]), page(&["B", "C"], &[])]);
    let mut pages = pages(&script);
    let mut count = 0;
    while let Some(page) = pollster::block_on(pages.next()) {
        count += page.expect("a page").value.items.len();
    }
    assert_eq!((count, pages.outcome()), (3, ListOutcome::Complete));
}
