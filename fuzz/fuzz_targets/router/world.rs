//! A platform of ours, a CPO and an eMSP, with two partners.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use http::header;
use ocpi_server_traits::storage::{Address, Document, NewDocument, Query, Rejected, Start, Store, StoreExt};
use ocpi_server_traits::{MountedEndpoint, Router};
use ocpi_testkit::{Network, PlatformSetup, TestPlatform, roles_json};
use ocpi_types::endpoint::{ClearChargingProfile, GetActiveChargingProfile, PutChargingProfile};
use ocpi_types::{Url, Version};
use pollster::block_on;

use crate::bodies;

pub(crate) const VERSIONS: [Version; 3] = [Version::V2_1_1, Version::V2_2_1, Version::V2_3_0];
/// Collections of objects, each owned by a party.
pub(crate) const OBJECTS: [&str; 5] = ["Location", "Tariff", "Session", "Token", "CDR"];
/// Collections of what is noted beside objects.
const BESIDE: [&str; 3] = ["Doubt", "CdrCredit", "Account"];
/// Collections of what is known of partners.
const PARTNERS: [&str; 4] = ["Partner", "PartnerToken", "PartnerParty", "PartnerDetails"];

/// A partner: its name, its parties, and the header by which it is known.
pub(crate) struct Partner {
    pub(crate) name: &'static str,
    pub(crate) parties: Vec<[&'static str; 2]>,
    pub(crate) authorization: String,
}

impl Partner {
    /// Whether a party is one of the partner's, whatever its case and with blanks around it, as they stand in a path.
    pub(crate) fn has(&self, party: [&str; 2]) -> bool {
        let is_same = |own: &str, it: &str| own.eq_ignore_ascii_case(it.replace("%20", " ").trim());
        self.parties.iter().any(|own| own.iter().zip(party).all(|(own, it)| is_same(own, it)))
    }
}

pub(crate) struct World {
    pub(crate) router: Router,
    pub(crate) partners: [Partner; 2],
    pub(crate) mounted: Vec<(Version, MountedEndpoint)>,
    /// Whether somebody's registration may have changed.
    pub(crate) is_spent: bool,
    first: Documents,
    us: TestPlatform,
    _network: Cleared,
}

/// A network whose platforms are freed with it.
struct Cleared(Network);

impl Drop for Cleared {
    fn drop(&mut self) {
        self.0.clear();
    }
}

/// Documents by their addresses.
pub(crate) type Documents = BTreeMap<Address, Document>;

impl World {
    pub(crate) fn new() -> Self {
        let network = Network::default();
        let cleared = Cleared(network.clone());
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
        let mounted = mounted.collect();
        let world = Self {
            mounted,
            router,
            partners,
            is_spent: false,
            first: Documents::new(),
            us,
            _network: cleared,
        };
        Self { first: world.documents(), ..world }
    }

    /// Puts everything back, but for revisions; to make a world takes a hundred times as long. `None`: it cannot be done.
    pub(crate) fn restored(self) -> Option<Self> {
        let touched = touched(&self.first, &self.documents());
        let is_simple =
            |at: &Address| OBJECTS.contains(&at.collection()) || BESIDE.contains(&at.collection());
        if self.is_spent || !touched.iter().all(is_simple) {
            return None;
        }
        let first: Vec<_> = touched.iter().map(|at| self.first.get(at).map(as_new)).collect();
        let write = self.us.store.update(touched.clone(), move |transaction| {
            for (at, first) in touched.iter().zip(&first) {
                transaction.erase(at)?;
                if let Some(first) = first {
                    transaction.put(at, first.clone())?;
                }
            }
            Ok::<_, Rejected<()>>(())
        });
        block_on(write).expect("a store");
        Some(Self { first: self.documents(), ..self })
    }

    pub(crate) fn base(&self) -> &Url {
        self.us.platform.base()
    }

    /// All documents of some collections.
    pub(crate) fn documents(&self) -> Documents {
        let collections = OBJECTS.iter().chain(&BESIDE).chain(&PARTNERS);
        let rows = collections.flat_map(|collection| {
            let query = Query::all(*collection);
            block_on(self.us.store.page(&query, Start::First, 1_000)).expect("a store").rows
        });
        rows.collect()
    }
}

/// The addresses at which two states differ.
pub(crate) fn touched(before: &Documents, after: &Documents) -> Vec<Address> {
    let changed = after.iter().filter(|(at, document)| before.get(at) != Some(document));
    let gone = before.iter().filter(|(at, _)| !after.contains_key(at));
    changed.chain(gone).map(|(at, _)| at.clone()).collect()
}

fn as_new(document: &Document) -> NewDocument {
    NewDocument::new(document.body.clone(), document.format.clone(), document.last_updated)
        .in_list(document.list.clone())
        .with_terms(document.terms.clone())
        .with_stamps(document.stamps.clone())
        .with_cause(document.cause.clone())
        .with_part("")
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
