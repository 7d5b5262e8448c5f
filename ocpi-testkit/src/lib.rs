//! Platforms, partners and messages for tests of OCPI programs: no sockets, no wall clock, no chance.
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
//! - Transports: [`Loopback`] leads to one router, a [`Network`] to many hosts, in which messages can be lost; a
//!   [`Script`] gives canned responses.
//! - Platforms: [`registered`] opens a CPO and an eMSP that are registered with each other, [`PlatformSetup`] opens any
//!   platform; a [`CannedPlatform`] says of its versions whatever a test wants.
//! - Routers: [`KnownPartners`] is a directory of partners, [`Answer`] checks and holds the answer of a router.
//! - Time and random numbers: [`fixed_clock`], [`SteppedClock`], [`counted_random`].
//! - Messages: objects as JSON, such as [`location_json`], and responses, such as [`success`].
//!
//! The functions panic where a test would have to: on texts that cannot be read, on requests that nobody expected.

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
mod texts;

pub use answer::Answer;
pub use canned::CannedPlatform;
pub use chargers::{ChargerReaction, Chargers, result_to};
pub use clock::{NOW, SteppedClock, fixed_clock, time};
pub use known_partners::KnownPartners;
pub use loopback::Loopback;
pub use network::{Fate, Network, NetworkedPlatform};
pub use platform::{PlatformSetup, TestPlatform, registered};
pub use random::counted_random;
pub use responses::{envelope, failure, respond, success};
pub use samples::{
    cdr_json, connector_json, credentials_json, evse_json, location_json, period_json, roles_json,
    session_json, tariff_json, token_json,
};
pub use script::Script;
pub use texts::{parse, parse_list, partner_id, party, token};
