//! Partners that deviate, and platforms that have learned how: while they register, afterwards, and when they rotate.
//!
//! Tests are named after the collection of deviations in the field: A… of handshakes, C… of statuses, U… of what was met with
//! systems of other makes.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::Method;
use ocpi_platform::{Allow, Error, PartnerState};
use ocpi_testkit::{
    Network, PlatformSetup, TestPlatform, credentials_json, failure, location_json, parse, party, registered,
    respond, success, token,
};
use ocpi_types::endpoint::{List, PushOutcome, Put};
use ocpi_types::protocol::{EndpointUrl, PartnerProfile, TokenForm, TokenScope};
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::Token;
use ocpi_types::{CredentialsToken, InterfaceRole, ModuleId, Rate, Url, Version};
use pollster::block_on;

const CPO: &[(&str, &str, &str)] = &[("CPO", "BE", "HND")];

type Answers<T> = dyn Fn(&http::Request<Bytes>) -> T + Send + Sync;

/// A partner of one version whose ways are given. It answers with a new token at each exchange.
struct Odd {
    version: &'static str,
    /// The host of its modules.
    modules_at: &'static str,
    /// Its answer to a request of credentials, if it is another than success.
    credentials: Box<Answers<Option<http::Response<Bytes>>>>,
    /// Its answer to anything else than versions, details and credentials.
    module: Box<Answers<http::Response<Bytes>>>,
    /// Whether it takes the token in Base64, by the path.
    takes: fn(&str) -> Option<bool>,
}

impl Default for Odd {
    fn default() -> Self {
        Self {
            version: "2.3.0",
            modules_at: "hand.example",
            credentials: Box::new(|_| None),
            module: Box::new(|_| success("[]")),
            takes: |_| None,
        }
    }
}

/// The requests that it got, as method, path and form of the token.
type Got = Arc<Mutex<Vec<String>>>;

impl Odd {
    fn add_to(self, network: &Network) -> Got {
        let got = Got::default();
        let (seen, count) = (Arc::clone(&got), Mutex::new(0));
        network.add_host("hand.example", move |request| {
            let path = request.uri().path().to_owned();
            let header = request.headers()["authorization"].to_str().expect("ASCII").to_owned();
            let is_base64 = header == token(&decoded(&header)).to_header(true);
            let form = if is_base64 { "base64" } else { "plain" };
            seen.lock().expect("no panic").push(format!("{} {path} {form}", request.method()));
            if (self.takes)(&path).is_some_and(|wanted| wanted != is_base64) {
                return failure(401, 2000);
            }
            let version = self.version;
            match &*path {
                _ if path.ends_with("/versions") => success(&format!(
                    r#"[{{"version": "{version}", "url": "https://hand.example/{version}"}}]"#
                )),
                _ if path == format!("/{version}") => success(
                    &details(version)
                        .replace("hand.example/cpo", &format!("{}/cpo", self.modules_at))
                        .replace("hand.example/emsp", &format!("{}/emsp", self.modules_at)),
                ),
                _ if path.ends_with("/credentials") => {
                    if let Some(refusal) = (self.credentials)(&request) {
                        return refusal;
                    }
                    let mut count = count.lock().expect("no panic");
                    *count += 1;
                    success(&theirs(version, *count))
                }
                _ => (self.module)(&request),
            }
        });
        got
    }
}

/// The token in a header, whatever its form.
fn decoded(header: &str) -> String {
    let candidates = CredentialsToken::candidates(header);
    let shortest = candidates.iter().map(CredentialsToken::expose).min_by_key(|text| text.len());
    shortest.expect("a token").to_owned()
}

fn details(version: &str) -> String {
    let at = |module: &str, role: &str, path: &str| {
        format!(r#"{{"identifier": "{module}", "role": "{role}", "url": "https://hand.example/{path}"}}"#)
    };
    let endpoints = [
        at("credentials", "SENDER", &format!("{version}/credentials")),
        at("tariffs", "SENDER", &format!("cpo/{version}/tariffs")),
        at("tokens", "SENDER", &format!("emsp/{version}/tokens")),
        at("tokens", "RECEIVER", &format!("cpo/{version}/tokens")),
    ];
    format!(r#"{{"version": "{version}", "endpoints": [{}]}}"#, endpoints.join(","))
}

fn theirs(version: &str, number: u32) -> String {
    if version == "2.1.1" {
        return format!(
            r#"{{"token": "token-c-{number}", "url": "https://hand.example/versions", "country_code": "BE",
            "party_id": "HND", "business_details": {{"name": "Hand"}}}}"#
        );
    }
    credentials_json(&format!("token-c-{number}"), "hand.example", CPO)
}

