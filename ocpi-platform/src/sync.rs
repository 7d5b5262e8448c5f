//! Synchronization of copies with partners' lists: deltas, full lists, and removal of objects that full lists no longer
//! contain.

mod absent;
mod ending;
mod every;
mod health;
mod keep;
mod kinds;
mod known;
mod list_status;
mod look_up;
mod look_up_log;
mod options;
mod page;
mod run;
mod scans;
mod schedule;
mod state;
mod sync_error;
mod synced;
mod walk;

pub use every::Every;
pub use health::{ListHealth, PartnerHealth};
pub use keep::KeptLists;
pub use kinds::{KindList, SyncedKinds};
pub(crate) use known::KnownKinds;
pub use list_status::ListStatus;
pub(crate) use look_up_log::LookUps;
pub use options::{Extent, Sweep, SyncOptions};
pub(crate) use scans::Scans;
pub use sync_error::SyncError;
pub use synced::{Incomplete, RejectedItem, Synced};
