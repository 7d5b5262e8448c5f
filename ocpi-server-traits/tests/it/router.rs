//! Rules that are the same for every endpoint: the caller, the target, and the form of the answer.

mod both_sides;
mod build;
mod layout;
mod limits;
mod methods;
mod recipients;
mod refusals;
mod revoked;

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Method, header};
use http_body::{Body, Frame};
use http_body_util::BodyExt;
use ocpi_server_traits::{Memory, Objects, Router};
use ocpi_types::endpoint::{Delete, GetCopy, List, Put};
use ocpi_types::v2_2_1::versions::VersionDetails;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::{InterfaceRole, ModuleId, Version, v2_2_1};
use tower_service::Service;

use crate::storage::{Fault, Faulty};
use ocpi_testkit::{Answer, location_json, party, tariff_json, token};

use crate::site::{CPO, NEWCOMER, Site, builder, partners, raw_request, request};

/// Every module, both ways, with the paths that some endpoint could have.
fn every_path() -> Vec<(ModuleId, InterfaceRole, String)> {
    let mut paths = Vec::new();
    for module in ModuleId::ALL {
        for role in InterfaceRole::ALL {
            let url = match module {
                ModuleId::Credentials => "/credentials".to_owned(),
                _ => format!("/{}/{module}", role.as_str().to_lowercase()),
            };
            for below in ["", "/A", "/A/B", "/NL/ALF/C", "/NL/ALF/C/D", "/NL/ALF/C/D/E", "/STOP_SESSION"] {
                paths.push((module.clone(), role.clone(), format!("{url}{below}")));
            }
        }
    }
    paths
}

fn details(site: &Site, version: &str) -> VersionDetails {
    site.ask(raw_request(Method::GET, &format!("/ocpi/{version}"), Bytes::new())).expect(200, 1000).object()
}

#[test]
fn version_details_name_exactly_what_is_mounted() {
    let site = Site::emsp();
    let details = details(&site, "2.3.0");
    assert_eq!(details.version.as_str(), "2.3.0");
    let advertised: Vec<_> = details
        .endpoints
        .iter()
        .map(|endpoint| (endpoint.identifier.clone(), endpoint.role.clone()))
        .collect();
    let (sender, receiver) = (InterfaceRole::Sender, InterfaceRole::Receiver);
    assert_eq!(
        advertised,
        [
            (ModuleId::Credentials, sender.clone()),
            (ModuleId::Tokens, receiver.clone()),
            (ModuleId::Locations, receiver.clone()),
            (ModuleId::Sessions, receiver.clone()),
            (ModuleId::Cdrs, receiver.clone()),
            (ModuleId::Tariffs, receiver.clone()),
            (ModuleId::Tokens, sender.clone()),
            (ModuleId::Locations, sender),
            (ModuleId::Commands, receiver),
        ]
    );
    for endpoint in &*details.endpoints {
        let path = endpoint.url.as_str().strip_prefix("https://emsp.example/ocpi/2.3.0").expect("our URL");
        let there = |(module, role, path): &(ModuleId, InterfaceRole, String)| {
            *module == endpoint.identifier
                && *role == endpoint.role
                && site.ask(request(Method::OPTIONS, path, "")).is(200, 1000)
        };
        assert!(every_path().iter().any(there), "{path} is advertised, but nothing is there");
    }
    for (module, role, path) in every_path() {
        if module != ModuleId::Credentials && !advertised.contains(&(module, role)) {
            site.ask(request(Method::GET, &path, "")).expect(404, 2000);
        }
    }
}

