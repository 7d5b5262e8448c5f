//! The tests of the crate, in one binary.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod audit;
mod boundaries;
mod common;
mod dst;
mod estimate;
mod explain;
mod generate;
mod hostile;
mod hours;
mod lint;
mod policies;
mod properties;
mod reference;
mod shown;
mod usage;
mod vectors;
