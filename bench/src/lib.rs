//! Cost of reading and writing OCPI: this library beside its peers, over the same pages, in one run.

pub mod client;
pub mod contenders;
pub mod ours;
pub mod pages;
pub mod plain;
pub mod pricing;

pub use ocpi_bench_data as data;

/// Returns the day, the rounds and the cores of a measurement, as text.
#[must_use]
pub fn circumstances(rounds: usize) -> String {
    let seconds = std::time::UNIX_EPOCH.elapsed().map_or(0, |time| time.as_secs());
    let now = i64::try_from(seconds).ok().and_then(ocpi_types::DateTime::from_unix).expect("a date");
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!("{:.10}, {rounds} rounds, {cores} cores", now.to_string())
}
