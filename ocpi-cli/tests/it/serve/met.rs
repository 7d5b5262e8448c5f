//! Each fault that `ocpi serve --faults` lists shows in front of a city, with a partner that registered before.

use std::sync::Arc;

use bytes::Bytes;
use http::Request;
use http::header::AUTHORIZATION;
use ocpi_client::blocking::wait;
use ocpi_platform::Limits;
use ocpi_sandbox::{Sandbox, SandboxOptions, Seed};
use ocpi_server_traits::{Router, Timer};
use ocpi_testkit::{
    Fault, FaultLayer, Network, PlatformSetup, TestPlatform, cdr_json, fixed_clock, location_json, respond,
    session_json, token_json,
};
use ocpi_types::CredentialsToken;
use ocpi_types::endpoint::GetVersions;
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::sessions::Session;

const BASE: &str = "https://sandbox.example/ocpi";

#[test]
fn every_fault_that_is_listed_shows() {
    let town = Town::new();
    let mut unmet = Vec::new();
    let all = Fault::ALL.iter().copied().filter(|fault| fault.is_of_answers());
    for (number, fault) in all.enumerate() {
        let layer = town.layer(fault);
        town.visit(&layer, number);
        if layer.met() != [fault] {
            unmet.push(fault.name());
        }
        town.calm();
    }
    assert_eq!(unmet, Vec::<&str>::new());
}

#[test]
fn partners_whose_tokens_were_given_before_are_not_locked_out() {
    let town = Town::new();
    for fault in [Fault::VersionsAreOpen, Fault::TokenLooksLikeBase64] {
        let layer = town.layer(fault);
        let token = town.token();
        assert_eq!(get(&layer, "versions", &token.to_header(true)), 200, "{fault:?}");
        assert_eq!(get(&layer, "2.3.0/sender/tariffs", &token.to_header(false)), 200, "{fault:?}");
        let strangers = if fault == Fault::VersionsAreOpen { 200 } else { 401 };
        assert_eq!(get(&layer, "versions", "Token bm9ib2R5"), strangers, "{fault:?}");
        assert_eq!(get(&layer, "versions", ""), strangers, "{fault:?}");
        // It opens nothing else.
        assert_eq!(get(&layer, "2.3.0/sender/tariffs", "Token nobody"), 401, "{fault:?}");
        assert_eq!(get(&layer, "2.3.0/sender/bookings", "Token nobody"), 401, "{fault:?}");
    }
    let layer = town.layer(Fault::TokenRawOnly);
    assert_eq!(get(&layer, "versions", &town.token().to_header(true)), 401);
    assert_eq!(get(&layer, "versions", &town.token().to_header(false)), 200);
}

#[test]
fn two_partners_may_have_tokens_that_look_like_base64() {
    let town = Town::new();
    town.layer(Fault::TokenLooksLikeBase64);
    let other = partner("other", "XYZ", &town.network);
    other.register_with(&town.cpo, "sandbox", "other").unwrap();
    wait(town.partner.platform.rotate("sandbox")).unwrap();
    // As after a restart.
    town.layer(Fault::TokenLooksLikeBase64);
    for partner in [&other, &town.partner] {
        partner.reach("sandbox").unwrap();
    }
}

/// A sandbox and a partner.
struct Town {
    network: Network,
    cpo: TestPlatform,
    router: Router,
    partner: TestPlatform,
}

impl Town {
    fn new() -> Self {
        let network = Network::default();
        let cpo = setup("sandbox", &[("CPO", "NL", "ALF"), ("EMSP", "NL", "ALF")]).open(&network);
        let seed = Seed::city(1, Some(12), &cpo.platform.parties()[0]).unwrap();
        let options = SandboxOptions {
            seed: Some(seed),
            clock: fixed_clock(),
            timer: never(),
            ..SandboxOptions::default()
        };
        let sandbox = wait(Sandbox::open(Arc::clone(&cpo.platform), options)).unwrap();
        let router = sandbox.router().unwrap();
        cpo.put::<Session>(&session_json("NL/ALF", "S7", "10:00:00").replace("1.5", "20"));
        cpo.put::<Cdr>(&cdr_json("NL/ALF", "C7", "10:00:00"));
        let town = Self { partner: partner("partner", "EMP", &network), network, cpo, router };
        town.calm();
        town
    }

    /// A layer with a fault, and no knowledge of what was before, in front of the sandbox from now on.
    fn layer(&self, fault: Fault) -> Arc<FaultLayer> {
        let at_once = Timer::new(|_| std::future::ready(()));
        let layer = Arc::new(FaultLayer::new(self.router.clone(), [fault], fixed_clock(), at_once).unwrap());
        let host = Arc::clone(&layer);
        self.network.add_host("sandbox.example", move |request| {
            wait(host.answer(request)).unwrap_or_else(|| respond(502, &[], "the line is dead"))
        });
        layer
    }