#[test]
fn the_list_of_versions_has_those_that_are_mounted_and_each_has_its_own_endpoints() {
    let objects = Arc::new(Objects::new(Memory::new(), vec![party("DE/EMP")]));
    let router = builder()
        .version(Version::V2_2_1, |routes| routes.on::<List<v2_2_1::locations::Location>, _>(&objects))
        .version(Version::V2_3_0, |routes| {
            routes
                .on::<GetCopy<Tariff>, _>(&objects)
                .on::<Put<Tariff>, _>(&objects)
                .on::<Delete<Tariff>, _>(&objects)
        })
        .build(partners())
        .expect("a router");
    assert_eq!(router.versions_url().as_str(), "https://emsp.example/ocpi/versions");
    let site = Site { router, objects };
    let list = site.ask(raw_request(Method::GET, "/ocpi/versions", Bytes::new())).expect(200, 1000);
    let versions: Vec<v2_2_1::versions::Version> = list.list();
    let shown: Vec<_> = versions.iter().map(|entry| (entry.version.as_str(), entry.url.as_str())).collect();
    assert_eq!(
        shown,
        [("2.2.1", "https://emsp.example/ocpi/2.2.1"), ("2.3.0", "https://emsp.example/ocpi/2.3.0")]
    );
    let urls = |version: &str| -> Vec<String> {
        details(&site, version).endpoints.iter().map(|endpoint| endpoint.url.as_str().to_owned()).collect()
    };
    assert_eq!(urls("2.2.1"), ["https://emsp.example/ocpi/2.2.1/sender/locations"]);
    assert_eq!(urls("2.3.0"), ["https://emsp.example/ocpi/2.3.0/receiver/tariffs"]);
    for (path, status) in [
        ("/ocpi/2.2.1/sender/locations", 200),
        ("/ocpi/2.3.0/sender/locations", 404),
        ("/ocpi/2.2.1/receiver/tariffs/NL/ALF/T1", 404),
        ("/ocpi/2.1.1", 404),
    ] {
        let answer = site.ask(raw_request(Method::GET, path, Bytes::new()));
        assert_eq!(answer.status, status, "{path}");
    }
}

fn with_authorization(value: &[u8]) -> http::Request<Bytes> {
    let mut request = request(Method::GET, "/sender/tokens", "");
    let value = header::HeaderValue::from_bytes(value).expect("a header");
    request.headers_mut().insert(header::AUTHORIZATION, value);
    request
}

#[test]
fn a_token_is_known_in_every_form_that_partners_send() {
    let site = Site::emsp();
    for header in [
        "Token example-token",
        "Token ZXhhbXBsZS10b2tlbg==",
        // `echo example-token | base64`, as in the specification's examples.
        "Token ZXhhbXBsZS10b2tlbgo=",
        "Token ZXhhbXBsZS10b2tlbg0K",
        "token ZXhhbXBsZS10b2tlbg==",
    ] {
        site.ask(with_authorization(header.as_bytes())).expect(200, 1000);
    }
}

#[test]
fn without_a_known_token_the_answer_is_401() {
    let site = Site::emsp();
    let mut nothing = request(Method::GET, "/sender/tokens", "");
    nothing.headers_mut().clear();
    site.ask(nothing).expect(401, 2000);
    for header in [
        "",
        "Token",
        "Token ",
        "example-token",
        "Bearer example-token",
        "Basic ZXhhbXBsZS10b2tlbg==",
        "Token example-toke",
        "Token example-token1",
        "Token Example-Token",
        "Token ZXhhbXBsZS10b2tlbg==x",
        "Token ZXhhbXBsZS10b2tl",
        // Base64 of Base64: decoded once, and not again.
        "Token WlhoaGJYQnNaUzEwYjJ0bGJnPT0=",
        "Token example-token, Token other-token",
    ] {
        site.ask(with_authorization(header.as_bytes())).expect(401, 2000);
    }
    site.ask(with_authorization(b"Token example-token\xff")).expect(401, 2000);
}

#[test]
fn a_stranger_learns_nothing_of_what_is_there() {
    let site = Site::emsp();
    for (method, path) in [
        (Method::GET, "/ocpi/versions"),
        (Method::GET, "/ocpi/2.3.0"),
        (Method::GET, "/ocpi/2.3.0/credentials"),
        (Method::PATCH, "/ocpi/2.3.0/credentials"),
        (Method::GET, "/ocpi/nowhere"),
        (Method::PUT, "/ocpi/2.3.0/receiver/locations/NL/ALF/L1"),
        (Method::GET, "/"),
    ] {
        let mut request = raw_request(method, path, Bytes::new());
        let unknown = "Token bm9ib2R5".parse().expect("a header");
        request.headers_mut().insert(header::AUTHORIZATION, unknown);
        site.ask(request).expect(401, 2000);
    }
}

