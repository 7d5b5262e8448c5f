//! What an OCPI session costs, and why.

pub mod bill;
mod compare;
mod engine;
mod error;
pub mod estimate;
mod fixed;
pub mod plan;
pub mod policy;
pub mod rounding;
pub mod usage;
mod zone;

pub use bill::Bill;
pub use compare::{Comparison, Difference};
pub use engine::Pricer;
pub use engine::moment::{Restriction, Verdict};
pub use error::PriceError;
pub use plan::Plan;
pub use policy::Policy;
pub use usage::Usage;
pub use zone::{UnknownZone, Zone};
