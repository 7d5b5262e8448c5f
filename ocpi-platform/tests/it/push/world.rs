//! A CPO that publishes, and a partner whose line has faults.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use ocpi_platform::{Hooks, Platform, PushSettings, Seal};
use ocpi_server_traits::Memory;
use ocpi_testkit::NetworkedPlatform;
use ocpi_testkit::{Fate, Network, PlatformSetup, SimulatedTime, TestPlatform, failure, parse, respond};
use ocpi_types::endpoint::{EvseKey, Owned};
use ocpi_types::observe::{Event, EventKind, Observer, from_fn};
use ocpi_types::protocol::Party;
use ocpi_types::v2_2_1::hub_client_info::{ClientInfo, ClientInfoInit, ConnectionStatus};
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::invoice_reconciliation::InvoiceReconciliationRecord;
use ocpi_types::v2_3_0::locations::{Evse, EvsePatch, Location, Status};
use ocpi_types::v2_3_0::tokens::Token;
use ocpi_types::{Rate, Version};

/// Fate of a request to the partner.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fault {
    /// It arrives, and its answer does not.
    AnswerLost,
    /// It does not arrive.
    Lost,
    /// It is answered with this HTTP status and this status of OCPI.
    Refused(u16, u16),
    /// It is answered with 429, and the time after which to come again.
    Busy(u32),
    /// It does not get a fault.
    None,
}

/// A request as the partner gets it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Got {
    pub(super) method: Method,
    /// Behind the version.
    pub(super) path: String,
    pub(super) body: String,
    /// Seconds since the start.
    pub(super) at: i64,
}

pub(super) struct World {
    pub(super) time: SimulatedTime,
    pub(super) network: Network,
    pub(super) cpo: TestPlatform,
    pub(super) emsp: TestPlatform,
    pub(super) faults: Arc<Mutex<VecDeque<Fault>>>,
    /// The fault of all requests beside those with one of their own.
    pub(super) always: Arc<Mutex<Fault>>,
    pub(super) got: Arc<Mutex<Vec<Got>>>,
    /// Rules of which the CPO's observer was told, and what is missing.
    pub(super) told: Arc<Mutex<Vec<String>>>,
    takes_invoices: bool,
}

#[derive(Clone)]
pub(super) struct Setup {
    pub(super) push: PushSettings,
    pub(super) versions: Vec<Version>,
    pub(super) emsp_role: &'static str,
    pub(super) cpo_roles: &'static [(&'static str, &'static str, &'static str)],
    /// Whether the eMSP takes invoice reconciliation records.
    pub(super) takes_invoices: bool,
    /// Most requests that the CPO sends in a time.
    pub(super) rate: Option<Rate>,
    /// Seals the CPO's secrets.
    pub(super) seal: Option<Arc<dyn Seal>>,
    /// Decide on those who register with the CPO.
    pub(super) hooks: Option<Arc<dyn Hooks>>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            push: PushSettings::default(),
            versions: vec![Version::V2_3_0],
            emsp_role: "EMSP",
            cpo_roles: &[("CPO", "NL", "ALF")],
            takes_invoices: false,
            rate: None,
            seal: None,
            hooks: None,
        }
    }
}

impl World {
    /// A CPO and an eMSP that are registered, and of which the CPO knows.
    pub(super) fn new() -> Self {
        Self::with(Setup::default())
    }

    pub(super) fn with(setup: Setup) -> Self {
        let world = Self::before(setup);
        world.tick();
        world.take_got();
        world
    }

    /// The same, before the CPO has looked which partners it has.
    pub(super) fn before(setup: Setup) -> Self {
        let (time, network) = (SimulatedTime::default(), Network::default());
        let told = Arc::new(Mutex::new(Vec::new()));
        let cpo = PlatformSetup {
            push: setup.push,
            observer: telling(&told),
            rate: setup.rate,
            seal: setup.seal,
            hooks: setup.hooks,
            versions: vec![Version::V2_1_1, Version::V2_2_1, Version::V2_3_0],
            ..PlatformSetup::new("cpo", setup.cpo_roles)
        };
        let cpo = on(&time, cpo).open(&network);
        let emsp = PlatformSetup::new("emsp", &[(setup.emsp_role, "DE", "EMP")]);
        let emsp = PlatformSetup { versions: setup.versions, ..on(&time, emsp) }.open(&network);
        network.add_router("emsp.example", routed(&emsp, setup.takes_invoices));
        emsp.register_with(&cpo, "cpo", "emsp").expect("registered");
        let world = Self {
            time,
            network,
            cpo,
            emsp,
            faults: Arc::default(),
            always: Arc::new(Mutex::new(Fault::None)),
            got: Arc::default(),
            told,
            takes_invoices: setup.takes_invoices,
        };
        world.put_line();
        world
    }

