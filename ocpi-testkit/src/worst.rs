//! Partners that misbehave, with faults to choose.

mod answer;
mod commands;
mod deviation;
mod deviations;
mod expected;
mod fault;
mod layer;
mod log;
mod partner;
mod plan;
mod seeds;
mod setup;
#[cfg(feature = "socket")]
mod start;
mod visit;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub use expected::{Expected, Step};
pub use fault::Fault;
pub use layer::{FaultLayer, UnfitFault};
pub use partner::{Stray, WorstPartner, WorstTransport};
pub use setup::{WorstPartnerSetup, cpo, cpo_and_emsp, emsp};

pub(crate) use answer::Answer;
pub(crate) use deviation::Deviation;

/// Locks what stays whole if a test panics while it holds it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
