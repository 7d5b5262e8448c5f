//! Observation of requests, responses, failures, conversions, findings, late updates and odd results, as they happen.
//!
//! Router, client and platform report each [`Event`] to one [`Observe`]. An event names its [`Exchange`]: partner,
//! direction, version, endpoint and the *template* of the path. Events never contain full paths, queries, bodies or
//! tokens, because these identify drivers. An observer that needs them requests each [`Message`].
//!
//! | An exchange that a partner begins | One that we begin |
//! |---|---|
//! | [`RequestReceived`](EventKind::RequestReceived) | [`RequestSent`](EventKind::RequestSent) |
//! | [`Found`](EventKind::Found), [`Converted`](EventKind::Converted), [`Degraded`](EventKind::Degraded), [`Late`](EventKind::Late), [`Odd`](EventKind::Odd), [`OverQuota`](EventKind::OverQuota), [`OddResult`](EventKind::OddResult) | [`ResponseReceived`](EventKind::ResponseReceived), if one came |
//! | [`Failed`](EventKind::Failed), if it is refused | [`Found`](EventKind::Found), [`Converted`](EventKind::Converted) |
//! | [`ResponseSent`](EventKind::ResponseSent), or [`Abandoned`](EventKind::Abandoned) | [`Failed`](EventKind::Failed) or [`Abandoned`](EventKind::Abandoned), if there is no answer |
//!
//! ```
//! use std::sync::{Arc, Mutex};
//! use ocpi_types::observe::{Chain, Direction, Event, EventKind, Exchange, Failure, Observe, from_fn};
//!
//! let log = Arc::new(Mutex::new(Vec::new()));
//! let lines = Arc::clone(&log);
//! let observer = from_fn(move |event: &Event<'_>| {
//!     if let EventKind::Failed(failure) = &event.kind {
//!         lines.lock().unwrap().push(Chain(failure.error).to_string());
//!     }
//! });
//!
//! // Two observers stand in a tuple; this is what a router does.
//! let both = (observer, ());
//! let full = std::io::Error::other("no space left on device");
//! both.event(&Event::new(&Exchange::new(Direction::Inbound), EventKind::Failed(Failure::new(&full))));
//! assert_eq!(*log.lock().unwrap(), ["no space left on device"]);
//! ```
//!
//! The feature `tracing` provides the observer `Tracing`, the feature `metrics` the observer `Metrics`.

mod chain;
mod event;
mod exchange;
mod message;
#[cfg(feature = "metrics")]
mod metrics;
mod observer;
mod scope;
#[cfg(feature = "tracing")]
mod tracing;

pub use chain::Chain;
pub use event::{
    Answered, ConversionReport, Degraded, Event, EventKind, Failure, LateUpdate, NotLogged, OddResult,
    OddUpdate, OverQuota, PushTrouble,
};
pub use exchange::{Direction, Exchange, template};
pub use message::Message;
#[cfg(feature = "metrics")]
pub use metrics::Metrics;
pub use observer::{FromFn, Observe, Observer, from_fn};
pub use scope::{Scope, Scoped};
#[cfg(feature = "tracing")]
pub use tracing::Tracing;
