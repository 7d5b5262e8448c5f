//! The checks, by what they are about.

pub(crate) mod auth;
pub(crate) mod authorize;
pub(crate) mod bookings;
pub(crate) mod cdrs;
pub(crate) mod commands;
pub(crate) mod credentials;
pub(crate) mod http;
pub(crate) mod items;
pub(crate) mod journey;
pub(crate) mod lists;
pub(crate) mod parts;
pub(crate) mod patches;
pub(crate) mod payments;
pub(crate) mod profiles;
pub(crate) mod puts;
pub(crate) mod receivers;
pub(crate) mod registration;
pub(crate) mod results;
pub(crate) mod versions;
pub(crate) mod windows;
