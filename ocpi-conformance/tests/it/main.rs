//! The suite against a correct server in all versions, and against the same one with faults.

mod active;
mod correct;
mod faults;
mod layer;
mod server;
mod stacks;
