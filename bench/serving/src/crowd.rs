//! Many PATCHes of one Location at the same time, in process.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header;
use ocpi_server_traits::{Clock, Router};
use tokio::sync::Barrier;

use crate::machine::{Disk, median, millis, percentile};
use crate::own;
use crate::place::{Place, connect};
use crate::report::Report;

/// PATCHes at the same time.
const CROWD: usize = 400;
/// Rounds; one before them warms up.
const ROUNDS: usize = 21;

/// Measures each store.
pub async fn measure(report: &mut Report, stores: &[Place]) {
    report.table(
        "400 simultaneous status PATCHes of one Location",
        "In process, through the router. Time is from the common start to the answer, p99 that of a round of 400: median \
         and worst round.",
        &["store", "refused", "p99 ms, median", "worst", "all 400 ms", "one fdatasync ms", "one ping ms"],
    );
    for place in stores {
        store(report, place).await;
    }
}

async fn store(report: &mut Report, place: &Place) {
    let objects = own::loaded(place.open_empty().await).await;
    let router = own::router(&objects);
    let target = targets().swap_remove(0);
    let directory = tempfile::tempdir().expect("a directory");
    let mut disk = Disk::in_directory(directory.path());
    let database = match place {
        Place::Postgres(url) => Some(connect(url).await),
        _ => None,
    };
    let (mut p99, mut last, mut syncs, mut pings, mut refused) = (vec![], vec![], vec![], vec![], 0);
    for round in 0..=ROUNDS {
        let times = crowd(&router, &target, round).await;
        let answered: Vec<Duration> = times.iter().filter_map(|time| *time).collect();
        refused += CROWD - answered.len();
        syncs.push(disk.sync());
        if let Some(database) = &database {
            let start = Instant::now();
            database.simple_query("SELECT 1").await.expect("an answer");
            pings.push(start.elapsed());
        }
        if round > 0 && !answered.is_empty() {
            p99.push(percentile(&answered, 99));
            last.push(percentile(&answered, 100));
        }
    }
    let most = Duration::from_millis(if place.is_postgres() { 100 } else { 50 });
    let middle = median(&p99);
    report.row(&[
        place.name().to_owned(),
        refused.to_string(),
        millis(middle),
        millis(percentile(&p99, 100)),
        millis(median(&last)),
        millis(median(&syncs)),
        if pings.is_empty() { String::new() } else { millis(median(&pings)) },
    ]);
    report.goal(
        &format!("400 PATCHes of one Location at once, {}", place.name()),
        &format!("0 refused, p99 ≤ {} ms", most.as_millis()),
        &format!("{refused} refused, p99 {} ms (fdatasync {} ms)", millis(middle), millis(median(&syncs))),
        refused == 0 && middle <= most,
    );
}

/// The paths of an EVSE of each Location, below the router's base.
pub fn targets() -> Vec<String> {
    let objects = crate::locations::objects();
    let path = |location: &ocpi_types::v2_3_0::locations::Location| {
        let evse = location.evses.first().expect("an EVSE");
        format!("/ocpi/2.3.0/receiver/locations/NL/BNC/{}/{}", location.id, evse.uid)
    };
    objects.iter().map(path).collect()
}

/// A status PATCH as an operator sends it: of this moment. With a number changes the status.
pub fn patch(number: usize) -> String {
    let status = ["AVAILABLE", "CHARGING", "BLOCKED", "RESERVED"][number % 4];
    format!(r#"{{"status":"{status}","last_updated":"{}"}}"#, Clock::system().now())
}

/// The times of all answers; `None`: refused.
async fn crowd(router: &Router, target: &str, round: usize) -> Vec<Option<Duration>> {
    let start = Arc::new(Barrier::new(CROWD + 1));
    let tasks: Vec<_> = (0..CROWD)
        .map(|number| {
            let (router, start) = (router.clone(), Arc::clone(&start));
            // Neighbours have other states, and none is older than one before it: so each changes the document.
            let request = http::Request::patch(target).header(header::AUTHORIZATION, own::WRITES);
            let request = request.body(Bytes::from(patch(round + number))).expect("a request");
            tokio::spawn(async move {
                start.wait().await;
                let begin = Instant::now();
                let answer = router.call(request).await;
                (begin, (answer.status() == 200).then(Instant::now))
            })
        })
        .collect();
    start.wait().await;
    let mut times = Vec::with_capacity(CROWD);
    for task in tasks {
        times.push(task.await.expect("it does not panic"));
    }
    let first = times.iter().map(|(begin, _)| *begin).min().expect("there are some");
    times.into_iter().map(|(_, end)| end.map(|end| end.saturating_duration_since(first))).collect()
}
