//! A running OCPI platform, put together from the client, the router and a store.
//!
//! A [`Platform`] knows its own parties and its partners. It registers with them and lets them register, keeps the
//! objects that they push, pulls the objects that they have, pushes its own, sends commands and charging profiles, and awaits their
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
//! [`Allow`] the parties and hosts that it expects; what the partner says beyond that is refused or waits for
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
//! | `Leaving` | our DELETE is to be delivered | DELETE credentials |
//! | `Left` | over; its parties stay reserved | nothing |
//!
//! A token that was replaced is good for nothing but the exact repeat of the request that replaced it, until the new one is
//! used or ten minutes are over; so both sides use a new token at once. What a partner uses shows what it holds: all its
//! other tokens die then. An exchange that we began is stored before anything is sent, and the same request is repeated
//! until it is answered, also after a crash: [`Platform::tick`] does that. A token that a partner gives us is stored before
//! its answer is judged, so that what we refuse can be taken back by a DELETE.
//!
//! Where a partner that keeps to the letter has committed and its answer is lost, no repeat can help: it has killed the old
//! token. It becomes suspect ([`PartnerStatus::is_suspect`], [`Hooks::on_suspect`]), its own PUT is taken, and if that does
//! not come, [`Platform::resume_with`] goes on with a new token A.
//!
//! # Partners in the store
//!
//! The rights of a token are read from the store in each request: the index of tokens (once, then it is known) and the
//! record of the partner. So what one process revokes is dead in all at their next request. Records change by compare and
//! swap; no lock is held while a partner is called. Tokens that we issue are stored as hashes, those that have to be sent
//! can be sealed ([`Settings::seal`]), and URLs of partners that may have a secret in them, too; the feature `seal` has
//! `SealKeys` for that. A party belongs to one partner, in all
//! processes; who leaves keeps it reserved until [`Platform::release`].
//!
//! [`UrlPolicy`] says to which URLs of partners requests may go: by default only to https URLs, and to no address of a
//! private or local network. It looks at texts; what a name resolves to is the transport's to look at.
//!
//! # Requests to partners
//!
//! [`Platform::send`] sends any request, [`Platform::pull`] fetches and stores a list. [`Platform::send_with`] takes the
//! [`RequestOptions`](ocpi_client::RequestOptions) of the client: parties, ids, a deadline. [`Platform::pull_with`] takes
//! [`PullOptions`]: since when, how much, from whom, and from where to go on. A partner gets no more requests in a time than
//! its profile or [`Settings::rate`] says: those beyond it wait. What failed for a reason that may pass is sent again as
//! [`Settings::retry`] says, if it may be.
//!
//! Deviations of a partner are counted, stored with it, and shown in [`PartnerStatus::deviations`], for all processes and
//! after a restart. Of them a request writes only those that the process has not stored before; numbers follow once in an
//! hour, by [`Platform::tick`].
//!
//! # Publishing
//!
//! [`Platform::publish`], [`Platform::patch`] and [`Platform::withdraw`] store what is ours, and send nothing. A platform that
//! [runs](Platform::run), or [ticks](Platform::tick), tells each partner that may see it, until the partner has the newest state:
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
//! | What | How |
//! |---|---|
//! | who is told | partners whose roles may fetch the module, that offer the Receiver interface of it, and that an object with an audience is for |
//! | the request | the smallest: the status of an EVSE as a PATCH of it, new charging periods as a PATCH of the Session, more than three parts as a PUT of the whole |
//! | state is not queued | what changes while it waits is sent once, as it is then; what waits keeps its place |
//! | a request without an answer | the whole object is put, and once more a minute later: the first may arrive late |
//! | 429, 5xx, 3xxx | waits by chance up to 5 minutes, or as `Retry-After` says |
//! | a PATCH that is refused | the whole object is put; after three, for a day ([`UsePatch`]) |
//! | a PUT that is refused | is kept ([`Deliveries::dead`]), and holds up nothing; a newer change is sent |
//! | five failures in a row, or a token that is not known | the partner is left alone, and asked for its versions now and then |
//! | a new partner | is sent what changes from then on, and fetches the rest; or everything ([`PartnerPush::full_push`]) |
//! | CDRs, invoice reconciliation records | are messages that are written with the object, and are posted until they are answered; where the partner has a CDR is kept ([`Deliveries::place_of`]) |
//! | several nodes | a partner is served by one of them, under a lease of 6 seconds |
//!
//! The observer hears of trouble as a [`Push`](ocpi_types::observe::EventKind::Push): `push.dead`, `push.delivered_before` (a CDR that
//! was there already), `push.breaker_opened`, `push.breaker_closed` and `push.passed_over`.
//!
//! # Changes
//!
//! Whatever stores an object, a push, a sync, a look-up or the application, moves it in the change feed of the store.
//! [`Platform::react`] tells a handler of each change: the object as it is now, the parts and members that changed, and who
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
//! A closure that has something of its own gives each call a clone: `move |change| { let db = db.clone(); async move { … } }`.
//! The place of a reactor is in the store, under its name: it goes on after a restart, and of several nodes one runs it at a
//! time. An error is tried again; a change that fails again and again is set aside ([`Reaction`], [`Platform::set_aside`]), so
//! that it does not hold up all others. [`Platform::changes`] is the same as a stream, with positions that the application keeps
//! itself, and [`ServerSentEvents`] brings it to a page. States that were replaced before they were read are not told: a rule
//! that needs each step, before and after, is a [guard](Platform::guard), which runs inside the write and may refuse it.
//!
//! # Copies that stay right
//!
//! A push that is lost leaves no gap that anybody could see, so lists are fetched again and again. [`Platform::keep`] does it by
//! a schedule, [`Platform::sync`] once.
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
//! - The place in a list is stored with each page: a process that dies is followed by one that goes on there.
//! - Copies that two complete lists in a row do not have are removed, Locations and Tariffs only. A list of which it is not sure
//!   that it is complete removes nothing, and more than 20 percent and 10 objects are kept until an operator says so
//!   ([`Sweep`], [`Synced::held`]).
//! - What a partner's messages leave in doubt is asked for at the partner ([`Platform::look_ups_due`]).
//! - [`Platform::health`] says how old which list is.
//!
//! # Commands and charging profiles
//!
//! A command is answered at once, and its result comes later, to a URL that came with it. [`Platform::start_session`] and its
//! like return an [`Awaited`]: the partner's immediate answer, and [`result`](Awaited::result), which ends at the partner's
//! `timeout` and a grace at the latest. [`Platform::ask`] sends requests with more members. Each takes
//! [`options`](Ask::options): a party behind a hub, or a deadline. Results arrive at the endpoints of
//! [`Platform::mount_results`].
//!
//! A request is in the store before it is sent, so a result is not lost in a restart: [`Platform::pending`] lists what is
//! awaited, [`Platform::result_of`] makes a handle again. The outcome is decided once, in one transaction, and never changes. A
//! result that is odd is told to the observer, as an
//! [`OddResult`](ocpi_types::observe::EventKind::OddResult):
//!
//! | Rule | The result | Answered |
//! |---|---|---|
//! | `result.late` | came after the time-out; it is kept ([`Awaited::late_result`]) | success |
//! | `result.repeated` | came before, the same | success |
//! | `result.changed` | differs from one that came before | 409 |
//! | `result.not_due` | follows a refusal or an error | 404 |
//! | `result.foreign` | comes from another partner than was asked | 404 |
//! | `result.mismatch` | is of another kind than the request | 404 |
//! | `result.unknown` | belongs to no request, or to one that is forgotten | 404 |
//! | `result.missing` | did not come in time | – |
//!
//! The cancellation of a reservation is the one second result that is as it should be: [`Awaited::canceled`].
//!
//! # Charge points
//!
//! A CPO implements [`Chargers`], and mounts it by [`Platform::mount_cpo`]; what it does not implement is answered with
//! `NOT_SUPPORTED`. [`SmartCharging`] has charging profiles and preferences. The platform judges requests, answers at once,
//! recognizes the same one again, and posts the result, also over a line that fails and after a restart
//! ([`Platform::tick`]). A request is stored before the charge point hears of it; one whose process ended has failed. Work that
//! takes its time goes on in the background: [`Settings::spawn`].
//!
//! # Authorization
//!
//! An eMSP decides in real time whether a driver may charge by an [`Authorizer`], which [`Platform::mount_emsp`] mounts.
//!
//! # Modules whose objects are kept with the partner
//!
//! [`Platform::hub_clients`], [`Platform::payments`] and [`Platform::bookings`] give handlers to mount, over the platform's
//! objects. [`Platform::is_reachable`] says whether a party behind a hub can be reached; [`Platform::pull_clients`] and
//! [`Platform::pull_payments`] fetch lists.
//!
//! # Drivers' data
//!
//! [`Platform::driver`] exports everything that is kept of a driver, and erases it: objects, messages that wait, and what is kept
//! about them. What cannot go at once goes with later ticks: a Token of ours when partners know that it is not valid, a CDR
//! when its eMSP has it, a tombstone when reactors have been told. So nothing is lost or sent twice by an erasure, and no
//! reader of the feed begins again, but one that was not there for seven days: a reactor that was not is told of every object of
//! its kind again, a [`ChangeStream`] that had not come to the deletion gets an [`Error::ChangesPurged`] and every object.
//! [`Platform::retain`] sets how long objects about drivers are kept at all.
//!
//! # Messages
//!
//! [`Settings::messages`] switches a log of messages on: requests of both directions with their answers, without tokens and without
//! drivers, kept for days in the store. [`Platform::messages`] looks for them.
//!
//! # Clock and random numbers
//!
//! [`Settings::new`] takes the clock and the timer of the machine and the random numbers of the operating system; they are
//! fields, for tests.

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