#[test]
fn before_registration_a_token_opens_versions_and_credentials_only() {
    let site = Site::emsp();
    let ask = |method: Method, path: &str| {
        let mut request = raw_request(method, path, Bytes::new());
        let newcomer = token(NEWCOMER).to_header(true).parse().expect("a header");
        request.headers_mut().insert(header::AUTHORIZATION, newcomer);
        site.ask(request)
    };
    for path in ["/ocpi/versions", "/ocpi/2.3.0", "/ocpi/2.3.0/credentials"] {
        ask(Method::GET, path).expect(200, 1000);
    }
    let mut refused = 0;
    for (module, _, path) in every_path() {
        for method in [Method::GET, Method::PUT, Method::PATCH, Method::DELETE, Method::POST] {
            let answer = ask(method, &format!("/ocpi/2.3.0{path}"));
            if module != ModuleId::Credentials {
                assert!(matches!(answer.status, 401 | 404 | 405), "{path}: {answer:?}");
                refused += usize::from(answer.status == 401);
            }
        }
    }
    // Every endpoint of the site but GetCredentials was among them.
    assert!(refused >= 20, "only {refused} requests came as far as an endpoint");
}

#[test]
fn unknown_urls_are_404_and_other_methods_405() {
    let site = Site::emsp();
    for path in [
        "/",
        "/ocpi",
        "/ocpi/",
        "/ocpix/versions",
        "/ocpi/versions/2.3.0",
        "/ocpi/2.3.0/sender",
        "/ocpi/2.3.0/sender/credentials",
        "/ocpi/2.3.0/locations",
        "/ocpi/2.3.0/both/locations",
        "/ocpi/2.3.0/receiver/locations",
        "/ocpi/2.3.0/receiver/locations/NL/ALF",
        "/ocpi/2.3.0/receiver/locations/NL/ALF/L1/E1/C1/X",
        "/ocpi/2.3.0/receiver/tariffs/NL/ALF/T1/X",
        "/ocpi/2.3.0/receiver/commands",
        "/ocpi/2.3.0/receiver/commands/RESERVE_NOW",
        "/ocpi/2.3.0/credentials/x",
    ] {
        let answer = site.ask(raw_request(Method::GET, path, Bytes::new()));
        assert!(answer.is(404, 2000), "{path}: {answer:?}");
    }
    for (method, path) in [
        (Method::POST, "/ocpi/versions"),
        (Method::DELETE, "/ocpi/2.3.0"),
        (Method::PATCH, "/ocpi/2.3.0/credentials"),
        (Method::POST, "/ocpi/2.3.0/sender/tokens"),
        (Method::DELETE, "/ocpi/2.3.0/receiver/locations/NL/ALF/L1"),
        (Method::PATCH, "/ocpi/2.3.0/receiver/tariffs/NL/ALF/T1"),
        (Method::GET, "/ocpi/2.3.0/receiver/cdrs"),
        (Method::GET, "/ocpi/2.3.0/receiver/commands/STOP_SESSION"),
        (Method::TRACE, "/ocpi/2.3.0/sender/tokens"),
        (Method::HEAD, "/ocpi/2.3.0/receiver/commands/STOP_SESSION"),
    ] {
        let answer = pollster::block_on(site.router.call(raw_request(method.clone(), path, Bytes::new())));
        assert_eq!(answer.status(), 405, "{method} {path}");
        let allowed = answer.headers()[header::ALLOW].to_str().expect("ASCII");
        assert!(!allowed.contains(method.as_str()), "{method} {path}: {allowed}");
        if method != Method::HEAD {
            Answer::of(answer).expect(405, 2000);
        }
    }
}

