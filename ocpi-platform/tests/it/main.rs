//! Whole platforms, joined by a net without sockets.

mod commands;
mod hand;
mod pull;
mod quirks;
mod registration;
mod rotation;
mod versions;
