//! A simulated CPO and eMSP, to develop OCPI partners against.
//!
//! A [`Sandbox`] is a [`Platform`](ocpi_platform::Platform) with a made-up [`city`]. As a CPO it publishes Locations whose
//! EVSEs become busy and free over the day, Sessions that progress and are priced as they go, and their CDRs; it carries out
//! commands after a short delay. As an eMSP it has drivers with cards, decides in real time whether they may charge, and
//! accepts whatever a CPO sends. Everything goes through the public API of the platform.
//!
//! The day is computed from a number and the time that is passed in: the same number gives the same day.
//!
//! ```
//! use std::sync::Arc;
//! use ocpi_client::Transport;
//! use ocpi_platform::Platform;
//! use ocpi_sandbox::{Sandbox, SandboxOptions, Seed};
//! use ocpi_server_traits::{Router, Store};
//!
//! /// A CPO in whose city it is always the same day.
//! async fn cpo<S: Store, T: Transport + 'static>(
//!     platform: Arc<Platform<S, T>>,
//! ) -> Result<(Arc<Sandbox<S, T>>, Router), Box<dyn std::error::Error>> {
//!     let seed = Seed::city(1, None, &platform.parties()[0])?;
//!     let options = SandboxOptions { is_emsp: false, seed: Some(seed), ..SandboxOptions::default() };
//!     let sandbox = Arc::new(Sandbox::open(platform, options).await?);
//!     let router = sandbox.router()?;
//!     sandbox.step("2026-11-22T12:00:00Z".parse()?).await?;
//!     Ok((sandbox, router))
//! }
//! ```
//!
//! | Module | Contents |
//! |---|---|
//! | `sandbox` | opening, the router, the main loop |
//! | `day` | the plan of each EVSE for a day: a pure function of the seed |
//! | `world` | who is where: state without I/O |
//! | `life` | steps: what happens is published |
//! | `charge` | a session from its beginning to its CDR, priced as it goes |
//! | `depot` | the charge points, as partners command them |
//! | `emsp` | the drivers, and the rule of authorization |
//! | `counters`, `metrics` | what an operator watches |
//! | `seed`, `city` | Locations and Tariffs to begin with |
//! | `seeding`, `ours` | the seed and other objects of ours, published |
//! | `offers` | booking locations with a calendar of the next days |
//! | `promises` | reservations that a restart has lost |
//! | `memory` | notes of the sandbox in the store |

mod charge;
pub mod city;
mod counters;
mod day;
mod depot;
mod emsp;
mod error;
mod life;
mod memory;
mod metrics;
mod offers;
mod ours;
mod point;
mod promises;
mod sandbox;
mod seed;
mod seeding;
mod world;

pub use counters::Counters;
pub use error::Error;
pub use sandbox::{Sandbox, SandboxOptions};
pub use seed::Seed;
