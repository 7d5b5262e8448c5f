//! The schedules of the model through the machine: every request, outcome and watermark must be the model's.

use std::process::Command;
use std::time::Duration;

use ocpi_client::paging::{
    ItemFacts, LinkHeader, ListOutcome, ListUrls, PageFacts, PageFailure, PageRequest, Paging, Range,
    Watermark,
};
use ocpi_types::DateTime;
use serde_json::Value;

/// Schedules that are always replayed: of each kind of link, and with each outcome.
const FIXTURE: &str = include_str!("../../fixtures/pull.jsonl");
const LIST: &str = "https://cpo.example/ocpi/2.3.0/sender/tariffs";

#[test]
fn the_schedules_of_the_model_give_its_requests() {
    let lines = match std::env::var("OCPI_SCHEDULES").ok() {
        Some(path) => std::fs::read_to_string(path).expect("a file of schedules"),
        None => FIXTURE.to_owned() + &generated().unwrap_or_default(),
    };
    let (mut count, mut requests) = (0, 0);
    for line in lines.lines() {
        let schedule: Value = serde_json::from_str(line).expect("JSON");
        requests += Replay::new(&schedule).run();
        count += 1;
    }
    println!("{count} schedules: {requests} requests as the model has them");
    assert!(count >= 10, "too few schedules");
}

/// Schedules that the model writes now, where there is a Python to run it.
fn generated() -> Option<String> {
    let model = concat!(env!("CARGO_MANIFEST_DIR"), "/../models/replication.py");
    let arguments = [model, "--dump", "pull", "--count", "300", "--seed", "1"];
    let output = Command::new("python3").args(arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8(output.stdout).expect("a text"))
}

struct Replay<'a> {
    schedule: &'a Value,
    /// The cursor that was stored last, and the kind of its paging.
    stored: Option<(String, String)>,
    paging: Option<Paging>,
    watermark: Watermark,
    requests: usize,
}

impl<'a> Replay<'a> {
    fn new(schedule: &'a Value) -> Self {
        Self { schedule, stored: None, paging: None, watermark: Watermark::default(), requests: 0 }
    }

    fn run(mut self) -> usize {
        let events = self.schedule["events"].as_array().expect("events");
        let (mut kind, mut is_resumed) = ("", false);
        for (number, event) in events.iter().enumerate() {
            let what = format!("seed {}, event {number}", self.schedule["seed"]);
            if let Some(begin) = event["begin"].as_str() {
                (kind, is_resumed) = (begin, event["resumed"].as_bool().expect("a boolean"));
                self.paging = None;
            } else if event["get"].is_object() {
                self.begin(kind, is_resumed, time(&event["at"]));
                self.ask(&event["get"], &what);
            } else if event["answer"].is_object() {
                self.answer(kind, event);
            } else if event["end"].is_string() {
                self.end(kind, event, &what);
            }
        }
        self.requests
    }

    fn begin(&mut self, kind: &str, is_resumed: bool, now: DateTime) {
        if self.paging.is_some() {
            return;
        }
        let paging = match &self.stored {
            Some((of, cursor)) if is_resumed => {
                assert_eq!(of, kind);
                Paging::resume(list_urls(), cursor.parse().expect("a cursor"))
            }
            _ => {
                let overlap = self.schedule["parameters"]["overlap"].as_u64().expect("a number");
                let delta = self.watermark.date_from(Duration::from_millis(overlap));
                let from = delta.filter(|_| kind == "delta");
                let limit = self.schedule["parameters"]["limit"].as_u64().expect("a number");
                Paging::new(list_urls()).with_range(Range { from, to: None }).with_limit(limit).begun_at(now)
            }
        };
        self.keep(kind, paging);
    }

    /// Stores the cursor and goes on with what comes of its text.
    fn keep(&mut self, kind: &str, paging: Paging) {
        let cursor = paging.cursor().to_string();
        let restored = Paging::resume(list_urls(), cursor.parse().expect("a cursor"));
        assert_eq!(restored.cursor(), paging.cursor());
        self.stored = Some((kind.to_owned(), cursor));
        self.paging = Some(restored);
    }

