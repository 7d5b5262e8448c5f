//! Ownership: every party reads and writes its own objects, and no others.

use http::Method;
use ocpi_testkit::{
    Answer, cdr_json, connector_json, evse_json, location_json, parse, party, session_json, tariff_json,
    token, token_json,
};
use ocpi_types::endpoint::RootResource;
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::Token;

use crate::site::{OTHER, Site, raw_request, request};

/// Parties of the CPO in a URL or in a body: two, in upper and lower case.
const OWN: &[&str] = &["NL/ALF", "NL/BET", "nl/alf", "Nl/bEt"];
/// Parties of others: a stranger, another partner, and parties that differ in country or id only; and the eMSP itself.
const FOREIGN: &[&str] = &["BE/OTH", "be/oth", "NL/OTH", "BE/ALF", "NL/ALG", "DE/ALF", "DE/EMP", "XX/XXX"];

fn is_own(of: &str) -> bool {
    OWN.contains(&of)
}

/// A kind of resource: where it is, how it is written, and how it is changed.
struct Kind {
    name: &'static str,
    module: &'static str,
    below: &'static str,
    methods: &'static [Method],
    body: fn(&str, &str) -> String,
    /// Whether the body names the owner.
    names_owner: bool,
}

const ALL: &[Method] = &[Method::GET, Method::PUT, Method::PATCH];

const KINDS: &[Kind] = &[
    Kind {
        name: "Location",
        module: "locations",
        below: "L1",
        methods: ALL,
        body: |of, updated| location_json(of, "L1", updated),
        names_owner: true,
    },
    Kind {
        name: "EVSE",
        module: "locations",
        below: "L1/E1",
        methods: ALL,
        body: |_, updated| evse_json("E1", updated),
        names_owner: false,
    },
    Kind {
        name: "Connector",
        module: "locations",
        below: "L1/E1/C1",
        methods: ALL,
        body: |_, updated| connector_json("C1", updated),
        names_owner: false,
    },
    Kind {
        name: "Tariff",
        module: "tariffs",
        below: "T1",
        methods: &[Method::GET, Method::PUT, Method::DELETE],
        body: |of, updated| tariff_json(of, "T1", updated),
        names_owner: true,
    },
    Kind {
        name: "Session",
        module: "sessions",
        below: "S1",
        methods: ALL,
        body: |of, updated| session_json(of, "S1", updated),
        names_owner: true,
    },
    Kind {
        name: "Token",
        module: "tokens",
        below: "K1",
        methods: ALL,
        body: |of, updated| token_json(of, "K1", updated),
        names_owner: true,
    },
];

/// A site where every party has one object of each kind.
fn site() -> Site {
    let site = Site::emsp();
    for of in ["NL/ALF", "NL/BET"].iter().chain(FOREIGN) {
        put::<Location>(&site, &location_json(of, "L1", "09:00:00"));
        put::<Tariff>(&site, &tariff_json(of, "T1", "09:00:00"));
        put::<Session>(&site, &session_json(of, "S1", "09:00:00"));
        put::<Token>(&site, &token_json(of, "K1", "09:00:00"));
        put::<Cdr>(&site, &cdr_json(of, "D1", "09:00:00"));
    }
    site
}

fn put<T: RootResource>(site: &Site, json: &str) {
    pollster::block_on(site.objects.put_all([parse::<T>(json)])).expect("a store");
}

/// Everything that is not the CPO's, as it stands in the store.
fn foreign(site: &Site) -> Vec<String> {
    fn of<T: RootResource>(site: &Site, own: &[Party]) -> Vec<String> {
        let all = pollster::block_on(site.objects.all::<T>()).expect("a store").objects;
        let foreign = all.iter().filter(|object| !own.contains(&object.identity().owner));
        foreign.map(ocpi_types::json::to_string).collect()
    }
    let own = [party("NL/ALF"), party("NL/BET")];
    [
        of::<Location>(site, &own),
        of::<Tariff>(site, &own),
        of::<Session>(site, &own),
        of::<Token>(site, &own),
        of::<Cdr>(site, &own),
    ]
    .concat()
}

/// Number of attempts on own and on foreign objects.
#[derive(Default)]
struct Tally {
    own: usize,
    foreign: usize,
}

#[test]
fn nobody_reads_or_writes_what_is_anothers_and_everybody_his_own() {
    let mut tally = Tally::default();
    for kind in KINDS {
        for method in kind.methods {
            let site = site();
            let before = foreign(&site);
            for in_url in OWN.iter().chain(FOREIGN) {
                for in_body in OWN.iter().chain(FOREIGN) {
                    put::<Tariff>(&site, &tariff_json("NL/ALF", "T1", "09:00:00"));
                    put::<Tariff>(&site, &tariff_json("NL/BET", "T1", "09:00:00"));
                    let answer = attempt(&site, kind, method, in_url, in_body);
                    let shown = format!("{method} {} of {in_url}, body of {in_body}: {answer:?}", kind.name);
                    let has_body = [Method::PUT, Method::PATCH].contains(method);
                    let contradicts = has_body && kind.names_owner && party(in_url) != party(in_body);
                    match (is_own(in_url), contradicts) {
                        (true, false) => {
                            tally.own += 1;
                            assert!(answer.is(200, 1000), "{shown}");
                        }
                        (true, true) => assert!(answer.is(200, 2001), "{shown}"),
                        (false, _) => {
                            tally.foreign += 1;
                            assert!(answer.is(404, 2000) || (contradicts && answer.is(200, 2001)), "{shown}");
                            assert_eq!(answer.data, None, "{shown}");
                        }
                    }
                }
                assert_eq!(foreign(&site), before, "{method} {} of {in_url}", kind.name);
            }
        }
    }
    println!("{} attempts on one's own, {} on what is another's", tally.own, tally.foreign);
    assert!(tally.own >= 500 && tally.foreign >= 1000, "{} and {}", tally.own, tally.foreign);
}

