//! Conversion between 2.1.1 and 2.2.1.

mod cdrs;
mod commands;
mod credentials;
mod embedded;
mod locations;
mod sessions;
mod tariffs;
mod tokens;
mod versions;

pub(super) use commands::result_of_2_1_1;
pub(super) use versions::cpo_sends;