fn url() -> Url {
    "https://hand.example/versions".parse().expect("a URL")
}

fn allow() -> Allow {
    Allow::default().party(party("BE/HND")).host("hand.example")
}

fn emsp(network: &Network) -> TestPlatform {
    let versions = vec![Version::V2_1_1, Version::V2_2_1, Version::V2_3_0];
    PlatformSetup { versions, ..PlatformSetup::emsp() }.open(network)
}

fn register(emsp: &TestPlatform) -> Result<ocpi_platform::PartnerStatus, Error> {
    block_on(emsp.platform.register("hand", url(), token("token-a"), allow()))
}

fn taken(got: &Got) -> Vec<String> {
    std::mem::take(&mut *got.lock().expect("no panic"))
}

fn demands_nulls(request: &http::Request<Bytes>) -> Option<http::Response<Bytes>> {
    let has_nulls = String::from_utf8_lossy(request.body()).contains("\"website\":null");
    let is_write = request.method() != Method::GET;
    (is_write && !has_nulls).then(|| respond(422, &[], r#"{"detail": "website: field required"}"#))
}

/// U6: a partner that knows no absent members. Nulls are tried once, learned, and sent at once from then on.
#[test]
fn nulls_are_learned_while_registering_and_kept() {
    let network = Network::default();
    let got = Odd { credentials: Box::new(demands_nulls), ..Odd::default() }.add_to(&network);
    let emsp = emsp(&network);
    let status = register(&emsp).expect("registered");
    assert_eq!(status.state, PartnerState::Registered);
    assert!(status.profile.style.explicit_nulls);
    let told: Vec<&str> = status.deviations.iter().map(|it| it.finding.rule.id()).collect();
    assert!(told.contains(&"cred.nulls_demanded"), "{told:?}");
    let posts = taken(&got).iter().filter(|it| it.starts_with("POST")).count();
    assert_eq!(posts, 2);
    block_on(emsp.platform.rotate("hand")).expect("rotated");
    let puts = taken(&got).iter().filter(|it| it.starts_with("PUT")).count();
    assert_eq!(puts, 1, "it was known");
    assert!(emsp.partner("hand").profile.style.explicit_nulls);
}

/// U6, M1: what is known beforehand is used from the first request on.
#[test]
fn a_profile_can_be_given_before_anything_is_sent() {
    let network = Network::default();
    let got = Odd { credentials: Box::new(demands_nulls), takes: |_| Some(false), ..Odd::default() }
        .add_to(&network);
    let emsp = emsp(&network);
    let profile = PartnerProfile::strict_schema().with_token(TokenForm::Plain).with_most_limit(7);
    let registered =
        block_on(emsp.platform.register_with("hand", url(), token("token-a"), allow(), profile.clone()));
    assert_eq!(registered.expect("registered").profile, profile);
    let requests = taken(&got);
    assert!(requests.iter().all(|it| it.ends_with("plain")), "{requests:?}");
    assert_eq!(requests.iter().filter(|it| it.starts_with("POST")).count(), 1);
    block_on(emsp.platform.rotate("hand")).expect("rotated");
    assert_eq!(emsp.partner("hand").profile, profile, "a rotation keeps it");
    let foreign = PartnerProfile::strict().with_url(EndpointUrl {
        version: Version::V2_3_0,
        module: ModuleId::Tariffs,
        role: InterfaceRole::Sender,
        url: "http://10.0.0.1/tariffs".parse().expect("a URL"),
    });
    let refused = block_on(emsp.platform.set_profile("hand", &foreign));
    assert!(matches!(refused, Err(Error::UrlRefused(_))), "{refused:?}");
}

/// U1, A1: a partner of 2.1.1 whose list is open to both forms, and one that wants Base64 in its list alone.
#[test]
fn forms_of_the_token_are_learned_for_each_place() {
    for takes in [(|path: &str| (path != "/versions").then_some(false)) as fn(&str) -> Option<bool>, |path| {
        Some(path == "/versions")
    }] {
        let network = Network::default();
        let got = Odd { version: "2.1.1", takes, ..Odd::default() }.add_to(&network);
        let emsp = emsp(&network);
        let status = register(&emsp).expect("registered");
        let expected = PartnerProfile::strict().with_token_at(TokenScope::Versions, TokenForm::Base64);
        assert_eq!((status.version, status.profile), (Some(Version::V2_1_1), expected.clone()));
        taken(&got);
        block_on(emsp.platform.send("hand", &List::<Tariff>::all())).expect("a list");
        block_on(emsp.platform.rotate("hand")).expect("rotated");
        assert_eq!(
            taken(&got),
            [
                "GET /cpo/2.1.1/tariffs plain",
                "GET /versions base64",
                "GET /2.1.1 plain",
                "PUT /2.1.1/credentials plain",
                "GET /2.1.1/credentials plain"
            ]
        );
        assert_eq!(emsp.partner("hand").profile, expected);
    }
}

/// A1: a partner of 2.3.0 that never learnt Base64 is asked in the wrong form once, and never again.
#[test]
fn a_plain_token_is_learned_for_good() {
    let network = Network::default();
    let got = Odd { takes: |_| Some(false), ..Odd::default() }.add_to(&network);
    let emsp = emsp(&network);
    register(&emsp).expect("registered");
    let wrong = |got: &Got| taken(got).iter().filter(|it| it.ends_with("base64")).count();
    assert_eq!(wrong(&got), 1);
    block_on(emsp.platform.send("hand", &List::<Tariff>::all())).expect("a list");
    block_on(emsp.platform.rotate("hand")).expect("rotated");
    block_on(emsp.platform.unregister("hand")).expect("gone");
    assert_eq!(wrong(&got), 0);
}

/// U7: the second URL of a module that 2.1.1 names twice is stored, and another platform on the store begins there.
#[test]
fn a_detour_is_stored_with_the_partner() {
    let network = Network::default();
    let module = Box::new(|request: &http::Request<Bytes>| {
        if request.method() == Method::PUT && request.uri().path().starts_with("/emsp/") {
            return respond(405, &[], "");
        }
        respond(200, &[], r#"{"status_code": 1000}"#)
    });
    let got = Odd { version: "2.1.1", module, ..Odd::default() }.add_to(&network);
    let emsp = emsp(&network);
    register(&emsp).expect("registered");
    taken(&got);
    let put = Put::of(driver());
    let push = |platform: &TestPlatform| block_on(platform.platform.send("hand", &put)).expect("stored");
    push(&emsp);
    push(&emsp);
    let again = PlatformSetup {
        store: Arc::clone(&emsp.store),
        versions: vec![Version::V2_1_1],
        ..PlatformSetup::emsp()
    }
    .open(&network);
    push(&again);
    let [wrong, right] = ["emsp", "cpo"].map(|side| format!("PUT /{side}/2.1.1/tokens/DE/EMP/04A2 plain"));
    assert_eq!(taken(&got), [wrong, right.clone(), right.clone(), right]);
    let known = again.partner("hand").profile;
    let url = known.url(Version::V2_1_1, &ModuleId::Tokens, &InterfaceRole::Receiver);
    assert_eq!(url.map(Url::as_str), Some("https://hand.example/cpo/2.1.1/tokens"));
    assert!(emsp.partner("hand").deviations.iter().any(|it| it.finding.rule.id() == "vers.second_url"));
    // Whoever sets the profile knows better.
    block_on(emsp.platform.set_profile("hand", &PartnerProfile::strict())).expect("it is a partner");
    push(&emsp);
    assert_eq!(taken(&got).len(), 2, "it is learned again");
}

/// The second URL of a module is no more used once the partner has moved: its new token is not for the old host.
#[test]
fn a_detour_ends_when_the_partner_moves() {
    for registers_again in [true, false] {
        let network = Network::default();
        let module = |request: &http::Request<Bytes>| {
            if request.method() == Method::PUT && request.uri().path().starts_with("/emsp/") {
                return respond(405, &[], "");
            }
            respond(200, &[], r#"{"status_code": 1000}"#)
        };
        Odd { version: "2.1.1", module: Box::new(module), ..Odd::default() }.add_to(&network);
        let emsp = emsp(&network);
        let allow = allow().host("moved.example");
        let register = || block_on(emsp.platform.register("hand", url(), token("token-a"), allow.clone()));
        register().expect("registered");
        let put = Put::of(driver());
        block_on(emsp.platform.send("hand", &put)).expect("stored");
        let moved = Odd { version: "2.1.1", modules_at: "moved.example", ..Odd::default() };
        let old = moved.add_to(&network);
        network.add_host("moved.example", move |request| module(&request));
        if registers_again {
            block_on(emsp.platform.forget("hand")).expect("forgotten");
            register().expect("registered");
        } else {
            block_on(emsp.platform.rotate("hand")).expect("rotated");
        }
        taken(&old);
        block_on(emsp.platform.send("hand", &put)).expect("stored");
        assert_eq!(taken(&old), [""; 0], "{registers_again}: the old host is asked");
        let known = emsp.partner("hand").profile;
        let learned = known.url(Version::V2_1_1, &ModuleId::Tokens, &InterfaceRole::Receiver);
        let there = "https://moved.example/cpo/2.1.1/tokens";
        assert_eq!(learned.map(Url::as_str), Some(there), "it is learned again");
    }
}

fn driver() -> Token {
    parse(
        r#"{"country_code": "DE", "party_id": "EMP", "uid": "04A2", "type": "RFID", "contract_id": "C1",
        "issuer": "EM", "valid": true, "whitelist": "ALLOWED", "last_updated": "2026-11-22T10:00:00Z"}"#,
    )
}

/// A9: the partner still has the registration that we gave up. The token of it is good for the PUT, at its origin only.
#[test]
fn a_registration_that_the_partner_still_has_is_taken_up_again() {
    for (versions, is_taken_up) in
        [(url(), true), ("https://elsewhere.example/versions".parse().expect("a URL"), false)]
    {
        let network = Network::default();
        Odd::default().add_to(&network);
        let emsp = emsp(&network);
        register(&emsp).expect("registered");
        network.add_host("hand.example", |_| failure(401, 2000));
        emsp.reach("hand").expect_err("locked out");
        assert!(emsp.partner("hand").is_suspect);

        let tokens: Arc<Mutex<Vec<String>>> = Arc::default();
        let seen = Arc::clone(&tokens);
        let credentials = Box::new(move |request: &http::Request<Bytes>| {
            let header = request.headers()["authorization"].to_str().expect("ASCII");
            seen.lock().expect("no panic").push(format!("{} {}", request.method(), decoded(header)));
            (request.method() == Method::POST).then(|| failure(405, 2000))
        });
        Odd { credentials, ..Odd::default() }.add_to(&network);
        let mirror = network.clone();
        // A host of another name with the same partner behind it.
        network.add_host("elsewhere.example", move |mut request| {
            let to = request.uri().to_string().replace("elsewhere.example", "hand.example");
            *request.uri_mut() = to.parse().expect("a URL");
            let answer = block_on(ocpi_client::Transport::send(&mirror, request)).expect("it is there");
            let body = String::from_utf8(answer.into_body().to_vec()).expect("text");
            respond(200, &[], &body.replace("hand.example", "elsewhere.example"))
        });
        let resumed = block_on(emsp.platform.resume_with("hand", versions, token("token-a2")));
        let sent = tokens.lock().expect("no panic").clone();
        if is_taken_up {
            assert_eq!(resumed.expect("taken up").state, PartnerState::Registered);
            assert_eq!(sent[..2], ["POST token-a2", "PUT token-c-1"]);
        } else {
            resumed.expect_err("there is no token for it");
            assert!(sent.iter().all(|it| !it.contains("token-c-1")), "{sent:?}");
        }
    }
}

/// U13: URLs with a slash at the end, for a partner that glues; already for the one that is only invited.
#[test]
fn an_invited_partner_may_have_a_profile() {
    let network = Network::default();
    let cpo = PlatformSetup::cpo().open(&network);
    let token_a = block_on(cpo.platform.invite("hand", allow())).expect("invited");
    let body = || {
        let request = http::Request::get(format!("{}/2.3.0", cpo.platform.base()))
            .header("authorization", token_a.to_header(true))
            .body(Bytes::new());
        let answer = block_on(cpo.router.call(request.expect("a request")));
        String::from_utf8(answer.body().to_vec()).expect("text")
    };
    let count = |body: &str| (body.matches("/tariffs\"").count(), body.matches("/tariffs/\"").count());
    assert_eq!(count(&body()), (2, 0));
    let profile = PartnerProfile::strict().with_url_slash();
    block_on(cpo.platform.set_profile("hand", &profile)).expect("it is invited");
    assert_eq!(count(&body()), (0, 2));
    // It registers, and keeps it.
    Odd::default().add_to(&network);
    let theirs = credentials_json("token-b", "hand.example", &[("EMSP", "BE", "HND")]);
    assert_eq!(cpo.exchange_credentials(Method::POST, &token_a, &theirs).1, 1000);
    assert_eq!(cpo.partner("hand").profile, profile);
}

/// C3: a partner that counts HTTP 200 alone as success.
#[test]
fn a_new_object_is_answered_with_200_where_that_is_wanted() {
    let (_network, cpo, emsp) = registered();
    let push = |id: &str| {
        let location: Location = parse(&location_json("NL/ALF", id, "10:00:00"));
        block_on(cpo.platform.send("emsp", &Put::of(location))).map(|answer| answer.value)
    };
    let outcome = |id: &str| push(id).expect("stored");
    assert_eq!(outcome("T1"), PushOutcome::Created);
    let profile = PartnerProfile::strict().counting_only_200();
    block_on(emsp.platform.set_profile("cpo", &profile)).expect("it is a partner");
    assert_eq!(outcome("T2"), PushOutcome::Updated, "HTTP 200");
}

/// Clients of one partner share its pace and what was learned of it.
#[test]
fn clients_of_a_partner_share_what_they_know() {
    let (_network, cpo, _emsp) = registered();
    let client = || block_on(cpo.platform.client("emsp")).expect("a partner");
    let slow = PartnerProfile::strict().with_rate(Rate::per_minute(2));
    block_on(cpo.platform.set_profile("emsp", &slow)).expect("it is a partner");
    let (first, second) = (client(), client());
    let at = std::time::Duration::from_secs;
    assert_eq!(first.pace().take(at(0), None), Some(at(0)));
    assert_eq!(second.pace().take(at(0), None), Some(at(0)));
    assert_eq!(first.pace().take(at(1), None), Some(at(59)), "the rate is that of both");
    let odd = respond(200, &[], r#"{"data": [], "status_code": 1000}"#);
    first.response::<List<Tariff>>(odd).expect("a list");
    assert!(!second.deviations().is_empty());
    assert_eq!(cpo.partner("emsp").deviations, second.deviations());
}

/// A11: the URL in the credentials is that of the platform, not of its versions. The list is asked for where it was found.
#[test]
fn a_url_of_credentials_that_is_a_base_is_learned() {
    let network = Network::default();
    let base = |request: &http::Request<Bytes>| {
        let is_write = request.method() != Method::GET;
        let number = request.body().len();
        is_write.then(|| {
            let data = credentials_json(&format!("token-c-{number}"), "hand.example", CPO);
            success(&data.replace("/ocpi/versions", ""))
        })
    };
    let got =
        Odd { credentials: Box::new(base), module: Box::new(|_| respond(404, &[], "")), ..Odd::default() }
            .add_to(&network);
    let emsp = emsp(&network);
    register(&emsp).expect("registered");
    let mut seen = Vec::new();
    for _ in 0..3 {
        taken(&got);
        block_on(emsp.platform.rotate("hand")).expect("rotated");
        let asked = taken(&got);
        seen.push(asked.first().map(|asked| asked.split(' ').nth(1).unwrap_or_default().to_owned()));
    }
    assert_eq!(seen, vec![Some("/versions".to_owned()); 3]);
}
