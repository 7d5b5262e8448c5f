//! The schedules of the model through a whole platform: every request, what it then has, its watermark, what it marks,
//! removes and keeps must be the model's.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::process::Command;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use ocpi_platform::{Incomplete, SyncOptions, Synced};
use ocpi_server_traits::order::{Arrival, OrderSettings, Update};
use ocpi_server_traits::{Cause, Clock, Memory};
use ocpi_testkit::{NOW, Network, PlatformSetup, TestPlatform, parse, respond, tariff_json};
use ocpi_types::DateTime;
use ocpi_types::endpoint::RootResource;
use ocpi_types::v2_3_0::tariffs::Tariff;
use pollster::block_on;
use serde_json::Value;

/// Schedules that are always replayed: with copies that are removed, that are kept, crashes, and lists that are unsure.
const FIXTURE: &str = include_str!("../../fixtures/sync.jsonl");

#[test]
fn the_schedules_of_the_model_give_its_copies() {
    let lines = match std::env::var("OCPI_SCHEDULES").ok() {
        Some(path) => std::fs::read_to_string(path).expect("a file of schedules"),
        None => FIXTURE.to_owned() + &generated().unwrap_or_default(),
    };
    let (mut count, mut total) = (0_u64, Counts::default());
    for line in lines.lines() {
        let schedule: Value = serde_json::from_str(line).expect("JSON");
        total.add(Replay::new(&schedule).run());
        count += 1;
    }
    println!("{count} schedules through the platform: {total:?}");
    assert!(count >= 10, "too few schedules");
    assert!(total.swept > 0 && total.checked > 0, "{total:?}");
    assert!(total.left * 20 < count, "too many are left: {total:?}");
}

/// Schedules that the model writes now, where there is a Python to run it.
fn generated() -> Option<String> {
    let model = concat!(env!("CARGO_MANIFEST_DIR"), "/../models/replication.py");
    let arguments = [model, "--dump", "pull", "--count", "60", "--seed", "5000"];
    let output = Command::new("python3").args(arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8(output.stdout).expect("a text"))
}

#[derive(Debug, Default)]
struct Counts {
    syncs: u64,
    requests: u64,
    checked: u64,
    swept: usize,
    held: u64,
    /// Schedules that were left before their end: see [`Script::is_left`].
    left: u64,
}

impl Counts {
    fn add(&mut self, other: Self) {
        self.syncs += other.syncs;
        self.requests += other.requests;
        self.checked += other.checked;
        self.swept += other.swept;
        self.held += other.held;
        self.left += other.left;
    }
}

/// The partner, as a script.
struct Script {
    what: String,
    events: VecDeque<Value>,
    is_dead: bool,
    requests: u64,
    /// Pushes of the platform's partner, which come while a page is under way.
    emsp: Option<Arc<TestPlatform>>,
    pushed: BTreeSet<String>,
    /// A push came again, just as it was, of an object that a list did not have. The model clears the mark; here a push that
    /// changes nothing is not written, so the next list counts as the second one. They go their own ways from there on.
    is_left: bool,
    millis: Arc<AtomicI64>,
}

struct Replay<'a> {
    schedule: &'a Value,
    emsp: Arc<TestPlatform>,
    script: Arc<Mutex<Script>>,
    counts: Counts,
}

fn lock(script: &Mutex<Script>) -> MutexGuard<'_, Script> {
    script.lock().expect("no panic")
}

impl<'a> Replay<'a> {
    fn new(schedule: &'a Value) -> Self {
        let network = Network::default();
        let cpo = PlatformSetup::cpo().open(&network);
        let millis = Arc::new(AtomicI64::new(0));
        let now = Arc::clone(&millis);
        let clock = Clock::new(move || at_millis(now.load(Ordering::Relaxed)));
        // The model believes every time and every answer.
        let mut order = OrderSettings::default();
        (order.tolerance, order.window, order.old_answers) =
            (Duration::from_secs(1_000_000_000), Duration::ZERO, 0);
        let store = Arc::new(Memory::with_clock(clock.clone()));
        let setup = PlatformSetup { clock, order, store, ..PlatformSetup::emsp() };
        let emsp = Arc::new(setup.open(&network));
        emsp.register_with(&cpo, "cpo", "emsp").expect("registered");
        let script = Script {
            what: String::new(),
            events: VecDeque::new(),
            is_dead: false,
            requests: 0,
            emsp: Some(Arc::clone(&emsp)),
            pushed: BTreeSet::new(),
            is_left: false,
            millis,
        };
        let script = Arc::new(Mutex::new(script));
        let partner = Arc::clone(&script);
        network.add_host("cpo.example", move |request| lock(&partner).answer(&request));
        Self { schedule, emsp, script, counts: Counts::default() }
    }

