//! The crate as its users see it: no sockets, only requests and answers.

mod crawl;
mod errors;
mod handshake;
mod loopback;
mod paging;
mod options;
mod profile;
mod request;
mod response;
mod secrecy;
mod wire;
