//! The tests of the crate, in one binary.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod absent;
mod audit;
mod boundaries;
mod common;
mod dst;
mod either_way;
mod estimate;
mod explain;
mod generate;
mod headline;
mod hostile;
mod hours;
mod lint;
mod obstacles;
mod policies;
mod properties;
mod reference;
mod shown;
mod told;
mod usage;
mod vectors;
