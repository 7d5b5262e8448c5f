//! Schedules of `models/push.py` through the machine: every request and every cursor must be the model's.
//!
//! Each line of a dump is a world of the model: changes of documents and CDRs, requests and answers that are lost, late or
//! refused, a node that crashes or sleeps. Some stand in `tests/schedules`; where there is a Python, the model writes more, and
//! the variable `OCPI_SCHEDULES` names a file with others in their place:
//!
//! ```sh
//! python3 models/replication.py --dump push --count 2000 --seed 7 > /tmp/schedules
//! OCPI_SCHEDULES=/tmp/schedules cargo test -p ocpi-platform --lib push::pusher::replay -- --nocapture
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::time::Duration;

use flate2::read::GzDecoder;
use ocpi_server_traits::storage::Position;
use serde_json::Value;

use super::{Answer, Pusher, Request, Rules, What};

#[test]
fn every_schedule_is_pushed_as_in_the_model() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/schedules/push.jsonl.gz");
    let some: Box<dyn BufRead> = match std::env::var("OCPI_SCHEDULES") {
        Ok(path) => Box::new(BufReader::new(File::open(path).expect("a file of schedules"))),
        Err(_) => Box::new(BufReader::new(GzDecoder::new(File::open(path).expect("the schedules")))),
    };
    let (mut count, mut requests, mut cursors) = (0, 0, 0);
    for line in some.lines() {
        let schedule: Value = serde_json::from_str(&line.expect("a line")).expect("a schedule");
        let mut play = Play::new(&schedule);
        play.run(&schedule);
        (count, requests, cursors) = (count + 1, requests + play.requests, cursors + play.cursors);
    }
    println!("{count} schedules: {requests} requests and {cursors} cursors as the model has them");
    assert!(count >= 40 && requests > 10 * count && cursors > count, "too few schedules");
}

/// Time for which the model saves after its last change.
const SAVES_ON: u64 = 90_000;

type Machine = Pusher<u64, u64, u64>;

/// The world of a schedule around the machine.
struct Play {
    rules: Rules,
    lease: Duration,
    save: u64,
    machine: Option<Machine>,
    /// Durable: positions of parts, what they are, and CDRs that are not answered.
    feed: BTreeMap<(u64, u64), Position>,
    truth: BTreeMap<(u64, u64), [u64; 2]>,
    cdrs: BTreeSet<u64>,
    head: Position,
    /// The positions as the machine has read them.
    read: BTreeMap<(u64, u64), Position>,
    /// Nothing is read or sent before.
    pause: u64,
    /// The machine's numbers of the model's requests.
    ids: BTreeMap<u64, u64>,
    /// The least position of a document when all of it was sent.
    sent_low: BTreeMap<u64, Position>,
    cursor: Position,
    name: String,
    requests: usize,
    cursors: usize,
}

impl Play {
    fn new(schedule: &Value) -> Self {
        let parameter = |name: &str| schedule["parameters"][name].as_u64().expect("a number");
        assert_eq!((parameter("backoff"), parameter("backoff_doubles")), (500, 5));
        let rules = Rules {
            concurrency: usize::MAX,
            flight: millis(parameter("flight")),
            wait: |attempts, jitter| millis((500 << attempts.min(5)) + jitter),
            pause: millis(parameter("pause_when_down")),
            failures: u32::MAX,
            probe: |_| Duration::MAX,
        };
        Self {
            rules,
            lease: millis(parameter("lease")),
            save: parameter("save"),
            machine: Some(Pusher::resume(rules, Position::START, None)),
            feed: BTreeMap::new(),
            truth: BTreeMap::new(),
            cdrs: BTreeSet::new(),
            head: Position::START,
            read: BTreeMap::new(),
            pause: 0,
            ids: BTreeMap::new(),
            sent_low: BTreeMap::new(),
            cursor: Position::START,
            name: format!("seed {}", schedule["seed"]),
            requests: 0,
            cursors: 0,
        }
    }

