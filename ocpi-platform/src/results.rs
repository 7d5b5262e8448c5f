//! Asynchronous requests, whose result comes later: commands, and requests about charging profiles.
//!
//! | File | Contents |
//! |---|---|
//! | `kind`, `request` | the kinds of requests, with the types of their answers and results |
//! | `entry` | life cycle of a stored request, without I/O |
//! | `open_requests` | entries in the store: one document each, changed in transactions |
//! | `waiters` | the handles of this process, woken when a result arrives here |
//! | `ask`, `commands`, `profiles` | sending |
//! | `arrive` | results posted by partners |
//! | `awaited`, `outcome`, `pending` | the handle, and its recovery after a restart |

mod arrive;
mod async_request;
mod commands;
mod entry;
mod id;
mod immediate_answer;
mod kind;
mod limits;
mod open_requests;
mod outcome;
mod pending;
mod pending_result;
mod profiles;
mod request;
mod stored;
mod target;
mod waiters;

pub use async_request::AsyncRequestBuilder;
pub use id::{ResultId, ResultIdError};
pub use immediate_answer::ImmediateAnswer;
pub use kind::RequestKind;
pub use limits::ResultLimits;
pub use outcome::Outcome;
pub use pending::PendingRequest;
pub use pending_result::PendingResult;
pub use request::AsyncRequest;
pub use target::Target;

pub(crate) use open_requests::OpenRequests;
pub(crate) use request::AsyncResult;
