//! CDRs: received once, never changed, and had back by the URL that was given.

use bytes::Bytes;
use http::Method;
use ocpi_testkit::{Answer, cdr_json, parse, token};
use ocpi_types::v2_3_0::cdrs::Cdr;

use crate::site::{OTHER, Site, raw_request};

const CDRS: &str = "/receiver/cdrs";

fn location(answer: &Answer) -> String {
    let url = answer.header("location").expect("a URL");
    url.strip_prefix("https://emsp.example").expect("our own URL").to_owned()
}

#[test]
fn a_cdr_is_had_back_by_the_url_that_was_given() {
    let site = Site::emsp();
    for id in ["D1", "NL*ALF/2026#1", "50% off"] {
        let json = cdr_json("NL/ALF", id, "10:00:00");
        let path = location(&site.post(CDRS, &json).expect(201, 1000));
        let fetched: Cdr = site.ask(raw_request(Method::GET, &path, Bytes::new())).expect(200, 1000).object();
        assert_eq!(fetched, parse(&json));
    }
}

#[test]
fn the_same_cdr_again_is_answered_as_the_first_time() {
    let site = Site::emsp();
    let json = cdr_json("NL/ALF", "D1", "10:00:00");
    let first = site.post(CDRS, &json).expect(201, 1000);
    // The same in other words: another order of members, other blanks.
    let (head, tail) = json.split_once(r#""id": "D1", "#).expect("an id");
    let reordered = format!("{head}{}, \"id\": \"D1\"}}", tail.trim_end_matches('}'));
    for again in [json.clone(), reordered] {
        let again = site.post(CDRS, &again).expect(201, 1000);
        assert_eq!(location(&again), location(&first));
    }
    assert_eq!(pollster::block_on(site.objects.all::<Cdr>()).expect("a store").objects.len(), 1);
}

#[test]
fn another_cdr_of_the_same_id_is_2001_and_changes_nothing() {
    let site = Site::emsp();
    let json = cdr_json("NL/ALF", "D1", "10:00:00");
    let path = location(&site.post(CDRS, &json).expect(201, 1000));
    for changed in [
        json.replace("4.50", "4.51"),
        json.replace("10:00:00", "11:00:00"),
        json.replace(r#""id": "D1""#, r#""remark": "again", "id": "D1""#),
        json.replace(r#""id": "D1""#, r#""x_vendor": 1, "id": "D1""#),
    ] {
        assert_ne!(changed, json);
        let answer = site.post(CDRS, &changed).expect(200, 2001);
        assert_eq!(answer.header("location"), None);
    }
    let kept: Cdr = site.ask(raw_request(Method::GET, &path, Bytes::new())).expect(200, 1000).object();
    assert_eq!(kept, parse(&json));
    // The same id at another party is another CDR.
    site.post(CDRS, &cdr_json("NL/BET", "D1", "10:00:00")).expect(201, 1000);
}

#[test]
fn the_url_of_a_cdr_is_good_for_its_owner_only() {
    let site = Site::emsp();
    let path = location(&site.post(CDRS, &cdr_json("NL/ALF", "D1", "10:00:00")).expect(201, 1000));
    let mut other = raw_request(Method::GET, &path, Bytes::new());
    let header = token(OTHER).to_header(true).parse().expect("a header");
    other.headers_mut().insert(http::header::AUTHORIZATION, header);
    let answer = site.ask(other).expect(404, 2000);
    assert_eq!(answer.data, None);
    site.get("/receiver/cdrs/NL/ALF/D2").expect(404, 2000);
    for method in [Method::PUT, Method::PATCH, Method::DELETE, Method::POST] {
        site.ask(raw_request(method, &path, Bytes::new())).expect(405, 2000);
    }
}
