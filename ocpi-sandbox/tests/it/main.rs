//! The life of the sandbox in simulated time, without sockets.

#![allow(clippy::unwrap_used, reason = "a test may panic, and so may what several tests share")]

mod authorization;
mod bookings;
mod commands;
mod day;
mod pricing;
mod seeding;
mod town;
mod transcript;