    fn run(mut self) -> Counts {
        let events = self.schedule["events"].as_array().expect("events");
        let mut at = 0;
        while at < events.len() {
            let event = &events[at];
            let mut script = lock(&self.script);
            script.what = format!("seed {}, event {at}", self.schedule["seed"]);
            if event["push"].is_array() {
                script.push(event);
                at += 1;
                if script.is_left {
                    break;
                }
                continue;
            }
            assert!(event["begin"].is_string(), "{}: {event}", script.what);
            let ends = ends_of(events, at);
            script.millis.store(event["at"].as_i64().expect("a time"), Ordering::Relaxed);
            script.events = events[at + 1..=*ends.last().expect("an end")].iter().cloned().collect();
            drop(script);
            let ends: Vec<&Value> = ends.iter().map(|end| &events[*end]).collect();
            self.sync(event["begin"].as_str().expect("a kind"), &ends);
            if lock(&self.script).is_left {
                break;
            }
            at += 1;
            while at < events.len() && events[at - 1] != **ends.last().expect("an end") {
                at += 1;
            }
        }
        self.counts.requests = lock(&self.script).requests;
        self.counts.left = u64::from(lock(&self.script).is_left);
        // Its host holds the platform, and the platform its network.
        lock(&self.script).emsp = None;
        self.counts
    }

    /// Runs one sync, which ends as these events say.
    fn sync(&mut self, kind: &str, ends: &[&Value]) {
        let what = lock(&self.script).what.clone();
        let end = *ends.last().expect("an end");
        let is_begun = ends[0]["outcome"] != "not begun";
        if !is_begun && end["watermark"].is_null() {
            return;
        }
        let number = |name: &str| self.schedule["parameters"][name].as_u64().expect("a number");
        let options = if kind == "full" { SyncOptions::full() } else { SyncOptions::delta() };
        let percent = self.schedule["parameters"]["share"].as_f64().expect("a number") * 100.0;
        let options = options
            .limit(number("limit"))
            .overlap(Duration::from_millis(number("overlap")))
            .most_gone(percent as u8, usize::try_from(number("sweep_free")).expect("small"));
        let synced = block_on(self.emsp.platform.sync::<Tariff>("cpo", &options));
        self.counts.syncs += 1;
        if lock(&self.script).is_left {
            return;
        }
        let (synced, failure) = match &synced {
            Ok(synced) => (synced, String::new()),
            Err(error) => (error.synced(), error.to_string()),
        };
        let has_failed = !failure.is_empty();
        let outcome = end["outcome"].as_str().expect("an outcome");
        assert_eq!(
            has_failed,
            matches!(outcome, "crash" | "budget"),
            "{what}: {outcome}, {synced}, {failure}"
        );
        match (outcome, synced.incomplete) {
            ("complete", None) => assert!(ends.iter().all(|end| end["outcome"] == "complete"), "{what}"),
            ("complete" | "unsure", Some(Incomplete::Unsure(_))) => {
                assert!(ends.iter().any(|end| end["outcome"] == "unsure"), "{what}");
            }
            ("not begun", Some(Incomplete::FullUnderWay)) if !is_begun => {}
            ("not begun", _) => assert!(is_begun, "{what}: {synced}"),
            ("refused", Some(Incomplete::Stopped(_))) | ("crash" | "budget", _) => {}
            (outcome, reason) => panic!("{what}: {outcome}, {reason:?}"),
        }
        let left: Vec<Value> =
            lock(&self.script).events.iter().filter(|event| !event["get"].is_null()).cloned().collect();
        assert!(left.is_empty(), "{what}: not asked for: {left:?}");
        self.check(&what, ends, synced);
    }

