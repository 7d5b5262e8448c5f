//! Registering with partners, and letting them register.
//!
//! Whatever changes the tokens of a partner is written to the store before it is answered or used. No message
//! that is lost and no refusal locks a partner out: until a new token is used, the old one is good too.

mod acceptance;
mod in_flight;
mod receiver;
mod sender;

pub(crate) use in_flight::InFlight;
