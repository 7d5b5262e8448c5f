//! Registering with partners, and letting them register.
//!
//! The state machine is in `trust`; the files here read and store the record, send requests, and judge the statements
//! of partners. No lock is held during a request: if the record has changed meanwhile, the commit fails without effect.
//!
//! | File | Contents |
//! |---|---|
//! | `operator` | actions of the operator: invite, approve, forget … |
//! | `sender` | our POST and PUT, with repeats |
//! | `settle` | effect of the answer |
//! | `receiver` | a partner's requests to the credentials module |
//! | `call_back` | discovery of a partner's endpoints |
//! | `judge` | checks of a partner's statements against what is allowed |
//! | `hub_party` | the party of a hub, which its credentials name outside of the roles |
//! | `unsaid_roles` | roles of a partner of 2.1.1, whose credentials state none |
//! | `leave` | our DELETE |
//! | `lease` | exchange with a partner by one node at a time |
//! | `tick` | time-dependent work |

mod adopt;
mod call_back;
mod hub_party;
mod in_flight;
mod judge;
mod lease;
mod leave;
mod operator;
mod receiver;
mod sender;
mod settle;
mod tick;
mod unsaid_roles;

pub use adopt::Adopted;
pub(crate) use in_flight::InFlight;
pub use operator::Invitation;
pub use tick::TickReport;
