//! Rules that CDRs are held to: drivers of others, credits.

use std::sync::{Arc, Mutex};

use http::{HeaderValue, Method, header};
use ocpi_server_traits::{CdrRules, Memory, Objects};
use ocpi_testkit::{cdr_json, location_json, party, session_json, tariff_json};
use ocpi_types::Version;
use ocpi_types::observe::{Event, EventKind, Observer, from_fn};
use ocpi_types::v2_3_0::cdrs::Cdr;

use crate::site::{Site, builder, everything, partners, request};

const CDRS: &str = "/receiver/cdrs";
const SESSION: &str = "/receiver/sessions/NL/ALF/S1";

/// A site whose observer notes what is odd.
fn site(rules: CdrRules) -> (Site, Arc<Mutex<Vec<String>>>) {
    let told: Arc<Mutex<Vec<String>>> = Arc::default();
    let notes = Arc::clone(&told);
    let observer = Observer::new(from_fn(move |event: &Event<'_>| {
        if let EventKind::Odd(odd) = &event.kind {
            notes.lock().expect("no panic").push(format!("{} {}", odd.object, odd.rule));
        }
    }));
    let objects = Arc::new(Objects::new(Memory::new(), vec![party("DE/EMP")]).with_cdr_rules(rules));
    let router = builder()
        .observe(observer)
        .version(Version::V2_3_0, |routes| everything(&objects, routes))
        .build(partners());
    (Site { router: router.expect("a router"), objects }, told)
}

