//! Publishing, over a network without sockets, in a time that passes only where something waits.

mod cdrs;
mod leaving;
mod nodes;
mod regained;
mod requests;
mod rights;
mod slices;
mod storm;
mod troubles;
mod world;
