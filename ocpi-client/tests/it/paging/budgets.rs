//! Lists without an end.

use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use ocpi_client::paging::{Doubt, ListOutcome, Stop};
use ocpi_client::{Budget, Client, Transport, TransportError};
use ocpi_testkit::Script;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::{Clock, DateTime};

use super::{client, counted, is_budget, linked, page, read};

/// A partner that always has one more page.
#[derive(Default)]
struct Endless {
    asked: AtomicUsize,
    /// Objects on a page: new ones, or always the same.
    new: usize,
    same: usize,
    has_offset: bool,
}

impl Transport for Endless {
    async fn send(&self, _: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let number = self.asked.fetch_add(1, Ordering::Relaxed);
        let ids: Vec<String> = (0..self.new).map(|at| format!("N{}", number * self.new + at)).collect();
        let mut ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        ids.resize(self.new + self.same, "A");
        let place = if self.has_offset { "offset" } else { "cursor" };
        Ok(linked(&ids, &format!("https://cpo.example/?{place}={}", number + 1)))
    }
}

fn over(endless: &Endless) -> Client<&Endless> {
    client().over(endless)
}

#[test]
fn pages_that_bring_nothing_new_end_soon() {
    for (same, has_offset) in [(0, false), (1, false), (0, true), (1, true)] {
        let endless = Endless { same, has_offset, ..Endless::default() };
        let mut pages = over(&endless).pages::<Tariff>();
        let (_, end) = read(&mut pages);
        let error = end.expect_err("no end");
        assert!(is_budget(&error), "{error}");
        assert_eq!(pages.outcome(), ListOutcome::Incomplete(Stop::Repeats));
        let asked = endless.asked.load(Ordering::Relaxed);
        assert!(asked < 25, "{asked} requests of {same} objects");
    }
}

/// A clock that goes on by five seconds whenever somebody looks at it: a request takes as long.
fn slow_clock() -> Clock {
    let looks = AtomicU32::new(0);
    Clock::new(move || {
        let seconds = 5 * i64::from(looks.fetch_add(1, Ordering::Relaxed));
        DateTime::from_unix(1_800_000_000 + seconds).expect("a time")
    })
}

#[test]
fn ever_new_pages_are_stopped_by_each_budget() {
    let long = Duration::from_secs(1_000);
    for (budget, stop, asked) in [
        (Budget { pages: 50, ..Budget::default() }, Stop::Pages, 50),
        (Budget { objects: 99, ..Budget::default() }, Stop::Objects, 50),
        (Budget { bytes: 10_000, ..Budget::default() }, Stop::Bytes, 40),
        (Budget { time: long, ..Budget::default() }, Stop::Time, 201),
    ] {
        let endless = Endless { new: 2, ..Endless::default() };
        let mut pages = over(&endless).pages::<Tariff>().budget(budget).clock(slow_clock());
        let (ids, end) = read(&mut pages);
        let error = end.expect_err("no end");
        assert!(is_budget(&error), "{error}");
        assert_eq!(pages.outcome(), ListOutcome::Incomplete(stop));
        assert_eq!(ids.len(), 2 * endless.asked.load(Ordering::Relaxed));
        assert!(endless.asked.load(Ordering::Relaxed) <= asked, "{stop}: {}", ids.len());
        // The next call asks for nothing.
        assert!(pollster::block_on(pages.next()).expect("an error").is_err());
        assert_eq!(ids.len(), 2 * endless.asked.load(Ordering::Relaxed));
    }
}

#[test]
fn a_list_that_just_fits_is_whole() {
    let budget = Budget { pages: 2, objects: 3, ..Budget::default() };
    let script = Script::of([counted(&["A", "B"], "3"), counted(&["B", "C"], "3")]);
    let (ids, end) = read(&mut super::pages(&script).budget(budget));
    end.expect("an end");
    assert_eq!(ids, ["A", "B", "C"]);
}

#[test]
fn a_count_without_bounds_ends() {
    let most = u64::MAX.to_string();
    let mut answers = vec![counted(&["A", "B"], &most)];
    answers.extend(std::iter::repeat_with(|| counted(&[], &most)).take(30));
    let script = Script::of(answers);
    let mut pages = super::pages(&script);
    let (ids, end) = read(&mut pages);
    end.expect("an end");
    assert_eq!(ids.len(), 2);
    // Perhaps the partner leaves the rest out: the list is not called complete.
    assert_eq!(pages.outcome(), ListOutcome::Unsure(Doubt::LeftOut));
    assert!(super::told(&pages).contains(&"page.total_wrong"));
    // One that is smaller than the list, or no number, ends it.
    for total in ["0", "1", "-7", "many"] {
        let more = std::iter::repeat_with(|| page(&[], &[("X-Total-Count", total)])).take(5);
        let script = Script::of([counted(&["A", "B"], total)].into_iter().chain(more));
        let mut pages = super::pages(&script);
        let (ids, end) = read(&mut pages);
        end.expect("an end");
        let is_told = super::told(&pages).contains(&"page.total_wrong");
        assert_eq!((ids.len(), is_told), (2, total == "0" || total == "1"), "{total}");
    }
}
