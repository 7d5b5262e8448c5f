//! The ready transports over real sockets. Both keep to the same rules, so each test runs over both.
//!
//! They need features: `cargo test -p ocpi-client --features reqwest,ureq --test transports`, and the same with
//! `reqwest-no-tls,ureq-no-tls` for programs without TLS.
#![cfg(all(feature = "reqwest-no-tls", feature = "ureq-no-tls"))]

mod bodies;
#[cfg(any(feature = "rustls", feature = "native-tls"))]
mod canary;
mod discover;
#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
mod no_tls;
mod proxy;
mod redirects;
mod server;
mod times;
#[cfg(any(feature = "rustls", feature = "native-tls"))]
mod tls;
mod way;
