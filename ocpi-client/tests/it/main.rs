//! The crate as its users see it: no sockets, only requests and answers.

mod delivery;
mod detours;
mod errors;
mod handshake;
mod loopback;
mod options;
mod pace;
mod paging;
mod partners;
mod profile;
mod request;
mod response;
mod secrecy;
mod wire;
