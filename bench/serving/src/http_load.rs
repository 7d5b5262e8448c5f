//! Status PATCHes over HTTP, on connections that stay open.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::crowd::{patch, targets};
use crate::machine::{Disk, Processes, median, millis, percentile};
use crate::own;
use crate::place::{Place, connect};
use crate::report::Report;
use crate::server::Server;
use crate::wire::Connection;
use ocpi_server_traits::Clock;
use ocpi_server_traits::storage::{Address, StoreExt};
use ocpi_types::DateTime;

/// Connections, each with one request at a time.
pub const CONNECTIONS: usize = 64;
/// Requests of a round.
const REQUESTS: usize = 12_800;
/// Rounds; one before them warms up.
const ROUNDS: usize = 7;

/// Something that is asked for.
struct Run {
    name: String,
    place: Place,
    server: usize,
    is_fixed: bool,
    rounds: Vec<Round>,
}

struct Round {
    /// CPU of the server per request.
    micros: f64,
    /// CPU of the database per request.
    database: f64,
    per_second: f64,
    p50: Duration,
    p99: Duration,
}

/// Measures each store.
pub async fn measure(report: &mut Report, stores: &[Place]) {
    let mut servers = Vec::new();
    let mut runs = Vec::new();
    for place in stores {
        // Closed before the server opens it.
        drop(own::loaded(place.open_empty().await).await);
        let run = |name: String, is_fixed| Run {
            name,
            place: place.clone(),
            server: servers.len(),
            is_fixed,
            rounds: Vec::new(),
        };
        if servers.is_empty() {
            runs.push(run("nothing behind it: a fixed answer".to_owned(), true));
        }
        runs.push(run(place.name().to_owned(), false));
        servers.push(Server::start(place).await);
    }
    let (targets, since) = (targets(), Clock::system().now());
    let directory = tempfile::tempdir().expect("a directory");
    let mut disk = Disk::in_directory(directory.path());
    let (mut syncs, mut pings) = (vec![], vec![]);
    for round in 0..=ROUNDS {
        for run in &mut runs {
            let server = &mut servers[run.server];
            let database = run.place.processes().await;
            let measured = load(server, &database, &targets, run.is_fixed, round).await;
            if round > 0 {
                run.rounds.push(measured);
            }
            syncs.push(disk.sync());
            if let Place::Postgres(url) = &run.place {
                let database = connect(url).await;
                let start = Instant::now();
                database.simple_query("SELECT 1").await.expect("an answer");
                pings.push(start.elapsed());
            }
        }
    }
    drop(servers);
    report.table(
        "Status PATCHes over HTTP, 64 connections",
        "An axum server in a process of its own, on a socket of 127.0.0.1; each PATCH is of another Location than those at \
         the same time, has the time at which it is sent, and is durable when it is answered. CPU is that of the server; the \
         client shares the machine. PostgreSQL prepares the statements once for each connection.",
        &["store", "CPU µs per PATCH", "of the database", "per second", "p50 ms", "p99 ms"],
    );
    for run in &runs {
        check(run, since).await;
        let of = |value: fn(&Round) -> f64| median(&run.rounds.iter().map(value).collect::<Vec<_>>());
        let time =
            |value: fn(&Round) -> Duration| millis(median(&run.rounds.iter().map(value).collect::<Vec<_>>()));
        let (micros, per_second) = (of(|round| round.micros), of(|round| round.per_second));
        report.row(&[
            run.name.clone(),
            format!("{micros:.1}"),
            if run.place.is_postgres() {
                format!("{:.1}", of(|round| round.database))
            } else {
                String::new()
            },
            format!("{per_second:.0}"),
            time(|round| round.p50),
            time(|round| round.p99),
        ]);
        let what = format!("durable status PATCH over HTTP, 64 connections, {}", run.name);
        match (&run.place, run.is_fixed) {
            (_, true) | (Place::Memory | Place::Ready | Place::Kit, _) => {}
            (Place::Sqlite(_), _) => {
                report.goal(&what, "≤ 40 µs CPU", &format!("{micros:.1} µs"), micros <= 40.0);
            }
            (Place::Postgres(_), _) => {
                report.goal(&what, "≥ 4,000/s", &format!("{per_second:.0}/s"), per_second >= 4000.0);
            }
        }
    }
    let ping = if pings.is_empty() {
        String::new()
    } else {
        format!(", one ping of the database {} ms", millis(median(&pings)))
    };
    report.remark(&format!("One fdatasync took {} ms{ping}.", millis(median(&syncs))));
}

/// Sends the requests of a round.
async fn load(
    server: &mut Server,
    database: &Processes,
    targets: &[String],
    is_fixed: bool,
    round: usize,
) -> Round {
    let each = targets.len() / CONNECTIONS;
    let mut ready = Vec::new();
    for number in 0..CONNECTIONS {
        let own = targets[number * each..(number + 1) * each].to_vec();
        let targets = if is_fixed { vec!["/fixed".to_owned()] } else { own };
        ready.push(Patching { connection: Connection::open(&server.address).await, targets });
    }
    let left = Arc::new(AtomicUsize::new(REQUESTS));
    let (there, cpu) = (database.cpu(), server.cpu().await);
    let start = Instant::now();
    let tasks: Vec<_> =
        ready.into_iter().map(|connection| tokio::spawn(connection.run(Arc::clone(&left), round))).collect();
    let mut times = Vec::with_capacity(REQUESTS);
    for task in tasks {
        times.extend(task.await.expect("it does not panic"));
    }
    let wall = start.elapsed();
    let cpu = server.cpu().await.saturating_sub(cpu);
    let there = database.cpu().saturating_sub(there);
    let micros = |cpu: Duration| cpu.as_secs_f64() * 1e6 / times.len() as f64;
    Round {
        micros: micros(cpu),
        database: micros(there),
        per_second: times.len() as f64 / wall.as_secs_f64(),
        p50: median(&times),
        p99: percentile(&times, 99),
    }
}

/// A connection with the EVSEs that nobody else changes.
struct Patching {
    connection: Connection,
    targets: Vec<String>,
}

impl Patching {
    async fn run(mut self, left: Arc<AtomicUsize>, round: usize) -> Vec<Duration> {
        let mut times = Vec::new();
        let take = |left: usize| left.checked_sub(1);
        while left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok() {
            let target = &self.targets[times.len() % self.targets.len()];
            // Another status than the last time that it was the turn of this EVSE.
            let body = patch(round + times.len() / self.targets.len());
            let request = format!(
                "PATCH {target} HTTP/1.1\r\nhost: cpo.example\r\nauthorization: {}\r\ncontent-type: application/json\r\n\
                 x-request-id: {round}-{}\r\nx-correlation-id: {round}\r\ncontent-length: {}\r\n\r\n{body}",
                own::WRITES,
                times.len(),
                body.len()
            );
            let start = Instant::now();
            self.connection.ask(&request).await;
            times.push(start.elapsed());
        }
        times
    }
}

/// Checks that PATCHes are there.
async fn check(run: &Run, since: DateTime) {
    if run.is_fixed {
        return;
    }
    let store = run.place.open().await;
    let document = store.get(&Address::new("Location", "NL/BNC", "loc000001")).await.expect("it is read");
    let document = document.expect("it is there");
    assert!(document.last_updated >= since, "the PATCHes are not there");
}
