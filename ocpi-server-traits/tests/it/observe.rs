//! An operator learns of every refusal, and of the cause of every failure, which partners are not told.

pub(crate) mod heard;
mod places;

use std::sync::Arc;

use bytes::Bytes;
use http::Method;
use ocpi_server_traits::storage::{Address, NewDocument, Rejected, StoreExt};
use ocpi_server_traits::{Memory, Objects, Partner, Router};
use ocpi_testkit::{
    KnownPartners, fixed_clock, location_json, parse, partner_id, party, session_json, tariff_json, time,
    token_json,
};
use ocpi_types::convert::Relation;
use ocpi_types::endpoint::RootResource;
use ocpi_types::observe::Observer;
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::{Role, Version};
use pollster::block_on;

use crate::router::{endless, serve_with};
use crate::site::{CPO, NEWCOMER, builder, everything, partners, raw_request, request};
use heard::{Heard, Log, log};

const TARIFF: &str = "/receiver/tariffs/NL/ALF/T1";

/// An eMSP that takes everything, and what its observer hears.
fn emsp() -> (Router, Arc<Objects<Memory>>, Log) {
    let (log, observer) = log();
    let objects = Arc::new(Objects::new(Memory::new(), vec![party("DE/EMP")]));
    let router = builder()
        .observe(observer)
        .with_body_limit(64 << 10)
        .version(Version::V2_3_0, |routes| everything(&objects, routes))
        .build(partners())
        .expect("a router");
    (router, objects, log)
}

fn ask(router: &Router, request: http::Request<Bytes>) -> u16 {
    block_on(router.call(request)).status().as_u16()
}

fn with(mut request: http::Request<Bytes>, name: &'static str, value: &str) -> http::Request<Bytes> {
    request.headers_mut().insert(name, value.parse().expect("a header"));
    request
}

#[test]
fn a_request_is_heard_of_with_all_that_is_known_of_it() {
    let (router, _, log) = emsp();
    let put =
        with(request(Method::PUT, TARIFF, &tariff_json("NL/ALF", "T1", "10:00:00")), "x-request-id", "r-1");
    assert_eq!(ask(&router, with(put, "x-correlation-id", "c-1")), 201);
    let heard = log.take();
    assert_eq!(
        heard.iter().map(|heard| &*heard.kind).collect::<Vec<_>>(),
        ["RequestReceived", "ResponseSent"]
    );
    for heard in heard {
        assert_eq!(heard.partner.as_deref(), Some("cpo"));
        assert_eq!(heard.endpoint.as_deref(), Some("Put<Tariff>"));
        assert_eq!(
            heard.template.as_deref(),
            Some("/receiver/tariffs/{country_code}/{party_id}/{tariff_id}")
        );
        assert_eq!((heard.version, heard.method.as_deref()), (Some(Version::V2_3_0), Some("PUT")));
        assert_eq!(heard.ids, (Some("r-1".to_owned()), Some("c-1".to_owned())));
        if heard.kind == "ResponseSent" {
            assert_eq!(heard.status, Some((201, 1000)));
        }
    }
    ask(&router, raw_request(Method::GET, "/ocpi/versions", Bytes::new()));
    assert_eq!(log.take()[1].template.as_deref(), Some("/versions"));
    ask(&router, raw_request(Method::GET, "/ocpi/2.3.0", Bytes::new()));
    assert_eq!(log.take()[1].endpoint.as_deref(), Some("GetVersionDetails"));
}