fn credit(id: &str, of: &str) -> String {
    let marks = format!(r#""credit": true, "credit_reference_id": "{of}", "currency""#);
    cdr_json("NL/ALF", id, "11:00:00").replace(r#""currency""#, &marks).replace("4.50", "-4.50")
}

fn of_another_emsp(object: &str) -> String {
    object.replace(r#""party_id": "EMP""#, r#""party_id": "XXX""#)
}

/// F33: a CDR is credited once, and by the CPO that wrote it.
#[test]
fn a_cdr_is_credited_once() {
    let (site, told) = site(CdrRules::strict());
    let post = |cdr: &str| site.post(CDRS, cdr);
    post(&credit("C1", "D1")).expect(200, 2001);
    post(&cdr_json("NL/ALF", "D1", "10:00:00")).expect(201, 1000);
    post(&cdr_json("NL/BET", "D2", "10:00:00")).expect(201, 1000);
    post(&credit("C2", "D2")).expect(200, 2001);
    post(&credit("C1", "D1")).expect(201, 1000);
    post(&credit("C1", "D1")).expect(201, 1000);
    // Ids are the same whatever their case.
    for second in [credit("C3", "D1"), credit("C3", "d1")] {
        post(&second).expect(200, 2001);
    }
    // What was refused left nothing behind.
    let kept = pollster::block_on(site.objects.all::<Cdr>()).expect("a store").objects;
    let mut ids: Vec<&str> = kept.iter().map(|cdr| cdr.id.as_str()).collect();
    ids.sort_unstable();
    assert_eq!(ids, ["C1", "D1", "D2"]);
    assert_eq!(*told.lock().expect("no panic"), [""; 0]);
}

/// F33: a driver's CDRs and Sessions are for the driver's eMSP.
#[test]
fn objects_of_other_drivers_are_refused() {
    let (site, _) = site(CdrRules::strict());
    site.post(CDRS, &of_another_emsp(&cdr_json("NL/ALF", "D1", "10:00:00"))).expect(200, 2001);
    site.put(SESSION, &of_another_emsp(&session_json("NL/ALF", "S1", "10:00:00"))).expect(200, 2001);
    site.get(SESSION).expect(404, 2000);
    site.put(SESSION, &session_json("NL/ALF", "S1", "10:00:00")).expect(201, 1000);
    assert_eq!(pollster::block_on(site.objects.all::<Cdr>()).expect("a store").objects.len(), 0);
}

/// Nor does a Session become one of another driver.
#[test]
fn a_session_is_not_given_to_the_driver_of_another() {
    const TOKEN: &str = r#"{"cdr_token": {"country_code": "DE", "party_id": "XXX", "uid": "K2", "type": "RFID",
        "contract_id": "C2"}, "last_updated": "2026-11-22T10:01:00Z"}"#;
    const KWH: &str = r#"{"kwh": 2, "last_updated": "2026-11-22T10:02:00Z"}"#;
    let patch = |site: &Site, body: &str| site.ask(request(Method::PATCH, SESSION, body));
    let (strict, _) = site(CdrRules::strict());
    strict.put(SESSION, &session_json("NL/ALF", "S1", "10:00:00")).expect(201, 1000);
    let before = strict.get(SESSION).expect(200, 1000).data;
    patch(&strict, TOKEN).expect(200, 2001);
    assert_eq!(strict.get(SESSION).expect(200, 1000).data, before);
    patch(&strict, KWH).expect(200, 1000);

    let (lenient, told) = site(CdrRules::lenient());
    let told = || std::mem::take(&mut *told.lock().expect("no panic"));
    lenient.put(SESSION, &session_json("NL/ALF", "S1", "10:00:00")).expect(201, 1000);
    patch(&lenient, &KWH.replace("10:02:00", "10:00:30")).expect(200, 1000);
    assert_eq!(told(), [""; 0]);
    patch(&lenient, TOKEN).expect(200, 1000);
    assert_eq!(told(), ["Session cdr.foreign_driver"]);
}

/// Whoever keeps CDRs for others takes them, and hears of it.
#[test]
fn lenient_rules_take_and_tell() {
    let (site, told) = site(CdrRules::lenient());
    let told = || std::mem::take(&mut *told.lock().expect("no panic"));
    site.post(CDRS, &of_another_emsp(&cdr_json("NL/ALF", "D1", "10:00:00"))).expect(201, 1000);
    assert_eq!(told(), ["CDR cdr.foreign_driver"]);
    site.put(SESSION, &of_another_emsp(&session_json("NL/ALF", "S1", "10:00:00"))).expect(201, 1000);
    assert_eq!(told(), ["Session cdr.foreign_driver"]);
    site.post(CDRS, &credit("C1", "D9")).expect(201, 1000);
    assert_eq!(told(), ["CDR cdr.unknown_credit"]);
    site.post(CDRS, &credit("C2", "D1")).expect(201, 1000);
    assert_eq!(told(), [""; 0]);
    site.post(CDRS, &credit("C3", "D1")).expect(201, 1000);
    assert_eq!(told(), ["CDR cdr.second_credit"]);
    // The same once more is no second one.
    site.post(CDRS, &credit("C3", "D1")).expect(201, 1000);
    assert_eq!(told(), [""; 0]);
}

/// A body that is packed is not read as if it were not.
#[test]
fn a_body_with_an_encoding_is_refused() {
    let site = Site::emsp();
    let tariff = "/receiver/tariffs/NL/ALF/T1";
    let put = |encoding: &str| {
        let mut put = request(Method::PUT, tariff, &tariff_json("NL/ALF", "T1", "10:00:00"));
        let encoding = HeaderValue::from_str(encoding).expect("a header");
        put.headers_mut().insert(header::CONTENT_ENCODING, encoding);
        site.ask(put)
    };
    for encoding in ["gzip", "br", "GZIP", "gzip, identity", "deflate"] {
        put(encoding).expect(415, 2001);
    }
    for encoding in ["identity", " Identity ", ""] {
        assert_eq!(put(encoding).code, 1000, "{encoding}");
    }
}

/// Answers that say who charged where are for nobody on the way.
#[test]
fn answers_about_drivers_are_not_stored() {
    let site = Site::emsp();
    let header = |answer: ocpi_testkit::Answer| answer.headers.get(header::CACHE_CONTROL).cloned();
    site.put(SESSION, &session_json("NL/ALF", "S1", "10:00:00")).expect(201, 1000);
    let token = "/receiver/tokens/NL/ALF/04A2";
    for path in [SESSION, token, "/sender/tokens", "/receiver/sessions/NL/ALF/S2", "/receiver/cdrs/NL/ALF/D1"]
    {
        assert_eq!(header(site.get(path)).expect("not to be stored"), "no-store", "{path}");
    }
    let location = "/receiver/locations/NL/ALF/L1";
    site.put(location, &location_json("NL/ALF", "L1", "10:00:00")).expect(201, 1000);
    assert_eq!(header(site.get(location)), None);
}
