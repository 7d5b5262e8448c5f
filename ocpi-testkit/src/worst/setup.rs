//! Set-up of a partner that misbehaves.

use std::sync::{Arc, Mutex};

use ocpi_client::transport::AnyTransport;
use ocpi_platform::{Allow, ApprovalRequest, Hooks, Limits, Platform, Settings, UrlPolicy};
use ocpi_server_traits::{Clock, Layout, Objects, Timer};
use ocpi_types::v2_3_0::credentials::CredentialsRole;
use ocpi_types::{DateTime, NonEmpty, Url, Version};

use super::commands::ChargePoints;
use super::layer::FaultLayer;
use super::log::Log;
use super::partner::{Inside, Other, Shared, WorstPartner, to_other};
use super::plan::{Plan, ResultHabit};
use super::{Deviation, Fault, seeds};
use crate::{SimulatedTime, parse_list, repeated_random, roles_json};

/// Name that the partner has for whoever registers with it.
const OTHER: &str = "other";

/// The host of a partner without sockets.
const HOST: &str = "partner.example";

/// Set-up of a partner that misbehaves. See [`cpo`], [`emsp`] and [`cpo_and_emsp`].
#[derive(Clone)]
#[must_use]
pub struct WorstPartnerSetup {
    roles: Vec<(String, String, String)>,
    seeds: usize,
    page_size: u32,
    version: Version,
    faults: Vec<Fault>,
}

/// A CPO, `NL/ALF`, with faults to choose.
///
/// ```
/// use ocpi_testkit::{self as testkit, Fault, SimulatedTime};
/// let time = SimulatedTime::default();
/// let cpo = testkit::cpo().seed_city(100).fault(Fault::WrongLinkHost).open(&time);
/// assert_eq!(cpo.versions_url().as_str(), "https://partner.example/ocpi/versions");
/// ```
pub fn cpo() -> WorstPartnerSetup {
    WorstPartnerSetup::new(&["CPO"])
}

/// An eMSP, `NL/ALF`, with faults to choose.
///
/// ```
/// use ocpi_testkit::{self as testkit, Fault, SimulatedTime};
/// let time = SimulatedTime::default();
/// let emsp = testkit::emsp().fault(Fault::UnknownTokenWith200).open(&time);
/// assert!(emsp.requests().is_empty());
/// ```
pub fn emsp() -> WorstPartnerSetup {
    WorstPartnerSetup::new(&["EMSP"])
}

/// A platform that is both, for the party `NL/ALF`, with faults to choose.
///
/// ```
/// use ocpi_testkit::{self as testkit, SimulatedTime};
/// let partner = testkit::cpo_and_emsp().seed_city(3).open(&SimulatedTime::default());
/// # let _ = partner;
/// ```
pub fn cpo_and_emsp() -> WorstPartnerSetup {
    WorstPartnerSetup::new(&["CPO", "EMSP"])
}

impl WorstPartnerSetup {
    fn new(roles: &[&str]) -> Self {
        let roles = roles.iter().map(|role| ((*role).to_owned(), "NL".to_owned(), "ALF".to_owned()));
        Self {
            roles: roles.collect(),
            seeds: 0,
            page_size: 100,
            version: Version::V2_3_0,
            faults: Vec::new(),
        }
    }

    /// With this many Locations, Tariffs, Sessions, CDRs and Tokens.
    pub fn seed_city(self, count: usize) -> Self {
        Self { seeds: count, ..self }
    }

    /// With pages of at most this many objects; the default is 100.
    pub fn page_size(self, page_size: u32) -> Self {
        Self { page_size, ..self }
    }

    /// With this version only; the default is 2.3.0. Some faults have one of their own.
    pub fn version(self, version: Version) -> Self {
        Self { version, ..self }
    }

    /// With a fault.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// With faults.
    pub fn faults(mut self, faults: impl IntoIterator<Item = Fault>) -> Self {
        self.faults.extend(faults);
        self
    }