pub use authorize::{Authorization, Authorizer};
pub use changes::{ChangeStream, Reacted, Reaction, ServerSentEvents, SetAside};
pub use chargers::{Asked, Chargers, SmartCharging};
pub use directory::{Allow, Seal};
pub use error::Error;
pub use hooks::{Decision, Hooks, Offered, Suspicion};
pub use latency::Latency;
pub use limits::Limits;
pub use messages::{
    FoundMessages, LoggedBody, LoggedMessage, LoggedResponse, MessageLog, MessageQuery, Messages,
};
pub use ocpi_client::{Deviation, UrlPolicy, UrlRefused, UrlRule};
pub use ocpi_server_traits::Permissions;
pub use platform::Platform;
pub use privacy::{
    Driver, DriverData, DriverExport, DriverRecord, ErasureReport, Keep, Postponed, Retention, WaitsFor,
};
pub use pull::{PullError, PullOptions, PullProgress, Pulled};
pub use push::{
    AfterLong, Deliveries, DeliveryId, Lag, PartnerPush, PushSettings, Refusal, UsePatch, Waiting,
};
pub use registration::{Adopted, Invitation, Ticked};
pub use results::{
    Ask, AsyncRequest, Awaited, ImmediateAnswer, Outcome, PendingRequest, RequestKind, ResultId,
    ResultIdError, ResultLimits, Target,
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
