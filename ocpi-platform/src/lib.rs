//! A running OCPI platform, built from the client, the router and a store.
//!
//! A [`Platform`] knows its own parties and its partners. It registers with partners and lets them register, stores the
//! objects that they push, pulls their lists, pushes its own objects, sends commands and charging profiles, and waits for the
//! results.
//!
//! ```
//! use std::sync::Arc;
//! use ocpi_client::Transport;
//! use ocpi_platform::{Platform, Settings};
//! use ocpi_server_traits::{Memory, Router};
//! use ocpi_types::v2_3_0::locations::Location;
//!
//! /// An eMSP that takes Locations at all three levels.
//! async fn emsp<T: Transport + 'static>(
//!     settings: Settings,
//!     http: T,
//! ) -> Result<Router, Box<dyn std::error::Error>> {
//!     let platform = Arc::new(Platform::open(settings, Memory::new(), http).await?);
//!     let objects = platform.objects();
//!     Ok(platform.router(|routes| routes.receiver::<Location>(objects))?)
//! }
//! ```
//!
//! # Registration
//!
//! An operator [invites](Platform::invite) a partner, or [registers](Platform::register) with one, and names in
//! [`Allow`] the parties and hosts that it expects; anything beyond that is refused or waits for
//! [`Platform::approve`], as [`Hooks::on_credentials`] decides.
//!
//! ```
//! use ocpi_client::Transport;
//! use ocpi_platform::{Allow, Error, PartnerState, Platform};
//! use ocpi_server_traits::Store;
//! use ocpi_types::protocol::Party;
//! use ocpi_types::{CredentialsToken, Url};
//!
//! /// Registers with a CPO that gave us its URL and a token.
//! async fn register<S: Store, T: Transport>(
//!     emsp: &Platform<S, T>,
//!     versions: Url,
//!     token_a: CredentialsToken,
//! ) -> Result<(), Box<dyn std::error::Error>> {
//!     let allow = Allow::default().party(Party::new("NL", "ALF")?);
//!     let cpo = emsp.register("cpo", versions, token_a, allow).await?;
//!     assert_eq!(cpo.state, PartnerState::Registered);
//!     // Now and then:
//!     emsp.rotate("cpo").await?;
//!     // Every few seconds, from one process or several:
//!     emsp.tick().await?;
//!     Ok(())
//! }
//! ```
//!
//! | [`PartnerState`] | Means | Open to the partner |
//! |---|---|---|
//! | `Invited` | we gave it token A | versions and POST credentials, until the invitation ends |
//! | `Registering` | we sent it our credentials | versions and credentials, with the token that we offered |
//! | `Registered` | both directions work | the modules that its roles may use ([`Permissions`]) |
//! | `Pending` | credentials are exchanged, the operator has not approved | versions and credentials |
//! | `Leaving` | our DELETE has not been delivered yet | DELETE credentials |
//! | `Left` | over; its parties stay reserved | nothing |
//!
//! A replaced token is accepted only for an exact repeat of the request that replaced it, and only until the new token is
//! used or ten minutes have passed; so both sides use a new token at once. The token that a partner uses shows which one it
//! has: all its other tokens are revoked then. An exchange that we began is stored before anything is sent, and the same
//! request is repeated until it is answered, also after a crash: [`Platform::tick`] does that. A token that a partner gives us
//! is stored before its answer is judged, so that a registration that we refuse can be undone with a DELETE.
//!
//! Of several nodes on one store, one at a time sends credentials to a partner, under a lease of 6 seconds that it makes longer while
//! it waits. Others are told so: a call fails with an error that [is busy](Error::is_busy), a tick
//! [skips](TickReport::skipped) the partner. If the node dies, another one goes on when the lease has ended. Requests of partners
//! do not wait for it.
//!
//! If a partner that follows the specification strictly has committed the exchange but its answer is lost, repeating does not
//! help: the partner has already revoked the old token. It is marked as suspect ([`PartnerStatus::is_suspect`],
//! [`Hooks::on_suspect`]); a PUT from its side repairs the registration, and if none comes, [`Platform::resume_with`] continues
//! with a new token A.
//!
//! # Partners in the store
//!
//! The rights of a token are read from the store in each request: the index of tokens (once, then it is known) and the
//! record of the partner. So a token that one process revokes is refused by all others from their next request on. Records
//! change by compare and swap; no lock is held while a partner is called. Tokens that we issue are stored as hashes; tokens
//! that we have to send, and URLs of partners that may contain a secret, can be encrypted ([`Settings::seal`]): the feature
//! `seal` has `SealKeys` for that. A party belongs to one partner, in all processes; after a partner has left, its parties stay
//! reserved until [`Platform::release`].
//!
//! [`UrlPolicy`] says to which URLs of partners requests may go: by default only to https URLs, and to no address of a
//! private or local network. It examines the text of the URL; the transport has to check what a host name resolves to.
//!
//! # Requests to partners
//!
//! [`Platform::send`] sends any request, [`Platform::pull`] fetches and stores a list. [`Platform::send_with`] takes the
//! [`RequestOptions`](ocpi_client::RequestOptions) of the client: parties, ids, a deadline. [`Platform::pull_with`] takes
//! [`PullOptions`]: since when, how much, from whom, and from where to go on. A partner gets no more requests in a time than
//! its profile or [`Settings::rate`] says: those beyond it wait. A request that failed for a temporary reason is sent again as
//! [`Settings::retry`] says, if it may be repeated.
//!
//! Deviations of a partner are counted, stored with it, and shown in [`PartnerStatus::deviations`], for all processes and
//! after a restart. A request stores only deviations that the process has not stored before; [`Platform::tick`] stores the
//! counts once an hour.
//!
//! # Publishing
//!
//! [`Platform::publish`], [`Platform::patch`] and [`Platform::withdraw`] store our own objects, and send nothing. The push
//! engine, in [`Platform::run`] or [`Platform::tick`], sends them to each partner that may see them, until it has the newest
//! state:
//!
//! ```
//! use std::sync::Arc;
//! use ocpi_client::Transport;
//! use ocpi_platform::{Error, Platform};
//! use ocpi_server_traits::Store;
//! use ocpi_types::endpoint::RootResource;
//! use ocpi_types::v2_3_0::locations::{Location, LocationPatch};
//!
//! async fn opens<S: Store, T: Transport + 'static>(
//!     cpo: Arc<Platform<S, T>>,
//!     location: Location,
//! ) -> Result<(), Error> {
//!     let at = location.identity();
//!     cpo.publish(location).await?;
//!     cpo.patch::<Location>(&at, LocationPatch { publish: true.into(), ..LocationPatch::default() }).await?;
//!     // It lives as long as the program does.
//!     tokio::spawn(async move { cpo.run(std::future::pending()).await });
//!     Ok(())
//! }
//! ```
//!
//! | Question | Answer |
//! |---|---|
//! | who gets an object | partners whose roles may fetch the module and that offer its Receiver interface; an object with an audience goes only to those that it is for |
//! | the request | the smallest: the status of an EVSE as a PATCH of it, new charging periods as a PATCH of the Session, more than three parts as a PUT of the whole |
//! | changes while an object waits | it keeps its place, and is sent once, in its newest state |
//! | a request without an answer | the whole object is put, and once more a minute later: the first may arrive late |
//! | 429, 5xx, 3xxx | sent again after a random wait of up to 5 minutes, or as `Retry-After` says |
//! | a PATCH that is refused | the whole object is put; after three, for a day ([`UsePatch`]) |
//! | a PUT that is refused | kept in [`Deliveries::dead`], and holds up nothing; a newer change is sent |
//! | five failures in a row, or a token that is not known | pushes to the partner pause, and it is asked for its versions now and then |
//! | a new partner | is sent what changes from then on, and fetches the rest; or everything ([`PartnerPush::full_push`]) |
//! | CDRs, invoice reconciliation records | are messages that are written with the object, and are posted until they are answered; where the partner has a CDR is kept ([`Deliveries::place_of`]) |
//! | several nodes | a partner is served by one of them, under a lease of 6 seconds |
//!
//! The observer hears of trouble as a [`Push`](ocpi_types::observe::EventKind::Push): `push.dead`, `push.delivered_before` (a CDR that
//! was there already), `push.breaker_opened`, `push.breaker_closed` and `push.passed_over`.
//!
//! # Changes
//!
//! Every write of an object, by a push, a sync, a look-up or the application, appears in the change feed of the store.
//! [`Platform::react`] calls a handler for each change: the object as it is now, the parts and members that changed, and who
//! changed it.
//!
//! ```
//! use ocpi_client::Transport;
//! use ocpi_platform::Platform;
//! use ocpi_server_traits::Store;
//! use ocpi_types::v2_3_0::sessions::Session;
//!
//! fn bill<S: Store, T: Transport>(emsp: &Platform<S, T>) {
//!     emsp.react::<Session, _>("billing", async |change| {
//!         if let Some(session) = change.now {
//!             println!("{}: {} kWh, {:?}", session.id, session.kwh, change.by);
//!         }
//!         Ok(()) // at least once; its position is kept under the name
//!     });
//! }
//! ```
//!
//! A closure that captures a value passes a clone of it to each call: `move |change| { let db = db.clone(); async move { … } }`.
//! The position of a reactor is stored under its name: it continues after a restart, and only one of several nodes runs it at
//! a time. A change whose handler fails is tried again; a change that fails again and again is set aside ([`Reaction`],
//! [`Platform::set_aside`]), so that it does not hold up all others. [`Platform::changes`] is the same as a stream, with
//! positions that the application keeps itself, and [`ServerSentEvents`] brings it to a page. A state that was replaced before
//! it was read is skipped: for a rule that needs every step, before and after, use a [guard](Platform::guard), which runs
//! inside the write and may refuse it.
//!
//! # Keeping copies up to date
//!
//! Nobody notices a push that is lost, so lists have to be fetched again and again. [`Platform::keep`] does that on a schedule,
//! [`Platform::sync`] once.
//!
//! ```
//! use ocpi_client::Transport;
//! use ocpi_platform::{Error, Every, Platform};
//! use ocpi_server_traits::Store;
//! use ocpi_types::v2_3_0::{locations::Location, tariffs::Tariff};
//!
//! async fn copy<S: Store, T: Transport>(emsp: &Platform<S, T>) -> Result<(), Error> {
//!     emsp.keep::<(Location, Tariff)>("cpo", Every::hour()).await?;
//!     // Every few seconds:
//!     emsp.tick().await?;
//!     Ok(())
//! }
//! ```
//!
//! - A delta asks for what changed since a watermark in the partner's time, with an overlap. A whole list is followed by a delta
//!   at once, for what changed while it was read.
//! - The cursor is stored with each page: if a process dies, the next one continues there.
//! - Copies of Locations and Tariffs that two complete lists in a row do not contain are removed. A list that may be incomplete
//!   removes nothing, and if more than 20 percent and more than 10 objects are missing, they are kept until an operator decides
//!   ([`Sweep`], [`Synced::held`]).
//! - Objects that a partner's messages leave in doubt are fetched from the partner ([`Platform::look_ups_due`]).
//! - [`Platform::health`] returns the age of each list.
//!
//! # Commands and charging profiles
//!
//! A partner answers a command at once, and posts its result later, to the `response_url` of the command.
//! [`Platform::start_session`] and its siblings return an [`AsyncRequestBuilder`], which sends the command when it is awaited and gives an
//! [`PendingResult`]: the partner's immediate answer, and [`result`](PendingResult::result), which ends at the partner's
//! `timeout` and a grace at the latest. [`Platform::ask`] sends requests with more members. Each takes
//! [`options`](AsyncRequestBuilder::options): a party behind a hub, or a deadline. Results arrive at the endpoints of
//! [`Platform::mount_results`].
//!
//! A request is in the store before it is sent, so a result is not lost in a restart: [`Platform::pending`] lists what is
//! awaited, [`Platform::result_of`] makes a handle again. The outcome is decided once, in one transaction, and never changes. The
//! observer hears of an unexpected result as an
//! [`OddResult`](ocpi_types::observe::EventKind::OddResult):
//!
//! | Rule | The result | Answered |
//! |---|---|---|
//! | `result.late` | came after the time-out; it is kept ([`PendingResult::late_result`]) | success |
//! | `result.repeated` | came before, the same | success |
//! | `result.changed` | differs from one that came before | 2001 |
//! | `result.not_due` | follows a refusal or an error | 404 |
//! | `result.foreign` | comes from another partner than was asked | 404 |
//! | `result.mismatch` | is of another kind than the request | 404 |
//! | `result.unknown` | belongs to no request, or to one that is forgotten | 404 |
//! | `result.missing` | did not come in time | – |
//!
//! Only one kind of second result is expected, the cancellation of a reservation: [`PendingResult::canceled`].
//!
//! # Charge points
//!
//! A CPO implements [`Chargers`], and mounts it by [`Platform::mount_cpo`]; what it does not implement is answered with
//! `NOT_SUPPORTED`. [`SmartCharging`] has charging profiles and preferences. The platform judges requests, answers at once,
//! recognizes the same one again, and posts the result, also over a line that fails and after a restart
//! ([`Platform::tick`]). A request is stored before the charge point hears of it; one whose process ended has failed.
//! Long-running work continues in the background: [`Settings::spawn`].
//!
//! # Authorization
//!
//! An eMSP decides in real time whether a driver may charge by an [`Authorizer`], which [`Platform::mount_emsp`] mounts.
//!
//! # Hubs, payments and bookings
//!
//! [`Platform::hub_clients`], [`Platform::payments`] and [`Platform::bookings`] give handlers to mount, over the platform's
//! objects. [`Platform::is_reachable`] says whether a party behind a hub can be reached; [`Platform::pull_clients`] and
//! [`Platform::pull_payments`] fetch lists.
//!
//! # Drivers' data
//!
//! [`Platform::driver`] exports or erases all data about a driver: objects, waiting messages, and records about them. Data that
//! cannot be erased at once is erased by later ticks: our own Token once partners know that it is no longer valid, a CDR once
//! its eMSP has it, a tombstone once reactors have seen it. So an erasure loses nothing and sends nothing twice, and readers of
//! the feed need not start over, except those that were away for seven days: such a reactor gets every object of its kind
//! again, and a [`ChangeStream`] that had not reached the deletion gets an [`Error::ChangesPurged`] and then every object.
//! [`Platform::retain`] sets how long objects about drivers are kept.
//!
//! # Messages
//!
//! [`Settings::messages`] switches a log of messages on: requests of both directions with their answers, without tokens and without
//! drivers, kept for days in the store. [`Platform::messages`] looks for them.
//!
//! # Clock and random numbers
//!
//! [`Settings::new`] uses the clock and timer of the machine and the random numbers of the operating system; tests can replace
//! them, because they are fields.

