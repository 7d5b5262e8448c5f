//! Misbehaving partners, whole platforms and sample messages, for tests of OCPI programs.
//!
//! Set up a partner in one line, with the faults that you choose; each [`Fault`] is a way in which real partners deviate:
//!
//! ```
//! # #[cfg(feature = "socket")] {
//! use std::sync::Arc;
//! use std::time::Duration;
//! use ocpi_client::{Outbound, Reqwest};
//! use ocpi_platform::{Platform, Settings, UrlPolicy};
//! use ocpi_server_traits::Memory;
//! use ocpi_testkit::{self as testkit, Fault, Socket};
//! use ocpi_types::v2_3_0::locations::Location;
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! # let socket = Socket::bind().await;
//! # let role = testkit::parse_list(&testkit::roles_json(&[("EMSP", "DE", "EMP")])).remove(0);
//! # let settings = Settings { urls: UrlPolicy::Any, ..Settings::new(socket.base(), role) };
//! # let http = Reqwest::new(Outbound::new().with_urls(UrlPolicy::Any))?;
//! let emsp = Arc::new(Platform::open(settings, Memory::new(), http).await?);
//! let _serving = socket.serve(emsp.router(|routes| routes.emsp(emsp.objects()))?);
//!
//! let slow = Fault::Slow(Duration::from_millis(2));
//! let cpo = testkit::cpo().seed_city(100).page_size(40).fault(Fault::WrongLinkHost).fault(slow).start().await;
//! emsp.register("cpo", cpo.versions_url(), cpo.token_a(), cpo.allow()).await?;
//!
//! let pulled = emsp.pull::<Location>("cpo", |_, _| {}).await?;
//! assert_eq!((pulled.objects, pulled.outcome.is_complete()), (100, true));
//! assert_eq!(pulled.findings[0].rule.id(), "page.next_host_differs");
//! # Ok::<(), Box<dyn std::error::Error>>(()) })?;
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`WorstPartnerSetup::open`] does the same without sockets, in a [`SimulatedTime`] that passes only while something
//! waits: a test of an hour takes milliseconds, and runs the same way every time.
//!
//! # Tests without sockets
//!
//! ```
//! use ocpi_testkit::{registered, tariff_json};
//! use ocpi_types::v2_3_0::tariffs::Tariff;
//!
//! let (network, cpo, emsp) = registered();
//! cpo.put::<Tariff>(&tariff_json("NL/ALF", "T1", "10:00:00"));
//! let pulled = pollster::block_on(emsp.platform.pull::<Tariff>("cpo", |_, _| {}))?;
//! assert_eq!(pulled.objects, 1);
//! assert_eq!(network.take_requests(), ["GET https://cpo.example/ocpi/2.3.0/sender/tariffs"]);
//! # Ok::<(), ocpi_platform::Error>(())
//! ```
//!
//! - Partners that misbehave: [`cpo`], [`emsp`] and [`cpo_and_emsp`] set up a [`WorstPartner`]. [`Fault::expected`] says
//!   how a tolerant client takes each fault, and a [`FaultLayer`] puts faults in front of any router.
//! - Transports: [`Loopback`] leads to one router, a [`Network`] to many hosts, in which messages can be lost; a
//!   [`Script`] gives canned responses.
//! - Platforms: [`registered`] opens a CPO and an eMSP that are registered with each other, [`PlatformSetup`] opens any
//!   platform; a [`CannedPlatform`] answers with the list of versions and the version details that a test gives it.
//! - Routers: [`KnownPartners`] is a directory of partners, [`Answer`] checks and holds the answer of a router.
//! - Time and random numbers: [`SimulatedTime`], [`fixed_clock`], [`SteppedClock`], [`counted_random`], [`repeated_random`].
//! - Messages: objects as JSON, such as [`location_json`], and responses, such as [`success`].
//!
//! The functions panic where a test should fail: on texts that cannot be read, and on unexpected requests.
//!
//! # Features
//!
//! | Feature | Adds |
//! |---|---|
//! | `socket` (default) | `Socket`, and `WorstPartnerSetup::start`: partners and routers on 127.0.0.1, by hyper and reqwest |

mod answer;
mod canned;
mod chargers;
mod clock;
mod known_partners;
mod loopback;
mod network;
mod platform;
mod random;
mod responses;
mod samples;
mod script;
mod simulated_time;
#[cfg(feature = "socket")]
mod socket;
mod texts;
mod worst;

pub use answer::Answer;
pub use canned::CannedPlatform;
pub use chargers::{ChargerReaction, Chargers, result_to};
pub use clock::{NOW, SteppedClock, fixed_clock, time};
pub use known_partners::KnownPartners;
pub use loopback::Loopback;
pub use network::{Fate, Network, NetworkedPlatform};
pub use platform::{PlatformSetup, TestPlatform, registered};
pub use random::{counted_random, repeated_random};
pub use responses::{envelope, failure, respond, success};
pub use samples::{
    cdr_json, connector_json, credentials_json, evse_json, location_json, period_json, roles_json,
    session_json, tariff_json, token_json,
};
pub use script::Script;
pub use simulated_time::{Hung, SimulatedTime};
#[cfg(feature = "socket")]
pub use socket::{Serving, Socket};
pub use texts::{parse, parse_list, partner_id, party, token};
pub use worst::{
    Expected, Fault, FaultLayer, Step, Stray, UnfitFault, WorstPartner, WorstPartnerSetup, WorstTransport,
    cpo, cpo_and_emsp, emsp,
};
