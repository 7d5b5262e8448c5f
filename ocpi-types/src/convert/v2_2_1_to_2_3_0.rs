//! Conversion between 2.2.1 and 2.3.0.

mod cdrs;
mod credentials;
mod locations;
mod money;
mod sessions;
pub(super) mod tariffs;

pub(super) use credentials::of_2_2_1 as credentials_of_2_2_1;
