//! The store as its users see it.

#![allow(clippy::unwrap_used, reason = "a test may panic, and so may what several tests share")]

mod conformance;
mod documents;
mod files;
mod many;
#[cfg(feature = "postgres")]
mod postgres;
mod support;
mod writes;