    /// Opens it without sockets, in a time that passes only where something waits.
    pub fn open(self, time: &SimulatedTime) -> WorstPartner {
        let base = format!("https://{HOST}/ocpi").parse().expect("a URL");
        let other = Other::default();
        let transport = to_other(&other);
        let opened = self.on(base, time.clock(), time.timer(), transport, other);
        time.run(opened).expect("nothing to wait for")
    }

    pub(super) async fn on(
        self,
        base: Url,
        clock: Clock,
        timer: Timer,
        transport: AnyTransport,
        other: Other,
    ) -> WorstPartner {
        let plan = self.plan();
        let roles: Vec<(&str, &str, &str)> =
            plan.roles.iter().map(|(role, country, party)| (&**role, &**country, &**party)).collect();
        let roles: Vec<CredentialsRole> = parse_list(&roles_json(&roles));
        let defaults = Settings::new(base.clone(), roles[0].clone());
        let settings = Settings {
            hooks: Arc::new(Everybody),
            roles: NonEmpty::try_from(roles).expect("roles"),
            versions: plan.versions.clone(),
            layout: plan.layout.clone(),
            urls: UrlPolicy::Any,
            limits: Limits { credentials_per_minute: 1_000, ..Limits::default() },
            clock: ahead(clock.clone(), plan.ahead),
            timer: timer.clone(),
            secrets: repeated_random("partner"),
            ..defaults
        };
        let store = Shared::default();
        let platform = Platform::open(settings, Arc::clone(&store), transport).await.expect("a platform");
        let platform = Arc::new(platform);
        let objects =
            Arc::new(Objects::new(store, platform.parties().to_vec()).with_page_size(self.page_size));
        seeds::seed(&objects, "NL/ALF", self.seeds, &plan).await;
        let charge_points = Arc::new(ChargePoints::new(plan.results, timer.clone()));
        charge_points.connect(&platform);
        let has = |role: &str| plan.roles.iter().any(|(found, ..)| found == role);
        let (is_cpo, is_emsp) = (has("CPO"), has("EMSP"));
        let router = platform.router(|routes| {
            let routes = if is_cpo { routes.cpo(&objects).commands(&charge_points) } else { routes };
            if is_emsp {
                routes.emsp(&objects).on::<ocpi_types::endpoint::Authorize, _>(&platform)
            } else {
                routes
            }
        });
        let router = router.expect("a router");
        let token_a = platform.invite(OTHER, Allow::default()).await.expect("an invitation");
        let versions_url = router.versions_url();
        let host = base.as_str().split('/').nth(2).expect("a host").to_owned();
        let layer = FaultLayer::of(router, self.faults, clock, timer);
        layer.knows(token_a.expose());
        let strays = Mutex::default();
        WorstPartner(Arc::new(Inside {
            platform,
            layer,
            log: Log::default(),
            charge_points,
            versions_url,
            host,
            base,
            token_a,
            other,
            strays,
            #[cfg(feature = "socket")]
            serving: Mutex::default(),
        }))
    }

    fn plan(&self) -> Plan {
        let mut plan = Plan {
            versions: vec![self.version],
            roles: self.roles.clone(),
            layout: Layout::default(),
            results: ResultHabit::default(),
            seed_changes: Vec::new(),
            ahead: 0,
        };
        for deviation in self.faults.iter().flat_map(|fault| fault.deviations()) {
            if let Deviation::Plan(change) = deviation {
                change(&mut plan);
            }
        }
        plan
    }
}

/// Whoever has token A may register.
struct Everybody;

impl Hooks for Everybody {
    fn on_credentials(&self, _: &ApprovalRequest) -> ocpi_platform::Decision {
        ocpi_platform::Decision::Accept
    }
}

fn ahead(clock: Clock, seconds: i64) -> Clock {
    if seconds == 0 {
        return clock;
    }
    Clock::new(move || clock.now().checked_add_seconds(seconds).unwrap_or(DateTime::UNIX_EPOCH))
}
