//! Partners that misbehave, with faults to choose.

mod answer;
mod commands;
mod deviation;
mod deviations;
mod expected;
mod fault;
mod layer;
mod partner;
mod plan;
mod seeds;
mod setup;
#[cfg(feature = "socket")]
mod start;
mod visit;

pub use expected::{Expected, Step};
pub use fault::Fault;
pub use partner::{Stray, WorstPartner, WorstTransport};
pub use setup::{WorstPartnerSetup, cpo, cpo_and_emsp, emsp};

pub(crate) use answer::Answer;
pub(crate) use deviation::Deviation;
