//! 2.2.1 and 2.3.0.

mod cdrs;
mod credentials;
mod locations;
mod money;
mod sessions;
mod tariffs;
