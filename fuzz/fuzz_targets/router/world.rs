//! A platform of ours, a CPO and an eMSP, with two partners.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use http::header;
use ocpi_server_traits::storage::{Address, Document, Query, Start, Store};
use ocpi_server_traits::{MountedEndpoint, Router};
use ocpi_testkit::{Network, PlatformSetup, TestPlatform, roles_json};
use ocpi_types::endpoint::{ClearChargingProfile, GetActiveChargingProfile, PutChargingProfile};
use ocpi_types::{Url, Version};
use pollster::block_on;

use crate::bodies;

pub(crate) const VERSIONS: [Version; 3] = [Version::V2_1_1, Version::V2_2_1, Version::V2_3_0];
/// Collections of objects, each owned by a party.
pub(crate) const OBJECTS: [&str; 5] = ["Location", "Tariff", "Session", "Token", "CDR"];
/// Other collections that a request may reach.
const OTHERS: [&str; 7] =
    ["Doubt", "CdrCredit", "Account", "Partner", "PartnerToken", "PartnerParty", "PartnerDetails"];

/// A partner: its name, its parties, and the header by which it is known.
pub(crate) struct Partner {
    pub(crate) name: &'static str,
    pub(crate) parties: Vec<[&'static str; 2]>,
    pub(crate) authorization: String,
}

impl Partner {
    pub(crate) fn has(&self, party: [&str; 2]) -> bool {
        self.parties
            .iter()
            .any(|own| own.iter().zip(party).all(|(own, it)| own.eq_ignore_ascii_case(it.trim())))
    }
}

pub(crate) struct World {
    pub(crate) router: Router,
    pub(crate) partners: [Partner; 2],
    pub(crate) mounted: Vec<(Version, MountedEndpoint)>,
    /// Whether it is no longer in its first state.
    pub(crate) is_changed: bool,
    us: TestPlatform,
}

/// Documents by their addresses.
pub(crate) type Documents = BTreeMap<Address, Document>;

impl World {
    pub(crate) fn new() -> Self {
        let network = Network::default();
        let setup = |name, roles: &[(&str, &str, &str)]| PlatformSetup {
            versions: VERSIONS.to_vec(),
            roles: roles_json(roles),
            ..PlatformSetup::new(name, roles)
        };
        let us = setup("us", &[("EMSP", "DE", "EMP"), ("CPO", "DE", "EMP")]).open(&network);
        let one = [("CPO", "NL", "ALF"), ("EMSP", "NL", "ALF"), ("CPO", "NL", "BET"), ("EMSP", "NL", "BET")];
        let other = [("CPO", "BE", "OTH"), ("EMSP", "BE", "OTH")];
        let partners = [("one", &one[..]), ("other", &other[..])].map(|(name, roles)| {
            let platform = setup(name, roles).open(&network);
            platform.register_with(&us, "us", name).expect("registered");
            let mut parties: Vec<_> = roles.iter().map(|(_, country, id)| [*country, *id]).collect();
            parties.dedup();
            Partner { name, parties, authorization: authorization(&network, &platform) }
        });
        let objects = us.platform.objects();
        for [country, id] in partners.iter().flat_map(|partner| &partner.parties).chain(&[["DE", "EMP"]]) {
            bodies::put_all(objects, [country, id]);
        }
        let chargers = &us.chargers;
        let router = us.platform.router(|routes| {
            let routes = us.platform.mount_results(routes.cpo(objects).emsp(objects).commands(chargers));
            if routes.version() < Version::V2_2 {
                return routes;
            }
            routes
                .on::<GetActiveChargingProfile, _>(chargers)
                .on::<PutChargingProfile, _>(chargers)
                .on::<ClearChargingProfile, _>(chargers)
        });
        let router = router.expect("a router");
        let mounted = VERSIONS
            .iter()
            .flat_map(|version| router.mounted(*version).into_iter().map(|endpoint| (*version, endpoint)));
        Self { mounted: mounted.collect(), router, partners, is_changed: false, us }
    }

    pub(crate) fn base(&self) -> &Url {
        self.us.platform.base()
    }

    /// All documents of some collections.
    pub(crate) fn documents(&self) -> Documents {
        let collections = OBJECTS.iter().chain(&OTHERS);
        let rows = collections.flat_map(|collection| {
            let query = Query::all(*collection);
            block_on(self.us.store.page(&query, Start::First, 1_000)).expect("a store").rows
        });
        rows.collect()
    }
}

/// The header by which a partner is known: it is seen when the partner asks for something, whatever comes of it.
fn authorization(network: &Network, platform: &TestPlatform) -> String {
    let seen = Arc::new(Mutex::new(String::new()));
    let notes = Arc::clone(&seen);
    network.watch(move |request| {
        let header = request.headers()[header::AUTHORIZATION].to_str().expect("ASCII");
        header.clone_into(&mut notes.lock().expect("no panic"));
        None
    });
    let _ = platform.reach("us");
    network.calm();
    let seen = seen.lock().expect("no panic");
    seen.clone()
}
