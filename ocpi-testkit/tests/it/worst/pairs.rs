//! Faults in pairs: what must hold whatever the partner does.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use ocpi_testkit::{Fault, Step};

use super::day::{spend, unexplained};
use super::report::Outcome;

/// Each pair is taken whose places in the table have a sum that this divides, unless all are asked for: so each fault comes with
/// some others.
const STEP: usize = 43;

/// Pairs in which the one fault takes away by what the other could be seen, and a list that is cut short could be called complete.
#[test]
fn pairs_that_hide_each_other_do_not_deceive() {
    for pair in [
        [Fault::NoLinkNoTotal, Fault::OffsetIgnored],
        [Fault::NoTotal, Fault::OffsetIgnored],
        [Fault::OpaqueCursor, Fault::ObjectVanishes],
        [Fault::TotalTooSmall, Fault::OffsetIgnored],
    ] {
        let report = spend(&pair);
        assert_eq!(unexplained(&pair, &report), Vec::<String>::new(), "{pair:?}");
        assert!(matches!(report.outcome(Step::Tariffs), Outcome::NotComplete(_)), "{pair:?}: {report:?}");
    }
}

/// `OCPI_PAIRS=all`, in a release build: all pairs.
#[test]
fn no_pair_of_faults_breaks_the_client() {
    let step = if std::env::var("OCPI_PAIRS").is_ok_and(|pairs| pairs == "all") { 1 } else { STEP };
    let all = || Fault::ALL.iter().copied().enumerate();
    let pairs = all().flat_map(|first| all().skip(first.0 + 1).map(move |second| [first, second]));
    let taken = pairs.filter(|[first, second]| (first.0 + second.0) % step == 0);
    let pairs: Vec<[Fault; 2]> = taken.map(|pair| pair.map(|(_, fault)| fault)).collect();
    let is_taken = |fault: &Fault| pairs.iter().any(|pair| pair.contains(fault));
    assert!(Fault::ALL.iter().all(is_taken), "each fault is in a pair");
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(pair) = pairs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let told = catch_unwind(AssertUnwindSafe(|| unexplained(pair, &spend(pair))));
                    let told = told.unwrap_or_else(|_| vec!["a panic".to_owned()]);
                    if !told.is_empty() {
                        let names = pair.map(Fault::name).join(" + ");
                        wrong.lock().expect("no panic").push(format!("{names}: {told:?}"));
                    }
                }
            });
        }
    });
    let mut wrong = wrong.into_inner().expect("no panic");
    wrong.sort();
    println!("{} pairs of {} faults, {} wrong", pairs.len(), Fault::ALL.len(), wrong.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}
