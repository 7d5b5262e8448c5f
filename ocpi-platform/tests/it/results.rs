//! Requests whose results come later: as they should, or not.

mod answers;
mod failures;
mod limits;
mod profiles;
mod restart;
mod routing;
mod strays;
mod versions;
mod waiting;
mod world;

pub(crate) use world::noting;
