//! Owners of objects by path, body and headers: over parties, modules, methods, versions and roles.
//!
//! The oracle knows nothing of the library: a few lines say whose the object is and who the caller is. Nobody reads or
//! writes what is another's, and everybody reads and writes what is its own.

mod bodies;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use http::{Method, header};
use ocpi_server_traits::storage::{Address, Position, Store};
use ocpi_server_traits::{Memory, Router};
use ocpi_testkit::{Answer, Network, PlatformSetup, TestPlatform};
use ocpi_types::v2_3_0::tokens::Token;
use ocpi_types::{InterfaceRole, ModuleId, Version};
use pollster::block_on;

use bodies::{KINDS, Kind};

/// Parties as they stand in a path, a body or a header: country and id.
const PARTIES: [(&str, [&str; 2]); 13] = [
    ("own", ["NL", "ALF"]),
    ("own in another case", ["nl", "aLf"]),
    ("another one of the same partner", ["NL", "BET"]),
    ("one of another partner", ["BE", "OTH"]),
    ("one of another partner in another case", ["be", "oth"]),
    ("unknown", ["XX", "XXX"]),
    ("ours", ["DE", "EMP"]),
    ("of another country", ["BE", "ALF"]),
    ("own, the other way round", ["ALF", "NL"]),
    ("empty", ["", ""]),
    ("with a suffix", ["NL", "ALFA"]),
    ("with a prefix", ["NL", "AL"]),
    ("with a letter changed", ["NL", "ALG"]),
];
/// The roles of the partners, in the versions that name them.
const ROLES: [&[&str]; 4] = [&["CPO"], &["EMSP"], &["CPO", "EMSP"], &["HUB"]];
const METHODS: [Method; 5] = [Method::GET, Method::PUT, Method::PATCH, Method::POST, Method::DELETE];

/// The partners and what is theirs, as a test knows it.
struct Partner {
    parties: Vec<[&'static str; 2]>,
    roles: &'static [&'static str],
}

impl Partner {
    fn has(&self, party: [&str; 2]) -> bool {
        self.parties
            .iter()
            .any(|own| own.iter().zip(party).all(|(own, named)| own.eq_ignore_ascii_case(named)))
    }

    /// Whether it owns objects of a kind: eMSPs own Tokens, CPOs everything else, and hubs have both behind them.
    fn owns(&self, kind: &Kind) -> bool {
        let role = if kind.module == ModuleId::Tokens { "EMSP" } else { "CPO" };
        self.roles.contains(&role) || self.roles.contains(&"HUB")
    }
}

