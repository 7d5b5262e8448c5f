//! Holds instruction counts to their bounds: `gate`. Counts hardly change from run to run, as times do.
//!
//! Counted by callgrind, as the difference between two runs and one. Without valgrind nothing is held, and a word says so.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, ExitCode};
use std::sync::Mutex;
use std::thread;

use ocpi_bench::pages;

/// Contender, its page, its rival, and the least factor by which the rival takes more instructions.
const BOUNDS: &[(&str, &str, &str, f64)] = &[
    ("ours, tolerant", "locations", "plain from_slice", 1.9),
    ("ours, tolerant", "cdrs", "plain from_slice", 1.9),
    ("ours, tolerant", "tariffs", "plain from_slice", 1.65),
    ("audit ours", "cdrs", "audit ocpi-kit", 1.55),
    ("ours, serde", "locations", "plain from_slice", 1.0),
    ("ours, tolerant + check", "locations", "ocpi-kit + validate", 2.6),
    // 4.0 before the check knew how much energy and time there can be, and went over tables.
    ("ours, tolerant + check", "cdrs", "ocpi-kit + validate", 3.5),
    ("encode ours", "locations", "encode plain", 3.0),
    ("encode ours", "cdrs", "encode plain", 2.4),
    ("encode ours", "locations", "encode ocpi-kit", 2.9),
];

/// Values that are no texts. Twice as many where texts are due take at most 2.5 times as long to be read.
const ODD: &[&str] = &["1", "null", "[]", "{}", r#""\u0041""#];

fn main() -> ExitCode {
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("skipped: valgrind is not there");
        return ExitCode::SUCCESS;
    }
    let counts = counts();
    let mut is_held = true;
    for (own, kind, other, bound) in BOUNDS {
        let (own_count, other_count) = (counts[&(*own, *kind)], counts[&(*other, *kind)]);
        let ratio = other_count / own_count;
        let verdict = if ratio >= *bound { "ok" } else { "TOO SLOW" };
        is_held &= ratio >= *bound;
        println!(
            "{kind}: {own} {own_count:.0}, {other} {other_count:.0} instructions per object: {ratio:.2} >= {bound} {verdict}"
        );
    }
    for value in ODD {
        let ratio = instructions("odd 20000", value) / instructions("odd 10000", value);
        let verdict = if ratio <= 2.5 { "ok" } else { "NOT LINEAR" };
        is_held &= ratio <= 2.5;
        println!("lists of {value} where texts are due, 20000 to 10000: {ratio:.2} <= 2.5 {verdict}");
    }
    if is_held { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Instructions per object of every contender and page, counted on two cores: counts do not depend on what runs beside.
fn counts() -> BTreeMap<(&'static str, &'static str), f64> {
    let wanted: BTreeSet<_> =
        BOUNDS.iter().flat_map(|(own, kind, other, _)| [(*own, *kind), (*other, *kind)]).collect();
    let next = Mutex::new(wanted.into_iter());
    let count = || {
        let take = || next.lock().expect("no counter panics").next();
        std::iter::from_fn(take).map(|(name, kind)| ((name, kind), instructions(name, kind))).collect()
    };
    thread::scope(|scope| {
        let others = scope.spawn(count);
        let own: BTreeMap<_, _> = count();
        own.into_iter().chain(others.join().expect("no counter panics")).collect()
    })
}

fn instructions(name: &str, kind: &str) -> f64 {
    (counted(name, kind, "2") - counted(name, kind, "1")) / pages::OBJECTS as f64
}

fn counted(name: &str, kind: &str, times: &str) -> f64 {
    let program = std::env::current_exe().expect("this program").with_file_name("count");
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args([name, kind, "2.2.1", times])
        .output()
        .expect("valgrind runs");
    let text = String::from_utf8_lossy(&output.stderr);
    let line =
        text.lines().find(|line| line.contains("Collected")).unwrap_or_else(|| panic!("{name}: {text}"));
    line.rsplit(' ').next().and_then(|count| count.parse().ok()).expect("a count")
}