    /// Puts the faults and the log before the partner.
    fn put_line(&self) {
        let router = routed(&self.emsp, self.takes_invoices);
        let (faults, always, got) =
            (Arc::clone(&self.faults), Arc::clone(&self.always), Arc::clone(&self.got));
        let (clock, start) = (self.time.clock(), self.time.clock().now());
        let met = Arc::new(Mutex::new(Fault::None));
        let meets = Arc::clone(&met);
        self.network.watch(move |request| {
            if request.uri().host() != Some("emsp.example") {
                return None;
            }
            let path = request.uri().path_and_query().expect("a path").as_str();
            let path = path.splitn(4, '/').nth(3).unwrap_or(path);
            let path = path.strip_prefix("receiver/").unwrap_or(path).to_owned();
            let body = String::from_utf8(request.body().to_vec()).expect("a text");
            let fault = faults
                .lock()
                .expect("nobody panicked")
                .pop_front()
                .unwrap_or(*always.lock().expect("nobody panicked"));
            let at = clock.now().seconds_since(start);
            got.lock().expect("nobody panicked").push(Got {
                method: request.method().clone(),
                path,
                body,
                at,
            });
            *meets.lock().expect("nobody panicked") = fault;
            match fault {
                Fault::Lost => Some(Fate::Lost),
                Fault::AnswerLost => Some(Fate::AnswerLost),
                _ => None,
            }
        });
        self.network.add_host("emsp.example", move |request: http::Request<Bytes>| {
            let fault = *met.lock().expect("nobody panicked");
            match fault {
                Fault::Refused(http, code) => failure(http, code),
                Fault::Busy(seconds) => respond(429, &[("retry-after", &seconds.to_string())], ""),
                _ => pollster::block_on(router.call(request)),
            }
        });
    }

    pub(super) fn fault(&self, faults: impl IntoIterator<Item = Fault>) {
        self.faults.lock().expect("nobody panicked").extend(faults);
    }

    pub(super) fn always(&self, fault: Fault) {
        *self.always.lock().expect("nobody panicked") = fault;
    }

    pub(super) fn tick(&self) {
        self.time.run(self.cpo.platform.tick()).expect("no hang").expect("a tick");
    }

    /// Lets the CPO tick each second for some seconds.
    pub(super) fn live(&self, seconds: u64) {
        for _ in 0..seconds {
            self.tick();
            self.time.advance(Duration::from_secs(1));
        }
    }

    /// Lets the CPO run, while something is done and for some seconds after it.
    pub(super) fn run(&self, seconds: u64, work: impl Future<Output = ()> + Send) {
        let timer = self.time.timer();
        let life = async move {
            work.await;
            timer.wait(Duration::from_secs(seconds)).await;
        };
        self.time.run(self.cpo.platform.run(life)).expect("no hang");
    }

    pub(super) fn take_got(&self) -> Vec<Got> {
        std::mem::take(&mut self.got.lock().expect("nobody panicked"))
    }

    /// The requests since the last time as `PUT locations/NL/ALF/L1`.
    pub(super) fn lines(&self) -> Vec<String> {
        let got = self.take_got();
        got.iter()
            .filter(|got| got.path != "credentials")
            .map(|got| format!("{} {}", got.method, got.path))
            .collect()
    }

    pub(super) fn take_told(&self) -> Vec<String> {
        std::mem::take(&mut self.told.lock().expect("nobody panicked"))
    }

    pub(super) fn publish<R: ocpi_server_traits::Published>(&self, json: &str) {
        self.time.run(self.cpo.platform.publish(parse::<R>(json))).expect("no hang").expect("published");
    }