/// Clients glue texts together: a slash too many in front of a part changes nothing, but an id is never empty.
#[test]
fn slashes_too_many_between_a_url_and_a_path_change_nothing() {
    let site = Site::emsp();
    let json = location_json("NL/ALF", "L1", "10:00:00");
    site.put("/receiver/locations//NL/ALF/L1", &json).expect(201, 1000);
    for path in ["//versions", "//2.3.0", "/2.3.0//sender/tokens", "/2.3.0/receiver//locations///NL/ALF/L1"] {
        site.ask(raw_request(Method::GET, &format!("/ocpi{path}"), Bytes::new())).expect(200, 1000);
    }
    for path in ["/NL//ALF/L1", "/NL/ALF//L1", "/NL/ALF/L1//E1", "/NL/ALF/L1//"] {
        site.get(&format!("/receiver/locations{path}")).expect(404, 2000);
    }
}

#[test]
fn a_slash_at_the_end_changes_nothing() {
    let site = Site::emsp();
    site.put("/receiver/locations/NL/ALF/L1/", &location_json("NL/ALF", "L1", "10:00:00")).expect(201, 1000);
    for path in [
        "/ocpi/versions",
        "/ocpi/2.3.0",
        "/ocpi/2.3.0/credentials",
        "/ocpi/2.3.0/sender/tokens",
        "/ocpi/2.3.0/receiver/locations/NL/ALF/L1",
        "/ocpi/2.3.0/receiver/locations/NL/ALF/L1/E1",
    ] {
        let with = site.ask(raw_request(Method::GET, &format!("{path}/"), Bytes::new())).expect(200, 1000);
        let without = site.ask(raw_request(Method::GET, path, Bytes::new())).expect(200, 1000);
        assert_eq!(with.data, without.data, "{path}");
        assert_eq!(with.headers, without.headers, "{path}");
    }
}

/// An id is decoded once, and is found under the spelling that it was stored with.
#[test]
fn ids_of_odd_characters_come_and_go_in_urls() {
    let site = Site::emsp();
    for (id, in_url) in [
        ("A/B", "A%2FB"),
        ("A%2FB", "A%252FB"),
        ("NL*ALF*1", "NL*ALF*1"),
        ("#1", "%231"),
        ("a b?c", "a%20b%3Fc"),
        ("...", "..."),
        ("..x", "%2E.x"),
        ("/", "%2f"),
        ("50%", "50%25"),
        ("+", "+"),
    ] {
        let json = tariff_json("NL/ALF", id, "10:00:00");
        let path = format!("/receiver/tariffs/NL/ALF/{in_url}");
        site.put(&path, &json).expect(201, 1000);
        let tariff: Tariff = site.get(&path).expect(200, 1000).object();
        assert_eq!(tariff.id.as_str(), id);
    }
    assert_eq!(pollster::block_on(site.objects.all::<Tariff>()).expect("a store").objects.len(), 10);
}

#[test]
fn a_path_that_climbs_is_refused() {
    let site = Site::emsp();
    let json = tariff_json("NL/ALF", "T1", "10:00:00");
    for id in [".", "..", "%2e", "%2E%2e", ".%2E", "", "%", "%4", "%zz", "%ff", "%c0%af"] {
        let path = format!("/receiver/tariffs/NL/ALF/{id}");
        let answer = site.put(&path, &json);
        assert!(answer.is(404, 2000), "{path}: {answer:?}");
        let answer = site.get(&format!("/receiver/tariffs/NL/ALF/{id}/T1"));
        assert!(answer.is(404, 2000), "{path}/T1: {answer:?}");
    }
    assert_eq!(pollster::block_on(site.objects.all::<Tariff>()).expect("a store").objects, []);
}

