//! What an OCPI session costs, and why.

pub mod plan;

pub use plan::Plan;
