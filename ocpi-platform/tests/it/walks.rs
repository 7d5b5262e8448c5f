//! Schedules of `models/registration.py`, played by whole platforms.
//!
//! Each line of a dump is a walk of the model. Here both sides are platforms: HTTP requests go through their clients and
//! routers, and the schedule decides which of them arrives, arrives twice, is lost or comes late, and when a side crashes
//! and is opened anew over its store. Each side has three processes over one store. After every event the properties are
//! asked of the platforms (`laws`), and the stored records and the rights of every token are compared with the model's;
//! after the last one nothing is lost any more, and both sides must find to each other (`calm`). Partners of other makes
//! are played as the model has them. The claims of parties have schedules of their own (`parties`).
//!
//! `tests/schedules` has some; the variables `OCPI_SCHEDULES` and `OCPI_PARTY_SCHEDULES` name files with more:
//!
//! ```sh
//! python3 models/registration.py --dump registration --count 2000 --seed 7 > /tmp/schedules
//! OCPI_SCHEDULES=/tmp/schedules cargo test --release -p ocpi-platform --test it walks -- --nocapture
//! ```

mod calm;
mod laws;
mod parties;
mod play;
mod probe;
#[path = "../../src/trust/replay/schedule.rs"]
mod schedule;
mod side;
pub(crate) mod stepped;
mod wire;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::panic::catch_unwind;

use flate2::read::GzDecoder;
use serde_json::Value;

use parties::Parties;
use play::Play;

#[test]
fn platforms_keep_to_the_model() {
    let mut left = BTreeMap::<_, usize>::new();
    let count = for_each_schedule("registration", "OCPI_SCHEDULES", EACH_FOURTH, |schedule| {
        let mut play = Play::new(schedule);
        let reason = play.follow(schedule);
        play.comes_to_an_end(&format!("seed {}, {}", schedule["seed"], schedule["setting"]));
        reason
    });
    for reason in count.results.into_iter().flatten() {
        *left.entry(reason).or_default() += 1;
    }
    let (played, failed) = (count.played, count.failed);
    println!("{played} schedules of registration played by platforms, {failed} failed; left early: {left:?}");
    assert_eq!(failed, 0);
    assert!(played >= 40 && left.values().sum::<usize>() * 50 <= played, "{played} played, {left:?}");
}

#[test]
fn a_party_has_one_partner_in_every_schedule() {
    let count = for_each_schedule("parties", "OCPI_PARTY_SCHEDULES", ALL, |schedule| {
        let mut parties = Parties::open(schedule);
        parties.play(schedule);
        (parties.taken, parties.refused)
    });
    let sums = count.results.iter().fold((0, 0), |sums, (taken, refused)| (sums.0 + taken, sums.1 + refused));
    let (played, failed) = (count.played, count.failed);
    println!("{played} schedules of parties played by platforms, {failed} failed; taken, refused: {sums:?}");
    assert_eq!(failed, 0);
    assert!(played >= 40 && sums.0 > played && sums.1 > played, "{sums:?}");
}

/// All take long in a build without optimization. There are fifteen settings in turn: so each of them is played.
const EACH_FOURTH: usize = 4;
const ALL: usize = 1;

struct Count<T> {
    played: usize,
    failed: usize,
    results: Vec<T>,
}

/// After so many failures no more is played.
const ENOUGH: usize = 10;

/// Plays each `step`th schedule of the repository, and all of the file that a variable names.
fn for_each_schedule<T>(
    kind: &str,
    variable: &str,
    step: usize,
    play: impl Fn(&Value) -> T + std::panic::RefUnwindSafe,
) -> Count<T> {
    let path = format!("{}/tests/schedules/{kind}.jsonl.gz", env!("CARGO_MANIFEST_DIR"));
    let some: Box<dyn BufRead> =
        Box::new(BufReader::new(GzDecoder::new(File::open(path).expect("the schedules"))));
    let more = std::env::var(variable).ok();
    let more = more.map(|path| {
        Box::new(BufReader::new(File::open(path).expect("a file of schedules"))) as Box<dyn BufRead>
    });
    let mut count = Count { played: 0, failed: 0, results: Vec::new() };
    let some = some.lines().step_by(step);
    for line in some.chain(more.into_iter().flat_map(BufRead::lines)) {
        let schedule: Value = serde_json::from_str(&line.expect("a line")).expect("a schedule");
        match catch_unwind(|| play(&schedule)) {
            Ok(result) => count.results.push(result),
            Err(_) => count.failed += 1,
        }
        count.played += 1;
        if count.failed >= ENOUGH {
            break;
        }
    }
    count
}