#[test]
fn ids_of_a_request_are_on_its_answer() {
    let site = Site::emsp();
    for (path, status) in [("/sender/tokens", 200), ("/nowhere", 404), ("/receiver/locations/NL/ALF/X", 404)]
    {
        for id in ["7f3a", "!~", &"x".repeat(128)] {
            let mut request = request(Method::GET, path, "");
            request.headers_mut().insert("X-Request-ID", id.parse().expect("a header"));
            request
                .headers_mut()
                .insert("X-Correlation-ID", format!("{}c", &id[1..]).parse().expect("a header"));
            let answer = site.ask(request);
            assert_eq!(answer.status, status);
            assert_eq!(answer.header("x-request-id"), Some(id));
            assert_eq!(answer.header("x-correlation-id"), Some(format!("{}c", &id[1..]).as_str()));
        }
    }
    let mut stranger = with_authorization(b"Token bm9ib2R5");
    stranger.headers_mut().insert("X-Request-ID", "7f3a".parse().expect("a header"));
    assert_eq!(site.ask(stranger).expect(401, 2000).header("x-request-id"), Some("7f3a"));
}

#[test]
fn what_is_no_id_is_not_repeated() {
    let site = Site::emsp();
    for id in ["", "a b", "a\tb", "é", &"x".repeat(129)] {
        let mut request = request(Method::GET, "/sender/tokens", "");
        let value = header::HeaderValue::from_bytes(id.as_bytes()).expect("a header");
        request.headers_mut().insert("X-Request-ID", value.clone());
        request.headers_mut().insert("X-Correlation-ID", value);
        let answer = site.ask(request).expect(200, 1000);
        assert_eq!(answer.header("x-request-id"), None, "{id:?}");
        assert_eq!(answer.header("x-correlation-id"), None, "{id:?}");
    }
    assert_eq!(site.get("/sender/tokens").header("x-request-id"), None);
}

fn routed(path: &str, from: &str, to: &str) -> http::Request<Bytes> {
    let (from, to) = (from.split_once('/').expect("a party"), to.split_once('/').expect("a party"));
    let mut request = request(Method::GET, path, "");
    for (name, value) in [
        ("OCPI-from-country-code", from.0),
        ("OCPI-from-party-id", from.1),
        ("OCPI-to-country-code", to.0),
        ("OCPI-to-party-id", to.1),
    ] {
        request.headers_mut().insert(name, value.parse().expect("a header"));
    }
    request
}

#[test]
fn an_answer_goes_back_to_who_asked() {
    let site = Site::emsp();
    for (path, status, code) in [("/sender/tokens", 200, 1000), ("/nowhere", 404, 2000)] {
        let answer = site.ask(routed(path, "NL/BET", "DE/EMP")).expect(status, code);
        assert_eq!(answer.header("ocpi-from-country-code"), Some("DE"));
        assert_eq!(answer.header("ocpi-from-party-id"), Some("EMP"));
        assert_eq!(answer.header("ocpi-to-country-code"), Some("NL"));
        assert_eq!(answer.header("ocpi-to-party-id"), Some("BET"));
    }
    assert_eq!(site.get("/sender/tokens").header("ocpi-to-party-id"), None);
}

#[test]
fn nobody_speaks_for_a_party_that_is_not_his() {
    let site = Site::emsp();
    for from in ["BE/OTH", "NL/OTH", "BE/ALF", "DE/EMP"] {
        site.ask(routed("/sender/tokens", from, "DE/EMP")).expect(200, 2001);
    }
    site.ask(routed("/sender/tokens", "nl/alf", "DE/EMP")).expect(200, 1000);
}

const TARIFF: &str = "/receiver/tariffs/NL/ALF/T1";

#[test]
fn bodies_are_limited() {
    let site = Site::emsp();
    let json = tariff_json("NL/ALF", "T1", "10:00:00");
    let limit = site.router.body_limit();
    assert_eq!(limit, 64 << 10);
    let padded = |size: usize| format!("{json}{}", " ".repeat(size - json.len()));
    site.put(TARIFF, &padded(limit + 1)).expect(413, 2000);
    site.get(TARIFF).expect(404, 2000);
    site.put(TARIFF, &padded(limit)).expect(201, 1000);
    // A body that is announced to be too large is not even begun.
    let mut announced = request(Method::PUT, TARIFF, &json);
    announced.headers_mut().insert(header::CONTENT_LENGTH, (limit + 1).into());
    site.ask(announced).expect(413, 2000);
}

