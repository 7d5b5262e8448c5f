//! Schedules of `models/registration.py`, driven through the records of both sides over a store.
//!
//! Each line of a dump is a walk of the model: requests late, doubled or lost, waiting given up, crashes, an attacker
//! with a leaked token. After every event the stored records, and the rights of every token that was ever issued, are
//! the model's. `tests/schedules` has some; the environment variable `OCPI_SCHEDULES` names a file with more:
//!
//! ```sh
//! python3 models/registration.py --dump registration --count 2000 --seed 7 > /tmp/schedules
//! OCPI_SCHEDULES=/tmp/schedules cargo test -p ocpi-platform replay -- --nocapture
//! ```

mod schedule;
mod side;

use std::fs::File;
use std::io::{BufRead, BufReader};

use flate2::read::GzDecoder;
use serde_json::Value;

use schedule::{Event, Expected, HAS_NO_SUSPECTS, KEEPS_NO_TOKEN_BEFORE};
use side::Side;

#[test]
fn every_schedule_is_played_as_in_the_model() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/schedules/registration.jsonl.gz");
    let some = BufReader::new(GzDecoder::new(File::open(path).expect("the schedules")));
    let mut count = play_all(some);
    assert!(count >= 40, "{count} schedules");
    if let Ok(path) = std::env::var("OCPI_SCHEDULES") {
        count += play_all(BufReader::new(File::open(path).expect("a file of schedules")));
    }
    println!("{count} schedules of registration replayed");
}

fn play_all(lines: impl BufRead) -> usize {
    let mut count = 0;
    for line in lines.lines() {
        let schedule: Value = serde_json::from_str(&line.expect("a line")).expect("a schedule");
        Play::new(&schedule).run(&schedule);
        count += 1;
    }
    count
}

/// Both sides; those that are of another make are the schedule's to play.
struct Play {
    sides: [Option<Side>; 2],
    has_suspects: bool,
    name: String,
}

impl Play {
    fn new(schedule: &Value) -> Self {
        let setting = schedule["setting"].as_str().expect("a setting");
        let start = Expected::of(&schedule["start"]);
        let sides = [0, 1].map(|side| {
            let is_ours = schedule["makes"][side] == "ours";
            is_ours.then(|| Side::new(side, !KEEPS_NO_TOKEN_BEFORE.contains(&setting), &start.records[side]))
        });
        let name = format!("seed {}, {setting}", schedule["seed"]);
        Self { sides, has_suspects: !HAS_NO_SUSPECTS.contains(&setting), name }
    }

    fn run(mut self, schedule: &Value) {
        self.compare(&Expected::of(&schedule["start"]), "at the start");
        for (number, event) in schedule["events"].as_array().expect("events").iter().enumerate() {
            let when = format!("{}, event {number}: {}", self.name, Event::text(event));
            let expected = Expected::of(event);
            self.happens(&Event::of(event), &expected, &when);
            for side in self.sides.iter_mut().flatten() {
                side.drop_stale(&when);
            }
            self.compare(&expected, &when);
        }
    }

    fn compare(&self, expected: &Expected, when: &str) {
        for (number, side) in self.sides.iter().enumerate() {
            if let Some(side) = side {
                side.compare(&expected.records[number], &expected.rights[number], when);
            }
        }
    }

    fn happens(&mut self, event: &Event<'_>, expected: &Expected, when: &str) {
        match event.what {
            "use" => return self.uses(event, when),
            "attacker_uses" => return self.at(event.at, |side| side.is_used(event.token(), when)),
            "attacker_sends" => return self.at(event.at, |side| side.receives(event, "x", when)),
            "resume" => {
                for number in [0, 1] {
                    let token = (event.giver == number).then(|| expected.records[number].current());
                    self.at(number, |side| side.resumes(token));
                }
                return;
            }
            "call_back" => {
                let there = self.sides[1 - event.who].as_ref().filter(|_| event.token() != "x");
                if let Some(there) = there {
                    there.is_called_back(event.token(), event.result == "good", when);
                }
            }
            _ => {}
        }
        let record = &expected.records[event.who];
        self.at(event.who, |side| side.does(event, record, when));
    }

    fn at(&mut self, number: usize, act: impl FnOnce(&mut Side)) {
        if let Some(side) = &mut self.sides[number] {
            act(side);
        }
    }

    /// A functional request of one side to the other.
    fn uses(&mut self, event: &Event<'_>, when: &str) {
        let was_accepted = event.result == "200";
        let is_ours = self.sides[event.who].is_some();
        let has_suspects = self.has_suspects;
        self.at(1 - event.who, |side| {
            assert_eq!(side.is_open_to(event.token()), was_accepted, "{when}");
            side.is_used(event.token(), when);
            if has_suspects && !was_accepted && !is_ours {
                side.suspects();
            }
        });
        if has_suspects {
            self.at(event.who, |side| side.used_out(was_accepted));
        }
    }
}