    fn check(&mut self, what: &str, ends: &[&Value], synced: &Synced) {
        let end = *ends.last().expect("an end");
        let list = block_on(self.emsp.platform.lists("cpo")).expect("a store").pop();
        let due = (!end["watermark"].is_null()).then(|| time(&end["watermark"]));
        assert_eq!(list.as_ref().and_then(|list| list.watermark), due, "{what}");
        let swept: BTreeSet<String> = ends.iter().flat_map(|end| ids(&end["swept"])).collect();
        let vanished: BTreeSet<String> = synced.vanished.iter().map(|at| at.key().to_owned()).collect();
        assert_eq!(vanished, swept, "{what}");
        self.counts.swept += swept.len();
        self.counts.held += u64::from(!synced.held.is_empty());
        assert_eq!(self.counts.held, end["sweeps_held"].as_u64().expect("a number"), "{what}");
        if ends[0]["end"] == "full" && ends[0]["outcome"] == "complete" {
            lock(&self.script).pushed.clear();
        }
        let have: BTreeMap<String, (String, DateTime)> = end["have"]
            .as_object()
            .expect("objects")
            .iter()
            .map(|(id, known)| (format!("T{id}"), (price(&known[0]), time(&known[1]))))
            .collect();
        let ours: BTreeMap<String, (String, DateTime)> =
            self.emsp.all::<Tariff>().iter().map(|tariff| (tariff.id.to_string(), shown(tariff))).collect();
        // An object in doubt may be newer than the model's, which takes an older state from a page that repeats it; and
        // the time that it shows is settled with the doubt.
        let doubts = block_on(self.emsp.platform.objects().doubts()).expect("a store");
        let is_in_doubt = |id: &str| doubts.iter().any(|doubt| doubt.at.key().eq_ignore_ascii_case(id));
        assert_eq!(ours.keys().collect::<Vec<_>>(), have.keys().collect::<Vec<_>>(), "{what}");
        for ((id, ours), have) in ours.iter().zip(have.values()) {
            let is_newer = is_in_doubt(id) && ours.1 > have.1;
            let is_same_value = is_in_doubt(id) && ours.0 == have.0;
            assert!(ours == have || is_newer || is_same_value, "{what}: {id}: {ours:?}, not {have:?}");
        }
        let pushed = &lock(&self.script).pushed;
        let absent: BTreeMap<String, u64> = list
            .iter()
            .flat_map(|list| &list.absent)
            .map(|(at, walks)| (at.key().to_owned(), u64::from(*walks)))
            .filter(|(id, _)| !pushed.contains(id))
            .collect();
        let due: BTreeMap<String, u64> = end["absent"]
            .as_object()
            .expect("objects")
            .iter()
            .map(|(id, walks)| (format!("t{id}"), walks.as_u64().expect("a number")))
            .collect();
        assert_eq!(absent, due, "{what}");
        self.counts.checked += 1;
    }
}

/// The places of the events that end a sync which begins at a place: of a whole list, and of the delta behind it.
fn ends_of(events: &[Value], begin: usize) -> Vec<usize> {
    let end = |from: usize| (from..events.len()).find(|at| events[*at]["end"].is_string()).expect("an end");
    let first = end(begin);
    let is_whole = events[begin]["begin"] == "full"
        && matches!(events[first]["outcome"].as_str(), Some("complete" | "unsure"));
    if is_whole { vec![first, end(first + 1)] } else { vec![first] }
}

