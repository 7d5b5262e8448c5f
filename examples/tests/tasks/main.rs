//! Fourteen tasks of people who use the library, each run on real components, with their lines counted.

mod lines;
mod task_01_feed;
mod task_02_fetch;
mod task_03_emsp;
mod task_04_react;
mod task_05_authorize;
mod task_06_start;
mod task_07_status;
mod task_08_chargers;
mod task_09_cdr;
mod task_10_audit;
mod task_11_mount;
mod task_12_store;
mod task_14_misbehave;

/// Anything that can go wrong, with a text for the one who runs it.
pub(crate) type Failure = examples::roam::Failure;
