//! Response times of partners, by module.

mod stored;
mod times;

pub(crate) use times::Latencies;
pub use times::Latency;
