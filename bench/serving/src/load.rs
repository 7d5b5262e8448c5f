//! Requests over HTTP on each store: the highest rate, its cost, and the time of an answer at half of it.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use ocpi_bench_data::{Version, cdrs};

use crate::crowd::{patch, targets};
use crate::http_load::CONNECTIONS;
use crate::machine::{median, millis, percentile};
use crate::own;
use crate::place::Place;
use crate::report::Report;
use crate::server::Server;
use crate::wire::Connection;

/// Rounds of each; one before them warms up.
const ROUNDS: usize = 5;
/// CDRs whose texts are prepared; each is sent under many ids.
const SAMPLES: usize = 100;

/// Something that is asked for.
#[derive(Clone, Copy)]
struct Kind {
    name: &'static str,
    /// Requests of a round.
    requests: usize,
    /// The request, of so many before it.
    request: fn(&Texts, usize) -> String,
}

const PAGE: Kind = Kind {
    name: "GET a page of 100 Locations",
    requests: 3_200,
    request: |_, number| get(&format!("/ocpi/2.3.0/sender/locations?limit=100&offset={}", number % 10 * 100)),
};
const KINDS: [Kind; 4] = [
    PAGE,
    Kind {
        name: "GET a Location",
        requests: 6_400,
        request: |texts, number| {
            get(&texts.locations[number % texts.locations.len()]
                .replace("/receiver/locations/NL/BNC/", "/sender/locations/"))
        },
    },
    Kind {
        name: "PATCH the status of an EVSE",
        requests: 6_400,
        request: |texts, number| {
            let evses = &texts.evses;
            send("PATCH", &evses[number % evses.len()], &patch(number / evses.len() + number))
        },
    },
    Kind {
        name: "POST a CDR",
        requests: 3_200,
        request: |texts, number| {
            let (head, tail) = &texts.cdrs[number % texts.cdrs.len()];
            send("POST", "/ocpi/2.3.0/receiver/cdrs", &format!("{head}{}-{number}{tail}", texts.run))
        },
    },
];

/// Parts of requests.
struct Texts {
    /// So that ids of another run are others.
    run: u32,
    locations: Vec<String>,
    evses: Vec<String>,
    /// Before and behind the id.
    cdrs: Vec<(String, String)>,
}

impl Texts {
    fn new() -> Self {
        let evses = targets();
        let parent = |evse: &String| evse.rsplit_once('/').map(|(parent, _)| parent.to_owned());
        let locations = evses.iter().filter_map(parent).collect();
        let list: Vec<serde_json::Value> =
            serde_json::from_str(&cdrs(Version::V2_3_0, SAMPLES, 1)).expect("CDRs");
        let cdrs = list.into_iter().map(|mut cdr| {
            // Of the party that sends it, for a driver of the one that takes it.
            cdr["country_code"] = "NL".into();
            cdr["cdr_token"]["country_code"] = "NL".into();
            cdr["cdr_token"]["party_id"] = "BNC".into();
            cdr["id"] = "@".into();
            let text = cdr.to_string();
            let (head, tail) = text.split_once("\"@\"").expect("an id");
            (format!("{head}\"C"), format!("\"{tail}"))
        });
        Self { run: std::process::id(), locations, evses, cdrs: cdrs.collect() }
    }
}

fn get(target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nhost: cpo.example\r\nauthorization: {}\r\n\r\n", own::READS)
}

fn send(method: &str, target: &str, body: &str) -> String {
    let mut request =
        format!("{method} {target} HTTP/1.1\r\nhost: cpo.example\r\nauthorization: {}\r\n", own::WRITES);
    let length = body.len();
    write!(request, "content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}")
        .expect("a text");
    request
}

/// A server and what is asked of it.
struct Run {
    name: String,
    place: Place,
    server: usize,
    kind: Kind,
    rounds: Vec<Round>,
}

struct Round {
    /// CPU of the server per request.
    micros: f64,
    /// CPU of the database per request.
    database: f64,
    per_second: f64,
    /// At half of the rate.
    p50: Duration,
    p99: Duration,
}

