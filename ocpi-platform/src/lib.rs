//! A running OCPI platform, put together from the client, the router and a store.
//!
//! A [`Platform`] knows its own parties and its partners. It registers with them and lets them register, keeps the
//! objects that they push, pulls the objects that they have, sends commands and charging profiles, and awaits their results.
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
//! can be sealed ([`Settings::seal`]); the feature `seal` has `SealKeys` for that. A party belongs to one partner, in all
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
//! # Commands and charging profiles
//!
//! A command is answered at once, and its result comes later, to a URL that came with it. [`Platform::start_session`] and its
//! like return an [`Awaited`]: the partner's immediate answer, and [`result`](Awaited::result), which ends at the partner's
//! `timeout` and a grace at the latest. [`Platform::ask`] sends requests with more members. Each has a twin, such as
//! [`Platform::start_session_with`], with options: for a party behind a hub, or with a deadline. Results arrive at the endpoints of [`Platform::mount_results`].
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
//! # Clock and random numbers
//!
//! [`Settings::new`] takes the clock and the timer of the machine and the random numbers of the operating system; they are
//! fields, for tests.

mod acquaintance;
mod authorize;
mod chargers;
mod desks;
mod directory;
mod documents;
mod error;
mod hooks;
mod learning;
mod limits;
mod partner;
mod party;
mod platform;
mod pull;
mod registration;
mod results;
#[cfg(feature = "seal")]
mod seal_keys;
mod secure_random;
mod settings;
mod spawn;
mod status;
mod trust;

pub use authorize::{Authorization, Authorizer};
pub use chargers::{Asked, Chargers, SmartCharging};
pub use directory::{Allow, Seal};
pub use error::Error;
pub use hooks::{Decision, Hooks, Offered, Suspicion};
pub use limits::Limits;
pub use ocpi_client::{Deviation, UrlPolicy, UrlRefused, UrlRule};
pub use ocpi_server_traits::Permissions;
pub use platform::Platform;
pub use pull::{PullError, PullOptions, PullProgress, Pulled};
pub use registration::{Adopted, Invitation, Ticked};
pub use results::{
    AsyncRequest, Awaited, ImmediateAnswer, Outcome, PendingRequest, RequestKind, ResultId, ResultIdError,
    ResultLimits, Target,
};
#[cfg(feature = "seal")]
pub use seal_keys::SealKeys;
pub use secure_random::SecureRandom;
pub use settings::Settings;
pub use spawn::Spawn;
pub use status::PartnerStatus;
pub use trust::PartnerState;

use party::party_of;