    /// Without a fault, the partner is registered again.
    fn calm(&self) {
        self.network.add_router("sandbox.example", self.router.clone());
        self.forget();
        self.partner.register_with(&self.cpo, "sandbox", "partner").unwrap();
    }

    fn forget(&self) {
        let _ = wait(self.partner.platform.forget("sandbox"));
        let _ = wait(self.cpo.platform.forget("partner"));
    }

    fn token(&self) -> CredentialsToken {
        let request = wait(self.partner.platform.client("sandbox")).unwrap().request(&GetVersions).unwrap();
        CredentialsToken::candidates(request.headers()[AUTHORIZATION].to_str().unwrap()).remove(0)
    }

    /// Everything that partners do, whatever is answered.
    fn visit(&self, layer: &FaultLayer, number: usize) {
        let token = self.token().to_header(true);
        let ask = |method: &str, path: &str, body: &str| send(layer, method, path, &token, true, body);
        get(layer, "versions", "Token bm9ib2R5");
        for path in ["versions", "2.3.0", "2.3.0/credentials"] {
            ask("GET", path, "");
        }
        let modules = ["locations", "tariffs", "sessions", "cdrs", "tokens"];
        for query in
            ["?offset=0&limit=5", "?offset=5&limit=5", "?limit=100", "?date_from=2020-01-01T00:00:00Z"]
        {
            for module in modules {
                ask("GET", &format!("2.3.0/sender/{module}{query}"), "");
            }
        }
        get(layer, "2.3.0/sender/tariffs", &token);
        let location = self.cpo.all::<Location>().into_iter().find(|it| it.party_id == "ALF").unwrap();
        for id in [location.id.as_str(), "UNKNOWN"] {
            ask("GET", &format!("2.3.0/sender/locations/{id}"), "");
        }
        let uid = format!("U{number}");
        let at = format!("2.3.0/receiver/tokens/DE/EMP/{uid}");
        ask("PUT", &at, &token_json("DE/EMP", &uid, "10:00:00"));
        ask("PATCH", &at, r#"{"valid": false, "last_updated": "2026-11-22T11:00:00Z"}"#);
        ask("PATCH", &at, r#"{"valid": true}"#);
        let id = format!("L{number}");
        let at = format!("2.3.0/receiver/locations/DE/EMP/{id}");
        ask("PUT", &at, &location_json("DE/EMP", &id, "10:00:00"));
        ask("POST", "2.3.0/receiver/cdrs", &theirs(&cdr_json("DE/EMP", &format!("C{number}"), "10:00:00")));
        let stop = r#"{"response_url": "https://partner.example/ocpi/results/1", "session_id": "S7"}"#;
        ask("POST", "2.3.0/receiver/commands/STOP_SESSION", stop);
        for uid in ["04SANDBOX0001", "NOBODY"] {
            ask("POST", &format!("2.3.0/sender/tokens/{uid}/authorize?type=RFID"), "");
        }
        let _ = wait(self.partner.platform.rotate("sandbox"));
        let _ = wait(self.partner.platform.unregister("sandbox"));
        self.forget();
        let _ = self.partner.register_with(&self.cpo, "sandbox", "partner");
    }
}

/// A CDR of a driver of the sandbox's.
fn theirs(cdr: &str) -> String {
    let token =
        |country: &str, party: &str| format!(r#""country_code": "{country}", "party_id": "{party}", "uid""#);
    cdr.replace(&token("DE", "EMP"), &token("NL", "ALF"))
}

fn partner(name: &'static str, party: &str, network: &Network) -> TestPlatform {
    setup(name, &[("CPO", "DE", party), ("EMSP", "DE", party)]).open(network)
}

fn setup(name: &'static str, roles: &[(&str, &str, &str)]) -> PlatformSetup {
    let limits = Limits { credentials_per_minute: 100_000, ..Limits::default() };
    PlatformSetup { limits, timer: never(), ..PlatformSetup::new(name, roles) }
}

/// Nothing is waited for.
fn never() -> Timer {
    Timer::new(|_| std::future::pending())
}

/// GET without routing; the status, 0 without an answer.
fn get(layer: &FaultLayer, path: &str, token: &str) -> u16 {
    send(layer, "GET", path, token, false, "")
}

fn send(layer: &FaultLayer, method: &str, path: &str, token: &str, is_routed: bool, body: &str) -> u16 {
    let mut request =
        Request::builder().method(method).uri(format!("{BASE}/{path}")).header(AUTHORIZATION, token);
    let routing = [
        ("ocpi-to-country-code", "NL"),
        ("ocpi-to-party-id", "ALF"),
        ("ocpi-from-country-code", "DE"),
        ("ocpi-from-party-id", "EMP"),
        ("x-request-id", "r1"),
        ("x-correlation-id", "c1"),
    ];
    for (name, value) in routing.into_iter().filter(|_| is_routed) {
        request = request.header(name, value);
    }
    let answer = wait(layer.answer(request.body(Bytes::from(body.to_owned())).unwrap()));
    answer.map_or(0, |answer| answer.status().as_u16())
}