    fn run(&mut self, schedule: &Value) {
        let events = schedule["events"].as_array().expect("events");
        // The model saves for some time after its last change.
        let goes_in = |event: &&Value| !event["change"].is_null() || !event["cdr"].is_null();
        let last = events.iter().filter(goes_in).rfind(|event| event["request"].is_null());
        let saves_until = last.and_then(|last| last["at"].as_u64()).unwrap_or(0) + SAVES_ON;
        let (mut number, mut before) = (0, 0);
        while let Some(event) = events.get(number) {
            let at = event["at"].as_u64().expect("a time");
            let what = format!("{}, event {number}", self.name);
            number += 1;
            // The cursor is saved at each multiple, and written where it moved.
            let is_quiet = before / self.save != at / self.save && before % self.save != 0;
            let is_first = (before / self.save + 1) * self.save < at;
            if is_quiet && is_first && at < saves_until && self.machine.is_some() {
                assert_eq!(self.cursor(), self.cursor, "{what}: the cursor before");
            }
            before = at;
            if let Some(save) = event["save"].as_u64() {
                self.cursor = Position::new(save);
                self.cursors += 1;
                assert_eq!(self.cursor(), self.cursor, "{what}: the cursor");
                continue;
            }
            if !self.happens(event, at, &what) {
                continue;
            }
            let mut expected = Vec::new();
            while let Some(request) = events.get(number).filter(|event| event["request"].as_u64().is_some()) {
                expected.push(request);
                number += 1;
            }
            self.pump(at, &expected, &what);
        }
        let end = Position::new(schedule["end"]["cursor"].as_u64().expect("a position"));
        assert_eq!(self.cursor, end, "{}", self.name);
        assert_eq!(self.cdrs.len(), schedule["end"]["messages"].as_array().expect("CDRs").len());
    }

    /// Something goes in. `true`: the machine may send something then.
    fn happens(&mut self, event: &Value, at: u64, what: &str) -> bool {
        if let Some(change) = event["change"].as_array() {
            let key = (change[0].as_u64().expect("a document"), change[1].as_u64().expect("a part"));
            self.head = Position::new(event["position"].as_u64().expect("a position"));
            self.feed.insert(key, self.head);
            self.truth.insert(key, [event["value"].as_u64().expect("a value"), at]);
        } else if let Some(cdr) = event["cdr"].as_u64().filter(|_| event["request"].is_null()) {
            self.cdrs.insert(cdr);
        } else if let Some(answer) = event["answer"].as_u64() {
            self.answered(answer, event, at, what);
        } else if !event["lost"].is_null() {
            self.machine = None;
            return false;
        } else if let Some(cursor) = event["takeover"].as_u64() {
            assert_eq!(self.cursor, Position::new(cursor), "{what}");
            let confirm = millis(at) + self.lease + self.rules.flight;
            self.machine = Some(Pusher::resume(self.rules, self.cursor, Some(confirm)));
            self.ids.clear();
        } else if event["tick"].is_null() {
            return false;
        }
        self.machine.is_some()
    }

    fn answered(&mut self, answer: u64, event: &Value, at: u64, what: &str) {
        let id = self.ids.remove(&answer).unwrap_or_else(|| panic!("{what}: no such request"));
        let machine = self.machine.as_mut().expect("a machine");
        let (said, jitter) = match event["outcome"].as_str().expect("an outcome") {
            "ok" => (Answer::Done, 0),
            "unclear" => (Answer::Unclear, event["jitter"].as_u64().expect("a number")),
            _ => (Answer::Down(None), event["jitter"].as_u64().expect("a number")),
        };
        if let (Answer::Done, Some(super::Key::Message(cdr))) = (said, machine.under_way.get(&id)) {
            self.cdrs.remove(cdr);
        }
        assert_eq!(machine.answered(id, said, millis(at), jitter), None);
        if matches!(said, Answer::Down(_)) {
            self.pause = at + 1_000;
        }
    }

