//! Reads, pages, writes, deletions, purges and the feed, in any order, on an SQLite file and on the store in memory.
//!
//! Nothing may panic, and the answers are the same.

#![no_main]

#[path = "../../ocpi-store/tests/it/differential/both.rs"]
#[allow(clippy::unwrap_used, reason = "it is a test's")]
mod both;
#[path = "../support/bytes.rs"]
mod bytes;
#[path = "../../ocpi-store/tests/it/choice.rs"]
mod choice;
#[path = "../../ocpi-store/tests/it/differential/plan.rs"]
mod plan;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use both::Both;
use bytes::Bytes;
use choice::Choose;
use libfuzzer_sys::fuzz_target;
use ocpi_server_traits::Clock;
use ocpi_server_traits::storage::Memory;
use ocpi_store::Sqlite;
use ocpi_types::DateTime;

/// Most steps of an input.
const STEPS: usize = 60;
/// Noon on the day of the times that documents have.
const NOON: i64 = 1_795_348_800_000_000;

fuzz_target!(|bytes: &[u8]| {
    let directory = directory();
    let hand = Arc::new(AtomicI64::new(NOON));
    let shown = Arc::clone(&hand);
    let clock = Clock::new(move || DateTime::from_unix_micros(shown.load(Ordering::SeqCst)).expect("a time"));
    let file = Sqlite::builder(directory.path().join("store")).readers(1).clock(clock.clone());
    let sqlite = file.open().expect("a file");
    let mut both = Both::new(Bytes(bytes), hand, Memory::with_clock(clock), sqlite);
    let is_grouped = both.chance.one_in(8);
    if is_grouped {
        both.group();
    }
    for _ in 0..STEPS {
        if both.chance.0.is_empty() {
            break;
        }
        match both.chance.below(8) {
            0..=2 if is_grouped => both.write_together(),
            0..=2 => both.write(),
            3 => both.read(),
            4 => both.page(),
            5 => both.crawl(),
            6 if is_grouped => both.follow(),
            6 => both.feed(),
            _ if is_grouped => both.page(),
            _ => {
                both.moved();
                both.purge();
            }
        }
    }
});

/// A directory in memory where there is one: the disk is slow to say that it has everything.
fn directory() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.expect("a directory")
}