    pub(super) fn status(&self, location: &str, evse: &str, status: Status) {
        pollster::block_on(set_status(&self.cpo.platform, location, evse, status));
    }

    /// The Location as the partner has it.
    pub(super) fn copy(&self, id: &str) -> Option<Location> {
        self.emsp.all::<Location>().into_iter().find(|location| location.id == *id)
    }

    /// Whether the partner has all Locations as the CPO has them.
    pub(super) fn is_same(&self) -> bool {
        let sorted = |platform: &TestPlatform| {
            let mut all = platform.all::<Location>();
            all.sort_by(|a, b| a.id.cmp(&b.id));
            all
        };
        sorted(&self.cpo) == sorted(&self.emsp)
    }
}

pub(super) async fn set_status<S: ocpi_server_traits::Store, T: ocpi_client::Transport>(
    platform: &Platform<S, T>,
    location: &str,
    evse: &str,
    status: Status,
) {
    let patch = EvsePatch { status: status.into(), ..EvsePatch::default() };
    platform.patch::<Evse>(&evse_at(location, evse), patch).await.expect("patched");
}

pub(super) fn evse_at(location: &str, evse: &str) -> Owned<EvseKey> {
    let key =
        EvseKey { location_id: location.parse().expect("an id"), evse_uid: evse.parse().expect("an id") };
    Owned { owner: Party::new("NL", "ALF").expect("a party"), key }
}

pub(super) fn on(time: &SimulatedTime, setup: PlatformSetup) -> PlatformSetup {
    let store = Arc::new(Memory::with_clock(time.clock()));
    PlatformSetup { clock: time.clock(), timer: time.timer(), store, ..setup }
}

/// An observer that notes the rules of pushes, and what is missing.
pub(super) fn telling(told: &Arc<Mutex<Vec<String>>>) -> Observer {
    let told = Arc::clone(told);
    Observer::new(from_fn(move |event: &Event<'_>| {
        let line = match &event.kind {
            EventKind::Push(push) => format!("{} {}", push.rule, push.object),
            EventKind::Degraded(degraded) => degraded.missing.to_owned(),
            _ => return,
        };
        told.lock().expect("nobody panicked").push(line);
    }))
}

/// All that an eMSP may be sent.
fn routed(emsp: &TestPlatform, takes_invoices: bool) -> ocpi_server_traits::Router {
    let platform: &Arc<NetworkedPlatform> = &emsp.platform;
    let mounted = platform.router(|routes| {
        let routes = routes.emsp(platform.objects()).receiver::<Token>(platform.objects());
        if takes_invoices {
            routes.receiver::<InvoiceReconciliationRecord>(platform.objects())
        } else {
            routes
        }
    });
    mounted.expect("a router")
}

/// A Location with so many EVSEs: `E1`, `E2` and so on.
pub(super) fn location(id: &str, evses: usize, updated: &str) -> String {
    let all: Vec<String> =
        (1..=evses).map(|number| ocpi_testkit::evse_json(&format!("E{number}"), updated)).collect();
    let one = ocpi_testkit::evse_json("E1", updated);
    ocpi_testkit::location_json("NL/ALF", id, updated).replace(&one, &all.join(","))
}

/// The partner, a hub, says that DE/ANY is behind it.
pub(super) fn client_of_hub(world: &World, status: ConnectionStatus, updated: &str) {
    let info: ClientInfo = ClientInfoInit {
        party_id: "ANY".parse().expect("an id"),
        country_code: "DE".parse().expect("a country"),
        role: ocpi_types::Role::Emsp,
        status,
        last_updated: ocpi_testkit::time(updated),
    }
    .into();
    let hub = "emsp".parse().expect("a name");
    pollster::block_on(world.cpo.platform.hub_clients().keep(&hub, info)).expect("a store");
}

/// An object of a driver of DE/EMP as one of a driver of DE/ANY.
pub(super) fn of_any(json: &str) -> String {
    json.replace("\"party_id\": \"EMP\"", "\"party_id\": \"ANY\"")
}

/// CDRs that a platform has.
pub(super) fn cdrs(platform: &TestPlatform) -> Vec<String> {
    let mut ids: Vec<String> =
        platform.all::<Cdr>().into_iter().map(|cdr| cdr.id.as_str().to_owned()).collect();
    ids.sort();
    ids
}
