//! A side that is ours: some platforms over one store, as behind a load balancer.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ocpi_client::Retry;
use ocpi_platform::{
    Adopted, Allow, ApprovalRequest, Decision, Hooks, Limits, Platform, SecureRandom, Settings,
};
use ocpi_server_traits::storage::{Address, Query, Start, StoreExt};
use ocpi_server_traits::{Memory, Permissions, Router, Store, Timer};
use ocpi_testkit::{SteppedClock, parse_list, party, roles_json};
use ocpi_types::protocol::PartnerProfile;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::versions::{InterfaceRole, ModuleId};
use ocpi_types::{CredentialsToken, Url, Version};
use pollster::block_on;
use serde_json::Value;

use super::probe::Probe;
use super::wire::{Done, Op, Request, Wire, endpoints_json};

/// Each side's name for the other one.
pub(super) const ID: &str = "partner";
pub(super) const HOSTS: [&str; 2] = ["zero.example", "one.example"];
const ROLES: [(&str, &str, &str); 2] = [("CPO", "NL", "ZER"), ("EMSP", "DE", "ONE")];

/// A host in credentials that is refused, and one that has to be approved.
pub(super) const REFUSED: &str = "refused.example";
pub(super) const HELD: &str = "held.example";
pub(super) const EVIL: &str = "evil.example";

pub(super) type OurPlatform = Platform<Arc<Memory>, Wire>;

/// A process.
pub(super) struct Node {
    pub(super) platform: Arc<OurPlatform>,
    pub(super) router: Router,
}

/// One sends; the others take requests, two of which may be under way.
const NODES: usize = 3;

pub(super) struct Side {
    pub(super) number: usize,
    pub(super) store: Arc<Memory>,
    pub(super) clock: SteppedClock,
    wire: Wire,
    chance: Arc<AtomicU64>,
    /// Whether its operator names the other side's party and host.
    names_partner: bool,
    pub(super) nodes: Vec<Node>,
    turn: usize,
    pub(super) probe: Probe,
}

impl Side {
    pub(super) fn open(number: usize, names_partner: bool, wire: &Wire) -> Self {
        let clock = SteppedClock::default();
        let store = Arc::new(Memory::with_clock(clock.clock()));
        let chance = Arc::new(AtomicU64::new(1 + u64::try_from(number).expect("0 or 1")));
        let probe = Probe::open(number, &clock, wire);
        let mut side = Self {
            number,
            store,
            clock,
            wire: wire.clone(),
            chance,
            names_partner,
            nodes: Vec::new(),
            turn: 0,
            probe,
        };
        side.restart();
        side
    }

    /// Lets the lease end of a process that was cut off while it sent credentials.
    pub(super) fn outlives_lease(&self) {
        self.clock.advance(7);
    }

    /// Ends all processes and begins them anew, with what is stored.
    pub(super) fn restart(&mut self) {
        self.nodes.clear();
        for _ in 0..NODES {
            let chance = Arc::clone(&self.chance);
            self.nodes.push(Node::open(self.number, &self.store, &self.clock, &self.wire, chance));
        }
    }

    /// A process that takes requests.
    pub(super) fn any(&mut self) -> &Node {
        self.turn += 1;
        &self.nodes[self.turn % NODES]
    }

    pub(super) fn allow(&self) -> Allow {
        if self.names_partner { allow_of(1 - self.number) } else { Allow::default() }
    }

    /// The record as it is stored, with its revision.
    pub(super) fn record(&self) -> Option<(Value, u64)> {
        let at = Address::new("Partner", "", ID);
        let document = block_on(self.store.get(&at)).expect("a store")?;
        let mut record: Value = serde_json::from_slice(&document.body).expect("a record");
        // There is no key: what has to be sent stands there as it is.
        for sealed in ["/out", "/out_before", "/exchange/with", "/exchange/offered"] {
            if let Some(text) = record.pointer_mut(sealed) {
                let plain = text.as_str().and_then(|text| text.strip_prefix("plain ")).expect("a token");
                *text = plain.to_owned().into();
            }
        }
        Some((record, document.revision))
    }

    pub(super) fn revision(&self) -> u64 {
        let at = Address::new("Partner", "", ID);
        block_on(self.store.get(&at)).expect("a store").map_or(0, |document| document.revision)
    }

    /// An operation of the operator, in the process that sends.
    pub(super) fn operates<F>(&self, node: usize, act: impl FnOnce(Arc<OurPlatform>) -> F) -> Op
    where
        F: Future<Output = Result<(), ocpi_platform::Error>> + 'static,
    {
        let future = act(Arc::clone(&self.nodes[node].platform));
        Op::new(&self.wire, async move { Done::Ended(future.await) })
    }