/// A case: a request, and what the oracle needs to know of it.
struct Case<'a> {
    kind: &'a Kind,
    method: &'a Method,
    path: [&'a str; 2],
    body: [&'a str; 2],
    from: Option<[&'a str; 2]>,
}

/// The outcome that a case has to have.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Verdict {
    /// It is the caller's, and has to be done.
    Own,
    /// It is another's: nothing is read or written.
    Foreign,
    /// It is refused or not, for other reasons; what is another's is not touched.
    Either,
}

/// The oracle.
fn verdict(partner: &Partner, case: &Case<'_>, version: Version) -> Verdict {
    let is_post = *case.method == Method::POST;
    let names_in_body =
        case.kind.names_owner(version) && [Method::PUT, Method::PATCH, Method::POST].contains(case.method);
    // A POST has no owner in its path, and in 2.1.1 none at all.
    let by_path = is_post || partner.has(case.path);
    let by_body = !names_in_body || partner.has(case.body);
    let is_one = is_post || !names_in_body || (0..2).all(|i| case.path[i].eq_ignore_ascii_case(case.body[i]));
    let is_from = case.from.is_none_or(|from| partner.has(from));
    if !by_path || !by_body || !partner.owns(case.kind) {
        return Verdict::Foreign;
    }
    let is_method = case.kind.methods.contains(case.method);
    if is_one && is_from && is_method { Verdict::Own } else { Verdict::Either }
}

/// A platform of ours, an eMSP and a CPO, with two partners.
struct World {
    router: Router,
    us: TestPlatform,
    partner: Partner,
    version: Version,
    /// The header by which the partner is known.
    authorization: String,
}

impl World {
    fn new(version: Version, roles: &'static [&'static str]) -> Self {
        let network = Network::default();
        let setup = |name, roles: &[(&str, &str, &str)]| {
            let store = Arc::new(Memory::new());
            PlatformSetup { versions: vec![version], store, ..PlatformSetup::new(name, roles) }
        };
        let us = setup("us", &[("EMSP", "DE", "EMP"), ("CPO", "DE", "EMP")]).open(&network);
        let mut parties = vec![["NL", "ALF"], ["NL", "BET"]];
        // Credentials of 2.1.1 have one party, and no role.
        parties.truncate(if version == Version::V2_1_1 { 1 } else { 2 });
        let of = |parties: &[[&'static str; 2]]| -> Vec<(&str, &str, &str)> {
            parties
                .iter()
                .flat_map(|[country, id]| roles.iter().map(move |role| (*role, *country, *id)))
                .collect()
        };
        let one = setup("one", &of(&parties)).open(&network);
        let other = setup("other", &of(&[["BE", "OTH"]])).open(&network);
        one.register_with(&us, "us", "one").expect("registered");
        other.register_with(&us, "us", "other").expect("registered");
        let seen = Arc::new(Mutex::new(String::new()));
        let notes = Arc::clone(&seen);
        network.watch(move |request| {
            let header = request.headers()[header::AUTHORIZATION].to_str().expect("ASCII");
            header.clone_into(&mut notes.lock().expect("no panic"));
            None
        });
        // Whatever comes of it: the token is seen.
        let _ = one.reach("us");
        network.calm();
        let authorization = seen.lock().expect("no panic").clone();
        let objects = us.platform.objects();
        let router = us.platform.router(|routes| routes.emsp(objects).receiver::<Token>(objects));
        let roles = if version == Version::V2_1_1 { &["CPO", "EMSP"] } else { roles };
        let world = Self {
            router: router.expect("a router"),
            us,
            partner: Partner { parties, roles },
            version,
            authorization,
        };
        world.fill();
        world
    }

    /// Every party has one object of each kind, as far as they are missing.
    fn fill(&self) {
        for (_, [country, id]) in PARTIES {
            if country.len() == 2 && id.len() == 3 {
                bodies::put_all(self.us.platform.objects(), [country, id]);
            }
        }
    }

    fn ask(&self, case: &Case<'_>) -> Answer {
        let base = self.us.platform.base();
        let layout = ocpi_server_traits::Layout::default();
        let module = layout.module_url(base, self.version, &case.kind.module, &InterfaceRole::Receiver);
        let url = match *case.method {
            Method::POST => module.as_str().to_owned(),
            _ => format!("{module}/{}/{}/{}", case.path[0], case.path[1], case.kind.below),
        };
        let body = match *case.method {
            Method::PUT | Method::POST => (case.kind.body)(case.body, self.version),
            Method::PATCH => case.kind.patch(case.body, self.version),
            _ => String::new(),
        };
        let request = http::Request::builder().method(case.method.clone()).uri(url);
        let mut request = request.header(header::AUTHORIZATION, &self.authorization);
        if let Some([country, id]) = case.from {
            request = request.header("OCPI-from-country-code", country).header("OCPI-from-party-id", id);
            request = request.header("OCPI-to-country-code", "DE").header("OCPI-to-party-id", "EMP");
        }
        Answer::of(block_on(self.router.call(request.body(body.into()).expect("a request"))))
    }

    /// All objects: their revisions, and whether they are deleted.
    fn objects(&self) -> BTreeMap<Address, (u64, bool)> {
        let changes = block_on(self.us.store.changes(Position::START, 10_000)).expect("a store");
        changes.rows.into_iter().map(|row| (row.at, (row.revision, row.is_deleted))).collect()
    }
}

/// One case in so many is played. It divides none of the numbers of variants, so each variant meets every other one.
const STRIDE: usize = 3;

/// Number of cases of each verdict.
#[derive(Default)]
struct Tally {
    met: usize,
    own: usize,
    foreign: usize,
    either: usize,
}

fn check(world: &World, case: &Case<'_>, name: &str, tally: &mut Tally) {
    tally.met += 1;
    if tally.met % STRIDE != 0 {
        return;
    }
    let before = world.objects();
    let answer = world.ask(case);
    let after = world.objects();
    let shown = || {
        let (version, roles) = (world.version, world.partner.roles);
        format!(
            "{version} {roles:?} {} {} of {:?} (body {:?}, from {:?}), {name}: {answer:?}",
            case.method, case.kind.name, case.path, case.body, case.from
        )
    };
    let touched: Vec<&Address> =
        after.iter().filter(|(at, state)| before.get(at) != Some(state)).map(|(at, _)| at).collect();
    // What was touched is the caller's, and it is the object that the request named.
    let named = if *case.method == Method::POST { case.body } else { case.path };
    for at in &touched {
        let (country, id) = at.owner().split_once('/').expect("a party");
        assert!(world.partner.has([country, id]), "a foreign write: {}", shown());
        let is_named = country.eq_ignore_ascii_case(named[0]) && id.eq_ignore_ascii_case(named[1]);
        assert!(is_named || world.version == Version::V2_1_1, "another object: {}", shown());
    }
    assert!(after.len() >= before.len(), "{}", shown());
    let is_done = answer.code < 2000;
    assert!(is_done || touched.is_empty(), "refused and written: {}", shown());
    match verdict(&world.partner, case, world.version) {
        Verdict::Own => {
            tally.own += 1;
            assert!(is_done, "own refused: {}", shown());
        }
        Verdict::Foreign => {
            tally.foreign += 1;
            assert!(!is_done && answer.data.is_none() && touched.is_empty(), "foreign: {}", shown());
        }
        Verdict::Either => tally.either += 1,
    }
    if *case.method == Method::DELETE && is_done {
        world.fill();
    }
}

#[test]
fn nobody_touches_what_is_anothers_in_any_version_or_role() {
    let mut tally = Tally::default();
    for version in [Version::V2_1_1, Version::V2_2, Version::V2_2_1, Version::V2_3_0] {
        for roles in ROLES {
            let world = World::new(version, roles);
            for kind in KINDS {
                for method in &METHODS {
                    for (name, path) in PARTIES {
                        for (_, from) in PARTIES.iter().take(10) {
                            let case = Case { kind, method, path, body: path, from: Some(*from) };
                            check(&world, &case, name, &mut tally);
                        }
                        let has_body = [Method::PUT, Method::PATCH, Method::POST].contains(method);
                        for (_, body) in PARTIES.iter().take(if has_body { 13 } else { 1 }) {
                            let body = if has_body { *body } else { path };
                            let case = Case { kind, method, path, body, from: None };
                            check(&world, &case, name, &mut tally);
                        }
                    }
                }
            }
        }
    }
    let all = tally.own + tally.foreign + tally.either;
    println!("{all} cases: {} own, {} foreign, {} either", tally.own, tally.foreign, tally.either);
    assert!(all >= 5_000 && tally.own >= 1_000 && tally.foreign >= 3_000, "{all}");
}
