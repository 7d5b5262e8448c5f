//! The state machine of a partner: its tokens, their rights, and the effect of every event on both.
//!
//! Everything here is a function from a [`Record`] and an event to the next record. There is no I/O, no clock and no
//! randomness: time and new tokens are parameters, and the caller stores the resulting record if the original one is
//! still the stored one. `models/registration.py` is the same machine; the tests in `replay` compare the two step by
//! step.
//!
//! | File | Contents |
//! |---|---|
//! | `record` | the record, its states and its tokens |
//! | `rights` | rights of each token in each state |
//! | `receiver` | a partner POSTs or PUTs its credentials, or uses a token |
//! | `sender` | we POST or PUT ours, and handle the answer |
//! | `ending` | DELETE in both directions, forgetting, approval |
//! | `due` | time-dependent work |

mod due;
mod ending;
mod hash;
mod receiver;
mod record;
mod rights;
mod sender;

pub(crate) use due::{Due, Terms};
pub(crate) use hash::{Hasher, TokenHash};
pub(crate) use receiver::{Accepted, Offer, Received};
pub use record::PartnerState;
pub(crate) use record::{Attempts, Contact, Exchange, Issued, Method, Record, Superseded, later};
pub(crate) use rights::Access;
#[cfg(test)]
pub(crate) use rights::TokenKind;
pub(crate) use sender::Verdict;

#[cfg(test)]
mod replay;
