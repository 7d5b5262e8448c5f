//! Conformance checks for OCPI servers.
//!
//! A [`Suite`] asks a server what it offers, and runs the checks that apply to its version and modules, over any
//! [`Transport`](ocpi_client::Transport). By default the checks only read. A [`Report`] lists each check with its outcome,
//! and each breach with the request, the answer and the rule.
//!
//! ```
//! use ocpi_conformance::Suite;
//! use ocpi_testkit::{self as testkit, SimulatedTime};
//!
//! let time = SimulatedTime::default();
//! let server = testkit::cpo().seed_city(5).page_size(3).open(&time);
//! let suite = Suite::new(server.versions_url(), server.token_a(), server.transport()).time(time.clock(), time.timer());
//! let report = time.run(suite.run())?;
//! // Nobody is registered: the server refuses token A at every module, and the suite says so.
//! assert!(report.breached().contains(&"locations.list"));
//! println!("{report}");
//! # Ok::<(), ocpi_testkit::Hung>(())
//! ```
//!
//! # Modes
//!
//! | Run | Token | Does |
//! |---|---|---|
//! | [`Suite::run`] | of a partner that is registered | reads |
//! | with [`Suite::active`] | of a partner that is registered | also pushes objects, posts CDRs, sends commands, books |
//! | with [`Suite::registering`] | A | also registers, rotates the tokens and unregisters |
//! | [`Suite::run_journey`] | A | plays an onboarding, step by step: see [`Journey`] |
//!
//! Run the modes that write against a sandbox only. The ids of everything that they create begin with `CONFORMANCE-`. At the end
//! it is withdrawn as far as the protocol allows (`undo` in each module): Tariffs and records of invoices are deleted, EVSEs
//! are `REMOVED`, Sessions `INVALID`, Tokens not valid, Bookings cancelled. CDRs, terminals, payments and Tokens of a second
//! type stay, a session that a command starts is not stopped, and what a faulty server took for another party or under another
//! id cannot be withdrawn.
//!
//! A server calls back when a partner registers, and posts the results of commands. So these checks need an [`Inbox`], which
//! answers in our name; without one, they are skipped. In this example it is part of a network without sockets:
//!
//! ```
//! use std::sync::Arc;
//! use ocpi_conformance::{Inbox, Suite};
//! use ocpi_platform::{Allow, Platform, Settings, UrlPolicy};
//! use ocpi_server_traits::Memory;
//! use ocpi_testkit::{Network, parse_list, party, roles_json};
//! use ocpi_types::Role;
//!
//! # pollster::block_on(async {
//! let network = Network::default();
//! let role = parse_list(&roles_json(&[("EMSP", "DE", "EMP")])).remove(0);
//! let settings = Settings { urls: UrlPolicy::Any, ..Settings::new("https://emsp.example/ocpi".parse()?, role) };
//! let emsp = Arc::new(Platform::open(settings, Memory::new(), network.clone()).await?);
//! let router = emsp.router(|routes| routes.emsp(emsp.objects()))?;
//! network.add_router("emsp.example", router.clone());
//! let allow = Allow::default().party(party("NL/ALF")).host("cpo.example");
//! let token_a = emsp.invite("cpo", allow).await?;
//!
//! let inbox = Inbox::new("https://cpo.example/ocpi".parse()?);
//! let ours = inbox.clone();
//! network.add_host("cpo.example", move |request| ours.handle(request));
//! let suite = Suite::new(router.versions_url(), token_a, network.clone()).party(party("NL/ALF")).inbox(inbox);
//! let report = suite.registering(Role::Cpo).only(["tariffs"]).run().await;
//! assert!(report.is_passed(), "{report}");
//! # Ok::<(), Box<dyn std::error::Error>>(()) })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Outcomes
//!
//! | Outcome | Means |
//! |---|---|
//! | passed | the rule held, in at least one case |
//! | failed | a rule with MUST is broken |
//! | warned | a rule with SHOULD is broken |
//! | skipped | there was nothing to look at, or a check that it needs did not succeed; the report says which |
//!
//! Nothing passes because there was nothing to look at: the checks of the objects of an empty list are skipped.
//!
//! # Secrets
//!
//! Reports show requests and answers without tokens and drivers' ids, and only the beginning of bodies. The token
//! goes to the URLs that the server advertises; links to other hosts are breaches, and not followed.
//!
//! # Limits
//!
//! Not checked: pushes of a hub (HubClientInfo), active charging profiles that a CPO pushes, calendars of booking locations at
//! their own URLs, and requests that a server sends on its own: the suite does not see whether it pushes what it publishes.
//!
//! In 2.1.1 no endpoint says which of its interfaces are there: an interface that answers the first object, or the first page of
//! its list, with HTTP 404, 405 or 501 is taken not to exist, and its checks are skipped.

mod active;
mod behaviour;
mod check;
mod checks;
mod context;
mod crawl;
mod inbox;
mod inspect;
mod listing;
mod modules;
mod options;
mod pushes;
mod redact;
mod report;
mod same;
mod samples;
mod suite;
mod wire;

pub use check::{Check, CheckOutcome, Checked, Failure, Level, Mode};
pub use inbox::Inbox;
pub use report::Report;
pub use suite::{Journey, Suite};
