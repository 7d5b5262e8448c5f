//! A day with a partner that misbehaves: each fault by itself, and in pairs.

mod day;
mod demands;
mod lists;
mod ours;
mod pairs;
mod report;
mod singles;
#[cfg(feature = "socket")]
mod socket;
mod steps;