/// A body in pieces, that counts how often it is asked for one.
struct Pieces {
    announced: u64,
    next: Box<dyn Fn(usize) -> Option<Result<Bytes, std::io::Error>> + Send>,
    asked: Arc<AtomicUsize>,
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let place = self.asked.fetch_add(1, Ordering::Relaxed);
        Poll::Ready((self.next)(place).map(|piece| piece.map(Frame::data)))
    }

    fn size_hint(&self) -> http_body::SizeHint {
        let mut hint = http_body::SizeHint::new();
        hint.set_lower(self.announced);
        hint
    }
}

/// Serves a request whose body comes in pieces; returns the answer, and the number of pieces that were asked for.
fn serve(
    site: &Site,
    request: http::Request<Bytes>,
    next: impl Fn(usize) -> Option<Result<Bytes, std::io::Error>> + Send + 'static,
) -> (Answer, usize) {
    serve_with(&site.router, request, next)
}

/// As [`serve`], by any router.
pub(crate) fn serve_with(
    router: &Router,
    request: http::Request<Bytes>,
    next: impl Fn(usize) -> Option<Result<Bytes, std::io::Error>> + Send + 'static,
) -> (Answer, usize) {
    let asked = Arc::new(AtomicUsize::new(0));
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    let announced = announced.map_or(0, |length| length.parse().expect("a number"));
    let body = Pieces { announced, next: Box::new(next), asked: Arc::clone(&asked) };
    let answer = pollster::block_on(async {
        let answer = Service::call(&mut router.clone(), request.map(|_| body)).await.expect("it cannot fail");
        let (parts, body) = answer.into_parts();
        http::Response::from_parts(parts, body.collect().await.expect("it is there").to_bytes())
    });
    (Answer::of(answer), asked.load(Ordering::Relaxed))
}

/// 4 KiB of blanks, and then again.
pub(crate) fn endless(_: usize) -> Option<Result<Bytes, std::io::Error>> {
    Some(Ok(Bytes::from_static(&[b' '; 4 << 10])))
}

/// The part over the limit is passed over, so that whoever is still sending sees the answer; but not for ever.
#[test]
fn the_service_stops_reading_soon_after_the_limit() {
    let site = Site::emsp();
    let (answer, asked) = serve(&site, request(Method::PUT, TARIFF, ""), endless);
    answer.expect(413, 2000);
    assert_eq!(asked, 34, "16 pieces of 4 KiB are the limit of 64 KiB");
    let mut announced = request(Method::PUT, TARIFF, "");
    announced.headers_mut().insert(header::CONTENT_LENGTH, (72 << 10).into());
    let eighteen = |place: usize| if place < 18 { endless(place) } else { None };
    let (answer, asked) = serve(&site, announced, eighteen);
    answer.expect(413, 2000);
    assert_eq!(asked, 19, "18 pieces and the end");
}

#[test]
fn the_service_reads_a_body_in_pieces() {
    let site = Site::emsp();
    let json = tariff_json("NL/ALF", "T1", "10:00:00").into_bytes();
    let pieces = move |place: usize| json.chunks(7).nth(place).map(|piece| Ok(Bytes::copy_from_slice(piece)));
    serve(&site, request(Method::PUT, TARIFF, ""), pieces).0.expect(201, 1000);
    let broken_off = |place: usize| match place {
        0 => Some(Ok(Bytes::from_static(b"{"))),
        _ => Some(Err(std::io::ErrorKind::ConnectionReset.into())),
    };
    serve(&site, request(Method::PUT, TARIFF, ""), broken_off).0.expect(400, 2001);
}