    fn ask(&mut self, get: &Value, what: &str) {
        let paging = self.paging.as_mut().expect("the paging");
        let request = paging.next().expect("a request").unwrap_or_else(|| panic!("{what}: the end"));
        self.requests += 1;
        let due = match get["cursor"].as_u64() {
            Some(cursor) => format!("cursor={cursor}"),
            None => format!("offset={}", get["offset"]),
        };
        match request {
            PageRequest::At { range, offset, limit } => {
                assert_eq!(format!("offset={offset}"), due, "{what}");
                assert_eq!(limit, get["limit"].as_u64(), "{what}");
                let from = (!get["date_from"].is_null()).then(|| time(&get["date_from"]));
                assert_eq!(range.from, from, "{what}");
            }
            PageRequest::Link(url) => {
                assert_eq!(url.origin().ascii_serialization(), "https://cpo.example", "{what}");
                assert_eq!(url.query(), Some(&*due), "{what}");
            }
        }
    }

    fn answer(&mut self, kind: &str, event: &Value) {
        let answer = &event["answer"];
        let items = answer["items"].as_array().expect("items").iter();
        let items = items.map(|item| ItemFacts::new(&item[0].to_string(), Some(time(&item[2])))).collect();
        let link = link(&answer["link"]);
        let asked = time(&event["asked"]);
        let facts = PageFacts {
            link: link.as_deref().map_or(LinkHeader::Absent, LinkHeader::Next),
            total: answer["total"].as_u64(),
            limit: answer["limit"].as_u64(),
            timestamp: (!answer["timestamp"].is_null()).then(|| time(&answer["timestamp"])),
            ..PageFacts::new(items, asked)
        };
        let mut paging = self.paging.take().expect("the paging");
        paging.page(&facts);
        let is_dead = answer["link"]["host"] == "other, dead";
        if is_dead && matches!(paging.next(), Ok(Some(PageRequest::Link(_)))) {
            paging.failed(PageFailure::NotThere).expect("another way");
        }
        self.keep(kind, paging);
    }

    fn end(&mut self, kind: &str, event: &Value, what: &str) {
        let outcome = event["outcome"].as_str().expect("an outcome");
        let mut paging = self.paging.take();
        let mut next = || paging.as_mut().expect("the paging").next();
        match outcome {
            "complete" | "unsure" => {
                assert_eq!(next(), Ok(None), "{what}");
                let paging = paging.expect("the paging");
                let is_complete = paging.outcome() == ListOutcome::Complete;
                assert_eq!(is_complete, outcome == "complete", "{what}: {}", paging.outcome());
                let mark = paging.watermark(time(&event["at"]));
                match kind {
                    "full" if mark.time().is_some() => self.watermark = mark,
                    _ => self.watermark.raise(mark),
                }
                self.stored = None;
            }
            "refused" => assert!(next().is_err(), "{what}"),
            _ => {}
        }
        let due = (!event["watermark"].is_null()).then(|| time(&event["watermark"]));
        assert_eq!(self.watermark.time(), due, "{what}");
    }
}

fn list_urls() -> ListUrls {
    ListUrls::new(&LIST.parse().expect("a URL"), []).expect("a URL")
}

fn link(link: &Value) -> Option<String> {
    let origin = match link["host"].as_str()? {
        "own" => "https://cpo.example",
        _ => "http://127.0.0.1:8080",
    };
    let place = match link["cursor"].as_u64() {
        Some(cursor) => format!("cursor={cursor}"),
        None => format!("offset={}", link["offset"]),
    };
    Some(format!("{origin}/elsewhere?{place}"))
}

fn time(millis: &Value) -> DateTime {
    DateTime::from_unix_millis(millis.as_i64().expect("a number")).expect("a time")
}
