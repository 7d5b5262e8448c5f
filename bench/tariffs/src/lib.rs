//! Pricing beside `ocpi-tariffs`, an engine by others, in a workspace of its own.

#[path = "../../src/pricing/data.rs"]
pub mod data;
pub mod engines;
pub mod explain;
pub mod made_up;
pub mod report;
pub mod shown;