#[test]
fn no_byte_of_a_body_is_read_for_nothing() {
    let site = Site::emsp();
    let with_token = |mut request: http::Request<Bytes>, value: &str| {
        request.headers_mut().insert(header::AUTHORIZATION, value.parse().expect("a header"));
        request
    };
    let put = || request(Method::PUT, TARIFF, "");
    let mut without_token = put();
    without_token.headers_mut().clear();
    let mut too_large = put();
    too_large.headers_mut().insert(header::CONTENT_LENGTH, (1_u64 << 40).into());
    for (request, status) in [
        (without_token, 401),
        (with_token(put(), "Token bm9ib2R5"), 401),
        (with_token(put(), &token(NEWCOMER).to_header(true)), 401),
        (request(Method::PUT, "/nowhere", ""), 404),
        (request(Method::POST, TARIFF, ""), 405),
        (routed(TARIFF, "BE/OTH", "DE/EMP"), 200),
        (too_large, 413),
    ] {
        let shown = format!("{} {}", request.method(), request.uri());
        let (answer, asked) = serve(&site, request, endless);
        assert_eq!((answer.status, asked), (status, 0), "{shown}");
        assert!(answer.code >= 2000, "{shown}");
    }
}

#[test]
fn what_is_no_json_is_400() {
    let site = Site::emsp();
    let whole = tariff_json("NL/ALF", "T1", "10:00:00");
    let deep = format!("{{\"x\":{}", "[".repeat(1000));
    for body in
        ["", " ", "{", "nul", "{\"id\": ", "{\"id\" \"T1\"}", "<html></html>", &deep, &format!("{whole}}}")]
    {
        site.put(TARIFF, body).expect(400, 2001);
    }
    let cut = &whole.as_bytes()[..whole.len() - 1];
    site.ask(request(Method::PUT, TARIFF, "").map(|_| Bytes::copy_from_slice(cut))).expect(400, 2001);
    site.ask(request(Method::PUT, TARIFF, "").map(|_| Bytes::from_static(b"{\"id\": \"\xff\"}")))
        .expect(400, 2001);
    site.get(TARIFF).expect(404, 2000);
}

#[test]
fn json_of_another_shape_is_2001() {
    let site = Site::emsp();
    let whole = tariff_json("NL/ALF", "T1", "10:00:00");
    let wrong = whole.replace("2026-11-22T10:00:00Z", "noon");
    for body in ["{}", "[]", "null", "1", "true", "\"T1\"", "[1]", &format!("[{whole},{whole}]"), &wrong] {
        let answer = site.put(TARIFF, body).expect(200, 2001);
        assert!(answer.message.is_some_and(|message| message.starts_with("body: ")), "{body}");
    }
    site.get(TARIFF).expect(404, 2000);
    // An object in brackets is one that partners do send.
    site.put(TARIFF, &format!("[{whole}]")).expect(201, 1000);
}

#[test]
fn a_failing_store_is_our_fault_and_our_secret() {
    let site = Site::on(Faulty::new(Fault::AlwaysFails));
    let tariff = tariff_json("NL/ALF", "T1", "10:00:00");
    for answer in [site.get(TARIFF), site.put(TARIFF, &tariff), site.get("/sender/tokens")] {
        let answer = answer.expect(200, 3000);
        assert_eq!(answer.message.as_deref(), Some("the storage failed"));
    }
}