mod acquaintance;
mod authorize;
mod changes;
mod chargers;
mod desks;
mod directory;
mod documents;
mod error;
mod holding;
mod hooks;
mod latency;
mod learning;
mod limits;
mod lines;
mod messages;
mod partner;
mod party;
mod platform;
mod privacy;
mod pull;
mod push;
mod registration;
mod results;
#[cfg(feature = "seal")]
mod seal_keys;
mod sealed;
mod secure_random;
mod settings;
mod spawn;
mod status;
mod sync;
mod trust;
mod turns;

pub use authorize::{Authorization, Authorizer};
pub use changes::{ChangeStream, Reacted, Reaction, ServerSentEvents, SetAside};
pub use chargers::{ChargerRequest, Chargers, SmartCharging};
pub use directory::{Allow, Seal};
pub use error::Error;
pub use hooks::{ApprovalRequest, Decision, Hooks, Suspicion};
pub use latency::Latency;
pub use limits::Limits;
pub use messages::{
    FoundMessages, LoggedBody, LoggedMessage, LoggedResponse, MessageLog, MessageQuery, Messages,
};
pub use ocpi_client::{Deviation, UrlPolicy, UrlRefused, UrlRule};
pub use ocpi_server_traits::Permissions;
pub use platform::Platform;
pub use privacy::{
    Driver, DriverData, DriverExport, DriverRecord, ErasureReport, ErasureScope, PostponedDocument,
    Retention, WaitsFor,
};
pub use pull::{PullError, PullOptions, PullProgress, Pulled};
pub use push::{
    AfterLong, Deliveries, DeliveryId, Lag, PartnerPush, PushSettings, QueuedDelivery, Refusal, UsePatch,
};
pub use registration::{Adopted, Invitation, TickReport};
pub use results::{
    AsyncRequest, AsyncRequestBuilder, ImmediateAnswer, Outcome, PendingRequest, PendingResult, RequestKind,
    ResultId, ResultIdError, ResultLimits, Target,
};
#[cfg(feature = "seal")]
pub use seal_keys::SealKeys;
pub use secure_random::SecureRandom;
pub use settings::Settings;
pub use spawn::Spawn;
pub use status::PartnerStatus;
pub use sync::{
    Every, Extent, Incomplete, KeptLists, KindList, ListHealth, ListStatus, PartnerHealth, RejectedItem,
    Sweep, SyncError, SyncOptions, Synced, SyncedKinds,
};
pub use trust::PartnerState;

use party::party_of;
