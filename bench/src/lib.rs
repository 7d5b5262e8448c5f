//! What reading and writing OCPI costs: this library beside its peers, over the same pages, in one run.

pub mod client;
pub mod contenders;
pub mod data;
pub mod ours;
pub mod pages;
pub mod plain;
pub mod pricing;