/// Refusals, before the body and after: status, cause, and what is known of the request.
#[test]
fn every_refusal_is_heard_of_with_its_cause() {
    let put = |body: &str| request(Method::PUT, TARIFF, body);
    let whole = tariff_json("NL/ALF", "T1", "10:00:00");
    let too_long = format!("{whole}{}", " ".repeat(64 << 10));
    let mut without_token = put("");
    without_token.headers_mut().clear();
    let newcomer = ocpi_testkit::token(NEWCOMER).to_header(true);
    for (request, status, partner, endpoint, cause) in [
        (without_token, (401, 2000), None, Some("Put<Tariff>"), "the header Authorization must be `Token …`"),
        (
            with(put(""), "authorization", "Token bm9ib2R5"),
            (401, 2000),
            None,
            Some("Put<Tariff>"),
            "the token is not known",
        ),
        (
            with(put(""), "authorization", &newcomer),
            (401, 2000),
            Some("newcomer"),
            Some("Put<Tariff>"),
            "register first: this token is for versions and credentials only",
        ),
        (request(Method::GET, "/nowhere", ""), (404, 2000), Some("cpo"), None, "no such URL"),
        (request(Method::POST, TARIFF, ""), (405, 2000), Some("cpo"), None, "this URL has other methods"),
        (
            with(put(""), "content-length", "99999999"),
            (413, 2000),
            Some("cpo"),
            Some("Put<Tariff>"),
            "the body is larger than this server reads",
        ),
        (
            put(&too_long),
            (413, 2000),
            Some("cpo"),
            Some("Put<Tariff>"),
            "the body is larger than this server reads",
        ),
        (
            put("{"),
            (400, 2001),
            Some("cpo"),
            Some("Put<Tariff>"),
            "body: line 1 column 2: the text ends too early [json.end]",
        ),
        (
            put("[]"),
            (200, 2001),
            Some("cpo"),
            Some("Put<Tariff>"),
            "body: line 1 column 1: a value of another type was expected [val.type]",
        ),
        (
            request(
                Method::PUT,
                "/receiver/tariffs/BE/OTH/T1",
                &whole.replace("NL", "BE").replace("ALF", "OTH"),
            ),
            (404, 2000),
            Some("cpo"),
            Some("Put<Tariff>"),
            "this partner does not speak for the owner in the URL",
        ),
        (
            request(Method::PUT, "/receiver/tariffs/NL/ALF/T2", &whole),
            (200, 2001),
            Some("cpo"),
            Some("Put<Tariff>"),
            "the ids in the URL and in the object differ",
        ),
        (
            request(Method::GET, TARIFF, ""),
            (404, 2000),
            Some("cpo"),
            Some("GetCopy<Tariff>"),
            "no such object",
        ),
    ] {
        let (router, _, log) = emsp();
        assert_eq!(ask(&router, request), status.0, "{cause}");
        let heard = log.take();
        let kinds: Vec<&str> =
            heard.iter().map(|heard| &*heard.kind).filter(|kind| *kind != "Found").collect();
        assert_eq!(kinds, ["RequestReceived", "Failed", "ResponseSent"], "{cause}");
        let failed = heard.iter().find(|heard| heard.kind == "Failed").expect("a failure");
        assert_eq!(failed.cause.as_deref(), Some(cause));
        assert_eq!((failed.status, heard[heard.len() - 1].status), (Some(status), Some(status)), "{cause}");
        assert_eq!((failed.partner.as_deref(), failed.endpoint.as_deref()), (partner, endpoint), "{cause}");
    }
}

#[test]
fn a_body_that_breaks_off_is_heard_of_with_the_error_of_the_connection() {
    let (router, _, log) = emsp();
    let broken_off = |place: usize| match place {
        0 => Some(Ok(Bytes::from_static(b"{"))),
        _ => Some(Err(std::io::Error::other("reset by the phone company"))),
    };
    serve_with(&router, request(Method::PUT, TARIFF, ""), broken_off).0.expect(400, 2001);
    let failed = log.failed();
    assert_eq!(failed.cause.as_deref(), Some("the body broke off: reset by the phone company"));
    serve_with(&router, request(Method::PUT, TARIFF, ""), endless).0.expect(413, 2000);
    assert_eq!(log.failed().status, Some((413, 2000)));
}

#[test]
fn a_request_that_nobody_waits_for_is_heard_of() {
    let (router, _, log) = emsp();
    let (parts, _) = request(Method::PUT, TARIFF, "").into_parts();
    drop(block_on(router.admit(&parts)).map_err(drop).expect("admitted"));
    assert_eq!(log.kinds(), ["RequestReceived", "Abandoned"]);
    // Before anything was awaited, there was no request.
    drop(router.admit(&parts));
    assert_eq!(log.kinds(), [""; 0]);
}

#[test]
fn findings_and_late_updates_are_heard_of() {
    let (router, _, log) = emsp();
    let at = |time: &str| tariff_json("NL/ALF", "T1", time);
    let quoted = at("10:00:00").replace("0.45", "\"0.45\"");
    assert_eq!(ask(&router, request(Method::PUT, TARIFF, &quoted)), 201);
    assert_eq!(log.kinds(), ["RequestReceived", "Found", "ResponseSent"]);
    let older = at("09:00:00").replace("0.45", "0.46");
    assert_eq!(ask(&router, request(Method::PUT, TARIFF, &older)), 200);
    let heard = log.take();
    assert_eq!((&*heard[1].kind, heard.len()), ("Late", 3));
    assert!(heard[1].debug.contains("Tariff") && heard[1].debug.contains("push.stale"), "{}", heard[1].debug);
    // The same one again is not late.
    assert_eq!(ask(&router, request(Method::PUT, TARIFF, &at("10:00:00"))), 200);
    assert_eq!(log.kinds(), ["RequestReceived", "ResponseSent"]);
}

/// Writes a text past the library.
fn write(objects: &Objects<Memory>, at: Address, body: &'static str, format: &'static str) {
    let document = NewDocument::new(body, format, time("10:00:00")).in_list("NL/ALF");
    let written = objects.store().update(vec![at.clone()], move |transaction| {
        Ok::<_, Rejected<()>>(transaction.put(&at, document.clone()).map(drop)?)
    });
    block_on(written).expect("a store");
}

