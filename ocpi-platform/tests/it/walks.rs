//! Schedules of `models/registration.py`, played by whole platforms.

mod laws;
mod play;
mod probe;
#[path = "../../src/trust/replay/schedule.rs"]
mod schedule;
mod side;
mod wire;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};

use flate2::read::GzDecoder;
use serde_json::Value;

use play::Play;

#[test]
fn platforms_keep_to_the_model() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/schedules/registration.jsonl.gz");
    let mut tally = Tally::default();
    tally.play_all(BufReader::new(GzDecoder::new(File::open(path).expect("the schedules"))));
    if let Ok(path) = std::env::var("OCPI_SCHEDULES") {
        tally.play_all(BufReader::new(File::open(path).expect("a file of schedules")));
    }
    println!("{tally:?}");
    assert!(tally.played >= 40);
}

#[derive(Debug, Default)]
struct Tally {
    played: usize,
    failed: usize,
    left: BTreeMap<&'static str, usize>,
}

impl Tally {
    fn play_all(&mut self, lines: impl BufRead) {
        for line in lines.lines() {
            let schedule: Value = serde_json::from_str(&line.expect("a line")).expect("a schedule");
            let followed = std::panic::catch_unwind(|| {
                let mut play = Play::new(&schedule);
                play.follow(&schedule)
            });
            match followed {
                Ok(Some(left)) => *self.left.entry(left).or_default() += 1,
                Ok(None) => {}
                Err(_) => self.failed += 1,
            }
            self.played += 1;
        }
    }
}
