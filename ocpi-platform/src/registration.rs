//! Registering with partners, and letting them register.
//!
//! Whatever changes the tokens of a partner is written to the store before it is answered or used.

mod receiver;
mod sender;
