//! The tests of the crate, in one binary.

mod boundaries;
mod common;
mod dst;
mod hostile;
mod properties;
mod reference;
mod vectors;
