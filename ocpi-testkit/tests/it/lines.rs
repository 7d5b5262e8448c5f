//! Two platforms over a faulty line: whatever becomes of their messages and processes, every call ends, and nothing is lost
//! without a word.
//!
//! A course is made of a seed: a registration, pushes, pulls, commands, rotations and an unregistration. In a third of the
//! courses one message meets one fate (it is cut, delayed, doubled or overtaken), in a third one process crashes at one step, and
//! in a third everything happens at any time. Time is simulated, so a course goes the same way each time.
//!
//! `OCPI_SEEDS` says how many courses are played, and `OCPI_SEED` names a single one, which tells all that happens:
//!
//! ```sh
//! OCPI_SEEDS=100000 cargo test --release -p ocpi-testkit --test it lines -- --nocapture
//! ```

mod chance;
mod course;
mod crash;
mod laws;
mod line;
mod objects;
mod tally;
mod tasks;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use line::{Fate, Weather};
use tally::Tally;
use world::Crashes;

/// Courses that are always played.
const SOME: u64 = 200;
/// So many courses meet every call with every fate.
const ENOUGH: u64 = 20_000;

#[test]
fn every_course_comes_to_a_good_end() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    if let Some(seed) = number("OCPI_SEED") {
        let played = course::play(seed, true);
        assert!(played.wrong.is_empty(), "seed {seed}: {:#?}", played.wrong);
        return;
    }
    let seeds = number("OCPI_SEEDS").unwrap_or(SOME);
    let (next, tally, wrong) = (AtomicU64::new(0), Mutex::new(Tally::default()), Mutex::new(Vec::new()));
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds {
                        break;
                    }
                    match catch_unwind(AssertUnwindSafe(|| course::play(seed, false))) {
                        Ok(played) => {
                            tally.lock().expect("no panic").add(&played);
                            let told = played.wrong.into_iter().map(|told| (seed, told));
                            wrong.lock().expect("no panic").extend(told);
                        }
                        Err(_) => wrong.lock().expect("no panic").push((seed, "a panic".to_owned())),
                    }
                }
            });
        }
    });
    let (tally, mut wrong) = (tally.into_inner().expect("no panic"), wrong.into_inner().expect("no panic"));
    wrong.sort();
    let hung = wrong.iter().filter(|(_, told)| told.contains(course::HANGS)).count();
    println!("{seeds} courses, {} laws broken, {hung} hung: {tally}", wrong.len());
    assert!(wrong.is_empty(), "{:#?}", &wrong[..wrong.len().min(20)]);
    // What never happens proves nothing.
    if seeds >= SOME {
        assert!(tally.fates.len() >= Fate::ALL.len() && tally.crashes > 0, "{tally:?}");
    }
    if seeds >= ENOUGH {
        let unmet = tally.unmet();
        assert!(unmet.is_empty(), "calls that did not meet a fate: {unmet:?}");
    }
}

#[test]
fn the_laws_see_what_is_lost() {
    let lied = |call| course::play_in(call, Weather::One(call, Fate::Lied), Crashes::Never, false);
    let broken =
        (8..28).filter(|call| lied(*call).wrong.iter().any(|wrong| wrong.starts_with("success was told")));
    assert!(broken.count() > 3);
}

#[test]
fn a_course_goes_the_same_way_each_time() {
    for seed in 0..6 {
        let [first, second] = [(); 2].map(|()| course::play(seed, false));
        assert_eq!((first.calls, first.wrong), (second.calls, second.wrong), "seed {seed}");
    }
}