    /// Reads and sends: exactly what the model sends.
    fn pump(&mut self, at: u64, expected: &[&Value], what: &str) {
        let machine = self.machine.as_mut().expect("a machine");
        if at >= self.pause {
            let mut rows: Vec<_> = self.feed.iter().map(|(key, position)| (*position, *key)).collect();
            rows.sort_unstable();
            for (position, (document, part)) in rows {
                machine.changed(document, part, position);
            }
            machine.read_up_to(self.head);
            machine.caught_up();
            self.read.clone_from(&self.feed);
            self.cdrs.iter().for_each(|cdr| machine.message(*cdr));
        }
        let mut requests = Vec::new();
        while let Some(request) = machine.next(millis(at)) {
            if let What::State { at, .. } = &request.what {
                if machine.lanes[at].owes()[0] {
                    self.sent_low.insert(*at, lowest(&self.feed, *at));
                }
            }
            requests.push(request);
        }
        let mut sent = BTreeMap::new();
        for request in requests {
            let (id, text) = self.text(request);
            sent.insert(text, id);
        }
        let due: BTreeMap<_, _> = expected.iter().map(|request| expected_text(request)).collect();
        assert!(sent.keys().eq(due.keys()), "{what}: {sent:?} instead of {due:?}");
        self.requests += due.len();
        self.ids.extend(due.values().copied().zip(sent.into_values()));
    }

    /// A request as a text, with what the store has of it.
    fn text(&self, request: Request<u64, u64, u64>) -> (u64, String) {
        let text = match request.what {
            What::Message(cdr) => format!("CDR {cdr}"),
            What::State { at, parts, is_whole } => {
                let wanted = |part: &u64| is_whole || parts.contains(part);
                let all = self.truth.iter().filter(|((document, part), _)| *document == at && wanted(part));
                let parts: Vec<_> = all.map(|((_, part), [value, stamp])| [*part, *value, *stamp]).collect();
                format!("{at} {is_whole} {parts:?}")
            }
            What::Probe => "a probe".to_owned(),
        };
        (request.id, text)
    }

    /// The cursor as the model has it: it knows the positions of all parts of a document, also of those answered long ago. It
    /// may be beyond what the machine has read: while a partner is paused, the model takes the position of an unread change
    /// of a document that is to be confirmed. A crash at that moment would lose what is not read, so the machine's own
    /// cursor never is.
    fn cursor(&self) -> Position {
        let machine = self.machine.as_ref().expect("a machine");
        assert!(machine.cursor() <= machine.read, "{}", self.name);
        let mut least: Option<Position> = None;
        let mut counts = |position: Position| {
            let before = Position::new(position.number() - 1);
            least = Some(least.map_or(before, |least| least.min(before)));
        };
        for (document, lane) in &machine.lanes {
            let all = [
                self.sent_low.get(document).copied(),
                Some(lowest(&self.read, *document)),
                Some(lowest(&self.feed, *document)),
            ];
            lane.unanswered_parts().for_each(&mut counts);
            for (position, _) in all.into_iter().zip(lane.owes()).filter(|(_, owes)| *owes) {
                counts(position.expect("a position"));
            }
        }
        least.unwrap_or(machine.read)
    }
}

fn lowest(positions: &BTreeMap<(u64, u64), Position>, document: u64) -> Position {
    let of = positions.iter().filter(|((of, _), _)| *of == document);
    of.map(|(_, position)| *position).min().expect("a part")
}

fn expected_text(request: &Value) -> (String, u64) {
    let text = match request["cdr"].as_u64() {
        Some(cdr) => format!("CDR {cdr}"),
        None => {
            let parts: Vec<[u64; 3]> = serde_json::from_value(request["parts"].clone()).expect("parts");
            format!("{} {} {parts:?}", request["document"], request["whole"])
        }
    };
    (text, request["request"].as_u64().expect("a number"))
}

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}
