//! Whole platforms, joined by a net without sockets.

mod attacks;
mod authorize;
mod both_roles;
mod calls;
mod chaos;
mod chargers;
mod desks;
mod deviations;
mod hand;
mod handlers;
mod meanwhile;
mod observed;
mod partners;
mod profile;
mod pull;
mod pull_with;
mod recovery;
mod registration;
mod results;
mod rotation;
mod versions;
mod walks;
