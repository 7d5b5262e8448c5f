//! Registering with partners, and letting them register.
//!
//! The state machine is in `trust`; here is what surrounds it: reading and storing the record, sending requests, the
//! judgement of what partners say. No lock is held while a request is under way: a record that changed meanwhile makes
//! the commit fail, and nothing has happened.
//!
//! | File | Has |
//! |---|---|
//! | `operator` | what the operator says: invite, approve, forget … |
//! | `sender` | our POST and PUT, with their repeats |
//! | `settle` | what the answer does |
//! | `receiver` | a partner's requests to the credentials module |
//! | `call_back` | the look at a partner's endpoints |
//! | `judge` | what is allowed of what a partner says |
//! | `hub_party` | the party of a hub, which its credentials name beside the roles |
//! | `unsaid_roles` | roles of a partner of 2.1.1, whose credentials name none |
//! | `leave` | our DELETE |
//! | `lease` | one node at a time that sends to a partner |
//! | `tick` | what time does |

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