impl Script {
    /// Answers the request for a page.
    fn answer(&mut self, request: &Request<Bytes>) -> Response<Bytes> {
        let is_link = request.uri().path() == "/elsewhere";
        if is_link && self.is_dead {
            return respond(404, &[], "");
        }
        self.requests += 1;
        let asked = loop {
            let event = self.events.pop_front().unwrap_or_else(|| panic!("{}: {}", self.what, request.uri()));
            if event["get"].is_object() {
                break event;
            }
            if event["push"].is_array() {
                self.push(&event);
            }
        };
        self.must_be(request, &asked["get"]);
        while self.events.front().is_some_and(|event| event["push"].is_array()) {
            let event = self.events.pop_front().expect("an event");
            self.push(&event);
        }
        if !self.events.front().is_some_and(|event| event["answer"].is_object()) {
            return respond(500, &[], "");
        }
        let event = self.events.pop_front().expect("an event");
        self.millis.store(event["at"].as_i64().expect("a time"), Ordering::Relaxed);
        let answer = &event["answer"];
        let items: Vec<String> = answer["items"].as_array().expect("items").iter().map(tariff).collect();
        let data = items.join(",");
        let body = match answer["timestamp"].as_i64() {
            Some(_) => format!(
                r#"{{"status_code":1000,"timestamp":"{}","data":[{data}]}}"#,
                time(&answer["timestamp"])
            ),
            None => format!(r#"{{"status_code":1000,"data":[{data}]}}"#),
        };
        let mut headers = vec![("x-limit", answer["limit"].to_string())];
        if !answer["total"].is_null() {
            headers.push(("x-total-count", answer["total"].to_string()));
        }
        self.is_dead = answer["link"]["host"] == "other, dead";
        if let Some(host) = answer["link"]["host"].as_str() {
            let origin = if host == "own" { "https://cpo.example" } else { "http://127.0.0.1:8080" };
            let place = match answer["link"]["cursor"].as_u64() {
                Some(cursor) => format!("cursor={cursor}"),
                None => format!("offset={}", answer["link"]["offset"]),
            };
            headers.push(("link", format!(r#"<{origin}/elsewhere?{place}>; rel="next""#)));
        }
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, &**value)).collect();
        respond(200, &headers, &body)
    }

    fn must_be(&self, request: &Request<Bytes>, get: &Value) {
        let query: BTreeMap<String, String> =
            url::form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes())
                .into_owned()
                .collect();
        let is_link = request.uri().path() == "/elsewhere";
        let due = match get["cursor"].as_u64() {
            Some(cursor) => ("cursor", cursor.to_string()),
            None => ("offset", get["offset"].to_string()),
        };
        let place = query.get(due.0).cloned().unwrap_or_else(|| "0".to_owned());
        assert_eq!(place, due.1, "{}: {}", self.what, request.uri());
        if !is_link {
            assert_eq!(query.get("limit").cloned(), Some(get["limit"].to_string()), "{}", self.what);
            let from = (!get["date_from"].is_null()).then(|| time(&get["date_from"]));
            let asked = query.get("date_from").map(|text| text.parse().expect("a time"));
            assert_eq!(asked, from, "{}", self.what);
        }
    }

    fn push(&mut self, event: &Value) {
        let tariff: Tariff = parse(&tariff(&event["push"]));
        let update = Update::put(tariff.clone());
        let arrival = Arrival::of(&update, time(&event["at"]));
        let by = Cause::Push { partner: "cpo".parse().expect("an id"), request_id: None };
        let objects = self.emsp.as_ref().expect("a platform").platform.objects();
        let before = block_on(objects.get::<Tariff>(&tariff.identity())).expect("a store");
        block_on(objects.take::<Tariff>(&tariff.identity(), update, arrival, &by)).expect("a store");
        let id = tariff.id.as_str().to_ascii_lowercase();
        if before.as_ref() == Some(&tariff) && !self.pushed.contains(&id) {
            let emsp = self.emsp.as_ref().expect("a platform");
            let lists = block_on(emsp.platform.lists("cpo")).expect("a store");
            self.is_left |= lists.iter().flat_map(|list| &list.absent).any(|(at, _)| at.key() == id);
        } else if before.is_none_or(|before| tariff.last_updated >= before.last_updated) {
            self.pushed.insert(id);
        }
    }
}

fn tariff(item: &Value) -> String {
    tariff_json("NL/ALF", &format!("T{}", item[0]), "10:00:00")
        .replace("2026-11-22T10:00:00Z", &time(&item[2]).to_string())
        .replace("0.45", &price(&item[1]))
}

fn price(value: &Value) -> String {
    format!("0.{:06}", value.as_u64().expect("a number"))
}

/// The price and the time of a Tariff.
fn shown(tariff: &Tariff) -> (String, DateTime) {
    let component = tariff.elements.first().and_then(|element| element.price_components.first());
    (component.expect("a price").price.to_string(), tariff.last_updated)
}

fn ids(list: &Value) -> Vec<String> {
    list.as_array().expect("ids").iter().map(|id| format!("t{id}")).collect()
}

/// A time of the model, which begins with 0.
fn at_millis(millis: i64) -> DateTime {
    let start: DateTime = NOW.parse().expect("a time");
    DateTime::from_unix_micros(start.to_unix_micros() + millis * 1_000).expect("a time")
}

fn time(millis: &Value) -> DateTime {
    at_millis(millis.as_i64().expect("a number"))
}