fn attempt(site: &Site, kind: &Kind, method: &Method, in_url: &str, in_body: &str) -> Answer {
    let path = format!("/receiver/{}/{in_url}/{}", kind.module, kind.below);
    let body = match *method {
        Method::PUT => (kind.body)(in_body, "10:00:00"),
        Method::PATCH if kind.names_owner => {
            let owner = party(in_body);
            format!(
                r#"{{"country_code": "{}", "party_id": "{}", "last_updated": "2026-11-22T10:00:00Z"}}"#,
                owner.country_code, owner.party_id
            )
        }
        Method::PATCH => r#"{"last_updated": "2026-11-22T10:00:00Z"}"#.to_owned(),
        _ => String::new(),
    };
    site.ask(request(method.clone(), &path, &body))
}

#[test]
fn an_owner_that_is_none_is_no_owner() {
    let site = site();
    let before = foreign(&site);
    for of in ["N/ALF", "NL/AL", "NL/ALFA", "NL/A%20F", "12/ALF", "NL%2FALF/L1", "%4EL/%C3%A9LF", "NL/A%0AF"]
    {
        let answer = site.get(&format!("/receiver/locations/{of}/L1"));
        assert!(answer.is(200, 2001) || answer.is(404, 2000), "{of}: {answer:?}");
        assert_eq!(answer.data, None, "{of}");
    }
    // Three letters of a country are the same country, as in bodies.
    site.get("/receiver/locations/NLD/ALF/L1").expect(200, 1000);
    // Decoded once, `%4E` is a letter like any other.
    site.get("/receiver/locations/%4EL/%41LF/L1").expect(200, 1000);
    site.get("/receiver/locations/%254EL/ALF/L1").expect(404, 2000);
    assert_eq!(foreign(&site), before);
}

#[test]
fn cdrs_belong_to_the_party_in_them() {
    for of in OWN {
        let site = site();
        site.post("/receiver/cdrs", &cdr_json(of, "NEW", "10:00:00")).expect(201, 1000);
    }
    for of in FOREIGN {
        let site = site();
        let before = foreign(&site);
        site.post("/receiver/cdrs", &cdr_json(of, "NEW", "10:00:00")).expect(404, 2000);
        site.get(&format!("/receiver/cdrs/{of}/D1")).expect(404, 2000);
        assert_eq!(foreign(&site), before);
    }
}

/// Another partner reads nothing of the CPO's, though both are registered.
#[test]
fn partners_are_apart() {
    let site = site();
    for kind in KINDS {
        for (of, status) in [("NL/ALF", 404), ("BE/OTH", 200)] {
            let path = format!("/ocpi/2.3.0/receiver/{}/{of}/{}", kind.module, kind.below);
            let mut request = raw_request(Method::GET, &path, bytes::Bytes::new());
            let other = token(OTHER).to_header(true).parse().expect("a header");
            request.headers_mut().insert(http::header::AUTHORIZATION, other);
            assert_eq!(site.ask(request).status, status, "{} of {of}", kind.name);
        }
    }
}

#[test]
fn ids_in_url_and_body_are_the_same_whatever_their_case() {
    let site = Site::emsp();
    for (path, body) in [
        ("/receiver/locations/NL/ALF/l1", location_json("nl/alf", "L1", "10:00:00")),
        ("/receiver/locations/NL/ALF/L1/e1", evse_json("E1", "10:00:00")),
        ("/receiver/locations/NL/ALF/L1/E1/c1", connector_json("C1", "10:00:00")),
        ("/receiver/tariffs/NL/ALF/t1", tariff_json("NL/ALF", "T1", "10:00:00")),
        ("/receiver/sessions/NL/ALF/s1", session_json("NL/ALF", "S1", "10:00:00")),
        ("/receiver/tokens/NL/ALF/k1?type=RFID", token_json("NL/ALF", "K1", "10:00:00")),
    ] {
        let answer = site.put(path, &body);
        assert_eq!(answer.code, 1000, "{path}: {answer:?}");
    }
    let location: Location = site.get("/receiver/locations/nl/alf/L1").expect(200, 1000).object();
    assert_eq!((location.party_id.as_str(), location.evses.len()), ("alf", 1), "the spelling is kept");
}

#[test]
fn ids_that_differ_in_url_and_body_are_2001() {
    let site = site();
    for (path, body) in [
        ("/receiver/locations/NL/ALF/L2", location_json("NL/ALF", "L1", "10:00:00")),
        ("/receiver/locations/NL/BET/L1", location_json("NL/ALF", "L1", "10:00:00")),
        ("/receiver/locations/NL/ALF/L1/E2", evse_json("E1", "10:00:00")),
        ("/receiver/locations/NL/ALF/L1/E1/C2", connector_json("C1", "10:00:00")),
        ("/receiver/tariffs/NL/ALF/T2", tariff_json("NL/ALF", "T1", "10:00:00")),
        ("/receiver/sessions/NL/ALF/S2", session_json("NL/ALF", "S1", "10:00:00")),
        ("/receiver/tokens/NL/ALF/K2", token_json("NL/ALF", "K1", "10:00:00")),
        ("/receiver/tokens/NL/ALF/K1?type=APP_USER", token_json("NL/ALF", "K1", "10:00:00")),
    ] {
        site.put(path, &body).expect(200, 2001);
        let there = site.get(path);
        let updated = there.data.is_some_and(|data| data.contains("10:00:00"));
        assert!(!updated, "{path} was written");
    }
}
