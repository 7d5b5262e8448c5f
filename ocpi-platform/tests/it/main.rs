//! Whole platforms, joined by a net without sockets.

mod attacks;
mod chaos;
mod commands;
mod hand;
mod meanwhile;
mod observed;
mod pull;
mod quirks;
mod recovery;
mod registration;
mod rotation;
mod versions;
mod walks;
