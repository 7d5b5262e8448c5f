//! OCPI server: the traits that an application implements, and a router that does the rest.
//!
//! - [`Handle`] answers one endpoint; [`Objects`] answers all regular ones from a [`Store`].
//! - [`Router`] takes `http` requests and returns `http` responses. It knows the callers ([`PartnerDirectory`]), the owners, the
//!   envelope, the headers, the versions and the mounted endpoints. It is a `tower_service::Service`, so axum and
//!   hyper can use it directly.
//!
//! This crate opens no sockets. Clocks and timers are parameters; [`Clock::system`] and [`Timer::system`] are those of the
//! machine.
//!
//! ```
//! use std::sync::Arc;
//! use ocpi_server_traits::{Clock, Memory, Objects, Partner, PartnerDirectory, Router, StoreError};
//! use ocpi_types::v2_3_0::locations::Location;
//! use ocpi_types::{CredentialsToken, Version, protocol::Party};
//!
//! /// One partner, whose token is known.
//! struct OnePartner(CredentialsToken, Partner);
//!
//! impl PartnerDirectory for OnePartner {
//!     async fn find(&self, tokens: &[CredentialsToken]) -> Result<Option<Partner>, StoreError> {
//!         Ok(tokens.contains(&self.0).then(|| self.1.clone()))
//!     }
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let emsp = Partner::new("emsp".parse()?, [Party::new("DE", "EMP")?]);
//! let objects = Arc::new(Objects::new(Memory::new(), vec![Party::new("NL", "ALF")?]));
//! let now = "2026-11-22T10:00:00Z".parse()?;
//! let router = Router::builder("https://cpo.example/ocpi".parse()?, Clock::new(move || now))
//!     .version(Version::V2_3_0, |routes| {
//!         routes.sender::<Location>(&objects)
//!     })
//!     .build(OnePartner("secret".parse()?, emsp))?;
//! // axum::Router::new().fallback_service(router)
//! # Ok(()) }
//! ```
//!
//! # Features
//!
//! | Feature | Adds | Crates in the build |
//! |---|---|--:|
//! | (none, as by default) | the traits and the router | 66 |
//! | `conformance` | `conformance`: tests for authors of a [`Store`] | 66 |
//!
//! The crates are those of Linux on x86-64 with the versions in `Cargo.lock`, this one included. To count them:
//!
//! ```sh
//! cargo tree -p ocpi-server-traits --features conformance -e normal --prefix none --no-dedupe \
//!     --target x86_64-unknown-linux-gnu | sort -u | wc -l
//! ```
//!
//! # Router
//!
//! A route is a boxed closure over one `Handle<E>`, made when the endpoint is mounted. So objects from a store, the platform
//! and handlers of the application can be mixed in one version, and a missing `impl Handle<E>` is a compile error
//! that names the endpoint. [`Routes::sender`] and [`Routes::receiver`] mount an object with its parts, [`Routes::cpo`] and
//! [`Routes::emsp`] the modules of a role, [`Routes::on`] a single endpoint. An endpoint that a version does not have is not
//! mounted in it; an endpoint that is mounted twice, or in no version, makes [`RouterBuilder::build`] fail. The version details
//! advertise the endpoints that are mounted. URLs begin with the base that the router was built with, never with a header of
//! the request; [`Layout`] says how they go on. In 2.1.1 the two interfaces of a module have one URL: requests are told apart
//! by method and path, and where both would do, by whether the path names a party of the caller.
//!
//! The router identifies the caller before it reads a body, and reads the body up to a size and for a time ([`RequestLimits`]).
//! Before the handler runs it asks the endpoint for its owner and whether it
//! contradicts itself: ownership, equal ids in URL and body, and the time of a PATCH are checked in one place for all
//! endpoints.
//!
//! # Observation
//!
//! [`RouterBuilder::observe`] takes an [`Observe`](ocpi_types::observe::Observe). It gets every request, including those that
//! are refused because of their token, path, method or size, whose body breaks off, or whose client has gone away; the cause
//! of each refusal with all its sources, which the partner never sees; and deviations, conversions, broken documents that
//! were left out of a page, and updates that came too late. The crate `ocpi-types` has observers for
//! the crates `tracing` and `metrics`, as features.
//!
//! # Storage
//!
//! A [`Store`] keeps documents by collection, owner and key: the module [`storage`] has its contract, and [`Memory`] is
//! one. [`Objects`] adds types, the parts of an object (the `last_updated` of Location and EVSE rise with that of a part),
//! and the order of updates: PUT, PATCH and DELETE of a partner are taken by [`Objects::take`], member by member. Members
//! that are newer than the update stay; the answer is still a success, the router's observer hears of it, and the
//! object is among the [`Objects::doubts`] until its owner has been asked ([`Objects::answer`]). See [`mod@order`] for the
//! rule. A PATCH changes the EVSEs and Connectors that it lists and removes none.
//!
//! A document stands in a *list*: that of its owner for everybody, or that of its owner for one party (Sessions and CDRs
//! are for the eMSP whose token was used, invoice reconciliation records for the party that they are published for; lists,
//! totals and single objects leave out those for others). Its *format* is the version whose type wrote it; a type of
//! another version does not read it. Documents are read without the limits on bytes, strings, members and elements that
//! messages have: an accepted object can always be read again. The URL of a next page has an offset and a cursor: a client
//! that follows it misses nothing, even if the list changes in the meantime.
//!
//! # Other versions
//!
//! Handlers are written in the types of one version; bodies are converted where they are read and written. An object of
//! a page that the version of the partner cannot express is left out. An object that the partner sends and that cannot
//! be expressed in the version of the handler is refused. Losses reach the application with [`Caller::ledger`] and
//! [`RouterBuilder::observe`], and, with [`RouterBuilder::report_losses_to_partner`], the partner in `status_message`: places
//! and rules, no values. A Session of 2.1.1 embeds its Location, which [`Locations`] looks up before the answer is
//! written, because converting does no I/O.

mod caller;
mod caller_builder;
mod error;
mod error_data;
mod handle;
mod locations;
mod objects;
mod observed;
pub mod order;
mod page;
mod permissions;
mod rate;
mod router;
pub mod storage;

pub use caller::{Caller, Partner, PartnerDirectory};
pub use caller_builder::CallerBuilder;
pub use error::{Error, ErrorKind};
pub use handle::Handle;
pub use locations::Locations;
pub use objects::{
    All, Alongside, BookingAsk, BookingDecision, BookingDesk, Bookings, BoundingBox, Broken, Cause, CdrRules,
    CdrVerdict, ChangeBatch, ChangeReader, Changed, Disposal, FeedPlace, Found, GONE, HasCoordinates,
    HasStatus, HubClients, InDoubt, KeptCopy, MarkedChange, Marks, ObjectQuery, Objects, Payments, Published,
    QueryError, Quota, QuotaUsedUp, Quotas, Step, TerminalDesk, Usage, owned_at,
};
pub use ocpi_types::{Clock, Rate, Timer};
pub use permissions::Permissions;
pub use rate::RateCounter;
pub use router::{
    Admitted, InFlight, Layout, MountedEndpoint, ReceiverInterface, RemoteAddress, RequestLimits,
    ResponseBody, Router, RouterBuilder, RouterError, Routes, SenderInterface,
};
pub use storage::{AnyStore, Memory, Store, StoreError};

#[cfg(feature = "conformance")]
pub mod conformance;