    pub(super) fn serves(&self, node: usize, request: Request) -> Op {
        let router = self.nodes[node].router.clone();
        Op::new(&self.wire, async move { Done::Served(router.call(request).await) })
    }

    pub(super) fn serves_anywhere(&mut self, request: Request) -> Op {
        let router = self.any().router.clone();
        Op::new(&self.wire, async move { Done::Served(router.call(request).await) })
    }

    pub(super) fn invites(&mut self) -> CredentialsToken {
        let allow = self.allow();
        block_on(self.any().platform.invite(ID, allow)).expect("it may be invited")
    }

    /// Takes over a registration, as if it had been there for long.
    pub(super) fn adopts(&mut self, issued: &str, received: &str) {
        let there = 1 - self.number;
        let adopted = Adopted {
            token_we_issued: issued.parse().expect("a token"),
            token_we_received: received.parse().expect("a token"),
            versions_url: versions_url(HOSTS[there]),
            version: Version::V2_3_0,
            profile: PartnerProfile::strict(),
            endpoints: parse_list(&endpoints_json(HOSTS[there])),
            roles: parse_list(&roles_json(&[ROLES[there]])),
        };
        block_on(self.any().platform.adopt(ID, adopted)).expect("adopted");
    }

    /// Copies what is stored for requests that must change nothing.
    pub(super) fn refresh_probe(&mut self) {
        let revision = self.revision();
        if self.probe.revision == revision {
            return;
        }
        let mut documents = Vec::new();
        for collection in ["Partner", "PartnerDetails", "PartnerToken"] {
            let query = Query::all(collection);
            let page = block_on(self.store.page(&query, Start::First, 500)).expect("a store");
            documents.extend(page.rows);
        }
        self.probe.copy(revision, documents);
    }
}

impl Node {
    pub(super) fn open(
        number: usize,
        store: &Arc<Memory>,
        clock: &SteppedClock,
        wire: &Wire,
        chance: Arc<AtomicU64>,
    ) -> Self {
        let settings = settings(number, clock, chance);
        let platform = block_on(Platform::open(settings, Arc::clone(store), wire.clone()));
        let platform = Arc::new(platform.expect("a platform"));
        let objects = Arc::clone(platform.objects());
        let router = platform.router(|routes| routes.sender::<Tariff>(&objects)).expect("a router");
        Self { platform, router }
    }
}

/// Settings of a platform of a side.
pub(super) fn settings(number: usize, clock: &SteppedClock, chance: Arc<AtomicU64>) -> Settings {
    let role = parse_list(&roles_json(&[ROLES[number]])).remove(0);
    let base = format!("https://{}/ocpi", HOSTS[number]).parse().expect("a URL");
    Settings {
        versions: vec![Version::V2_3_0],
        permissions: Permissions::default().allow(ModuleId::Tariffs, InterfaceRole::Sender),
        limits: Limits { credentials_per_minute: 100_000, ..Limits::default() },
        hooks: Arc::new(ByHost),
        clock: clock.clock(),
        // Time-outs are events of the schedule.
        timer: Timer::new(|_| std::future::pending()),
        retry: Retry::NEVER,
        rate: None,
        secrets: counting(number, chance),
        ..Settings::new(base, role)
    }
}

/// Decides by the host that was not named.
struct ByHost;

impl Hooks for ByHost {
    fn on_credentials(&self, offered: &ApprovalRequest) -> Decision {
        let comes_from = |host: &str| offered.hosts.iter().any(|offered| offered == host);
        if comes_from(REFUSED) {
            Decision::Refuse
        } else if comes_from(HELD) || comes_from(EVIL) {
            Decision::Hold
        } else {
            Decision::Accept
        }
    }
}

/// Names the party and the host of a side.
pub(super) fn allow_of(number: usize) -> Allow {
    let (_, country, id) = ROLES[number];
    Allow::default().party(party(&format!("{country}/{id}"))).host(HOSTS[number])
}

pub(super) fn versions_url(host: &str) -> Url {
    format!("https://{host}/ocpi/versions").parse().expect("a URL")
}

/// Credentials of a side, with another host perhaps.
pub(super) fn credentials_of(number: usize, token: &str, host: &str) -> String {
    ocpi_testkit::credentials_json(token, host, &[ROLES[number]])
}

/// Numbers that are the same in each run, and never the same twice.
fn counting(number: usize, count: Arc<AtomicU64>) -> SecureRandom {
    SecureRandom::new(move |bytes| {
        let next = count.fetch_add(2, Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let next = next ^ u64::try_from(number).unwrap_or_default();
        for (place, byte) in bytes.iter_mut().enumerate() {
            *byte = next.to_be_bytes()[place % 8].rotate_left(u32::try_from(place / 8).unwrap_or_default());
        }
        Ok(())
    })
}
