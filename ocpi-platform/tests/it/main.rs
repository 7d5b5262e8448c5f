//! Whole platforms, joined by a net without sockets.

mod attacks;
mod both_roles;
mod chaos;
mod hand;
mod meanwhile;
mod observed;
mod partners;
mod profile;
mod pull;
mod recovery;
mod registration;
mod results;
mod rotation;
mod versions;
mod walks;