/// The CPO NL/ALF with a Session and its Location, for a partner of 2.1.1 and 2.3.0.
fn cpo(observer: Observer) -> (Router, Arc<Objects<Memory>>) {
    let objects = Arc::new(Objects::new(Memory::new(), vec![party("NL/ALF")]));
    let session: Session = parse(&session_json("NL/ALF", "S1", "09:00:00"));
    let tariff: Tariff = parse(&tariff_json("NL/ALF", "T1", "09:00:00"));
    block_on(objects.put(&session.identity(), session)).expect("stored");
    block_on(objects.put(&tariff.identity(), tariff)).expect("stored");
    let emsp = party("DE/EMP");
    let relation = Relation::of(Role::Cpo, Some(party("NL/ALF")), Some(emsp.clone()));
    let partner = Partner::new(partner_id("emsp"), [emsp]).with_relation(relation);
    let mut builder = Router::builder("https://emsp.example/ocpi".parse().expect("a URL"), fixed_clock())
        .with_locations(Arc::clone(&objects))
        .observe(observer);
    for version in [Version::V2_1_1, Version::V2_3_0] {
        builder =
            builder.version(version, |routes| routes.sender::<Session>(&objects).sender::<Tariff>(&objects));
    }
    (builder.build(KnownPartners::default().with(CPO, partner)).expect("a router"), objects)
}

#[test]
fn a_broken_document_that_is_left_out_of_a_page_is_heard_of() {
    let (log, observer) = log();
    let (router, objects) = cpo(observer);
    let broken: Tariff = parse(&tariff_json("NL/ALF", "DRIVER", "10:00:00"));
    write(&objects, Address::of::<Tariff>(&broken.identity()), "{\"id\": ", "2.3.0");
    let page = request(Method::GET, "/sender/tariffs", "");
    assert_eq!(ask(&router, page), 200);
    assert_eq!(log.kinds_kept(), ["RequestReceived", "Degraded", "ResponseSent"]);
    let heard = log.take();
    let cause = heard[1].cause.as_deref().expect("a cause");
    assert!(cause.starts_with("a stored object is broken: ") && cause.contains("[json.end]"), "{cause}");
    assert!(heard[1].debug.contains("a Tariff of the page") && !heard[1].debug.contains("DRIVER"));
    assert_eq!(objects.left_out(), 1);
}

/// A Session of 2.1.1 needs its Location: that it could not be looked up is no "there is none".
#[test]
fn a_location_that_cannot_be_looked_up_is_heard_of() {
    let (log, observer) = log();
    let (router, objects) = cpo(observer);
    let location: Location = parse(&location_json("NL/ALF", "L1", "10:00:00"));
    write(&objects, Address::of::<Location>(&location.identity()), "[", "2.3.0");
    let page = raw_request(Method::GET, "/ocpi/2.1.1/sessions", Bytes::new());
    assert_eq!(ask(&router, page), 200);
    assert_eq!(log.kinds_kept(), ["RequestReceived", "Degraded", "Converted", "ResponseSent"]);
    let heard = log.take();
    let cause = heard[1].cause.as_deref().expect("a cause");
    assert!(cause.starts_with("a stored object is broken: "), "{cause}");
}

/// Canaries in every part of a request that may name a driver or hold a secret: none is in an event.
#[test]
fn no_event_holds_secrets_or_drivers() {
    let canary = "CANARY";
    let (router, _, log) = emsp();
    let token = token_json("NL/ALF", "CANARY1", "10:00:00").replace("\"valid\"", "\"CANARY2\": 1, \"valid\"");
    let session = session_json("NL/ALF", "CANARY3", "10:00:00");
    let mut sent = 0;
    let mut send = |request: http::Request<Bytes>| {
        sent += 1;
        ask(&router, request)
    };
    for (method, path, body) in [
        (Method::PUT, "/receiver/tokens/NL/ALF/CANARY1?type=CANARY", token.as_str()),
        (Method::PUT, "/receiver/tokens/NL/ALF/CANARY1", &token),
        (Method::PUT, "/receiver/tokens/NL/ALF/CANARY1", &token.replace("\"valid\"", "\"invalid\"")),
        (Method::PUT, "/receiver/tokens/NL/ALF/CANARY1", "CANARY"),
        (Method::PATCH, "/receiver/tokens/NL/ALF/CANARY1", r#"{"issuer": "CANARY"}"#),
        (Method::GET, "/receiver/tokens/NL/ALF/CANARY9", ""),
        (Method::PUT, "/receiver/sessions/NL/ALF/CANARY3", &session),
        (Method::PUT, "/receiver/sessions/NL/ALF/CANARY4", &session),
        (Method::GET, "/sender/tokens/CANARY1", ""),
        (Method::GET, "/CANARY/tokens/CANARY1", ""),
        (Method::POST, "/sender/tokens/CANARY1/authorize", "CANARY"),
    ] {
        send(request(method.clone(), path, body));
        send(with(request(method, path, body), "authorization", "Token CANARY"));
    }
    let heard = log.take();
    assert!(heard.iter().filter(|heard| heard.kind == "RequestReceived").count() == sent && sent == 22);
    let own = ocpi_testkit::token(CPO).to_header(true);
    for Heard { debug, cause, .. } in heard {
        for secret in [canary, CPO, own.trim_start_matches("Token ")] {
            assert!(!debug.contains(secret), "{debug}");
            assert!(!cause.as_deref().unwrap_or_default().contains(secret), "{cause:?}");
        }
    }
}