#[test]
fn an_endpoint_without_an_object_is_answered_by_its_handler() {
    let site = Site::emsp();
    let stop = r#"{"response_url": "https://cpo.example/1", "session_id": "S1"}"#;
    let answer = site.post("/receiver/commands/STOP_SESSION", stop).expect(200, 1000);
    assert_eq!(answer.data.as_deref(), Some(r#"{"result":"ACCEPTED","timeout":30}"#));
    site.post("/receiver/commands/STOP_SESSION", r#"{"session_id": "S1"}"#).expect(200, 2001);
    site.post("/receiver/commands/stop_session", stop).expect(404, 2000);
}

#[test]
fn whoever_is_admitted_is_known() {
    let site = Site::emsp();
    let mut request = routed("/receiver/tariffs/NL/ALF/T1?type=x", "nl/bet", "DE/EMP");
    request.headers_mut().insert("X-Request-ID", "r-1".parse().expect("a header"));
    request.headers_mut().insert("X-Correlation-ID", "not an id".parse().expect("a header"));
    let (parts, ()) = request.map(drop).into_parts();
    let Ok(admitted) = pollster::block_on(site.router.admit(&parts)) else { panic!("the CPO may") };
    let caller = admitted.caller();
    assert_eq!(caller.partner.id, "cpo");
    assert_eq!(caller.version, Version::V2_3_0);
    assert_eq!(caller.from, Some(party("NL/BET")));
    assert_eq!(caller.to, Some(party("DE/EMP")));
    assert_eq!((caller.request_id.as_deref(), caller.correlation_id.as_deref()), (Some("r-1"), None));
    assert_eq!(caller.endpoint.as_str(), "https://emsp.example/ocpi/2.3.0/receiver/tariffs");
    assert!(caller.speaks_for(&party("nl/alf")) && !caller.speaks_for(&party("BE/OTH")));
}

#[test]
fn nothing_that_is_shown_of_a_router_holds_a_token() {
    let site = Site::emsp();
    let refused = site.ask(with_authorization(format!("Token {CPO}x").as_bytes())).expect(401, 2000);
    for shown in [format!("{:?}", site.router), format!("{refused:?}")] {
        assert!(!shown.contains(CPO), "{shown}");
    }
}

#[test]
fn a_platform_without_objects_of_a_kind_has_an_empty_list_of_them() {
    let site = Site::emsp();
    site.put("/receiver/locations/NL/ALF/L1", &location_json("NL/ALF", "L1", "10:00:00")).expect(201, 1000);
    let answer = site.get("/sender/locations").expect(200, 1000);
    assert_eq!(answer.data.as_deref(), Some("[]"), "the CPO's Locations are not the eMSP's to send");
    assert_eq!(answer.header("x-total-count"), Some("0"));
}

/// Roles decide which modules are open: HTTP 200 and 2000, before the body is read. Versions are open to all.
#[test]
fn a_module_that_is_not_open_to_a_role_is_refused() {
    use ocpi_server_traits::{Partner, Permissions};
    use ocpi_testkit::KnownPartners;
    use ocpi_types::Role;

    let partner = |id: &str| Partner::new(id.parse().expect("an id"), [party("NL/ALF")]);
    let by_role = |id: &str, role: Role, permissions: Permissions| {
        partner(id).with_permissions(Arc::new((vec![role], permissions)))
    };
    let open = Permissions::default().allow(ModuleId::Tariffs, InterfaceRole::Receiver);
    let directory = KnownPartners::default()
        .with("cpo", by_role("cpo", Role::Cpo, Permissions::default()))
        .with("nsp", by_role("nsp", Role::Nsp, Permissions::default()))
        .with("friend", by_role("friend", Role::Nsp, open))
        .with("waits", partner("waits").awaiting_approval())
        .with("anybody", partner("anybody"));
    let objects = Arc::new(Objects::new(Memory::new(), vec![party("DE/EMP")]));
    let router = builder()
        .version(Version::V2_3_0, |routes| routes.receiver::<Tariff>(&objects))
        .build(directory)
        .expect("a router");
    let ask = |token_text: &str, path: &str, body: String| {
        let method = if body.is_empty() { Method::GET } else { Method::PUT };
        let request = http::Request::builder().method(method).uri(format!("https://emsp.example/ocpi{path}"));
        let request = request.header(header::AUTHORIZATION, token(token_text).to_header(true));
        Answer::of(pollster::block_on(router.call(request.body(Bytes::from(body)).expect("a request"))))
    };
    let push = |token_text: &str| {
        ask(token_text, "/2.3.0/receiver/tariffs/NL/ALF/T1", tariff_json("NL/ALF", "T1", "10:00:00"))
    };
    for (token_text, status) in [("cpo", 201), ("friend", 200), ("anybody", 200)] {
        assert!(push(token_text).is(status, 1000), "{token_text}");
    }
    for token_text in ["nsp", "waits"] {
        assert!(push(token_text).is(200, 2000), "{token_text}");
        assert!(ask(token_text, "/versions", String::new()).is(200, 1000), "{token_text}");
    }
}
