//! The stores as their users see them.

#![allow(clippy::unwrap_used, reason = "a test may panic, and so may what several tests share")]

mod choice;
mod conformance;
mod differential;
mod erasure;
mod files;
mod groups;
mod kill;
mod many;
mod migration;
#[cfg(feature = "postgres")]
mod postgres;
mod queries;
mod queue;
mod support;
mod texts;
mod wake;