/// Measures each store, an answer that was encoded beforehand, and ocpi-kit.
pub async fn measure(report: &mut Report, durable: &[Place]) {
    let places: Vec<Place> =
        [Place::Ready, Place::Kit, Place::Memory].into_iter().chain(durable.iter().cloned()).collect();
    let (mut servers, mut runs) = (Vec::new(), Vec::new());
    for place in &places {
        if durable.contains(place) {
            // Closed before the server opens it.
            drop(own::loaded(place.open_empty().await).await);
        }
        let kinds = if place.has_store() { &KINDS[..] } else { &[PAGE] };
        runs.extend(kinds.iter().map(|kind| Run {
            name: place.name().to_owned(),
            place: place.clone(),
            server: servers.len(),
            kind: *kind,
            rounds: Vec::new(),
        }));
        servers.push(Server::start(place).await);
    }
    let (texts, mut sent) = (Arc::new(Texts::new()), 0);
    for round in 0..=ROUNDS {
        for run in &mut runs {
            let measured = run.measure(&mut servers[run.server], &texts, &mut sent).await;
            if round > 0 {
                run.rounds.push(measured);
            }
        }
    }
    drop(servers);
    report.table(
        "Requests over HTTP, 64 connections",
        "An axum server in a process of its own, on a socket of 127.0.0.1; the client shares the machine. Rates are the \
         highest that 64 connections reach, each with one request at a time. Times are those at half of that rate: requests \
         are due at even distances, and an answer's time counts from when its request was due. Writes are durable when they \
         are answered, but for those in memory.",
        &["request", "server", "per second", "CPU µs each", "of the database", "p50 ms at half", "p99 ms at half"],
    );
    runs.sort_by_key(|run| KINDS.iter().position(|kind| kind.name == run.kind.name));
    for run in &runs {
        let of = |value: fn(&Round) -> f64| median(&run.rounds.iter().map(value).collect::<Vec<_>>());
        let time =
            |value: fn(&Round) -> Duration| millis(median(&run.rounds.iter().map(value).collect::<Vec<_>>()));
        let database = of(|round| round.database);
        report.row(&[
            run.kind.name.to_owned(),
            run.name.clone(),
            format!("{:.0}", of(|round| round.per_second)),
            format!("{:.1}", of(|round| round.micros)),
            if run.place.is_postgres() { format!("{database:.1}") } else { String::new() },
            time(|round| round.p50),
            time(|round| round.p99),
        ]);
    }
}

impl Run {
    async fn measure(&self, server: &mut Server, texts: &Arc<Texts>, sent: &mut usize) -> Round {
        let database = self.place.processes().await;
        let (there, cpu, start) = (database.cpu(), server.cpu().await, Instant::now());
        self.ask(server, texts, sent, None).await;
        let wall = start.elapsed().as_secs_f64();
        let (cpu, there) = (server.cpu().await.saturating_sub(cpu), database.cpu().saturating_sub(there));
        let per_second = self.kind.requests as f64 / wall;
        let times = self.ask(server, texts, sent, Some(per_second / 2.0)).await;
        let micros = |cpu: Duration| cpu.as_secs_f64() * 1e6 / self.kind.requests as f64;
        Round {
            micros: micros(cpu),
            database: micros(there),
            per_second,
            p50: median(&times),
            p99: percentile(&times, 99),
        }
    }

    /// Sends the requests of a round: one behind the other on each connection, or at a rate.
    async fn ask(
        &self,
        server: &Server,
        texts: &Arc<Texts>,
        sent: &mut usize,
        rate: Option<f64>,
    ) -> Vec<Duration> {
        let (next, first) = (Arc::new(AtomicUsize::new(0)), *sent);
        *sent += self.kind.requests;
        let mut tasks = Vec::new();
        let mut connections = Vec::new();
        for _ in 0..CONNECTIONS {
            connections.push(Connection::open(&server.address).await);
        }
        let start = tokio::time::Instant::now();
        for mut connection in connections {
            let (next, texts, kind) = (Arc::clone(&next), Arc::clone(texts), self.kind);
            tasks.push(tokio::spawn(async move {
                let mut times = Vec::new();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= kind.requests {
                        return times;
                    }
                    let mut due = tokio::time::Instant::now();
                    if let Some(rate) = rate {
                        due = start + Duration::from_secs_f64(number as f64 / rate);
                        tokio::time::sleep_until(due).await;
                    }
                    connection.ask(&(kind.request)(&texts, first + number)).await;
                    times.push(due.elapsed());
                }
            }));
        }
        let mut times = Vec::with_capacity(self.kind.requests);
        for task in tasks {
            times.extend(task.await.expect("it does not panic"));
        }
        times
    }
}
