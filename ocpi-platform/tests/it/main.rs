//! Whole platforms, joined by a net without sockets.

mod attacks;
mod chaos;
mod hand;
mod meanwhile;
mod observed;
mod pull;
mod quirks;
mod recovery;
mod registration;
mod results;
mod rotation;
mod versions;
mod walks;
