//! OCPI 2.1.1: one module per chapter of the specification.
//!
//! The files have the same names in every version, so the difference between two of them is the protocol's
//! own changelog. Types that did not change later stand in [`v2_2_1`](crate::v2_2_1) and are named here again.

pub mod cdrs;
pub mod commands;
pub mod credentials;
pub mod locations;
pub mod sessions;
pub mod tariffs;
pub mod tokens;
pub mod types;
pub mod versions;
